"""
Read a table file: its columns, its rows, and what each cell says.

A cell is kept as it was typed (`00200`); what it means for its column is asked when the
table is typed. Quotes say "literally this word", so `"any"` is the word any.
"""

from __future__ import annotations

import re
from typing import Literal as Word

from mapping_engine.packs import problems
from mapping_engine.packs.model import Cell, Column, Row, Table
from mapping_engine.packs.problems_of_tables import unknown_column
from mapping_engine.packs.reading import Reading, entries, flag, items, text, word
from mapping_engine.packs.rules import choice
from mapping_engine.source.node import Entry, MappingNode, Node, ScalarNode, SequenceNode
from mapping_engine.source.text import Located, Span

__all__ = ["ROW_KEYS", "cell_of_text", "columns", "row", "rows", "table"]

_ONE_WAY: tuple[Word["out", "back"], ...] = ("out", "back")

#: Keys of a row that are no columns.
ROW_KEYS = ("reject", "one_way", "because")
#: `10..20`, also with dates and with one end open.
_END = r"-?[0-9]+(?:\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}"
_RANGE = re.compile(rf"(?P<low>{_END})?\.\.(?P<high>{_END})?")


def table(root: Node | None, reading: Reading) -> Table | None:
    """Return the table of a file; None when the file is no block with a name."""
    name = word(root.get("table")) if isinstance(root, MappingNode) else None
    if not isinstance(root, MappingNode) or name is None:
        return None
    inputs = columns(root.get("inputs"), reading)
    outputs = columns(root.get("outputs"), reading)
    _check_columns(inputs, outputs, reading)
    rest = root.entry("otherwise")
    output_names = tuple(each.name for each in outputs)
    return Table(
        name=name.value,
        inputs=inputs,
        outputs=outputs,
        rows=rows(root.get("rows"), reading, output_names),
        origin=reading.origin(name.span),
        otherwise=row(rest.value, reading, rest.key.span, output_names) if rest else None,
        reason=word(root.get("reason")),
        ignore_case=flag(root, "ignore_case") or False,
        rows_from=word(root.get("rows")),
        catalogue=_catalogue(root, (*inputs, *outputs), reading),
    )


def _catalogue(
    root: MappingNode, columns: tuple[Column, ...], reading: Reading
) -> dict[str, Located[str]]:
    """Return which column holds codes of which list; a column that is not there is reported."""
    known = [each.name for each in columns]
    found = {}
    for entry in entries(root.get("catalogue")):
        said, name = word(entry.value), entry.key.text
        if name not in known:
            title = word(root.get("table"))
            table_name = title.value if title else ""
            reading.report.add(unknown_column(entry.key.span, table_name, name, known))
        elif said is not None:
            found[name] = said
    return found


def columns(node: Node | None, reading: Reading) -> tuple[Column, ...]:
    """Return the columns of `inputs` or `outputs`."""
    found = []
    for entry in entries(node):
        name, span = entry.key.text, entry.key.span
        if name in ROW_KEYS:
            reading.report.add(problems.column_name_taken(span, name))
        words = tuple(each for each in map(word, items(entry.value)) if each is not None)
        kind = words if isinstance(entry.value, SequenceNode) else word(entry.value)
        found.append(Column(name, kind if kind is not None else Located("text", span), span))
    return tuple(found)


def rows(node: Node | None, reading: Reading, outputs: tuple[str, ...] = ()) -> tuple[Row, ...]:
    """Return the rows of a list; what is no row has been reported."""
    found = (row(each, reading, each.span, outputs) for each in items(node))
    return tuple(each for each in found if each is not None)


def row(node: Node, reading: Reading, span: Span, outputs: tuple[str, ...] = ()) -> Row | None:
    """Return one row; `span` shows it when it has no cell."""
    if not isinstance(node, MappingNode) or reading.cuts.covers(node):
        return None
    cells = {each.key.text: _cell(each, reading) for each in node if each.key.text not in ROW_KEYS}
    place = node.span if node.span.text[:1] == "{" else span
    if node.entries and place is node.span and "\n" in place.text:
        place = node.entries[0].key.span
    reject = word(node.get("reject"))
    for each in node:
        if reject and each.key.text in outputs:
            reading.report.add(problems.both_outcomes(each.key.span, each.key.text))
    return Row(
        cells={name: cell for name, cell in cells.items() if cell is not None},
        origin=reading.origin(place, node),
        reject=reject,
        one_way=choice(node, "one_way", _ONE_WAY),
        because=text(node, "because"),
    )


def cell_of_text(written: Located[str]) -> Cell:
    """Return what a cell of a sheet says; there, quotes cannot make a word literal."""
    said = written.value.strip()
    return _plain_cell(said, written.span) if said else Cell(written.span, "empty")


def _plain_cell(said: str, span: Span) -> Cell:
    if said == "any":
        return Cell(span, "any")
    if said == "empty":
        return Cell(span, "empty")
    found = _RANGE.fullmatch(said) if ".." in said else None
    if found and (found["low"] or found["high"]):
        return Cell(span, "range", low=found["low"], high=found["high"])
    return Cell(span, "word", (said,))


def _cell(entry: Entry, reading: Reading) -> Cell | None:
    node, span = entry.value, entry.key.span
    if isinstance(node, SequenceNode):
        return _list_cell(node, entry.key, reading)
    if not isinstance(node, ScalarNode):
        return None
    if node.is_quoted:
        return Cell(node.span, "word", (node.text,))
    if node.value is None:
        reading.report.add(problems.empty_cell(span, entry.key.text))
        return None
    if node.text == "..":
        reading.report.add(problems.bad_range(node.span, node.text))
        return None
    return _plain_cell(node.text, node.span)


def _list_cell(node: SequenceNode, key: ScalarNode, reading: Reading) -> Cell | None:
    words: list[str] = []
    or_empty = False
    for item in node.items:
        if not isinstance(item, ScalarNode):
            continue
        if not item.is_quoted and item.value is None:
            reading.report.add(problems.empty_cell(item.span if item.text else key.span, key.text))
        elif not item.is_quoted and item.text == "empty":
            or_empty = True
        elif not item.is_quoted and (item.text == "any" or _RANGE.fullmatch(item.text)):
            reading.report.add(problems.cell_not_alone(item.span, item.text))
        else:
            words.append(item.text)
    if not words:
        return Cell(node.span, "empty") if or_empty else None
    return Cell(node.span, "word", tuple(words), or_empty=or_empty)


def _check_columns(
    inputs: tuple[Column, ...], outputs: tuple[Column, ...], reading: Reading
) -> None:
    taken = {each.name: each.span for each in inputs}
    for column in outputs:
        if column.name in taken:
            doubled = problems.column_name_taken(column.span, column.name)
            reading.report.add(doubled.with_label(taken[column.name], "an input already"))
