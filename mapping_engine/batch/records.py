"""
Read the records of an input one by one, and say of each that cannot be read why not.

The formats are NDJSON, JSON and CSV. A line that is no record is an `Unreadable` in its
place, so that everything after it is still mapped; only what spoils the whole input (another
encoding, a header line that cannot be right) ends the run, as a `PackError` with the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO, Final

from msgspec.json import Encoder
from msgspec.structs import replace

from mapping_engine.batch.csv_records import csv_records
from mapping_engine.batch.items import (
    Entry,
    Item,
    Raws,
    Reading,
    Stretch,
    Unreadable,
    unreadable,
)
from mapping_engine.batch.json_records import json_records, ndjson_records
from mapping_engine.values.value import Value

if TYPE_CHECKING:
    from mapping_engine.runtime.quick import QuickMapper, QuickRun
    from mapping_engine.runtime.quick_chain import QuickChain

__all__ = ["FORMATS", "format_of", "map_records", "read_records", "retried"]

_AT_ONCE: Final = 256
_ENCODER = Encoder(decimal_format="number")

#: The readers by the word for `--input-format`.
FORMATS: Mapping[str, Callable[[BinaryIO, Reading], Iterator[Item | Raws]]] = {
    "ndjson": ndjson_records,
    "json": json_records,
    "csv": csv_records,
}

_ENDINGS = {
    ".ndjson": "ndjson", ".jsonl": "ndjson", ".json": "json", ".csv": "csv", ".tsv": "csv",
    ".txt": "csv",
}  # fmt: skip


def format_of(name: str) -> str | None:
    """Return the format that the ending of a file name stands for."""
    return next((form for end, form in _ENDINGS.items() if name.lower().endswith(end)), None)


def read_records(stream: BinaryIO, form: str, reading: Reading) -> Iterator[Item]:
    """Yield the records of an input in a format, in order, the unreadable ones in their place."""
    for each in FORMATS[form](stream, reading):
        if isinstance(each, Raws):
            for number, text in zip(each.numbers, each.texts, strict=True):
                yield from each.exactly(number, text)
        else:
            yield each


def map_records(
    stream: BinaryIO, form: str, reading: Reading, quick: QuickMapper | QuickChain
) -> Iterator[Item | Stretch]:
    """Yield what records become where the quick way can say, and records where it cannot."""
    waiting: list[Entry] = []
    for each in FORMATS[form](stream, reading):
        if isinstance(each, Entry) and len(waiting) < _AT_ONCE:
            waiting.append(each)
            continue
        yield from _mapped(_as_raws(waiting), quick)
        waiting = [each] if isinstance(each, Entry) else []
        if isinstance(each, Raws):
            yield from _mapped(each, quick)
        elif isinstance(each, Unreadable):
            yield each
    yield from _mapped(_as_raws(waiting), quick)


def _as_raws(entries: Sequence[Entry]) -> Raws:
    """Return records that were read cell by cell as texts."""
    by_line = {each.line: each for each in entries}
    texts = [_ENCODER.encode(each.record) for each in entries]
    return Raws([*by_line], texts, lambda line, text: iter([by_line[line]]))


def _mapped(raws: Raws, quick: QuickMapper | QuickChain) -> Iterator[Item | Stretch]:
    for run, at in quick.runs(raws.numbers, raws.texts):
        if run.lines or run.refused:
            yield Stretch(run, list(_others(raws, run)))
        if at is not None:
            yield from raws.exactly(raws.numbers[at], raws.texts[at])


def _others(raws: Raws, run: QuickRun) -> Iterator[tuple[int, Item]]:
    """Yield the refused records of a run by their places, with why."""
    for place, followed in run.refused:
        for each in raws.exactly(raws.numbers[place], raws.texts[place]):
            yield place, replace(each, followed=followed) if isinstance(each, Entry) else each


def retried(items: Iterator[Item]) -> Iterator[Item]:
    """Yield the records again that an earlier run put into its `rejected.ndjson`."""
    for item in items:
        if isinstance(item, Unreadable):
            yield item
            continue
        source = _source(item.record)
        if source is None:
            why = "the line names no record to try again"
            yield unreadable(item.line, why, "correct the line in the first input, and run that")
        else:
            yield Entry(item.line, source)


def _source(line: Value) -> Value | None:
    return line.get("source") if isinstance(line, dict) and "outcome" in line else None
