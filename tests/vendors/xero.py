"""
Two judges of Xero payloads that nobody here wrote.

The vendor's published description of its API, when `MAPPING_ENGINE_SPECS` says where it is:
closed (it would accept any misspelt name), without what only answers hold, and with what the
vendor's pages demand beside it. And the models of the vendor's own client library.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml
from xero_python.accounting import models
from xero_python.api_client import ModelFinder
from xero_python.api_client.deserializer import deserialize
from xero_python.api_client.serializer import serialize

__all__ = ["DESCRIPTION", "description", "faults_by_description", "faults_by_models"]

Schema = dict[str, Any]

_FOLDER = os.environ.get("MAPPING_ENGINE_SPECS")
#: The vendor's description, or None where nobody says where it is.
DESCRIPTION = Path(_FOLDER) / "xero" / "xero_accounting.yaml" if _FOLDER else None

#: What the vendor's pages demand of a document that is made, beside its description.
_DEMANDED = {
    "Contact": ["Name"],
    "Invoice": ["Type", "Contact", "LineItems", "Date", "DueDate", "Status", "LineAmountTypes"],
    "CreditNote": ["Type", "Contact", "LineItems", "Date", "Status", "LineAmountTypes"],
    "Allocation": ["CreditNote", "Invoice", "Amount", "Date"],
    "Payment": ["Account", "Date", "Amount"],
    "BankTransaction": ["Type", "Contact", "LineItems", "BankAccount", "Date"],
    "BankTransfer": ["FromBankAccount", "ToBankAccount", "Amount", "Date"],
}
#: What the models demand of every document, also of the id and status that take one back.
_WHOLE = {
    "Allocation": {"Invoice": {}, "Amount": 1, "Date": "2026-07-01"},
    "BankTransaction": {"Type": "SPEND", "LineItems": [], "BankAccount": {}},
    "BankTransfer": {"FromBankAccount": {}, "ToBankAccount": {}, "Amount": 1},
}
#: What takes a document back: its id, and the status that does it.
_ENDING = {"void", "delete"}
_KEYWORDS = {"type", "enum", "format", "items", "maxLength", "required", "$ref", "allOf", "oneOf"}


@lru_cache
def description() -> Schema:
    """Return the schemas of the vendor's description by name."""
    assert DESCRIPTION is not None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = DESCRIPTION.read_text(encoding="utf-8")
    found: Schema = yaml.load(text, loader)["components"]["schemas"]
    return found


def faults_by_description(name: str, payload: Mapping[str, Any], operation: str) -> list[str]:
    """Return what the vendor's description finds wrong with a payload."""
    judge = _judge(name, operation in _ENDING)
    return [f"{_path(each.instance_path)}: {each.message}" for each in judge.iter_errors(payload)]


def _path(steps: list[str | int]) -> str:
    return ".".join(map(str, steps))


@lru_cache
def _judge(name: str, ends: bool) -> Any:
    schemas = {each: _closed(schema) for each, schema in description().items()}
    schemas["LineItem"]["required"] = ["Description", "AccountCode", "TaxType", "UnitAmount"]
    ending = [f"{name}ID", *({"Status"} & schemas[name]["properties"].keys())]
    whole = {**schemas[name], "required": ending if ends else _DEMANDED[name]}
    if name == "Payment" and not ends:
        whole["oneOf"] = [{"required": ["Invoice"]}, {"required": ["CreditNote"]}]
    named = {**whole, "components": {"schemas": schemas}}
    return jsonschema_rs.validator_for(named, validate_formats=True)


def _closed(schema: Any) -> Any:
    """Return a schema of OpenAPI 3.0 as JSON Schema: closed, without what only answers hold."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    closed = {key: _closed(each) for key, each in schema.items() if key in _KEYWORDS}
    if "properties" in schema:
        closed["properties"] = {
            name: _closed(each)
            for name, each in schema["properties"].items()
            # These are called answers, but newer versions of the API delete a transfer by them.
            if not each.get("readOnly") or name in ("Status", "BankTransferID")
        }
        closed["additionalProperties"] = False
    return {**closed, "format": "date"} if schema.get("x-is-msdate") else closed


def faults_by_models(name: str, payload: Mapping[str, Any], operation: str) -> list[str]:
    """Return what the vendor's client library refuses, drops or changes of a payload."""
    stand_in = _WHOLE.get(name, {}) if operation in _ENDING else {}
    given = _as_answered({**stand_in, **payload})
    try:
        back = serialize(deserialize(name, given, ModelFinder(models)))
    except (ValueError, TypeError) as refusal:
        return [f"{type(refusal).__name__}: {refusal}"]
    return list(_differences(given, back, name))


def _as_answered(value: Any, name: str = "") -> Any:
    """Return a payload with numbers and dates as the vendor's answers have them: milliseconds."""
    if isinstance(value, Mapping):
        return {name: _as_answered(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_as_answered(each) for each in value]
    if isinstance(value, Decimal):
        return float(value)
    if name.endswith("Date") and isinstance(value, str):
        day = datetime.fromisoformat(value).replace(tzinfo=UTC)
        return f"/Date({int(day.timestamp()) * 1000})/"
    return value


def _differences(given: Any, back: Any, at: str) -> Iterator[str]:
    if isinstance(given, dict) and isinstance(back, dict):
        for name, each in given.items():  # the models add defaults of their own
            yield from _differences(each, back.get(name), f"{at}.{name}")
    elif isinstance(given, list) and isinstance(back, list) and len(given) == len(back):
        for place, (one, other) in enumerate(zip(given, back, strict=True)):
            yield from _differences(one, other, f"{at}[{place}]")
    elif given != back:
        yield f"{at}: {given!r} comes back as {back!r}"
