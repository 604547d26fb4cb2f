"""
The quick way over the canonical record: two quick mappers as one.

What the first makes of a line is a line for the second. Each keeps what it knows to itself, so
all that is written here is whose word counts: the second's, with the warnings of both.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from operator import itemgetter
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.runtime.compose import Composed, Followed
from mapping_engine.runtime.outcome import Warned
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
        """Yield what lines become, and each time the place of one that must go the exact way."""
        for read, stop in self.first.runs(numbers, lines):
            others = deque((place, _of_first(each)) for place, each in read.refused)
            made = [payloads[0][2] for payloads in read.payloads]
            for run, at in self.second.runs(read.numbers, made):
                joined = _joined(read, run)
                next_place = read.places[run.end] if run.end < len(made) else read.end
                while others and others[0][0] < next_place:
                    joined.refused.append(others.popleft())
                joined.refused.sort(key=itemgetter(0))
                yield joined, None if at is None else next_place
            if others or stop is not None:
                yield QuickRun(refused=[*others]), stop


def _joined(read: QuickRun, made: QuickRun) -> QuickRun:
    """Return what the second mapper made of what was read, or why it refuses it."""
    warnings = made.warnings
    if read.warnings or made.warnings:
        theirs = [read.warnings[each] if read.warnings else [] for each in made.places]
        ours: Iterable[list[Warned]] = made.warnings or repeat([])
        warnings = [[*one, *other] for one, other in zip(theirs, ours)]  # noqa: B905
    ids = [own or read.ids[each] for own, each in zip(made.ids, made.places, strict=True)]
    return replace(
        made,
        places=[read.places[each] for each in made.places],
        lines=[read.lines[each] for each in made.places],
        ids=ids,
        warnings=warnings,
        refused=[(read.places[each], _known_as(why, read.ids[each])) for each, why in made.refused],
    )


def _known_as(refused: Followed, id: str | None) -> Followed:
    """Return a refusal of the second mapper, by the id of the payload where the record has none."""
    return replace(refused, id=refused.id or id)


def _of_first(refused: Followed) -> Followed:
    """Return a refusal of the first mapper: its totals are those of another system."""
    return replace(refused, outcome=replace(refused.outcome, totals=None))
