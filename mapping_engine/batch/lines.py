"""
Take the lines of an input apart without ever holding more than one, nor one that is too long.

A byte order mark before the first line is dropped, and line ends may be those of Windows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from msgspec import Struct

from mapping_engine.source.diagnostic import Report
from mapping_engine.source.pack_error import PackError
from mapping_engine.source.problems_of_files import file_not_utf8, file_too_large

__all__ = ["Line", "demand_utf8", "lines_of", "read_line", "runs_of", "whole_text"]

_BOM = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CHUNK = 1 << 17
NOT_UTF8 = "it is not UTF-8 text", "save the input as UTF-8"


class Line(Struct, frozen=True):
    """A line with its number; when `mistake` says why it cannot be read, `text` is empty."""

    number: int
    text: str
    mistake: tuple[str, str] | None = None


def lines_of(stream: BinaryIO, name: str, limit: int) -> Iterator[Line]:
    """Yield the lines of an input. A longer one than `limit` bytes is passed over, not read."""
    for first, lines in runs_of(stream, name, limit):
        for number, raw in enumerate(lines, first):
            yield read_line(number, raw, limit)


def read_line(number: int, raw: bytes, limit: int) -> Line:
    """Return a line as text, or what is wrong with it."""
    line = raw.rstrip(b"\r")
    if len(line) > limit or len(raw) > limit + 1:
        why = f"the line is longer than {limit:,} bytes", "split the record, or check the export"
        return Line(number, "", why)
    try:
        return Line(number, line.decode("utf-8"))
    except UnicodeDecodeError:
        return Line(number, "", NOT_UTF8)


def runs_of(stream: BinaryIO, name: str, limit: int) -> Iterator[tuple[int, list[bytes]]]:
    """Yield the lines that come at once, without their `\\n`, with the number of the first.

    Of a line that is too long (more than `limit` bytes and a `\\r`) only the start is given,
    which is too long as well.
    """
    number = 1
    for lines in _runs(stream, limit):
        if number == 1:
            demand_utf8(lines[0], name)
            lines[0] = lines[0].removeprefix(_BOM)
        yield number, lines
        number += len(lines)


def _runs(stream: BinaryIO, limit: int) -> Iterator[list[bytes]]:
    rest = b""
    while chunk := stream.read1(_CHUNK):  # type: ignore[attr-defined]
        *lines, rest = (rest + chunk).split(b"\n")
        rest = rest[: limit + 2]
        if lines:
            yield lines
    if rest:
        yield [rest]


def demand_utf8(start: bytes, name: str) -> None:
    """Raise `PackError` when a text begins like UTF-16 or UTF-32."""
    if start.startswith(_WIDE_MARKS) or b"\0" in start[:4]:
        raise PackError(Report([file_not_utf8(None, name, 1)]))


def whole_text(stream: BinaryIO, name: str, limit: int) -> str:
    """Return an input that can only be read as a whole. Raises `PackError` when it cannot be."""
    content = stream.read(limit + 1)
    if len(content) > limit:
        raise PackError(Report([file_too_large(None, name, len(content), limit)]))
    demand_utf8(content, name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise PackError(Report([file_not_utf8(None, name, line)])) from None
