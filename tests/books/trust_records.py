"""
Make trust transactions: money that the firm holds for its clients, never overdrawn.

Balances are kept by trust account and matter; every record says the balance before and after.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from books.firms import Firm
from books.people import Contact

__all__ = ["TrustLedger"]

_OFTEN = {
    "receipt": 30, "payment": 14, "invoice_payment": 16, "interest": 5, "journal": 3,
    "transfer_between_matters": 5, "transfer_between_banks": 5, "advance": 6,
    "statutory_deposit": 5, "reversal": 5,
}  # fmt: skip
_REGIONAL = ("advance", "statutory_deposit")
_REVERSIBLE = ("receipt", "payment", "interest", "advance")


@dataclass
class TrustLedger:
    """What is held, by (trust account, matter), and what may be reversed."""

    firm: Firm
    random: Random
    balances: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    done: dict[str, dict[str, Any]] = field(default_factory=dict)

    def make(
        self, number: int, client: Contact, other: Contact, owed: Any
    ) -> dict[str, Any] | None:
        """Return the next transaction of a client; None where none fits.

        `other` is another client; `owed` an open invoice of the client, or None.
        """
        kinds = [each for each in _OFTEN if each not in _REGIONAL or each in self.firm.regional]
        kind = self.random.choices(kinds, [_OFTEN[each] for each in kinds])[0]
        accounts = self.firm.accounts["bank_trust"]
        account = self.random.choice(accounts)
        record = {
            "id": f"tt-{number}", "kind": kind, "amount": Decimal(0),
            "trust_account": {"code": account}, "matter": {"number": client.matter},
            "contact": client.ref(), "reference": f"TR-{number}",
            "description": f"Trust {kind.replace('_', ' ')}",
        }  # fmt: skip
        special: dict[str, Callable[[], dict[str, Any] | None]] = {
            "reversal": lambda: self._reversal(number),
            "transfer_between_matters": lambda: self._to_matter(record, other),
            "transfer_between_banks": lambda: self._to_bank(record, accounts),
            "invoice_payment": lambda: self._of_invoice(record, owed),
        }
        made = special[kind]() if kind in special else self._plain(record)
        if made is not None and kind in _REVERSIBLE:
            self.done[made["id"]] = made
        return made

    def held(self, record: dict[str, Any]) -> Decimal:
        """Return what is held for the matter of a record in its account."""
        return self.balances.get(_key(record), Decimal(0))

    def _amount(self, most: Decimal) -> Decimal:
        """Return an amount up to what is there; all of it now and then."""
        if self.random.random() < 0.1:
            return most
        return min(most, Decimal(self.random.randrange(1000, 500000)) / 100)

    def _moved(self, record: dict[str, Any], amount: Decimal) -> dict[str, Any] | None:
        """Return the record with its balances, after the money has moved; None if overdrawn."""
        before = self.held(record)
        if before + amount < 0 or amount == 0:
            return None
        self.balances[_key(record)] = before + amount
        return {**record, "amount": abs(amount), "balance_before": before,
                "balance_after": before + amount}  # fmt: skip

    def _plain(self, record: dict[str, Any]) -> dict[str, Any] | None:
        kind = record["kind"]
        if kind == "journal":
            return {**record, "amount": self._amount(Decimal(500))} if self.held(record) else None
        if kind == "advance":
            record["to_account"] = {"code": self.firm.account("bank_operating")}
        if kind in ("receipt", "interest", "advance"):
            return self._moved(record, self._amount(Decimal(40 if kind == "interest" else 9000)))
        return self._moved(record, -self._amount(self.held(record)))

    def _to_matter(self, record: dict[str, Any], other: Contact) -> dict[str, Any] | None:
        if other.matter == record["matter"]["number"]:
            return None
        made = self._moved({**record, "to_matter": {"number": other.matter}},
                           -self._amount(self.held(record)))  # fmt: skip
        if made is not None:
            self._add((record["trust_account"]["code"], other.matter), made["amount"])
        return made

    def _to_bank(self, record: dict[str, Any], accounts: tuple[str, ...]) -> dict[str, Any] | None:
        target = next(each for each in accounts if each != record["trust_account"]["code"])
        made = self._moved({**record, "to_account": {"code": target}},
                           -self._amount(self.held(record)))  # fmt: skip
        if made is not None:
            self._add((target, record["matter"]["number"]), made["amount"])
        return made

    def _of_invoice(self, record: dict[str, Any], owed: Any) -> dict[str, Any] | None:
        if owed is None:
            return None
        bill = {"id": owed.record["id"], "number": owed.record["number"]}
        bank = {"code": self.firm.account("bank_operating")}
        amount = min(owed.balance, self._amount(self.held(record)))
        made = self._moved({**record, "invoice": bill, "to_account": bank}, -amount)
        if made is not None:
            owed.balance -= amount
            owed.touched = True
        return made

    def _reversal(self, number: int) -> dict[str, Any] | None:
        if not self.done:
            return None
        done = self.done[self.random.choice(sorted(self.done))]
        kind = done["kind"]
        undone = {
            **done, "id": f"tt-{number}", "kind": "reversal", "reversed_kind": kind,
            "reverses": {"id": done["id"]}, "reference": f"TR-{number}",
            "description": "Trust reversal",
        }  # fmt: skip
        amount = done["amount"] if kind == "payment" else -done["amount"]
        made = self._moved(undone, amount)
        if made is not None:
            del self.done[done["id"]]
        return made

    def _add(self, key: tuple[str, str], amount: Decimal) -> None:
        self.balances[key] = self.balances.get(key, Decimal(0)) + amount


def _key(record: dict[str, Any]) -> tuple[str, str]:
    return record["trust_account"]["code"], record["matter"]["number"]
