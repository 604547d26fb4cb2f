"""
The quick way over the canonical record: two quick mappers as one.

What the first makes of a line is a line for the second. Each keeps what it knows to itself, so
all that is written here is whose word counts: the second's, with the warnings of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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

    def runs(
        self, numbers: Sequence[int], lines: list[bytes]
    ) -> Iterator[tuple[QuickRun, int | None]]:
        """Yield what lines become, and each time the place of the next one, which is not mapped."""
        start = 0
        for read, stop in self.first.runs(numbers, lines):
            begin, made = 0, [payloads[0][2] for payloads in read.payloads]
            for run, end in self.second.runs(read.numbers, made):
                place = None if end is None else start + end
                yield _joined(read.part(begin, begin + len(run.lines) + 1), run), place
                begin += len(run.lines) + (end is not None)
            if stop is not None:
                refused = read.refused and _of_first(read.refused)
                yield QuickRun([], [], [], [], [], refused=refused), stop
                start = stop + 1


def _joined(read: QuickRun, made: QuickRun) -> QuickRun:
    """Return what the second mapper made of what was read, and one line more if that is refused."""
    count = len(made.lines)
    warnings = made.warnings
    if read.warnings or made.warnings:
        both = read.warnings or [[]] * count, made.warnings or [[]] * count
        warnings = [[*theirs, *ours] for theirs, ours in zip(*both, strict=False)][:count]
    refused = made.refused and _known_as(made.refused, read.ids[count])
    ids = [own or given for own, given in zip(made.ids, read.ids, strict=False)]
    return replace(made, lines=read.lines[:count], ids=ids, warnings=warnings, refused=refused)


def _known_as(refused: Followed, id: str | None) -> Followed:
    """Return a refusal of the second mapper, by the id of the payload where the record has none."""
    return replace(refused, id=refused.id or id)


def _of_first(refused: Followed) -> Followed:
    """Return a refusal of the first mapper: its totals are those of another system."""
    return replace(refused, outcome=replace(refused.outcome, totals=None))
