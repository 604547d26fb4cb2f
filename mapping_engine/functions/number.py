"""
Work on numbers: sign, rounding, the smallest and the largest.

Rounding always has a name, and is told either how many decimal places to keep or which
step to round to. The four ways differ only in what they do between two steps.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from decimal import Decimal

from msgspec.structs import replace

from mapping_engine.functions.arguments import (
    constant,
    constant_whole,
    is_given,
    known_list,
    known_number,
    whole,
)
from mapping_engine.functions.catalogue import Arguments, Example, Parameter
from mapping_engine.functions.problems import one_of_two
from mapping_engine.functions.registry import CATALOGUE
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.values.number import Rounding, absolute, negate, round_places, round_step
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import NUMBER, List, Number, Type
from mapping_engine.values.value import MISSING, Value

__all__ = ["abs", "max", "min", "round_down", "round_half_even", "round_half_up", "round_up"]

_MOST_PLACES = 12
_ZERO = Decimal(0)
_NUMBER = Parameter("number", NUMBER, "The number to work on.")


def _absolute(arguments: Arguments) -> Number:
    number = known_number(arguments)
    low, high = number.minimum, number.maximum
    if low is not None and low >= 0:
        return number
    if high is not None and high <= 0:
        most = None if low is None else negate(low)
        return replace(
            number, minimum=negate(high), maximum=most, above=number.below, below=number.above
        )
    furthest = None if low is None or high is None else builtins.max(negate(low), high)
    return replace(number, minimum=_ZERO, maximum=furthest, above=False, below=False)


@CATALOGUE.function(
    _NUMBER,
    returns=_absolute,
    examples=(
        Example("abs(-0.02)", "0.02"),
        Example("abs(110.00)", "110.00"),
        Example('abs("-1")', error="M404"),
    ),
    reads="{number}, without its sign",
    used_for="xero invoice: a difference of a cent, whichever way",
)
def abs(number: Decimal) -> Decimal:
    """Leave the sign of a number away."""
    return absolute(number)


def _rounded(mode: Rounding) -> Callable[[Arguments], Number]:
    """Return what makes the type of a number rounded in one way."""

    def returns(arguments: Arguments) -> Number:
        number = known_number(arguments)
        places, step = constant_whole(arguments, "places"), constant(arguments, "to")
        if places is not None and 0 <= places <= _MOST_PLACES:
            kept = _bounded(number, lambda value: round_places(value, places, mode))
            return replace(kept, scale=places)
        if isinstance(step, Decimal) and step > 0:
            kept = _bounded(number, lambda value: round_step(value, step, mode))
            return replace(kept, scale=_places_of(step))
        return _rounded_somehow(number, arguments)

    return returns


def _bounded(number: Number, rounding: Callable[[Decimal], Decimal]) -> Number:
    """Return a number's type with its bounds rounded too; all four ways keep the order."""
    return replace(
        number,
        minimum=_bound(rounding, number.minimum),
        maximum=_bound(rounding, number.maximum),
        above=False,
        below=False,
    )


def _bound(rounding: Callable[[Decimal], Decimal], bound: Decimal | None) -> Decimal | None:
    try:
        return None if bound is None else rounding(bound)
    except Refusal:
        return None


def _rounded_somehow(number: Number, arguments: Arguments) -> Number:
    """Return what is sure of a number rounded to places or steps that only a record knows."""
    low, high = number.minimum, number.maximum
    kept = Number(
        unit=number.unit,
        minimum=_ZERO if low is not None and low >= 0 else None,
        maximum=_ZERO if high is not None and high <= 0 else None,
    )
    how = [arguments[name].type for name in ("places", "to") if is_given(arguments, name)]
    return kept.like(*how)


def _places_of(step: Decimal) -> int:
    exponent = step.as_tuple().exponent
    assert isinstance(exponent, int)
    return builtins.max(0, -exponent)


def _one_way(name: str) -> Callable[[Arguments], Diagnostic | None]:
    def check(arguments: Arguments) -> Diagnostic | None:
        given = builtins.sum(is_given(arguments, each) for each in ("places", "to"))
        return None if given == 1 else one_of_two(None, name, "places", "to", given)

    return check


def _round(number: Decimal, places: Value, to: Value, mode: Rounding) -> Value:
    if isinstance(places, Decimal):
        return round_places(number, whole(places, 0, _MOST_PLACES), mode)
    if isinstance(to, Decimal):
        return round_step(number, to, mode)
    return None if places is None or to is None else MISSING


_PLACES = Parameter(
    "places",
    Number(scale=0, minimum=_ZERO, maximum=Decimal(_MOST_PLACES)),
    "How many decimal places to keep.",
    default=MISSING,
    takes_nothing=True,
)
_TO = Parameter(
    "to",
    Number(minimum=_ZERO, above=True),
    "The step to round to, e.g. 0.1 for tenths of an hour.",
    default=MISSING,
    takes_nothing=True,
    unit_of="number",
)


@CATALOGUE.function(
    _NUMBER,
    _PLACES,
    _TO,
    returns=_rounded("half_up"),
    check=_one_way("round_half_up"),
    examples=(
        Example("round_half_up(2.345, places=2)", "2.35"),
        Example("round_half_up(-2.345, places=2)", "-2.35"),
        Example("round_half_up(10 / 3, places=4)", "3.3333"),
        Example("round_half_up(1.025, to=0.05)", "1.05"),
        Example("round_half_up(2.345)", error="M451"),
        Example("round_half_up(2.345, places=2, to=0.1)", error="M451"),
        Example('round_half_up("2.345", places=2)', error="M404"),
    ),
    reads="{number}, rounded half up to [{places} decimal places][steps of {to}]",
    used_for="soluno time_entry: amounts; xero invoice: the tax that Xero will compute",
)
def round_half_up(number: Decimal, places: Value, to: Value) -> Value:
    """
    Round to the nearest, and away from zero when it lies exactly between.

    This is the rounding of bills and of most accounting systems: 2.345 becomes 2.35, and
    a credit of -2.345 becomes -2.35.
    """
    return _round(number, places, to, "half_up")


@CATALOGUE.function(
    _NUMBER,
    _PLACES,
    _TO,
    returns=_rounded("half_even"),
    check=_one_way("round_half_even"),
    examples=(
        Example("round_half_even(2.345, places=2)", "2.34"),
        Example("round_half_even(2.355, places=2)", "2.36"),
        Example("round_half_even(2.5, places=0)", "2"),
        Example("round_half_even(2.345)", error="M451"),
    ),
    reads="{number}, rounded half to even to [{places} decimal places][steps of {to}]",
    used_for="firms whose practice management rounds time half to even",
)
def round_half_even(number: Decimal, places: Value, to: Value) -> Value:
    """
    Round to the nearest, and to the even neighbour when it lies exactly between.

    Over many amounts the differences do not pile up on one side.
    """
    return _round(number, places, to, "half_even")


@CATALOGUE.function(
    _NUMBER,
    _PLACES,
    _TO,
    returns=_rounded("up"),
    check=_one_way("round_up"),
    examples=(
        Example("round_up(1.01, to=0.1)", "1.1"),
        Example("round_up(-1.01, places=1)", "-1.1"),
        Example("round_up(1.2, to=0.1)", "1.2"),
        Example("round_up(1.01)", error="M451"),
        Example("round_up(1.01, to=0)", error="M424"),
    ),
    reads="{number}, rounded up to [{places} decimal places][steps of {to}]",
    used_for="soluno time_entry: hours are billed in started tenths",
)
def round_up(number: Decimal, places: Value, to: Value) -> Value:
    """Round away from zero to the next step, unless the number already lies on one."""
    return _round(number, places, to, "up")


@CATALOGUE.function(
    _NUMBER,
    _PLACES,
    _TO,
    returns=_rounded("down"),
    check=_one_way("round_down"),
    examples=(
        Example("round_down(1.19, to=0.1)", "1.1"),
        Example("round_down(-1.19, places=1)", "-1.1"),
        Example("round_down(7.99, places=0)", "7"),
        Example("round_down(1.19, 1, 0.1)", error="M451"),
    ),
    reads="{number}, rounded down to [{places} decimal places][steps of {to}]",
    used_for="firms whose practice management rounds time down",
)
def round_down(number: Decimal, places: Value, to: Value) -> Value:
    """Round towards zero: what lies beyond the places or the step is cut off."""
    return _round(number, places, to, "down")


_NUMBERS = Parameter("list", List(item=NUMBER), "The numbers to choose from.")


def _chosen(arguments: Arguments) -> Type:
    items = known_list(arguments)
    item = items.item if isinstance(items.item, Number) else Number()
    is_sure = items.min_items and not item.can_be_nothing
    return replace(item, absent=not is_sure, null=False)


@CATALOGUE.function(
    _NUMBERS,
    returns=_chosen,
    examples=(
        Example("min([250.00, 110.00])", "110.00"),
        Example("min([])", "absent"),
        Example('min(["a", "b"])', error="M404"),
    ),
    reads="the smallest of {list}",
    used_for="payments from trust: no more than the balance",
)
def min(list: list[Value]) -> Value:
    """Return the smallest number of a list; of an empty list, nothing."""
    return builtins.min(_there(list), default=MISSING)


@CATALOGUE.function(
    _NUMBERS,
    returns=_chosen,
    examples=(
        Example("max([0.05, 0.1])", "0.1"),
        Example("max([])", "absent"),
        Example("max(0.1)", error="M404"),
    ),
    reads="the largest of {list}",
    used_for="minimum billable hours: `max([hours, settings.minimum_hours])`",
)
def max(list: list[Value]) -> Value:
    """Return the largest number of a list; of an empty list, nothing."""
    return builtins.max(_there(list), default=MISSING)


def _there(numbers: list[Value]) -> list[Decimal]:
    """Return the numbers of a list whose items may be null."""
    return [each for each in numbers if isinstance(each, Decimal)]
