"""
Turn an amount of one unit into another, exactly or as a division to be rounded.

Each unit has a function of its own, because a slip of units is the commonest silent
mistake between two systems: seconds in one, minutes in the next, hours in the third.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from msgspec.structs import replace

from mapping_engine.functions.arguments import known_number
from mapping_engine.functions.catalogue import Arguments, Example, Parameter
from mapping_engine.functions.registry import CATALOGUE
from mapping_engine.values.number import divide, multiply, round_places
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import Number

__all__ = ["fraction_to_percent", "hours_from_minutes", "hours_from_seconds",
           "minutes_from_hours", "percent_to_fraction", "seconds_from_hours"]  # fmt: skip


def _measured(
    name: str, convert: Callable[[Decimal], Decimal], unit: str | None, places: int | None
) -> Callable[[Arguments], Number]:
    """Return what makes a converted number's type; `places` are added, None means none known."""

    def returns(arguments: Arguments) -> Number:
        number = known_number(arguments, name)
        return replace(
            number,
            unit=unit,
            scale=None if number.scale is None or places is None else max(0, number.scale + places),
            minimum=_converted(convert, number.minimum),
            maximum=_converted(convert, number.maximum),
        )

    return returns


def _converted(convert: Callable[[Decimal], Decimal], bound: Decimal | None) -> Decimal | None:
    try:
        return None if bound is None else convert(bound)
    except Refusal:
        return None


def _times(factor: int) -> Callable[[Decimal], Decimal]:
    return lambda number: multiply(number, Decimal(factor))


def _parts(divisor: int) -> Callable[[Decimal], Decimal]:
    return lambda number: divide(number, Decimal(divisor))


@CATALOGUE.function(
    Parameter("seconds", Number(unit="seconds"), "A length of time in seconds."),
    returns=_measured("seconds", _parts(3600), "hours", None),
    examples=(
        Example("hours_from_seconds(5400)", "1.5"),
        Example("hours_from_seconds(100) | round_half_up(places=4)", "0.0278"),
        Example('hours_from_seconds("5400")', error="M404"),
    ),
    reads="{seconds}, seconds as hours",
    used_for="clio activity: quantities are seconds",
)
def hours_from_seconds(seconds: Decimal) -> Decimal:
    """Turn seconds into hours; a division, so round the result."""
    return divide(seconds, Decimal(3600))


@CATALOGUE.function(
    Parameter("minutes", Number(unit="minutes"), "A length of time in minutes."),
    returns=_measured("minutes", _parts(60), "hours", None),
    examples=(
        Example("hours_from_minutes(90)", "1.5"),
        Example("hours_from_minutes(7) | round_half_up(places=2)", "0.12"),
        Example('hours_from_minutes("90")', error="M404"),
    ),
    reads="{minutes}, minutes as hours",
    used_for="smokeball fee: durations are minutes",
)
def hours_from_minutes(minutes: Decimal) -> Decimal:
    """Turn minutes into hours; a division, so round the result."""
    return divide(minutes, Decimal(60))


_HOURS = Parameter("hours", Number(unit="hours"), "A length of time in hours.")


@CATALOGUE.function(
    _HOURS,
    returns=_measured("hours", _times(3600), "seconds", 0),
    examples=(
        Example("seconds_from_hours(1.5)", "5400.0"),
        Example("seconds_from_hours(0.1)", "360.0"),
        Example('seconds_from_hours("1.5")', error="M404"),
    ),
    reads="{hours}, hours as seconds",
    used_for="clio activity, written back: quantities are seconds",
)
def seconds_from_hours(hours: Decimal) -> Decimal:
    """Turn hours into seconds, exactly."""
    return multiply(hours, Decimal(3600))


@CATALOGUE.function(
    _HOURS,
    returns=_measured("hours", _times(60), "minutes", 0),
    examples=(
        Example("minutes_from_hours(1.5)", "90.0"),
        Example("minutes_from_hours(0.1)", "6.0"),
        Example('minutes_from_hours("1.5")', error="M404"),
    ),
    reads="{hours}, hours as minutes",
    used_for="smokeball fee, written: durations are minutes",
)
def minutes_from_hours(hours: Decimal) -> Decimal:
    """Turn hours into minutes, exactly."""
    return multiply(hours, Decimal(60))


def _hundredth(number: Decimal) -> Decimal:
    return multiply(number, Decimal("0.01"))


def _hundredfold(number: Decimal) -> Decimal:
    product = multiply(number, Decimal("1E+2"))
    exponent = product.as_tuple().exponent
    return (
        round_places(product, 0, "down") if isinstance(exponent, int) and exponent > 0 else product
    )


@CATALOGUE.function(
    Parameter("percent", Number(unit="percent"), "A rate in percent, e.g. 15."),
    returns=_measured("percent", _hundredth, "fraction", 2),
    examples=(
        Example("percent_to_fraction(15)", "0.15"),
        Example("percent_to_fraction(12.5)", "0.125"),
        Example('percent_to_fraction("15%")', error="M404"),
    ),
    reads="{percent}, percent as a fraction",
    used_for="ledes 1998BI: tax rates are fractions",
)
def percent_to_fraction(percent: Decimal) -> Decimal:
    """Turn a rate in percent into a fraction of 1, exactly."""
    return _hundredth(percent)


@CATALOGUE.function(
    Parameter("fraction", Number(unit="fraction"), "A rate as a fraction of 1, e.g. 0.15."),
    returns=_measured("fraction", _hundredfold, "percent", -2),
    examples=(
        Example("fraction_to_percent(0.15)", "15"),
        Example("fraction_to_percent(0.125)", "12.5"),
        Example('fraction_to_percent("0.15")', error="M404"),
    ),
    reads="{fraction}, as percent",
    used_for="ledes 1998BI, read: tax rates are fractions",
)
def fraction_to_percent(fraction: Decimal) -> Decimal:
    """Turn a fraction of 1 into a rate in percent, exactly."""
    return _hundredfold(fraction)
