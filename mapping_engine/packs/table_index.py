"""
Find the row of a table that fits, in a time that does not grow with the table.

Rows are kept by which of their inputs ask for words: such inputs make the key of a
dictionary, the others (any, ranges, long lists) are tested one after the other. Rows of a
sound table do not overlap, so the first hit is the only one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product
from math import prod
from typing import TypeAlias

from mapping_engine.packs.table_rows import TypedRow
from mapping_engine.values.value import Value

__all__ = ["RowIndex", "TooMuch"]

_MOST_KEYS = 64
_MOST_PAIRS = 2_000_000

Positions: TypeAlias = tuple[int, ...]
Keys: TypeAlias = tuple[Value, ...]


class TooMuch(Exception):
    """The rows cannot be compared in fair time."""


class RowIndex:
    """Rows by their words. `single` is the plain dictionary of a table with one input."""

    def __init__(self, rows: Iterable[TypedRow]) -> None:
        self.rows = tuple(rows)
        self.groups: dict[Positions, dict[Keys, list[TypedRow]]] = {}
        self.single: dict[Value, TypedRow] = {}
        for row in self.rows:
            positions = _word_positions(row)
            group = self.groups.setdefault(positions, {})
            for keys in product(*[row.tests[place].keys or () for place in positions]):
                group.setdefault(keys, []).append(row)
                if len(row.tests) == 1 and positions:
                    self.single.setdefault(keys[0], row)

    def find(self, keys: Sequence[Value]) -> TypedRow | None:
        """Return the row that fits all keys."""
        for positions, group in self.groups.items():
            for row in group.get(tuple(keys[place] for place in positions), ()):
                if row.fits(keys):
                    return row
        return None

    def overlaps(self) -> Iterator[tuple[TypedRow, TypedRow]]:
        """Yield pairs of rows that fit the same keys. Raises `TooMuch` when there is no end."""
        seen: set[tuple[int, int]] = set()
        for left, right in self._candidates():
            pair = (min(id(left), id(right)), max(id(left), id(right)))
            if left is right or pair in seen:
                continue
            if all(one.meets(other) for one, other in zip(left.tests, right.tests, strict=True)):
                seen.add(pair)
                yield left, right

    def _candidates(self) -> Iterator[tuple[TypedRow, TypedRow]]:
        for work, pair in enumerate(self._near()):
            if work > _MOST_PAIRS:
                raise TooMuch
            yield pair

    def _near(self) -> Iterator[tuple[TypedRow, TypedRow]]:
        for group in self.groups.values():
            for bucket in group.values():
                if len(bucket) > 1:
                    yield from _pairs(bucket)
        for (one, left), (other, right) in combinations(self.groups.items(), 2):
            common = tuple(sorted(set(one) & set(other)))
            theirs = _projected(right, other, common)
            for keys, bucket in _projected(left, one, common).items():
                yield from product(bucket, theirs.get(keys, ()))


def _word_positions(row: TypedRow) -> Positions:
    """Return the inputs that ask for words; the longest lists stay out when they multiply."""
    if len(row.tests) == 1:
        return () if row.tests[0].keys is None else (0,)
    sizes = {place: len(test.keys) for place, test in enumerate(row.tests) if test.keys is not None}
    while prod(sizes.values()) > _MOST_KEYS:
        del sizes[max(sizes, key=lambda place: sizes[place])]
    return tuple(sizes)


def _projected(
    group: dict[Keys, list[TypedRow]], positions: Positions, common: Positions
) -> dict[Keys, list[TypedRow]]:
    """Return the rows of a group by the part of their keys that stands at `common`."""
    places = [positions.index(each) for each in common]
    found: dict[Keys, dict[int, TypedRow]] = {}
    for keys, bucket in group.items():
        part = found.setdefault(tuple(keys[place] for place in places), {})
        part.update((id(row), row) for row in bucket)
    return {keys: list(rows.values()) for keys, rows in found.items()}


def _pairs(bucket: list[TypedRow]) -> Iterator[tuple[TypedRow, TypedRow]]:
    """Yield the pairs that may overlap; rows of ranges are swept in the order of their starts."""
    place = next(
        (at for at in range(len(bucket[0].tests)) if all(row.tests[at].is_range for row in bucket)),
        None,
    )
    if place is None:
        yield from combinations(bucket, 2)
        return
    open_start = [row for row in bucket if row.tests[place].low is None]
    started = [row for row in bucket if row.tests[place].low is not None]
    yield from combinations(open_start, 2)
    yield from product(open_start, started)
    started.sort(key=lambda row: row.tests[place].low)  # type: ignore[arg-type,return-value]
    for at, row in enumerate(started):
        end = row.tests[place].high
        for later in started[at + 1 :]:
            start = later.tests[place].low
            if end is not None and start is not None and not start < end:  # type: ignore[operator]
                break
            yield row, later
