"""
What happens when a table is asked: forwards, backwards, or over the rows of a connector.

The bodies are plain records, so that a compiled mapper can be copied to another process,
and so that the tracer can ask them for the row that answers (`find`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from mapping_engine.packs import problems_of_tables as problems
from mapping_engine.packs.columns import TypedColumn
from mapping_engine.packs.connector_rows import RowSource, answered
from mapping_engine.packs.table_checks import written
from mapping_engine.packs.table_rows import TypedRow
from mapping_engine.packs.tables import TypedTable
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.value import MISSING, Value, is_empty

__all__ = [
    "Answered", "Backward", "Lookup", "Unfixed", "asked_back", "given_inputs", "refuse",
    "single_inputs", "written_input",
]  # fmt: skip


class Lookup(Struct, frozen=True, eq=False):
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
        value = values[0] if len(values) == 1 else None
        if isinstance(value, str) and len(self.table.inputs) == 1:
            row = self.table.index.single.get(value)
            if row is not None:
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


class Unfixed(Struct, frozen=True, eq=False):
    """The body of a table that waits for a firm: it can be checked, and finds no row."""

    table: TypedTable

    def __call__(self, settings: Value, *values: Value) -> Value:
        """Raise `Refusal`: no row is known before the firm is."""
        raise refuse(self.table, values, None)

    def find(self, *values: Value) -> TypedRow | None:
        """Return None."""
        return None


class Backward(Struct, frozen=True, eq=False):
    """The body of a table asked by its outputs: which inputs belong to them.

    The first argument is the output that was named; the others may be left out.
    """

    table: TypedTable
    asked: tuple[TypedColumn, ...]
    _answers: dict[Value, list[TypedRow]] = field(default_factory=dict)

    @property
    def answers(self) -> dict[Value, list[TypedRow]]:
        """The rows by the output that is named, gathered when a table is first asked for them."""
        if not self._answers:
            named, gathered = self.asked[0], dict[Value, list[TypedRow]]()
            for row in self.table.rows_back:
                if row.reject is None and row.misfit is None:
                    gathered.setdefault(named.key(row.outputs[named.name]), []).append(row)
            self._answers.update(gathered)
        return self._answers

    def __call__(self, *values: Value) -> Value:
        """Return the input (or the inputs as an object). Raises `Refusal` for none or several."""
        row = self.find(*values)
        if row is None:
            raise refuse(self.table, values[:1], None)
        inputs = {
            each.name: written_input(row, place, each) for place, each in given_inputs(self.table)
        }
        if len(inputs) == 1:
            return next(iter(inputs.values()))
        return {name: value for name, value in inputs.items() if value is not MISSING}

    def find(self, *values: Value) -> TypedRow | None:
        """Return the row that answers."""
        named = self.answers.get(self.asked[0].key(values[0]), [])
        rows = [row for row in named if _agrees(row, self.asked[1:], values[1:])]
        distinct = {single_inputs(self.table, row) for row in rows}
        if len(distinct) == 1 and None not in distinct:
            return rows[0]
        rest = self.table.rest
        return rest if not rows and rest and single_inputs(self.table, rest) else None


def asked_back(table: TypedTable, column: str) -> Backward:
    """Return the body of a table asked by an output."""
    named = next(each for each in table.outputs if each.name == column)
    return Backward(table, (named, *(each for each in table.outputs if each is not named)))


def _agrees(row: TypedRow, columns: Sequence[TypedColumn], values: Sequence[Value]) -> bool:
    return all(
        is_empty(value) or column.key(row.outputs[column.name]) == column.key(value)
        for column, value in zip(columns, values, strict=True)
    )


class Answered:
    """The body of a table whose rows a connector answers with; it is asked for them once.

    `column` is the output by which the table is asked backwards, None when asked forwards.
    """

    def __init__(self, table: TypedTable, column: str | None = None) -> None:
        self.table = table
        self.column = column
        self._last: tuple[RowSource, Lookup | Backward] | None = None

    def __call__(self, references: RowSource, *values: Value) -> Value:
        """Return what the fitting row gives, as the plain bodies do."""
        return self.body(references)(*values)

    def body(self, references: RowSource) -> Lookup | Backward:
        """Return the plain body over the rows of this connector."""
        last = self._last
        if last is None or last[0] is not references:
            known = answered(self.table, references)
            plain = Lookup(known) if self.column is None else asked_back(known, self.column)
            last = self._last = references, plain
        return last[1]

    def __getstate__(self) -> tuple[TypedTable, str | None]:
        """Return what travels to another process: not the rows."""
        return self.table, self.column

    def __setstate__(self, state: tuple[TypedTable, str | None]) -> None:
        """Take in what travelled."""
        self.table, self.column = state
        self._last = None


def given_inputs(table: TypedTable) -> Iterator[tuple[int, TypedColumn]]:
    """Yield the inputs that settings do not fill, with their places."""
    return ((place, each) for place, each in enumerate(table.inputs) if each.setting is None)


def single_inputs(table: TypedTable, row: TypedRow) -> tuple[Value, ...] | None:
    """Return the one combination of inputs that a row stands for; None when there are several."""
    places = [place for place, _ in given_inputs(table)]
    tests = [row.tests[place].keys for place in places]
    if any(each is None or len(each) != 1 for each in tests):
        return None
    return tuple(next(iter(each)) for each in tests if each is not None)


def written_input(row: TypedRow, place: int, column: TypedColumn) -> Value:
    """Return the value that a row has in an input, a word as its schema or its cell writes it."""
    key = next(iter(row.tests[place].keys or ()), MISSING)
    if not isinstance(key, str):
        return key
    words = column.choices or row.row.cells[column.name].words
    return next((each for each in words if column.key(each) == key), key)
