"""
Say which of the five classes an account is of, whatever its system calls the type.

Charts of accounts name a class (`Class` of Xero, `Classification` of QuickBooks) or only a
type. The words below are those of the charts we know; a word that is not among them says
nothing, and nothing is then asked of the account.
"""

from __future__ import annotations

__all__ = ["class_of", "holds_trust"]

_WORDS = {
    "asset": (
        "asset", "assets", "current asset", "other current asset", "fixed asset", "other asset",
        "non-current asset", "current", "fixed", "inventory", "noncurrent", "prepayment", "bank",
        "accounts receivable",
    ),
    "liability": (
        "liability", "liabilities", "current liability", "other current liability",
        "long term liability", "non-current liability", "currliab", "termliab", "payg",
        "accounts payable", "credit card",
    ),
    "equity": ("equity",),
    "revenue": ("revenue", "income", "sales", "other income", "otherincome"),
    "expense": (
        "expense", "expenses", "other expense", "cost of goods sold", "cost of sales",
        "directcosts", "overheads", "depreciatn",
    ),
}  # fmt: skip
_CLASSES = {word: name for name, words in _WORDS.items() for word in words}


def class_of(*said: str) -> str | None:
    """Return the class that the first known word means; class words come before type words."""
    known = (_CLASSES.get(each.strip().lower()) for each in said)
    return next((each for each in known if each is not None), None)


#: Jobs of accounts (`role` of the canonical account) that hold money of clients.
_TRUST = {"bank_trust", "trust_liability", "trust_transfers", "statutory_deposit"}
#: Those that hold the firm's own; what passes through `bank_transfer_clearing` may be either.
_OFFICE = {
    "accounts_receivable", "accounts_payable", "bank_operating", "income_fees",
    "income_disbursements", "disbursement_cost", "expense", "sales_tax", "trust_paid_by_firm",
    "write_off", "rounding", "discount",
}  # fmt: skip


def holds_trust(role: str) -> bool | None:
    """Whether an account with this job holds trust money; None when the job does not say."""
    return True if role in _TRUST else False if role in _OFFICE else None
