"""Finish a payload: plain values, match key, idempotency key, ids still to come."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date
from hashlib import blake2b
from typing import Final, TypeAlias

from msgspec.structs import replace

from mapping_engine.packs.model import Pack
from mapping_engine.runtime.guards import guard_payload
from mapping_engine.runtime.linking import LinkBook, needs_of
from mapping_engine.runtime.outcome import Payload
from mapping_engine.runtime.problems import match_key_missing, payload_too_large
from mapping_engine.runtime.program import PayloadProgram
from mapping_engine.source.limits import Limits
from mapping_engine.values.conform import as_written
from mapping_engine.values.json import compact
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.textform import text_of
from mapping_engine.values.value import MISSING, Value, is_empty

__all__ = [
    "MADE_ONCE",
    "Kind",
    "finished",
    "idempotency_key",
    "identity_of_pack",
    "key_of",
    "keyed",
    "match_of",
    "plain_value",
]


#: What is made: an object, and the names of its match key.
Kind: TypeAlias = tuple[str, tuple[str, ...]]

#: The operations that make a record, so that a second one with its match key is too many.
MADE_ONCE: Final = ("create", "upsert")


def identity_of_pack(pack: Pack) -> tuple[str, str]:
    """Return system and firm, as idempotency keys begin."""
    return pack.name, pack.firm.id if pack.firm else ""


def keyed(payload: Payload, identity: tuple[str, str]) -> Payload:
    """Return a payload that was changed, with the idempotency key that is right now."""
    names: list[Value] = [*identity, payload.mapping, payload.operation, dict(payload.match)]
    return replace(payload, idempotency_key=_key(names, compact(dict(payload.payload))))


def plain_value(value: Value) -> Value:
    """Return a value as JSON has it: dates and stamps as text, absent members left out."""
    if isinstance(value, dict):
        return {name: plain_value(each) for name, each in value.items() if each is not MISSING}
    if isinstance(value, list):
        return [plain_value(each) for each in value]
    return text_of(value) if isinstance(value, date) else value


def finished(
    program: PayloadProgram, made: Mapping[str, Value], links: LinkBook,
    *, identity: tuple[str, str], limits: Limits,
) -> Payload:  # fmt: skip
    """Return the payload of what was made; `identity` is system and firm.

    Raises `Refusal` when members do not fit together, no match key is filled, or the payload
    is too large.
    """
    guard_payload(made, program)
    whole, needs = needs_of(made, links.pending) if links.pending else (made, ())
    payload = as_written(whole, program.target)
    assert isinstance(payload, dict)
    match = match_of(program, payload)
    text = compact(payload)
    if len(text) > limits.payload_size:
        raise Refusal(payload_too_large, None, limits.payload_size)
    name = program.rule.name
    key = _key([*identity, name, program.operation, match], text)
    return Payload(name, program.object, program.operation, match, key, payload, needs)


def key_of(match: Mapping[str, Value]) -> Hashable:
    """Return what is the same for the same values of a match key only; None for no key."""
    values = list(match.values())
    if len(values) == 1 and isinstance(values[0], str):
        return values[0]
    return compact(values).encode() if values else None


def match_of(program: PayloadProgram, payload: Mapping[str, Value]) -> dict[str, Value]:
    """Return the first match key that is filled. Raises `Refusal` when one must be and none is."""
    for names in program.match:
        if not any(is_empty(payload.get(name, MISSING)) for name in names):
            return {name: payload[name] for name in names}
    if program.operation == "create" or not program.match:
        return {}
    keys = ", ".join("`" + " + ".join(names) + "`" for names in program.match)
    refusal = Refusal(match_key_missing, None, keys, program.operation)
    refusal.span = program.rule.match[0][0].span
    raise refusal


def idempotency_key(identity: bytes, payload: bytes) -> str:
    """Return 40 hex characters that are the same for the same payload only, both given as JSON.

    `identity` is the list of system, firm, mapping, operation and match.
    """
    return blake2b(identity + b"\n" + payload, digest_size=20).hexdigest()


def _key(identity: list[Value], payload: str) -> str:
    return idempotency_key(compact(identity).encode(), payload.encode())
