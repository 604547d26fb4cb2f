"""
Read records written as JSON: one a line, or a document with one record or a list of them.

A document is taken apart at its brackets first, and each record is decoded on its own: a
mistake in one of them does not spoil the others, and each has its own line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, Final

from msgspec import Struct

from mapping_engine.batch.items import Item, Raws, Reading, Unreadable, opened, unreadable
from mapping_engine.batch.lines import Line, read_line, runs_of, whole_text
from mapping_engine.values.json import JsonError, decode

__all__ = ["json_records", "ndjson_records"]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]', re.DOTALL)
_BLANK = re.compile(r"[ \t\r\n]*")
_AT_ONCE: Final = 256


def ndjson_records(stream: BinaryIO, reading: Reading) -> Iterator[Raws]:
    """Yield the lines of a stream; blank lines hold no record."""
    limit = reading.limits.record_size

    def exactly(number: int, raw: bytes) -> Iterator[Item]:
        return _of_line(read_line(number, raw, limit), reading)

    for first, lines in runs_of(stream, reading.name, limit):
        yield Raws(range(first, first + len(lines)), lines, exactly)


def _of_line(line: Line, reading: Reading) -> Iterator[Item]:
    if line.mistake:
        yield unreadable(line.number, *line.mistake)
    elif line.text.strip(" \t\r"):
        yield from _decoded(line.text, line.number, reading, is_line=True)


def json_records(stream: BinaryIO, reading: Reading) -> Iterator[Item | Raws]:
    """Yield the record of a document, or those of its list or of its envelope's list."""
    text = whole_text(stream, reading.name, reading.limits.table_size)
    start = _after_blanks(text, 0)
    if start == len(text):
        return
    at = _inside_envelope(text, start, reading.wrapper) if text[start] == "{" else start
    if at is None or text[at : at + 1] != "[":
        yield from _one(text[start:], text.count("\n", 0, start) + 1, reading)
        return
    pieces, last = _pieces(text, at), None
    while several := list(islice(pieces, _AT_ONCE)):
        last = several[-1]
        numbers, texts = zip(*several, strict=True)
        yield Raws(numbers, [each.encode() for each in texts],
                   lambda line, raw: _one(raw.decode(), line, reading))  # fmt: skip
    rest = _rest(text, start)
    # A last record that is cut off has said already that the list is not closed.
    if rest is not None and not (rest.is_cut and last is not None and _is_spoilt(last, reading)):
        line = text.count("\n", 0, rest.at) + 1
        yield unreadable(line, rest.why, "export the records again")


def _one(text: str, line: int, reading: Reading) -> Iterator[Item]:
    if len(text) > reading.limits.record_size:
        why = f"the record is longer than {reading.limits.record_size:,} characters"
        yield unreadable(line, why)
        return
    yield from _decoded(text, line, reading)


def _is_spoilt(piece: tuple[int, str], reading: Reading) -> bool:
    items = list(_one(piece[1], piece[0], reading))
    return bool(items) and isinstance(items[-1], Unreadable)


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


def _pieces(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Yield the items of the list that begins at `start`, as far as it goes, with their lines."""
    at, line = 0, 1
    for begin, end in _split(text, start):
        inside = min(_after_blanks(text, begin), end)
        line += text.count("\n", at, inside)
        at = inside
        yield line, text[inside:end]


def _split(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield where the items of the list that begins at `start` begin and end."""
    depth, begin, is_first = 0, start + 1, True
    for token in _TOKEN.finditer(text, start):
        mark = token[0]
        depth += (mark in "[{") - (mark in "]}")
        closes = depth == 0
        if closes and is_first and not text[begin : token.start()].strip():
            return
        if closes or (mark == "," and depth == 1):
            yield begin, token.start()
            begin, is_first = token.end(), False
        if closes:
            return
    if text[begin:].strip():
        yield begin, len(text)


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
