"""Wordings of M501 to M519, and of a look-up that finds no row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.diagnostic import Severity
from mapping_engine.source.suggest import did_you_mean, nearest

__all__ = [
    "ambiguous_reverse", "argument_never_fits", "cell_missing", "cell_of_wrong_type",
    "column_not_in_rows", "column_of_wrong_type",
    "cell_out_of_range", "cell_too_long", "column_not_plain", "empty_range",
    "list_as_output", "never_fits", "no_row", "not_a_choice", "range_of_words", "row_refuses",
    "row_twice", "rows_overlap", "table_empty", "table_incomplete", "table_too_wide",
    "unknown_column", "unknown_column_type", "unknown_setting_column", "unusable_row",
]  # fmt: skip


def _some(words: Iterable[str], most: int = 5) -> str | None:
    """Return up to five words in backticks, or nothing when there are more."""
    names = [f"`{each}`" for each in words]
    return ", ".join(names) if 0 < len(names) <= most else None


@problem("M501", "table-incomplete")
def table_incomplete(
    table: str, missing: Sequence[str], count: int, *, covered: tuple[int, str], row: str
) -> Wording:
    """A value, or a combination of values, fits no row of a table.

    Every value of an enum, yes and no, and `empty` where the input can be empty, has a
    row; or the table says `otherwise:`.
    """
    more = f" and {count - len(missing)} more" if count > len(missing) else ""
    listed = "; ".join(missing) + more
    number, noun = covered
    several = "a row for each" if count > 1 else f"a row for {row}"
    return Wording(
        message=f"the table `{table}` does not cover {listed}",
        label=f"{number} of {number + count} {noun} are covered",
        hint=f"add {several}" + (", or say `otherwise:` once for the rest" if count > 1 else ""),
    )


@problem("M502", "rows-overlap")
def rows_overlap(table: str, example: str) -> Wording:
    """Two rows of a table fit the same values and say different things.

    The order of rows means nothing, so neither of them wins.
    """
    return Wording(
        message=f"two rows of the table `{table}` fit {example}",
        label="fits",
        hint="narrow one of the two, or mark one that is only read back with `one_way: back`",
    )


@problem("M503", "row-twice")
def row_twice(table: str) -> Wording:
    """A row stands in a table twice."""
    return Wording(
        message=f"the table `{table}` has this row twice",
        label="stands above already",
        hint="remove one of the two",
    )


@problem("M504", "unknown-column")
def unknown_column(table: str, name: str, columns: Iterable[str]) -> Wording:
    """A row names a column that its table does not declare."""
    return Wording(
        message=f"the table `{table}` has no column `{name}`",
        label="not a column",
        hint=did_you_mean(name, columns),
    )


@problem("M505", "cell-missing")
def cell_missing(table: str, column: str, is_input: bool) -> Wording:
    """A row says nothing in a column that must be filled."""
    return Wording(
        message=f"this row of the table `{table}` does not say `{column}`",
        label=f"no `{column}`",
        hint=f"write `{column}: any` or `{column}: empty` if that is meant"
        if is_input
        else f"fill it in, or declare the column as one that may be empty: `{column}: … or empty`",
    )


@problem("M542", "column-not-in-rows")
def column_not_in_rows(table: str, column: str, written: Iterable[str]) -> Wording:
    """A table declares a column that none of its rows has; they have another one instead."""
    return Wording(
        message=f"no row of the table `{table}` has the column `{column}`",
        label="in no row",
        hint=did_you_mean(column, written) or "name the column as the rows do",
    )


@problem("M543", "column-of-wrong-type")
def column_of_wrong_type(table: str, column: str, type: str, count: int) -> Wording:
    """No cell of a column can be read as the type that the column declares."""
    return Wording(
        message=f"none of the {count} words in the column `{column}` of the table `{table}` is "
        f"what it is declared to be",
        label=f"declared as {type if ' ' in type else f'`{type}`'}",
        hint="declare the column as what its rows hold",
    )


@problem("M506", "not-a-choice")
def not_a_choice(column: str, type: str, word: str, choices: Sequence[str]) -> Wording:
    """A cell holds a word that its column's list or enum does not have."""
    return Wording(
        message=f"`{column}` cannot be `{word}`",
        label="not one of its words" if " " in type else f"not a value of `{type}`",
        hint=did_you_mean(word, [each for each in choices if each]),
    )


@problem("M507", "cell-of-wrong-type")
def cell_of_wrong_type(column: str, wanted: str) -> Wording:
    """A cell cannot be read as a value of its column's type."""
    return Wording(message=f"`{column}` needs {wanted}", label=f"not {wanted}")


@problem("M508", "range-of-words")
def range_of_words(column: str) -> Wording:
    """A cell is a range, but its column is neither a number nor a date."""
    return Wording(
        message=f"`{column}` has no order, so a range says nothing",
        label="a range",
        hint="list the words: `[a, b]`; quote the word if it is one",
    )


@problem("M509", "unknown-column-type")
def unknown_column_type(word: str, words: Iterable[str]) -> Wording:
    """A column's type is no word of tables and no field of a schema."""
    near = nearest(word, words)
    return Wording(
        message=f"there is no column type `{word}`",
        label="not a type",
        hint=f"did you mean `{near}`?"
        if near
        else "a type is text, number, integer, percent, boolean, date, role, a list of words, "
        "`settings.…`, or a field of a schema such as `canonical.contact.kind`",
    )


@problem("M510", "ambiguous-reverse")
def ambiguous_reverse(table: str, asked: str, answers: str) -> Wording:
    """A table is asked backwards, and more than one answer fits.

    Rows that are only written say `one_way: out`; the row that is left is the answer.
    """
    return Wording(
        message=f"the table `{table}` has no single answer for {asked}: {answers}",
        label="asked backwards",
        hint="give each value a row of its own and mark those that are only written "
        "with `one_way: out`",
    )


@problem("M511", "empty-range")
def empty_range(low: str, high: str) -> Wording:
    """A range ends before it begins, so no value can fit."""
    return Wording(
        message=f"no value lies in `{low}..{high}`",
        label="ends before it begins",
        hint="a range goes up to its second value, and does not include it",
    )


@problem("M512", "list-as-output")
def list_as_output(column: str) -> Wording:
    """An output cell is a list, a range or `any`; an output is one value."""
    return Wording(
        message=f"the output `{column}` must be one value",
        label="more than one",
        hint="quote the word if it is meant literally",
    )


@problem("M514", "table-empty")
def table_empty(table: str) -> Wording:
    """A table has no row, so every look-up would refuse its record."""
    return Wording(
        message=f"the table `{table}` has no rows",
        label="no rows",
        hint="add rows, or say who brings them: `rows: firm`, `rows: connector`",
    )


@problem("M515", "table-too-wide")
def table_too_wide(table: str) -> Wording:
    """A table has so many wildcards or combinations that it cannot be checked in fair time."""
    return Wording(
        message=f"the table `{table}` has too many combinations to be checked",
        label="too many",
        hint="split it into two tables, or say `otherwise:`",
    )


@problem("M516", "unknown-setting-column")
def unknown_setting_column(name: str, settings: Iterable[str]) -> Wording:
    """An input fills itself from a setting that the pack does not declare."""
    return Wording(
        message=f"the pack has no setting `{name}`",
        label="not a setting",
        hint=did_you_mean(name, settings) or f"declare `{name}` under `settings:` in pack.yaml",
    )


@problem("M517", "column-not-plain")
def column_not_plain(column: str) -> Wording:
    """A column's type is a list, an object or a date with a time; a cell cannot hold that."""
    return Wording(
        message=f"the column `{column}` must be a text, a number, a date, or yes and no",
        label="cannot stand in a cell",
    )


@problem("M518", "cell-out-of-range")
def cell_out_of_range(column: str, value: str, type: str) -> Wording:
    """A number in a cell lies outside what the column's schema allows."""
    return Wording(message=f"`{column}` cannot be {value}", label=f"outside the range of `{type}`")


@problem("M519", "cell-too-long")
def cell_too_long(column: str, length: int, most: int) -> Wording:
    """A text in a cell is longer than the column's schema allows."""
    return Wording(
        message=f"`{column}` takes {most} characters, this has {length}", label="too long"
    )


@problem("M540", "argument-never-fits")
def argument_never_fits(table: str, column: str, words: Sequence[str]) -> Wording:
    """A table is asked with a value that can be words its input does not know."""
    listed = _some(words) or f"{len(words)} words"
    return Wording(
        message=f"the input `{column}` of the table `{table}` cannot be {listed}",
        label="can be another word",
        hint="ask with another value, or declare the input with the schema of this one",
    )


@problem("M541", "row-never-fits", severity=Severity.WARNING)
def never_fits(table: str, why: str) -> Wording:
    """A row of a table can never be reached."""
    return Wording(
        message=f"this row of the table `{table}` is never used: {why}", label="never used"
    )


@problem("M703", "no-row", reason="unmapped_value")
def no_row(value: str | None, table: str, how: str | None = None) -> Wording:
    """A record brings a value that no row of a table fits.

    The record is refused under the table's own `reason:`, or `unmapped_value`.
    """
    shown = "this value" if value is None else "nothing" if value == "" else f"`{value}`"
    return Wording(
        message=f"the table `{table}` has no row for {shown}",
        label=f"looked up {shown}",
        hint=how or f"add a row to the table `{table}`",
    )


@problem("M733", "row-refuses")
def row_refuses(value: str | None, table: str, reason: str, because: str | None) -> Wording:
    """A row of a table says `reject:`; the record is refused under that reason."""
    shown = "this value" if value is None else "nothing" if value == "" else f"`{value}`"
    return Wording(
        message=because or f"the table `{table}` refuses {shown} as `{reason}`",
        label=f"the row for {shown} refuses",
        hint=f"change the row of `{table}` if such records should be sent",
    )


@problem("M734", "unusable-row", reason="unmapped_value")
def unusable_row(value: str | None, table: str, problem: str) -> Wording:
    """A connector answered with a row that does not fit what the table declares."""
    shown = "this value" if value is None else f"`{value}`"
    return Wording(
        message=f"the row of `{table}` for {shown} cannot be used: {problem}",
        label=f"looked up {shown}",
        hint="mend the row where the connector reads it",
    )
