"""
Ask whether the rows together make a good table: complete, without overlap, each row of use.

Completeness is asked over what can be counted: the words of an enum, yes and no, nothing
where it can come, and the stretches between the ends of ranges. An input that is open
text (or numbers without ranges) cannot be counted: there a miss refuses the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate, islice, product
from math import prod
from typing import TypeAlias

from msgspec import Struct

from mapping_engine.functions.catalogue import NOT_CONSTANT
from mapping_engine.packs import problems_of_tables as problems
from mapping_engine.packs.columns import TypedColumn
from mapping_engine.packs.model import Table
from mapping_engine.packs.table_index import RowIndex, TooMuch
from mapping_engine.packs.table_rows import Test, TypedRow
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.masking import mask_addresses
from mapping_engine.values.types import Number
from mapping_engine.values.value import MISSING, Value

__all__ = ["check_coverage", "check_overlaps", "written"]

_MOST_STEPS = 1_000_000
_MOST_LISTED = 5
_MOST_SHOWN = 240


class Piece(Struct, frozen=True):
    """One value, or one stretch of values that no cell divides, with its words."""

    words: str
    key: Value = None
    stretch: Test | None = None
    last: Decimal | None = None  # the greatest number of an open stretch, when there is one

    def passes(self, test: Test) -> bool:
        """Whether everything in the piece passes the test."""
        if self.stretch is None:
            return test.fits(self.key)
        if test.keys is not None:
            return False
        return test.is_any or _inside(self.stretch, test, self.last)


def written(value: Value) -> str:
    """Return a key as it would be written in a cell."""
    if value is MISSING:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def check_overlaps(
    table: Table, index: RowIndex, inputs: Sequence[TypedColumn], report: Report
) -> None:
    """Report rows that stand twice or fit the same values, each row once."""
    order = {id(row): place for place, row in enumerate(index.rows)}
    told: set[int] = set()
    try:
        for pair in index.overlaps():
            first, second = sorted(pair, key=lambda row: order[id(row)])
            if id(second) in told:
                continue
            told.add(id(second))
            report.add(_about_pair(table, first, second, inputs))
    except TooMuch:
        report.add(problems.table_too_wide(table.origin.span, table.name))


def _about_pair(
    table: Table, first: TypedRow, second: TypedRow, inputs: Sequence[TypedColumn]
) -> Diagnostic:
    """Say that two rows are the same, or fit the same values."""
    same = first.tests == second.tests
    if same and first.outputs == second.outputs and first.reject == second.reject:
        found = problems.row_twice(second.row.origin.span, table.name)
        return found.with_label(first.row.origin.span, "the first one")
    example = " and ".join(
        f"`{column.name}` = {_example(column, one, other)}"
        for column, one, other in zip(inputs, first.tests, second.tests, strict=True)
    )
    found = problems.rows_overlap(second.row.origin.span, table.name, example)
    return found.with_label(first.row.origin.span, "fits too")


def _example(column: TypedColumn, one: Test, other: Test) -> str:
    """Return, in backticks, a value that passes both tests."""
    for keys, test in ((one.keys, other), (other.keys, one)):
        if keys is not None:
            shown = {column.key(each): each for each in reversed(column.choices or ())}
            fitting = (written(shown.get(each, each)) for each in keys if test.fits(each))
            words = sorted(map(mask_addresses, fitting))
            return f"`{words[0]}`"
    lows = [each.low for each in (one, other) if each.low is not None]
    if lows:
        return f"`{written(max(lows))}`"
    highs = [each.high for each in (one, other) if each.high is not None]
    return f"anything below `{written(min(highs))}`" if highs else "anything"


def check_coverage(
    table: Table, rows: Sequence[TypedRow], inputs: Sequence[TypedColumn], report: Report
) -> None:
    """Report the values and combinations that no row fits, and an `otherwise:` without use."""
    pieces = [
        _pieces(column, [row.tests[place] for row in rows]) for place, column in enumerate(inputs)
    ]
    counted = [each for each in pieces if each is not None]
    if len(counted) < len(pieces):
        return
    try:
        count, first = _Coverage(counted).missing(list(rows), 0)
    except TooMuch:
        if table.otherwise is None:
            report.add(problems.table_too_wide(table.origin.span, table.name))
        return
    if table.otherwise is not None:
        is_sure = all(row.is_sound for row in rows)
        if (
            is_sure
            and not count
            and not table.otherwise.cells.keys() & {each.name for each in inputs}
        ):
            why = "the other rows cover everything"
            report.add(problems.never_fits(table.otherwise.origin.span, table.name, why))
        return
    if count:
        missing = _short([_listed(each, inputs, counted) for each in first])
        report.add(_about_missing(table, counted, missing, count))


def _short(listed: list[str]) -> list[str]:
    """Return as many of the first examples as a message can hold, but one."""
    sizes = accumulate(map(len, listed))
    return listed[: max(1, sum(size <= _MOST_SHOWN for size in sizes))]


def _about_missing(
    table: Table, pieces: Sequence[Sequence[Piece]], listed: list[str], count: int
) -> Diagnostic:
    """Say what no row fits, and how much is covered."""
    total = prod(len(each) for each in pieces)
    noun = "values" if len([each for each in pieces if len(each) > 1]) < 2 else "combinations"
    row = listed[0].rpartition("= ")[2] if len(pieces) == 1 else "it"
    return problems.table_incomplete(
        table.origin.span, table.name, listed, count, covered=(total - count, noun), row=row
    )


Combination: TypeAlias = tuple[Piece, ...]


class _Coverage:
    """Walks the combinations of all inputs, giving up a branch as soon as a row covers it.

    What is missing below a place depends only on the rows that still fit, so it is worked
    out once for each such set of rows.
    """

    def __init__(self, pieces: Sequence[Sequence[Piece]]) -> None:
        self.pieces = pieces
        self.steps = 0
        self.known: dict[tuple[int, ...], tuple[int, list[Combination]]] = {}

    def missing(self, rows: list[TypedRow], place: int) -> tuple[int, list[Combination]]:
        """Return how many combinations from `place` on no row fits, and the first of them."""
        if any(all(test.is_any for test in row.tests[place:]) for row in rows):
            return 0, []
        if not rows:
            rest = self.pieces[place:]
            return prod(len(each) for each in rest), [*islice(product(*rest), _MOST_LISTED)]
        key = (place, *map(id, rows))
        if key not in self.known:
            self.known[key] = self._counted(rows, place)
        return self.known[key]

    def _counted(self, rows: list[TypedRow], place: int) -> tuple[int, list[Combination]]:
        count, first = 0, list[Combination]()
        for piece, fitting in self._parted(rows, place):
            more, found = self.missing(fitting, place + 1)
            count += more
            first += [(piece, *each) for each in found[: _MOST_LISTED - len(first)]]
        return count, first

    def _parted(self, rows: list[TypedRow], place: int) -> Iterator[tuple[Piece, list[TypedRow]]]:
        """Yield each piece of an input with the rows that fit it."""
        by_key: dict[Value, list[TypedRow]] = {}
        wild = []
        for row in rows:
            keys = row.tests[place].keys
            if keys is None:
                wild.append(row)
            for key in keys or ():
                by_key.setdefault(key, []).append(row)
        self.steps += len(rows) + len(wild) * len(self.pieces[place])
        if self.steps > _MOST_STEPS:
            raise TooMuch
        for piece in self.pieces[place]:
            worded = by_key.get(piece.key, []) if piece.stretch is None else []
            yield piece, [*worded, *(row for row in wild if piece.passes(row.tests[place]))]


def _listed(
    combination: Combination, inputs: Sequence[TypedColumn], pieces: Sequence[Sequence[Piece]]
) -> str:
    said = [
        f"`{column.name}` = {piece.words}"
        for column, piece, several in zip(inputs, combination, pieces, strict=True)
        if len(several) > 1 or len(inputs) == 1
    ]
    return " with ".join(said) or "any value"


def _pieces(column: TypedColumn, tests: Sequence[Test]) -> list[Piece] | None:
    """Return what a column's values fall into; None when they cannot be counted."""
    if column.fixed is not NOT_CONSTANT:
        return [Piece(f"`{written(column.key(column.fixed))}`", column.key(column.fixed))]
    choices = column.choices
    empty = [Piece("`empty`", MISSING)] if column.can_be_empty else []
    if choices is not None:
        keys = dict.fromkeys(column.key(each) for each in choices)
        shown = {column.key(each): written(each) for each in reversed(choices)}
        return [*(Piece(f"`{shown[key]}`", key) for key in keys), *empty]
    if all(test.is_any for test in tests):
        return [Piece("anything", stretch=Test())]
    if not any(test.is_range for test in tests):
        return None
    return [*_stretches(column, tests), *empty]


def _stretches(column: TypedColumn, tests: Sequence[Test]) -> list[Piece]:
    """Cut the numbers or dates of a column at every end of a range."""
    low = high = None
    if isinstance(column.type, Number):
        low, high = column.type.minimum, column.type.maximum
    ends = {end for test in tests for end in (test.low, test.high) if end is not None}
    cuts = [each for each in sorted(ends) if low is None or low < each]  # type: ignore[operator]
    cuts = [each for each in cuts if high is None or not high < each]  # type: ignore[operator]
    found = []
    for start, end in zip([low, *cuts], [*cuts, None], strict=True):
        if end is None and start is not None and start == high:
            found.append(Piece(f"`{written(start)}`", start))
        else:
            last = high if end is None else None
            found.append(Piece(_stretch_words(start, end), None, Test(None, start, end), last))
    return found


def _stretch_words(low: Decimal | date | None, high: Decimal | date | None) -> str:
    if low is None:
        return f"anything below `{written(high)}`" if high is not None else "anything"
    return f"`{written(low)}` and more" if high is None else f"`{written(low)}..{written(high)}`"


def _inside(stretch: Test, test: Test, last: Decimal | None) -> bool:
    """Whether a stretch lies in a range. Only its ends are compared: no range ends inside it."""
    if stretch.low is None:
        starts = test.low is None
    else:
        starts = test.low is None or not stretch.low < test.low  # type: ignore[operator]
    if test.high is None:
        return starts
    if stretch.high is not None:
        return starts and not test.high < stretch.high  # type: ignore[operator]
    return starts and last is not None and last < test.high  # type: ignore[operator]
