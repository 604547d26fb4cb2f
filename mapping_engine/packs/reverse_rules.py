"""
Undo the rules of an object: each value goes back to the place it came from.

Several rules may tell of one thing. Outputs of one look-up are asked for together; members
of the same item make one item; all that goes into one list stands in the order of the rules.
What cannot be undone becomes a `Gap`, and the other rules go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from itertools import chain
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from mapping_engine.language.nodes import Expression
from mapping_engine.packs.model import (
    FieldRule,
    Formula,
    ListBody,
    ListPart,
    NestedBody,
    TemplateBody,
)
from mapping_engine.packs.reverse_calls import Given, NoWay
from mapping_engine.packs.reverse_lists import item_part, take_list
from mapping_engine.packs.reverse_nodes import Pen, formula_of
from mapping_engine.packs.reverse_parts import (
    Gap,
    ManyItems,
    Payload,
    Told,
    is_fixed,
    overlap,
    span_of,
)
from mapping_engine.packs.reverse_places import Item, Place, Room, read_by
from mapping_engine.packs.reverse_values import Asked, Found, Undoing
from mapping_engine.packs.tables import TypedTable
from mapping_engine.values.types import UNKNOWN, Object, Type

__all__ = ["Reversing"]

Entry: TypeAlias = tuple[Found | Asked | ManyItems, FieldRule]
Answer: TypeAlias = tuple[Found | ManyItems, FieldRule]


class _OneItem(Struct):
    """One item of a list of the record, put together from several fields of the payload."""

    place: Place
    item: Item
    rule: FieldRule
    members: dict[str, tuple[Found, FieldRule]] = field(default_factory=dict)


class Reversing(Struct):
    """Gathers what rules give back, and writes the rules of the way back."""

    room: Room
    tables: Mapping[str, TypedTable]
    trees: MutableMapping[int, Expression]
    entries: list[Entry] = field(default_factory=list)
    constants: list[Told] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    _told: list[Answer] | None = None

    def take(self, rules: Mapping[str, FieldRule], payload: Payload, above: str = "") -> None:
        """Take in the rules that fill an object of the payload."""
        for rule in rules.values():
            if rule.one_way == "out":
                continue
            name = above + rule.name
            try:
                self._take(rule, payload, name)
            except NoWay as no:
                self.gaps.append(Gap(rule, name, no.why, tuple(self._read(rule))))

    def _take(self, rule: FieldRule, payload: Payload, name: str) -> None:
        match rule.body:
            case Formula() as formula:
                self._formula(rule, formula, payload.given(name, Pen(formula.node.span)))
            case NestedBody(fields=fields):
                self.take(fields, payload, f"{name}.")
            case ListBody(parts=parts):
                take_list(self, rule, parts, payload, name=name)
            case TemplateBody():
                raise NoWay("a template does not tell what was filled in")

    def _formula(self, rule: FieldRule, formula: Formula, given: Given) -> None:
        tree = self.room.opened(self.room.tree(formula))
        if is_fixed(tree):
            if rule.when is None and rule.only_on is None:
                self.constants.append(Told(rule, given, tree))
            return
        self.undo(rule, tree, given)

    def undo(self, rule: FieldRule, tree: Expression, given: Given) -> None:
        """Take in what an expression was made of. Raises `NoWay`."""
        self.entries.extend((each, rule) for each in list(self._undoing(rule).values(tree, given)))

    def _undoing(self, rule: FieldRule) -> Undoing:
        return Undoing(self.room, self.tables, Pen(span_of(rule)))

    def _read(self, rule: FieldRule) -> Iterator[str]:
        for formula in _values(rule):
            yield from read_by(self.room.opened(self.room.tree(formula)), self.room)

    def found(self) -> Sequence[Answer]:
        """Return what comes back, in the order of the rules; look-ups answered as a whole."""
        if self._told is None:
            self._told = list(self._answers())
        return self._told

    def _answers(self) -> Iterator[Answer]:
        answered: list[tuple[str, tuple[Expression, ...]]] = []
        for entry, rule in self.entries:
            if not isinstance(entry, Asked):
                yield entry, rule
                continue
            key = entry.table.name, entry.arguments
            if key in answered:
                continue
            answered.append(key)
            alike = [(e, r) for e, r in self.entries if isinstance(e, Asked)
                     and (e.table.name, e.arguments) == key]  # fmt: skip
            try:
                told = list(self._undoing(rule).inputs([each for each, _ in alike]))
            except NoWay as no:
                self.gaps += [Gap(r, r.name, no.why, tuple(self._read(r))) for _, r in alike]
                continue
            yield from self._nested(told, rule)

    def _nested(self, told: Sequence[Found | Asked], rule: FieldRule) -> Iterator[Answer]:
        """Yield what a look-up tells, where its input was looked up too."""
        inner = Reversing(self.room, self.tables, self.trees, [(each, rule) for each in told])
        yield from inner.found()
        self.gaps += inner.gaps

    def fields(self) -> Mapping[str, FieldRule]:
        """Return the rules of the way back by the record's fields."""
        made: dict[str, FieldRule] = {}
        lists: dict[str, list[_OneItem | ListPart]] = {}
        rules: dict[str, FieldRule] = {}
        for entry, rule in self.found():
            if isinstance(entry, ManyItems):
                lists.setdefault(entry.list, []).append(entry.part)
                rules.setdefault(entry.list, rule)
            elif any(isinstance(each, Item) for each in entry.place.steps):
                self._into_item(entry, rule, lists, rules)
            else:
                self._into_field(entry, rule, made)
        for name, parts in lists.items():
            written = tuple(part for each in parts for part in self._part(each))
            if written and not self._is_double(name, rules[name], made):
                made[name] = self._rule(name, rules[name], ListBody(written))
        return made

    def _into_field(self, found: Found, rule: FieldRule, made: dict[str, FieldRule]) -> None:
        name = ".".join(each for each in found.place.steps if isinstance(each, str))
        if not self._is_double(name, rule, made):
            made[name] = self.value_rule(name, found, rule)

    def _is_double(self, name: str, rule: FieldRule, made: Mapping[str, FieldRule]) -> bool:
        other = next((each for each in made.values() if overlap(each.name, name)), None)
        if other is not None:
            why = f"`{name}` is read back from somewhere else already"
            self.gaps.append(Gap(rule, rule.name, why, (name,), other))
        return other is not None

    def _into_item(
        self, found: Found, rule: FieldRule,
        lists: dict[str, list[_OneItem | ListPart]], rules: dict[str, FieldRule],
    ) -> None:  # fmt: skip
        steps = found.place.steps
        at = next(place for place, each in enumerate(steps) if isinstance(each, Item))
        item = steps[at]
        assert isinstance(item, Item)
        name = ".".join(each for each in steps[:at] if isinstance(each, str))
        member = ".".join(each for each in steps[at + 1 :] if isinstance(each, str))
        parts = lists.setdefault(name, [])
        rules.setdefault(name, rule)
        known = [each for each in parts if isinstance(each, _OneItem) and each.item == item]
        if not known:
            known = [_OneItem(found.place, item, rule)]
            parts.append(known[0])
        known[0].members.setdefault(member, (found, rule))

    def _part(self, each: _OneItem | ListPart) -> Iterator[ListPart]:
        """Yield the part that makes one item; none where the item would lack something."""
        if isinstance(each, ListPart):
            yield each
            return
        try:
            yield item_part(self, each.item, each.rule, each.members, kind=self._item_type(each))
        except NoWay as no:
            for member, rule in each.members.values():
                reads = ".".join(s for s in member.place.steps if isinstance(s, str))
                self.gaps.append(Gap(rule, rule.name, no.why, (reads,)))

    def _item_type(self, each: _OneItem) -> Type:
        kind: Type = self.room.reads
        for step in each.place.steps:
            if isinstance(step, Item):
                return getattr(kind, "item", UNKNOWN)
            kind = kind.fields.get(step, UNKNOWN) if isinstance(kind, Object) else UNKNOWN
        return UNKNOWN

    def value_rule(self, name: str, found: Found, rule: FieldRule) -> FieldRule:
        """Return the rule that fills a field of the record, or a member of an item."""
        given, pen = found.given, Pen(span_of(rule))
        asked = list(given.conditions)
        if given.asks and given.source_type.can_be_empty and found.place.type.absent:
            asked.insert(0, pen.present(given.source))
        when = pen.all_of(asked)
        body = self.formula(given.tree, rule)
        made = self._rule(name, rule, body)
        return made if when is None else replace(made, when=self.formula(when, rule))

    def inside(self, kind: Object, helpers: Mapping[str, FieldRule]) -> Reversing:
        """Return what gathers the rules of an item of that kind."""
        room = Room(kind, helpers, self.room.tree, is_record=False)
        return Reversing(room, self.tables, self.trees)

    def formula(self, tree: Expression, rule: FieldRule) -> Formula:
        """Return a derived formula that points at the rule it undoes."""
        return formula_of(tree, span_of(rule), self.trees)

    def _rule(self, name: str, rule: FieldRule, body: Formula | ListBody) -> FieldRule:
        return FieldRule(name, rule.key, body, rule.origin, owner=rule.owner)


def _values(rule: FieldRule) -> Iterator[Formula]:
    """Yield the formulas that a rule's value is made of."""
    match rule.body:
        case Formula() as formula:
            yield formula
        case NestedBody(fields=fields):
            yield from chain.from_iterable(map(_values, fields.values()))
        case ListBody(parts=parts):
            yield from chain.from_iterable(map(_values_of_part, parts))
        case _:
            return


def _values_of_part(part: ListPart) -> Iterator[Formula]:
    if part.each is not None:
        yield part.each
    elif isinstance(part.body, Formula):
        yield part.body
    else:
        yield from chain.from_iterable(map(_values, part.body.fields.values()))
