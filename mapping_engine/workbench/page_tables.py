"""
Make the parts of the page about tables and reasons.

A table whose rows a firm or a connector brings is the firm's own data: its people, its
matters. Its columns are shown and its rows counted, unless they are codes of a list of
accounts or taxes, which is what an account map is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mapping_engine.functions.catalogue import NOT_CONSTANT
from mapping_engine.packs.model import Cell, Row, Table
from mapping_engine.packs.tables import TypedTable
from mapping_engine.values.words import count_words
from mapping_engine.workbench.page_records import (
    DecisionLine,
    Job,
    KindPage,
    NotTaken,
    ReasonLine,
    TableLine,
    TablePage,
)
from mapping_engine.workbench.page_refusals import can_miss
from mapping_engine.workbench.page_view import View
from mapping_engine.workbench.page_words import human

__all__ = ["reasons", "tables"]

_TITLES: Final[Mapping[Job, str]] = {
    "accounts": "Account map: ", "taxes": "Tax map: ", "values": "",
}  # fmt: skip
_ONE_WAY: Final = {"out": "goes only; it never comes back so", "back": "comes back only"}


def tables(view: View) -> Iterator[TablePage]:
    """Yield all tables, those of accounts first, then taxes, then values."""
    found = [_table(view, each) for each in view.opened.program.tables.values()]
    for job in ("accounts", "taxes", "values"):
        yield from (each for each in found if each.job == job)


def _table(view: View, typed: TypedTable) -> TablePage:
    table = typed.table
    inputs, outputs = (tuple(each.name for each in side) for side in (table.inputs, table.outputs))
    rows = [*table.rows, *filter(None, [table.otherwise])]
    known = {id(each.row) for each in (*typed.rows, *typed.rows_back)}
    in_force = [each for each in rows if id(each) in known or each is table.otherwise]
    shown = in_force if table.catalogue or not _is_brought(table) else []
    return TablePage(
        name=table.name,
        title=_TITLES[_job(table)] + human(table.name).capitalize(),
        job=_job(table),
        inputs=inputs,
        outputs=outputs,
        lines=tuple(_line(view, table, each, (*inputs, *outputs)) for each in shown),
        says=(*_says(typed, len(rows), len(shown)), *_unseen(typed, len(rows) - len(in_force))),
        source=view.source(table.origin),
    )


def _is_brought(table: Table) -> bool:
    """Whether somebody else brings the rows: the firm or a connector."""
    return table.rows_from is not None and table.rows_from.value in ("firm", "connector")


def _job(table: Table) -> Job:
    lists = {each.value for each in table.catalogue.values()}
    if any("tax" in each for each in lists):
        return "taxes"
    return "accounts" if any("account" in each for each in lists) else "values"


def _line(view: View, table: Table, row: Row, columns: Sequence[str]) -> TableLine:
    cells = tuple(_shown(view, table, name, row.cells.get(name)) for name in columns)
    if row is table.otherwise:
        cells = ("all the rest", *cells[1:])
    said = [_ONE_WAY[row.one_way]] if row.one_way else []
    if row.reject is not None:
        said.append(f"refused: {row.reject.value}")
    said += [row.because] if row.because else []
    return TableLine(cells, "; ".join(said), view.source(row.origin))


def _shown(view: View, table: Table, column: str, cell: Cell | None) -> str:
    if cell is None:
        return ""
    match cell.kind:
        case "word":
            words = [_named(view, table, column, each) for each in cell.words]
            return " or ".join([*words, *(["empty"] if cell.or_empty else [])])
        case "range":
            if cell.low is None or cell.high is None:
                return f"from {cell.low}" if cell.low is not None else f"below {cell.high}"
            return f"from {cell.low}, below {cell.high}"
        case _:
            return cell.kind


def _named(view: View, table: Table, column: str, code: str) -> str:
    """Return a code with the name that its list gives it."""
    listed = table.catalogue.get(column)
    return view.named(listed.value, code) if listed else code


def _says(typed: TypedTable, rows: int, shown: int) -> Iterator[str]:
    """Yield what is to be known of a table besides its rows."""
    table = typed.table
    private = ", ".join(human(each.name) for each in (*table.inputs, *table.outputs))
    if _is_brought(table) and not shown:
        who = "the firm" if table.rows_from and table.rows_from.value == "firm" else "the connector"
        count = f" It has {count_words(rows, 'row')}, not shown on this page." if rows else ""
        yield f"Its rows come from {who}.{count} Columns: {private}."
    by_setting = [each for each in typed.inputs if each.setting is not None]
    for each in by_setting:
        yield f"The column {human(each.name)} is filled by the setting {human(each.setting or '')}."
    if table.ignore_case:
        yield "Capitals and small letters count as the same."
    if can_miss(typed):
        yield f"What no row fits is refused: {typed.reason}."


def _unseen(typed: TypedTable, count: int) -> Iterator[str]:
    """Yield how many rows are for other settings than those of the firm."""
    fixed = [each for each in typed.inputs if each.setting and each.fixed is not NOT_CONSTANT]
    if count and fixed:
        said = " and ".join(f"{human(each.name)} {each.fixed}" for each in fixed)
        yield f"Shown are the rows for {said}; {count_words(count, 'row')} for others."


def reasons(
    view: View, kinds: Sequence[KindPage], refused: Sequence[NotTaken]
) -> Iterator[ReasonLine]:  # fmt: skip
    """Yield every reason that can be given, the pack's own first, with the kinds it is given to."""
    pack = view.opened.pack
    used: dict[str, list[str]] = {}
    for kind in kinds:
        for line in kind.decisions:
            _note(used, line, kind.title)
    for each in refused:
        used.setdefault(each.reason, []).append(each.title)
    names = [*pack.reasons, *(each for each in used if each not in pack.reasons)]
    for name in names:
        known, own = view.reason(name), pack.reasons.get(name)
        source = view.source(own.origin) if own else None
        yield ReasonLine(name, known.because, known.do, tuple(used.get(name, ())), source)


def _note(used: dict[str, list[str]], line: DecisionLine, title: str) -> None:
    titles = used.setdefault(line.reason, [])
    if title not in titles:
        titles.append(title)
