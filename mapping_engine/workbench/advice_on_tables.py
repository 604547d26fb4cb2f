"""
Advice about tables: columns that never decide, rows that the way back cannot tell apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from mapping_engine.language import nodes
from mapping_engine.packs.model import Row, Table
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.workbench.problems_of_advice import column_never_decides, lossy_row
from mapping_engine.workbench.subject import Subject

__all__ = ["idle_columns", "lossy_rows"]


def idle_columns(subject: Subject) -> Iterator[Diagnostic]:
    """Yield inputs that are `any` in every row."""
    for table in subject.pack.tables.values():
        if table.rows_from is not None:
            continue  # a file without the column says `any` for it
        for column in table.inputs:
            cells = [row.cells.get(column.name) for row in table.rows]
            if cells and all(cell is not None and cell.kind == "any" for cell in cells):
                yield column_never_decides(column.span, table.name, column.name)


def lossy_rows(subject: Subject) -> Iterator[Diagnostic]:
    """Yield rows of tables in a two-way mapping whose output another input gives too."""
    for name in _both_ways(subject):
        table = subject.pack.tables.get(name)
        if table is not None and len(table.outputs) == 1:
            yield from _lossy(table)


def _both_ways(subject: Subject) -> dict[str, None]:
    """Return the names of what two-way mappings call on their way out."""
    called: dict[str, None] = {}
    for mapping in subject.pack.mappings.values():
        formulas = subject.formulas(mapping) if mapping.direction == "both" else ()
        for _, node in formulas:
            if isinstance(node, nodes.Call):
                called[node.function] = None
    return called


def _lossy(table: Table) -> Iterator[Diagnostic]:
    output = table.outputs[0].name
    first: dict[str, Row] = {}
    for row in table.rows:
        cell = row.cells.get(output)
        if row.one_way is not None or row.reject is not None or cell is None or not cell.words:
            continue
        word = cell.words[0]
        several = any(
            each.kind != "word" or len(each.words) > 1 or each.or_empty
            for name, each in row.cells.items()
            if name != output
        )
        if word in first or several:
            found = lossy_row(row.origin.span, table.name, f"`{word}`")
            other = first.get(word)
            yield found.with_label(other.origin.span, "gives the same") if other else found
        first.setdefault(word, row)
