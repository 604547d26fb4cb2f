"""
What is known of the result of an operator: scale, range and unit of numbers.

A sum has the larger scale, a product both scales together, a quotient none. Ranges are
computed only where they are certain. What becomes of units says `units`.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from mapping_engine.language.typed import Calculate, Constant, Typed
from mapping_engine.values import units
from mapping_engine.values.number import add, multiply, plain, subtract
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import Number, unit_of

__all__ = ["negated", "result_of", "unit_words"]

Bound = Decimal | None


def negated(kind: Number) -> Number:
    """Return the type of `-x`."""
    return replace(
        kind,
        minimum=_exact(subtract, Decimal(0), kind.maximum),
        maximum=_exact(subtract, Decimal(0), kind.minimum),
        above=kind.below,
        below=kind.above,
    )


def result_of(operator: str, one: Typed, other: Typed) -> Number:
    """Return the type of `one operator other`, which are numbers.

    Raises:
        UnlikeUnits: Their units do not go together.
    """
    left, right = one.type, other.type
    assert isinstance(left, Number)
    assert isinstance(right, Number)
    unit = _unit(operator, one, other)
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


def _unit(operator: str, one: Typed, other: Typed) -> units.Unit:
    left, right = unit_of(one.type), unit_of(other.type)
    factor = _factor(other)
    if operator in "*/" and left is not None and factor is not None:
        return units.scaled(left, operator, factor)
    factor = _factor(one)
    if operator == "*" and right is not None and factor is not None:
        return units.scaled(right, operator, factor)
    unit = units.result(operator, left, right)
    if operator == "*" and unit is not None and (_is_hundredth(one) or _is_hundredth(other)):
        return units.in_hundredths(unit)
    return unit


def _is_hundredth(side: Typed) -> bool:
    """Whether something, but no percent, was divided by 100 before: `net / 100 * rate`."""
    if not isinstance(side, Calculate) or side.operator not in "*/":
        return False
    if any(units.is_percent(unit_of(each.type)) for each in (side.left, side.right)):
        return False
    factors = (_factor(side.left), "*"), (_factor(side.right), side.operator)
    is_one = any(each is not None and units.is_hundredth(way, each) for each, way in factors)
    return is_one or _is_hundredth(side.left)


def unit_words(side: Typed) -> str:
    """Return the unit of a number, or the number that stands without one."""
    factor = _factor(side)
    return unit_of(side.type) or ("a number" if factor is None else plain(factor))


def _factor(side: Typed) -> Bound:
    """Return the number that a side is written as in figures; a setting may be any."""
    if not isinstance(side, Constant) or any(map(str.isalpha, side.span.text)):
        return None
    return side.value if isinstance(side.value, Decimal) else None


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
