"""
Look around in a text at the place where the YAML parser gave up.
"""

from __future__ import annotations

import re
from functools import cached_property

from msgspec import Struct

from mapping_engine.source.events import YamlFailure
from mapping_engine.source.node import ScalarNode
from mapping_engine.source.text import SourceText, Span

__all__ = ["Scene"]

_LINE_REST = re.compile(r"[^\r\n]*")
_COMMENT = re.compile(r"(?:^|[ \t])#.*$")


class Scene(Struct, frozen=True, eq=False, dict=True):
    """What is known about a place where the parser gave up.

    `text` is what the parser saw, `last` the last scalar it read, `opening` the place of
    the innermost bracket that is still open.
    """

    source: SourceText
    text: str
    last: ScalarNode | None
    failure: YamlFailure
    opening: int | None = None

    @property
    def problem(self) -> str:
        """The parser's own words."""
        return self.failure.problem

    @cached_property
    def offset(self) -> int:
        """Where the parser gave up."""
        return min(self.failure.offset, len(self.text))

    @cached_property
    def context(self) -> int:
        """Where the piece began that the parser was reading."""
        start = self.failure.context_offset
        return self.offset if start is None else min(start, len(self.text))

    @cached_property
    def found(self) -> str:
        """What the parser met instead of what it expected, when it says so."""
        match = re.search(r"(?:found|got) '(.+)'$", self.problem)
        return match.group(1) if match else ""

    @cached_property
    def line_start(self) -> int:
        """Where the line of the place begins."""
        return self.start_of_line(self.offset)

    @cached_property
    def before(self) -> str:
        """The line up to the place."""
        return self.text[self.line_start : self.offset]

    @property
    def rest_of_source_line(self) -> str:
        """The line of the place as written, before forbidden characters were replaced."""
        match = _LINE_REST.match(self.source.text, self.line_start)
        line = match.group() if match else ""
        return line if self.line_start else line.removeprefix("\ufeff")

    def start_of_line(self, offset: int) -> int:
        """Return where the line of an offset begins."""
        return max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1

    def line_at(self, offset: int) -> str:
        """Return the rest of the line from an offset on, without a comment or blanks at its end."""
        match = _LINE_REST.match(self.text, offset)
        line = match.group() if match else ""
        return _COMMENT.sub("", line).rstrip()

    def line_before(self, offset: int) -> int | None:
        """Return where the last line with words before the line of an offset begins."""
        start = self.start_of_line(offset)
        while start > 0:
            start = self.start_of_line(start - 1)
            if self.line_at(start).strip():
                return start
        return None

    def span(self, start: int, length: int = 1) -> Span:
        """Return a span of at most `length` characters that stays inside the text."""
        end = min(start + length, len(self.text))
        return Span(self.source, min(start, end), end)

    def rest_of_line(self, start: int) -> Span:
        """Return the span from `start` to the end of its line."""
        return self.span(start, max(1, len(self.line_at(start))))

    @property
    def behind(self) -> str:
        """The last character before the place that is no blank, on its line."""
        return self.before.rstrip()[-1:]

    @property
    def quoted(self) -> Span | None:
        """The span of the last scalar, when it stood in quotes right before the place."""
        if self.last is None or not self.last.is_quoted:
            return None
        between = self.text[self.last.span.end : self.offset]
        return self.last.span if not between.strip() else None
