"""Open the input of a run: a file or stdin, in the format that its ending or a word says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from mapping_engine.batch.problems import unknown_input_format
from mapping_engine.batch.records import format_of
from mapping_engine.packs.files import shown
from mapping_engine.source import problems_of_files as problems
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.suggest import did_you_mean

__all__ = ["Input", "STDIN", "opened_input"]

STDIN = "-"


class Input:
    """An input that is open: its stream, its name for people, and its format."""

    def __init__(self, stream: BinaryIO, name: str, form: str) -> None:
        self.stream = stream
        self.name = name
        self.form = form


@contextmanager
def opened_input(given: str, form: str | None, stdin: BinaryIO) -> Iterator[Input]:
    """Open what was given as INPUT. Raises `PackError` with the words when it cannot be."""
    if given == STDIN:
        yield Input(stdin, "stdin", form or _sniffed(stdin))
        return
    path = Path(given)
    known = form or format_of(path.name)
    report = Report()
    stream = _open(path, report)
    if stream is not None and known is None:
        stream.close()
        report.add(unknown_input_format(None, shown(path)))
    report.raise_if_errors()
    assert stream is not None
    assert known is not None
    with stream:
        yield Input(stream, shown(path), known)


def _sniffed(stdin: BinaryIO) -> str:
    """Return `json` when what comes from stdin begins as a list, else `ndjson`."""
    start = stdin.peek(64) if isinstance(stdin, BufferedReader) else b""
    return "json" if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[") else "ndjson"


def _open(path: Path, report: Report) -> BinaryIO | None:
    name = shown(path)
    try:
        if path.is_dir():
            report.add(problems.file_is_a_folder(None, name))
            return None
        return path.open("rb")
    except (FileNotFoundError, NotADirectoryError):
        beside = path.parent.iterdir() if path.parent.is_dir() else iter(())
        names = sorted(each.name for each in beside)
        report.add(problems.file_not_found(None, name, did_you_mean(path.name, names)))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "no such name"
        report.add(problems.file_cannot_be_read(None, name, why.lower()))
    return None
