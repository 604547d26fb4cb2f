"""
Write `rules/POSTINGS.md`: what every transaction does to the books, on both sides.

    python tests/books/postings.py

Nothing on the page is said here: one plain record of every kind is sent through the shipped pack
of a firm, and the ledgers of the tests say what the documents debit and credit.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from books import plain_records as plain
from books.firms import Firm, firm, rows
from books.ledger import Entries
from books.sending import Sending

from mapping_engine.runtime.outcome import Outcome, Rejected, Skipped

__all__ = ["PAGE", "page"]

PAGE = Path(__file__).parents[2] / "rules" / "POSTINGS.md"
_SHOWN = ("kauri-law", "bluff-street")
_CHARTS = {"xero": "xero_chart.csv", "quickbooks_online": "quickbooks_chart.csv"}
#: Kinds of some regions only, and the account that a firm there has.
_ONLY_WITH = {"statutory_deposit": "statutory_deposit", "advance": "trust_paid_by_firm"}
_TITLES = {"xero": "Xero", "quickbooks_online": "QuickBooks Online"}
_HEAD = """\
# What each transaction does to the books

Made by `make docs`; do not edit. For every kind of transaction: what practice management books,
which documents go to the accounting system, and what each of them books there. One plain record
of the kind was sent through the shipped pack, with an invented firm's accounts, and posted by
the ledgers of `tests/books`, which know the rules of both systems. Dr is a debit, Cr a credit.
A document that books nothing only ties others together, or takes back what was booked.
"""


@dataclass(frozen=True)
class Shown:
    """A transaction to show: its name, the record, and what must have been sent before it."""

    name: str
    record: dict[str, Any]
    before: tuple[dict[str, Any], ...] = ()


def page() -> str:
    """Return the text of the page."""
    return "\n".join([_HEAD, *(_section(firm(name)) for name in _SHOWN)])


def shown(given: Firm) -> Iterator[Shown]:
    """Yield the transactions of a firm, in the order of the page."""
    tax = given.sales_taxes[0]
    cost = next(iter(given.purchase_taxes), None)
    sale, bought = plain.invoice(given, 1, "100.00"), plain.bill(given, 1, "200.00")
    yield Shown("client bill", plain.invoice(given, 1, "100.00", tax))
    yield Shown("client bill, void after it was sent", {**sale, "status": "void"}, (sale,))
    yield Shown("credit note, applied to a bill",
                plain.credit_note(given, 1, "40.00", "40.00"), (sale,))  # fmt: skip
    yield Shown("payment of one bill", plain.payment(given, 1, inv_1="100.00"), (sale,))
    second = plain.invoice(given, 2, "50.00")
    yield Shown("payment of several bills",
                plain.payment(given, 1, inv_1="100.00", inv_2="20.00"), (sale, second))  # fmt: skip
    paid = plain.payment(given, 1, inv_1="100.00")
    yield Shown("payment, taken back", {**paid, "is_deleted": True}, (sale, paid))
    yield Shown("supplier bill", plain.bill(given, 1, "200.00", cost))
    yield Shown("supplier credit, applied to a bill",
                plain.supplier_credit(given, 1, "30.00", "30.00"), (bought,))  # fmt: skip
    yield Shown("supplier payment", plain.supplier_payment(given, 1, "200.00"), (bought,))
    yield Shown("supplier payment by card",
                plain.supplier_payment(given, 1, "200.00", "card"), (bought,))  # fmt: skip
    yield Shown("bank transfer", plain.bank_transfer(given, 1, "500.00"))
    yield Shown("deposit that is no client's payment",
                plain.bank_transaction(given, 1, "money_in", "capital", "75.00"))  # fmt: skip
    yield Shown("withdrawal that is no supplier's payment",
                plain.bank_transaction(given, 2, "money_out", "expense", "25.00"))  # fmt: skip
    yield Shown("general journal", plain.journal(given, 1, "60.00"))
    yield from _trust(given)


def _trust(given: Firm) -> Iterator[Shown]:
    """Yield the kinds of trust money."""
    bank = {"to_account": {"code": given.account("bank_operating")}}
    other = {"to_account": {"code": given.accounts["bank_trust"][1]}}
    received = plain.trust(given, 1, "receipt", "500.00")
    undone = {"reverses": {"id": "tt-1"}, "reversed_kind": "receipt"}
    sale = plain.invoice(given, 1, "100.00")
    bill = {"invoice": {"id": "inv-1", "number": "INV-1"}, **bank}
    yield Shown("trust receipt", received)
    kinds: dict[str, dict[str, Any]] = {
        "payment": {}, "interest": {}, "journal": {}, "statutory_deposit": {}, "advance": bank,
        "transfer_between_matters": {"to_matter": {"number": "M-1002"}},
        "transfer_between_banks": other, "transfer_to_operating": bank, "reconciliation": {},
    }  # fmt: skip
    for kind, more in kinds.items():
        if kind in _ONLY_WITH and _ONLY_WITH[kind] not in given.accounts:
            continue
        name = f"trust {kind.replace('_', ' ')}"
        yield Shown(name, plain.trust(given, 2, kind, "80.00", **more), (received,))
    paid = plain.trust(given, 2, "invoice_payment", "80.00", **bill)
    yield Shown("trust money pays a bill", paid, (received, sale))
    reversal = plain.trust(given, 2, "reversal", "500.00", **undone)
    yield Shown("trust reversal (of a receipt)", reversal, (received,))


def _section(given: Firm) -> str:
    ours, theirs = _names(given)
    lines = [
        f"## {_TITLES[given.pack]}, as `{given.name}` uses it", "",
        "| transaction | practice management | document | books there |", "|---|---|---|---|",
    ]  # fmt: skip
    for each in shown(given):
        sending = Sending(given)
        sending.send(each.before)
        start = len(sending.vendor.log)
        outcome = sending.send_one(each.record)
        booked = _said(sending.practice.entries(each.record), ours) or "nothing"
        documents = list(_documents(sending, start, theirs)) or [_left(outcome)]
        for place, (document, said) in enumerate(documents):
            first = f"{each.name} | {booked}" if place == 0 else " | "
            lines.append(f"| {first} | {document} | {said} |")
    return "\n".join([*lines, ""])


def _names(given: Firm) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names of the accounts of both sides, by code."""
    charts = ("practice_accounts.csv", _CHARTS[given.pack])
    ours, theirs = ({each["code"]: each["name"] for each in rows(given.folder / chart)}
                    for chart in charts)  # fmt: skip
    return ours, theirs


def _documents(sending: Sending, start: int, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    for payload, body, entries in sending.vendor.log[start:]:
        kind = body.get("Type") or body.get("PaymentType") or body.get("PayType")
        words = [f"`{payload.object}`", *([f"{kind}"] if kind else [])]
        if payload.operation in ("void", "delete"):
            words.append(f"({payload.operation})")
        yield " ".join(words), _said(entries, names) or "nothing"


def _left(outcome: Outcome) -> tuple[str, str]:
    """Return why nothing is sent."""
    match outcome:
        case Skipped(reason=reason, because=because):
            return "not sent", f"`{reason}`: {because}"
        case Rejected(reasons=(reason, *_)):
            return "refused", f"`{reason.reason}`: {reason.diagnostic.message}"
        case _:
            return "nothing", "nothing"


def _said(entries: Entries, names: dict[str, str]) -> str:
    """Return debits and credits in words, debits first; one account that is both stays both."""
    parts = [(name, amount) for name, amount in entries if amount]
    parts.sort(key=lambda each: each[1] < Decimal(0))
    return ", ".join(
        f"{'Dr' if amount > 0 else 'Cr'} {names[code]} {abs(amount):.2f}" for code, amount in parts
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
