"""
What `+`, `-`, `*` and `/` make of hours, money and shares.

A number without a unit goes with every other. Beside that

- like may be added to like, and compared with it;
- hours times money are money, as every rate of a law firm is for one hour;
- a fraction of anything has its unit; so many percent of it are `percent of …` until that
  is divided by 100, so that a factor of 100 is not forgotten;
- hours times hours, minutes times money and their like mean nothing, nor do hours by 60 and
  percent times 100, which go the wrong way.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple, TypeAlias

__all__ = ["MONEY", "Unit", "UnlikeUnits", "alike", "either", "in_hundredths", "is_hundredth",
           "is_percent", "result", "scaled"]  # fmt: skip

#: The unit of a number, or none.
Unit: TypeAlias = str | None

#: The unit of an amount of money; which currency it is in stands beside it in the record.
MONEY = "currency"
_TIMES = ("hours", "minutes", "seconds")
_PERCENT = "percent"
_FRACTION = "fraction"
_OF = " of "
_CONVERSIONS = {
    ("seconds", "/", Decimal(3600)): "hours",
    ("minutes", "/", Decimal(60)): "hours",
    ("seconds", "/", Decimal(60)): "minutes",
    ("hours", "*", Decimal(60)): "minutes",
    ("hours", "*", Decimal(3600)): "seconds",
    ("minutes", "*", Decimal(60)): "seconds",
    ("fraction", "*", Decimal(100)): "percent",
}
_HUNDREDTHS = (("/", Decimal(100)), ("*", Decimal("0.01")))
_WRONG_WAY = {
    (unit, other, factor)
    for unit, operator, factor in (*_CONVERSIONS, ("percent", "/", Decimal(100)))
    for other in "*/"
    if other != operator and (unit, other, factor) not in _CONVERSIONS
}


class UnlikeUnits(ValueError):
    """Two units do not go together."""


class _Share(NamedTuple):
    """How often percent was taken, and of what: `percent of currency` is once, of money."""

    percents: int
    of: Unit


#: What has no unit.
_NUMBER = _Share(0, None)


def alike(left: Unit, right: Unit) -> bool:
    """Whether numbers of two units may be added or compared."""
    return left is None or right is None or left == right


def either(left: Unit, right: Unit) -> Unit:
    """Return the unit of a number that is one or the other, or none if they are not alike."""
    return left or right if alike(left, right) else None


def result(operator: str, left: Unit, right: Unit) -> Unit:
    """Return the unit of `left operator right`.

    Raises:
        UnlikeUnits: The two do not go together.
    """
    if operator in "+-":
        if not alike(left, right):
            raise UnlikeUnits
        return left or right
    one, other = _share(left), _share(right)
    return _product(one, other) if operator == "*" else _quotient(one, other)


def scaled(unit: str, operator: str, factor: Decimal) -> Unit:
    """Return the unit of a number times or by a factor that a rule writes out.

    Minutes by 6 or 15 are units of work, which have none.

    Raises:
        UnlikeUnits: The factor turns the unit into nothing, but something else into it.
    """
    percents, of = _share(unit)
    asked = _PERCENT if percents else unit, operator, abs(factor)
    if percents and asked[1:] in _HUNDREDTHS:
        return _unit(percents - 1, of) or _FRACTION
    if asked in _WRONG_WAY:
        raise UnlikeUnits
    counts = operator == "/" and unit in ("minutes", "seconds") and abs(factor) != 1
    return _CONVERSIONS.get(asked, None if counts else unit)


def is_percent(unit: Unit) -> bool:
    """Whether a number counts percent, of whatever."""
    return _share(unit).percents > 0


def is_hundredth(operator: str, factor: Decimal) -> bool:
    """Whether a factor makes a hundredth of what it is applied to."""
    return (operator, abs(factor)) in _HUNDREDTHS


def in_hundredths(unit: str) -> str:
    """Return the unit of a product of which one side was divided by 100 before."""
    percents, of = _share(unit)
    return _unit(percents - 1, of) or unit if percents and of is not None else unit


def _product(one: _Share, other: _Share) -> Unit:
    percents = one.percents + other.percents
    if _NUMBER in (one, other):  # it may be a factor of any kind, e.g. minutes in an hour
        return _unit(percents, MONEY) if MONEY in (one.of, other.of) else None
    plain = [each for each in (one.of, other.of) if each not in (None, _FRACTION)]
    if len(plain) == 2 and set(plain) != {"hours", MONEY}:
        raise UnlikeUnits
    if MONEY in plain:
        return _unit(percents, MONEY)
    return _unit(percents, plain[0] if plain else _FRACTION)


def _quotient(one: _Share, other: _Share) -> Unit:
    if other == _NUMBER:
        return _unit(one.percents, MONEY) if one.of == MONEY else None
    percents = one.percents - other.percents
    if percents < 0:
        return None
    if one.of == other.of:
        return _unit(percents, None)
    if other.of in (None, _FRACTION):
        return _unit(percents, one.of)
    if (one.of, other.of) == (MONEY, "hours"):
        return _unit(percents, MONEY)
    if {one.of, other.of} <= {MONEY, *_TIMES}:
        raise UnlikeUnits
    return None


def _share(unit: Unit) -> _Share:
    percents = 0
    while unit is not None and unit.startswith(_PERCENT):
        percents, unit = percents + 1, unit.removeprefix(_PERCENT).removeprefix(_OF) or None
    return _Share(percents, unit)


def _unit(percents: int, of: Unit) -> Unit:
    base = None if percents and of == _FRACTION else of
    return _OF.join([_PERCENT] * percents + ([base] if base else [])) or None
