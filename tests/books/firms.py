"""
The example firms as their practice system knows them: accounts by their job, tax codes, days.

Read from `practice_accounts.csv` and `practice_taxes.csv` of each firm's folder, so that the
records made for a firm, its books and its maps speak of the same accounts.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

__all__ = ["EXAMPLES", "FIRMS", "Firm", "firm", "rows"]

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
    """A firm: `accounts` are codes by job, `rates` percents by tax code."""

    name: str
    pack: str
    currency: str
    offset: str
    trust: bool
    regional: tuple[str, ...]
    accounts: Mapping[str, tuple[str, ...]]
    rates: Mapping[str, Decimal]
    sales_taxes: tuple[str, ...]
    purchase_taxes: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return EXAMPLES / self.name

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
        name, pack, currency, offset, trust, regional,
        {job: tuple(codes) for job, codes in accounts.items()},
        {each["code"]: Decimal(each["rate_percent"]) for each in taxes},
        of["sales"], of["purchases"],
    )  # fmt: skip


#: The jobs of accounts that have no role in the model.
_JOBS = {"equity": "capital", "revenue": "interest"}
