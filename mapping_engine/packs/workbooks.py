"""
Read one sheet of an Excel workbook as a table file.

The archive is measured before it is unpacked. A workbook has no text to point into, so
one is made: a line for each row of the sheet, cells set apart by tabs, so that the line
shown in a message is the row's own number. Only text cells are taken: Excel keeps
`00200` as a number and has lost the characters that were typed.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mapping_engine.packs import problems_of_sheets as problems
from mapping_engine.packs.sheets import Sheet, SheetRow, checked_sheet
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.source.text import Located, SourceText, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["read_xlsx"]

_MOST_MEMBERS = 1_000
_MOST_TIMES = 100
_SMALL = 1_000_000  # an archive that unpacks to less is harmless at any ratio


def read_xlsx(
    content: bytes,
    name: str,
    report: Report,
    sheet: str | None = None,
    *,
    at: Span | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Sheet | None:
    """Return the rows of a sheet (the first one when not named); None when it cannot be read.

    `at` is where the workbook is named, for what cannot be shown inside it.
    """
    whole = at or SourceText(name, "").span()
    if why := _unfit(content, limits):
        report.add(problems.unreadable_workbook(whole, name, why))
        return None
    opened = _open(content, sheet)
    if isinstance(opened, str):
        report.add(problems.unreadable_workbook(whole, name, opened))
        return None
    names, chosen, grid = opened
    if chosen not in names:
        report.add(problems.unknown_worksheet(whole, chosen, names))
        return None
    if len(grid) > limits.table_rows + 1:
        report.add(problems.sheet_too_large(whole, "rows", limits.table_rows))
        return None
    source = SourceText(name, "\n".join("\t".join(map(_shown, row)) for row in grid))
    return checked_sheet(_rows(grid, source, chosen, report), source, report, limits)


def _open(content: bytes, sheet: str | None) -> tuple[list[str], str, list[Sequence[object]]] | str:
    import python_calamine

    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        names = list(book.sheet_names)
        chosen = sheet if sheet is not None else (names[0] if names else "")
        if chosen not in names:
            return names, chosen, []
        found = book.get_sheet_by_name(chosen)
        grid: list[Sequence[object]] = [*found.to_python(skip_empty_area=False)]
    except (python_calamine.CalamineError, OSError, ValueError):
        return "it is damaged, or protected by a password"
    return names, chosen, grid


def _rows(
    grid: list[Sequence[object]], source: SourceText, sheet: str, report: Report
) -> Iterator[SheetRow]:
    first: dict[int, Diagnostic] = {}
    others: Counter[int] = Counter()
    offset = 0
    for number, row in enumerate(grid, 1):
        cells: list[Located[str]] = []
        for position, value in enumerate(row):
            end = offset + len(_shown(value))
            span = Span(source, offset, end)
            offset = end + 1
            what = _not_text(value)
            if what and position in first:
                others[position] += 1
            elif what:
                cell = f"{_letters(position)}{number}"
                first[position] = problems.cell_is_no_text(span, sheet, cell, what)
            cells.append(Located(_as_text(value), span))
        yield tuple(cells)
        if not row:
            offset += 1
    for position, found in first.items():
        more, column = others[position], _letters(position)
        noun = "cell" if more == 1 else "cells"
        note = f"{more} other {noun} of column {column}"
        report.add(found.with_note("more", note) if more else found)


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.strip() if isinstance(value, str) else _shown(value)


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else "" if value is None else str(value)
    if isinstance(value, float) and value.is_integer():
        text = str(int(value))
    return " ".join(text.split())


def _not_text(value: object) -> str | None:
    """Return what a cell is when its characters cannot be trusted."""
    if isinstance(value, str):
        return "the error `" + value + "`" if value.startswith("#") and value in _ERRORS else None
    if isinstance(value, bool) or value is None:
        return None
    return "a number" if isinstance(value, int | float) else "a date or a time"


_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}


def _letters(position: int) -> str:
    """Return the name that Excel gives to a column: A, B, … Z, AA."""
    letters = ""
    position += 1
    while position:
        position, letter = divmod(position - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _unfit(content: bytes, limits: Limits) -> str | None:
    """Return why an archive is not unpacked: it is none, or its parts are too many or too large."""
    if len(content) > limits.table_size:
        return "it is too large"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    # The last is how zipfile refuses an archive that needs a later version of the format.
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "it is no workbook of Excel 2007 or later"
    total = sum(each.file_size for each in members)
    if len(members) > _MOST_MEMBERS or total > 4 * limits.table_size:
        return "it would unpack to too much"
    if total > _SMALL and total > _MOST_TIMES * len(content):
        return "it would unpack to too much"
    if any(each.flag_bits & 1 for each in members):
        return "it is protected by a password"
    if not all(_is_as_declared(content, each) for each in members):
        return "it is damaged"
    return None


def _is_as_declared(content: bytes, member: zipfile.ZipInfo) -> bool:
    """Whether a member unpacks to the size its directory names; unpacking stops there."""
    head = content[member.header_offset : member.header_offset + 30]
    if len(head) < 30:
        return False
    names = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    start = member.header_offset + 30 + names
    packed = content[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        return len(packed) == member.file_size
    if member.compress_type != zipfile.ZIP_DEFLATED:
        return False
    try:
        unpacked = zlib.decompressobj(-15).decompress(packed, member.file_size + 1)
    except zlib.error:
        return False
    return len(unpacked) == member.file_size
