"""What a refusal of the target stands for, as the packs say under `answers:`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mapping_engine import load_pack
from mapping_engine.runtime.refusals import Answer
from mapping_engine.values.value import Value

BOOKS = Path(__file__).parent / "packs" / "books"
FIRMS = Path(__file__).parents[2] / "rules" / "examples"
XERO = load_pack("xero", firm=FIRMS / "harbour-legal").mapper("invoice")
QUICKBOOKS = load_pack("quickbooks_online", firm=FIRMS / "bluff-street").mapper("invoice")


@pytest.fixture(scope="module")
def books() -> Any:
    return load_pack(BOOKS).mapper("contact")


@pytest.mark.parametrize(
    "refusal, expected",
    [
        ({"code": "6240", "message": "Duplicate Name Exists"}, "duplicate_name"),
        ({"code": 6240, "message": "a DUPLICATE of another"}, "duplicate_name"),
        # The words are asked for too, and nothing else fits.
        ({"code": "6240", "message": "something else"}, "target_refused"),
        ({"code": "6240"}, "target_refused"),
        ({"code": "429"}, "too_busy"),
        ({"message": "This is not allowed for you"}, "permission_denied"),
        ({}, "target_refused"),
        ({"code": None, "message": True}, "target_refused"),
    ],
)
def test_the_first_answer_that_fits_decides(
    books: Any, refusal: dict[str, Value], expected: str
) -> None:
    assert expected == books.answer(refusal).reason


def test_an_answer_says_why_what_to_do_and_whether_to_come_again(books: Any) -> None:
    because, do = "too many requests at once", "nothing; it is sent again later"
    found = books.answer({"code": "429", "message": "of Ms Osei"})
    assert Answer("too_busy", because, do, retry=True) == found
    assert f"{because}: {do}" == found.sentence
    assert not books.answer({"code": "6240", "message": "duplicate"}).retry


@pytest.mark.parametrize(
    "code, message, reason, retry",
    [
        ("6240", "Duplicate Name Exists Error", "duplicate_name", False),
        ("6140", "Duplicate Document Number Error", "duplicate_number", False),
        ("5010", "Stale Object Error", "changed_there", True),
        ("610", "Object Not Found", "gone_there", False),
        ("610", "made inactive", "inactive_there", False),
        ("2500", "Invalid Reference Id", "gone_there", False),
        ("6210", "Account Period Closed", "period_locked", False),
        ("6200", "Account Period Closed", "period_locked", False),
        ("429", "", "too_many_requests", True),
        ("3001", "ThrottleExceeded", "too_many_requests", True),
        ("2020", "Required param missing", "pack_and_target_differ", False),
        ("2010", "Unsupported property", "pack_and_target_differ", False),
        ("2170", "Invalid Enumeration", "pack_and_target_differ", False),
        ("6000", "A business validation error", "refused_by_books", False),
        ("6070", "Amount is not equal to UnitPrice * Qty", "refused_by_books", False),
        ("6540", "Deposited Transaction cannot be changed", "deposited_there", False),
        ("6190", "Invalid Company Status", "subscription_ended", False),
        ("120", "Authorization Failure", "permission_denied", False),
        ("500", "Internal error", "target_down", True),
        ("9999", "never heard of", "target_refused", False),
    ],
)
def test_refusals_of_quickbooks(code: str, message: str, reason: str, retry: bool) -> None:
    found = QUICKBOOKS.answer({"code": code, "message": message})
    assert (reason, retry) == (found.reason, found.retry)
    assert found.do


@pytest.mark.parametrize(
    "message, reason",
    [
        ("The contact name must be unique across all active contacts.", "duplicate_name"),
        ("Account Number already exists", "duplicate_number"),
        ("Invoice # must be unique.", "duplicate_number"),
        ("Account code '610' is not a valid code for this document.", "account_not_taken"),
        ("The TaxType code 'INPUT' cannot be used with account code '200'.", "tax_not_taken"),
        ("The TaxType code 'GST on Income' does not exist or cannot be used for this type of "
         "transaction", "tax_not_taken"),
        ("The line total 666.88 does not match the expected line total 666.93",
         "pack_and_target_differ"),
        ("The document date cannot be before the period lock date.", "period_locked"),
        ("Payment amount exceeds the amount outstanding on this document", "settled_there"),
        ("Credit Note cannot be allocated as amount is greater than amount outstanding",
         "settled_there"),
        ("Tax amount 52.23 is incorrect for INPUT2 tax type, should be 52.28", "tax_differs"),
        ("Account must be valid.", "account_not_taken"),
        ("This document cannot be edited as it has a payment or credit note allocated to it.",
         "closed_there"),
        ("Invoice not of valid status for modification", "closed_there"),
        ("The contact with the specified contact details has been archived.", "archived_there"),
        ("never heard of", "target_refused"),
    ],
)  # fmt: skip
def test_refusals_of_xero_are_told_by_their_words(message: str, reason: str) -> None:
    found = XERO.answer({"code": 10, "message": message})
    assert (reason, False) == (found.reason, found.retry)
    assert found.do


@pytest.mark.parametrize(
    "status, reason, retry",
    [("429", "too_many_requests", True), ("503", "target_down", True),
     ("401", "permission_denied", False), ("404", "gone_there", False)],
)  # fmt: skip
def test_refusals_of_xero_without_words(status: str, reason: str, retry: bool) -> None:
    found = XERO.answer({"code": status})
    assert (reason, retry) == (found.reason, found.retry)
