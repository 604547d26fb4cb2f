"""What comparisons of one value with written ones tell of each other: `x > 1` of `x > 2`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from mapping_engine.language.typed import Compare, Constant, Typed

__all__ = ["Interval", "interval_of"]

_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_OTHERWISE = {"<": ">=", ">": "<=", "<=": ">", ">=": "<"}
_ORDERED = (Decimal, date)


class Interval(Struct, frozen=True):
    """The values on one side of a number or a day; `closed` when it belongs to them."""

    of: Typed
    is_above: bool
    bound: Decimal | date
    closed: bool

    def leaves_out(self, other: Interval) -> bool:
        """Whether no value lies in both."""
        if self.is_above is other.is_above:
            return False
        low, high = (self, other) if self.is_above else (other, self)
        if low.bound == high.bound:
            return not (low.closed and high.closed)
        return low.bound > high.bound  # type: ignore[operator]

    def lies_in(self, other: Interval) -> bool:
        """Whether every value of this one lies in the other."""
        if self.is_above is not other.is_above:
            return False
        if self.bound == other.bound:
            return other.closed or not self.closed
        inside = self.bound > other.bound  # type: ignore[operator]
        return inside if self.is_above else not inside


def interval_of(condition: Typed, holds: bool = True) -> Interval | None:
    """Return where a value lies that is there, when a comparison holds, or does not."""
    if not isinstance(condition, Compare):
        return None
    word: str = condition.operator
    of, bound = condition.left, condition.right
    if isinstance(of, Constant):
        of, word, bound = bound, _TURNED[word], of
    if not isinstance(bound, Constant) or not isinstance(bound.value, _ORDERED):
        return None
    word = word if holds else _OTHERWISE[word]
    return Interval(of, word[0] == ">", bound.value, len(word) == 2)
