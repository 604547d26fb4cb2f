"""The types and nodes of values that are written out, or fixed by a firm."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from msgspec.structs import replace

from mapping_engine.language.typed import Constant, Typed
from mapping_engine.source.text import Span
from mapping_engine.values import types
from mapping_engine.values.types import UNKNOWN, List, Number, Text, Type, union
from mapping_engine.values.value import Value

__all__ = ["constant_of", "constant_type", "unknown"]


def constant_type(value: Value) -> Type:
    """Return the narrowest type of a value that is known."""
    match value:
        case bool():
            return types.BOOLEAN
        case Decimal():
            exponent = value.as_tuple().exponent
            scale = max(0, -exponent) if isinstance(exponent, int) else None
            return Number(scale=scale, minimum=value, maximum=value)
        case str():
            size, blank = len(value), not value or value.isspace()
            return Text(choices=(value,), blank=blank, min_length=size, max_length=size)
        case datetime():
            return types.DATETIME
        case date():
            return types.DATE
        case None:
            return types.NULL
        case list():
            item: Type | None = types.ABSENT
            for each in value:
                item = union(item, constant_type(each)) if item is not None else None
            if item is None or (value and isinstance(item, types.Nothing)):
                item = UNKNOWN
            item = item.there()
            return List(item=item, min_items=len(value), max_items=len(value))
        case _:
            return UNKNOWN


def constant_of(node: Typed, value: Value) -> Typed:
    """Return the constant that `node` always is, with the narrowest type that is certain."""
    kind = constant_type(value)
    if isinstance(kind, types.Unknown):
        kind = node.type
    return Constant(value=value, span=node.span, type=_in_unit(kind, node.type))


def _in_unit(kind: Type, declared: Type) -> Type:
    """Return the type of a value in the unit of what it was computed by."""
    match kind, declared:
        case Number(), Number(unit=unit):
            return replace(kind, unit=unit)
        case List(item=Number() as item), List(item=Number(unit=unit)):
            return replace(kind, item=replace(item, unit=unit))
        case _:
            return kind


def unknown(span: Span) -> Typed:
    """Return a stand-in for what has already been reported."""
    return Constant(value=None, span=span, type=UNKNOWN)
