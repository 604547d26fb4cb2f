"""Wordings of M520 to M539: CSV files and workbooks that bring the rows of a table."""

from __future__ import annotations

from collections.abc import Iterable

from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.suggest import did_you_mean

__all__ = [
    "cell_is_no_text", "column_ignored", "column_not_in_sheet", "empty_sheet", "header_missing",
    "header_twice", "quote_open", "ragged_row", "sheet_too_large", "unknown_worksheet",
    "unreadable_workbook",
]  # fmt: skip


@problem("M520", "unreadable-workbook")
def unreadable_workbook(name: str, why: str) -> Wording:
    """A file that should be an Excel workbook cannot be read as one, or would grow too large.

    A workbook is refused before it is unpacked when its parts are too many or too large.
    """
    return Wording(
        message=f"`{name}` cannot be read as a workbook: {why}",
        label="no workbook",
        hint="save it again as `.xlsx` without a password, or as CSV",
    )


@problem("M521", "sheet-too-large")
def sheet_too_large(what: str, limit: int) -> Wording:
    """A table file is larger than the bounds allow."""
    return Wording(
        message=f"the table file has more than {limit:,} {what}",
        hint="split it, or let the connector answer with `rows: connector`",
    )


@problem("M522", "ragged-row")
def ragged_row(cells: int, headers: int) -> Wording:
    """A row of a table file has more or fewer cells than the header line.

    Often a cell holds the separator and stands without quotes.
    """
    wanted = f"{headers} column" + ("" if headers == 1 else "s")
    found = f"{cells} cell" + ("" if cells == 1 else "s")
    return Wording(
        message=f"this row has {found}, the header has {wanted}",
        label=f"{cells} instead of {headers}",
        hint='put a cell that holds the separator in double quotes: "a,b"',
    )


@problem("M523", "header-missing")
def header_missing(position: int) -> Wording:
    """A column of a table file has values but no name in the header line."""
    return Wording(
        message=f"column {position} has values but no name in the header",
        label="no name here",
        hint="the first line of the file names every column",
    )


@problem("M524", "header-twice")
def header_twice(name: str) -> Wording:
    """Two columns of a table file have the same name."""
    return Wording(
        message=f"the header names `{name}` twice",
        label="named before",
        hint="rename or remove one of the two columns",
    )


@problem("M525", "quote-open")
def quote_open() -> Wording:
    """A double quote of a table file is never closed, or text goes on behind a closed one."""
    return Wording(
        message="the double quotes of this cell do not pair up",
        label="begins here",
        hint='a quote inside a quoted cell is written twice: "a ""b"" c"',
    )


@problem("M526", "cell-is-no-text")
def cell_is_no_text(sheet: str, cell: str, what: str) -> Wording:
    """A cell of a workbook holds a number or a date where the characters as typed are needed.

    Excel keeps `00200` as the number 200 and a rate as a rounded fraction, so only text
    cells are read.
    """
    return Wording(
        message=f"cell {cell} of the sheet `{sheet}` is {what}, not a text",
        label=f"is {what}",
        hint="format the column as Text and type the value again, or save the sheet as CSV",
    )


@problem("M527", "column-not-in-sheet")
def column_not_in_sheet(table: str, column: str, headers: Iterable[str]) -> Wording:
    """A table file has no column for an input or output of its table."""
    return Wording(
        message=f"the file has no column `{column}`, which the table `{table}` needs",
        label="the columns of the file",
        hint=did_you_mean(column, headers) or f"add a column `{column}`",
    )


@problem("M528", "unknown-worksheet")
def unknown_worksheet(name: str, sheets: Iterable[str]) -> Wording:
    """A table names a sheet that its workbook does not have."""
    return Wording(
        message=f"the workbook has no sheet `{name}`",
        label="no such sheet",
        hint=did_you_mean(name, sheets),
    )


@problem("M529", "empty-sheet")
def empty_sheet() -> Wording:
    """A table file is empty: it has not even a header line."""
    return Wording(
        message="the table file is empty", hint="the first line of the file names the columns"
    )


@problem("M862", "column-ignored")
def column_ignored(table: str, column: str) -> Wording:
    """A table file has a column that its table does not declare; nothing reads it."""
    return Wording(
        message=f"the table `{table}` has no column `{column}`; it is not read",
        label="not read",
        hint="remove the column from the file, or declare it in the table",
    )
