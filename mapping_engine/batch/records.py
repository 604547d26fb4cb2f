"""
Read the records of an input one by one, and say of each that cannot be read why not.

The formats are NDJSON, JSON and CSV. A line that is no record is an `Unreadable` in its
place, so that everything after it is still mapped; only what spoils the whole input (another
encoding, a header line that cannot be right) ends the run, as a `PackError` with the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from mapping_engine.batch.csv_records import csv_records
from mapping_engine.batch.items import Entry, Item, Reading, Unreadable, unreadable
from mapping_engine.batch.json_records import json_records, ndjson_records
from mapping_engine.values.value import Value

__all__ = ["FORMATS", "format_of", "read_records", "retried"]

#: The readers by the word for `--input-format`.
FORMATS: Mapping[str, Callable[[BinaryIO, Reading], Iterator[Item]]] = {
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
    return FORMATS[form](stream, reading)


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
