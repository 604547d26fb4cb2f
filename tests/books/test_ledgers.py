"""The ledgers that judge: what they book by the vendors' rules, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from books.firms import FIRMS, firm
from books.ledger import Ledger
from books.quickbooks_books import QuickBooksBooks
from books.records import Practice, sequence
from books.sending import Sending, differences
from books.vendor_books import VendorBooks, VendorRefusal
from books.xero_books import XeroBooks
from target_judge import judge_of

from mapping_engine.runtime.outcome import Payload

RECORD = {"id": "r-1"}


def given(object: str, body: dict[str, Any], operation: str = "create") -> Payload:
    return Payload(object, object, operation, {}, "", body)


def xero() -> XeroBooks:
    return XeroBooks(firm("kauri-law"))


def quickbooks() -> QuickBooksBooks:
    return QuickBooksBooks(firm("pemberton-lane"))


def xero_invoice(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    plain = {"Type": "ACCREC", "Status": "AUTHORISED", "LineAmountTypes": "Exclusive"}
    return {**plain, "LineItems": list(lines), **more}


def xero_line(amount: str, **more: Any) -> dict[str, Any]:
    return {"Quantity": 1, "UnitAmount": Decimal(amount), "LineAmount": Decimal(amount),
            "AccountCode": "200", "TaxType": "OUTPUT2", **more}  # fmt: skip


def test_xero_rounds_tax_line_by_line() -> None:
    books = xero()
    lines = [xero_line(each) for each in ("25.06", "25.61", "25.63")]
    books.take(RECORD, [given("Invoice", xero_invoice(*lines))])
    assert {"200": Decimal("-76.30"), "610": Decimal("87.74"), "820": Decimal("-11.44")} == (
        books.balances()
    )


def test_xero_takes_tax_out_of_prices_that_hold_it() -> None:
    books = xero()
    body = xero_invoice(xero_line("115.00"), LineAmountTypes="Inclusive")
    books.take(RECORD, [given("Invoice", body)])
    assert {"200": Decimal("-100.00"), "610": Decimal("115.00"), "820": Decimal("-15.00")} == (
        books.balances()
    )


def test_quickbooks_rounds_tax_line_by_line_unless_the_document_says_it() -> None:
    for told, tax in ({}, "5.02"), ({"TxnTaxDetail": {"TotalTax": Decimal("5.01")}}, "5.01"):
        books = quickbooks()
        code = next(each for each, rate in books.rates.items() if rate == 20)
        lines = [
            {"Amount": Decimal(each), "DetailType": "SalesItemLineDetail",
             "SalesItemLineDetail": {"ItemRef": {"value": next(iter(books.items))},
                                     "TaxCodeRef": {"value": code}}}
            for each in ("12.53", "12.53")
        ]  # fmt: skip
        body = {"CustomerRef": {"value": "1"}, "Line": lines, **told}
        books.take(RECORD, [given("Invoice", body)])
        assert -Decimal(tax) == books.balances()[books.tax]


def paid_too_much(books: VendorBooks) -> None:
    books.take(RECORD, [given("Invoice", xero_invoice(xero_line("10.00")))])
    id = books.link("Invoice", {"id": "r-1"})
    body = {"Invoice": {"InvoiceID": id}, "Account": {"Code": "090"}, "Amount": Decimal("11.51")}
    books.take(RECORD, [given("Payment", body)])


def paid_and_edited(books: VendorBooks) -> None:
    books.take(RECORD, [given("Invoice", xero_invoice(xero_line("10.00")))])
    id = books.link("Invoice", {"id": "r-1"})
    body = {"Invoice": {"InvoiceID": id}, "Account": {"Code": "090"}, "Amount": Decimal("1.00")}
    again = xero_invoice(xero_line("20.00"), InvoiceID=id)
    books.take(RECORD, [given("Payment", body), given("Invoice", again, "update")])


def taking(object: str, body: dict[str, Any]) -> Callable[[VendorBooks], object]:
    return lambda books: books.take(RECORD, [given(object, body)])


def spent(**more: Any) -> dict[str, Any]:
    line = xero_line("10.00", AccountCode="469", TaxType="INPUT2", **more)
    return {"Type": "SPEND", "Contact": {"ContactID": "1"}, "BankAccount": {"Code": "090"},
            "LineItems": [line]}  # fmt: skip


REFUSED: list[tuple[Callable[[], VendorBooks], Callable[[VendorBooks], object], str]] = [
    (xero, paid_too_much, "exceeds the amount outstanding"),
    (xero, paid_and_edited, "cannot be edited"),
    (xero, taking("Invoice", xero_invoice(xero_line("0.00"))), "account must be valid"),
    (xero, taking("Invoice", xero_invoice(xero_line("1.00", AccountCode="610"))), "not valid"),
    (xero, taking("Invoice", xero_invoice(xero_line("1.00", Quantity=2))), "line total"),
    (xero, taking("Invoice", xero_invoice(xero_line("1.00", TaxType="GST"))), "TaxType"),
    (xero, taking("BankTransaction", spent(TaxAmount=Decimal("1.49"))), "is incorrect"),
    (quickbooks, taking("JournalEntry", {"Line": [
        {"Amount": Decimal(1), "JournalEntryLineDetail": {"PostingType": "Debit",
                                                          "AccountRef": {"value": "35"}}}]}),
     "differ"),
    (quickbooks, taking("Payment", {"TotalAmt": Decimal(1), "Line": [
        {"Amount": Decimal(1), "LinkedTxn": [{"TxnId": "7", "TxnType": "Invoice"}]}]}),
     "not found"),
]  # fmt: skip


@pytest.mark.parametrize("made, doing, words", REFUSED)
def test_what_the_vendor_would_refuse_is_refused(made: Any, doing: Any, words: str) -> None:
    with pytest.raises(VendorRefusal, match=words):
        doing(made())


def test_nothing_is_booked_that_does_not_come_to_zero() -> None:
    with pytest.raises(AssertionError, match=r"out of balance by 0\.01"):
        Ledger().book("d", [("1", Decimal("1.00")), ("2", Decimal("-0.99"))])


@pytest.mark.parametrize("name", FIRMS)
def test_a_cent_that_is_lost_on_the_way_is_seen(name: str) -> None:
    sending, practice = Sending(firm(name)), Practice(firm(name), Random(name))
    sending.send_one({"entity": "invoice", **(practice.make("invoice") or {})})
    assert {} == differences(sending)
    id = str(sending.vendor.link("Invoice", {"id": "inv-1001"}))
    (account, amount), *rest = sending.vendor.documents[id]
    sending.vendor.documents[id] = [(account, amount + Decimal("0.01")), *rest]
    assert [account] == list(differences(sending))


@pytest.mark.parametrize("name", FIRMS)
def test_what_practices_hold_fits_the_canonical_model(name: str) -> None:
    for record in sequence(Practice(firm(name), Random(name), longest=50), 400):
        assert [] == judge_of("canonical", record["entity"]).faults(record), record
