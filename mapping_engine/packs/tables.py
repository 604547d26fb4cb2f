"""
Build tables: typed, checked, and indexed for looking up.

`build_table` is the only door: it types the columns and every cell, asks for overlaps and
gaps, and gives a `TypedTable` in which both engines, the checker and the tracer look.
Which way a table is asked from an expression stands in `lookups.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct, field
from msgspec.structs import replace

from mapping_engine.functions.catalogue import NOT_CONSTANT, Argument
from mapping_engine.packs import problems_of_tables as problems
from mapping_engine.packs.column_checks import check_columns
from mapping_engine.packs.columns import Resolver, TypedColumn, typed_column
from mapping_engine.packs.model import Column, Table
from mapping_engine.packs.table_checks import check_coverage, check_overlaps
from mapping_engine.packs.table_index import RowIndex
from mapping_engine.packs.table_rows import Columns, TypedRow, read_row, typed_row
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.types import Number, Object, Text, Type
from mapping_engine.values.value import MISSING, Value

__all__ = ["TypedTable", "build_table", "used_type"]

_MOST_CHOICES = 200


class TypedTable(Struct, frozen=True, eq=False):
    """A table that can be asked.

    `asked` are the inputs that an expression gives; the others are filled by settings.
    `rows` are those that can be found now, `rows_back` those found when asked backwards;
    `rest` is the row of `otherwise:`. `is_known` is False while somebody else still has to
    bring the rows.
    """

    table: Table
    inputs: tuple[TypedColumn, ...]
    outputs: tuple[TypedColumn, ...]
    rows: tuple[TypedRow, ...]
    rest: TypedRow | None
    rows_back: tuple[TypedRow, ...] = ()
    is_known: bool = True
    #: Whether something is wrong with its rows, so that they do not tell what it gives.
    is_doubtful: bool = False
    index: RowIndex = field(default_factory=lambda: RowIndex(()))

    @property
    def name(self) -> str:
        """The table's name, by which expressions call it."""
        return self.table.name

    @property
    def asked(self) -> tuple[TypedColumn, ...]:
        """The inputs that an expression gives."""
        return tuple(each for each in self.inputs if each.setting is None)

    @property
    def unfixed(self) -> tuple[TypedColumn, ...]:
        """The inputs that wait for a setting."""
        return tuple(each for each in self.inputs if each.setting and each.fixed is NOT_CONSTANT)

    @property
    def is_answered(self) -> bool:
        """Whether a connector brings the rows, once there is one."""
        brings = self.table.rows_from
        return not self.is_known and brings is not None and brings.value == "connector"

    @property
    def reason(self) -> str:
        """The reason under which a record is rejected that no row fits."""
        return self.table.reason.value if self.table.reason else "unmapped_value"

    @property
    def result(self) -> Type:
        """The type of what a look-up gives: the one output, or a row."""
        types = {each.name: self.output_type(each) for each in self.outputs}
        if len(types) == 1:
            return next(iter(types.values()))
        return Object(name=self.name, fields=types)

    def keys(self, *values: Value) -> tuple[Value, ...]:
        """Return the keys of the asked values, with those of the settings in their places."""
        given = iter(values)
        return tuple(
            each.key(next(given)) if each.setting is None
            else each.key(MISSING if each.fixed is NOT_CONSTANT else each.fixed)
            for each in self.inputs
        )  # fmt: skip

    def find(self, *values: Value) -> TypedRow | None:
        """Return the row that answers when the table is asked with these values."""
        return self.index.find(self.keys(*values)) or self.rest

    def output_type(self, column: TypedColumn) -> Type:
        """Return the type of an output, as narrow as the rows that can be found make it."""
        giving = [row for row in (*self.rows, *filter(None, [self.rest])) if row.reject is None]
        if not self.is_known or (self.is_doubtful and not giving):
            return column.type
        found = used_type(column, [row.outputs[column.name] for row in giving])
        declared = column.type if self.table.rows_from or self.is_doubtful else None
        if isinstance(found, Text) and isinstance(declared, Text) and declared.choices:
            # A word that no row gives today may still be asked for: others bring the rows.
            return replace(found, choices=declared.choices)
        return found


def used_type(column: TypedColumn, values: Sequence[Value]) -> Type:
    """Return the type of a column of which these values are all that can come."""
    present = [each for each in dict.fromkeys(values) if each is not MISSING]
    narrow = replace(column.type, absent=len(present) == 0 or MISSING in values, null=False)
    if isinstance(narrow, Text):
        texts = [each for each in present if isinstance(each, str)]
        order = {word: place for place, word in enumerate(narrow.choices or ())}
        texts.sort(key=lambda word: order.get(word, len(order)))
        sizes = [len(each) for each in texts]
        many = len(texts) > _MOST_CHOICES or narrow.private
        few = narrow.choices if many else tuple(texts)
        return replace(
            narrow, choices=few, blank=False, min_length=min(sizes, default=0),
            max_length=max(sizes, default=0),
        )  # fmt: skip
    if isinstance(narrow, Number) and present:
        numbers = [each for each in present if isinstance(each, Decimal)]
        return replace(
            narrow, scale=max(map(_places, numbers)), minimum=min(numbers), maximum=max(numbers),
            above=False, below=False,
        )  # fmt: skip
    return narrow


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def build_table(
    table: Table, resolve: Resolver, settings: Mapping[str, Argument], report: Report
) -> TypedTable | None:
    """Return the table typed, checked and indexed; None when a column's type means nothing.

    `resolve` gives the type behind `canonical.…`, `<system>.…` and `role`; `settings` what
    is known of the pack's settings. With errors in the report the table must not be used,
    but its types still tell the checker what it gives.
    """

    def typed(column: Column) -> TypedColumn | None:
        return typed_column(column, resolve, settings, report, ignore_case=table.ignore_case)

    inputs, outputs = _all(map(typed, table.inputs)), _all(map(typed, table.outputs))
    if inputs is None or outputs is None:
        return None
    if not check_columns(table, (*inputs, *outputs), report):
        return TypedTable(table, inputs, outputs, (), None, is_known=False)
    brought = table.rows_from is not None
    return _built(table, Columns(table.name, inputs, outputs, brought), report)


def _built(table: Table, columns: Columns, report: Report) -> TypedTable:
    errors = len(report.errors)
    read = [read_row(columns, row, report) for row in table.rows]
    good = [row for row in read if row.is_sound]
    rest = None
    if table.otherwise is not None:
        rest = typed_row(columns, table.otherwise, report, is_rest=True)
    waits = table.rows_from is not None and table.rows_from.value in ("firm", "connector")
    if not table.rows and table.rows_from is None and rest is None:
        report.add(problems.table_empty(table.origin.span, table.name))
    inputs = columns.inputs
    forward = [row for row in read if row.row.one_way != "back"]
    index = RowIndex([row for row in forward if row.is_readable])
    check_overlaps(table, index, inputs, report)
    covering = _for_settings(forward, inputs)
    fits_nobody = bool(forward) and not covering  # told where the firm's settings are asked
    if table.rows and not fits_nobody:
        check_coverage(table, covering, inputs, report)
    found = [row for row in covering if row.is_sound]
    back = _for_settings([row for row in good if row.row.one_way != "out"], inputs)
    if len(found) < len(forward):
        index = RowIndex(found)
    return TypedTable(
        table, inputs, columns.outputs, tuple(found), rest, tuple(back),
        is_known=bool(table.rows) or not waits,
        is_doubtful=fits_nobody or len(report.errors) > errors, index=index,
    )  # fmt: skip


def _for_settings(rows: list[TypedRow], inputs: Sequence[TypedColumn]) -> list[TypedRow]:
    """Return the rows that can be found with what the settings are known to say."""
    fixed = [
        (place, column.key(column.fixed))
        for place, column in enumerate(inputs)
        if column.setting is not None and column.fixed is not NOT_CONSTANT
    ]
    if not fixed:
        return rows
    return [row for row in rows if all(row.tests[place].fits(key) for place, key in fixed)]


def _all(columns: Iterable[TypedColumn | None]) -> tuple[TypedColumn, ...] | None:
    """Return the columns; None when one of them has no type."""
    found = tuple(columns)
    good = tuple(each for each in found if each is not None)
    return good if len(good) == len(found) else None
