"""
Lay an explanation out for reading.

Every field is a paragraph: its value, and indented what led to it, with the places in a
column of their own at the right. What was told in full under an earlier field is not told
again; the line says where.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from mapping_engine.source.render import render_text
from mapping_engine.source.text import Span
from mapping_engine.values.json import encode
from mapping_engine.values.value import MISSING, Value
from mapping_engine.workbench.explain import Explanation, Line, Told
from mapping_engine.workbench.facts import HIDDEN

__all__ = ["as_text"]

_STEP = 2  # how far each level is indented
_WORD = 8  # as long as the longest word
_LEAST = 30  # a text is never set narrower than this


def as_text(explanation: Explanation, about: str, width: int = 100) -> str:
    """Return the explanation as people read it; `about` says which record it is."""
    page = _Page(width)
    head = [*page.wrapped(explanation.headline, ""), *page.wrapped(about, "")]
    blocks = ["\n".join(head)]
    blocks += [render_text([each.diagnostic]) for each in explanation.reasons]
    blocks += [page.block(each) for each in explanation.decided]
    blocks += [page.block(each) for each in explanation.fields]
    if explanation.left_out:
        blocks.append("Left out:")
        blocks += [page.block(each) for each in explanation.left_out]
    return "\n\n".join(blocks)


class _Page(Struct, frozen=True):
    """A page under way: how wide it is, and under which heading a thing was told."""

    width: int
    told: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def block(self, told: Told) -> str:
        """Return the paragraph of one field or decision."""
        title = told.name if told.value is MISSING else f"{told.name} = {_shown(told.value)}"
        lines = self.wrapped(title, " " * 4)
        return "\n".join([*lines, *self._lines(told.lines, told.name, 1)])

    def _lines(self, lines: Sequence[Line], name: str, depth: int) -> Iterator[str]:
        last = ""
        for line in lines:
            if not line.lines:
                place = _place(line.at)
                yield from self._row(line, "" if place == last else place, depth)
                last = place or last
                continue
            key = line.word, line.text, _shown(line.value)
            first = self.told.setdefault(key, name)
            if first == name:
                yield from self._row(line, _place(line.at), depth)
                yield from self._lines(line.lines, name, depth + 1)
            else:
                yield from self._row(line, f"(see {first})", depth)

    def _row(self, line: Line, place: str, depth: int) -> Iterator[str]:
        text = f"{line.text} = {_shown(line.value)}" if line.has_value else line.text
        before = f"{' ' * (_STEP * depth)}{line.word:<{_WORD}} "
        rows = self.wrapped(before + text, " " * len(before))
        if not place:
            yield from rows
            return
        gap = self.width - len(rows[-1]) - len(place)
        if gap >= 2:
            yield from rows[:-1]
            yield rows[-1] + " " * gap + place
        else:
            yield from rows
            yield place.rjust(self.width)

    def wrapped(self, text: str, indent: str) -> list[str]:
        """Return a text in rows that fit the page, all but the first indented."""
        width = max(self.width, len(indent) + _LEAST)
        return textwrap.wrap(
            text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False,
            drop_whitespace=True, replace_whitespace=False,
        )  # fmt: skip


def _place(span: Span | None) -> str:
    return f"{span.source.name}:{span.place.line}" if span is not None else ""


def _shown(value: Value) -> str:
    if value is MISSING:
        return "absent"
    return HIDDEN if value == HIDDEN else encode(value)
