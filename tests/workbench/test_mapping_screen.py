"""
The mapping screen of QuickBooks Online as data: switches, account map, tax map, crucial accounts.

Each test changes one thing in the example firm of the United Kingdom, or of the United States.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

import pytest

from mapping_engine import Rejected, load_pack
from mapping_engine.source.pack_error import PackError
from mapping_engine.values.json import decode
from mapping_engine.workbench.checking import check

FIRMS = Path(__file__).parents[2] / "rules" / "examples"
CASES = Path(__file__).parents[2] / "rules" / "quickbooks_online" / "cases"
#: Turns texts of a firm's files into others: file, old, new.
Change: TypeAlias = tuple[str, str, str]
Firm: TypeAlias = Callable[..., Path]
FILE = "quickbooks_online.yaml"
CLEARING = '  bank_transfer_clearing: "90"\n'
EDITION = "  edition: UK\n"
UNTAXED = "VAT0,5,0\nEXEMPT,6,0\nnone,7,0\n"


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    """Return what copies an example firm, with changes."""

    def changed(name: str, *changes: Change) -> Path:
        folder = tmp_path / name
        shutil.copytree(FIRMS / name, folder, ignore=shutil.ignore_patterns("samples"))
        for file, old, new in changes:
            text = (folder / file).read_text("utf-8")
            assert old in text
            (folder / file).write_text(text.replace(old, new), "utf-8")
        return folder

    return changed


def told(folder: Path, today: date | None = None) -> dict[str, str]:
    """Return the messages of `validate` by code."""
    found = check(["quickbooks_online"], firm=folder, today=today).report
    return {each.code.number: each.message for each in found}


TRUST_ON = (
    FILE,
    "  supplier_invoices: on\n",
    "  supplier_invoices: on\n  trust_transactions: on\n",
)


@pytest.mark.parametrize("name", ["pemberton-lane", "bluff-street"])
def test_an_example_firm_has_nothing_to_be_told(name: str, firm: Firm) -> None:
    assert {} == told(firm(name))


def test_accounts_are_crucial_by_what_is_switched_on(firm: Firm) -> None:
    """Without trust no trust account is asked for; with it, and the account is named first."""
    message = told(firm("pemberton-lane", TRUST_ON))["M830"]
    why = "what is held for clients, against the trust bank"
    assert f"the firm names no account for `trust_liability` ({why})" == message


def test_saving_without_a_crucial_account_is_a_warning(firm: Firm) -> None:
    """Which `--strict` makes an error, as any warning."""
    folder = firm("bluff-street", (FILE, '  accounts_receivable: "84"\n', ""))
    found = check(["quickbooks_online"], firm=folder).report
    assert [("M830", "warning")] == [(each.code.number, each.code.severity) for each in found]


@pytest.mark.parametrize(
    "kind, change, named",
    [
        ("payment", (FILE, '  accounts_receivable: "84"\n', ""), "`accounts_receivable`"),
        ("payment", ("quickbooks_accounts.csv", "1200,35\n", ""), "`1200`"),
    ],
)
def test_a_record_that_needs_the_account_is_refused_by_its_name(
    kind: str, change: Change, named: str, firm: Firm
) -> None:
    mapper = load_pack("quickbooks_online", firm=firm("pemberton-lane", change)).mapper(kind)
    record = decode((CASES / "samples" / f"{kind}.json").read_text("utf-8"))
    outcome = mapper.map(record)
    assert isinstance(outcome, Rejected)
    found = [each for each in outcome.reasons if each.reason == "unmapped_account"]
    assert [True] == [named in each.diagnostic.message for each in found]


@pytest.mark.parametrize(
    "change, code, words",
    [
        # Both sides are listed with what is mapped nowhere.
        ((FILE, "  # ignore M833: no trust", "  #"), "M833", "6 accounts of practice"),
        ((FILE, "  # ignore M833: nothing of", "  #"), "M833", "4 accounts of the target"),
        # An account map is a list of pairs: several to one, never one to several.
        (("quickbooks_accounts.csv", "1200,35\n", "1200,35\n1200,36\n"), "M502", "1200"),
        (("quickbooks_accounts.csv", "1200,35\n", "1200,79\n"), "M560", "1200"),
        (("quickbooks_items.csv", "79,1\n", "79,9\n"), "M551", "9"),
        (("quickbooks_accounts.csv", "1200,35\n", "1200,abc\n"), "M507", "^[0-9]+$"),
        # So is the tax map, and it needs a code of nought.
        (("quickbooks_taxes.csv", "VAT20,3,20\n", "VAT20,3,20\nVAT20,4,20\n"), "M502", "VAT20"),
        (("quickbooks_taxes.csv", UNTAXED, "none,7,20\n"), "M834", "0"),
        # Both books are kept in one currency.
        (("firm.yaml", "currency: GBP", "currency: EUR"), "M561", "GBP"),
        # What is asked of the firm's settings before a record moves.
        ((FILE, EDITION, f"{EDITION}  general_retainers: configured\n"), "M640", "retainers"),
        ((FILE, EDITION, f"{EDITION}  plan: express\n"), "M621", "plan"),
        # The account of the bank transfers, which no switch asks for.
        ((FILE, CLEARING, ""), "M830", "bank_transfer_clearing"),
        ((FILE, CLEARING, CLEARING.replace("90", "91")), "M553", "91"),
    ],
)  # fmt: skip
def test_the_screen_tells(change: Change, code: str, words: str, firm: Firm) -> None:
    assert words in told(firm("pemberton-lane", change))[code]


def test_costs_that_are_billed_on_ask_for_supplier_invoices(firm: Firm) -> None:
    on = (FILE, "  edition: UK\n", "  edition: UK\n  costs_are_billed_on: true\n")
    off = (FILE, "  supplier_invoices: on\n", "  supplier_invoices: off\n")
    assert "suppliers' costs are billed on" in told(firm("pemberton-lane", on, off))["M840"]


def test_lists_of_the_target_grow_old(firm: Firm) -> None:
    dated = (FILE, "  items: quickbooks_item_list.csv\n",
             "  items: quickbooks_item_list.csv\n  taken_on: 2026-07-01\n")  # fmt: skip
    folder = firm("pemberton-lane", dated)
    assert "M835" not in told(folder, date(2026, 8, 1))
    assert "M835" in told(folder, date(2026, 12, 1))


def test_nothing_runs_until_the_maps_are_right(firm: Firm) -> None:
    with pytest.raises(PackError, match="M551"):
        load_pack(
            "quickbooks_online",
            firm=firm("pemberton-lane", ("quickbooks_items.csv", "79,1\n", "79,9\n")),
        )
