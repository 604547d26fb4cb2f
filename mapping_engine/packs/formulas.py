"""
Walk through a pack: every rule and every formula of a mapping file, with where its names live.

Two formulas in the same room read the same names: the record's own, or the item of one list.
Nothing is parsed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal as Word
from typing import TypeAlias

from msgspec import Struct

from mapping_engine.packs.model import (
    Body,
    Decision,
    FieldRule,
    Formula,
    ListBody,
    ListPart,
    NestedBody,
    PayloadRule,
    RecordMapping,
    TemplateBody,
    Total,
)

__all__ = [
    "Written", "formulas_in", "helpers_of", "rules_of", "templates_of", "written", "written_in",
]  # fmt: skip

Job: TypeAlias = Word["value", "condition", "sentence"]


class Written(Struct, frozen=True):
    """A formula, what it is there for, and the room whose names it reads (0: the record)."""

    formula: Formula
    job: Job = "value"
    room: int = 0


def written(mapping: RecordMapping) -> Iterator[Written]:
    """Yield every formula of a mapping file."""
    yield from _decisions((*mapping.skip, *mapping.reject, *mapping.warn), 0)
    yield from _rules(mapping.let, 0)
    for payload in mapping.payloads:
        yield from _part(payload, 0)
        yield from _rules(payload.write_back, id(payload.write_back))
    for total in mapping.totals.values():
        yield from _total(total)
    yield from _rules(mapping.duplicates, 0)
    back = mapping.back
    if back is not None:
        yield from _decisions((*back.skip, *back.reject, *back.warn), id(back))
        yield from _rules(back.let, id(back))
        yield from _rules(back.fields, id(back))


def formulas_in(body: Body) -> Iterator[Formula]:
    """Yield the formulas that a rule's body computes with."""
    return (each.formula for each in _body(body, 0) if each.job != "sentence")


def written_in(rules: Mapping[str, FieldRule]) -> Iterator[Written]:
    """Yield every formula of some rules."""
    yield from _rules(rules, 0)


def rules_of(mapping: RecordMapping) -> Iterator[FieldRule]:
    """Yield every rule of a mapping file, also those inside objects and lists."""
    for rules in _blocks(mapping):
        waiting = list(rules.values())
        while waiting:
            rule = waiting.pop()
            yield rule
            waiting += _inside(rule.body)


def helpers_of(mapping: RecordMapping) -> Iterator[FieldRule]:
    """Yield every helper of a mapping file, also those of payloads and of parts of lists."""
    yield from mapping.let.values()
    yield from (mapping.back.let if mapping.back else {}).values()
    for payload in mapping.payloads:
        yield from payload.let.values()
    for rule in rules_of(mapping):
        if isinstance(rule.body, ListBody):
            for part in rule.body.parts:
                yield from part.let.values()


def templates_of(mapping: RecordMapping) -> Iterator[TemplateBody]:
    """Yield every template of a mapping file."""
    yield from (each.body for each in rules_of(mapping) if isinstance(each.body, TemplateBody))


def _blocks(mapping: RecordMapping) -> Iterator[Mapping[str, FieldRule]]:
    yield mapping.let
    for payload in mapping.payloads:
        yield from (payload.let, payload.fields, payload.write_back)
    if mapping.back is not None:
        yield from (mapping.back.let, mapping.back.fields)


def _inside(body: Body) -> Iterator[FieldRule]:
    """Yield the rules directly inside a body."""
    if isinstance(body, NestedBody):
        yield from body.fields.values()
    if isinstance(body, ListBody):
        for part in body.parts:
            yield from part.let.values()
            if isinstance(part.body, NestedBody):
                yield from part.body.fields.values()


def _decisions(rules: Iterable[Decision], room: int) -> Iterator[Written]:
    for rule in rules:
        yield Written(rule.when, "condition", room)
        if rule.because is not None:
            yield Written(rule.because, "sentence", room)


def _rules(rules: Mapping[str, FieldRule], room: int) -> Iterator[Written]:
    for rule in rules.values():
        if rule.when is not None:
            yield Written(rule.when, "condition", room)
        if rule.because is not None:
            yield Written(rule.because, "sentence", room)
        yield from _body(rule.body, room)


def _body(body: Body, room: int) -> Iterator[Written]:
    match body:
        case Formula():
            yield Written(body, "value", room)
        case NestedBody(fields=fields):
            yield from _rules(fields, room)
        case ListBody(parts=parts):
            for part in parts:
                yield from _part(part, room)
        case TemplateBody():
            return


def _part(part: ListPart | PayloadRule, room: int) -> Iterator[Written]:
    if part.when is not None:
        yield Written(part.when, "condition", room)
    if part.each is not None:
        yield Written(part.each, "value", room)
        room = id(part)
    for formula in (*part.order_by, *(key for _, key in part.group_by)):
        yield Written(formula, "value", room)
    if part.group_by:
        room = id(part.group_by)
    yield from _rules(part.let, room)
    yield from (
        _rules(part.fields, room) if isinstance(part, PayloadRule) else _body(part.body, room)
    )


def _total(total: Total) -> Iterator[Written]:
    if total.when is not None:
        yield Written(total.when, "condition")
    declared = ((side, 0) for side in total.declared.values())
    for side, outer in ((total.record, 0), (total.payload, id(total.payload)), *declared):
        room = outer
        if side.each is not None:
            yield Written(side.each, "value", room)
            room = id(side)
        yield Written(side.formula, "value", room)
        if side.by is not None:
            yield Written(side.by, "value", room)
