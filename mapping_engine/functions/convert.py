"""
Turn a value of one type into another, exactly or not at all.

Nothing is guessed and nothing is rounded: what cannot be read as it stands is refused.
"""

from __future__ import annotations

from decimal import Decimal

from mapping_engine.functions.arguments import (
    constant_whole,
    known_number,
    mapped,
    sure_bound,
    whole,
)
from mapping_engine.functions.catalogue import Arguments, Example, Parameter
from mapping_engine.functions.problems import not_one_value
from mapping_engine.functions.registry import CATALOGUE
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.values.number import parse_number, plain, round_places
from mapping_engine.values.problems import conversion_failed, out_of_range
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.textform import text_of
from mapping_engine.values.types import (
    BOOLEAN,
    NUMBER,
    TEXT,
    UNKNOWN,
    Boolean,
    Date,
    DateTime,
    List,
    Number,
    Object,
    Text,
)
from mapping_engine.values.value import MISSING, Value

__all__ = ["format_number", "to_boolean", "to_number", "to_text"]

_MOST_PLACES = 12


def _one_value(arguments: Arguments) -> Diagnostic | None:
    kind = arguments["value"].type
    if isinstance(kind, List | Object):
        return not_one_value(None, "to_text", "list" if isinstance(kind, List) else "object")
    return None


def _text_of(arguments: Arguments) -> Text:
    match arguments["value"].type:
        case Text() as text:
            return text
        case Number(scale=int(scale)) as number:
            return _numeral(number, scale)
        case Boolean():
            return mapped(Text(choices=("true", "false")), str)
        case Date():
            return Text(blank=False, min_length=10, max_length=10, format="date")
        case DateTime():
            return Text(blank=False, min_length=20, format="date-time")
        case _:
            return Text(blank=False, min_length=1)


def _numeral(number: Number, scale: int) -> Text:
    """Return the type of a number written out with at most `scale` decimal places."""
    widths = [_width(each) for each in (number.minimum, number.maximum)]
    known = [each for each in widths if each is not None]
    longest = max(known) + scale + 1 if len(known) == len(widths) else None
    return Text(blank=False, min_length=1, max_length=longest)


def _width(bound: Decimal | None) -> int | None:
    """Return how many characters the whole part of a bound has."""
    if bound is None:
        return None
    whole_part = sure_bound(lambda: round_places(bound, 0, "up"))
    return None if whole_part is None else len(plain(whole_part))


@CATALOGUE.function(
    Parameter("value", UNKNOWN, "A text, number, date, instant, or yes or no."),
    returns=_text_of,
    check=_one_value,
    examples=(
        Example("to_text(64)", '"64"'),
        Example("to_text(12.50)", '"12.50"'),
        Example("to_text(2026-01-31)", '"2026-01-31"'),
        Example("to_text(true)", '"true"'),
        Example("to_text([1, 2])", error="M452"),
    ),
    reads="{value}, as a text",
    used_for="actionstep: ids and area codes are numbers there and texts here",
)
def to_text(value: Value) -> str:
    """Write any single value as a text, the way a text with a hole in it writes it."""
    return text_of(value)


_PLACES = Number(scale=0, minimum=Decimal(0), maximum=Decimal(_MOST_PLACES))


def _read_number(arguments: Arguments) -> Number:
    return Number(scale=constant_whole(arguments, "places"))


@CATALOGUE.function(
    Parameter("text", TEXT, "Digits, with a point and a minus where needed."),
    Parameter("places", _PLACES, "The most decimal places it may have.",
              default=MISSING, takes_nothing=True),
    returns=_read_number,
    examples=(
        Example('to_number("1250.50")', "1250.50"),
        Example('to_number("64", places=0)', "64"),
        Example('to_number("1,250.50")', error="M704"),
        Example('to_number("6.4", places=0)', error="M705"),
        Example("to_number(64)", error="M404"),
    ),
    reads="{text}, read as a number[ with at most {places} decimal places]",
    used_for="actionstep contact: country codes; ledes: the total of a column",
)  # fmt: skip
def to_number(text: str, places: Value) -> Decimal:
    """
    Read a number from a text.

    Only plain digits count: no blanks, no thousands separators, no currency. With `places`
    a number with more decimal places is refused, so it suits a field that holds no more.
    """
    number = parse_number(text)
    if number is None:
        raise Refusal(conversion_failed, text, "a number", "digits such as 1250.50")
    if not isinstance(places, Decimal):
        return number
    most = whole(places, 0, _MOST_PLACES)
    exponent = number.as_tuple().exponent
    return number if isinstance(exponent, int) and -exponent <= most else _with_places(number, most)


def _with_places(number: Decimal, places: int) -> Decimal:
    """Return the number with so many decimal places, or refuse to cut digits off."""
    written = round_places(number, places, "down")
    if written != number:
        expected = f"a number of at most {places} decimal places"
        raise Refusal(out_of_range, plain(number), expected)
    return written


def _formatted(arguments: Arguments) -> Text:
    places = constant_whole(arguments, "places")
    most = places if places is not None and 0 <= places <= _MOST_PLACES else _MOST_PLACES
    return _numeral(known_number(arguments), most)


@CATALOGUE.function(
    Parameter("number", NUMBER, "The number to write."),
    Parameter("places", _PLACES, "How many decimal places to write."),
    returns=_formatted,
    examples=(
        Example("format_number(110, places=4)", '"110.0000"'),
        Example("format_number(-0.5, places=2)", '"-0.50"'),
        Example("format_number(0.125, places=2)", error="M705"),
        Example('format_number("110", places=2)', error="M404"),
    ),
    reads="{number}, written with {places} decimal places",
    used_for="ledes invoice: amounts with four decimal places",
)
def format_number(number: Decimal, places: Decimal) -> str:
    """
    Write a number with so many decimal places.

    Nothing is rounded here: a number with more digits is refused, so round it by name first.
    """
    return plain(_with_places(number, whole(places, 0, _MOST_PLACES)))


_YES = frozenset(("t", "true", "y", "yes", "1"))
_NO = frozenset(("f", "false", "n", "no", "0"))


@CATALOGUE.function(
    Parameter("text", TEXT, "T or F, true or false, yes or no, Y or N, 1 or 0."),
    returns=BOOLEAN,
    examples=(
        Example('to_boolean("T")', "true"),
        Example('to_boolean(" no ")', "false"),
        Example('to_boolean("maybe")', error="M704"),
        Example("to_boolean(1)", error="M404"),
    ),
    reads="{text}, read as yes or no",
    used_for="actionstep: every yes or no is T or F",
)
def to_boolean(text: str) -> bool:
    """Read yes or no from the words that systems use for it, in any case."""
    word = text.strip().lower()
    if word not in _YES and word not in _NO:
        raise Refusal(conversion_failed, text, "yes or no", "T or F, true or false, 1 or 0")
    return word in _YES
