"""
Take in the rows with which a connector answers, and trust none of them.

Every cell is held against its column, as those of a file are; but a row that does not fit
is no mistake of the pack: it stays, and refuses whoever looks it up. So does one of two
rows that answer the same question differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from msgspec.structs import replace

from mapping_engine.packs.columns import TypedColumn
from mapping_engine.packs.model import Origin, Row
from mapping_engine.packs.table_files import cell_of_text
from mapping_engine.packs.table_index import RowIndex, TooMuch
from mapping_engine.packs.table_rows import Columns, TypedRow, typed_row
from mapping_engine.packs.tables import TypedTable
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.text import Located, SourceText, Span

__all__ = ["RowSource", "answered"]


class RowSource(Protocol):
    """The part of a connector that answers with the rows of a table."""

    def rows(self, table: str) -> Iterable[Mapping[str, str]] | None:
        """Return the rows of a table declared `rows: connector`; None when there are none."""


def answered(table: TypedTable, source: RowSource) -> TypedTable:
    """Return the table with a connector's rows in it."""
    span = SourceText(f"{table.name} (connector)", "").span()
    found = [_row(table, each, span) for each in source.rows(table.name) or ()]
    rows = _unambiguous([each for each in found if each is not None])
    return replace(
        table, rows=tuple(rows), rows_back=tuple(rows), is_known=True, index=RowIndex(rows)
    )


def _row(table: TypedTable, answer: Mapping[str, str], span: Span) -> TypedRow | None:
    """Return a row of an answer; None when its inputs are of no use."""
    inputs = {each.name: answer.get(each.name) or "" for each in table.asked}
    cells = {name: cell_of_text(Located(text, span)) for name, text in inputs.items() if text}
    cells |= {
        each.name: cell_of_text(Located("any", span)) for each in table.inputs if each.setting
    }
    row = typed_row(Columns(table.name, table.inputs, ()), Row(cells, Origin(span)), Report())
    if row is None:
        return None
    misfit = None
    for column in table.outputs:
        text = answer.get(column.name) or ""
        cells[column.name] = cell_of_text(Located(text, span))
        if not _fits(column, text, span):
            misfit = misfit or f"`{column.name}` does not fit its column"
    if misfit is not None:
        return replace(row, row=Row(cells, Origin(span)), misfit=misfit)
    whole = Row(cells, Origin(span))
    return typed_row(Columns(table.name, table.inputs, table.outputs), whole, Report())


def _fits(column: TypedColumn, text: str, span: Span) -> bool:
    if not text.strip():
        return column.type.absent
    return column.value(text.strip(), span, Report()) is not None


def _unambiguous(rows: list[TypedRow]) -> list[TypedRow]:
    """Return the rows; those that answer the same question differently refuse."""
    several: set[int] = set()
    try:
        for one, other in RowIndex(rows).overlaps():
            if one.outputs != other.outputs:
                several |= {id(one), id(other)}
    except TooMuch:
        several = {id(each) for each in rows}
    return [
        replace(each, misfit="more than one row answers") if id(each) in several else each
        for each in rows
    ]
