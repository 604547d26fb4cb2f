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

__all__ = ["Line", "demand_utf8", "line_of", "lines_of", "raw_lines", "read_line", "whole_text"]

_BOM = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CHUNK = 65_536
NOT_UTF8 = "it is not UTF-8 text", "save the input as UTF-8"


class Line(Struct, frozen=True):
    """A line with its number; when `mistake` says why it cannot be read, `text` is empty."""

    number: int
    text: str
    mistake: tuple[str, str] | None = None


def lines_of(stream: BinaryIO, name: str, limit: int) -> Iterator[Line]:
    """Yield the lines of an input. A longer one than `limit` bytes is passed over, not read."""
    for number, raw in raw_lines(stream, name, limit):
        yield read_line(number, raw, limit)


def read_line(number: int, raw: bytes | None, limit: int) -> Line:
    """Return a line as text, or what is wrong with it."""
    if raw is None:
        why = f"the line is longer than {limit:,} bytes", "split the record, or check the export"
        return Line(number, "", why)
    try:
        return Line(number, raw.decode("utf-8"))
    except UnicodeDecodeError:
        return Line(number, "", NOT_UTF8)


def raw_lines(stream: BinaryIO, name: str, limit: int) -> Iterator[tuple[int, bytes | None]]:
    """Yield the bytes of each line with its number; None for a line longer than `limit`."""
    number = 0
    while raw := stream.readline(limit + 2):
        number += 1
        if number == 1:
            demand_utf8(raw, name)
            raw = raw.removeprefix(_BOM)
        yield number, line_of(stream, raw, limit)


def line_of(stream: BinaryIO, raw: bytes, limit: int) -> bytes | None:
    """Return a line without its end; None, and the rest of it passed over, when it is too long."""
    line = raw.rstrip(b"\r\n")
    if len(line) <= limit:
        return line
    _pass_over(stream, raw)
    return None


def _pass_over(stream: BinaryIO, raw: bytes) -> None:
    while raw and not raw.endswith(b"\n"):
        raw = stream.readline(_CHUNK)


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
