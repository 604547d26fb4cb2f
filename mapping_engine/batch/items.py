"""What a reader yields: a record with its line, or why the line holds none; or raw texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct

from mapping_engine.runtime.compose import Followed
from mapping_engine.runtime.problems import unreadable_record
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.values.types import Object
from mapping_engine.values.value import MISSING, Value

if TYPE_CHECKING:
    from mapping_engine.runtime.quick import QuickRun

__all__ = ["Entry", "Item", "Raws", "Reading", "Stretch", "Unreadable", "opened", "unreadable"]


class Entry(Struct, frozen=True):
    """A record as decoded, and the line it begins on, counted from 1; its fate, if known."""

    line: int
    record: Value
    followed: Followed | None = None


class Unreadable(Struct, frozen=True):
    """A line that is no record; `source` is what could be read of it."""

    line: int
    told: Diagnostic
    source: Value = MISSING


Item: TypeAlias = Entry | Unreadable


class Stretch(Struct, frozen=True):
    """Records that went the quick way: the mapped ones, and by their places the others."""

    run: QuickRun
    others: list[tuple[int, Item]]


class Raws(Struct, frozen=True):
    """Texts of JSON with a record each, and the lines they begin on, not yet decoded.

    `exactly` gives what one of them is, by its line and itself.
    """

    numbers: Sequence[int]
    texts: list[bytes]
    exactly: Callable[[int, bytes], Iterator[Item]]


class Reading(Struct, frozen=True):
    """How an input is read: its name for people, the bounds, and what its records look like.

    With `strict` a name twice in a record is refused. `envelope` is the member in which the
    system's documents hold the record or the list of records. `reads` is the type of a record.
    """

    name: str
    limits: Limits = DEFAULT_LIMITS
    strict: bool = True
    envelope: str | None = None
    reads: Object | None = None

    @property
    def wrapper(self) -> str | None:
        """The envelope, unless it is also a field of the record."""
        is_field = self.reads is not None and self.envelope in self.reads.fields
        return None if is_field else self.envelope


_KINDS: Final = ((bool, "yes or no"), (str, "a text"), (list, "a list"), (type(None), "null"))


def opened(line: int, value: Value, reading: Reading) -> Iterator[Item]:
    """Yield the record of a decoded value, or the records of its envelope."""
    if isinstance(value, dict):
        name = reading.wrapper
        if name is None or name not in value:
            yield Entry(line, value)
            return
        inside = value[name]
        for each in inside if isinstance(inside, list) else [inside]:
            yield from _record(line, each)
        return
    yield from _record(line, value)


def _record(line: int, value: Value) -> Iterator[Item]:
    if isinstance(value, dict):
        yield Entry(line, value)
        return
    kind = next((word for kind, word in _KINDS if isinstance(value, kind)), "a number")
    yield unreadable(line, f"{kind} stands where a record must stand, an object in {{ }}")


def unreadable(line: int, why: str, hint: str | None = None, source: Value = MISSING) -> Unreadable:
    """Return the item for a line that cannot be read."""
    return Unreadable(line, unreadable_record(None, None, why, hint), source)
