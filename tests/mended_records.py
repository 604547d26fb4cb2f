"""
Make random records keep what must hold of every one of their kind.

A generated invoice has a total that its lines never come to, so that every one would be refused
for it. Where an invariant says what a field is, or that it is no less than a sum, the field is
given that value; records that break another kind of invariant (`holds`) are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

from likely_values import steps_of
from msgspec.structs import replace

from mapping_engine.language.compiled import compile_expression_tree
from mapping_engine.language.expression import compile_expression
from mapping_engine.language.typed import Get, Typed
from mapping_engine.packs.invariants import Invariant
from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.text import SourceText
from mapping_engine.values.guard import breaches
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.schema import member
from mapping_engine.values.types import Number, Object, Type
from mapping_engine.values.value import Value

__all__ = ["Mender"]

_Computed: TypeAlias = Callable[[Value], Value]

SCHEMAS = Path(__file__).parents[1] / "schemas"
_ONE = Decimal(1)
#: A cent is what a pack may book as rounding.
_WRONG_BY = tuple(map(Decimal, ("0.01", "0.01", "-0.01", "-0.01", "0.02", "-1", "100")))


@dataclass(frozen=True)
class _Mend:
    """What a field must be: whether it is not, and the value; of items, lists of both."""

    invariant: Invariant
    type: Type
    differs: _Computed
    value: _Computed
    #: The numbers beside the field that its value is computed of.
    numbers: list[str]


class Mender:
    """Mends records of one canonical kind, as JSON would give them, in place."""

    def __init__(self, kind: str, type: Object) -> None:
        known = SchemaStore([SCHEMAS]).invariants(kind).values()
        fields = [each for each in known if each.value is not None]
        given = {each.name for each in fields}
        fields = [*filter(None, (_at_least(each, given) for each in known)), *fields]
        # A total is a sum of what its items say, so the items come first.
        self._mends = [
            _mend(each, type) for each in sorted(fields, key=lambda each: not each.items)
        ]

    def mend(self, record: dict[str, Any], random: Random | None = None) -> dict[str, Any]:
        """Give every field the value that it must have, where that fits its type.

        With `random` one field of those is made wrong, and what follows from it goes along.
        """
        wrong = random.choice(self._mends) if random is not None and self._mends else None
        for mend in self._mends:
            items = mend.invariant.items
            parts = (record.get(items) or []) if items else [record]
            if mend is wrong:
                _complete(parts, mend)
            try:
                for place, value in _wanted(mend, record):
                    if not breaches(value, mend.type):
                        parts[place][mend.invariant.field] = value
            except Refusal:  # a sum that no number can be: the engine refuses it, too
                continue
            if random is not None and mend is wrong and parts:
                _shift(random.choice(parts), mend, random.choice(_WRONG_BY))
        return record


def _complete(parts: list[dict[str, Any]], mend: _Mend) -> None:
    """Give every part the numbers of which a field is computed."""
    for part in parts:
        part |= {name: _ONE for name in mend.numbers if part.get(name) is None}


def _shift(part: dict[str, Any], mend: _Mend, by: Decimal) -> None:
    """Let a field be too high or too low, where that fits its type."""
    name = mend.invariant.field
    before = part.get(name)
    wrong = (before if isinstance(before, Decimal) else 0) + by
    if not breaches(wrong, mend.type):
        part[name] = wrong


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
    kind, computed = member(type, invariant.name), _checked(value, type)
    assert kind is not None
    code = [compile_expression_tree(each) for each in (_checked(missed, type), computed)]
    return _Mend(invariant, kind, *code, _numbers(computed, items, type))


def _numbers(node: Typed, items: str, type: Object) -> list[str]:
    names = sorted({each.name for each in steps_of(node) if isinstance(each, Get)})
    kinds = [member(type, f"{items}.{each}".lstrip(".")) for each in names]
    pairs = zip(names, kinds, strict=True)
    return [each for each, kind in pairs if isinstance(kind, Number) and not breaches(_ONE, kind)]


def _checked(text: str, type: Object) -> Typed:
    report = Report()
    checked = compile_expression(SourceText("invariant", text), type, report)
    assert checked is not None, [each.message for each in report]
    return checked


def _wanted(mend: _Mend, record: Value) -> Iterator[tuple[int, Value]]:
    """Yield the places of items (0: the record) whose field must be something else."""
    differs = mend.differs(record)
    if isinstance(differs, list) and True in differs:
        value = mend.value(record)
        assert isinstance(value, list)
        pairs = zip(differs, value, strict=True)
        yield from ((place, each) for place, (differ, each) in enumerate(pairs) if differ is True)
    elif differs is True:
        yield 0, mend.value(record)
