"""
Advice about tables: columns that never decide.
"""

from __future__ import annotations

from collections.abc import Iterator

from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.workbench.problems_of_advice import column_never_decides
from mapping_engine.workbench.subject import Subject

__all__ = ["idle_columns"]


def idle_columns(subject: Subject) -> Iterator[Diagnostic]:
    """Yield inputs that are `any` in every row."""
    for table in subject.pack.tables.values():
        if table.rows_from is not None:
            continue  # a file without the column says `any` for it
        for column in table.inputs:
            cells = [row.cells.get(column.name) for row in table.rows]
            if cells and all(cell is not None and cell.kind == "any" for cell in cells):
                yield column_never_decides(column.span, table.name, column.name)
