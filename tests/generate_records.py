"""
Make random records of a type, fast and always the same for a seed.

Every value fits its type. Each single value is drawn from a pool that is made once, when the
type is read: the bounds and what lies beside them, every word of an enum, the longest text,
the most digits. Members that may be absent or null often are; lists are empty, short or full.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any, TypeAlias

from msgspec.structs import replace

from mapping_engine.values.guard import breaches
from mapping_engine.values.number import trimmed
from mapping_engine.values.types import (
    Boolean,
    Date,
    DateTime,
    List,
    Nothing,
    Number,
    Object,
    Text,
    Type,
)
from mapping_engine.values.value import MISSING, Value

__all__ = ["RecordGenerator", "text_like"]

_Maker: TypeAlias = Callable[[], Value]

_TEXTS = (
    "", " ", "\t", "a", "A", "0", "12.50", "-3", "true", "2026-01-31", "2026-01-31T09:30:00Z",
    "Smith & Co", "  Smith   v Jones ", "O'Neill", 'say "hi"', "Straße", "ÀÉÎ", "ﬁn", "İstanbul",
    "😀", "a{b}c", "a;b;;c", "L110", "E101", "AUD", "line\nbreak", "no-break\u00a0space", "x" * 70,
)  # fmt: skip
_FORMATS = {
    "email": ("a@b.au", "Anna.Berg@Harbour.Law"),
    "time": ("00:00", "23:59:59"),
    "uri": ("https://harbour.law/", "urn:x"),
    "uuid": ("00000000-0000-0000-0000-000000000000", "F81D4FAE-7dec-11d0-a765-00a0c91e6bf6"),
}
_NUMBERS = tuple(
    map(
        Decimal,
        ("0", "0.00", "1", "-1", "0.1", "0.05", "0.005", "2.345", "2.355", "-2.345", "0.5", "1.5",
         "2.5", "-2.5", "10", "100", "3600", "25.06", "1250.50", "0.3333", "99.995", "7",
         "0.000000000001", "999999999999999999", "-999999999999999999",
         "123456789012345678.9012345678901234", "9999999999.99", "1.10", "33.333333333333"),
    )
)  # fmt: skip
_DATES = (date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29), date(2026, 1, 31),
          date(2026, 12, 31), date(1999, 3, 1), date(2026, 7, 1))  # fmt: skip
_MOMENTS = (
    datetime(2026, 1, 30, 13, tzinfo=UTC),
    datetime(2026, 1, 31, tzinfo=timezone(timedelta(hours=11))),
    datetime(2026, 4, 5, 2, 30, tzinfo=timezone(timedelta(hours=10))),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 6, 30, 9, 15, 0, 250_000, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
)
_ANYTHING: tuple[Value, ...] = ("Smith", Decimal("1.50"), True, None, date(2026, 1, 31), [], {})


class RecordGenerator:
    """Makes records of one type: `RecordGenerator(type, Random(1)).record()`."""

    def __init__(self, type: Object, random: Random, nothing: float = 0.25) -> None:
        self._random = random
        self._nothing = nothing
        self._record = self._maker(type)

    def record(self) -> dict[str, Value]:
        """Return the next record; it fits the type."""
        made = self._record()
        assert isinstance(made, dict)
        return made

    def _maker(self, type: Type) -> _Maker:
        made = self._present(replace(type, absent=False, null=False))
        if not type.can_be_nothing:
            return made
        random, often = self._random.random, self._nothing
        nothing = [each for each, can in ((MISSING, type.absent), (None, type.null)) if can]
        pick = self._random.choice
        return lambda: pick(nothing) if random() < often else made()

    def _present(self, type: Type) -> _Maker:
        pick = self._random.choice
        match type:
            case List():
                return self._list(type)
            case Object():
                return self._object(type)
            case Nothing():
                return lambda: MISSING
            case Boolean():
                return lambda: pick((True, False))
            case _:
                pool = self._pool(type)
                return lambda: pick(pool)

    def _pool(self, type: Type) -> list[Value]:
        match type:
            case Text(choices=tuple(choices)):
                return list(choices)
            case Text():
                offered: Iterable[Value] = self._texts(type)
            case Number():
                offered = self._numbers(type)
            case Date():
                offered = (*_DATES, *(_DATES[3] + timedelta(each) for each in range(-9, 9)))
            case DateTime():
                offered = _MOMENTS
            case _:
                return list(_ANYTHING)
        pool = [each for each in offered if not breaches(each, type)]
        if isinstance(type, Number) and type.scale is not None:  # as a record is read
            pool = [trimmed(each, type.scale) for each in pool if isinstance(each, Decimal)]
        if not pool:
            raise ValueError(f"no value is known that fits {type}")
        return pool

    def _texts(self, type: Text) -> list[str]:
        texts = [*_TEXTS, *_FORMATS.get(type.format or "", ())]
        sizes = {type.min_length, type.min_length + 1, type.max_length or 0}
        texts += [each[:size] for each in (*_TEXTS, "xy " * 300) for size in sizes if size]
        texts += ["x" * size for size in sizes if size]
        if type.pattern is not None:
            texts = [text_like(type.pattern, self._random) for _ in range(40)]
        return list(dict.fromkeys(texts))

    def _numbers(self, type: Number) -> list[Decimal]:
        scale = 4 if type.scale is None else type.scale
        step = Decimal(1).scaleb(-scale)
        bounds = [each for each in (type.minimum, type.maximum) if each is not None]
        numbers = [*_NUMBERS, *bounds, *(each + step for each in bounds)]
        numbers += [each - step for each in bounds]
        low, high = type.minimum or Decimal(-2000), type.maximum or Decimal(2000)
        width = int((min(high, low + 4000) - low) / step)
        numbers += [low + step * self._random.randrange(width + 1) for _ in range(20)]
        numbers += [each.quantize(step) for each in numbers if each.adjusted() + scale < 33]
        return list(dict.fromkeys(numbers))

    def _list(self, type: List) -> _Maker:
        make = self._maker(replace(type.item, absent=False))
        most = min(type.max_items or type.min_items + 3, type.min_items + 5)
        sizes = [*{type.min_items, min(most, type.min_items + 1), most}, min(most, 2)]
        sizes = [each for each in sizes if each >= type.min_items]
        pick = self._random.choice

        def items() -> Value:
            made = [make() for _ in range(pick(sizes))]
            while type.unique and breaches(made, type):
                made = [make() for _ in range(pick(sizes))]
            return made

        return items

    def _object(self, type: Object) -> _Maker:
        members = [(name, self._maker(each)) for name, each in type.fields.items()]
        others = self._maker(type.others) if type.others is not None else None
        present = {
            name: self._maker(replace(type.fields[name], absent=False))
            for group in type.needs_one_of
            for name in group
        }
        random = self._random.random

        def members_of_one() -> Value:
            made = {name: make() for name, make in members}
            found = {name: value for name, value in made.items() if value is not MISSING}
            if others is not None and random() < 0.3:
                found.setdefault("Custom field", others())
            if present and not any(found.keys() >= {*group} for group in type.needs_one_of):
                found |= {name: present[name]() for name in type.needs_one_of[0]}
            return {name: value for name, value in found.items() if value is not MISSING}

        return members_of_one


def text_like(pattern: str, random: Random) -> str:
    """Return a text that a pattern without look-around fits."""
    return "".join(_pieces(re._parser.parse(pattern), random))  # type: ignore[attr-defined]


def _pieces(parsed: Iterable[tuple[Any, Any]], random: Random) -> Iterable[str]:
    for operation, argument in parsed:
        match str(operation):
            case "LITERAL":
                yield chr(argument)
            case "NOT_LITERAL" | "ANY":
                yield random.choice("xyz")
            case "IN":
                yield _one_of(argument, random)
            case "MAX_REPEAT" | "MIN_REPEAT":
                least, most, repeated = argument
                for _ in range(random.randint(least, min(int(most), least + 3))):
                    yield from _pieces(repeated, random)
            case "SUBPATTERN":
                yield from _pieces(argument[-1], random)
            case "BRANCH":
                yield from _pieces(random.choice(argument[1]), random)
            case "AT":
                continue
            case word:
                raise ValueError(f"a pattern with {word} is not made up here")


def _one_of(members: list[tuple[Any, Any]], random: Random) -> str:
    operation, argument = random.choice(members)
    match str(operation):
        case "NEGATE":
            return random.choice("~xX5")
        case "RANGE":
            return chr(random.randint(*argument))
        case "CATEGORY":
            return random.choice("7a ")
        case _:
            return chr(argument)
