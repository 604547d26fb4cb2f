"""
Read records written as JSON: one a line, or a document with one record or a list of them.

A document is taken apart at its brackets first, and each record is decoded on its own: a
mistake in one of them does not spoil the others, and each has its own line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct

from mapping_engine.batch.items import Entry, Item, Reading, Unreadable, opened, unreadable
from mapping_engine.batch.lines import Line, lines_of, read_line, runs_of, whole_text
from mapping_engine.values.json import JsonError, decode

if TYPE_CHECKING:
    from mapping_engine.runtime.quick import QuickMapper, QuickRun
    from mapping_engine.runtime.quick_chain import QuickChain

__all__ = ["json_records", "ndjson_mapped", "ndjson_records"]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]', re.DOTALL)
_BLANK = re.compile(r"[ \t\r\n]*")


def ndjson_records(stream: BinaryIO, reading: Reading) -> Iterator[Item]:
    """Yield the record of every line; blank lines do not count."""
    for line in lines_of(stream, reading.name, reading.limits.record_size):
        yield from _of_line(line, reading)


def ndjson_mapped(
    stream: BinaryIO, reading: Reading, quick: QuickMapper | QuickChain
) -> Iterator[Item | QuickRun]:
    """Yield what lines become where the quick way can say, and records where it cannot."""
    limit = reading.limits.record_size
    for first, lines in runs_of(stream, reading.name, limit):
        at = 0
        while at < len(lines):
            run = quick.map(first + at, lines[at:])
            if run.lines:
                yield run
            at += len(run.lines)
            if run.refused is not None:
                yield Entry(first + at, decode(lines[at], strict=False), run.refused)
                at += 1
            elif at < len(lines):
                yield from _of_line(read_line(first + at, lines[at], limit), reading)
                at += 1


def _of_line(line: Line, reading: Reading) -> Iterator[Item]:
    if line.mistake:
        yield unreadable(line.number, *line.mistake)
    elif line.text.strip(" \t\r"):
        yield from _decoded(line.text, line.number, reading, is_line=True)


def json_records(stream: BinaryIO, reading: Reading) -> Iterator[Item]:
    """Yield the record of a document, or those of its list or of its envelope's list."""
    text = whole_text(stream, reading.name, reading.limits.table_size)
    start = _after_blanks(text, 0)
    if start == len(text):
        return
    at = _inside_envelope(text, start, reading.wrapper) if text[start] == "{" else start
    if at is None or text[at : at + 1] != "[":
        yield from _one(text, start, len(text), reading)
        return
    last: Item | None = None
    for piece in _split(text, at):
        for last in _one(text, piece.start, piece.end, reading):
            yield last
    rest = _rest(text, start)
    # A last record that is cut off has said already that the list is not closed.
    if rest is not None and not (rest.is_cut and isinstance(last, Unreadable)):
        line = text.count("\n", 0, rest.at) + 1
        yield unreadable(line, rest.why, "export the records again")


class _Piece(Struct, frozen=True):
    start: int
    end: int


def _one(text: str, start: int, end: int, reading: Reading) -> Iterator[Item]:
    start = min(_after_blanks(text, start), end)
    line = text.count("\n", 0, start) + 1
    if end - start > reading.limits.record_size:
        why = f"the record is longer than {reading.limits.record_size:,} characters"
        yield unreadable(line, why)
        return
    yield from _decoded(text[start:end], line, reading)


def _decoded(text: str, line: int, reading: Reading, is_line: bool = False) -> Iterator[Item]:
    try:
        value = decode(text, strict=reading.strict, limits=reading.limits)
    except JsonError as mistake:
        hint = None
        if is_line and mistake.message == "the text ends too early":
            hint = "one line is one record; a document of several lines needs `--input-format json`"
        where = f"column {mistake.column}" if is_line else f"line {line + mistake.line - 1}"
        yield unreadable(line, f"{mistake.message} ({where})", hint)
        return
    yield from opened(line, value, reading)


def _after_blanks(text: str, start: int) -> int:
    found = _BLANK.match(text, start)
    return found.end() if found else start


def _split(text: str, start: int) -> Iterator[_Piece]:
    """Yield the items of the list that begins at `start`, as far as it goes."""
    depth, begin, is_first = 0, start + 1, True
    for token in _TOKEN.finditer(text, start):
        mark = token[0]
        depth += (mark in "[{") - (mark in "]}")
        closes = depth == 0
        if closes and is_first and not text[begin : token.start()].strip():
            return
        if closes or (mark == "," and depth == 1):
            yield _Piece(begin, token.start())
            begin, is_first = token.end(), False
        if closes:
            return
    if text[begin:].strip():
        yield _Piece(begin, len(text))


class _Rest(Struct, frozen=True):
    why: str
    at: int
    is_cut: bool


def _rest(text: str, start: int) -> _Rest | None:
    """Return what is wrong behind the list: it is not closed, or the text goes on."""
    end = _closing(text, start)
    if end is None:
        why = "the list is not closed, so the input may be cut off"
        return _Rest(why, len(text.rstrip()), is_cut=True)
    if _after_blanks(text, end) < len(text):
        return _Rest("the text goes on after its value has ended", end, is_cut=False)
    return None


def _closing(text: str, start: int) -> int | None:
    """Return the place behind the bracket that closes the one at `start`."""
    depth = 0
    for token in _TOKEN.finditer(text, start):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if depth == 0:
            return token.end()
    return None


def _inside_envelope(text: str, start: int, name: str | None) -> int | None:
    """Return where the value of the member `name` of the object at `start` begins."""
    depth, last = 0, ""
    for token in _TOKEN.finditer(text, start) if name is not None else ():
        mark = token[0]
        depth += (mark in "[{") - (mark in "]}")
        if mark == ":" and depth == 1 and _name(last) == name:
            return _after_blanks(text, token.end())
        last = mark
    return None


def _name(quoted: str) -> str | None:
    try:
        name: object = json.loads(quoted)
    except ValueError:
        return None
    return name if isinstance(name, str) else None
