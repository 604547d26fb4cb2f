"""
Take a value as it must be, or refuse it: nothing is cut off, rounded or guessed.

The derived way back of a two-way mapping is written with these: it gives back what the way
out was made of, and refuses what the way out cannot have made.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from mapping_engine.functions.arguments import (
    constant,
    constant_whole,
    known_number,
    known_text,
    whole,
    within_items,
)
from mapping_engine.functions.catalogue import Arguments, Example, Parameter
from mapping_engine.functions.registry import CATALOGUE
from mapping_engine.values.number import plain, round_places
from mapping_engine.values.problems import conversion_failed, out_of_range
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import NUMBER, TEXT, List, Number, Text

__all__ = ["exactly", "one_of", "parts", "without_end", "without_start"]

_MOST_PLACES = 12
_TEXT = Parameter("text", TEXT, "The text to work on.")


def _shorter(arguments: Arguments) -> Text:
    return Text(blank=False, min_length=1, max_length=known_text(arguments).max_length)


@CATALOGUE.function(
    _TEXT,
    Parameter("start", TEXT, "What it must begin with.", constant=True),
    returns=_shorter,
    examples=(
        Example('without_start("M-113", "M-")', '"113"'),
        Example('without_start("M-M-113", "M-")', '"M-113"'),
        Example('without_start("113", "M-")', error="M704"),
        Example('without_start(113, "M-")', error="M404"),
    ),
    reads="{text}, without {start} at its start",
    used_for='the way back of a text such as "M-{number}"',
)
def without_start(text: str, start: str) -> str:
    """Take its beginning away from a text; refuse one that begins otherwise or holds no more."""
    rest = text.removeprefix(start)
    if not text.startswith(start) or not rest.strip():
        raise Refusal(conversion_failed, text, f"a text that begins with `{start}` and goes on")
    return rest


@CATALOGUE.function(
    _TEXT,
    Parameter("end", TEXT, "What it must end with.", constant=True),
    returns=_shorter,
    examples=(
        Example('without_end("Quill Ltd (Supplier)", " (Supplier)")', '"Quill Ltd"'),
        Example('without_end("12 h", " h")', '"12"'),
        Example('without_end("Quill Ltd", " (Supplier)")', error="M704"),
    ),
    reads="{text}, without {end} at its end",
    used_for='the way back of a text such as "{display_name} (Supplier)"',
)
def without_end(text: str, end: str) -> str:
    """Take its end away from a text; refuse one that ends otherwise or holds no more."""
    rest = text.removesuffix(end)
    if not text.endswith(end) or not rest.strip():
        raise Refusal(conversion_failed, text, f"a text that ends with `{end}`")
    return rest


def _of_places(arguments: Arguments) -> Number:
    return replace(known_number(arguments), scale=constant_whole(arguments, "places"))


@CATALOGUE.function(
    Parameter("number", NUMBER, "The number to take."),
    Parameter("places", Number(scale=0, minimum=Decimal(0), maximum=Decimal(_MOST_PLACES)),
              "The most decimal places it may have."),
    returns=_of_places,
    examples=(
        Example("exactly(90 / 60, places=2)", "1.5"),
        Example("exactly(1.250, places=2)", "1.25"),
        Example("exactly(100 / 60, places=2)", error="M705"),
        Example('exactly("1.5", places=2)', error="M404"),
    ),
    reads="{number}, if it has no more than {places} decimal places",
    used_for="the way back of a number of hours that is sent in minutes",
)  # fmt: skip
def exactly(number: Decimal, places: Decimal) -> Decimal:
    """Take a number as it is; refuse one that would have to be rounded to so many places."""
    most = whole(places, 0, _MOST_PLACES)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= most:
        return number
    written = round_places(number, most, "down")
    if written != number:
        raise Refusal(out_of_range, plain(number), f"a number of at most {most} decimal places")
    return written


def _chosen(arguments: Arguments) -> Text:
    words = constant(arguments, "words")
    if not isinstance(words, list):
        return Text()
    choices = tuple(dict.fromkeys(each for each in words if isinstance(each, str)))
    lengths = [len(each) for each in choices]
    return Text(
        choices=choices,
        blank=any(not each.strip() for each in choices),
        min_length=min(lengths, default=0),
        max_length=max(lengths, default=0),
    )


@CATALOGUE.function(
    _TEXT,
    Parameter("words", List(item=TEXT), "The words that it can be.", constant=True),
    returns=_chosen,
    examples=(
        Example('one_of("open", ["open", "closed"])', '"open"'),
        Example('one_of("closed", ["open", "closed"])', '"closed"'),
        Example('one_of("Open", ["open", "closed"])', error="M704"),
        Example('one_of(1, ["open"])', error="M404"),
    ),
    reads="{text}, if it is one of {words}",
    used_for="the way back of a word that the other system keeps as free text",
)
def one_of(text: str, words: list[str]) -> str:
    """Take a text that is one of some words; refuse any other."""
    if text not in words:
        raise Refusal(conversion_failed, text, f"one of {', '.join(f'`{each}`' for each in words)}")
    return text


@CATALOGUE.function(
    _TEXT,
    Parameter("separator", TEXT, "What stands between two parts.", constant=True),
    returns=List(item=Text(blank=False, min_length=1)),
    examples=(
        Example('parts("research; advice", "; ")', '["research", "advice"]'),
        Example('parts("research ;advice", ";")', '["research ", "advice"]'),
        Example('parts("", "; ")', "[]"),
        Example('parts("research; ; advice", "; ")', error="M704"),
        Example('parts(1, "; ")', error="M404"),
    ),
    reads="{text}, taken apart at {separator}",
    used_for="the way back of words that are sent in one text",
)
def parts(text: str, separator: str) -> list[str]:
    """Take a text apart at a separator, and nothing away; refuse one with a part that is blank."""
    if not text:
        return []
    found = text.split(separator) if separator else [text]
    if not all(each.strip() for each in found):
        raise Refusal(conversion_failed, text, f"parts with `{separator}` between them")
    return within_items(found)
