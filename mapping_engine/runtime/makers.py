"""
Remember where helpers are made, so that a message about a field can point there, too.

A field often names a helper, or a member of the items of a helper list; when it does not fit,
the mistake may stand where the helper is made.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct, field

from mapping_engine.language.typed import Get, Typed, Variable
from mapping_engine.runtime.fitting import GUARDED
from mapping_engine.runtime.program import (
    Build,
    Compute,
    FieldStep,
    MakeItems,
    MakeObject,
    PartStep,
)
from mapping_engine.runtime.walking import results_of
from mapping_engine.source.text import Span
from mapping_engine.values.fit import misfits
from mapping_engine.values.types import Type, union

__all__ = ["Makers", "unlike_places"]

Made: TypeAlias = tuple[Span, str]


class Makers(Struct):
    """Where helpers are made, by their key, and the items of lists, by the key of an item."""

    _helpers: dict[str, Build] = field(default_factory=dict)
    _items: dict[str, MakeItems] = field(default_factory=dict)

    def note_helper(self, key: str, build: Build) -> None:
        """Take in how a helper is made."""
        self._helpers[key] = build

    def note_items(self, key: str, listed: Typed) -> None:
        """Take in of which list the item under `key` is."""
        build = self._helpers.get(listed.key) if isinstance(listed, Variable) else None
        if isinstance(build, MakeItems):
            self._items[key] = build

    def misfit_of(self, step: FieldStep) -> Made | None:
        """Return where something is made that does not fit a field by itself, with words for it."""
        if not isinstance(step.build, Compute):
            return None
        found = (self._misfit(each, step.target) for each in results_of(step.build.expression))
        return next((each for each in found if each is not None), None)

    def _misfit(self, node: Typed, target: Type) -> Made | None:
        match node:
            case Variable(key=key, name=name):
                build = self._helpers.get(key)
                if isinstance(build, Compute) and _is_unfit(node.type, target):
                    return build.expression.span, f"`{name}` is made here"
            case Get(of=Variable(key=key), name=name) if key in self._items:
                return _unfit_member(self._items[key], name, target)
        return None


def _unfit_member(items: MakeItems, name: str, target: Type) -> Made | None:
    """Return the part of a list whose items have no such member, or one that does not fit."""
    for part in items.parts:
        if not isinstance(part.build, MakeObject):
            continue
        steps = [each for each in part.build.fields if each.path == (name,)]
        if not steps:
            return part.rule.origin.span, f"`{name}` is not made here"
        for each in steps:
            if _is_unfit(each.type, target):
                return each.rule.key, f"`{name}` is made here"
    return None


def unlike_places(one: PartStep, other: PartStep) -> tuple[Span, Span]:
    """Return where two parts of a list make what does not mix: the member, or the whole item."""
    found = _unlike_members(one.build, other.build)
    return found or (one.rule.origin.span, other.rule.origin.span)


def _unlike_members(one: Build, other: Build) -> tuple[Span, Span] | None:
    if not isinstance(one, MakeObject) or not isinstance(other, MakeObject):
        return None
    for step in one.fields:
        for same in other.fields:
            if step.path == same.path and union(step.type, same.type) is None:
                inside = _unlike_members(step.build, same.build)
                return inside or (_place(step), _place(same))
    return None


def _place(step: FieldStep) -> Span:
    return step.build.expression.span if isinstance(step.build, Compute) else step.rule.key


def _is_unfit(kind: Type, target: Type) -> bool:
    return bool({each.kind for each in misfits(kind, target)} - GUARDED)
