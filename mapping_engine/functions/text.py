"""
Work on a text: its blanks, case and length.

Each declaration also says what becomes of the text's type, so that a field's length and
enum can be proved: lengths count characters, and upper and lower case keep them, since the
few letters whose other case is longer (ß, İ) stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from msgspec.structs import replace as change

from mapping_engine.functions.arguments import (
    constant,
    constant_whole,
    known_number,
    known_text,
    mapped,
    whole,
    within_limit,
)
from mapping_engine.functions.catalogue import Arguments, Example, Inline, Parameter
from mapping_engine.functions.registry import CATALOGUE
from mapping_engine.source.limits import DEFAULT_LIMITS
from mapping_engine.values.types import TEXT, Number, Text

__all__ = ["left", "length", "lower", "pad_left", "replace", "squeeze", "trim", "truncate",
           "upper"]  # fmt: skip

_LONGEST = DEFAULT_LIMITS.text_size
_COUNT = Number(scale=0, minimum=Decimal(1), maximum=Decimal(_LONGEST))
_TEXT = Parameter("text", TEXT, "The text to work on.")
#: Formats that upper or lower case cannot break.
_CASELESS = ("email", "idn-email", "uuid")


def _count(arguments: Arguments) -> int | None:
    """Return a constant number of characters, when it is one that the body takes."""
    count = constant_whole(arguments, "length")
    return count if count is not None and 1 <= count <= _LONGEST else None


def _has_count(arguments: Arguments) -> bool:
    return _count(arguments) is not None


def _trimmed(arguments: Arguments) -> Text:
    text = known_text(arguments)
    shortest = 0 if text.blank else 1
    return change(mapped(text, str.strip), min_length=shortest, format=text.format)


@CATALOGUE.function(
    _TEXT,
    returns=_trimmed,
    examples=(
        Example('trim("  Smith & Co ")', '"Smith & Co"'),
        Example('trim("Smith  v  Jones")', '"Smith  v  Jones"'),
        Example("trim(12)", error="M404"),
    ),
    reads="{text}, without blanks around it",
    used_for="soluno time_entry: narratives, and e-mails before a look-up",
    inline=Inline("text.strip()"),
)
def trim(text: str) -> str:
    """Take the blanks away at both ends of a text."""
    return text.strip()


def _other_case(body: Callable[[str], str]) -> Callable[[Arguments], Text]:
    def returns(arguments: Arguments) -> Text:
        text = known_text(arguments)
        kept = text.format if text.format in _CASELESS else None
        return change(mapped(text, body), format=kept)

    return returns


def _letters(text: str, other_case: Callable[[str], str]) -> str:
    """Return the text in its other case, leaving a letter alone that would become several."""
    whole_text = other_case(text)
    if len(whole_text) == len(text):
        return whole_text
    single = ((letter, other_case(letter)) for letter in text)
    return "".join(other if len(other) == 1 else letter for letter, other in single)


def _lower(text: str) -> str:
    return _letters(text, str.lower)


def _upper(text: str) -> str:
    return _letters(text, str.upper)


@CATALOGUE.function(
    _TEXT,
    returns=_other_case(_lower),
    examples=(
        Example('lower("Anna.Berg@Harbour.Law")', '"anna.berg@harbour.law"'),
        Example('"No Charge" | lower', '"no charge"'),
        Example("lower(12)", error="M404"),
    ),
    reads="{text}, in small letters",
    used_for="e-mails as match keys",
    inline=Inline("text.lower() if text.isascii() else lower(text)"),
)
def lower(text: str) -> str:
    """Write a text in small letters."""
    return _lower(text)


@CATALOGUE.function(
    _TEXT,
    returns=_other_case(_upper),
    examples=(
        Example('upper("au")', '"AU"'),
        Example('upper("Straße")', '"STRAßE"'),
        Example("upper(2026-01-31)", error="M404"),
    ),
    reads="{text}, in capital letters",
    used_for="actionstep contact: country codes",
    inline=Inline("text.upper() if text.isascii() else upper(text)"),
)
def upper(text: str) -> str:
    """Write a text in capital letters."""
    return _upper(text)


def _squeeze(text: str) -> str:
    return " ".join(_pieces(text))


def _pieces(text: str) -> list[str]:
    """Return the words of a text; an empty one stands for a blank at an end."""
    words = text.split()
    if not words:
        return ["", ""] if text else [""]
    start = [""] if text[0].isspace() else []
    return [*start, *words, *([""] if text[-1].isspace() else [])]


def _squeezed(arguments: Arguments) -> Text:
    text = known_text(arguments)
    return change(mapped(text, _squeeze), min_length=min(1, text.min_length))


@CATALOGUE.function(
    _TEXT,
    returns=_squeezed,
    examples=(
        Example('squeeze("Smith   v    Jones")', '"Smith v Jones"'),
        Example('squeeze("Level 2\\n1 Quay Street")', '"Level 2 1 Quay Street"'),
        Example("squeeze(12)", error="M404"),
    ),
    reads="{text}, with single blanks",
    used_for="quickbooks_online contact: display names; LEDES texts stand on one line",
)
def squeeze(text: str) -> str:
    """Make one blank of each run of blanks, tabs and line ends."""
    return _squeeze(text)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text.strip()[:length].rstrip()


def _truncated(arguments: Arguments) -> Text:
    text, length = known_text(arguments), _count(arguments)
    shortest = 0 if text.blank else 1
    if length is None:
        return Text(blank=text.blank, min_length=shortest, max_length=_most(arguments, text))
    if text.choices is not None:
        return mapped(text, lambda choice: _cut(choice, length))
    if text.max_length is not None and text.max_length <= length:
        return text
    return Text(blank=text.blank, min_length=shortest, max_length=length)


def _most(arguments: Arguments, text: Text) -> int | None:
    """Return the longest result of a text cut at a length that only a record knows."""
    most = known_number(arguments, "length").maximum
    known = [each for each in (text.max_length, most) if each is not None]
    return int(min(known)) if known else None


@CATALOGUE.function(
    _TEXT,
    Parameter("length", _COUNT, "The most characters to keep."),
    returns=_truncated,
    examples=(
        Example('truncate("Advice on the lease", 6)', '"Advice"'),
        Example('truncate("Advice on the lease", 10)', '"Advice on"'),
        Example('truncate("Advice", 4000)', '"Advice"'),
        Example('truncate("Advice", 0)', error="M424"),
        Example('truncate("Advice", "6")', error="M404"),
    ),
    reads="{text}, cut to {length} characters",
    used_for="soluno time_entry, xero and quickbooks_online invoice, ledes: limited lengths",
    inline=Inline("text if len(text) <= length else _cut(text, length)", _has_count),
)
def truncate(text: str, length: Decimal) -> str:
    """
    Cut a text that is too long.

    A text that fits stays as it is. One that is cut has no blanks at its ends, so a text
    with words in it never becomes a blank one.
    """
    return _cut(text, whole(length, 1, _LONGEST))


def _left(arguments: Arguments) -> Text:
    text, length = known_text(arguments), _count(arguments)
    if length is None:
        return Text(min_length=min(1, text.min_length), max_length=_most(arguments, text))
    if text.choices is not None:
        return mapped(text, lambda choice: choice[:length])
    most = length if text.max_length is None else min(length, text.max_length)
    return Text(min_length=min(length, text.min_length), max_length=most)


@CATALOGUE.function(
    _TEXT,
    Parameter("length", _COUNT, "How many characters to take."),
    returns=_left,
    examples=(
        Example('left("Margaret", 1)', '"M"'),
        Example('left("NZ", 5)', '"NZ"'),
        Example('left("Margaret", 1.5)', error="M424"),
    ),
    reads="the first {length} characters of {text}",
    used_for="systems that take a middle initial where others hold the whole name",
    inline=Inline("text[:length]", _has_count),
)
def left(text: str, length: Decimal) -> str:
    """Take the first characters of a text, blanks included."""
    return text[: whole(length, 1, _LONGEST)]


def _length(arguments: Arguments) -> Number:
    text = known_text(arguments)
    most = _LONGEST if text.max_length is None else text.max_length
    return Number(scale=0, minimum=Decimal(text.min_length), maximum=Decimal(most))


@CATALOGUE.function(
    _TEXT,
    returns=_length,
    examples=(
        Example('length("INV-2041")', "8"),
        Example('length("")', "0"),
        Example("length([1, 2])", error="M404"),
    ),
    reads="the number of characters of {text}",
    used_for="warnings about texts that a receiver will cut",
    inline=Inline("Decimal(len(text))"),
)
def length(text: str) -> Decimal:
    """Count the characters of a text."""
    return Decimal(len(text))


def _replaced(arguments: Arguments) -> Text:
    text, new = known_text(arguments), known_text(arguments, "new")
    old, word = constant(arguments, "old"), constant(arguments, "new")
    most = None
    if isinstance(old, str) and isinstance(word, str):
        if text.choices is not None:
            return mapped(text, lambda choice: _replace(choice, old, word))
        most = _longest_replaced(text.max_length, old, word)
    grows = isinstance(old, str) and new.min_length >= len(old)
    blank = text.blank or new.blank
    return Text(
        blank=blank,
        min_length=text.min_length if grows else 0 if blank else 1,
        max_length=most,
    )


def _only_shrinks(arguments: Arguments) -> bool:
    old, new = constant(arguments, "old"), constant(arguments, "new")
    return isinstance(old, str) and isinstance(new, str) and 0 < len(old) >= len(new)


def _longest_replaced(longest: int | None, old: str, new: str) -> int | None:
    if longest is None or not old:
        return longest
    return longest + max(0, len(new) - len(old)) * (longest // len(old))


def _replace(text: str, old: str, new: str) -> str:
    if not old:
        return text
    within_limit(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


@CATALOGUE.function(
    _TEXT,
    Parameter("old", TEXT, "What to look for; an empty text finds nothing."),
    Parameter("new", TEXT, "What to write in its place."),
    returns=_replaced,
    examples=(
        Example('replace("Smith: estate", ":", "-")', '"Smith- estate"'),
        Example('replace("M 113", " ", "")', '"M113"'),
        Example('replace("Smith", ":", 1)', error="M404"),
    ),
    reads="{text}, with {new} for {old}",
    used_for="quickbooks_online contact: names without colons",
    inline=Inline("text.replace(old, new)", _only_shrinks),
)
def replace(text: str, old: str, new: str) -> str:
    """Write `new` wherever `old` stands in a text."""
    return _replace(text, old, new)


def _padded(arguments: Arguments) -> Text:
    text, count = known_text(arguments), _count(arguments)
    fill = constant(arguments, "fill")
    if count is None or not isinstance(fill, str) or not fill:
        return Text(blank=text.blank, min_length=text.min_length)
    if text.choices is not None:
        return mapped(text, lambda choice: _pad(choice, count, fill))
    most = None if text.max_length is None else max(count, text.max_length)
    return Text(blank=text.blank, min_length=max(count, text.min_length), max_length=most)


def _pad(text: str, count: int, fill: str) -> str:
    missing = count - len(text)
    if missing <= 0 or not fill:
        return text
    return (fill * (missing // len(fill) + 1))[:missing] + text


@CATALOGUE.function(
    _TEXT,
    Parameter("length", _COUNT, "How many characters the text has at least."),
    Parameter("fill", TEXT, "What to put in front.", default="0"),
    returns=_padded,
    examples=(
        Example('pad_left("7", 3)', '"007"'),
        Example('pad_left("00200", 3)', '"00200"'),
        Example('pad_left("7", 3, fill=" ")', '"  7"'),
        Example("pad_left(7, 3)", error="M404"),
    ),
    reads="{text}, filled up in front to {length} characters[ with {fill}]",
    used_for="actionstep contact: area codes are integers there and lose their leading zero",
)
def pad_left(text: str, length: Decimal, fill: str) -> str:
    """Fill a short text up in front, with zeros if nothing else is said."""
    return _pad(text, whole(length, 1, _LONGEST), fill)
