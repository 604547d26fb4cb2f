"""
Ask of a whole column what would otherwise be said of each of its cells.

A column under another name than in the rows, or of another type than all its cells, is one
mistake in one place, however many rows there are. Single cells are judged in `table_rows.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mapping_engine.packs import problems_of_tables as problems
from mapping_engine.packs.columns import TypedColumn
from mapping_engine.packs.model import Cell, Table
from mapping_engine.source.diagnostic import Diagnostic, Report

__all__ = ["check_columns"]

#: A word that is not of the column's list, or no value of its type.
_NUMBERS = {"M506", "M507"}
#: One cell may be wrong by itself; two that are wrong alike speak of their column.
_FEWEST = 2


def check_columns(table: Table, columns: Sequence[TypedColumn], report: Report) -> bool:
    """Report columns that no row has or that no cell fits; return whether there are none."""
    found = list(_wrong(table, columns)) if len(table.rows) >= _FEWEST else []
    report.extend(found)
    return not found


def _wrong(table: Table, columns: Sequence[TypedColumn]) -> Iterator[Diagnostic]:
    known = {each.name for each in columns}
    others = {name: None for row in table.rows for name in row.cells if name not in known}
    for column in columns:
        cells = [row.cells[column.name] for row in table.rows if column.name in row.cells]
        words = [each for each in cells if each.kind == "word"]
        if not cells and others and column.setting is None:
            yield problems.column_not_in_rows(column.span, table.name, column.name, others)
        elif len(words) >= _FEWEST and all(_is_of_another_type(each, column) for each in words):
            found = problems.column_of_wrong_type(
                column.span, table.name, column.name, column.written, len(words)
            )
            yield found.with_label(words[0].span, "the first of them")


def _is_of_another_type(cell: Cell, column: TypedColumn) -> bool:
    for word in cell.words:
        report = Report()
        column.value(word, cell.span, report)
        if {each.code.number for each in report} - _NUMBERS or not report.errors:
            return False
    return True
