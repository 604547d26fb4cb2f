"""
Write an outcome as a line of `mapped.ndjson`, `skipped.ndjson` or `rejected.ndjson`.

These files are data: they hold the values of the record. What is empty is left out, but for
an id that is not known, which is null.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.json import Encoder

from mapping_engine.runtime.outcome import (
    Mapped,
    Outcome,
    Payload,
    Reason,
    Rejected,
    Skipped,
    Warned,
)
from mapping_engine.values.json import compact
from mapping_engine.values.value import MISSING, Value

if TYPE_CHECKING:
    from mapping_engine.runtime.quick import QuickRun

__all__ = ["Line", "QuickLines", "as_line", "kind_of"]


_encode = Encoder().encode


class Line(Struct, frozen=True):
    """What a line says besides the outcome: where the record stood, what it is, for whom."""

    number: int
    id: str | None
    system: str
    record: str
    source: Value = MISSING


class QuickLines:
    """Writes the lines of what was mapped on the quick way, the same bytes as `as_line`."""

    def __init__(self, system: str, record: str) -> None:
        self._what = f',"system":{compact(system)},"record":{compact(record)},"payloads":['.encode()

    def text(self, run: QuickRun) -> bytes:
        """Return the lines of outcomes, with their ends."""
        what = self._what
        warnings: Iterable[list[Warned]] = run.warnings or repeat([])
        written: list[bytes] = []
        for number, id, made, warned in zip(run.numbers, run.ids, run.payloads, warnings):  # noqa: B905
            payloads = made[0][2] if len(made) == 1 else b",".join([each[2] for each in made])
            line = number, _encode(id), what, payloads, _said_of(warned) if warned else b""
            written.append(b'{"outcome":"mapped","line":%d,"id":%b%b%b]%b}\n' % line)
        return b"".join(written)


def _said_of(warned: list[Warned]) -> bytes:
    return b',"warnings":' + _encode(warned)


def kind_of(outcome: Outcome) -> str:
    """Return `mapped`, `skipped` or `rejected`."""
    match outcome:
        case Mapped():
            return "mapped"
        case Skipped():
            return "skipped"
        case Rejected():
            return "rejected"


def as_line(outcome: Outcome, line: Line) -> dict[str, Value]:
    """Return the outcome of a record as JSON has it."""
    shown: dict[str, Value] = {
        "outcome": kind_of(outcome), "line": line.number, "id": line.id,
        "system": line.system, "record": line.record,
    }  # fmt: skip
    shown.update(_said(outcome))
    if not isinstance(outcome, Mapped) and line.source is not MISSING:
        shown["source"] = line.source
    return shown


def _said(outcome: Outcome) -> Iterator[tuple[str, Value]]:
    match outcome:
        case Mapped():
            yield "payloads", [dict(_payload(each)) for each in outcome.payloads]
            if outcome.warnings:
                yield (
                    "warnings",
                    [{"reason": each.reason, "because": each.because} for each in outcome.warnings],
                )
        case Skipped():
            yield "reason", outcome.reason
            yield "because", outcome.because
            if outcome.diagnostic is not None and outcome.diagnostic.span is not None:
                yield "at", str(outcome.diagnostic.span)
        case Rejected():
            yield "reasons", [dict(_reason(each)) for each in outcome.reasons]


def _payload(payload: Payload) -> Iterator[tuple[str, Value]]:
    yield "mapping", payload.mapping
    yield "object", payload.object
    yield "operation", payload.operation
    yield "match", dict(payload.match)
    yield "idempotency_key", payload.idempotency_key
    yield "payload", payload.payload
    if payload.needs:
        yield (
            "needs",
            [
                {"place": each.place, "object": each.object, "record": each.record}
                for each in payload.needs
            ],
        )


def _reason(reason: Reason) -> Iterator[tuple[str, Value]]:
    told = reason.diagnostic
    yield "reason", reason.reason
    yield "code", told.code.number
    if reason.field is not None:
        yield "field", reason.field
    if told.span is not None:
        yield "at", str(told.span)
    if reason.read is not None:
        yield "read", reason.read
    yield "message", told.message
    if told.hint is not None:
        yield "hint", told.hint
    if reason.retry:
        yield "retry", True
