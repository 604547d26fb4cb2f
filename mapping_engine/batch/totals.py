"""
Add up the control totals of a run: what was read is what was mapped, skipped and rejected.

A line holds the record's side under what became of the records, and beside it what the
payloads say. The side that was read is added up on its own, so that a line proves something.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import TypeAlias

from msgspec import Struct, field

from mapping_engine.runtime.outcome import Mapped, Outcome, Sides, Skipped
from mapping_engine.values.number import add, decimal_places, subtract, total

__all__ = ["TotalLine", "Totals"]

_ZERO = Decimal(0)
#: The name of a total and its currency.
Key: TypeAlias = tuple[str, str | None]


class TotalLine(Struct, eq=False):
    """One control total of a run, in one currency.

    `declared` are differences that a pack announces, each with its name. `uncounted` is the
    number of records whose amount could not be told, because they could not be read.
    """

    name: str
    currency: str | None
    read: Decimal = _ZERO
    mapped: Decimal = _ZERO
    skipped: Decimal = _ZERO
    rejected: Decimal = _ZERO
    payload: Decimal = _ZERO
    declared: dict[str, Decimal] = field(default_factory=dict)
    uncounted: int = 0

    @property
    def difference(self) -> Decimal:
        """What nobody has declared: it must be nothing."""
        left = subtract(self.mapped, self.payload)
        for amount in self.declared.values():
            left = subtract(left, amount)
        return left

    @property
    def adds_up(self) -> bool:
        """Whether both equations of the line hold."""
        parts = add(add(self.mapped, self.skipped), self.rejected)
        return self.read == parts and not self.difference

    def take(self, outcome: Outcome, sides: Sides) -> None:
        """Add one record to the line."""
        if isinstance(outcome, Mapped):
            self.take_mapped([sides])
            return
        self.read = add(self.read, sides.record)
        if isinstance(outcome, Skipped):
            self.skipped = add(self.skipped, sides.record)
        else:
            self.rejected = add(self.rejected, sides.record)

    def take_mapped(self, sides: Sequence[Sides]) -> None:
        """Add records that were mapped to the line."""
        record = total(each.record for each in sides)
        self.read = add(self.read, record)
        self.mapped = add(self.mapped, record)
        self.payload = add(self.payload, total(each.payload for each in sides))
        for name, amount in chain.from_iterable(each.declared.items() for each in sides):
            self.declared[name] = add(self.declared.get(name, _ZERO), amount)

    def text(self, amount: Decimal, thousands: str = "") -> str:
        """Return an amount with as many decimal places as the longest of the line."""
        amounts = (self.read, self.mapped, self.skipped, self.rejected, self.payload)
        places = max(map(decimal_places, (*amounts, *self.declared.values())))
        return f"{amount:{thousands}.{places}f}"

    def as_json(self) -> Mapping[str, object]:
        """Return the line as the report has it, amounts as texts."""
        return {
            "name": self.name, "currency": self.currency, "read": self.text(self.read),
            "mapped": self.text(self.mapped), "skipped": self.text(self.skipped),
            "rejected": self.text(self.rejected), "payload": self.text(self.payload),
            "declared": {name: self.text(each) for name, each in self.declared.items()},
            "difference": self.text(self.difference), "uncounted": self.uncounted,
        }  # fmt: skip


class Totals:
    """The control totals of a run by name and currency, in the order of the pack."""

    def __init__(self, expected: Iterable[tuple[str, str | None]] = ()) -> None:
        self._expected = tuple(expected)
        self._lines = {key: TotalLine(*key) for key in self._expected}

    def take(self, outcome: Outcome) -> None:
        """Add one record; without totals it is uncounted on the line of the firm's currency."""
        totals = outcome.totals
        if totals is None:
            totals = dict.fromkeys(self._expected)
        for key, sides in totals.items():
            line = self._lines.setdefault(key, TotalLine(*key))
            if sides is None:
                line.uncounted += 1
            else:
                line.take(outcome, sides)

    def take_mapped(self, records: Iterable[Sequence[tuple[Key, Sides]]]) -> None:
        """Add records that were mapped, each with the totals that count for it."""
        found: defaultdict[Key, list[Sides]] = defaultdict(list)
        for key, sides in chain.from_iterable(records):
            found[key].append(sides)
        for key, each in found.items():
            self._lines.setdefault(key, TotalLine(*key)).take_mapped(each)

    @property
    def lines(self) -> list[TotalLine]:
        """All lines: totals in the order of the pack, currencies by name."""
        names = list(dict.fromkeys(name for name, _ in (*self._expected, *self._lines)))
        return sorted(self._lines.values(), key=lambda each: (
            names.index(each.name), each.currency or ""))  # fmt: skip

    @property
    def add_up(self) -> bool:
        """Whether every line adds up."""
        return all(line.adds_up for line in self.lines)
