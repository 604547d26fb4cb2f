"""
Write a mapping as the YAML file that would say the same, each rule with its place behind it.

This is how a derived way back is shown: what is printed can be saved as a file of direction
`in`, and then means what was derived. Where YAML would make something else of an expression,
it is written as a block.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from mapping_engine.packs.model import (
    Decision,
    FieldRule,
    Formula,
    ListBody,
    ListPart,
    NestedBody,
    RecordMapping,
)
from mapping_engine.runtime.program import Program
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.node import MappingNode, ScalarNode
from mapping_engine.source.text import SourceText, Span
from mapping_engine.workbench.showing import Line

__all__ = ["mapping_lines", "ways_back"]

#: A text in an expression that means the same as a quoted text of YAML.
_QUOTED = re.compile(r'"[^"\\]*"')


def ways_back(program: Program, record: str | None = None) -> Iterator[Line]:
    """Yield the derived ways back of a pack, or only those to one record kind."""
    for reversal in program.reversals.values():
        mapping = reversal.mapping
        if record in (None, mapping.record.value, mapping.name):
            yield Line(0, "")
            yield Line(0, f"# The way back of {mapping.name}.yaml, as it was derived.")
            yield from mapping_lines(mapping)


def mapping_lines(mapping: RecordMapping) -> Iterator[Line]:
    """Yield the lines of a mapping file with one payload."""
    payload = mapping.payloads[0]
    yield Line(0, f"record: {mapping.record.value}", mapping.record.span)
    yield Line(0, f"object: {payload.object.value}")
    yield Line(0, f"direction: {mapping.direction}")
    for key in ("envelope", "switch", "owner"):
        said = getattr(mapping, key)
        if said is not None:
            yield Line(0, f"{key}: {said.value}", said.span)
    for key in ("skip", "reject", "warn"):
        yield from _titled(0, key, _decisions(getattr(mapping, key)))
    yield from _rules("let", mapping.let, 0)
    yield from _rules("fields", payload.fields, 0)


def _titled(depth: int, title: str, lines: Iterable[Line]) -> Iterator[Line]:
    found = list(lines)
    if found:
        yield Line(depth, f"{title}:")
        yield from found


def _decisions(decisions: Iterable[Decision]) -> Iterator[Line]:
    for each in decisions:
        yield from _formula(1, "- when", each.when, each.origin.span, inside=3)
        yield Line(2, f"reason: {each.reason.value}")
        if each.because is not None:
            yield from _sentence(2, each.because)


def _rules(title: str, rules: Mapping[str, FieldRule], depth: int) -> Iterator[Line]:
    lines = (line for rule in rules.values() for line in _rule(rule, depth + 1))
    yield from _titled(depth, title, lines)


def _rule(rule: FieldRule, depth: int) -> Iterator[Line]:
    said = list(_said(rule, depth + 1))
    place = rule.origin.span
    match rule.body:
        case Formula() as formula if not said:
            yield from _formula(depth, rule.name, formula, place)
        case ListBody(parts=parts) if not said or len(parts) != 1:
            yield Line(depth, f"{rule.name}:", place)
            for part in parts:
                yield from _item(_part(part, depth + 2))
        case Formula() as formula:
            yield Line(depth, f"{rule.name}:", place)
            yield from _formula(depth + 1, "value", formula, None)
            yield from said
        case NestedBody(fields=fields):
            yield Line(depth, f"{rule.name}:", place)
            yield from said
            yield from _rules("fields", fields, depth + 1)
        case ListBody(parts=parts):
            yield Line(depth, f"{rule.name}:", place)
            yield from said
            yield from _part(parts[0], depth + 1)
        case _:
            yield Line(depth, f"{rule.name}:", place)
            yield Line(depth + 1, f"template: {json.dumps(rule.body.node.text)}")
            yield from said


def _said(rule: FieldRule, depth: int) -> Iterator[Line]:
    """Yield how a value is sent."""
    if rule.when is not None:
        yield from _formula(depth, "when", rule.when, None)
    for key in ("on_empty", "on_error", "only_on"):
        if getattr(rule, key) is not None:
            yield Line(depth, f"{key}: {getattr(rule, key)}")
    if rule.owner is not None:
        yield Line(depth, f"owner: {rule.owner.value}")
    if rule.because is not None:
        yield from _sentence(depth, rule.because)


def _part(part: ListPart, depth: int) -> Iterator[Line]:
    """Yield the keys of a part of a list."""
    place: Span | None = part.origin.span
    if part.name is not None:
        yield Line(depth, f"name: {part.name}", place)
        place = None
    for key in ("each", "when"):
        formula = getattr(part, key)
        if formula is not None:
            yield from _formula(depth, key, formula, place)
            place = None
    if part.bound is not None:
        yield Line(depth, f"as: {part.bound.value}")
    keys = (_formula(depth + 1, name.value, each, None) for name, each in part.group_by)
    yield from _titled(depth, "group_by", (line for lines in keys for line in lines))
    ordered = (_item(_formula(depth + 2, "", each, None)) for each in part.order_by)
    yield from _titled(depth, "order_by", (line for lines in ordered for line in lines))
    yield from _rules("let", part.let, depth)
    if isinstance(part.body, Formula):
        yield from _formula(depth, "value", part.body, place)
    else:
        yield from _rules("fields", part.body.fields, depth)


def _item(lines: Iterator[Line]) -> Iterator[Line]:
    """Yield lines as one item of a list: the first with a dash before it."""
    first = next(lines)
    yield Line(first.depth - 1, f"- {first.text}", first.place)
    yield from lines


def _formula(
    depth: int, key: str, formula: Formula, place: Span | None, *, inside: int | None = None
) -> Iterator[Line]:
    """Yield a key with an expression or a text; `key` may be empty in a list."""
    start = f"{key}: " if key else ""
    if formula.is_text:
        yield Line(depth, start + json.dumps(formula.node.text, ensure_ascii=False), place)
    else:
        yield from _plain(depth, start, formula.node.text, place, inside=inside)


def _sentence(depth: int, because: Formula) -> Iterator[Line]:
    yield from _plain(depth, "because: ", because.node.text, None)


def _plain(
    depth: int, start: str, text: str, place: Span | None, *, inside: int | None = None
) -> Iterator[Line]:
    """Yield what is written without quotes, as a block where YAML would take it amiss."""
    text = " ".join(text.split()) if "\n" in text else text
    if _reads_back(text):
        yield Line(depth, start + text, place)
        return
    yield Line(depth, f"{start}>-", place)
    yield Line(inside or depth + 1, text)


def _reads_back(text: str) -> bool:
    if _QUOTED.fullmatch(text):
        return True
    report = Report()
    root = read(SourceText("rule", f"rule: {text}\n"), report).root
    node = root.get("rule") if isinstance(root, MappingNode) else None
    return (
        not len(report)
        and isinstance(node, ScalarNode)
        and not node.is_quoted
        and node.text == text
    )
