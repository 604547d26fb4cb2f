"""
Turn the rows of a table into tests and values: what a row asks of its inputs, what it gives.

A test is one of three: any value, one of some keys, or a range. Every cell is checked
against its column here; whether the rows together make a good table is asked in
`table_checks.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.packs import problems_of_tables as problems
from mapping_engine.packs.columns import TypedColumn
from mapping_engine.packs.model import Cell, Row
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.suggest import nearest
from mapping_engine.source.text import Located, Span
from mapping_engine.values.types import Text
from mapping_engine.values.value import MISSING, Value

__all__ = ["ANY", "Bound", "Columns", "Test", "TypedRow", "UNREADABLE", "read_row",
           "typed_row"]  # fmt: skip

Bound: TypeAlias = Decimal | date | None


class Test(Struct, frozen=True):
    """What a cell asks of a key: to be one of `keys`, or to lie in a range; neither: anything.

    A range goes from `low` up to, not including, `high`; None is open.
    """

    keys: frozenset[Value] | None = None
    low: Bound = None
    high: Bound = None

    @property
    def is_range(self) -> bool:
        """Whether the cell is a range."""
        return self.low is not None or self.high is not None

    @property
    def is_any(self) -> bool:
        """Whether the cell takes everything, nothing included."""
        return self.keys is None and not self.is_range

    def fits(self, key: Value) -> bool:
        """Whether a key passes the test."""
        if self.keys is not None:
            return key in self.keys
        if not self.is_range:
            return True
        return key is not MISSING and self.reaches(key)

    def reaches(self, key: Value) -> bool:
        """Whether a present key lies in the range."""
        above = self.low is None or not key < self.low  # type: ignore[operator]
        return above and (self.high is None or key < self.high)  # type: ignore[operator]

    def meets(self, other: Test) -> bool:
        """Whether some key passes both tests."""
        if self.is_any or other.is_any:
            return True
        if self.keys is not None:
            return any(other.fits(each) for each in self.keys)
        if other.keys is not None:
            return any(self.fits(each) for each in other.keys)
        low = max((each for each in (self.low, other.low) if each is not None), default=None)
        high = min((each for each in (self.high, other.high) if each is not None), default=None)
        return low is None or high is None or low < high  # type: ignore[operator]


ANY = Test()
#: What a cell may ask that has been reported, and nobody knows what was meant: it could be all.
UNREADABLE = Test()


class TypedRow(Struct, frozen=True, eq=False):
    """A row with its tests (one for each input) and the values of its outputs.

    `value` is what a look-up gives: the one output, or the row as an object. `misfit` says
    why a row that a connector answered with cannot be used. With a cell that has been reported
    a row is not `is_sound`: it is never found, and still covers what it may have meant. Whether
    the cells of its inputs were as they should be says `is_readable`.
    """

    row: Row
    tests: tuple[Test, ...]
    outputs: Mapping[str, Value]
    value: Value
    misfit: str | None = None
    is_sound: bool = True
    is_readable: bool = True

    @property
    def reject(self) -> Located[str] | None:
        """The reason under which the row refuses, if it does."""
        return self.row.reject

    def fits(self, keys: Sequence[Value]) -> bool:
        """Whether all inputs pass."""
        return all(test.fits(key) for test, key in zip(self.tests, keys, strict=True))


class Columns(Struct, frozen=True, dict=True):
    """The typed columns of a table. `must_fill`: every row fills what may not be empty."""

    table: str
    inputs: tuple[TypedColumn, ...]
    outputs: tuple[TypedColumn, ...]
    must_fill: bool = False

    @cached_property
    def names(self) -> dict[str, None]:
        """The names of all columns, in order."""
        return dict.fromkeys(each.name for each in (*self.inputs, *self.outputs))


def typed_row(
    columns: Columns, row: Row, report: Report, *, is_rest: bool = False
) -> TypedRow | None:
    """Return the row with its cells typed; None when a cell cannot be used."""
    read = read_row(columns, row, report, is_rest=is_rest)
    return read if read.is_sound else None


def read_row(columns: Columns, row: Row, report: Report, *, is_rest: bool = False) -> TypedRow:
    """Return the row with its cells typed, whether they can be used or not.

    `is_rest`: the row of `otherwise:`, whose inputs say what the way back gives.
    """
    found = Report()
    if not row.cells.keys() <= columns.names.keys():
        _check_names(columns, row, found)
    tests = []
    for column in columns.inputs:
        cell = row.cells.get(column.name)
        if cell is not None:
            tests.append(_test(columns.table, cell, column, found))
            continue
        tests.append(ANY if is_rest else UNREADABLE)
        if not is_rest:
            found.add(problems.cell_missing(row.origin.span, columns.table, column.name, True))
    is_readable = not found.has_errors
    values = {each.name: _output(columns, row, each, found) for each in columns.outputs}
    value = values[columns.outputs[0].name] if len(columns.outputs) == 1 else _present(values)
    read = TypedRow(row, tuple(tests), values, value, is_readable=is_readable)
    if not len(found):
        return read
    report.extend(found)
    return replace(read, is_sound=not found.has_errors)


def _present(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not MISSING}


def _check_names(columns: Columns, row: Row, report: Report) -> None:
    for name, cell in row.cells.items():
        if name not in columns.names:
            place = _key_span(cell.span, name)
            report.add(problems.unknown_column(place, columns.table, name, list(columns.names)))


def _key_span(cell: Span, name: str) -> Span:
    """Return where the name of a cell's column stands: before it, in the same row."""
    start = cell.source.text.rfind(name, 0, cell.start)
    return Span(cell.source, start, start + len(name)) if start >= 0 else cell


def _test(table: str, cell: Cell, column: TypedColumn, report: Report) -> Test:
    match cell.kind:
        case "any":
            return ANY
        case "empty":
            if not column.can_be_empty and not _is_open(column):
                report.add(problems.never_fits(cell.span, table, f"`{column.name}` is never empty"))
            return Test(frozenset((MISSING,)))
        case "range":
            return _range(cell, column, report)
        case _:
            keys: set[Value] = {MISSING} if cell.or_empty else set()
            for word in cell.words:
                value = _word(word, cell.span, column, report)
                keys.add(None if value is None else column.key(value))
            return UNREADABLE if None in keys else Test(frozenset(keys))


def _word(word: str, span: Span, column: TypedColumn, report: Report) -> Value | None:
    """Return the value of a word, of a misspelt one the value that was meant."""
    value = column.value(word, span, report)
    if value is None and isinstance(column.type, Text) and column.type.choices is not None:
        return nearest(word, column.type.choices)
    return value


def _is_open(column: TypedColumn) -> bool:
    """Whether the column's type is a bare word of tables, whose emptiness nobody has stated."""
    return "." not in column.written


def _range(cell: Cell, column: TypedColumn, report: Report) -> Test:
    if not column.is_ordered:
        report.add(problems.range_of_words(cell.span, column.name))
        return UNREADABLE
    bounds: list[Bound] = []
    for word in (cell.low, cell.high):
        value = None if word is None else column.value(word, cell.span, report)
        bounds.append(value if isinstance(value, Decimal | date) else None)
    low, high = bounds
    if low is not None and high is not None and not low < high:  # type: ignore[operator]
        report.add(problems.empty_range(cell.span, cell.low or "", cell.high or ""))
        return UNREADABLE
    if (low is None) != (cell.low is None) or (high is None) != (cell.high is None):
        return UNREADABLE
    return Test(None, low, high)


def _output(columns: Columns, row: Row, column: TypedColumn, report: Report) -> Value:
    cell = row.cells.get(column.name)
    if row.reject is not None:
        return MISSING
    if cell is None or cell.kind == "empty":
        if columns.must_fill and not column.type.absent:
            span = cell.span if cell else row.origin.span
            report.add(problems.cell_missing(span, columns.table, column.name, False))
        return MISSING
    if cell.kind != "word" or len(cell.words) != 1 or cell.or_empty:
        report.add(problems.list_as_output(cell.span, column.name))
        return MISSING
    value = column.value(cell.words[0], cell.span, report)
    return MISSING if value is None else value
