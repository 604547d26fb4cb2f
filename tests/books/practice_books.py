"""
The practice system's own ledger: what every record does to the books of the firm.

The books of `postings.md`'s table: sales and purchases, trust money against what is owed to
clients, transfers over the clearing account. What is no transaction (a draft, a purchase order,
a payment that a trust transaction has made) books nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from books.firms import Firm
from books.ledger import Entries, Ledger, opposite

__all__ = ["PracticeBooks"]

Record = Mapping[str, Any]
_GONE = ("void", "deleted", "draft", "awaiting_approval")


class PracticeBooks(Ledger):
    """The journal of one firm, in its own accounts."""

    def __init__(self, firm: Firm) -> None:
        super().__init__()
        self.firm = firm
        self._rules: dict[str, Callable[[Record], Entries]] = {
            "invoice": self.invoice, "credit_note": lambda r: opposite(self.invoice(r)),
            "payment": self.payment, "supplier_bill": self.bill,
            "supplier_credit": lambda r: opposite(self.bill(r)),
            "supplier_payment": self.supplier_payment, "trust_transaction": self.trust,
            "bank_transfer": self.bank_transfer, "bank_transaction": self.bank_transaction,
            "journal_entry": self.journal,
        }  # fmt: skip

    def record(self, record: Record) -> None:
        """Book a record, or again what has changed in it."""
        self.book(record["id"], self.entries(record))

    def entries(self, record: Record) -> Entries:
        """Return what a record debits and credits."""
        if record.get("is_deleted") or record.get("status") in _GONE:
            return []
        return self._rules[record["entity"]](record)

    def job(self, job: str) -> str:
        """Return the account of a job."""
        return self.firm.account(job)

    def invoice(self, record: Record) -> Entries:
        """Dr receivable; Cr the accounts of the lines, Cr tax. A cent that only the total has
        goes to rounding, a discount below the lines to discounts."""
        lines = [(each["account"]["code"], -each["net_amount"]) for each in record["lines"]]
        off = record.get("discount_amount", Decimal(0))
        cent = record["net_total"] + off + sum(amount for _, amount in lines)
        return [
            (self.job("accounts_receivable"), record["gross_total"]), *lines,
            (self.job("discount"), off), (self.job("rounding"), -cent),
            (self.job("sales_tax"), -record["tax_total"]),
        ]  # fmt: skip

    def payment(self, record: Record) -> Entries:
        """Dr bank; Cr receivable. What trust has paid the trust transaction books."""
        if record["source"] != "client":
            return []
        return [(record["deposit_account"]["code"], record["amount"]),
                (self.job("accounts_receivable"), -record["amount"])]  # fmt: skip

    def bill(self, record: Record) -> Entries:
        """Dr the accounts of the lines, Dr tax; Cr payable."""
        if record["kind"] != "invoice":
            return []
        lines = [(each["account"]["code"], each["net_amount"]) for each in record["lines"]]
        return [*lines, (self.job("sales_tax"), record["tax_total"]),
                (self.job("accounts_payable"), -record["gross_total"])]  # fmt: skip

    def supplier_payment(self, record: Record) -> Entries:
        """Dr payable; Cr bank or card."""
        return [(self.job("accounts_payable"), record["amount"]),
                (record["bank_account"]["code"], -record["amount"])]  # fmt: skip

    def bank_transfer(self, record: Record) -> Entries:
        """Dr clearing Cr from; Dr to Cr clearing."""
        return self._over("bank_transfer_clearing", record["from_account"]["code"],
                          record["to_account"]["code"], record["amount"])  # fmt: skip

    def bank_transaction(self, record: Record) -> Entries:
        """Money in: Dr bank, Cr the accounts of the lines and tax; out: the other way round."""
        if record.get("linked_payment") or record.get("linked_supplier_payment"):
            return []
        lines = [(each["account"]["code"], -each["net_amount"]) for each in record["lines"]]
        tax = sum((each["tax_amount"] for each in record["lines"]), Decimal(0))
        total = tax - sum(amount for _, amount in lines)
        entries = [(record["bank_account"]["code"], total), *lines, (self.job("sales_tax"), -tax)]
        return entries if record["direction"] == "money_in" else opposite(entries)

    def journal(self, record: Record) -> Entries:
        """Every line as it is."""
        return [(each["account"]["code"], each["net_amount"]) for each in record["lines"]]

    def trust(self, record: Record) -> Entries:
        """What a trust transaction of any kind does; a reversal the opposite of its original."""
        kind = record["kind"]
        if kind == "reversal":
            return opposite(self.trust({**record, "kind": record["reversed_kind"]}))
        amount, trust = record["amount"], record["trust_account"]["code"]
        held = self.job("trust_liability")
        receipt = [(trust, amount), (held, -amount)]
        match kind:
            case "receipt" | "interest":
                return receipt
            case "payment":
                return opposite(receipt)
            case "journal" | "transfer_between_matters":
                return self._over("trust_transfers", held, held, amount)
            case "transfer_between_banks":
                target = record["to_account"]["code"]
                return self._over("bank_transfer_clearing", trust, target, amount)
            case "invoice_payment":
                bank = record["to_account"]["code"]
                owed = self.job("accounts_receivable")
                return [*opposite(receipt), (bank, amount), (owed, -amount)]
            case "statutory_deposit":
                return [(self.job("statutory_deposit"), amount), (trust, -amount)]
            case "advance":
                bank = record["to_account"]["code"]
                return [(self.job("trust_paid_by_firm"), amount), (bank, -amount), *receipt]
            case _:
                return []

    def _over(self, job: str, source: str, target: str, amount: Decimal) -> Entries:
        """Return a movement in two steps over an account that ends at zero."""
        over = self.job(job)
        return [(over, amount), (source, -amount), (target, amount), (over, -amount)]
