"""
Map a line of JSON to the bytes of its payloads without a detour: the fast way of a run.

`QuickMapper` joins the quick reader, code compiled for its records and a writer of bytes. It
answers only for lines that it maps without a warning; for every other one it says None, and the
line goes the exact way through `CompiledMapper`, which gives the same bytes or says what stands
against it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import DecimalException
from hashlib import blake2b
from typing import Any, Self, TypeAlias

import msgspec

from mapping_engine.language.compiled import arguments_asked, function_of
from mapping_engine.language.emitter import Mixed
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.emission import ARGUMENTS, Unfit, mapping_code
from mapping_engine.runtime.outcome import Sides
from mapping_engine.runtime.payloads import is_made_once, match_of
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


class QuickMapped:
    """What a line became: the id of its record, its payloads and its control totals."""

    __slots__ = ("id", "line", "payloads", "text", "totals")

    def __init__(
        self, line: int, text: bytes, id: str | None, payloads: list[QuickPayload], totals: Totals
    ) -> None:
        self.line, self.text = line, text
        self.id, self.payloads, self.totals = id, payloads, totals


class QuickMapper:
    """Maps lines with the rules of a `CompiledMapper`. It is shared by threads.

    With `strict` a line in which a name stands twice is left to the exact way.
    """

    def __init__(
        self,
        mapper: CompiledMapper,
        read: QuickReader,
        code: Callable[..., Any],
        payloads_only: bool,
    ) -> None:
        self._mapper, self._read, self._code = mapper, read, code
        self._given = mapper.given
        self._id_of = _id_of(mapper.mapping.reads)
        self._writers = [
            (each.rule.name, _writer(each, mapper, payloads_only))
            for each in mapper.mapping.payloads
        ]

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
            code = mapping_code(mapping, options.limits, lines=True)
        except Mixed:
            return None
        if arguments_asked(code, ARGUMENTS) & {"linker", "occasion"}:
            return None
        function = function_of(code, ARGUMENTS, "map_record", mapping.span.source.name)
        return cls(mapper, read, function, payloads_only)

    def map(self, line: int, text: bytes) -> QuickMapped | None:
        """Return what a line becomes; None when only the exact way can say."""
        try:
            record = self._read(text)
            word, found = self._code(record, *self._given, None, None)
            if word != "made" or found[1]:
                return None
            objects, _, totals = found
            payloads = [write(each) for name, write in self._writers for each in objects[name]]
        except (Unfit, Refusal, DecimalException):
            return None
        sums: Totals = {}
        if totals:
            sums = self._mapper.totals_of(getattr(record, "currency", None), totals)
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
    match_in = _match(program)

    def write(payload: dict[str, Value]) -> QuickPayload:
        try:
            text = _encode(payload)
        except TypeError:  # an absent member of something that was copied whole
            raise Unfit from None
        if len(text) > limit:
            raise Unfit
        match = match_in(payload)
        written = _encode(match)
        once = written if is_made_once(operation, match) else b""
        if payloads_only:
            return object, once, b"", text
        key = blake2b(identity + written + b"]\n" + text, digest_size=20).hexdigest()
        head = b'%b%b,"idempotency_key":"%b","payload":' % (before, written, key.encode())
        return object, once, head, text

    return write


def _match(program: PayloadProgram) -> Callable[[Mapping[str, Value]], dict[str, Value]]:
    """Return the function that reads the match key of a payload; it raises `Refusal`."""
    if not program.match:
        return lambda payload: {}
    names = program.match[0]
    types = [program.target.fields.get(each) for each in names]
    if all(isinstance(each, Text) and not each.can_be_empty for each in types):
        return lambda payload: {each: payload[each] for each in names}
    return lambda payload: match_of(program, payload)


def _text(word: str) -> str:
    return _encode(word).decode()
