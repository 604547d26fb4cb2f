"""
Make the smallest update of what changed between a record as it was sent and as it is now.

Both are mapped as updates and the payloads compared. What stays is not named, but for what the
target demands and what the pack says `only_on: update`; what is absent now is never cleared;
what a record says is empty is cleared, or refused where the target cannot be cleared. A change
in a field that the other side owns is left out and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.runtime.clearing import emptied
from mapping_engine.runtime.compose import (
    Composed,
    Followed,
    Following,
    Mapper,
    given_id,
    record_id,
)
from mapping_engine.runtime.differences import Path, at, changes, demanded, same, with_value
from mapping_engine.runtime.mapper import InterpretedMapper
from mapping_engine.runtime.outcome import Mapped, Outcome, Payload, Reason, Rejected, Skipped
from mapping_engine.runtime.ownership import Ownership, said_on_updates
from mapping_engine.runtime.payloads import identity_of_pack, keyed
from mapping_engine.runtime.problems_of_updates import cannot_be_cleared, not_recognised
from mapping_engine.runtime.program import PayloadProgram
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.values.json import encode
from mapping_engine.values.value import MISSING, Value, is_empty

__all__ = ["SinceMapper", "known_as", "patch"]

_UNCHANGED = "nothing that is mapped has changed"
#: States of records of which the target has nothing, or something else than was sent.
_NOT_THERE = ("unsynchronized", "error")
_UPDATED = ("create", "upsert", "update")


def patch(mapper: Mapper, before: Value, after: Value) -> Outcome:
    """Return the update that makes of a record as it was sent the record as it is.

    A record that was not sent then, or did not arrive, is mapped whole; one of which nothing
    mapped has changed is skipped as `unchanged`.
    """
    if isinstance(mapper, Composed):
        return _composed(mapper, before, after).outcome
    if not isinstance(mapper, InterpretedMapper):
        return mapper.map(after)
    if isinstance(after, dict) and after.get("sync_status") in _NOT_THERE:
        return mapper.map(after)
    quiet = _updating(mapper, count=False)
    sent = quiet.map(before)
    if not isinstance(sent, Mapped):
        return mapper.map(after)
    updating = _updating(mapper, count=True)
    now = updating.map(after)
    return _Comparing(updating, after).outcome(sent, now) if isinstance(now, Mapped) else now


def known_as(mapper: Mapper, given: Value) -> str | None:
    """Return the id of what is given: of the record that is made of it, where it is a payload.

    Payloads have their ids under names of their own, and some under several.
    """
    first = mapper.first if isinstance(mapper, Composed) else mapper
    if not isinstance(first, InterpretedMapper) or first.mapping.direction != "in":
        return record_id(given)
    read = _uncounted(first).map(given)
    return record_id(dict(read.payloads[0].payload)) if isinstance(read, Mapped) else None


class SinceMapper(Following):
    """Maps records as updates of what they were: whole where they were not there before."""

    def __init__(self, mapper: Mapper, before: Mapping[str, Value]) -> None:
        self.mapper = mapper
        self.before = before

    def follow(self, record: Value) -> Followed:
        """Return the update of a record, with its id."""
        known = known_as(self.mapper, record)
        old = self.before.get(known, MISSING) if known is not None else MISSING
        if isinstance(self.mapper, Composed):
            return _composed(self.mapper, old, record)
        named = given_id(self.mapper, record) or known
        if old is MISSING:
            return Followed(self.mapper.map(record), named)
        return Followed(patch(self.mapper, old, record), named)


def _composed(mapper: Composed, before: Value, after: Value) -> Followed:
    """Return the update over two packs: the canonical records of the first are compared."""
    old = MISSING if before is MISSING else _uncounted(mapper.first).map(before)
    if not isinstance(old, Mapped) or not isinstance(mapper.first, InterpretedMapper):
        return mapper.follow(after)
    known = dict(old.payloads[0].payload)
    reading = _Reading(mapper.first, known)
    found = Composed(reading, _Against(mapper.second, known)).follow(after)
    if isinstance(found.outcome, Skipped) and found.outcome.reason == "unchanged":
        return replace(found, outcome=reading.ownership.skipped(None) or found.outcome)
    return found


class _Reading:
    """Reads one record of a system, and keeps what that system may not change as it was."""

    def __init__(self, mapper: InterpretedMapper, before: Mapping[str, Value]) -> None:
        self.mapper = mapper
        self.before = before
        self.ownership = Ownership(mapper.program.pack, mapper.mapping)

    def map(self, payload: Value) -> Outcome:
        """Return the record, with a warning for each field that the system may not change."""
        outcome = self.mapper.map(payload)
        if not isinstance(outcome, Mapped):
            return outcome
        made, program = outcome.payloads[0], self.mapper.mapping.payloads[0]
        record = dict(made.payload)
        changed = tuple(changes(self.before, record))
        for path in self.ownership.kept(program.part.build, changed, self.before, record):
            record = with_value(record, path, at(self.before, path))
        warnings = (*outcome.warnings, *self.ownership.warnings)
        return replace(outcome, payloads=(replace(made, payload=record),), warnings=warnings)


class _Against(Struct, frozen=True):
    """A mapper that makes updates of one record as it was."""

    mapper: Mapper
    before: Mapping[str, Value]

    def map(self, record: Value) -> Outcome:
        """Return the update that makes the record of what it was."""
        return patch(self.mapper, dict(self.before), record)


def _uncounted(mapper: Mapper) -> Mapper:
    """Return a mapper that counts no member that it leaves out."""
    if not isinstance(mapper, InterpretedMapper):
        return mapper
    twin = copy(mapper)
    twin.options = replace(mapper.options, dropped={})
    return twin


def _updating(mapper: InterpretedMapper, *, count: bool) -> InterpretedMapper:
    """Return the same mapper for records that the target has already."""
    twin = copy(mapper)
    dropped = mapper.options.dropped if count else {}
    twin.options = replace(mapper.options, updates=True, dropped=dropped)
    return twin


@dataclass(eq=False)
class _Comparing:
    """Compares what a record became with what it becomes now."""

    mapper: InterpretedMapper
    record: Value
    refused: list[Reason] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ownership = Ownership(self.mapper.program.pack, self.mapper.mapping)

    def outcome(self, sent: Mapped, now: Mapped) -> Outcome:
        """Return the update, the skip of what did not change, or why it cannot be made."""
        old = {each.key: each.payload for each in self._numbered(sent)}
        made: list[Payload] = []
        for each in self._numbered(now):
            before = old.get(each.key)
            if before is None:
                made.append(each.payload)
            elif each.payload.operation in _UPDATED:
                made.extend(self._update(before, each))
            elif not same(dict(before.payload), dict(each.payload.payload)):
                made.append(each.payload)
        if self.refused:
            return Rejected(tuple(self.refused), now.totals)
        if made:
            return Mapped(tuple(made), (*now.warnings, *self.ownership.warnings), now.totals)
        nothing = Skipped("unchanged", _UNCHANGED, totals=now.totals)
        return self.ownership.skipped(now.totals) or nothing

    def _numbered(self, outcome: Mapped) -> Iterator[_Made]:
        """Yield the payloads of a record, each with what tells it from the others."""
        mapping, counts = self.mapper.mapping, Counter[str]()
        programs = {each.rule.name: each for each in mapping.payloads}
        for payload in outcome.payloads:
            program, place = programs[payload.mapping], counts[payload.mapping]
            counts[payload.mapping] += 1
            name = payload.mapping if len(programs) > 1 else ""
            if program.part.each is None:
                yield _Made(payload, program, name, payload.mapping)
            else:
                known = encode(dict(payload.match)) if payload.match else str(place)
                yield _Made(payload, program, f"{name}[{place}]", f"{payload.mapping} {known}")

    def _update(self, before: Payload, made: _Made) -> Iterator[Payload]:
        """Yield the update of one payload; none when nothing of it changed."""
        old, new = dict(before.payload), dict(made.payload.payload)
        for path, value in self._cleared(old, new, made):
            new = with_value(new, path, value)
        changed = tuple(changes(old, new))
        for path in self.ownership.kept(made.program.part.build, changed, old, new):
            new = with_value(new, path, at(old, path))
        update: dict[str, Value] = {}
        for path in changes(old, new):
            update = with_value(update, path, at(new, path))
        if not update:
            return
        if self.mapper.mapping.direction == "out" and not made.program.match:
            rule = made.program.rule
            told = not_recognised(rule.object.span, None, made.payload.object)
            self.refused.append(_reason(told, None))
            return
        for path in said_on_updates(made.program.part.build):
            if at(new, path) is not MISSING:
                update = with_value(update, path, at(new, path))
        yield keyed(
            replace(
                made.payload,
                operation="update",
                match=_match(made.program, before, made.payload),
                payload=demanded(update, new, made.program.target),
                needs=tuple(each for each in made.payload.needs if each not in before.needs),
            ),
            identity_of_pack(self.mapper.program.pack),
        )

    def _cleared(
        self, old: dict[str, Value], new: dict[str, Value], made: _Made
    ) -> Iterator[tuple[Path, Value]]:
        """Yield the places that the record clears, with what tells the target so."""
        gone = [path for path in changes(new, old) if at(new, path) is MISSING]
        gone = [path for path in gone if at(old, path) is not None]
        found = emptied(self.mapper, self.record) if gone else {}
        kept = set(Ownership(self.ownership.pack, self.ownership.mapping)
                   .kept(made.program.part.build, gone, old, new))  # fmt: skip
        for path in gone:
            place = ".".join((made.prefix, *path) if made.prefix else path)
            known = found.get(place)
            if known is not None and (known.can_be_cleared or path in kept):
                yield path, known.told
            elif known is not None:
                told = cannot_be_cleared(known.step.rule.key, None, place)
                self.refused.append(_reason(told, place))


class _Made(Struct, frozen=True):
    """One payload of a record: `prefix` begins its places in messages, `key` pairs it."""

    payload: Payload
    program: PayloadProgram
    prefix: str
    key: str


def _match(program: PayloadProgram, before: Payload, after: Payload) -> Mapping[str, Value]:
    """Return the match key under which the target knows the record: one that has not changed."""
    for names in program.match:
        keys = [{name: each.payload.get(name) for name in names} for each in (before, after)]
        if not any(map(is_empty, keys[0].values())) and same(keys[0], keys[1]):
            return keys[0]
    return before.match or after.match


def _reason(told: Diagnostic, place: str | None) -> Reason:
    return Reason(told.code.reason or told.code.name, told, place)
