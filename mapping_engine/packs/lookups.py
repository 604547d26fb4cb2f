"""
Tables as functions of the language: asked forwards, backwards, and through a connector.

A look-up that finds no row refuses the record (M703) under the table's own reason; a row
that says `reject:` refuses under that. The bodies are plain records, so that a compiled
mapper can be copied to another process, and so that the tracer can ask them for the row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from mapping_engine.functions.catalogue import REQUIRED, Argument, Arguments, Function, Parameter
from mapping_engine.packs import problems_of_tables as problems
from mapping_engine.packs.columns import TypedColumn
from mapping_engine.packs.table_checks import written
from mapping_engine.packs.table_rows import TypedRow
from mapping_engine.packs.tables import TypedTable, used_type
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import Object, Text, Type
from mapping_engine.values.value import MISSING, Value, is_empty

__all__ = ["Backward", "Lookup", "backward", "backward_functions", "refuse", "table_function"]


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """The body of a table asked forwards. `find` tells which row answers."""

    table: TypedTable

    def __call__(self, *values: Value) -> Value:
        """Return what the fitting row gives. Raises `Refusal` when none fits or the row refuses."""
        row = self.find(*values)
        if row is None or row.reject is not None or row.misfit is not None:
            raise refuse(self.table, values, row)
        return row.value

    def find(self, *values: Value) -> TypedRow | None:
        """Return the row that answers."""
        if len(values) == 1:
            value = values[0]
            if isinstance(value, str):
                row = self.table.index.single.get(value)
                if row is not None and len(self.table.inputs) == 1:
                    return row
        return self.table.find(*values)


def refuse(table: TypedTable, values: Sequence[Value], row: TypedRow | None) -> Refusal:
    """Return the refusal of a look-up that found nothing, or a row that refuses."""
    shown = ", ".join("empty" if is_empty(each) else written(each) for each in values)
    if len(values) == 1 and is_empty(values[0]):
        shown = ""
    if row is None:
        return Refusal(problems.no_row, shown, table.name, reason=table.reason)
    if row.misfit is not None:
        return Refusal(problems.unusable_row, shown, table.name, row.misfit, reason=table.reason)
    reason = row.reject.value if row.reject is not None else table.reason
    return Refusal(problems.row_refuses, shown, table.name, reason, row.row.because, reason=reason)


@dataclass(frozen=True, slots=True, eq=False)
class Unfixed:
    """The body of a table that waits for a setting: it can be checked, never asked."""

    table: TypedTable

    def __call__(self, settings: Value, *values: Value) -> Value:
        """Raise `Refusal`: no row is known before the setting is."""
        raise refuse(self.table, values, None)

    def find(self, *values: Value) -> TypedRow | None:
        """Return None."""
        return None


def table_function(table: TypedTable) -> Function:
    """Return the function by which expressions ask a table forwards."""
    parameters = tuple(
        Parameter(
            each.name, _open(each), f"What stands in the column `{each.name}`.", takes_nothing=True
        )
        for each in table.asked
    )  # fmt: skip
    result = table.result
    waits = bool(table.unfixed)
    return Function(
        table.name,
        parameters,
        lambda _: result,
        Unfixed(table) if waits else Lookup(table),
        topic="tables",
        summary=f"Look up a row of the table `{table.name}`.",
        check=lambda given: _misfit(table, given),
        context=("settings",) if waits else (),
    )


def _open(column: TypedColumn) -> Type:
    """Return what an input takes: any value of its kind; a word it does not know is a miss."""
    if isinstance(column.type, Text):
        return Text(absent=True, null=True)
    return replace(column.type, absent=True, null=True)


def _misfit(table: TypedTable, given: Arguments) -> Diagnostic | None:
    """Report an argument that can be a word which its input's enum does not have."""
    for column in table.asked:
        argument = given.get(column.name)
        choices = column.choices
        if argument is None or choices is None or not isinstance(argument.type, Text):
            continue
        known = {column.key(each) for each in choices}
        words = [each for each in argument.type.choices or () if each.strip()]
        unknown = [each for each in words if column.key(each) not in known]
        if unknown:
            return problems.argument_never_fits(None, table.name, column.name, unknown)
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Backward:
    """The body of a table asked by its outputs: which inputs belong to them.

    The first argument is the output that was named; the others may be left out.
    """

    table: TypedTable
    asked: tuple[TypedColumn, ...]
    answers: dict[Value, tuple[TypedRow, ...]] = field(default_factory=dict)

    def __call__(self, *values: Value) -> Value:
        """Return the input (or the inputs as an object). Raises `Refusal` for none or several."""
        row = self.find(*values)
        if row is None:
            raise refuse(self.table, values[:1], None)
        return _answer(self.table, row)

    def find(self, *values: Value) -> TypedRow | None:
        """Return the row that answers."""
        rows = [row for row in self.answers.get(self.asked[0].key(values[0]), ())
                if _agrees(row, self.asked[1:], values[1:])]  # fmt: skip
        distinct = {_inputs(self.table, row): row for row in rows}
        if len(distinct) == 1 and None not in distinct:
            return rows[0]
        rest = self.table.rest
        return rest if not rows and rest is not None and _inputs(self.table, rest) else None


def _agrees(row: TypedRow, columns: Sequence[TypedColumn], values: Sequence[Value]) -> bool:
    return all(
        is_empty(value) or column.key(row.outputs[column.name]) == column.key(value)
        for column, value in zip(columns, values, strict=True)
    )


def _given(table: TypedTable) -> Iterator[tuple[int, TypedColumn]]:
    return ((place, each) for place, each in enumerate(table.inputs) if each.setting is None)


def _inputs(table: TypedTable, row: TypedRow) -> tuple[Value, ...] | None:
    """Return the one combination of inputs that a row stands for; None when there are several."""
    keys = [row.row.cells.get(column.name) for _, column in _given(table)]
    if any(cell is None or cell.kind in ("any", "range") for cell in keys):
        return None
    tests = [row.tests[place].keys for place, _ in _given(table)]
    if any(each is None or len(each) != 1 for each in tests):
        return None
    return tuple(next(iter(each)) for each in tests if each is not None)


def _answer(table: TypedTable, row: TypedRow) -> Value:
    """Return the inputs of a row as values, words as they are written in it."""
    values = {column.name: _plain(row, place, column) for place, column in _given(table)}
    if len(values) == 1:
        return next(iter(values.values()))
    return {name: value for name, value in values.items() if value is not MISSING}


def _plain(row: TypedRow, place: int, column: TypedColumn) -> Value:
    keys = row.tests[place].keys or frozenset()
    key = next(iter(keys), MISSING)
    if key is MISSING or not isinstance(key, str):
        return key
    cell = row.row.cells[column.name]
    for each in column.choices or cell.words:
        if column.key(each) == key:
            return each
    return key


def backward_functions(table: TypedTable) -> tuple[Function, ...]:
    """Return the functions `table<-output` by which expressions ask a table backwards."""
    return tuple(backward(table, each.name) for each in table.outputs)


def backward(table: TypedTable, column: str) -> Function:
    """Return the function that gives the inputs which belong to an output.

    Its `check` tells when more than one answer fits, so that a table that is never asked
    backwards need not be reversible.
    """
    named = next(each for each in table.outputs if each.name == column)
    asked = (named, *(each for each in table.outputs if each is not named))
    rows = [row for row in table.rows_back if row.reject is None]
    answers: dict[Value, tuple[TypedRow, ...]] = {}
    for row in rows:
        key = named.key(row.outputs[column])
        answers[key] = (*answers.get(key, ()), row)
    body = Backward(table, asked, answers)
    parameters = tuple(
        Parameter(
            each.name, _open(each), f"The output `{each.name}`.",
            default=REQUIRED if each is named else MISSING, takes_nothing=True,
        )
        for each in asked
    )  # fmt: skip
    result = _result(table, rows)
    return Function(
        f"{table.name}<-{column}",
        parameters,
        lambda _: result,
        body,
        topic="tables",
        summary=f"Look up by `{column}` which row of the table `{table.name}` it belongs to.",
        check=lambda given: _ambiguous(body, given),
    )


def _result(table: TypedTable, rows: Sequence[TypedRow]) -> Type:
    """Return the type of the answer of a table asked backwards."""
    rest = [table.rest] if table.rest and _inputs(table, table.rest) else []
    types: dict[str, Type] = {}
    for place, column in _given(table):
        values = [_plain(row, place, column) for row in (*rows, *rest)]
        types[column.name] = used_type(column, values) if table.is_known else column.type
    if len(types) == 1:
        return next(iter(types.values()))
    return Object(name=table.name, fields=types)


def _ambiguous(body: Backward, given: Arguments) -> Diagnostic | None:
    """Report an output for which more than one row answers, by the outputs that are given."""
    named = [each for each in body.asked if _is_given(given.get(each.name))]
    if not named and body.asked:
        named = [body.asked[0]]
    groups: dict[tuple[Value, ...], list[TypedRow]] = {}
    for rows in body.answers.values():
        for row in rows:
            asked = tuple(each.key(row.outputs[each.name]) for each in named)
            groups.setdefault(asked, []).append(row)
    for rows_of_one in groups.values():
        answers = {_inputs(body.table, row) for row in rows_of_one}
        if len(answers) > 1 or None in answers:
            return _several(body.table, named, rows_of_one)
    return None


def _is_given(argument: Argument | None) -> bool:
    return argument is not None and argument.constant is not MISSING


def _several(
    table: TypedTable, named: Sequence[TypedColumn], rows: Sequence[TypedRow]
) -> Diagnostic:
    asked = " with ".join(
        f"`{each.name}` = `{written(rows[0].outputs[each.name])}`" for each in named
    )
    answers: list[str] = []
    for row in rows[:5]:
        for place, column in _given(table):
            keys = row.tests[place].keys
            shown = sorted(written(each) for each in keys) if keys is not None else ["any"]
            answers.extend(f"`{column.name}` = `{each}`" for each in shown)
    found = problems.ambiguous_reverse(None, table.name, asked, " or ".join(answers[:5]))
    for row in rows[:5]:
        found = found.with_label(row.row.origin.span, "this row answers")
    return found
