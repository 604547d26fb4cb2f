"""
Read a table file: a header line and rows of cells, each cell with its place.

CSV is read character by character as typed: `00200` stays `00200`, and the separator
(`,`, `;` or tab) is the one that the header line uses most. What a row means is not
known here; see `sheet_rows.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from mapping_engine.packs import problems_of_sheets as problems
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.source.text import Located, SourceText, Span

__all__ = ["Sheet", "SheetRow", "checked_sheet", "read_csv"]

SheetRow = tuple[Located[str], ...]

_QUOTED = re.compile(r'[ ]*"([^"]*(?:""[^"]*)*)"[ ]*')
_PLAIN = {mark: re.compile(rf"[^{re.escape(mark)}\r\n]*") for mark in ",;\t"}
_LINE = re.compile(r"[^\r\n]*")
_LINE_END = re.compile(r"\r\n|\n|\r")


class Sheet(Struct, frozen=True):
    """A table file that has been read. Every row has a cell for every header."""

    header: tuple[Located[str], ...]
    rows: tuple[SheetRow, ...]

    @property
    def span(self) -> Span:
        """The header line."""
        return self.header[0].span.cover(self.header[-1].span)


def read_csv(source: SourceText, report: Report, limits: Limits = DEFAULT_LIMITS) -> Sheet | None:
    """Return the rows of a CSV text; None when it has no usable header."""
    if len(source.text) > limits.table_size:
        report.add(problems.sheet_too_large(source.span(0, 0), "characters", limits.table_size))
        return None
    start = 1 if source.text.startswith("\ufeff") else 0
    while line_end := _LINE_END.match(source.text, start):
        start = line_end.end()
    mark = _separator(source.text, start)
    return checked_sheet(_lines(source, start, mark, report), source, report, limits)


def checked_sheet(
    lines: Iterable[SheetRow], source: SourceText, report: Report, limits: Limits = DEFAULT_LIMITS
) -> Sheet | None:
    """Return lines as a sheet: header names are there once, rows have as many cells."""
    filled = (line for line in lines if line[0].value or any(cell.value for cell in line))
    header = next(filled, None)
    if header is None:
        report.add(problems.empty_sheet(source.span(0, 0)))
        return None
    while not header[-1].value:
        header = header[:-1]
    rows: list[SheetRow] = []
    for line in filled:
        if len(rows) == limits.table_rows:
            report.add(problems.sheet_too_large(line[0].span, "rows", limits.table_rows))
            return None
        if row := _evened(line, len(header), report):
            rows.append(row)
    return _with_names(header, rows, report)


def _evened(line: SheetRow, width: int, report: Report) -> SheetRow | None:
    """Return the line cut to the header's width; empty cells beyond it are not counted."""
    if len(line) == width:
        return line
    if len(line) < width or any(cell.value for cell in line[width:]):
        cells = len(line)
        while cells > width and not line[cells - 1].value:
            cells -= 1
        report.add(problems.ragged_row(line[0].span.cover(line[-1].span), cells, width))
        return None
    return line[:width]


def _with_names(header: SheetRow, rows: list[SheetRow], report: Report) -> Sheet | None:
    seen: dict[str, Located[str]] = {}
    kept: list[int] = []
    good = True
    for position, name in enumerate(header):
        if not name.value:
            if any(row[position].value for row in rows):
                report.add(problems.header_missing(name.span, position + 1))
                good = False
            continue
        if name.value in seen:
            twice = problems.header_twice(name.span, name.value)
            report.add(twice.with_label(seen[name.value].span, "first named here"))
            good = False
        seen[name.value] = name
        kept.append(position)
    if not good:
        return None
    if len(kept) == len(header):
        return Sheet(header, tuple(rows))
    return Sheet(
        tuple(header[place] for place in kept),
        tuple(tuple(row[place] for place in kept) for row in rows),
    )


def _separator(text: str, start: int) -> str:
    """Return the separator that stands most often in the header line, outside quotes."""
    line_end = _LINE_END.search(text, start)
    line = re.sub(r'"[^"]*"', "", text[start : line_end.start() if line_end else len(text)])
    return max(",;\t", key=line.count)


def _lines(source: SourceText, offset: int, mark: str, report: Report) -> Iterator[SheetRow]:
    text, size = source.text, len(source.text)
    while True:
        found = _LINE.match(text, offset)
        raw = found.group() if found else ""
        if '"' in raw:
            line, offset = _quoted_line(source, offset, mark, report)
        else:
            line, offset = _plain_line(source, offset, raw, mark), offset + len(raw)
        yield line
        line_end = _LINE_END.match(text, offset)
        if line_end is None or line_end.end() == size:
            return
        offset = line_end.end()


def _plain_line(source: SourceText, offset: int, raw: str, mark: str) -> SheetRow:
    """Return the cells of a line without a quote, which most lines of large tables are."""
    cells = []
    for piece in raw.split(mark):
        value = piece.strip()
        start = offset if value == piece else offset + piece.index(value)
        cells.append(Located(value, Span(source, start, start + len(value))))
        offset += len(piece) + 1
    return tuple(cells)


def _quoted_line(
    source: SourceText, offset: int, mark: str, report: Report
) -> tuple[SheetRow, int]:
    """Return the cells of a line, some of which are quoted and may hold line ends, and its end."""
    cells: list[Located[str]] = []
    while True:
        cell, offset = _cell(source, offset, mark, report)
        cells.append(cell)
        if source.text[offset : offset + 1] != mark:
            return tuple(cells), offset
        offset += 1


def _cell(source: SourceText, offset: int, mark: str, report: Report) -> tuple[Located[str], int]:
    text = source.text
    plain = _PLAIN[mark]
    quoted = _QUOTED.match(text, offset)
    if quoted:
        rest = plain.match(text, quoted.end())
        if rest is not None and rest.end() == quoted.end():
            value = quoted.group(1).replace('""', '"')
            span = Span(source, quoted.start(1) - 1, quoted.end(1) + 1)
            return Located(value, span), quoted.end()
    found = plain.match(text, offset)
    end = found.end() if found else offset
    raw = text[offset:end]
    value = raw.strip()
    start = offset + len(raw) - len(raw.lstrip()) if value else offset
    span = Span(source, start, start + len(value))
    if value.startswith('"'):
        report.add(problems.quote_open(span))
    return Located(value, span), end
