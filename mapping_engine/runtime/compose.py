"""
Two mappers as one, and kinds that a pack does not take: all a run needs besides a mapper.

For `--from` the first mapper makes a canonical record of the payload that was read, the
second makes payloads of the record. What either skips or refuses is the outcome.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.packs.model import Unsupported
from mapping_engine.runtime.mapper import InterpretedMapper
from mapping_engine.runtime.outcome import Mapped, Outcome, Skipped
from mapping_engine.runtime.problems import skipped_here
from mapping_engine.values.textform import text_of
from mapping_engine.values.value import MISSING, Value, is_empty

__all__ = [
    "Composed", "Followed", "Following", "Mapper", "UnsupportedMapper", "follow", "given_id",
    "record_id",
]  # fmt: skip


class Mapper(Protocol):
    """Maps one record at a time."""

    def map(self, record: Value) -> Outcome:
        """Return what becomes of a record."""


class Followed(Struct, frozen=True):
    """What became of a record, and the id under which people know it."""

    outcome: Outcome
    id: str | None


class Following(ABC):
    """A mapper that knows better than the record under which id people know it."""

    @abstractmethod
    def follow(self, record: Value) -> Followed:
        """Return what becomes of a record, with its id."""

    def map(self, record: Value) -> Outcome:
        """Return what becomes of a record."""
        return self.follow(record).outcome

    def map_all(self, records: Iterable[Value]) -> Iterator[Outcome]:
        """Yield the outcome of each record, in order."""
        return map(self.map, records)


class Composed(Following):
    """A mapper of payloads of one system to payloads of another, over the canonical record."""

    def __init__(self, first: Mapper, second: Mapper) -> None:
        self.first = first
        self.second = second

    def follow(self, record: Value) -> Followed:
        """Return the outcome with the id of the canonical record, or else of the payload."""
        read = self.first.map(record)
        if not isinstance(read, Mapped):
            # Its totals are those of the first system; a run adds up those of the second.
            return Followed(replace(read, totals=None), given_id(self.first, record))
        canonical = read.payloads[0].payload
        outcome = self.second.map(canonical)
        if isinstance(outcome, Mapped) and read.warnings:
            outcome = replace(outcome, warnings=(*read.warnings, *outcome.warnings))
        return Followed(outcome, record_id(canonical) or given_id(self.first, record))


class UnsupportedMapper(Struct, frozen=True):
    """Skips every record of a kind that the pack does not take."""

    rule: Unsupported

    def map(self, record: Value) -> Outcome:
        """Return the skip, under the reason that the pack gives."""
        reason, because = self.rule.reason.value, self.rule.because
        return Skipped(reason, because, skipped_here(self.rule.origin.span, None, reason, because))


def follow(mapper: Mapper, record: Value) -> Followed:
    """Return the outcome of a record with its id, whatever mapper it is."""
    if isinstance(mapper, Following):
        return mapper.follow(record)
    return Followed(mapper.map(record), given_id(mapper, record))


def record_id(record: Value) -> str | None:
    """Return the `id` of a record as a text, or None when it has none."""
    return _id(record, "id")


def given_id(mapper: Mapper, given: Value) -> str | None:
    """Return the id of what a mapper is given, a record or a payload; None when it has none."""
    names = mapper.known_by if isinstance(mapper, InterpretedMapper) else ("id",)
    return next((found for name in names if (found := _id(given, name)) is not None), None)


def _id(record: Value, name: str) -> str | None:
    value = record.get(name, MISSING) if isinstance(record, dict) else MISSING
    return None if is_empty(value) or isinstance(value, dict | list) else text_of(value)
