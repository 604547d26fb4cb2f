"""
Guess a type from one example, for expressions tried on a record without a schema.

Texts stay texts, also those that look like dates: one example does not make a rule.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from mapping_engine.values.number import decimal_places
from mapping_engine.values.types import (
    ABSENT,
    BOOLEAN,
    DATE,
    DATETIME,
    NULL,
    TEXT,
    UNKNOWN,
    List,
    Number,
    Object,
    Type,
    union,
)
from mapping_engine.values.value import MISSING, Value

__all__ = ["infer"]


def infer(value: Value, name: str = "record") -> Type:
    """Return a type that the value fits; what of a list does not go together is unknown."""
    match value:
        case None:
            return NULL
        case bool():
            return BOOLEAN
        case str():
            return TEXT
        case Decimal():
            return Number(scale=decimal_places(value))
        case datetime():
            return DATETIME
        case date():
            return DATE
        case list():
            return List(item=_item(value, name), max_items=None if value else 0)
        case dict():
            fields = {key: infer(each, key) for key, each in value.items() if each is not MISSING}
            return Object(name=name, fields=fields)
        case _:
            return ABSENT if value is MISSING else UNKNOWN


def _item(items: list[Value], name: str) -> Type:
    found: Type | None = None
    for each in items:
        inferred = infer(each, name)
        merged = inferred if found is None else union(found, inferred)
        if merged is None:
            return UNKNOWN
        found = merged
    return found or ABSENT
