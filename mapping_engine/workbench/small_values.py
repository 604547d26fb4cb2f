"""
List values of a type, the smallest first, to try what a rule does with them.

They are few and always the same: the words of an enum, plain and odd texts, numbers beside
the ends of what is allowed, lists of one item, of two of a kind, and of two in either order.
Every value fits its type.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.values.guard import breaches
from mapping_engine.values.types import Boolean, Date, DateTime, List, Number, Object, Text, Type
from mapping_engine.values.value import MISSING, Value

__all__ = ["SmallValues"]

_TEXTS = ("a", "1", "b", "A", "a b", "01", " a", "a  b", "a@b.au", "12:30", "AU", "AUD", "1.0")
_NUMBERS = ("1", "0", "-1", "2", "0.1", "0.5", "0.01", "0.05", "0.001", "33.33", "99", "100")
_DAYS = (date(2026, 1, 31), date(1999, 12, 1))
_MOMENTS = (datetime(2026, 1, 31, 9, 30, tzinfo=UTC),)
_MOST = 60
_DEEPEST = 4
#: So many pairs of items are tried in lists, and so many items with a second one of their kind.
_PAIRS = 6
_TWINS = 12


class SmallValues(Struct, frozen=True):
    """Gives small values; `words` are texts that the rules themselves speak of."""

    words: tuple[str, ...] = ()

    def of(self, kind: Type, depth: int = 0) -> tuple[Value, ...]:
        """Return values of a type, never nothing; none where none was found that fits."""
        present = replace(kind, absent=False, null=False)
        offered = self._offered(present, depth)
        return tuple(islice((each for each in offered if not breaches(each, present)), _MOST))

    def least(self, kind: Object, depth: int = 0) -> dict[str, Value] | None:
        """Return an object with what it cannot be without; None where that was not found."""
        made: dict[str, Value] = {}
        for name, member in kind.fields.items():
            if member.absent:
                continue
            found = self.of(member, depth + 1)
            if not found and not member.null:
                return None
            made[name] = found[0] if found else None
        return made

    def _offered(self, kind: Type, depth: int) -> Iterator[Value]:
        match kind:
            case Text(choices=tuple(choices)):
                yield from (each for each in choices if each.strip())
            case Text():
                yield from _TEXTS
                for word in self.words:
                    yield from (word, f"a{word}b")
            case Number():
                ends = (each for each in (kind.minimum, kind.maximum) if each is not None)
                yield from map(Decimal, _NUMBERS)
                yield from ends
            case Boolean():
                yield from (True, False)
            case Date():
                yield from _DAYS
            case DateTime():
                yield from _MOMENTS
            case List(item=item) if depth < _DEEPEST:
                yield from _lists(self.of(item, depth + 1))
            case Object() if depth < _DEEPEST:
                yield from self._objects(kind, depth)

    def _objects(self, kind: Object, depth: int) -> Iterator[Value]:
        """Yield objects in which one member after the other takes its values."""
        least = self.least(kind, depth)
        if least is None:
            return
        if least:
            yield least
        for name, member in kind.fields.items():
            for value in self.of(member, depth + 1):
                if least.get(name, MISSING) != value:
                    yield {**least, name: value}


def _lists(items: tuple[Value, ...]) -> Iterator[Value]:
    """Yield lists of one item, and of neighbours in either order after both stood alone."""
    for place, each in enumerate(items):
        yield [each]
        if place < _TWINS:
            yield from ([each, other] for other in _twin(each, items))
        if 0 < place <= _PAIRS:
            yield [items[place - 1], each]
            yield [each, items[place - 1]]


def _twin(item: Value, items: tuple[Value, ...]) -> Iterator[Value]:
    """Yield an object that says the same, such as its kind, and differs in one more member.

    The objects are those of one type: the least, and others that differ from it in one member.
    """
    least = items[0]
    if not isinstance(item, dict) or not isinstance(least, dict) or item == least:
        return
    for other in items:
        assert isinstance(other, dict)
        more = {name: each for name, each in other.items() if least.get(name, MISSING) != each}
        if more and item.keys() >= more.keys() and all(item[n] == least.get(n) for n in more):
            yield {**item, **more}
            return
