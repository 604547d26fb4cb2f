"""
Write the result of a run: into a folder, all of it or nothing, or onto a stream.

In a folder the files are `NAME.part` while the run goes on. At its end they are forced onto
the disk and get their names, the report last. A run that breaks off removes its parts; parts
that a killed run left behind are replaced by the next one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol, Self, TextIO

from mapping_engine.batch.outcomes import QuickLines
from mapping_engine.batch.problems import (
    input_in_output,
    output_is_a_file,
    output_of_another_run,
)
from mapping_engine.packs.files import shown
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.json import compact, encode
from mapping_engine.values.value import Value

if TYPE_CHECKING:
    from mapping_engine.runtime.quick import QuickRun

__all__ = ["NAMES", "FolderOutput", "Output", "StreamOutput", "check_folder"]

REPORT: Final = "report.json"
_LINES: Final = ("mapped", "skipped", "rejected")
_BUFFER: Final = 1 << 18
#: The files of a run.
NAMES: Final = (*(f"{each}.ndjson" for each in _LINES), REPORT)


class Output(Protocol):
    """Takes the outcomes of a run, one by one."""

    def take(self, line: Mapping[str, Value]) -> None:
        """Write one outcome, as its line says it."""

    def take_run(self, lines: QuickLines, run: QuickRun) -> None:
        """Write what was mapped on the quick way."""


def check_folder(folder: Path, input: Path | None, force: bool, report: Report) -> None:
    """Report why a run may not write into a folder: a file, its own input, another result."""
    name = shown(folder)
    if folder.exists() and not folder.is_dir():
        report.add(output_is_a_file(None, name))
        return
    if input is not None and input.resolve().is_relative_to(folder.resolve()):
        report.add(input_in_output(None, shown(input), name))
    held = [each for each in NAMES if (folder / each).exists()]
    if held and not force:
        report.add(output_of_another_run(None, name, held))


class FolderOutput:
    """The files of a run. Used with `with`: leaving it after `finish` keeps them, else not."""

    def __init__(self, folder: Path, payloads_only: bool = False) -> None:
        self.folder = folder
        self.payloads_only = payloads_only
        self._files: dict[str, BinaryIO] = {}
        self._made_folder = False
        self._named: list[Path] = []
        self._is_finished = False

    def __enter__(self) -> Self:
        self._made_folder = not self.folder.exists()
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            for each in _LINES:
                self._files[each] = self._open(f"{each}.ndjson")
        except BaseException:
            self._clear()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if not self._is_finished:
            self._clear()

    def take(self, line: Mapping[str, Value]) -> None:
        """Write one outcome to the file of its kind."""
        kind = str(line["outcome"])
        file = self._files[kind]
        payloads = line.get("payloads")
        if self.payloads_only and isinstance(payloads, list):
            for each in payloads:
                file.write(compact(each["payload"]).encode() + b"\n")
        else:
            file.write(compact(line).encode() + b"\n")

    def take_run(self, lines: QuickLines, run: QuickRun) -> None:
        """Write the outcomes of lines that were mapped on the quick way."""
        self._files["mapped"].write(_payloads(run) if self.payloads_only else lines.text(run))

    def finish(self, report: Mapping[str, Value]) -> None:
        """Write the report, and give all files their names."""
        self._files["report"] = self._open(REPORT)
        self._files["report"].write(encode(report, indent=2).encode() + b"\n")
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
            file.close()
        # While names change, no old report may vouch for new files.
        (self.folder / REPORT).unlink(missing_ok=True)
        for name in NAMES:
            os.replace(self.folder / f"{name}.part", self.folder / name)
            self._named.append(self.folder / name)
        self._is_finished = True

    def _open(self, name: str) -> BinaryIO:
        path = self.folder / f"{name}.part"
        path.unlink(missing_ok=True)
        return path.open("xb", buffering=_BUFFER)

    def _clear(self) -> None:
        """Remove what this run wrote, as far as the system lets us."""
        for file in self._files.values():
            _quietly(file.close)
        for path in (*self._named, *(self.folder / f"{name}.part" for name in NAMES)):
            _quietly(path.unlink)
        if self._made_folder:
            _quietly(self.folder.rmdir)


def _quietly(action: object) -> None:
    """Do something that may fail without hiding the failure that made it necessary."""
    assert callable(action)
    try:
        action()
    except OSError:
        return


class StreamOutput:
    """One payload per line on a stream; what is skipped or rejected is told elsewhere."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def take(self, line: Mapping[str, Value]) -> None:
        """Write the payloads of a mapped record."""
        payloads = line.get("payloads")
        for each in payloads if isinstance(payloads, list) else ():
            self.stream.write(compact(each["payload"]) + "\n")

    def take_run(self, lines: QuickLines, run: QuickRun) -> None:
        """Write the payloads of lines that were mapped on the quick way."""
        self.stream.write(_payloads(run).decode())


def _payloads(run: QuickRun) -> bytes:
    """Return the payloads of lines, one on a line."""
    texts = [text for made in run.payloads for _, _, text in made]
    return b"\n".join([*texts, b""])
