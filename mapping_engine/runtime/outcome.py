"""What becomes of a record: mapped, skipped or rejected. A refusal is a value, not an exception."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct, field

from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.values.value import Value

__all__ = [
    "Mapped", "Need", "Outcome", "Payload", "Reason", "Rejected", "Sides", "Skipped", "Totals",
    "Warned",
]  # fmt: skip


class Need(Struct, frozen=True):
    """An id still to be filled in by the sender: where, of which object, of which record."""

    place: str
    object: str
    record: str


class Payload(Struct, frozen=True):
    """One payload, complete but for its needs. `match` holds the first match key that is filled."""

    mapping: str
    object: str
    operation: str
    match: Mapping[str, Value]
    idempotency_key: str
    payload: Mapping[str, Value]
    needs: tuple[Need, ...] = ()


class Warned(Struct, frozen=True):
    """A warning that went along with a mapped record."""

    reason: str
    because: str | None = None


class Reason(Struct, frozen=True):
    """Why a record was rejected: the word it is counted under and the whole diagnostic.

    `field` is the payload field concerned, `read` the place in the record.
    """

    reason: str
    diagnostic: Diagnostic
    field: str | None = None
    read: str | None = None
    retry: bool = False


class Sides(Struct, frozen=True):
    """One control total of one record: what was read, what was made, what was declared.

    `declared` are the differences, by name, that the pack says are between the two.
    """

    record: Decimal
    payload: Decimal = Decimal(0)
    declared: Mapping[str, Decimal] = field(default_factory=dict)


#: (name, currency) → its sides; None where the record's side cannot be told.
Totals: TypeAlias = Mapping[tuple[str, str | None], Sides | None]


class Mapped(Struct, frozen=True):
    """The record became payloads."""

    payloads: tuple[Payload, ...]
    warnings: tuple[Warned, ...] = ()
    totals: Totals | None = None


class Skipped(Struct, frozen=True):
    """The record is not sent, by decision. `diagnostic` shows which line decided."""

    reason: str
    because: str | None
    diagnostic: Diagnostic | None = None
    totals: Totals | None = None


class Rejected(Struct, frozen=True):
    """The record is refused; every reason, in pack order."""

    reasons: tuple[Reason, ...]
    totals: Totals | None = None


Outcome: TypeAlias = Mapped | Skipped | Rejected
