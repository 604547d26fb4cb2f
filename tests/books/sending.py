"""
Send a firm's records to its accounting system, record by record, and keep both books.

A record that the pack maps is booked on both sides; one that it skips or refuses on neither.
What the accounting system would refuse is an error of the pack and raises.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from books.firms import Firm, rows, with_locked_books
from books.ledger import totals
from books.people import contacts
from books.practice_books import PracticeBooks
from books.quickbooks_books import QuickBooksBooks
from books.vendor_books import VendorBooks
from books.xero_books import XeroBooks

from mapping_engine import LoadedPack, load_pack
from mapping_engine.runtime.compose import UnsupportedMapper
from mapping_engine.runtime.outcome import Mapped, Outcome, Rejected, Skipped

__all__ = ["Sending", "differences", "loaded"]

_BOOKS: dict[str, type[Any]] = {"xero": XeroBooks, "quickbooks_online": QuickBooksBooks}
_OBJECTS = {"xero": ("Contact",), "quickbooks_online": ("Customer", "Vendor")}
_AS_OF = date(2027, 6, 30)
_MAPS = {"xero": "xero_accounts.csv", "quickbooks_online": "quickbooks_accounts.csv"}


@lru_cache
def loaded(firm: Firm) -> LoadedPack:
    """Return the pack of a firm's accounting system, as the firm uses it."""
    return load_pack(firm.pack, firm=firm.folder)


@dataclass
class Sending:
    """A firm, its books, and those of its accounting system."""

    firm: Firm
    practice: PracticeBooks = field(init=False)
    vendor: VendorBooks = field(init=False)
    #: (record kind, reason) of what was not sent.
    left: Counter[tuple[str, str]] = field(default_factory=Counter)
    mapped: Counter[str] = field(default_factory=Counter)
    #: By how much the tax of a record is computed otherwise there, as its totals declare.
    computed: dict[str, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.practice = PracticeBooks(self.firm)
        self.vendor = _BOOKS[self.firm.pack](self.firm)
        self.pack = loaded(self.firm)
        self._mappers: dict[str, Any] = {}
        for place, contact in enumerate(contacts(), start=1):
            for object in _OBJECTS[self.firm.pack]:
                self.vendor.links[object, "id", contact.id] = f"{100000 + place}"
                self.vendor.versions[f"{100000 + place}"] = 0

    def send(self, records: Iterable[dict[str, Any]]) -> None:
        """Send records one after the other."""
        for record in records:
            self.send_one(record)

    def send_one(self, record: dict[str, Any]) -> Outcome:
        """Send a record; return what became of it."""
        kind = record["entity"]
        outcome: Outcome = self._mapper(kind).map(record)
        match outcome:
            case Mapped(payloads=payloads, totals=found):
                self.vendor.take(record, payloads)
                self.practice.record(record)
                self.mapped[kind] += 1
                self.computed[record["id"]] = _computed_there(record, found)
            case Skipped(reason=reason):
                self.left[kind, reason] += 1
            case Rejected(reasons=reasons):
                self.left[kind, reasons[0].reason] += 1
        return outcome

    def lock(self, day: str, folder: Path) -> None:
        """Lock the books there up to a day, as the firm says from now on; its files in `folder`."""
        self.pack = loaded(with_locked_books(self.firm, folder, day))
        self._mappers = {}
        self.vendor.locked = day

    def _mapper(self, kind: str) -> Any:
        if kind not in self._mappers:
            unsupported = self.pack.opened.pack.unsupported.get(kind)
            self._mappers[kind] = (
                UnsupportedMapper(unsupported) if unsupported
                else self.pack.mapper(kind, as_of=_AS_OF, references=self.vendor)
            )  # fmt: skip
        return self._mappers[kind]

    @property
    def account_map(self) -> dict[str, str]:
        """Our account codes and theirs: the firm's map, and what the system books by itself."""
        mapped = rows(self.firm.folder / _MAPS[self.firm.pack])
        known = {each["from"]: each["to"] for each in mapped}
        return known | {self.firm.account(job): code for job, code in self.vendor.own.items()}

    def expected(self) -> dict[str, Decimal]:
        """Return the balances of the firm's books by the accounts of the accounting system.

        Tax that is computed otherwise there is moved, as declared, from tax to rounding.
        """
        computed = sum(self.computed.values(), Decimal(0))
        tax, rounding = self.firm.account("sales_tax"), self.firm.account("rounding")
        ours = [*self.practice.balances().items(), (tax, computed), (rounding, -computed)]
        to = self.account_map
        return totals((to[code], amount) for code, amount in ours)


def _computed_there(record: dict[str, Any], found: Any) -> Decimal:
    """Return what the totals of a record declare; sales are credits, purchases debits."""
    if record.get("status") == "void":
        return Decimal(0)
    sign = -1 if record["entity"] in ("credit_note", "supplier_bill") else 1
    sides = [each for (name, _), each in (found or {}).items() if name == "tax"]
    return sign * sum(
        (each.declared.get("computed_there", Decimal(0)) for each in sides), Decimal(0)
    )


def differences(sending: Sending) -> dict[str, tuple[Decimal, Decimal]]:
    """Return the accounts whose balances differ: (the practice's, the accounting system's)."""
    ours, theirs = sending.expected(), sending.vendor.balances()
    zero = Decimal(0)
    return {
        code: (ours.get(code, zero), theirs.get(code, zero))
        for code in sorted({*ours, *theirs})
        if ours.get(code, zero) != theirs.get(code, zero)
    }
