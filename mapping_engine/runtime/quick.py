"""
Map a line of JSON to the bytes of its payloads without a detour: the fast way of a run.

`QuickMapper` joins the quick reader, code compiled for its records and a writer of bytes. It
answers only for lines that it maps without a warning; for every other one it says None, and the
line goes the exact way through `CompiledMapper`, which gives the same bytes or says what stands
against it.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import DecimalException
from hashlib import blake2b
from typing import Any, Self, TypeAlias

import msgspec

from mapping_engine.language.compiled import arguments_asked, function_of
from mapping_engine.language.emitter import Mixed
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.emission import ARGUMENTS, mapping_code
from mapping_engine.runtime.emitted_lines import Lines, Unfit
from mapping_engine.runtime.outcome import Sides
from mapping_engine.runtime.payloads import MADE_ONCE, match_of
from mapping_engine.runtime.program import PayloadProgram
from mapping_engine.runtime.reading import QuickReader, quick_reader
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.textform import text_of
from mapping_engine.values.types import DateTime, List, Number, Object, Text, Type, Unknown
from mapping_engine.values.value import Value, is_empty

__all__ = ["QuickMapped", "QuickMapper", "QuickPayload"]

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_encode = _ENCODER.encode
Totals = dict[tuple[str, str | None], Sides | None]

#: The object of a payload; its match key as JSON, where no second record of a run may have the
#: same; what stands before the payload in the line of an outcome; the payload as JSON.
QuickPayload: TypeAlias = tuple[str, bytes, bytes, bytes]


class QuickMapped(msgspec.Struct, gc=False):
    """What a line became: the id of its record, its payloads and its control totals."""

    line: int
    text: bytes
    id: str | None
    payloads: list[QuickPayload]
    totals: Totals


class QuickMapper:
    """Maps lines with the rules of a `CompiledMapper`. It is shared by threads.

    With `strict` a line in which a name stands twice is left to the exact way.
    """

    def __init__(self, mapper: CompiledMapper, read: QuickReader, code: Callable[..., Any]) -> None:
        self._mapper, self._read, self._code = mapper, read, code
        self._id_of = _id_of(mapper.mapping.reads)

    @classmethod
    def of(cls, mapper: object, *, payloads_only: bool = False, strict: bool = True) -> Self | None:
        """Return the quick way of a mapper; None where it has none."""
        if type(mapper) is not CompiledMapper:
            return None
        mapping, options = mapper.mapping, mapper.options
        if mapping.direction != "out" or mapper.standing or options.drop_unknown:
            return None
        if not all(_is_plain(each.target) for each in mapping.payloads):
            return None
        read = quick_reader(mapping.reads, options.limits, strict=strict)
        if read is None:
            return None
        try:
            lines = Lines(mapping, lambda each: _writer(each, mapper, payloads_only))
            code = mapping_code(mapping, options.limits, lines)
        except Mixed:
            return None
        if arguments_asked(code, ARGUMENTS) & {"linker", "occasion"}:
            return None
        code.objects |= zip(("run", "roles", "references"), mapper.given, strict=True)
        function = function_of(code, ("record",), "map_record", mapping.span.source.name)
        return cls(mapper, read, function)

    def map(self, line: int, text: bytes) -> QuickMapped | None:
        """Return what a line becomes; None when only the exact way can say."""
        try:
            record = self._read(text)
            made = self._code(record)
        except (Unfit, Refusal, DecimalException):
            return None
        if made is None:
            return None
        payloads, totals = made
        sums = self._mapper.totals_of(getattr(record, "currency", None), totals) if totals else {}
        return QuickMapped(line, text, self._id_of(record), payloads, sums)


def _id_of(type: Object) -> Callable[[Any], str | None]:
    """Return the function that reads the id of a record."""
    if "id" not in type.fields:
        return lambda record: None
    kind = type.fields["id"]
    if isinstance(kind, Text) and not kind.can_be_empty:
        return lambda record: record.id

    def id_of(record: Any) -> str | None:
        value = record.id
        return None if is_empty(value) or isinstance(value, list) else text_of(value)

    return id_of


def _is_plain(type: Type) -> bool:
    """Whether values of a type are written by msgspec as we write them."""
    match type:
        case Object():
            return type.others is None and all(map(_is_plain, type.fields.values()))
        case List(item=Number()):  # in a list, a negative zero has no colon before it
            return False
        case List():
            return _is_plain(type.item)
        case _:
            return not isinstance(type, DateTime | Unknown)


def _writer(
    program: PayloadProgram, mapper: CompiledMapper, payloads_only: bool
) -> Callable[[dict[str, Value]], QuickPayload]:
    """Return the function that writes a payload; it raises `Refusal` or `Unfit`."""
    limit = mapper.options.limits.payload_size
    name, object, operation = program.rule.name, program.object, program.operation
    before = (f'{{"mapping":{_text(name)},"object":{_text(object)},'
              f'"operation":{_text(operation)},"match":').encode()  # fmt: skip
    identity = _encode([*mapper.identity, name, operation])[:-1] + b","
    match_in, is_once = _match(program), operation in MADE_ONCE

    def write(payload: dict[str, Value]) -> QuickPayload:
        try:
            text = _encode(payload)
        except TypeError:  # an absent member of something that was copied whole
            raise Unfit from None
        if len(text) > limit:
            raise Unfit
        match = match_in(payload)
        once = match if is_once and match != b"{}" else b""
        if payloads_only:
            return object, once, b"", text
        key = blake2b(identity + match + b"]\n" + text, digest_size=20).hexdigest()
        head = b'%b%b,"idempotency_key":"%b","payload":' % (before, match, key.encode())
        return object, once, head, text

    return write


def _match(program: PayloadProgram) -> Callable[[dict[str, Value]], bytes]:
    """Return the function that gives the match key of a payload as JSON; it raises `Refusal`."""
    if not program.match:
        return lambda payload: b"{}"

    def match(payload: dict[str, Value]) -> bytes:
        return _encode(match_of(program, payload))

    if len(program.match[0]) > 1:
        return match
    (only,) = program.match[0]
    before = b"{%b:" % _encode(only)

    def single(payload: dict[str, Value]) -> bytes:
        value = payload.get(only)
        if value.__class__ is str and not value.isspace() and value:
            return b"%b%b}" % (before, _encode(value))
        return match(payload)

    return single


def _text(word: str) -> str:
    return _encode(word).decode()
