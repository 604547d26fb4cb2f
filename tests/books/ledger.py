"""
A small double-entry ledger: documents, each with what it debits and credits.

Amounts are debits above zero, credits below. A document that is booked again replaces what it
booked before; one that is struck leaves nothing. Nothing is booked that does not come to zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeAlias

__all__ = ["Entries", "Ledger", "opposite"]

Entries: TypeAlias = list[tuple[str, Decimal]]


class Ledger:
    """The books, by account."""

    def __init__(self) -> None:
        self.documents: dict[str, Entries] = {}

    def book(self, document: str, entries: Entries) -> None:
        """Book a document, in place of what it booked before."""
        difference = sum((amount for _, amount in entries), Decimal(0))
        assert difference == 0, f"{document} is out of balance by {difference}: {entries}"
        self.documents[document] = entries

    def strike(self, document: str) -> None:
        """Take a document out of the books."""
        self.documents[document] = []

    def balances(self) -> dict[str, Decimal]:
        """Return the balance of every account that has one."""
        return totals(entry for entries in self.documents.values() for entry in entries)


def totals(entries: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Return the sums by account that are not zero."""
    sums: dict[str, Decimal] = {}
    for account, amount in entries:
        sums[account] = sums.get(account, Decimal(0)) + amount
    return {account: amount for account, amount in sorted(sums.items()) if amount}


def opposite(entries: Entries) -> Entries:
    """Return debits for credits and credits for debits."""
    return [(account, -amount) for account, amount in entries]
