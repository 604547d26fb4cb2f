"""
What is sent to Xero is what Xero takes, as the vendor itself says: its published description,
and the models of its client library. Our own schemas of its objects may ask more, never less.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest
from vendors.case_payloads import SomePayload, payloads_of_cases, whole
from vendors.xero import DESCRIPTION, description, faults_by_description, faults_by_models

from mapping_engine import Mapped, load_pack
from mapping_engine.runtime.references import NoReferences
from mapping_engine.values.json import decode

SCHEMAS = Path(__file__).parents[2] / "schemas" / "targets" / "xero"
KINDS = ("contact", "invoice", "credit_note", "payment", "supplier_bill", "supplier_credit",
         "supplier_payment", "trust_transaction", "bank_transfer", "bank_transaction")  # fmt: skip
#: Schemas of ours, and what the vendor calls the same.
OBJECTS = [each.name.removesuffix(".schema.json") for each in sorted(SCHEMAS.glob("[A-Z]*.json"))]

described = pytest.mark.skipif(
    DESCRIPTION is None,
    reason="MAPPING_ENGINE_SPECS names no folder with the vendors' descriptions",
)


def test_every_payload_of_the_cases_is_what_the_vendor_takes() -> None:
    sent = list(payloads_of_cases("xero"))
    assert {*OBJECTS} - {"LineItem"} == {each.object for each in sent}
    assert [] == [f"{each}: {fault}" for each in sent for fault in _faults(each)]


def _faults(sent: SomePayload) -> list[str]:
    """Return what the models find, and the description where it is at hand."""
    found = faults_by_models(sent.object, sent.payload, sent.operation)
    if DESCRIPTION is not None:
        found += faults_by_description(sent.object, sent.payload, sent.operation)
    return found


class _Links(NoReferences):
    """Knows the contacts, and the bills where they are paid; nothing was sent before."""

    def __init__(self, kind: str) -> None:
        self._known = (
            {"Contact"} if kind in ("invoice", "supplier_bill") else {"Contact", "Invoice"}
        )

    def link(self, object: str, reference: Mapping[str, str]) -> str | None:
        return (
            str(uuid5(NAMESPACE_OID, str(sorted(reference.items()))))
            if object in self._known
            else None
        )


@pytest.mark.parametrize("firm", ["harbour-legal", "kauri-law"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_samples_of_a_firm_are_what_the_vendor_takes(firm: str, kind: str) -> None:
    folder = SCHEMAS.parents[2] / "rules" / "examples" / firm
    mapper = load_pack("xero", firm=folder).mapper(kind, references=_Links(kind))
    lines = (folder / "samples" / f"{kind}s.ndjson").read_text("utf-8").splitlines()
    outcomes = [mapper.map(decode(line)) for line in lines]
    sent = [each for one in outcomes if isinstance(one, Mapped) for each in one.payloads]
    assert sent or {"switch_off"} == {getattr(each, "reason", "") for each in outcomes}
    judged = (SomePayload(kind, each.object, each.operation, whole(each)) for each in sent)
    assert [] == [fault for each in judged for fault in _faults(each)][:20]


@described
@pytest.mark.parametrize("change, place", [
    ({"ContactNmber": "1"}, ""),
    ({"ContactStatus": "active"}, "ContactStatus"),
    ({"Name": "x" * 256}, "Name"),
    ({"ContactID": "7001"}, "ContactID"),
])  # fmt: skip
def test_the_description_finds_faults(change: dict[str, Any], place: str) -> None:
    faults = faults_by_description("Contact", {"Name": "Kestrel", **change}, "upsert")
    assert [place] == [each.partition(":")[0] for each in faults]


@pytest.mark.parametrize("change", [
    {"ContactNmber": "1"}, {"ContactStatus": "active"}, {"Name": "x" * 256},
])  # fmt: skip
def test_the_models_find_faults(change: dict[str, Any]) -> None:
    assert 1 == len(faults_by_models("Contact", {"Name": "Kestrel", **change}, "upsert"))


@described
@pytest.mark.parametrize("name", OBJECTS)
def test_our_schema_of_an_object_asks_nothing_that_the_vendor_does_not_know(name: str) -> None:
    ours = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    assert [] == list(_unknown(ours, {"$ref": f"#/components/schemas/{name}"}, name))


def _unknown(ours: Any, theirs: Any, at: str) -> Any:
    """Yield what one schema of ours allows and the vendor's does not know."""
    ours, theirs = _ours_read(ours), _theirs_read(theirs)
    if theirs.get("type", ours["type"]) not in (
        ours["type"],
        {"integer": "number"}.get(ours["type"]),
    ):
        yield f"{at}: {ours['type']}, but {theirs['type']} there"
    strange = set(ours.get("enum", ())) - set(theirs.get("enum", ours.get("enum", ())))
    if strange:
        yield f"{at}: {sorted(strange)} are no values there"
    if "maxLength" in theirs and not ours.get("maxLength", 10**9) <= theirs["maxLength"]:
        yield f"{at}: longer than {theirs['maxLength']}"
    for member, schema in ours.get("properties", {}).items():
        if member not in theirs.get("properties", {}):
            yield f"{at}.{member}: not known there"
        else:
            yield from _unknown(schema, theirs["properties"][member], f"{at}.{member}")
    if "items" in ours:
        yield from _unknown(ours["items"], theirs["items"], f"{at}[]")


def _ours_read(schema: Any) -> Any:
    file, _, pointer = schema.get("$ref", "").partition("#/")
    if not file:
        return schema
    found = json.loads((SCHEMAS / file).read_text("utf-8"))
    for step in filter(None, pointer.split("/")):
        found = found[step]
    return found


def _theirs_read(schema: Any) -> Any:
    return description()[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
