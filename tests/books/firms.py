"""
The example firms as their practice system knows them: accounts by their job, tax codes, days.

Read from `practice_accounts.csv` and `practice_taxes.csv` of each firm's folder, so that the
records made for a firm, its books and its maps speak of the same accounts.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from shutil import copytree

__all__ = [
    "EXAMPLES", "FIRMS", "Firm", "firm", "rows", "with_locked_books", "with_trust_in_australia",
]  # fmt: skip

EXAMPLES = Path(__file__).parents[2] / "rules" / "examples"
#: Firm → its accounting system, currency, offset of its clocks in July, whether it sends trust
#: money, and whether its records may hold what only some regions know.
_FIRMS = {
    "harbour-legal": ("xero", "AUD", "+10:00", False, ("statutory_deposit",)),
    "kauri-law": ("xero", "NZD", "+12:00", True, ("advance",)),
    "pemberton-lane": ("quickbooks_online", "GBP", "+01:00", False, ()),
    "bluff-street": ("quickbooks_online", "USD", "-05:00", True, ()),
}
FIRMS = tuple(_FIRMS)


@dataclass(frozen=True, eq=False)
class Firm:
    """A firm: `accounts` are codes by job, `rates` percents by tax code; its files in `folder`."""

    name: str
    folder: Path
    pack: str
    currency: str
    offset: str
    trust: bool
    regional: tuple[str, ...]
    accounts: Mapping[str, tuple[str, ...]]
    rates: Mapping[str, Decimal]
    sales_taxes: tuple[str, ...]
    purchase_taxes: tuple[str, ...]

    def account(self, job: str) -> str:
        """Return the first account of a job."""
        return self.accounts[job][0]


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache
def firm(name: str) -> Firm:
    """Return a firm with its accounts and tax codes."""
    pack, currency, offset, trust, regional = _FIRMS[name]
    accounts: dict[str, list[str]] = {}
    for row in rows(EXAMPLES / name / "practice_accounts.csv"):
        accounts.setdefault(row["role"] or _JOBS[row["classification"]], []).append(row["code"])
    taxes = rows(EXAMPLES / name / "practice_taxes.csv")
    # A code for capital purchases is for the firm's own assets, not for bills passed on.
    of = {
        side: tuple(each["code"] for each in taxes if each["kind"] not in without)
        for side, without in {"sales": ("input", "out_of_scope"),
                              "purchases": ("output", "input", "out_of_scope")}.items()
    }  # fmt: skip
    return Firm(
        name, EXAMPLES / name, pack, currency, offset, trust, regional,
        {job: tuple(codes) for job, codes in accounts.items()},
        {each["code"]: Decimal(each["rate_percent"]) for each in taxes},
        of["sales"], of["purchases"],
    )  # fmt: skip


def with_trust_in_australia(folder: Path) -> Firm:
    """Return Harbour Legal as it would be if it sent trust money; its files go to `folder`."""
    given = _with(firm("harbour-legal"), folder, _TRUST_ON)
    for name, lines in _TRUST_ACCOUNTS.items():
        with (folder / name).open("a", encoding="utf-8") as sheet:
            sheet.write(lines)
    return replace(given, trust=True)


def with_locked_books(given: Firm, folder: Path, day: str) -> Firm:
    """Return a firm whose books are locked up to a day there; its files go to `folder`."""
    return _with(given, folder, {"settings": f"  lock_date: {day}\n"})


def _with(given: Firm, folder: Path, more: Mapping[str, str]) -> Firm:
    """Return a firm with more lines below some keys of its file."""
    copytree(given.folder, folder, ignore=lambda *_: ["samples"])
    file = folder / f"{given.pack}.yaml"
    text = file.read_text("utf-8")
    for key, lines in more.items():
        assert f"\n{key}:\n" in text
        text = text.replace(f"\n{key}:\n", f"\n{key}:\n{lines}", 1)
    file.write_text(text, "utf-8")
    return replace(given, folder=folder)


_TRUST_ON = {
    "switches": "  trust_transactions: on\n",
    "roles": "".join(f'  {job}: "{code}"\n' for job, code in {
        "accounts_receivable": 610, "bank_operating": "090", "trust_liability": 840,
        "trust_transfers": 841, "statutory_deposit": 631, "bank_transfer_clearing": 620,
    }.items()),
}  # fmt: skip
_TRUST_ACCOUNTS = {
    "xero_accounts.csv": "01200,095\n01210,096\n01260,631\n01900,620\n02100,840\n02110,841\n",
    "xero_chart.csv": (
        "095,Trust Account,ASSET,BANK,ACTIVE,yes\n"
        "096,Estates Trust Account,ASSET,BANK,ACTIVE,yes\n"
        "620,Bank Transfers,ASSET,CURRENT,ACTIVE,yes\n"
        "631,Statutory Deposit,ASSET,CURRENT,ACTIVE,yes\n"
        "840,Trust Money Held,LIABILITY,CURRLIAB,ACTIVE,yes\n"
        "841,Trust Transfers,LIABILITY,CURRLIAB,ACTIVE,yes\n"
    ),
}
#: The jobs of accounts that have no role in the model.
_JOBS = {"equity": "capital", "revenue": "interest"}
