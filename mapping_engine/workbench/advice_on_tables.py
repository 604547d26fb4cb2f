"""
Advice about tables: columns that never decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mapping_engine.packs.table_rows import Test, TypedRow
from mapping_engine.packs.tables import TypedTable
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.values.value import MISSING, Value
from mapping_engine.workbench.problems_of_advice import column_never_decides
from mapping_engine.workbench.subject import Subject

__all__ = ["idle_columns"]

#: Of larger tables not every pair of rows is compared.
_MOST_ROWS: Final = 100


def idle_columns(subject: Subject) -> Iterator[Diagnostic]:
    """Yield inputs that are `any` in every row, or whose every value gives the same."""
    for table in subject.pack.tables.values():
        if table.rows_from is not None:
            continue  # a file without the column says `any` for it
        typed = subject.opened.program.tables.get(table.name)
        for place, column in enumerate(table.inputs):
            cells = [row.cells.get(column.name) for row in table.rows]
            if cells and all(cell is not None and cell.kind == "any" for cell in cells):
                yield column_never_decides(column.span, table.name, column.name, True)
            elif typed is not None and _gives_the_same(typed, place):
                yield column_never_decides(column.span, table.name, column.name, False)


def _gives_the_same(table: TypedTable, place: int) -> bool:
    """Whether every value of an input gives what every other gives, whatever the others are."""
    column, rows = table.inputs[place], table.rows
    if column.choices is None or table.rest is not None or not 0 < len(rows) <= _MOST_ROWS:
        return False
    if any(each.setting for each in table.inputs):
        return False  # what a firm does not use may decide for others
    values = [column.key(each) for each in column.choices]
    values += [MISSING] if column.can_be_empty else []
    apart = [(row, row.tests[:place] + row.tests[place + 1 :]) for row in rows]
    for row, tests in apart:
        meeting = [each for each, others in apart if _meet(tests, others)]
        alike = [each.tests[place] for each, others in apart if others == tests]
        if any(_outcome(each) != _outcome(row) for each in meeting):
            return False
        if not all(any(test.fits(value) for test in alike) for value in values):
            return False
    return True


def _meet(left: tuple[Test, ...], right: tuple[Test, ...]) -> bool:
    return all(one.meets(other) for one, other in zip(left, right, strict=True))


def _outcome(row: TypedRow) -> tuple[Value, str | None]:
    return row.value, row.reject.value if row.reject is not None else None
