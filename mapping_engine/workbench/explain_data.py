"""
Give an explanation as data: the outcome as a run writes it, and what led to every value.

Nothing is folded here: everything stands with every field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mapping_engine.batch.outcomes import Line as OutcomeLine
from mapping_engine.batch.outcomes import as_line
from mapping_engine.values.value import MISSING, Value
from mapping_engine.workbench.explain import Explanation, Line, Told

__all__ = ["as_data"]


def as_data(explanation: Explanation, about: OutcomeLine, *, redact: bool) -> dict[str, Value]:
    """Return the explanation as one object; `about` says which record it is."""
    data: dict[str, Value] = {"format": 1, **as_line(explanation.outcome, about)}
    data.pop("payloads", None)
    if redact:
        data = {name: _redacted(each) for name, each in data.items() if name != "because"}
    data["headline"] = explanation.headline
    for name in ("decided", "fields", "left_out"):
        data[name] = [dict(_told(each)) for each in getattr(explanation, name)]
    return data


def _redacted(value: Value) -> Value:
    """Return a value of an outcome without the sentences that may hold private values."""
    if not isinstance(value, list):
        return value
    return [
        {name: said for name, said in each.items() if name != "because"}
        if isinstance(each, Mapping)
        else each
        for each in value
    ]


def _told(told: Told) -> Iterator[tuple[str, Value]]:
    yield "name", told.name
    if told.value is not MISSING:
        yield "value", told.value
    yield "lines", [dict(_line(each)) for each in told.lines]


def _line(line: Line) -> Iterator[tuple[str, Value]]:
    yield "word", line.word
    yield "text", line.text
    if line.at is not None:
        yield "at", str(line.at)
    if line.has_value:
        yield ("absent", True) if line.value is MISSING else ("value", line.value)
    if line.lines:
        yield "lines", [dict(_line(each)) for each in line.lines]
