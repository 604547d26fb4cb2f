"""
The XML schemas of QuickBooks Online against what we say and what we send.

They are the vendor's and are not kept here: set `MAPPING_ENGINE_SPECS` to a folder whose
`quickbooks_online/` holds the XSD files of Intuit's SDK (intuit/QuickBooks-V3-PHP-SDK,
`src/XSD`). They know names, types and enumerations of everything, and lengths and demanded
members of nothing: those are in our own closed schemas.
"""

from __future__ import annotations

import os
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from target_judge import schema_of
from vendors.case_payloads import SomePayload, payloads_of_cases
from vendors.xsd import XsdJudge

SYSTEM = "quickbooks_online"
SCHEMAS = Path(__file__).parents[2] / "schemas" / "targets" / SYSTEM
OBJECTS = sorted(each.name.removesuffix(".schema.json") for each in SCHEMAS.glob("[A-Z]*.json"))


@cache
def judge() -> XsdJudge:
    folder = os.environ.get("MAPPING_ENGINE_SPECS")
    if not folder:
        pytest.skip("set MAPPING_ENGINE_SPECS to the folder with the vendors' descriptions")
    return XsdJudge(Path(folder) / SYSTEM)


@pytest.mark.parametrize("name", OBJECTS)
def test_our_schema_says_what_the_vendor_says(name: str) -> None:
    assert [] == judge().schema_faults(name, schema_of(SYSTEM, name))


PAYLOADS = list(payloads_of_cases(SYSTEM))


@pytest.mark.parametrize("sent", PAYLOADS, ids=str)
def test_a_payload_is_what_the_vendor_describes(sent: SomePayload) -> None:
    assert [] == judge().faults(sent.object, sent.payload)


def test_every_object_is_shown_by_some_case() -> None:
    assert set(OBJECTS) == {each.object for each in PAYLOADS}


def line(**changes: Any) -> dict[str, Any]:
    detail = {"ItemRef": {"value": "7"}, "TaxCodeRef": {"value": "NON"}}
    made = {"Amount": Decimal("10.50"), "DetailType": "SalesItemLineDetail"}
    return {**made, "SalesItemLineDetail": detail, **changes}


@pytest.mark.parametrize(
    "members, fault",
    [
        ({}, None),
        ({"TxnDate": "2026-07-01", "sparse": True, "domain": "QBO"}, None),
        ({"TxnDate": "01/07/2026"}, "Invoice.TxnDate: `01/07/2026` is no date"),
        ({"Txndate": "2026-07-01"}, "Invoice.Txndate: no such member"),
        ({"DocNumber": Decimal(7)}, "Invoice.DocNumber: not a text"),
        ({"CustomerRef": "7"}, "Invoice.CustomerRef: not an object"),
        ({"CustomerRef": {"id": "7"}}, "Invoice.CustomerRef.id: no such member"),
        ({"Line": line()}, "Invoice.Line: not a list"),
        ({"Line": [line(Amount="10.50")]}, "Invoice.Line[0].Amount: not an exact number"),
        (
            {"Line": [line(DetailType="DiscountLineDetail")]},
            "Invoice.Line[0].DiscountLineDetail: missing, though DetailType names it",
        ),
        (
            {"Line": [line(DiscountLineDetail={})]},
            "Invoice.Line[0]: `DiscountLineDetail` beside `SalesItemLineDetail`",
        ),
        (
            {"EmailStatus": "Posted"},
            "Invoice.EmailStatus: `Posted` is none of EmailSent, NeedToSend, NotSet",
        ),
    ],
)
def test_the_judge_finds(members: dict[str, Any], fault: str | None) -> None:
    payload = {"CustomerRef": {"value": "1"}, "Line": [line()], **members}
    assert ([] if fault is None else [fault]) == judge().faults("Invoice", payload)
