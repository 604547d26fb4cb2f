"""Plain records to show something with: one line, one client, round amounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from books.firms import Firm
from books.people import clients, suppliers

__all__ = [
    "bank_transaction", "bank_transfer", "bill", "credit_note", "invoice", "journal", "payment",
    "supplier_credit", "supplier_payment", "trust",
]  # fmt: skip

Record = dict[str, Any]
_CLIENT, _SUPPLIER = clients()[0], suppliers()[0]


def _posted(firm: Firm, day: str) -> Record:
    return {"posted_at": f"{day}T10:00:00{firm.offset}"}


def _document(firm: Firm, amount: str, job: str, tax: str | None, kind: str) -> Record:
    """Return one line and its totals; `tax` is a code, None for the one outside the system."""
    net = Decimal(amount)
    taxed = (net * firm.rates[tax or "none"] / 100).quantize(Decimal("0.01"))
    line = {"line_id": "1", "kind": kind, "description": "Advice", "net_amount": net,
            "tax_code": {"code": tax or "none"}, "tax_amount": taxed,
            "account": {"code": firm.account(job)}}  # fmt: skip
    return {"currency": firm.currency, "amounts_are": "tax_exclusive", "lines": [line],
            "net_total": net, "tax_total": taxed, "gross_total": net + taxed}  # fmt: skip


def invoice(firm: Firm, number: int, amount: str, tax: str | None = None) -> Record:
    """Return an invoice of the first client."""
    return {
        "entity": "invoice", "id": f"inv-{number}", "number": f"INV-{number}",
        "contact": _CLIENT.ref(), "issued_on": "2026-07-01", "due_on": "2026-07-15",
        "status": "open", **_document(firm, amount, "income_fees", tax, "fee"),
        **_posted(firm, "2026-07-01"),
    }  # fmt: skip


def credit_note(
    firm: Firm, number: int, amount: str, applied: str, tax: str | None = None
) -> Record:
    """Return a credit note of the first client, applied in part to invoice 1."""
    document = _document(firm, amount, "income_fees", tax, "fee")
    part = {"invoice": {"id": "inv-1", "number": "INV-1"}, "amount": Decimal(applied),
            "applied_on": "2026-07-02"}  # fmt: skip
    return {
        "entity": "credit_note", "id": f"cn-{number}", "number": f"CN-{number}",
        "contact": _CLIENT.ref(), "issued_on": "2026-07-02", "status": "open", **document,
        "applications": [part], "remaining": document["gross_total"] - Decimal(applied),
        **_posted(firm, "2026-07-02"),
    }  # fmt: skip


def payment(firm: Firm, number: int, **parts: str) -> Record:
    """Return a payment of invoices: `inv_1="50.00"`."""
    allocations = [
        {"invoice": {"id": key.replace("_", "-"), "number": key.upper().replace("_", "-")},
         "amount": Decimal(each)} for key, each in parts.items()
    ]  # fmt: skip
    return {
        "entity": "payment", "id": f"pay-{number}", "number": f"R-{number}",
        "contact": _CLIENT.ref(), "received_on": "2026-07-05",
        "amount": sum((each["amount"] for each in allocations), Decimal(0)),
        "currency": firm.currency, "source": "client",
        "deposit_account": {"code": firm.account("bank_operating")},
        "allocations": allocations, **_posted(firm, "2026-07-05"),
    }  # fmt: skip


def bill(firm: Firm, number: int, amount: str, tax: str | None = None) -> Record:
    """Return a bill of the first supplier."""
    return {
        "entity": "supplier_bill", "id": f"bill-{number}", "number": f"S-{number}",
        "kind": "invoice", "supplier": _SUPPLIER.ref(), "issued_on": "2026-07-01",
        "due_on": "2026-07-31", "status": "open",
        **_document(firm, amount, "expense", tax, "expense"), **_posted(firm, "2026-07-01"),
    }  # fmt: skip


def supplier_credit(firm: Firm, number: int, amount: str, applied: str) -> Record:
    """Return a credit of the first supplier, applied to bill 1."""
    part = {"bill": {"id": "bill-1", "number": "S-1"}, "amount": Decimal(applied),
            "applied_on": "2026-07-02"}  # fmt: skip
    return {
        **bill(firm, number, amount), "entity": "supplier_credit", "id": f"sc-{number}",
        "number": f"SC-{number}", "applications": [part], **_posted(firm, "2026-07-02"),
    }  # fmt: skip


def supplier_payment(firm: Firm, number: int, amount: str, method: str = "eft") -> Record:
    """Return a payment of bill 1, by card from the card's account."""
    banks = firm.accounts["bank_operating"]
    return {
        "entity": "supplier_payment", "id": f"sp-{number}", "number": f"P-{number}",
        "supplier": _SUPPLIER.ref(), "paid_on": "2026-07-06", "amount": Decimal(amount),
        "currency": firm.currency, "method": method,
        "bank_account": {"code": banks[-1] if method == "card" else banks[0]},
        "allocations": [{"bill": {"id": "bill-1", "number": "S-1"}, "amount": Decimal(amount)}],
        **_posted(firm, "2026-07-06"),
    }  # fmt: skip


def trust(firm: Firm, number: int, kind: str, amount: str, **more: Any) -> Record:
    """Return a trust transaction of the first client's matter."""
    return {
        "entity": "trust_transaction", "id": f"tt-{number}", "kind": kind, "date": "2026-07-02",
        "amount": Decimal(amount), "trust_account": {"code": firm.account("bank_trust")},
        "matter": {"number": _CLIENT.matter}, "contact": _CLIENT.ref(),
        "reference": f"TR-{number}", **_posted(firm, "2026-07-02"), **more,
    }  # fmt: skip


def bank_transfer(firm: Firm, number: int, amount: str) -> Record:
    """Return a transfer from the first operating account to the second."""
    source, target, *_ = firm.accounts["bank_operating"]
    return {
        "entity": "bank_transfer", "id": f"bt-{number}", "from_account": {"code": source},
        "to_account": {"code": target}, "date": "2026-07-03", "amount": Decimal(amount),
        "currency": firm.currency, "involves_trust": False, **_posted(firm, "2026-07-03"),
    }  # fmt: skip


def bank_transaction(firm: Firm, number: int, direction: str, job: str, amount: str) -> Record:
    """Return a deposit or a withdrawal against the account of a job."""
    lines = _document(firm, amount, job, None, "other")["lines"]
    return {
        "entity": "bank_transaction", "id": f"bk-{number}", "direction": direction,
        "bank_account": {"code": firm.account("bank_operating")}, "date": "2026-07-03",
        "contact": _SUPPLIER.ref(), "lines": lines, "currency": firm.currency,
        "reference": f"B-{number}", **_posted(firm, "2026-07-03"),
    }  # fmt: skip


def journal(firm: Firm, number: int, amount: str) -> Record:
    """Return a journal between two expense accounts."""
    first, second, *_ = firm.accounts["expense"]
    return {
        "entity": "journal_entry", "id": f"j-{number}", "date": "2026-07-03",
        "narration": "Costs moved", "currency": firm.currency, "status": "posted",
        "lines": [{"account": {"code": first}, "net_amount": Decimal(amount)},
                  {"account": {"code": second}, "net_amount": -Decimal(amount)}],
    }  # fmt: skip
