"""
The quick way over the canonical record: two quick mappers as one.

What the first makes of a line is a line for the second. Each keeps what it knows to itself, so
all that is written here is whose word counts: the second's, with the warnings of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.runtime.compose import Composed, Followed
from mapping_engine.runtime.quick import QuickMapper, QuickRun

__all__ = ["QuickChain"]


class QuickChain(Struct, frozen=True):
    """Maps lines of one system to payloads of another. It is shared by threads."""

    first: QuickMapper
    second: QuickMapper

    @classmethod
    def of(cls, mapper: Composed, *, payloads_only: bool, strict: bool) -> Self | None:
        """Return the quick way of two mappers; None where one of them has none."""
        first = QuickMapper.of(mapper.first, payloads_only=True, strict=strict)
        second = QuickMapper.of(mapper.second, payloads_only=payloads_only, strict=False)
        if first is None or second is None or first.asks_links:
            return None
        return cls(first, second)

    def map(self, numbers: Sequence[int], lines: list[bytes]) -> QuickRun:
        """Return what lines become, up to the first that is refused or must go the exact way."""
        read = self.first.map(numbers, lines)
        made = self.second.map(numbers, [payloads[0][2] for payloads in read.payloads])
        count = len(made.lines)
        if read.warnings or made.warnings:
            theirs, ours = (each.warnings or [[]] * count for each in (read, made))
            made.warnings = [[*each, *more] for each, more in zip(theirs, ours, strict=False)]
        if count < len(read.lines):
            refused = made.refused and _known_as(made.refused, read.ids[count])
        else:
            refused = read.refused and _of_first(read.refused)
        ids = [own or given for own, given in zip(made.ids, read.ids, strict=False)]
        return replace(made, lines=lines[:count], ids=ids, refused=refused)


def _known_as(refused: Followed, id: str | None) -> Followed:
    """Return a refusal of the second mapper, by the id of the payload where the record has none."""
    return replace(refused, id=refused.id or id)


def _of_first(refused: Followed) -> Followed:
    """Return a refusal of the first mapper: its totals are those of another system."""
    return replace(refused, outcome=replace(refused.outcome, totals=None))
