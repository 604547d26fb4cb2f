"""
Read field rules: an expression, a quoted text, a list of parts, or a block.

A block says what the value is (`value`, `fields`, `each`, `template`) and how it is sent
(`when`, `on_empty`, …). A block with `each` is a list of one part; its `when` belongs to
the whole field, since without it the field is left out and not merely empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal as Word
from typing import TypeVar

from mapping_engine.packs import problems
from mapping_engine.packs.model import (
    Body,
    FieldRule,
    Formula,
    ListBody,
    ListPart,
    NestedBody,
    TemplateBody,
)  # fmt: skip
from mapping_engine.packs.problems_of_reversal import one_way_unexplained
from mapping_engine.packs.reading import RESERVED, Reading, broken, entries, items, word
from mapping_engine.source.node import Entry, MappingNode, Node, ScalarNode, SequenceNode
from mapping_engine.source.text import Located, Span

__all__ = ["choice", "field_rule", "field_rules", "group_keys", "list_part", "order_keys"]

_ON_EMPTY: tuple[Word["omit", "null", "reject"], ...] = ("omit", "null", "reject")
_ON_ERROR: tuple[Word["reject", "omit"], ...] = ("reject", "omit")
_ONLY_ON: tuple[Word["create", "update"], ...] = ("create", "update")
_ONE_WAY: tuple[Word["out", "back"], ...] = ("out", "back")

#: Members of members are compared down to this depth.
_DEEPEST = 40

_VALUES = ("value", "fields", "each", "template")
_LIST_KEYS = ("as", "group_by", "order_by", "let")
C = TypeVar("C", bound=str)


def field_rules(
    node: Node | None, reading: Reading, *, helpers: bool = False
) -> Mapping[str, FieldRule]:
    """Return the rules below `fields` (or `let`) by name, in the order written."""
    rules: dict[str, FieldRule] = {}
    for entry in entries(node):
        if helpers and entry.key.text in RESERVED:
            reading.report.add(problems.reserved_name(entry.key.span, entry.key.text))
        rules[entry.key.text] = field_rule(entry, reading)
    return rules if helpers else _without_doubles(rules, reading)


def field_rule(entry: Entry, reading: Reading) -> FieldRule:
    """Return one rule; what cannot be understood has a broken body."""
    key, node = entry.key, entry.value
    if not isinstance(node, MappingNode):
        return FieldRule(key.text, key.span, _body(entry, reading), reading.origin(key.span))
    _check_block(node, key, reading)
    way = word(node.get("one_way"))
    if way is not None and node.get("because") is None:
        reading.report.add(one_way_unexplained(way.span, key.text, way.value))
    return FieldRule(
        name=key.text,
        key=key.span,
        body=_block_body(node, key.span, reading),
        origin=reading.origin(key.span, node),
        when=reading.optional(node, "when"),
        on_empty=choice(node, "on_empty", _ON_EMPTY),
        on_error=choice(node, "on_error", _ON_ERROR),
        only_on=choice(node, "only_on", _ONLY_ON),
        owner=word(node.get("owner")),
        one_way=choice(node, "one_way", _ONE_WAY),
        because=reading.sentence(node),
    )


def list_part(node: Node, reading: Reading, span: Span) -> ListPart:
    """Return one part of a list; `span` shows the list it belongs to."""
    if not isinstance(node, MappingNode):
        place = node.span if isinstance(node, ScalarNode) and node.text else span
        body = reading.expression(node, "a part of the list", place)
        return ListPart(body, reading.origin(place))
    first = node.entries[0].key.span if node.entries else span
    _check_part(node, first, reading)
    return _part(node, first, reading, when=reading.optional(node, "when"))


def choice(block: MappingNode, key: str, words: tuple[C, ...]) -> C | None:
    """Return which of some words stands under a key; None when none does."""
    node = block.get(key)
    # `on_empty: null` is a word here, not a value.
    found = node.text if isinstance(node, ScalarNode) else None
    return next((each for each in words if each == found), None)


def group_keys(block: MappingNode, reading: Reading) -> tuple[tuple[Located[str], Formula], ...]:
    """Return the keys by which items are grouped, in order."""
    keys = []
    for entry in entries(block.get("group_by")):
        name = entry.key.text
        if name in RESERVED:
            reading.report.add(problems.reserved_name(entry.key.span, name))
        formula = reading.expression(entry.value, f"`{name}`", entry.key.span)
        keys.append((Located(name, entry.key.span), formula))
    return tuple(keys)


def order_keys(block: MappingNode, reading: Reading) -> tuple[Formula, ...]:
    """Return the expressions by which items are sorted."""
    found = block.entry("order_by")
    span = found.key.span if found else block.span
    return tuple(
        reading.expression(each, "`order_by`", span) for each in items(block.get("order_by"))
    )


def _body(entry: Entry, reading: Reading) -> Body:
    node, span = entry.value, entry.key.span
    if isinstance(node, SequenceNode):
        parts = tuple(list_part(each, reading, span) for each in node.items)
        _check_part_names(parts, reading)
        return ListBody(parts)
    return reading.expression(node, f"`{entry.key.text}`", span)


def _block_body(node: MappingNode, span: Span, reading: Reading) -> Body:
    if node.entry("each"):
        return ListBody((_part(node, span, reading, when=None),))
    if node.entry("fields"):
        return NestedBody(field_rules(node.get("fields"), reading))
    template = node.get("template")
    if isinstance(template, ScalarNode):
        return TemplateBody(template)
    found = node.entry("value")
    return reading.expression(found.value, "`value`", found.key.span) if found else broken(span)


def _part(node: MappingNode, span: Span, reading: Reading, when: Formula | None) -> ListPart:
    body: NestedBody | Formula
    found = node.entry("value")
    if node.entry("fields"):
        body = NestedBody(field_rules(node.get("fields"), reading))
    else:
        key = found.key.span if found else span
        body = reading.expression(found.value if found else None, "`value`", key)
    name = word(node.get("name"))
    return ListPart(
        body=body,
        origin=reading.origin(span, node),
        name=name.value if name else None,
        when=when,
        each=reading.optional(node, "each"),
        bound=word(node.get("as")),
        group_by=group_keys(node, reading),
        order_by=order_keys(node, reading),
        let=field_rules(node.get("let"), reading, helpers=True),
    )


def _check_block(node: MappingNode, key: ScalarNode, reading: Reading) -> None:
    """Report a block that says nothing, or too much, about its value."""
    known = [each for each in node if each.key.text in _VALUES]
    foreign = any(each.key.text not in _ALL_KEYS for each in node)
    if reading.cuts.covers(node):
        return
    if not known and not foreign:
        reading.report.add(problems.no_value(key.span, f"`{key.text}`", _VALUES))
    _check_values(node, reading)
    if not node.entry("each"):
        for name in _LIST_KEYS:
            found = node.entry(name)
            if found:
                reading.report.add(problems.needs_each(found.key.span, name))
        found = node.entry("name")
        if found:
            reading.report.add(problems.name_outside_list(found.key.span))
    elif not node.entry("fields") and not node.entry("value") and not node.entry("template"):
        reading.report.add(
            problems.no_value(key.span, f"an item of `{key.text}`", ("fields", "value"))
        )


def _check_part(node: MappingNode, span: Span, reading: Reading) -> None:
    """Report a part of a list that says nothing, or too much, about its items."""
    if reading.cuts.covers(node):
        return
    foreign = any(each.key.text not in _ALL_KEYS for each in node)
    if not node.entry("fields") and not node.entry("value") and not foreign:
        reading.report.add(problems.no_value(span, "an item of this list", ("fields", "value")))
    _check_values(node, reading)
    for name in ("as", "group_by", "order_by"):
        found = node.entry(name)
        if found and not node.entry("each"):
            reading.report.add(problems.needs_each(found.key.span, name))


_ALL_KEYS = frozenset(
    (*_VALUES, *_LIST_KEYS, "when", "on_empty", "on_error", "only_on", "owner", "one_way",
     "because", "name", "remove", "add", "fingerprint")
)  # fmt: skip


def _check_values(node: MappingNode, reading: Reading) -> None:
    """Report a second value in one block."""
    given = [each for each in node if each.key.text in ("value", "fields", "template")]
    for extra in given[1:]:
        first = given[0].key.text
        reading.report.add(problems.several_values(extra.key.span, first, extra.key.text))
    template = node.entry("template")
    if template and node.entry("each"):
        reading.report.add(problems.several_values(template.key.span, "each", "template"))


def _check_part_names(parts: tuple[ListPart, ...], reading: Reading) -> None:
    seen: dict[str, Span] = {}
    for part in parts:
        if part.name is None:
            continue
        if part.name in seen:
            doubled = problems.part_name_twice(part.origin.span, part.name)
            reading.report.add(doubled.with_label(seen[part.name], "the first"))
        seen.setdefault(part.name, part.origin.span)


def _without_doubles(rules: dict[str, FieldRule], reading: Reading) -> Mapping[str, FieldRule]:
    """Return the rules, each field given once; report one given as a whole and by its members."""
    leaves: dict[str, FieldRule] = {}
    for rule in list(rules.values()):
        for name, leaf in _leaves(rule.name, rule):
            other = leaves.setdefault(name, leaf)
            if other is not leaf:
                doubled = problems.field_twice(leaf.key, name, name)
                reading.report.add(doubled.with_label(other.key, "the first"))
                rules.pop(name, None)
    for name, leaf in leaves.items():
        whole = _whole(name, leaves)
        if whole is not None:
            doubled = problems.field_twice(leaf.key, name, whole)
            reading.report.add(doubled.with_label(leaves[whole].key, "the whole"))
            rules.pop(name, None)
    return rules


def _whole(name: str, leaves: Mapping[str, FieldRule]) -> str | None:
    """Return the field that holds the member `name` and is given as a whole, if there is one."""
    steps = name.split(".", _DEEPEST)[:_DEEPEST]
    above = (".".join(steps[:length]) for length in range(1, len(steps) + 1))
    return next((each for each in above if each in leaves and each != name), None)


def _leaves(name: str, rule: FieldRule) -> list[tuple[str, FieldRule]]:
    """Return the fields that a rule sets, by their whole dotted names."""
    if not isinstance(rule.body, NestedBody):
        return [(name, rule)]
    return [
        leaf
        for member in rule.body.fields.values()
        for leaf in _leaves(f"{name}.{member.name}", member)
    ]
