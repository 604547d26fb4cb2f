"""What the Xero pack promises about a firm and about the way there, beyond its cases."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mapping_engine import Mapped, load_pack
from mapping_engine.runtime.opening import open_pack
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.json import decode
from mapping_engine.workbench.checking import check

PACK = Path(__file__).parents[2] / "rules" / "xero"
FIRM = PACK.parent / "examples" / "harbour-legal"
OWN = """extends: xero
firm: {id: one, name: One, region: NZ, currency: NZD, time_zone: Pacific/Auckland}
settings: {start_date: 2026-07-01, edition: NZ%s}
switches: {%s}
roles: {rounding: "860", bank_transfer_clearing: "%s"}
tables: {accounts: [{from: a, to: "200"}]}
"""
CHART = (
    "code,name,class,type,status\n200,Fees,REVENUE,REVENUE,ACTIVE\n860,Rounding,EXPENSE,,ACTIVE\n"
)


def codes_of(
    folder: Path, settings: str = "", switches: str = "", clearing: str = "200"
) -> set[str]:
    """Return the codes of what `validate` says about a firm with these settings."""
    text = OWN % (settings and f", {settings}", switches, clearing)
    (folder / "xero.yaml").write_text(text + "catalogue: {accounts: chart.csv}\n")
    (folder / "chart.csv").write_text(CHART)
    return {each.code.number for each in check([], firm=folder, today=date(2026, 8, 1)).report}


@pytest.mark.parametrize("settings, switches, expected", [
    ("", "", set()),
    ("accounting_method: cash", "", {"M640"}),
    ("general_retainers: in_use", "", {"M640"}),
    ("organisation: trial", "", {"M840"}),
    ("organisation: demo", "", set()),
    ("bank_feed: automatic", "", {"M840"}),
    ("bank_feed: automatic", "sales_invoices: off", set()),
    ("", "bank_transfers: on", {"M840"}),
    ("division: [Sydney, Melbourne]", "", {"M202"}),
])  # fmt: skip
def test_what_must_be_so_before_a_record_moves(
    tmp_path: Path, settings: str, switches: str, expected: set[str]
) -> None:
    told = codes_of(tmp_path, settings, switches) & {"M202", "M640", "M840"}
    assert expected == told


def test_the_warning_about_transfers_names_both_places_of_the_document(tmp_path: Path) -> None:
    codes_of(tmp_path, switches="bank_transfers: on")
    found = check([], firm=tmp_path, today=date(2026, 8, 1)).report
    (told,) = [each.message for each in found if each.code.number == "M840"]
    assert "overview lists" in told
    assert "table of transactions lists" in told


def test_the_clearing_account_may_be_an_income_account(tmp_path: Path) -> None:
    assert "M553" not in codes_of(tmp_path, switches="bank_transfers: on", clearing="200")
    assert "M553" in codes_of(tmp_path, switches="bank_transfers: on", clearing="860")


def test_nothing_of_xero_comes_back() -> None:
    pack = load_pack("xero", firm=FIRM)
    kinds = pack.opened.pack.mappings
    assert {"out"} == {each.direction for each in kinds.values()}
    for kind in kinds:
        with pytest.raises(LookupError, match="does not map"):
            pack.mapper(kind, direction="in")


@pytest.mark.parametrize("kind, payload", [
    ("invoice", "bill"), ("credit_note", "note"), ("payment", "payment"),
    ("supplier_bill", "bill"), ("supplier_payment", "payment"),
    ("bank_transaction", "money"), ("trust_transaction", "first"), ("bank_transfer", "leaves"),
])  # fmt: skip
def test_what_was_sent_is_locked(kind: str, payload: str) -> None:
    record = decode((PACK / "cases" / "samples" / f"{kind}.json").read_text("utf-8"))
    mapper = load_pack("xero", firm=FIRM).mapper(kind)
    change = mapper.write_back(record, {}, payload)
    assert isinstance(change, Mapped)
    assert [{"locked": True}] == [each.payload for each in change.payloads]


def test_the_page_of_the_pack_says_what_only_people_can_do() -> None:
    page = (PACK / "README.md").read_text("utf-8")
    opened = open_pack("xero", Report())
    assert opened is not None
    assert [] == [name for name in opened.pack.switches if f"`{name}`" not in page]
    said = " ".join(page.split())
    assert "by accrual or by cash is a setting of Xero" in said
    assert "never a trial" in said
    assert "lets a trial lapse" in said
