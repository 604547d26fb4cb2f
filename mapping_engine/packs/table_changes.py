"""
Bring a firm's rows into the pack's tables: whole, from a file, added, replaced or removed.

A row is found by its inputs, cell by cell as they are written. The order of rows means
nothing, so a new row stands where the old one stood or at the end.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from mapping_engine.packs import problems_of_firms as problems
from mapping_engine.packs.firm import FirmFile, FirmLayer
from mapping_engine.packs.model import Cell, Pack, Row, Table
from mapping_engine.packs.problems_of_tables import table_empty
from mapping_engine.packs.reading import Reading, entries, text, word
from mapping_engine.packs.sheet_rows import sheet_rows
from mapping_engine.packs.table_files import row, rows
from mapping_engine.source.node import Entry, MappingNode, Node, SequenceNode
from mapping_engine.source.suggest import nearest

__all__ = ["changed_tables"]


def changed_tables(base: Pack, layer: FirmLayer) -> Mapping[str, Table]:
    """Return the pack's tables with the firm's rows; report what does not fit them."""
    tables = dict(base.tables)
    brought: set[str] = set()
    unknown: set[str] = set()
    for file, reading in layer:
        for entry in entries(file.get("tables")):
            name = entry.key.text
            if name in tables:
                tables[name] = _changed(tables[name], entry, layer, reading)
                brought.add(name)
            elif file.extends is not None:
                found = problems.table_change_of_nothing(entry.key.span, name, base.tables)
                reading.report.add(found)
                unknown.add(nearest(name, tables) or "")  # told already: its name is misspelt
    _check_brought(tables, brought | unknown, layer)
    return tables


def _check_brought(tables: Mapping[str, Table], brought: set[str], layer: FirmLayer) -> None:
    file: FirmFile | None = layer.own or next(iter(layer.files), None)
    if file is None:
        return
    place = file.extends.span if file.extends else file.document.source.span(0, 0)
    for name, table in tables.items():
        waits = table.rows_from is not None and table.rows_from.value == "firm"
        if waits and not table.rows and name not in brought:
            found = problems.firm_table_missing(place, name)
            layer.readings[0].report.add(found.with_label(table.origin.span, "waits for rows"))


def _changed(table: Table, entry: Entry, layer: FirmLayer, reading: Reading) -> Table:
    node = entry.value
    if not isinstance(node, MappingNode):
        return replace(table, rows=_whole(table, node, layer, reading))
    whole = node.get("rows")
    if whole is not None:
        table = replace(table, rows=_whole(table, whole, layer, reading))
    because = text(node, "because")
    for verb in ("replace", "remove"):
        for new in _rows(node.get(verb), table, reading):
            said = replace(new, because=new.because or because)
            table = replace(table, rows=_exchanged(table, said, verb, reading))
    added = _rows(node.get("add"), table, reading)
    rest = node.entry("otherwise")
    otherwise = table.otherwise
    if rest is not None:
        otherwise = row(rest.value, reading, rest.key.span)
    return replace(table, rows=(*table.rows, *added), otherwise=otherwise)


def _whole(table: Table, node: Node, layer: FirmLayer, reading: Reading) -> tuple[Row, ...]:
    """Return the rows that stand instead of the pack's: a list, or those of a file."""
    if isinstance(node, SequenceNode):
        found = _rows(node, table, reading)
    else:
        name = word(node)
        sheet = layer.sheets.get(name.value) if name else None
        if sheet is None:
            return ()
        before = len(reading.report)
        found = sheet_rows(sheet, table, reading.report, "firm")
        if not found and len(reading.report) > before:
            return ()
    if not found:
        reading.report.add(table_empty(node.span, table.name))
    return found


def _rows(node: Node | None, table: Table, reading: Reading) -> tuple[Row, ...]:
    return rows(node, reading, tuple(each.name for each in table.outputs))


def _exchanged(table: Table, new: Row, verb: str, reading: Reading) -> tuple[Row, ...]:
    """Return the rows with the one that has the same inputs replaced or removed."""
    wanted = _inputs(table, new)
    places = [at for at, each in enumerate(table.rows) if _inputs(table, each) == wanted]
    if new.one_way is not None:
        same_way = [at for at in places if table.rows[at].one_way == new.one_way]
        places = same_way or places
    if not places:
        reading.report.add(problems.row_not_found(new.origin.span, table.name, verb))
        return table.rows
    if new.because is None:
        reading.report.add(problems.because_missing(new.origin.span, table.name))
    old = table.rows[places[0]]
    if verb == "remove":
        return tuple(each for at, each in enumerate(table.rows) if at not in places)
    origin = replace(
        new.origin,
        because=new.because,
        replaced=old.origin.replaced or old.origin.span,
    )
    fresh = replace(new, origin=origin)
    return tuple(fresh if each is old else each for each in table.rows)


def _inputs(table: Table, found: Row) -> tuple[object, ...]:
    return tuple(_said(found.cells.get(each.name)) for each in table.inputs)


def _said(cell: Cell | None) -> object:
    """Return what a cell says, wherever it stands and in whatever order it lists its words."""
    if cell is None:
        return None
    return cell.kind, frozenset(cell.words), cell.low, cell.high, cell.or_empty
