"""
Look at an expression around the place where reading stopped.

The text is cut into words, numbers, texts and signs once more, this time taking anything,
so that a mistake can be recognised by what stands before and behind the stop. Signs of other
languages (`&&`, `<>`) are kept in one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from mapping_engine.language.passage import Passage
from mapping_engine.source.text import Span

if TYPE_CHECKING:
    from lark import UnexpectedInput

__all__ = ["COMPARISONS", "RESERVED", "Kind", "Sign", "Stop"]

RESERVED: Final = frozenset(
    ["if", "then", "else", "and", "or", "not", "in", "is", "true", "false", "null"]
)
COMPARISONS: Final = frozenset(["==", "!=", "<", "<=", ">", ">="])
_WORDS_WITH_A_VALUE: Final = frozenset(["true", "false", "null"])
_SCAN: Final = re.compile(
    r"""
      (?P<TEXT>   "(?:[^"\\\n]|\\[^\n])*" | '(?:[^'\\\n]|\\[^\n])*' )
    | (?P<OPEN_TEXT> ["'][^\n]* )
    | (?P<NUMBER> [0-9]{4}-[0-9]{2}-[0-9]{2}(?:[0-9A-Za-z_.][0-9A-Za-z_.:+-]*)?
                | [0-9][0-9A-Za-z_]*(?:\.[0-9A-Za-z_]+)*\.? )
    | (?P<WORD>   [^\W\d]\w*\#? )
    | (?P<SIGN>   === | !== | == | != | <= | >= | <> | >< | => | =< | =! | && | \|\| | \?\? | \?\.
                | \*\* | // | := | -> | :: | \.\. | \+\+ | [^ \t\r\n] )
    """,
    re.VERBOSE,
)


class Kind(Enum):
    """What a piece of an expression looks like."""

    TEXT = auto()
    OPEN_TEXT = auto()
    NUMBER = auto()
    WORD = auto()
    MEMBER = auto()
    SIGN = auto()
    END = auto()


class Sign(NamedTuple):
    """One word, number, text or sign with its place in the passage."""

    kind: Kind
    text: str
    start: int
    end: int

    def says(self, *words: str) -> bool:
        """Whether this is one of these signs or words, and not a member behind a dot."""
        return self.text in words and self.kind in (Kind.WORD, Kind.SIGN)

    @property
    def is_name(self) -> bool:
        """Whether this is a word that the language does not keep for itself."""
        return self.kind is Kind.WORD and self.text not in RESERVED

    @property
    def begins_value(self) -> bool:
        """Whether a value can begin with this."""
        if self.kind is Kind.SIGN:
            return self.text in ("(", "[")
        is_value = self.is_name or self.text in _WORDS_WITH_A_VALUE
        return is_value or self.kind in (Kind.TEXT, Kind.NUMBER)


class Stop(Struct, frozen=True, dict=True):
    """The place where reading stopped: sign number `at`; the number of signs is the end."""

    passage: Passage
    signs: tuple[Sign, ...]
    at: int
    expected: frozenset[str]

    @classmethod
    def of(cls, error: UnexpectedInput, passage: Passage) -> Stop:
        """Return the stop that an error of the grammar means."""
        signs = tuple(_signs(passage.text))
        token = getattr(error, "token", None)
        place = error.pos_in_stream or 0
        if token is not None and token.type == "$END":
            place = len(passage.text)
        at = next((i for i, sign in enumerate(signs) if place < sign.end), len(signs))
        expected = getattr(error, "expected", None) or getattr(error, "allowed", None) or ()
        return cls(passage, signs, at, frozenset(expected))

    @cached_property
    def here(self) -> Sign:
        """The sign that could not be read."""
        return self.sign(self.at)

    @cached_property
    def before(self) -> Sign:
        """The sign before it."""
        return self.sign(self.at - 1)

    @cached_property
    def after(self) -> Sign:
        """The sign behind it."""
        return self.sign(self.at + 1)

    def sign(self, number: int) -> Sign:
        """Return a sign by its number; beyond both ends there is an empty one."""
        if 0 <= number < len(self.signs):
            return self.signs[number]
        end = 0 if number < 0 else self.passage.end
        return Sign(Kind.END, "", end, end)

    @property
    def takes_value(self) -> bool:
        """Whether a value could have stood here."""
        return "NUMBER" in self.expected

    @property
    def is_end(self) -> bool:
        """Whether the text ended too early."""
        return self.at == len(self.signs)

    def span(self, first: Sign, last: Sign | None = None) -> Span:
        """Return the span from one sign to another."""
        if first.kind is Kind.END:
            return self.passage.end_span() if first.end else self.passage.span(0, 0)
        return self.passage.span(first.start, (last or first).end)

    @cached_property
    def open_brackets(self) -> tuple[int, ...]:
        """The numbers of the brackets before the stop that are still open, outermost first."""
        found: list[int] = []
        for number, sign in enumerate(self.signs[: self.at]):
            if sign.says("(", "["):
                found.append(number)
            elif sign.says(")", "]") and found:
                found.pop()
        return tuple(found)

    def level(self, *words: str) -> list[int]:
        """Return the numbers of the signs before the stop that stand beside it.

        They reach back to the bracket, comma or one of `words` that begins what is being
        read; of what stands in brackets of its own only the closing one is among them. The
        number of what bounds the level comes first (-1 for the beginning of the text).
        """
        depth = 0
        found: list[int] = []
        for number in range(self.at - 1, -1, -1):
            sign = self.signs[number]
            if depth == 0 and sign.says("(", "[", ",", "=", *words):
                return [number, *reversed(found)]
            if depth == 0:
                found.append(number)
            depth += sign.says(")", "]") - sign.says("(", "[")
        return [-1, *reversed(found)]

    def end_of_level(self, *words: str) -> int:
        """Return where what is being read ends: at a closing bracket, a comma or one of `words`."""
        depth = 0
        for sign in self.signs[self.at :]:
            if not depth and sign.says(")", "]", ",", *words) and sign is not self.here:
                return sign.start
            depth += sign.says("(", "[") - sign.says(")", "]")
        return self.passage.end

    def open_choices(self) -> list[tuple[Sign, str]]:
        """Return the choices begun before the stop, each with the word that has to come next."""
        found: list[tuple[Sign, str]] = []
        for number in self.level()[1:]:
            sign = self.signs[number]
            if sign.says("if"):
                found.append((sign, "then"))
            elif sign.says("then") and found:
                found[-1] = (found[-1][0], "else")
            elif sign.says("else") and found:
                found.pop()
        return found


def _signs(text: str) -> Iterator[Sign]:
    previous = ""
    for found in _SCAN.finditer(text):
        kind = Kind[found.lastgroup or "SIGN"]
        if kind is Kind.WORD and previous == ".":
            kind = Kind.MEMBER
        previous = found.group()
        yield Sign(kind, previous, found.start(), found.end())
