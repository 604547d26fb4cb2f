"""
Map a line of JSON to the bytes of its payloads without a detour: the fast way of a run.

`QuickMapper` joins the quick reader, the compiled code and a writer of bytes. It answers only
for lines that it maps without a warning; for every other one it says None, and the line goes
the exact way through `CompiledMapper`, which gives the same bytes or says what stands against it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import DecimalException
from hashlib import blake2b
from typing import Any, NamedTuple, Self

import msgspec

from mapping_engine.language.compiled import Counter
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.compose import record_id
from mapping_engine.runtime.guards import guard_payload
from mapping_engine.runtime.outcome import Sides
from mapping_engine.runtime.payloads import is_made_once, match_of
from mapping_engine.runtime.program import PayloadProgram
from mapping_engine.runtime.reading import QuickReader, Unfit, quick_reader
from mapping_engine.values.conform import text_writer
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import DateTime, List, Number, Object, Type, Unknown
from mapping_engine.values.value import Value

__all__ = ["QuickMapped", "QuickMapper", "QuickPayload"]

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_encode = _ENCODER.encode
Totals = dict[tuple[str, str | None], Sides | None]


class QuickPayload(NamedTuple):
    """One payload as JSON, and as JSON too what stands before it in the line of an outcome.

    `match` is the match key, where no second record of a run may have the same.
    """

    object: str
    match: bytes
    head: bytes
    payload: bytes


class QuickMapped(NamedTuple):
    """What a line became: the id of its record, its payloads and its control totals."""

    id: str | None
    payloads: list[QuickPayload]
    totals: Totals


class QuickMapper:
    """Maps lines with the code of a `CompiledMapper`. It is shared by threads."""

    def __init__(self, mapper: CompiledMapper, read: QuickReader, payloads_only: bool) -> None:
        self._mapper = mapper
        self._read = read
        self._counts = "count" in mapper.code_names
        self._makers = [
            (each.rule.name, _writer(each, mapper, payloads_only))
            for each in mapper.mapping.payloads
        ]

    @classmethod
    def of(cls, mapper: object, *, payloads_only: bool = False) -> Self | None:
        """Return the quick way of a mapper; None where it has none."""
        if type(mapper) is not CompiledMapper:
            return None
        mapping, options = mapper.mapping, mapper.options
        if mapping.direction != "out" or mapper.standing or options.drop_unknown:
            return None
        if mapper.code_names & {"linker", "creates"} or not all(map(_is_plain, mapping.payloads)):
            return None
        read = quick_reader(mapping.reads, options.limits)
        return None if read is None else cls(mapper, read, payloads_only)

    def map(self, line: bytes) -> QuickMapped | None:
        """Return what a line becomes; None when only the exact way can say."""
        mapper = self._mapper
        try:
            record = self._read(line)
            word, found = mapper.outcome_of(record, None, self._count())
            if word != "made" or found.warned:
                return None
            objects = found.objects
            payloads = [write(each) for name, write in self._makers for each in objects[name]]
        except (Unfit, Refusal, DecimalException):
            return None
        known = record.get("id")
        id = known if isinstance(known, str) and known and not known.isspace() else None
        totals = mapper.totals_of(record, found.totals) if found.totals else {}
        return QuickMapped(id or record_id(record), payloads, totals)

    def _count(self) -> Counter | None:
        return Counter(self._mapper.options.limits) if self._counts else None


def _is_plain(program: PayloadProgram) -> bool:
    """Whether the values of a payload are written by msgspec as we write them."""
    return not _holds_odd(program.target)


def _holds_odd(type: Type) -> bool:
    match type:
        case Object():
            return type.others is not None or any(map(_holds_odd, type.fields.values()))
        case List(item=Number()):  # in a list, a negative zero has no colon before it
            return True
        case List():
            return _holds_odd(type.item)
        case _:
            return isinstance(type, DateTime | Unknown)


def _writer(
    program: PayloadProgram, mapper: CompiledMapper, payloads_only: bool
) -> Callable[[Any], QuickPayload]:
    """Return the function that writes what was made; it raises `Refusal` or `Unfit`."""
    as_written = text_writer(program.target)
    limit = mapper.options.limits.payload_size
    name, object, operation = program.rule.name, program.object, program.operation
    before = (f'{{"mapping":{_text(name)},"object":{_text(object)},'
              f'"operation":{_text(operation)},"match":').encode()  # fmt: skip
    identity = [*mapper.identity, name, operation]
    guarded = program.part.guard is not None

    def write(made: dict[str, Value]) -> QuickPayload:
        if guarded:
            guard_payload(made, program)
        payload = made if as_written is None else as_written(made)
        try:
            text = _encode(payload)
        except TypeError:  # an absent member of something that was copied whole
            raise Unfit from None
        # Numbers with an exponent or a negative zero are written by our own hand.
        if len(text) > limit or b"E+" in text or b"E-" in text or b":-0" in text:
            raise Unfit
        match: Mapping[str, Value] = match_of(program, payload) if program.match else {}
        written = _encode(match)
        once = written if is_made_once(operation, match) else b""
        if payloads_only:
            return QuickPayload(object, once, b"", text)
        key = blake2b(_encode([*identity, match]) + b"\n" + text, digest_size=20).hexdigest()
        head = b'%b%b,"idempotency_key":"%b","payload":' % (before, written, key.encode())
        return QuickPayload(object, once, head, text)

    return write


def _text(word: str) -> str:
    return _encode(word).decode()
