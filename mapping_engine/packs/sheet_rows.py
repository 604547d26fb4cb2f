"""
Turn the lines of a table file into rows of the table that asks for them.

The file has a column for every input and output; others are named and not read. Besides
columns a file may have `reject`, `one_way` and `because`, as a row in YAML. A blank output
is empty; a blank input is a mistake, since it would stand for every record without a value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal as Word

from mapping_engine.packs import problems_of_sheets as problems
from mapping_engine.packs.model import Cell, Layer, Origin, Row, Table
from mapping_engine.packs.problems_of_tables import table_empty
from mapping_engine.packs.sheets import Sheet, SheetRow
from mapping_engine.packs.table_files import ROW_KEYS, cell_of_text
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.text import Located, Span

__all__ = ["sheet_rows"]


def sheet_rows(
    sheet: Sheet, table: Table, report: Report, layer: Layer = "pack"
) -> tuple[Row, ...]:
    """Return the rows that a table file brings; none when a column is missing."""
    places = {name.value: place for place, name in enumerate(sheet.header)}
    inputs = [each.name for each in table.inputs]
    columns = [*inputs, *(each.name for each in table.outputs)]
    missing = [name for name in columns if name not in places and not _fills_itself(name, table)]
    declared = {each.name: each.span for each in (*table.inputs, *table.outputs)}
    for name in missing:
        lacking = problems.column_not_in_sheet(sheet.span, table.name, name, places)
        report.add(lacking.with_label(declared[name], "declared here"))
    for header in sheet.header:
        if header.value not in columns and header.value not in ROW_KEYS and not missing:
            report.add(problems.column_ignored(header.span, table.name, header.value))
    if missing:
        return ()
    is_sound = not any(each.span and each.span.source is sheet.span.source for each in report)
    if not sheet.rows and layer == "pack" and is_sound:
        report.add(table_empty(sheet.span, table.name))
    read = {name: places[name] for name in columns if name in places}
    keys = {name: places[name] for name in ROW_KEYS if name in places}
    return tuple(_row(line, (read, keys), inputs, layer) for line in sheet.rows)


def _fills_itself(name: str, table: Table) -> bool:
    """Whether an input is a setting: a file that lacks it holds for every value of it."""
    return any(
        isinstance(each.type, Located) and each.type.value.startswith("settings.")
        for each in table.inputs
        if each.name == name
    )


def _row(
    line: SheetRow,
    places: tuple[Mapping[str, int], Mapping[str, int]],
    inputs: Sequence[str],
    layer: Layer,
) -> Row:
    read, keys = places
    span = Span(line[0].span.source, line[0].span.start, line[-1].span.end)
    cells = {}
    for name, place in read.items():
        if line[place].value or name not in inputs:
            cells[name] = cell_of_text(line[place])
    for name in inputs:
        if name not in read:
            cells[name] = Cell(span, "any")
    if not keys:
        return Row(cells, Origin(span, layer))
    said = {name: line[place] for name, place in keys.items() if line[place].value}
    because = said["because"].value if "because" in said else None
    return Row(cells, Origin(span, layer, because), said.get("reject"), _way(said), because)


def _way(said: Mapping[str, Located[str]]) -> Word["out", "back"] | None:
    way = said["one_way"].value if "one_way" in said else None
    return "out" if way == "out" else "back" if way == "back" else None
