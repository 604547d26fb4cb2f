"""
Hold a text and point into it.

A `Span` is a pair of character offsets into one `SourceText`. Lines and columns
are computed only when somebody wants to see them, so that spans are cheap enough
for every node of every tree.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Generic, TypeVar

from msgspec import Struct

__all__ = ["Located", "Place", "SourceText", "Span"]

T = TypeVar("T")

_LINE_END = re.compile(r"\r\n|\r|\n")


class Place(Struct, frozen=True, order=True):
    """A line and a column, both counted from 1, columns in characters."""

    line: int
    column: int


class SourceText(Struct, frozen=True, eq=False, dict=True):
    """A text with the name under which a person knows it (a path, or `expression`)."""

    name: str
    text: str

    @cached_property
    def _line_starts(self) -> list[int]:
        # Not `splitlines`: editors do not end a line at a form feed or at U+2028.
        return [0, *(found.end() for found in _LINE_END.finditer(self.text))]

    def place(self, offset: int) -> Place:
        """Return the place of the character at `offset` (the end of the text included)."""
        line = bisect_right(self._line_starts, offset)
        return Place(line, offset - self._line_starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """Return line `number` (from 1) without its line end."""
        start = self._line_starts[number - 1]
        following = self._line_starts[number : number + 1]
        return self.text[start : following[0] if following else None].rstrip("\r\n")

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """Return the span from `start` to `end` (the whole text when not given)."""
        return Span(self, start, len(self.text) if end is None else end)


class Span(Struct, frozen=True):
    """The characters from `start` up to, not including, `end` of a source text."""

    source: SourceText
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters of the span."""
        return self.source.text[self.start : self.end]

    @property
    def place(self) -> Place:
        """Where the span begins."""
        return self.source.place(self.start)

    @property
    def end_place(self) -> Place:
        """Where the span ends (the place behind its last character)."""
        return self.source.place(self.end)

    def cover(self, other: Span) -> Span:
        """Return the span from the start of this one to the end of `other`."""
        return Span(self.source, min(self.start, other.start), max(self.end, other.end))

    def inside(self) -> Span:
        """Return the part of the span that lies inside the text."""
        size = len(self.source.text)
        start = max(0, min(self.start, size))
        return Span(self.source, start, max(start, min(self.end, size)))

    def __str__(self) -> str:
        return f"{self.source.name}:{self.place.line}:{self.place.column}"


class Located(Struct, Generic[T], frozen=True):
    """A value together with the place it was written at."""

    value: T
    span: Span
