"""
Hold a piece of an expression's text and know where each character stands in its scalar.

An expression is a passage, and so is each hole of a text: cutting, and taking escapes out,
give passages again, so that a name inside a hole inside a text still has its exact place in
the file.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.source.node import ScalarNode
from mapping_engine.source.text import Span

__all__ = ["Mistaken", "Passage"]


class Mistaken(Exception):
    """Stop reading an expression: it holds a mistake. Caught where the reading began."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class Passage(Struct, frozen=True):
    """A text cut out of a scalar.

    `offsets[i]` is the place of character `i` in the file, with one more for the end; None
    when that cannot be told, and then every span is the whole scalar.
    """

    scalar: ScalarNode
    text: str
    offsets: Sequence[int] | None

    @classmethod
    def whole(cls, scalar: ScalarNode) -> Passage:
        """Return the whole text of a scalar."""
        return cls(scalar, scalar.text, scalar.offsets)

    def span(self, start: int, end: int) -> Span:
        """Return the span in the file of the characters from `start` to `end`."""
        offsets, whole = self.offsets, self.scalar.span
        if offsets is None:
            return whole
        first = offsets[start]
        return Span(whole.source, first, offsets[end - 1] + 1 if start < end else first)

    def cut(self, start: int, end: int) -> Passage:
        """Return the characters from `start` to `end` as a passage."""
        offsets = self.offsets[start : end + 1] if self.offsets is not None else None
        return Passage(self.scalar, self.text[start:end], offsets)

    @property
    def end(self) -> int:
        """The place behind the last character that is not a blank."""
        return len(self.text.rstrip(" \t\r\n"))

    def end_span(self) -> Span:
        """Return the empty span behind the last character that is not a blank."""
        if not self.end:
            return self.span(0, 0)
        last = self.span(self.end - 1, self.end)
        return last if self.offsets is None else Span(last.source, last.end, last.end)
