"""
Read records written as CSV: the header names members, a dotted name a member of an object.

A cell becomes what the schema says of its member: text as typed, a number with every digit, yes
or no, a date. A blank cell is absent. The separator (`,`, `;` or tab) is the one that the
header line uses most. A cell holds one value, so records with lists need JSON.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from msgspec import Struct, field

from mapping_engine.batch.items import Entry, Item, Reading, unreadable
from mapping_engine.batch.lines import Line, lines_of
from mapping_engine.batch.problems import (
    column_holds_list,
    input_name_missing,
    input_name_twice,
    input_without_header,
)
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.pack_error import PackError
from mapping_engine.values.number import parse_number
from mapping_engine.values.schema import member
from mapping_engine.values.types import Boolean, List, Number, Object, Type
from mapping_engine.values.value import Value

__all__ = ["csv_records"]

_SEPARATORS = ",;\t"
_QUOTED = re.compile(r'"[^"]*"')
_GROUPED = re.compile(r"[-+]?[$€£]?\s?[0-9]{1,3}([,.' \u00a0][0-9]{3})*([.,][0-9]+)?").fullmatch
_YES_NO = {"true": True, "false": False}
_NUMBER_HINT = "write numbers with a point and without separators between thousands: 1234.50"
_QUOTE_HINT = 'a quote inside a quoted cell is written twice: "a ""b"" c"'


class _Column(Struct, frozen=True):
    path: tuple[str, ...]
    type: Type | None

    @property
    def name(self) -> str:
        return ".".join(self.path)


class _Feed(Struct, eq=False):
    """The lines for the CSV parser, and the mistakes of those it must not judge."""

    lines: Iterator[Line]
    number: int = 0
    mistakes: list[tuple[str, str]] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            self.number = line.number
            if line.mistake:
                self.mistakes.append(line.mistake)
            yield line.text + "\n"


def csv_records(stream: BinaryIO, reading: Reading) -> Iterator[Item]:
    """Yield a record for every row; blank rows do not count."""
    lines = lines_of(stream, reading.name, reading.limits.record_size)
    header = next((line for line in lines if line.mistake or line.text.strip()), None)
    if header is None:
        return
    if header.mistake:
        yield unreadable(header.number, *header.mistake)
        return
    mark = max(_SEPARATORS, key=_QUOTED.sub("", header.text).count)
    names = next(csv.reader([header.text], delimiter=mark))
    columns = _columns(names, reading)
    feed = _Feed(lines, header.number)
    yield from _rows(feed, csv.reader(feed, delimiter=mark, strict=True), columns)


def _rows(feed: _Feed, rows: Iterator[list[str]], columns: Sequence[_Column]) -> Iterator[Item]:
    while True:
        first = feed.number + 1
        feed.mistakes.clear()
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield unreadable(first, "the double quotes of a cell do not pair up", _QUOTE_HINT)
            continue
        if feed.mistakes:
            yield unreadable(first, *feed.mistakes[0])
        elif any(cell.strip() for cell in cells):
            yield _row(first, cells, columns)


def _row(line: int, cells: list[str], columns: Sequence[_Column]) -> Item:
    while len(cells) > len(columns) and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) != len(columns):
        why = f"the row has {len(cells)} cells, the header line has {len(columns)}"
        hint = 'put a cell that holds the separator in double quotes: "a,b"'
        return unreadable(line, why, hint)
    record: dict[str, Value] = {}
    mistaken: str | None = None
    for column, cell in zip(columns, cells, strict=True):
        if not cell.strip():
            continue
        value = _value(cell, column.type)
        if isinstance(column.type, Number) and value is None:
            mistaken = mistaken or column.name
            value = cell
        _put(record, column.path, value)
    if mistaken is not None:
        why = f"`{mistaken}` must be a number, but is written another way"
        return unreadable(line, why, _NUMBER_HINT, record)
    return Entry(line, record)


def _value(cell: str, type: Type | None) -> Value:
    """Return a cell as its member has it; None for a number that is not written as one."""
    typed = cell.strip()
    if isinstance(type, Number):
        number = parse_number(typed)
        return typed if number is None and type.reads_text and not _GROUPED(typed) else number
    if isinstance(type, Boolean):
        return _YES_NO.get(typed.lower(), cell)
    return cell


def _put(record: dict[str, Value], path: tuple[str, ...], value: Value) -> None:
    for name in path[:-1]:
        inner = record.setdefault(name, {})
        assert isinstance(inner, dict)
        record = inner
    record[path[-1]] = value


def _columns(names: list[str], reading: Reading) -> list[_Column]:
    """Return what the header line names. Raises `PackError` when it cannot be right."""
    while names and not names[-1].strip():
        names = names[:-1]
    report = Report()
    seen: set[str] = set()
    for position, name in enumerate(map(str.strip, names), 1):
        told = _mistake(name, position, seen, reading)
        if told is not None:
            report.add(told)
        seen.add(name)
    report.raise_if_errors()
    known = reading.reads.fields if reading.reads is not None else {}
    if known and not any(each.partition(".")[0] in known for each in seen):
        assert reading.reads is not None
        raise PackError(Report([input_without_header(None, reading.name, reading.reads.name)]))
    paths = (tuple(name.strip().split(".")) for name in names)
    return [_Column(path, _type(".".join(path), reading)) for path in paths]


def _mistake(name: str, position: int, seen: set[str], reading: Reading) -> Diagnostic | None:
    if not all(name.split(".")):
        return input_name_missing(None, reading.name, position)
    clash = any(each.startswith(f"{name}.") or name.startswith(f"{each}.") for each in seen)
    if name in seen or clash:
        return input_name_twice(None, reading.name, name)
    outer = [name[: dot.start()] for dot in re.finditer(r"\.", name)]
    if isinstance(_type(name, reading), List | Object) or any(
        isinstance(_type(each, reading), List) for each in outer
    ):
        return column_holds_list(None, reading.name, name)
    return None


def _type(path: str, reading: Reading) -> Type | None:
    return None if reading.reads is None else member(reading.reads, path)
