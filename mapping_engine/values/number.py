"""
Exact arithmetic: sums, differences and products keep every digit or are refused.

One context decides (50 digits, anything inexact is an error); a quotient has 34 digits,
its last one half-even, and is rounded by name before it is sent. In between, numbers stay
below 10^19; what is read or sent obeys `Limits` (34 digits, exponent −12 to 18).

The contexts are module constants handed to each operation, never the context of the
thread: a new thread would not have it. The flags that operations leave in them are never
read; whether an operation fails is decided from its own result, so threads may share them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
    Subnormal,
    Underflow,
)
from functools import reduce
from typing import Final, Literal, TypeAlias

from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.values.problems import conversion_failed, division_by_zero, overflow
from mapping_engine.values.refusal import Refusal

__all__ = [
    "EXACT", "QUANTIZE", "ROUNDING", "Rounding", "absolute", "add", "decimal_places", "divide",
    "multiply", "negate", "parse_number", "plain", "round_places", "round_step", "subtract",
    "trimmed",
    "within_limits",
]  # fmt: skip

Rounding: TypeAlias = Literal["half_up", "half_even", "up", "down"]

_LARGEST_EXPONENT: Final = 18
_SMALLEST_EXPONENT: Final = -100
_FAILURES = [DivisionByZero, InvalidOperation, Overflow, Underflow, Subnormal]

#: For + − × and everything else that must lose nothing.
EXACT: Final = Context(
    prec=50, Emax=_LARGEST_EXPONENT, Emin=_SMALLEST_EXPONENT, clamp=0,
    rounding=ROUND_HALF_EVEN, traps=[*_FAILURES, Inexact],
)  # fmt: skip
#: For counting steps: how many hundredths are in a large amount may exceed what is a number.
_COUNTING: Final = Context(
    prec=50, Emax=100, Emin=_SMALLEST_EXPONENT, clamp=0, traps=[*_FAILURES, Inexact]
)
#: For rounding by name, where losing digits is what was asked for.
ROUNDING: Final = Context(
    prec=50, Emax=_LARGEST_EXPONENT, Emin=_SMALLEST_EXPONENT, clamp=0, traps=_FAILURES
)
#: For `/`.
_QUOTIENT: Final = Context(
    prec=34, Emax=_LARGEST_EXPONENT, Emin=_SMALLEST_EXPONENT, clamp=0,
    rounding=ROUND_HALF_EVEN, traps=_FAILURES,
)  # fmt: skip

#: Away from zero and towards zero as in a spreadsheet's ROUNDUP and ROUNDDOWN.
_MODES: Final[Mapping[Rounding, str]] = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
}

#: Rounding to the places of a second number, by way: `QUANTIZE["up"](number, Decimal("0.1"))`.
QUANTIZE: Final[Mapping[Rounding, Callable[[Decimal, Decimal], Decimal]]] = {
    way: Context(
        prec=50, Emax=_LARGEST_EXPONENT, Emin=_SMALLEST_EXPONENT, clamp=0, rounding=mode,
        traps=_FAILURES,
    ).quantize
    for way, mode in _MODES.items()
}  # fmt: skip

_NUMERAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?").fullmatch
_JSON_NUMERAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?").fullmatch
_LONGEST_NUMERAL: Final = 100


def add(left: Decimal, right: Decimal) -> Decimal:
    """Return the exact sum, or refuse."""
    return _exactly(EXACT.add, left, right, "the sum")


def total(numbers: Iterable[Decimal]) -> Decimal:
    """Return the exact sum of numbers, or refuse."""
    try:
        return reduce(EXACT.add, numbers, Decimal(0))
    except DecimalException:
        raise Refusal(overflow, None, "the sum") from None


def subtract(left: Decimal, right: Decimal) -> Decimal:
    """Return the exact difference, or refuse."""
    return _exactly(EXACT.subtract, left, right, "the difference")


def multiply(left: Decimal, right: Decimal) -> Decimal:
    """Return the exact product, or refuse."""
    return _exactly(EXACT.multiply, left, right, "the product")


def _exactly(
    operation: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal, word: str
) -> Decimal:
    try:
        return operation(left, right)
    except DecimalException:
        raise Refusal(overflow, plain(left), word) from None


def divide(left: Decimal, right: Decimal) -> Decimal:
    """Return the quotient with 34 digits, the last one rounded half-even; refuse a zero divisor."""
    if not right:
        raise Refusal(division_by_zero, plain(left))
    try:
        return _QUOTIENT.divide(left, right)
    except DecimalException:
        raise Refusal(overflow, plain(left), "the quotient") from None


def negate(value: Decimal) -> Decimal:
    """Return the number with the other sign; zero has none."""
    return value.copy_negate() if value else value.copy_abs()


def absolute(value: Decimal) -> Decimal:
    """Return the number without its sign."""
    return value.copy_abs()


def round_places(value: Decimal, places: int, mode: Rounding) -> Decimal:
    """Round to decimal places and keep that scale: 12.5 to two places is 12.50.

    `up` goes away from zero and `down` towards zero. Negative places round to tens,
    hundreds and so on.
    """
    try:
        unit = Decimal(1).scaleb(-places, ROUNDING)
        rounded = QUANTIZE[mode](value, unit)
        return rounded if places >= 0 else rounded.quantize(Decimal(1), context=EXACT)
    except DecimalException:
        raise Refusal(overflow, plain(value), "the rounded number") from None


def round_step(value: Decimal, step: Decimal, mode: Rounding) -> Decimal:
    """Round to a multiple of `step`, which gives the scale: 2.03 up to 0.1 is 2.1.

    Exact at any size: whole steps and rest are taken apart, nothing is divided.
    """
    if step <= 0:
        raise Refusal(conversion_failed, plain(step), "a step", "a number above 0")
    try:
        whole, rest = _COUNTING.divmod(value, step)
        away = Decimal(1).copy_sign(value)
        if rest and _goes_away(_COUNTING.multiply(rest.copy_abs(), Decimal(2)), step, whole, mode):
            whole = _COUNTING.add(whole, away)
        product = EXACT.multiply(whole, step)
        scale = Decimal(1).scaleb(min(_exponent(step), 0), ROUNDING)
        return product.quantize(scale, context=EXACT)
    except DecimalException:
        raise Refusal(overflow, plain(value), "the rounded number") from None


def _goes_away(doubled_rest: Decimal, step: Decimal, whole: Decimal, mode: Rounding) -> bool:
    """Whether a number with a rest goes to the next step away from zero."""
    if mode == "up":
        return True
    if mode == "down" or doubled_rest < step:
        return False
    is_odd = bool(_COUNTING.remainder(whole, Decimal(2)))
    return doubled_rest > step or mode == "half_up" or is_odd


def plain(value: Decimal) -> str:
    """Write the number with all its digits: no exponent, no negative zero, the scale kept."""
    text = str(value)
    if "E" in text:
        text = f"{value:f}"
    return text if value or text[0] != "-" else text[1:]


def parse_number(
    text: str, limits: Limits = DEFAULT_LIMITS, *, exponent: bool = False
) -> Decimal | None:
    """Read a plain numeral as JSON writes it; None for anything else or beyond the limits.

    `12.50` and `-3` are numerals; `+3`, `.5`, `007`, `1,000` and (unless `exponent`) `1e3` are not.
    """
    if len(text) > _LONGEST_NUMERAL or not (_JSON_NUMERAL if exponent else _NUMERAL)(text):
        return None
    # Checked on the decimal itself: an int made of 1E+999999 would take seconds.
    try:
        value = Decimal(text)
    except DecimalException:  # an exponent that no computer holds
        return None
    if not within_limits(value, limits):
        return None
    return value if value else value.copy_abs()


def decimal_places(value: Decimal) -> int:
    """Return how many decimal places the number is written with."""
    return max(0, -_exponent(value))


def trimmed(value: Decimal, scale: int) -> Decimal | None:
    """Return the number without zeros beyond `scale` places; None when it needs more places."""
    if -_exponent(value) <= scale:
        return value
    places = Decimal(1).scaleb(-scale, ROUNDING)
    shorter = value.quantize(places, ROUND_DOWN, ROUNDING)
    return shorter if shorter == value else None


def within_limits(value: Decimal, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Whether the number is finite and has no more digits and no other size than the limits say."""
    if not value.is_finite():
        return False
    size = value.adjusted()
    if value:
        digits = size - _exponent(value) + 1
        return (
            digits <= limits.number_digits
            and limits.number_exponent_low <= size <= limits.number_exponent_high
        )
    # A zero has no size, only decimal places: as many as the smallest number can have.
    return limits.number_exponent_low - limits.number_digits < size <= limits.number_exponent_high


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int):
        return exponent
    raise ValueError("not a finite number")
