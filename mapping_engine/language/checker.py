"""
Check an expression against the types of what it reads.

Input is a parsed expression and a scope; output is the same expression with names
resolved, functions bound and a type on every node. Mistakes go to the report and the walk
continues with the type `UNKNOWN`, which fits everywhere, so that one wrong name does not
become five messages. What is known before a record is there is computed here, so that a
switched-off part makes no demands.

Nothing here knows YAML, packs or targets. Whether a value may reach a target field is
asked where fields are known, in `fitting`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from mapping_engine.functions.catalogue import NOT_CONSTANT
from mapping_engine.language import calls, nodes, operators
from mapping_engine.language.constants import constant_type, unknown
from mapping_engine.language.folding import fold
from mapping_engine.language.problems_of_types import (
    not_a_condition,
    unknown_field,
    word_in_quotes,
    wrong_type,
)
from mapping_engine.language.scope import ROOTS, Binding, Scope
from mapping_engine.language.typed import (
    Compare,
    Constant,
    Filter,
    ForEach,
    Gather,
    Get,
    MakeList,
    MakeText,
    Typed,
    Variable,
)
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.suggest import nearest
from mapping_engine.source.text import Located, Span
from mapping_engine.values import types
from mapping_engine.values.types import UNKNOWN, List, Number, Object, Text, Type
from mapping_engine.values.words import phrase

__all__ = ["Checker", "check", "counts_anyway", "for_each"]

#: What cannot be read, and what does not exist: fields, functions, arguments, in templates too.
_WRONG_ANYWAY = ("M3", "M402", "M405", "M406", "M416", "M43")


def counts_anyway(found: Diagnostic) -> bool:
    """Whether something is wrong even in a part that the settings switch off."""
    return found.code.number.startswith(_WRONG_ANYWAY)


def check(tree: nodes.Expression, scope: Scope, report: Report) -> Typed:
    """Return the checked tree; what is wrong goes to the report."""
    return Checker(report).check(tree, scope)


class Checker:
    """One walk over expressions; remembers only the report it writes to."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def check(self, node: nodes.Expression, scope: Scope) -> Typed:
        """Return the checked form of `node` as it reads in `scope`."""
        return fold(self._checked(node, scope), self.report)

    def pass_over(self, node: nodes.Expression, scope: Scope) -> None:
        """Report what does not exist in a part that never counts; it makes no other demands."""
        outer, self.report = self.report, Report()
        self.check(node, scope)
        found, self.report = self.report, outer
        outer.extend(each for each in found if counts_anyway(each))

    def _checked(self, node: nodes.Expression, scope: Scope) -> Typed:
        computed = _OPERATORS.get(type(node))
        if computed is not None:
            return computed(node, scope, self)
        return _OTHERS[type(node)](self, node, scope)

    def _literal(self, node: nodes.Literal, scope: Scope) -> Typed:
        return Constant(value=node.value, span=node.span, type=constant_type(node.value))

    def _name(self, node: nodes.Name, scope: Scope) -> Typed:
        return self.name(node.name, node.span, scope)

    def _unreadable(self, node: nodes.Unreadable, scope: Scope) -> Typed:
        return unknown(node.span)

    def name(self, name: str, span: Span, scope: Scope) -> Typed:
        """Return what a bare name reads: a root, a field, or a helper."""
        if name in ROOTS and name in scope.names:
            return self._variable(name, scope.names[name], span, scope)
        if scope.reading and name in scope.fields:
            owner = self._variable(scope.words, scope.reading, span, scope)
            return self.get(owner, Located(name, span), scope)
        if name in scope.names:
            return self._variable(name, scope.names[name], span, scope)
        if scope.reading is None or isinstance(scope.reading.type, types.Unknown):
            if scope.reading is None:
                self.report.add(unknown_field(span, "expression", name, scope.names))
            return unknown(span)
        if isinstance(scope.reading.type, Object) and scope.reading.type.others is not None:
            owner = self._variable(scope.words, scope.reading, span, scope)
            return self.get(owner, Located(name, span), scope)
        known = [*scope.fields, *scope.names, *scope.helpers]
        near = nearest(name, known)
        hint = _outer(name, scope) or (None if near else word_in_quotes(name))
        found = unknown_field(span, scope.words, name, known, hint)
        made = scope.helpers.get(nearest(name, scope.helpers) or "")
        if made is not None:
            found = found.with_label(made, "the helper is made here")
        self.report.add(found)
        return unknown(span)

    def _variable(self, name: str, binding: Binding, span: Span, scope: Scope) -> Typed:
        if binding.constant is not NOT_CONSTANT:
            return Constant(value=binding.constant, span=span, type=binding.type, origin=name)
        known = scope.facts.get(binding.key, binding.type)
        return Variable(key=binding.key, name=name, span=span, type=known)

    def _member(self, node: nodes.Member, scope: Scope) -> Typed:
        of = self.check(node.of, scope)
        if isinstance(of.type, List):
            item = Binding(scope.keys.new("item"), of.type.item)
            inside = replace(scope, reading=item)
            owner = self._variable("item", item, node.name_span, inside)
            body = self.get(owner, Located(node.name, node.name_span), inside)
            return for_each(of, item.key, body, node.span)
        return self.get(of, Located(node.name, node.name_span), scope, node.span)

    def get(self, of: Typed, named: Located[str], scope: Scope, span: Span | None = None) -> Typed:
        """Return the member of that name of an object, or report why there is none."""
        name, name_span = named.value, named.span
        kind, place = of.type, span or name_span
        if isinstance(kind, types.Unknown):
            return Get(of=of, name=name, span=place, type=UNKNOWN)
        if not isinstance(kind, Object):
            hint = f"leave `.{name}` away, or use a function"
            self.report.add(wrong_type(name_span, f"`.{name}`", "an object", phrase(kind), hint))
            return unknown(place)
        member = kind.fields.get(name, kind.others)
        if member is None:
            self.report.add(unknown_field(name_span, kind.name, name, kind.fields))
            return unknown(place)
        if isinstance(of, Constant) and isinstance(of.value, dict):
            return _member_of_constant(of, name, member, place)
        # A field of something that may be missing may itself be missing, whatever its schema
        # says: the schema describes the thing when it is there.
        got = Get(of=of, name=name, span=place, type=member.like(of.type))
        known = scope.known(got)
        return got if known is got.type else replace(got, type=known)

    def _numbered(self, node: nodes.Numbered, scope: Scope) -> Typed:
        slots: dict[int, dict[str, str]] = {}
        for name in scope.fields:
            rest = name.removeprefix(node.name)
            digits = "".join(c for i, c in enumerate(rest) if rest[: i + 1].isdigit())
            if rest != name and digits and len(rest) > len(digits):
                slots.setdefault(int(digits), {})[rest[len(digits) :]] = name
        if scope.reading is None or not slots:
            numbered = [f"{name}" for name in scope.fields]
            hint = "`phone#` stands for `phone1Label`, `phone2Label`, …"
            self.report.add(unknown_field(node.span, scope.words, f"{node.name}#", numbered, hint))
            return unknown(node.span)
        members: dict[str, Type] = {}
        for slot in slots.values():
            for rest, name in slot.items():
                merged = types.union(members.get(rest, scope.fields[name]), scope.fields[name])
                members[rest] = replace(merged or UNKNOWN, absent=True)
        item = Object(name=f"{node.name}#", fields=members)
        of = self._variable(scope.words, scope.reading, node.span, scope)
        ordered = tuple((number, tuple(slots[number].items())) for number in sorted(slots))
        kind = List(item=item, max_items=len(slots)).like(of.type)
        return Gather(of=of, prefix=node.name, slots=ordered, span=node.span, type=kind)

    def _list_inside(
        self, node: nodes.Expression, scope: Scope, what: str
    ) -> tuple[Typed, List] | None:
        of = self.check(node, scope)
        if isinstance(of.type, List):
            return of, of.type
        if not isinstance(of.type, types.Unknown):
            self.report.add(wrong_type(of.span, what, "a list", phrase(of.type)))
        return None

    def _compute(self, node: nodes.Compute, scope: Scope) -> Typed:
        found = self._list_inside(node.of, scope, "`.( )`")
        if found is None:
            return unknown(node.span)
        inside, key = scope.entering(found[1])
        return for_each(found[0], key, self.check(node.each, inside), node.span)

    def _choose(self, node: nodes.Choose, scope: Scope) -> Typed:
        found = self._list_inside(node.of, scope, "`[ ]`")
        if found is None:
            return unknown(node.span)
        of, items = found
        inside, key = scope.entering(items)
        condition = self.condition(node.condition, inside)
        known = inside.knowing(operators.learned(condition, True, inside))
        item = known.known(Variable(key=key, name="item", span=of.span, type=items.item))
        kind = replace(items, item=_narrowed(item, key, known), min_items=0)
        return Filter(of=of, key=key, condition=condition, span=node.span, type=kind)

    def _list(self, node: nodes.ListOf, scope: Scope) -> Typed:
        items = tuple(self.check(each, scope) for each in node.items)
        kind: Type = types.ABSENT
        for each in items:
            kind = operators.merge(kind, each, self)
        sure = sum(1 for each in items if _is_sure(each.type))
        most = 0 if isinstance(kind, types.Nothing) else len(items)
        listed = List(item=kind.there(), min_items=sure, max_items=most, private=kind.private)
        return MakeList(items=items, span=node.span, type=listed)

    def _text(self, node: nodes.TextParts, scope: Scope) -> Typed:
        parts = tuple(
            part if isinstance(part, str) else self._hole(part, scope) for part in node.parts
        )
        holes = [part.type for part in parts if not isinstance(part, str)]
        lengths = [len(p) if isinstance(p, str) else _text_length(p.type) for p in parts]
        known = [each for each in lengths if each is not None]
        kind = Text(
            blank=False,
            min_length=1,
            max_length=sum(known) if len(known) == len(lengths) else None,
            absent=any(hole.absent or hole.there().can_be_empty for hole in holes),
            null=any(hole.null for hole in holes),
            private=any(hole.private for hole in holes),
        )
        return MakeText(parts=parts, span=node.span, type=kind)

    def _hole(self, node: nodes.Expression, scope: Scope) -> Typed:
        hole = self.check(node, scope)
        if isinstance(hole.type, List | Object):
            hint = 'join a list with `join(…, ", ")`' if isinstance(hole.type, List) else None
            given = phrase(hole.type)
            self.report.add(wrong_type(hole.span, "a text", "one value in `{ }`", given, hint))
            return unknown(hole.span)
        return hole

    def condition(self, node: nodes.Expression, scope: Scope) -> Typed:
        """Return a checked condition: always yes or no."""
        checked = self.check(node, scope)
        kind = checked.type
        if isinstance(kind, types.Unknown):
            return checked
        if not isinstance(kind, types.Boolean):
            hint = operators.condition_hint(checked)
            found = not_a_condition(checked.span, phrase(kind), hint)
            self.report.add(_with_maker(found, checked, scope))
            return unknown(checked.span)
        if kind.can_be_nothing:
            self.report.add(_with_maker(operators.empty_condition(checked), checked, scope))
        return checked


#: What checks an operator or a call.
_OPERATORS: Mapping[type[nodes.Expression], Callable[[Any, Scope, Checker], Typed]] = {
    nodes.Negative: operators.negative,
    nodes.Arithmetic: operators.arithmetic,
    nodes.Comparison: operators.comparison,
    nodes.Membership: operators.membership,
    nodes.Emptiness: operators.emptiness,
    nodes.Not: operators.opposite,
    nodes.Logic: operators.logic,
    nodes.Fallback: operators.fallback,
    nodes.Conditional: operators.conditional,
    nodes.Call: calls.check_call,
}
#: What checks a node of each other kind.
_OTHERS: Mapping[type[nodes.Expression], Callable[[Checker, Any, Scope], Typed]] = {
    nodes.Literal: Checker._literal,
    nodes.TextParts: Checker._text,
    nodes.Name: Checker._name,
    nodes.Numbered: Checker._numbered,
    nodes.Member: Checker._member,
    nodes.Compute: Checker._compute,
    nodes.Choose: Checker._choose,
    nodes.ListOf: Checker._list,
    nodes.Unreadable: Checker._unreadable,
}


def _with_maker(found: Diagnostic, condition: Typed, scope: Scope) -> Diagnostic:
    """Return what is said of a condition with the place of the helper that makes it so."""
    pair = (condition.left, condition.right) if isinstance(condition, Compare) else ()
    for each in (condition, *(side for side in pair if side.type.can_be_nothing)):
        made = scope.definitions.get(each.key) if isinstance(each, Variable) else None
        if made is not None and isinstance(each, Variable):
            return found.with_label(made.span, f"`{each.name}` is made here")
    return found


def for_each(of: Typed, key: str, body: Typed, span: Span) -> Typed:
    """Return `body` for each item; lists of lists are joined, nothings left out."""
    joins = isinstance(body.type, List)
    item = body.type.item if isinstance(body.type, List) else body.type.there()
    source = of.type if isinstance(of.type, List) else List()
    sure = source.min_items if _is_sure(body.type) and not joins else 0
    most = None if joins else source.max_items
    kind = List(item=item, min_items=sure, max_items=most).like(of.type)
    if body.type.private:
        kind = replace(kind, private=True)
    return ForEach(of=of, key=key, body=body, joins=joins, span=span, type=kind)


def _is_open(kind: Type) -> bool:
    """Whether the value alone does not tell its type: that of an object, or of a list of them."""
    return isinstance(kind.item if isinstance(kind, List) else kind, types.Unknown | types.Nothing)


def _is_sure(kind: Type) -> bool:
    """Whether a value is certainly there; of what nothing is known, that is not known either."""
    return not kind.can_be_nothing and not isinstance(kind, types.Unknown)


def _member_of_constant(of: Constant, name: str, member: Type, span: Span) -> Typed:
    values = of.value if isinstance(of.value, dict) else {}
    if name in values:
        kind = constant_type(values[name])
        unit = member.unit if isinstance(member, Number) else None
        kind = replace(kind, unit=unit) if isinstance(kind, Number) else kind
        known = member if _is_open(kind) else kind
        return Constant(value=values[name], span=span, type=known, origin=f"{of.origin}.{name}")
    root = Variable(key=of.origin or "", name=of.origin or "", span=of.span, type=of.type)
    return Get(of=root, name=name, span=span, type=member)


def _outer(name: str, scope: Scope) -> str | None:
    """Hint at the record's field when an item was read by mistake."""
    record = scope.names.get("record")
    if (
        record
        and record != scope.reading
        and isinstance(record.type, Object)
        and (name in record.type.fields)
    ):
        return f"inside a list, the record's field is `record.{name}`"
    return None


def _narrowed(item: Type, key: str, scope: Scope) -> Type:
    """Return the item type with what the condition tells of its direct fields."""
    if not isinstance(item, Object):
        return item
    known = {
        name: scope.facts[f"{key}.{name}"] for name in item.fields if f"{key}.{name}" in scope.facts
    }
    return replace(item, fields={**item.fields, **known}) if known else item


def _text_length(kind: Type) -> int | None:
    match kind:
        case Text(max_length=length):
            return length
        case types.Date():
            return 10
        case types.DateTime():
            return 32
        case types.Boolean():
            return 5
        case Number(scale=int(scale), maximum=Decimal() as high, minimum=Decimal() as low):
            return max(len(f"{high:f}"), len(f"{low:f}")) + scale + 1
        case _:
            return None
