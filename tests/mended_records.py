"""
Make random records keep what must hold of every one of their kind.

A generated invoice has a total that its lines never come to, so that every one would be refused
for it. Where an invariant says what a field is, or that it is no less than a sum, the field is
given that value; records that break another kind of invariant (`holds`) are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from likely_values import steps_of

from mapping_engine.language.expression import compile_expression, evaluate
from mapping_engine.language.typed import Get, Typed
from mapping_engine.packs.invariants import Invariant
from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.text import SourceText
from mapping_engine.values.conform import conform
from mapping_engine.values.guard import breaches
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.schema import member
from mapping_engine.values.types import Number, Object, Type
from mapping_engine.values.value import Value

__all__ = ["Mender"]

SCHEMAS = Path(__file__).parents[1] / "schemas"
#: A cent is what a pack may book as rounding.
_WRONG_BY = tuple(map(Decimal, ("0.01", "0.01", "-0.01", "-0.01", "0.02", "-1", "100")))


@dataclass(frozen=True)
class _Mend:
    """What a field must be: whether it is not, and the value; of items, lists of both."""

    invariant: Invariant
    record: Object
    type: Type
    differs: Typed
    value: Typed

    @cached_property
    def numbers(self) -> list[str]:
        """The numbers beside the field that its value is computed of."""
        names = {each.name for each in steps_of(self.value) if isinstance(each, Get)}
        place = self.invariant.name.rpartition(".")[0]
        kinds = {each: member(self.record, f"{place}.{each}".lstrip(".")) for each in names}
        return sorted(name for name, each in kinds.items() if isinstance(each, Number))


class Mender:
    """Mends records of one canonical kind, as JSON would give them, in place."""

    def __init__(self, kind: str, type: Object) -> None:
        self._type = type
        known = SchemaStore([SCHEMAS]).invariants(kind).values()
        fields = [each for each in known if each.value is not None]
        given = {each.name for each in fields}
        fields = [*filter(None, (_at_least(each, given) for each in known)), *fields]
        # A total is a sum of what its items say, so the items come first.
        self._mends = [
            _mend(each, type) for each in sorted(fields, key=lambda each: not each.items)
        ]

    def mend(self, record: dict[str, Any], random: Random | None = None) -> None:
        """Give every field the value that it must have, where that fits its type.

        With `random` one field of those is made wrong, and what follows from it goes along.
        """
        typed = conform(record, self._type).value
        wrong = random.choice(self._mends) if random is not None and self._mends else None
        for mend in self._mends:
            parts = [_parts(mend, each) for each in (record, typed)]
            if mend is wrong:
                _complete(parts, mend)
            try:
                for place, value in _wanted(mend, typed):
                    if not breaches(value, mend.type):
                        for each in parts:
                            each[place][mend.invariant.field] = value
            except Refusal:  # a sum that no number can be: the engine refuses it, too
                continue
            if random is not None and mend is wrong:
                _shift(parts, mend.invariant.field, random)


def _parts(mend: _Mend, record: Any) -> list[dict[str, Any]]:
    """Return the items whose field is mended; alone the record, where it is about that."""
    items = mend.invariant.items
    return (record.get(items) or []) if items else [record]


def _complete(parts: list[list[dict[str, Any]]], mend: _Mend) -> None:
    """Give every part the numbers of which a field is computed, in both forms of the record."""
    for each in (part for side in parts for part in side):
        each |= {name: Decimal(1) for name in mend.numbers if each.get(name) is None}


def _shift(parts: list[list[dict[str, Any]]], name: str, random: Random) -> None:
    """Let a field of one part be too high or too low, in both forms of the record."""
    by = random.choice(_WRONG_BY)
    place = random.randrange(len(parts[0]) or 1)
    for each in parts if parts[0] else ():
        before = each[place].get(name)
        each[place][name] = (before if isinstance(before, Decimal) else 0) + by


def _at_least(invariant: Invariant, given: set[str]) -> Invariant | None:
    """Return what a field is that must be no less than a sum, unless it is `given` otherwise."""
    found = re.fullmatch(r"(sum\([a-z_.]+\)) <= ([a-z_]+)", invariant.holds or "")
    if found is None or found[2] in given:
        return None
    return replace(invariant, name=found[2], holds=None, value=found[1], when=f"not ({found[0]})")


def _mend(invariant: Invariant, type: Object) -> _Mend:
    missed = invariant.missed()
    value = f"if {missed} then ({invariant.value}) else 0"
    items = invariant.items
    if items:
        missed, value = f"{items}.({missed})", f"{items}.({value})"
    kind = member(type, invariant.name)
    assert kind is not None
    return _Mend(invariant, type, kind, _checked(missed, type), _checked(value, type))


def _checked(text: str, type: Object) -> Typed:
    report = Report()
    checked = compile_expression(SourceText("invariant", text), type, report)
    assert checked is not None, [each.message for each in report]
    return checked


def _wanted(mend: _Mend, record: Value) -> Iterator[tuple[int, Value]]:
    """Yield the places of items (0: the record) whose field must be something else."""
    differs, value = evaluate(mend.differs, record), evaluate(mend.value, record)
    if isinstance(differs, list) and isinstance(value, list):
        pairs = zip(differs, value, strict=True)
        yield from ((place, each) for place, (differ, each) in enumerate(pairs) if differ is True)
    elif differs is True:
        yield 0, value
