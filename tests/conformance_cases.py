"""
Read what the language means from `conformance/*.yaml`, and make each case ready to be run.

The words of `types:` are those of `conformance/README.md`; nothing else gives a field a type
but the example in `given:`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from mapping_engine.functions import CATALOGUE
from mapping_engine.language.checker import check
from mapping_engine.language.parser import parse_source
from mapping_engine.language.scope import Binding, Scope
from mapping_engine.language.typed import Typed
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.node import MappingNode, Node, ScalarNode, SequenceNode
from mapping_engine.source.text import SourceText
from mapping_engine.values.infer import infer
from mapping_engine.values.moment import parse_date, parse_datetime
from mapping_engine.values.types import (
    ABSENT,
    BOOLEAN,
    DATE,
    DATETIME,
    NULL,
    TEXT,
    UNKNOWN,
    Date,
    DateTime,
    List,
    Number,
    Object,
    Text,
    Type,
)
from mapping_engine.values.value import Value

__all__ = ["Case", "Checked", "Group", "all_cases", "checked", "expected_value"]

FOLDER = Path(__file__).parent / "conformance"
OUTCOMES = ("result", "absent", "null", "error", "refused")
KEYS = {"about", "given", "types", "settings", "firm", "helpers", "cases"}


@dataclass(frozen=True)
class Group:
    """What several cases have in common: a record, the types of its fields, and settings."""

    file: str
    about: str
    record: dict[str, Value]
    type: Object
    constants: Mapping[str, tuple[Value, Type]] = field(default_factory=dict)
    helpers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One expression and what becomes of it."""

    group: Group
    expression: str
    outcome: str
    expected: Node
    type: str | None

    @property
    def id(self) -> str:
        return f"{self.group.file}: {self.group.about}: {' '.join(self.expression.split())}"

    @property
    def codes(self) -> list[str]:
        assert isinstance(self.expected, ScalarNode)
        return self.expected.text.replace(",", " ").split()


@dataclass(frozen=True)
class Checked:
    """An expression that checks, with the helpers it may read, by key."""

    node: Typed
    helpers: Mapping[str, Typed]


def all_cases() -> Iterator[Case]:
    """Yield the cases of all files, in order."""
    for path in sorted(FOLDER.glob("*.yaml")):
        report = Report()
        root = read(SourceText(path.name, path.read_text(encoding="utf-8")), report).root
        assert not len(report), [f"{each.span}: {each.message}" for each in report]
        assert isinstance(root, SequenceNode)
        for node in root.items:
            assert isinstance(node, MappingNode)
            yield from _cases(path.stem, node)


def _cases(file: str, node: MappingNode) -> Iterator[Case]:
    keys = {each.key.text for each in node}
    assert keys <= KEYS, f"{file}: {sorted(keys - KEYS)} is not a key of a conformance case"
    group = _group(file, node)
    cases = node.get("cases")
    assert isinstance(cases, SequenceNode)
    for each in cases.items:
        assert isinstance(each, MappingNode)
        given = {entry.key.text: entry.value for entry in each}
        (outcome,) = given.keys() & OUTCOMES
        assert given.keys() <= {*OUTCOMES, "expression", "type"}, f"{file}: {sorted(given)}"
        type = _text(given["type"]) if "type" in given else None
        yield Case(group, _text(given["expression"]), outcome, given[outcome], type)


def _group(file: str, node: MappingNode) -> Group:
    given = _value(node.get("given")) or {}
    assert isinstance(given, dict)
    declared = {each.key.text: _text(each.value) for each in _mapping(node.get("types"))}
    constants = {
        name: _value(node.get(name)) for name in ("settings", "firm") if node.get(name) is not None
    }
    whole: Type = infer({**given, **constants}, "record")
    for path, words in declared.items():
        whole = _declared(whole, path.split("."), type_of_words(words), path)
    assert isinstance(whole, Object)
    fields = {name: each for name, each in whole.fields.items() if name not in constants}
    type = replace(whole, fields=fields)
    record = _typed(given, type)
    assert isinstance(record, dict)
    return Group(
        file=file,
        about=_text(node.get("about")),
        record=record,
        type=type,
        constants={
            name: (_typed(value, whole.fields[name]), whole.fields[name])
            for name, value in constants.items()
        },
        helpers={each.key.text: _text(each.value) for each in _mapping(node.get("helpers"))},
    )


def _mapping(node: Node | None) -> MappingNode | tuple[()]:
    assert node is None or isinstance(node, MappingNode)
    return node or ()


def _text(node: Node | None) -> str:
    assert isinstance(node, ScalarNode)
    return node.text


def _value(node: Node | None) -> Value:
    """Return the value of a YAML node: numbers exact, dates still texts."""
    match node:
        case ScalarNode(value=value):
            return value
        case SequenceNode(items=items):
            return [_value(each) for each in items]
        case MappingNode(entries=entries):
            return {each.key.text: _value(each.value) for each in entries}
        case _:
            return None


def _declared(type: Type, path: list[str], declared: Type, whole: str) -> Type:
    """Return a type in which the member at `path` is as declared."""
    if not path:
        return _with_members(type, declared)
    if isinstance(type, List):
        return replace(type, item=_declared(type.item, path, declared, whole))
    of = type if isinstance(type, Object) else Object(name=whole.rpartition(".")[0] or "record")
    known = of.fields.get(path[0], ABSENT)
    member = _declared(known, path[1:], declared, whole)
    member = replace(member, name=path[0]) if isinstance(member, Object) else member
    return replace(of, fields={**of.fields, path[0]: member})


def _with_members(found: Type, declared: Type) -> Type:
    """Return the declared type; what an object or a list consists of is known from the example."""
    if isinstance(found, Object) and isinstance(declared, Object):
        return replace(declared, fields=found.fields, name=found.name)
    if isinstance(found, List) and isinstance(declared, List) and declared.item == UNKNOWN:
        return replace(declared, item=found.item)
    return declared


def _typed(value: Value, type: Type) -> Value:
    """Return a value of the example as its type says: a date where a date is declared."""
    match type, value:
        case Date(), str():
            return parse_date(value)
        case DateTime(), str():
            return parse_datetime(value)
        case List(), list():
            return [_typed(each, type.item) for each in value]
        case Object(), dict():
            return {name: _typed(each, type.fields[name]) for name, each in value.items()}
        case _:
            return value


_KINDS: Mapping[str, Type] = {
    "text": TEXT, "number": Number(), "whole number": Number(scale=0), "yes or no": BOOLEAN,
    "date": DATE, "datetime": DATETIME, "object": Object(), "list": List(), "null": NULL,
}  # fmt: skip
_DECIMALS = re.compile(r"number with (\d+) decimals?").fullmatch
_DETAIL = re.compile(
    r"(?P<may>may be (?:absent|null))|(?P<private>private)|(?P<blank>never blank)|"
    r"at (?P<end>least|most) (?P<count>\d+) (?P<what>characters?|items?)|"
    r"(?P<bound>at least|at most|above|below) (?P<limit>-?[0-9.]+)|like (?P<pattern>.+)"
).fullmatch


def type_of_words(words: str) -> Type:
    """Return the type that words such as `number in hours, may be absent` declare."""
    first, *rest = words.split(", ")
    details = [each for each in rest if _DETAIL(each)]
    if first.startswith("list of "):
        inside = [each for each in details if "items" not in each and "may be" not in each]
        outside = [each for each in details if each not in inside]
        choices = [each for each in rest if each not in details]
        item = type_of_words(", ".join([first.removeprefix("list of "), *choices, *inside]))
        return _detailed(List(item=item), outside)
    return _detailed(_kind(first, [each for each in rest if each not in details]), details)


def _kind(first: str, more: list[str]) -> Type:
    if first.startswith("one of "):
        choices = tuple(
            "" if each == "nothing" else each for each in (first.removeprefix("one of "), *more)
        )
        return Text(choices=choices, blank="" in choices)
    assert not more, f"`{more[0]}` is not a word of types"
    kind, _, unit = first.partition(" in ")
    decimals = _DECIMALS(kind)
    type = Number(scale=int(decimals[1])) if decimals else _KINDS[kind]
    return replace(type, unit=unit) if unit and isinstance(type, Number) else type


def _detailed(type: Type, details: list[str]) -> Type:
    for each in details:
        found = _DETAIL(each)
        assert found is not None
        type = _with_detail(type, {name: word for name, word in found.groupdict().items() if word})
    return type


def _with_detail(type: Type, found: dict[str, str]) -> Type:
    match type, found:
        case _, {"may": word}:
            name = word.removeprefix("may be ")
            return replace(type, absent=type.absent or name == "absent",
                           null=type.null or name == "null")  # fmt: skip
        case _, {"private": _}:
            return replace(type, private=True)
        case Text(), {"blank": _}:
            return replace(type, blank=False, min_length=max(1, type.min_length))
        case Text(), {"pattern": pattern}:
            return replace(type, pattern=pattern)
        case Text(), {"end": "least", "count": count}:
            return replace(type, min_length=int(count))
        case Text(), {"end": "most", "count": count}:
            return replace(type, max_length=int(count))
        case List(), {"end": "least", "count": count}:
            return replace(type, min_items=int(count))
        case List(), {"end": "most", "count": count}:
            return replace(type, max_items=int(count))
        case Number(), {"bound": "at least" | "above" as bound, "limit": limit}:
            return replace(type, minimum=Decimal(limit), above=bound == "above")
        case Number(), {"bound": bound, "limit": limit}:
            return replace(type, maximum=Decimal(limit), below=bound == "below")
        case _:
            raise AssertionError(f"{found} says nothing about {type}")


def expected_value(node: Node) -> Value:
    """Return the value a case expects: quotes make a text, what looks like a date is one."""
    match node:
        case SequenceNode(items=items):
            return [expected_value(each) for each in items]
        case MappingNode(entries=entries):
            return {each.key.text: expected_value(each.value) for each in entries}
        case ScalarNode() if node.is_quoted or not isinstance(node.value, str):
            return node.value
        case _:
            return _moment(_text(node))


def _moment(text: str) -> date | datetime:
    return parse_date(text) if len(text) == 10 else parse_datetime(text)


def checked(case: Case, report: Report, *, known: bool = False) -> Checked:
    """Return the checked expression of a case; with `known` the record is known beforehand."""
    group = case.group
    record = Binding("record", group.type, group.record) if known else Binding("record", group.type)
    names = {"record": record}
    for name, (value, type) in group.constants.items():
        names[name] = Binding(name, type, value)
    scope = Scope(record, names, CATALOGUE.functions)
    helpers: dict[str, Typed] = {}
    for name, definition in group.helpers.items():
        tree = parse_source(SourceText(name, definition), report)
        node = check(tree, scope, report)
        key = scope.keys.new("let")
        helpers[key] = node
        scope = scope.naming(name, Binding(key, node.type, definition=node))
    tree = parse_source(SourceText("expression", case.expression), report)
    return Checked(check(tree, scope, report), helpers)
