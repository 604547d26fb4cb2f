"""
Find where in the record a value comes from: a field, a member, or one item of a list.

`physical_address.city` is a field of a field. `first(phones[kind == "work"]).number` is the
number of one item, the first whose kind is `work`; on the way back that is an item made with
that kind. Whatever computes something is no place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.language import nodes
from mapping_engine.language.nodes import Expression
from mapping_engine.packs.model import FieldRule, Formula, ListBody
from mapping_engine.packs.reverse_nodes import substituted
from mapping_engine.values.types import List, Object, Type

__all__ = ["Item", "Place", "Room", "equalities", "place_of", "read_by"]

_DEEPEST = 20


class Item(Struct, frozen=True):
    """One item of a list: the first of those that have these values."""

    given: tuple[tuple[str, nodes.Literal], ...] = ()


class Place(Struct, frozen=True):
    """Where a value stands. `picks`: `first( )` has taken one item; `skips`: all but the first."""

    steps: tuple[str | Item, ...]
    type: Type
    picks: bool = False
    skips: bool = False

    @property
    def is_many(self) -> bool:
        """Whether the value is one of each item of a list, and not one value."""
        return not self.picks and any(isinstance(each, Item) for each in self.steps)


class Room(Struct, frozen=True):
    """What bare names are where a rule stands: fields of a record or of an item, and helpers."""

    reads: Object
    helpers: Mapping[str, FieldRule]
    tree: Callable[[Formula], Expression]
    is_record: bool = True

    def opened(self, tree: Expression) -> Expression:
        """Return a tree with the helpers that are plain expressions written out."""
        for _ in range(_DEEPEST):
            wider = substituted(tree, self._plain_helpers())
            if wider == tree:
                break
            tree = wider
        return tree

    def _plain_helpers(self) -> Mapping[str, Expression]:
        return {
            name: self.tree(rule.body)
            for name, rule in self.helpers.items()
            if isinstance(rule.body, Formula) and rule.when is None
        }


def place_of(tree: Expression, room: Room) -> Place | None:
    """Return the place that an expression reads; None when it computes something."""
    match tree:
        case nodes.Name(name=name) if name in room.reads.fields:
            return Place((name,), room.reads.fields[name])
        case nodes.Member(of=nodes.Name(name="record"), name=name) if room.is_record:
            known = room.reads.fields.get(name)
            return None if known is None else Place((name,), known)
        case nodes.Member(of=of, name=name):
            return _member(place_of(of, room), name)
        case nodes.Choose(of=of, condition=condition):
            given, others = equalities(condition)
            return None if others else _item(place_of(of, room), given)
        case nodes.Call(function="first", arguments=(argument,)):
            found = place_of(argument.value, room)
            if found is None or found.picks:
                return None
            found = found if found.is_many else _item(found, ())
            return replace(found, picks=True) if found else None
        case nodes.Call(function="rest", arguments=(argument,)):
            found = place_of(argument.value, room)
            return None if found is None or found.is_many else replace(found, skips=True)
        case _:
            return None


def _member(of: Place | None, name: str) -> Place | None:
    if of is not None and isinstance(of.type, List) and not of.is_many:
        of = _item(of, ())
    if of is None or not isinstance(of.type, Object):
        return None
    known = of.type.fields.get(name, of.type.others)
    if known is None or "." in name:
        return None
    return replace(of, steps=(*of.steps, name), type=known)


def _item(of: Place | None, given: tuple[tuple[str, nodes.Literal], ...]) -> Place | None:
    """Return the place of one item of a list."""
    if of is None or not isinstance(of.type, List) or any(isinstance(s, Item) for s in of.steps):
        return None
    return replace(of, steps=(*of.steps, Item(given)), type=of.type.item)


def equalities(
    condition: Expression,
) -> tuple[tuple[tuple[str, nodes.Literal], ...], list[Expression]]:
    """Return what a condition on an item fixes (`kind == "work"`), and what else it asks."""
    joined = isinstance(condition, nodes.Logic) and condition.operator == "and"
    parts = condition.operands if isinstance(condition, nodes.Logic) and joined else (condition,)
    given: list[tuple[str, nodes.Literal]] = []
    others: list[Expression] = []
    for part in parts:
        match part:
            case nodes.Comparison(
                operator="==", left=nodes.Name(name=name), right=nodes.Literal() as value
            ):
                given.append((name, value))
            case _:
                others.append(part)
    return tuple(given), others


def read_by(tree: Expression, room: Room) -> Iterator[str]:
    """Yield the fields of the record that a value is made of; what is also asked is left out."""
    found = place_of(tree, room)
    if found is not None:
        yield ".".join(each for each in found.steps if isinstance(each, str))
        return
    match tree:
        case nodes.Name(name=name) if name in room.helpers:
            yield from _read_by_list(room.helpers[name], room)
        case nodes.Choose(of=of):
            yield from read_by(of, room)
        case nodes.Conditional(condition=condition, yes=yes, no=no):
            branches = [*read_by(yes, room), *read_by(no, room)]
            yield from branches or read_by(condition, room)
        case _:
            for each in nodes.children(tree):
                yield from read_by(each, room)


def _read_by_list(rule: FieldRule, room: Room) -> Iterator[str]:
    """Yield what a helper that is a list goes through."""
    inside = replace(room, helpers={n: r for n, r in room.helpers.items() if r is not rule})
    for part in rule.body.parts if isinstance(rule.body, ListBody) else ():
        if part.each is not None:
            yield from read_by(inside.opened(inside.tree(part.each)), inside)
