"""
What a YAML text is made of once it has been read: scalars, lists and mappings with places.

Every scalar keeps how it was written (its style and its own characters), because a
pack asks for both: not quoted is an expression, quoted is a text, and a field that a
schema calls text takes the characters as typed (`00200`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from msgspec import Struct

from mapping_engine.source.text import SourceText, Span

__all__ = ["Document", "Entry", "MappingNode", "Node", "ScalarNode", "SequenceNode", "Style"]


class Style(Enum):
    """How a scalar was written."""

    PLAIN = "plain"
    SINGLE = "'"
    DOUBLE = '"'
    LITERAL = "|"
    FOLDED = ">"


class ScalarNode(Struct, frozen=True, eq=False):
    """One scalar.

    `text` is the scalar's own characters after YAML's folding and unescaping.
    `value` is what YAML 1.2 core makes of a plain scalar (None, bool, Decimal or the
    text); a quoted or block scalar is always its text.
    `offsets[i]` is the file offset of character `i` of `text` (one more entry for the
    end); None when backslash escapes make that impossible.
    """

    span: Span
    text: str
    style: Style
    value: bool | Decimal | str | None
    offsets: Sequence[int] | None = None
    in_flow: bool = False

    @property
    def is_quoted(self) -> bool:
        """Whether the scalar stands in quotes (and so is a text, not an expression)."""
        return self.style in (Style.SINGLE, Style.DOUBLE)

    def part(self, start: int, end: int) -> Span:
        """Return the span in the file of the characters `start` to `end` of `text`."""
        if self.offsets is None:
            return self.span
        first = self.offsets[min(start, len(self.text))]
        last = self.offsets[end - 1] + 1 if start < end <= len(self.text) else first
        return Span(self.span.source, first, max(first, last))


class SequenceNode(Struct, frozen=True, eq=False):
    """A YAML list."""

    span: Span
    items: tuple[Node, ...]


class Entry(Struct, frozen=True, eq=False):
    """One key of a mapping with its value."""

    key: ScalarNode
    value: Node


class MappingNode(Struct, frozen=True, eq=False):
    """A YAML mapping, in the order written. Doubled keys have been reported and dropped."""

    span: Span
    entries: tuple[Entry, ...]

    def entry(self, name: str) -> Entry | None:
        """Return the entry of key `name`, if there is one."""
        return next((each for each in self.entries if each.key.text == name), None)

    def get(self, name: str) -> Node | None:
        """Return the value of key `name`, if there is one."""
        found = self.entry(name)
        return found.value if found else None

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode


class Document(Struct, frozen=True, eq=False):
    """A YAML text that has been read. `root` is None when it is empty or cannot be read."""

    source: SourceText
    root: Node | None
