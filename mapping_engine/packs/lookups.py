"""
Tables as functions of the language: `accounts(code)`, and backwards `accounts(to=code)`.

A look-up that finds no row refuses the record (M703) under the table's own reason; a row
that says `reject:` refuses under that. A table that still waits for a setting or for rows
gets them handed by the engine, under the name in the function's `context`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from msgspec.structs import replace

from mapping_engine.functions.catalogue import REQUIRED, Argument, Arguments, Function, Parameter
from mapping_engine.packs import problems_of_tables as problems
from mapping_engine.packs.columns import TypedColumn
from mapping_engine.packs.table_bodies import (
    Answered,
    Backward,
    Lookup,
    Unfixed,
    asked_back,
    given_inputs,
    single_inputs,
    written_input,
)
from mapping_engine.packs.table_checks import written
from mapping_engine.packs.table_rows import Test, TypedRow
from mapping_engine.packs.tables import TypedTable, used_type
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.values.types import Object, Text, Type
from mapping_engine.values.value import MISSING, Value

__all__ = ["Answered", "Backward", "Lookup", "backward", "backward_functions", "table_function"]


def table_function(table: TypedTable) -> Function:
    """Return the function by which expressions ask a table forwards."""
    parameters = tuple(
        Parameter(
            each.name, _open(each), f"What stands in the column `{each.name}`.", takes_nothing=True
        )
        for each in table.asked
    )  # fmt: skip
    result = table.result
    context, body = _waiting(table, None)
    return Function(
        table.name,
        parameters,
        lambda _: result,
        body or Lookup(table),
        topic="tables",
        summary=f"Look up a row of the table `{table.name}`.",
        check=lambda given: _misfit(table, given),
        context=context,
        span=table.table.origin.span,
        repeats=not context,
    )


def backward_functions(table: TypedTable) -> tuple[Function, ...]:
    """Return the functions `table<-output` by which expressions ask a table backwards."""
    return tuple(backward(table, each.name) for each in table.outputs)


def backward(table: TypedTable, column: str) -> Function:
    """Return the function that gives the inputs which belong to an output.

    Its `check` tells when more than one answer fits, so that a table that is never asked
    backwards need not be reversible.
    """
    plain = asked_back(table, column)
    parameters = tuple(
        Parameter(
            each.name, _open(each), f"The output `{each.name}`.",
            default=MISSING if place else REQUIRED, takes_nothing=True,
        )
        for place, each in enumerate(plain.asked)
    )  # fmt: skip
    context, body = _waiting(table, column)
    return Function(
        f"{table.name}<-{column}",
        parameters,
        lambda _: _inputs_type(plain),
        body or plain,
        topic="tables",
        summary=f"Look up by `{column}` which row of the table `{table.name}` it belongs to.",
        check=lambda given: _ambiguous(plain, given),
        context=context,
    )


def _waiting(
    table: TypedTable, column: str | None
) -> tuple[tuple[str, ...], Unfixed | Answered | None]:
    """Return what the engine hands to a table that is not complete by itself."""
    if table.is_answered:
        return ("references",), Answered(table, column)
    if table.unfixed or not table.is_known or table.is_doubtful:
        return ("settings",), Unfixed(table)
    return (), None


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


def _inputs_type(body: Backward) -> Type:
    """Return the type of the answer of a table asked backwards."""
    table = body.table
    rows = [row for found in body.answers.values() for row in found]
    if table.rest and single_inputs(table, table.rest):
        rows.append(table.rest)
    types: dict[str, Type] = {}
    for place, column in given_inputs(table):
        values = [written_input(row, place, column) for row in rows]
        types[column.name] = used_type(column, values) if table.is_known else column.type
    if len(types) == 1:
        return next(iter(types.values()))
    return Object(name=table.name, fields=types)


def _ambiguous(body: Backward, given: Arguments) -> Diagnostic | None:
    """Report an output for which more than one row answers, by the outputs that are given."""
    named = [each for each in body.asked if _is_given(given.get(each.name))]
    groups: dict[tuple[Value, ...], list[TypedRow]] = {}
    for rows in body.answers.values():
        for row in rows:
            asked = tuple(each.key(row.outputs[each.name]) for each in named or body.asked[:1])
            groups.setdefault(asked, []).append(row)
    for rows in groups.values():
        answers = {single_inputs(body.table, row) for row in rows}
        if len(answers) > 1 or None in answers:
            return _several(body.table, named or body.asked[:1], rows)
    return None


def _is_given(argument: Argument | None) -> bool:
    return argument is not None and argument.constant is not MISSING


def _answers(column: TypedColumn, test: Test) -> list[str]:
    """Return what an input can be by one cell, in words."""
    if test.is_range:
        ends = ("" if each is None else written(each) for each in (test.low, test.high))
        return [f"`{column.name}` = `{'..'.join(ends)}`"]
    if test.keys is None:
        return [f"any `{column.name}`"]
    return [f"`{column.name}` = `{each}`" for each in sorted(map(written, test.keys))]


def _several(
    table: TypedTable, named: Sequence[TypedColumn], rows: Sequence[TypedRow]
) -> Diagnostic:
    asked = " with ".join(
        f"`{each.name}` = `{written(rows[0].outputs[each.name])}`" for each in named
    )
    answers: list[str] = []
    for row in rows[:5]:
        shown = [_answers(column, row.tests[place]) for place, column in given_inputs(table)]
        answers.extend(" with ".join(each) for each in product(*shown))
    found = problems.ambiguous_reverse(None, table.name, asked, " or ".join(answers[:5]))
    for row in rows[:5]:
        found = found.with_label(row.row.origin.span, "this row answers")
    return found
