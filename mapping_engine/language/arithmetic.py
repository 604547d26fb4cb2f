"""
What is known of the result of an operator: scale, range and unit of numbers.

A sum has the larger scale, a product both scales together, a quotient none. Ranges are
computed only where they are certain. Units: like and like may be added; a percentage
divided by 100 is a plain factor; seconds divided by 3600 are hours.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from mapping_engine.values.number import add, multiply, subtract
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import Number
from mapping_engine.values.value import Value

__all__ = ["negated", "result_of", "units_differ"]

_CONVERSIONS = {
    ("seconds", "/", Decimal(3600)): "hours",
    ("minutes", "/", Decimal(60)): "hours",
    ("seconds", "/", Decimal(60)): "minutes",
    ("hours", "*", Decimal(60)): "minutes",
    ("hours", "*", Decimal(3600)): "seconds",
    ("minutes", "*", Decimal(60)): "seconds",
    ("percent", "/", Decimal(100)): None,
    ("fraction", "*", Decimal(100)): "percent",
}
_SHARES = ("percent", "fraction")
Bound = Decimal | None


def units_differ(left: Number, right: Number) -> bool:
    """Whether two numbers have units that cannot be added or compared."""
    return left.unit is not None and right.unit is not None and left.unit != right.unit


def negated(kind: Number) -> Number:
    """Return the type of `-x`."""
    return replace(
        kind,
        minimum=_exact(subtract, Decimal(0), kind.maximum),
        maximum=_exact(subtract, Decimal(0), kind.minimum),
        above=kind.below,
        below=kind.above,
    )


def result_of(operator: str, left: Number, right: Number, constant: Value) -> Number:
    """Return the type of `left operator right`; `constant` is the right side if written out."""
    unit = _unit(operator, left, right, constant)
    if operator == "/":
        return Number(unit=unit, minimum=_positive_quotient(left, right))
    both = None if left.scale is None or right.scale is None else (left.scale, right.scale)
    if operator == "*":
        scale = None if both is None else sum(both)
        return replace(_product(left, right), scale=scale, unit=unit)
    scale = None if both is None else max(both)
    if operator == "-":
        right = negated(right)
    return Number(
        scale=scale,
        unit=unit,
        minimum=_exact(add, left.minimum, right.minimum),
        maximum=_exact(add, left.maximum, right.maximum),
        above=left.above or right.above,
        below=left.below or right.below,
    )


def _unit(operator: str, left: Number, right: Number, constant: Value) -> str | None:
    if operator in "+-":
        return left.unit or right.unit
    if isinstance(constant, Decimal) and left.unit is not None:
        known = (left.unit, operator, constant)
        return _CONVERSIONS.get(known, left.unit)
    shares = [each.unit for each in (left, right) if each.unit in _SHARES]
    if operator == "*" and len(shares) == 1:
        return "percent" if shares == ["percent"] else None
    return None


def _product(left: Number, right: Number) -> Number:
    lows = (left.minimum, right.minimum)
    if any(low is None or low < 0 for low in lows):
        return Number()
    highest = _exact(multiply, left.maximum, right.maximum)
    return Number(
        minimum=_exact(multiply, *lows),
        maximum=highest,
        above=left.above and right.above,
        below=bool(highest) and (left.below or right.below),
    )


def _positive_quotient(left: Number, right: Number) -> Bound:
    signs = [each.minimum is not None and each.minimum >= 0 for each in (left, right)]
    return Decimal(0) if all(signs) else None


def _exact(operation: object, left: Bound, right: Bound) -> Bound:
    """Return a bound computed exactly, or none when a side is open or it grows too long."""
    if left is None or right is None or not callable(operation):
        return None
    try:
        result = operation(left, right)
    except Refusal:
        return None
    return result if isinstance(result, Decimal) else None
