"""
Show the lines of a text with some of their characters underlined.

Everything is counted in columns of a terminal, after tabs were opened and characters
that cannot be shown were replaced, so that marks stand under what they mean. A line
that is too long is cut around its mark.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

from msgspec import Struct

from mapping_engine.source.masking import mask_addresses
from mapping_engine.source.text import SourceText, Span

__all__ = ["Line", "Mark", "excerpt", "visible"]

_WIDEST = 100
_AROUND = 30
_TAB = 4
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


class Mark(Struct, frozen=True):
    """A span to be underlined, with a few words; the main one names the place."""

    span: Span
    text: str
    is_main: bool


class Line(Struct, frozen=True):
    """One line of an excerpt; `is_mark` when it underlines."""

    text: str
    is_mark: bool = False
    is_main: bool = False


class _Cell(Struct, frozen=True):
    """One character as shown, and how many columns it takes."""

    text: str
    width: int


class _Window(Struct, frozen=True):
    """The cells of a line that are shown; `moved` leads from a place in the line to its cell."""

    cells: list[_Cell]
    moved: int


def visible(text: str) -> str:
    """Return a text as it may be shown on one line of a terminal."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if each in "\t\r\n" else _cell(each).text for each in text)


def excerpt(marks: Sequence[Mark]) -> tuple[list[Line], int]:
    """Return the lines that show all marks, and how wide the numbers before them are.

    The first mark's place heads the excerpt; marks in other files follow under their own.
    """
    marks = [Mark(each.span.inside(), each.text, each.is_main) for each in marks]
    numbers = [each.span.place.line for each in marks]
    gutter = max(2, len(str(max(numbers))))
    lines = []
    for position, (source, group) in enumerate(_by_source(marks)):
        arrow = "-->" if position == 0 else ":::"
        lines.append(Line(f"{' ' * gutter}{arrow} {visible(str(group[0].span))}"))
        lines.append(Line(f"{' ' * gutter} |"))
        lines += _group_lines(source, group, gutter)
    return lines, gutter


def _by_source(marks: list[Mark]) -> list[tuple[SourceText, list[Mark]]]:
    groups: dict[int, tuple[SourceText, list[Mark]]] = {}
    for mark in marks:
        source = mark.span.source
        groups.setdefault(id(source), (source, []))[1].append(mark)
    return list(groups.values())


def _group_lines(source: SourceText, marks: list[Mark], gutter: int) -> list[Line]:
    by_line: dict[int, list[Mark]] = {}
    for mark in sorted(marks, key=lambda each: (each.span.place, each.is_main)):
        by_line.setdefault(mark.span.place.line, []).append(mark)
    lines: list[Line] = []
    last = None
    for number, group in by_line.items():
        if last is not None and number > last + 1:
            lines.append(Line("..."))
        last = number
        window = _window(source.line(number), group)
        text = "".join(each.text for each in window.cells)
        lines.append(Line(f"{number:>{gutter}} | {text}".rstrip()))
        lines += [_underline(window, mark, gutter) for mark in group]
    return lines


def _window(line: str, marks: list[Mark]) -> _Window:
    """Return the part of a line that is shown: all of it, or what is around its main mark."""
    cells = [_cell(each) for each in mask_addresses(line)]
    if sum(each.width for each in cells) <= _WIDEST:
        return _Window(cells, 0)
    main = next((each for each in marks if each.is_main), marks[0])
    start = main.span.place.column - 1
    first = max(0, min(start - _AROUND, len(cells) - _WIDEST))
    last = min(len(cells), first + _WIDEST)
    before = [_Cell("…", 1)] if first else []
    after = [_Cell("…", 1)] if last < len(cells) else []
    return _Window([*before, *cells[first:last], *after], len(before) - first)


def _underline(window: _Window, mark: Mark, gutter: int) -> Line:
    size = len(window.cells)
    start = mark.span.place.column - 1 + window.moved
    end = max(0, min(start + mark.span.end - mark.span.start, size))
    start = max(0, min(start, size))
    before = sum(each.width for each in window.cells[:start])
    width = max(1, sum(each.width for each in window.cells[start:end]))
    line = f"{' ' * gutter} | {' ' * before}{('^' if mark.is_main else '-') * width}"
    return Line(f"{line} {visible(mark.text)}".rstrip(), is_mark=True, is_main=mark.is_main)


@cache
def _cell(character: str) -> _Cell:
    if " " <= character <= "~":
        return _Cell(character, 1)
    if character == "\t":
        return _Cell(" " * _TAB, _TAB)
    category = unicodedata.category(character)
    if category in _HIDDEN:
        return _Cell("�", 1)
    if category in ("Mn", "Me"):
        return _Cell(character, 0)
    return _Cell(character, 2 if unicodedata.east_asian_width(character) in "WF" else 1)
