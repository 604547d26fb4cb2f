"""Tell which values a pack says are lost: those of table rows that go one way only."""

from __future__ import annotations

from collections.abc import Iterator

from mapping_engine.packs.model import Cell
from mapping_engine.runtime.program import Program
from mapping_engine.values.value import Value

__all__ = ["is_declared"]


def is_declared(value: Value, program: Program) -> bool:
    """Whether a row of a table says that a word goes one way only."""
    words = set(_texts(value))
    return any(
        row.one_way is not None and any(_speaks_of(cell, words) for cell in row.cells.values())
        for table in program.pack.tables.values()
        for row in table.rows
    )


def _speaks_of(cell: Cell, words: set[str]) -> bool:
    """Whether a cell is about one of the words; without a word, whether it is about nothing."""
    if not words:
        return cell.kind == "empty" or cell.or_empty
    return not words.isdisjoint(cell.words)


def _texts(value: Value) -> Iterator[str]:
    match value:
        case str():
            yield value
        case bool():
            yield str(value).lower()
        case list():
            for each in value:
                yield from _texts(each)
        case dict():
            for each in value.values():
                yield from _texts(each)
