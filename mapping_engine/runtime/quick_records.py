"""
Map records that a caller has decoded, by the code of the quick way: the library's fast way.

A record becomes a `Struct` as a line does (`reading`), and payloads stay dictionaries. Whatever
is not plainly right is left to the exact way, which gives the same outcomes.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import DecimalException
from typing import Any, Self

from msgspec import Struct
from msgspec.json import Encoder

from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.emitted_lines import Lines, Unfit
from mapping_engine.runtime.linking import LinkBook, needs_of
from mapping_engine.runtime.outcome import Mapped, Need, Outcome, Payload
from mapping_engine.runtime.payloads import idempotency_key, match_of
from mapping_engine.runtime.program import PayloadProgram
from mapping_engine.runtime.quick import code_of, linked
from mapping_engine.runtime.reading import as_dict, record_reader
from mapping_engine.values.conform import Conformed, as_written
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import UNKNOWN
from mapping_engine.values.value import Value

__all__ = ["QuickRecords"]

_encode = Encoder(decimal_format="number").encode


class QuickRecords(Struct, frozen=True):
    """Maps decoded records with the rules of a `CompiledMapper`. It is shared by threads."""

    mapper: CompiledMapper
    read: Callable[[object], Any]
    code: Callable[[Any], Any]

    @classmethod
    def of(cls, mapper: CompiledMapper) -> Self | None:
        """Return the quick way of a mapper; None where it has none."""
        mapping, options = mapper.mapping, mapper.options
        if mapper.standing or options.drop_unknown:
            return None
        read = record_reader(mapping.reads, options.limits, blank_is_null=mapper.blank_is_null)
        found = code_of(mapper, Lines(mapping, lambda each: _maker(each, mapper), texts=False))
        if read is None or found is None:
            return None
        code, asks_links = found
        return cls(mapper, read, linked(code, mapper, options.made) if asks_links else code)

    def map(self, record: Value) -> Outcome | None:
        """Return what becomes of a record; None where only the exact way can say."""
        try:
            read = self.read(record)
            made = self.code(read)
        except Unfit:
            return None
        except (Refusal, DecimalException):
            made = False
        if not made:
            return self.mapper.explained(Conformed(as_dict(read), ()))
        payloads, totals, *more = made
        currency = getattr(read, "currency", None)
        warnings = tuple(self.mapper.warned(*each) for each in (more[0] if more else ()))
        return Mapped(tuple(payloads), warnings, self.mapper.totals_of(currency, totals))


def _maker(program: PayloadProgram, mapper: CompiledMapper) -> Callable[..., Payload]:
    """Return the function that makes a payload, with the links of its record.

    It raises `Refusal` or `Unfit`.
    """
    limit = mapper.options.limits.payload_size
    name, operation, object = program.rule.name, program.operation, mapper.object_of(program)
    identity = _encode([*mapper.identity, name, operation])[:-1] + b","

    def make(made: Value, links: LinkBook | None = None) -> Payload:
        needs: tuple[Need, ...] = ()
        if links is not None and links.pending:
            made, needs = needs_of(made, links.pending)
        payload = as_written(made, UNKNOWN)
        assert isinstance(payload, dict)
        try:
            text = _encode(payload)
        except (TypeError, UnicodeEncodeError):  # something that was copied whole, half a character
            raise Unfit from None
        if len(text) > limit:
            raise Unfit
        match = match_of(program, payload)
        key = idempotency_key(identity + _encode(match) + b"]", text)
        return Payload(name, object, operation, match, key, payload, needs)

    return make
