"""
Work on amounts of money: a currency's smallest unit, and tax inside or on top of an amount.

Amounts are plain numbers; the currency stands beside them in the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from mapping_engine.functions.arguments import constant, known_number, known_text, sure_bound
from mapping_engine.functions.catalogue import Arguments, Example, Parameter
from mapping_engine.functions.currencies import MINOR_UNITS
from mapping_engine.functions.registry import CATALOGUE
from mapping_engine.values.number import add, divide, multiply, round_places
from mapping_engine.values.problems import conversion_failed
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import TEXT, Number
from mapping_engine.values.units import MONEY

__all__ = ["add_tax", "minor_units", "remove_tax", "round_money"]

_HUNDREDTH = Decimal("0.01")
_AMOUNT = Parameter("amount", Number(unit=MONEY), "The amount of money.")
_CURRENCY = Parameter("currency", TEXT, "The currency's ISO 4217 code, e.g. AUD.")
_PERCENT = Parameter("percent", Number(unit="percent"), "The tax rate in percent, e.g. 15.")


def _places(arguments: Arguments) -> tuple[int, int]:
    """Return the fewest and the most decimal places the currency can have."""
    written = constant(arguments, "currency")
    codes = (written,) if isinstance(written, str) else known_text(arguments, "currency").choices
    known = [MINOR_UNITS[each] for each in codes or () if each in MINOR_UNITS]
    every = known or list(MINOR_UNITS.values())
    return min(every), max(every)


def _units(arguments: Arguments) -> Number:
    least, most = _places(arguments)
    return Number(scale=0, minimum=Decimal(least), maximum=Decimal(most))


def _minor_units(currency: str) -> int:
    places = MINOR_UNITS.get(currency)
    if places is None:
        raise Refusal(conversion_failed, currency, "a currency", "an ISO 4217 code such as AUD")
    return places


@CATALOGUE.function(
    _CURRENCY,
    returns=_units,
    examples=(
        Example('minor_units("AUD")', "2"),
        Example('minor_units("JPY")', "0"),
        Example('minor_units("KWD")', "3"),
        Example('minor_units("dollars")', error="M704"),
    ),
    reads="the decimal places of the currency {currency}",
    used_for="tolerances of a document in its own currency",
)
def minor_units(currency: str) -> Decimal:
    """Return how many decimal places a currency has."""
    return Decimal(_minor_units(currency))


def _rounded(arguments: Arguments) -> Number:
    amount, (least, most) = known_number(arguments, "amount"), _places(arguments)
    low, high = amount.minimum, amount.maximum
    ways = range(least, most + 1)
    return Number(
        scale=most,
        unit=MONEY,
        minimum=None if low is None else sure_bound(lambda: min(_each_way(low, ways))),
        maximum=None if high is None else sure_bound(lambda: max(_each_way(high, ways))),
    )


def _each_way(amount: Decimal, ways: Iterable[int]) -> Iterator[Decimal]:
    return (round_places(amount, each, "half_up") for each in ways)


@CATALOGUE.function(
    _AMOUNT,
    _CURRENCY,
    returns=_rounded,
    examples=(
        Example('round_money(25.065, "AUD")', "25.07"),
        Example('round_money(1250.5, "JPY")', "1251"),
        Example('round_money(2.5, "KWD")', "2.500"),
        Example('round_money(2.5, "aud")', error="M704"),
    ),
    reads="{amount}, rounded half up to the smallest unit of {currency}",
    used_for="amounts in the currency of the document",
)
def round_money(amount: Decimal, currency: str) -> Decimal:
    """Round an amount half up to the smallest unit of its currency."""
    return round_places(amount, _minor_units(currency), "half_up")


def _with_tax(arguments: Arguments) -> Number:
    amount, percent = known_number(arguments, "amount"), known_number(arguments, "percent")
    least = _sign(amount, percent)
    if amount.scale is None or percent.scale is None:
        return Number(unit=MONEY, minimum=least)
    return Number(scale=amount.scale + percent.scale + 2, unit=MONEY, minimum=least)


def _sign(amount: Number, percent: Number) -> Decimal | None:
    """Return the smallest amount after tax, which keeps the sign of what it is added to."""
    low, rate = amount.minimum, percent.minimum
    sure = low is not None and low >= 0 and rate is not None and rate >= 0
    return Decimal(0) if sure else None


def _share(percent: Decimal) -> Decimal:
    """Return 1 plus the rate as a fraction."""
    return add(Decimal(1), multiply(percent, _HUNDREDTH))


@CATALOGUE.function(
    _AMOUNT,
    _PERCENT,
    returns=_with_tax,
    examples=(
        Example("add_tax(100.00, 15)", "115.0000"),
        Example("add_tax(25.06, 12.5) | round_half_up(places=2)", "28.19"),
        Example('add_tax(100.00, "15%")', error="M404"),
    ),
    reads="{amount}, with {percent} percent of tax added",
    used_for="prices without tax towards systems that want them with tax",
)
def add_tax(amount: Decimal, percent: Decimal) -> Decimal:
    """Add a tax to an amount; every digit is kept, so round the result."""
    return multiply(amount, _share(percent))


@CATALOGUE.function(
    _AMOUNT,
    _PERCENT,
    returns=lambda arguments: Number(
        unit=MONEY,
        minimum=_sign(known_number(arguments, "amount"), known_number(arguments, "percent")),
    ),
    examples=(
        Example("remove_tax(115.00, 15)", "100"),
        Example("remove_tax(110.00, 10) | round_half_up(places=2)", "100.00"),
        Example("remove_tax(100.00, -100)", error="M701"),
    ),
    reads="{amount}, with {percent} percent of tax taken out",
    used_for="actionstep rates and disbursements whose price includes tax",
)
def remove_tax(amount: Decimal, percent: Decimal) -> Decimal:
    """
    Take the tax out of an amount that includes it.

    This is a division, so the result has no end of places and must be rounded before it
    is sent. The tax itself is what the rounded result lacks of the amount.
    """
    return divide(amount, _share(percent))
