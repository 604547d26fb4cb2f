"""
Undo the rules that make lists: item by item, by what the items are, or out of numbered fields.

A list made of each item of another is read back the same way. An item that the way out picks
(`first(phones[kind == "work"])`) is an item that the way back makes. What the way out asks of
an item is asked on the way back too, so that both ways take the same items.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mapping_engine.language import nodes
from mapping_engine.language.nodes import Expression
from mapping_engine.packs.model import FieldRule, Formula, ListPart, NestedBody
from mapping_engine.packs.reverse_calls import Given, NoWay
from mapping_engine.packs.reverse_nodes import Pen, substituted
from mapping_engine.packs.reverse_parts import Gap, ManyItems, Payload, is_fixed
from mapping_engine.packs.reverse_places import Item, Place, Room, equalities, place_of
from mapping_engine.packs.reverse_values import Found
from mapping_engine.source.text import Located
from mapping_engine.values.types import UNKNOWN, List, Object, Type

if TYPE_CHECKING:
    from mapping_engine.packs.reverse_rules import Reversing

__all__ = ["item_part", "take_list"]

#: What an item is called that is a plain value.
_ONE = "one"


def take_list(
    found: Reversing, rule: FieldRule, parts: Sequence[ListPart], payload: Payload, *, name: str
) -> None:
    """Take in a rule that makes a list. Raises `NoWay`."""
    given = _listed(rule, payload, name)
    for part in parts:
        if part.group_by:
            raise NoWay("items that were gathered in groups do not come apart again")
        if part.order_by:
            raise NoWay("a list that was put in order does not tell how it stood before")
        if part.each is not None:
            found.entries.append((_each(found, rule, part, given, name=name), rule))
        elif isinstance(part.body, NestedBody):
            _one_of_some(found, part.body, given, len(parts) == 1)
        else:
            _plain(found, rule, part.body, given, is_alone=len(parts) == 1)


def _listed(rule: FieldRule, payload: Payload, name: str) -> Given:
    """Return the payload's list that a rule makes; numbered fields are gathered."""
    pen = Pen(rule.key)
    if not name.endswith("#"):
        return payload.given(name, pen)
    if "." in name or payload.base is not None:
        raise NoWay("numbered fields are gathered at the top of a payload only")
    tree = nodes.Numbered(span=pen.span, name=name[:-1])
    kind = List(item=_numbered(payload.type, name[:-1]))
    return Given(tree, kind, tree, kind)


def _numbered(payload: Object, prefix: str) -> Object:
    """Return the type of an item of numbered fields: phone1Label, phone1Number, …"""
    pattern = re.compile(rf"{re.escape(prefix)}[1-9][0-9]*(\D.*)", re.ASCII)
    met = ((pattern.fullmatch(name), kind) for name, kind in payload.fields.items())
    members = {each[1]: replace(kind, absent=True) for each, kind in met if each}
    return Object(name=f"{prefix}#", fields=members)


def _plain(
    found: Reversing, rule: FieldRule, formula: Formula, given: Given, *, is_alone: bool
) -> None:
    """Take in a list whose only part is a value, or another list."""
    tree = found.room.opened(found.room.tree(formula))
    if not is_alone:
        raise NoWay("a list joined from several values does not tell which is which")
    place = place_of(tree, found.room)
    is_list = place is not None and isinstance(place.type, List) and not place.picks
    pen = Pen(formula.node.span)
    kind = given.type.item if isinstance(given.type, List) else UNKNOWN
    first = given.made(pen.call("first", given.tree), replace(kind, absent=True))
    found.undo(rule, tree, given if is_list else first)


def _one_of_some(found: Reversing, body: NestedBody, given: Given, is_alone: bool) -> None:
    """Take in one item made by rules: on the way back it is known by its constant members."""
    fixed = {
        name: tree
        for name, rule in body.fields.items()
        if isinstance(rule.body, Formula) and is_fixed(tree := found.room.tree(rule.body))
    }
    if not fixed and not is_alone:
        raise NoWay("nothing tells the items of this list apart")
    first = next(iter(body.fields.values()))
    pen = Pen(first.key)
    chosen = pen.chosen(given.tree, [pen.same(pen.name(n), tree) for n, tree in fixed.items()])
    item = given.type.item if isinstance(given.type, List) else UNKNOWN
    kind = item if isinstance(item, Object) else Object()
    inside = Payload(replace(kind, absent=True), pen.call("first", chosen))
    found.take({name: rule for name, rule in body.fields.items() if name not in fixed}, inside)


def _each(
    found: Reversing, rule: FieldRule, part: ListPart, given: Given, *, name: str
) -> ManyItems:
    """Return the part that reads a list back item by item. Raises `NoWay`."""
    assert part.each is not None
    pen = Pen(part.each.node.span)
    place, asked, others = _gone_through(found.room.opened(found.room.tree(part.each)), found.room)
    kind = place.type.item if isinstance(place.type, List) else UNKNOWN
    if not isinstance(kind, Object):
        raise NoWay("the items of the list are no objects")
    inside = found.inside(kind, part.let)
    bound = _take_items(inside, rule, part, given)
    told = inside.found()
    fields = dict(inside.fields())
    conditions = [pen.same(each.given.tree, each.value) for each in inside.constants]
    for member, value in asked:
        if member in fields and isinstance(fields[member].body, Formula):
            conditions.append(pen.same(_tree_of(found, fields[member]), value))
        else:
            fields[member] = _constant(found, member, value, rule)
    meanings = {each.name: _tree_of(found, each) for each in fields.values()
                if isinstance(each.body, Formula)}  # fmt: skip
    conditions += [
        substituted(each, meanings) for each in others if _names(each) <= meanings.keys()
    ]
    if isinstance(given.tree, nodes.Numbered):
        conditions = [*_needed(told, pen), *conditions]
    _check_item(kind, fields)
    listed = ".".join(each for each in place.steps if isinstance(each, str))
    found.gaps += [
        Gap(g.rule, f"{name}.{g.name}", g.why, tuple(f"{listed}.{r}" for r in g.reads), g.doubles)
        for g in inside.gaps
    ]
    each = found.formula(pen.chosen(given.tree, conditions), rule)
    body = NestedBody(fields)
    return ManyItems(listed, ListPart(body, rule.origin, each=each, bound=bound))


def _take_items(
    inside: Reversing, rule: FieldRule, part: ListPart, given: Given
) -> Located[str] | None:
    """Take in the rules of an item; return the name of an item that is a plain value."""
    item = given.type.item if isinstance(given.type, List) else UNKNOWN
    if isinstance(part.body, NestedBody):
        inside.take(part.body.fields, Payload(item if isinstance(item, Object) else Object()))
        return None
    one = nodes.Name(span=rule.key, name=_ONE)
    tree = inside.room.opened(inside.room.tree(part.body))
    inside.undo(rule, tree, Given(one, item, one, item))
    return Located(_ONE, rule.key)


def _gone_through(
    tree: Expression, room: Room
) -> tuple[Place, list[tuple[str, nodes.Literal]], list[Expression]]:
    """Return the list that is gone through, what its items must be, and what else is asked."""
    given: list[tuple[str, nodes.Literal]] = []
    others: list[Expression] = []
    while isinstance(tree, nodes.Choose):
        fixed, more = equalities(tree.condition)
        given += fixed
        others += more
        tree = tree.of
    place = place_of(tree, room)
    if place is None or place.picks or place.is_many:
        raise NoWay("the list is made on the way out")
    return place, given, others


def _tree_of(found: Reversing, rule: FieldRule) -> Expression:
    assert isinstance(rule.body, Formula)
    return found.trees[id(rule.body.node)]


def _names(tree: Expression) -> set[str]:
    """Return the bare names of a condition; inside of `[ ]` they are others."""
    if isinstance(tree, nodes.Name):
        return {tree.name}
    inner = (tree.of,) if isinstance(tree, nodes.Choose | nodes.Compute) else nodes.children(tree)
    return {name for each in inner for name in _names(each)}


def _needed(told: Iterable[tuple[object, FieldRule]], pen: Pen) -> Iterator[Expression]:
    """Yield that the members are there which an item of the record cannot be without."""
    for each, _ in told:
        if not isinstance(each, Found) or each.place.type.absent:
            continue
        if each.given.source_type.can_be_empty:
            yield pen.present(each.given.source)


def _constant(found: Reversing, name: str, value: nodes.Literal, rule: FieldRule) -> FieldRule:
    return FieldRule(name, rule.key, found.formula(value, rule), rule.origin)


def _check_item(kind: Type, fields: Mapping[str, FieldRule]) -> None:
    """Raise `NoWay` when an item lacks a member that the record demands."""
    there = {name.partition(".")[0] for name in fields}
    known = kind.fields.items() if isinstance(kind, Object) else ()
    missing = [name for name, each in known if not each.absent and name not in there]
    if missing:
        listed = ", ".join(f"`{each}`" for each in missing)
        raise NoWay(f"an item there needs {listed} too")


def item_part(
    found: Reversing, item: Item, rule: FieldRule,
    members: Mapping[str, tuple[Found, FieldRule]], *, kind: Type,
) -> ListPart:  # fmt: skip
    """Return the part that makes one item of its members. Raises `NoWay`."""
    pen = Pen(rule.key)
    sources = [
        pen.present(each.given.source)
        for each, _ in members.values()
        if each.given.source_type.can_be_empty
    ]
    sure = any(not each.given.source_type.can_be_empty for each, _ in members.values())
    needed = list(_needed(members.values(), pen))
    when = pen.all_of(needed) if needed else None if sure else pen.any_of(sources)
    if "" in members:
        whole, made_by = members[""]
        body: NestedBody | Formula = found.formula(whole.given.tree, made_by)
    else:
        fields = {name: _constant(found, name, value, rule) for name, value in item.given}
        for name, (each, made_by) in members.items():
            fields[name] = found.value_rule(name, each, made_by)
        _check_item(kind, fields)
        body = NestedBody(fields)
    asked = None if when is None else found.formula(when, rule)
    return ListPart(body, rule.origin, when=asked)
