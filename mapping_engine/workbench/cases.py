"""
Read case files: examples of a pack, owned by the people who edit it.

A case says which record is given, what the firm is like, and what must come out. With the
record as it was `before`, the update comes out; with the `answer` of the target, the change
of the record. Values are taken as the schema of the record has them: a text field takes the
characters as written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Final
from typing import Literal as Word

from msgspec import Struct

from mapping_engine.packs.files import read_source
from mapping_engine.packs.problems_of_firms import value_misfit
from mapping_engine.packs.reading import entries, text, word
from mapping_engine.packs.shape import check_shape
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.node import Document, MappingNode, Node, ScalarNode, SequenceNode
from mapping_engine.source.text import Located, SourceText, Span
from mapping_engine.values.json import JsonError, decode
from mapping_engine.values.moment import parse_date
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import UNKNOWN, List, Object, Text, Type
from mapping_engine.values.value import Value
from mapping_engine.workbench import problems_of_cases as problems

__all__ = [
    "OUTCOMES", "Case", "answer_given", "given_record", "read_case", "record_before", "value_of",
]  # fmt: skip

#: What a case may expect; it is one of them.
OUTCOMES: Final = ("payload", "payloads", "record", "patch", "skip", "reject")
#: What an answer may lead to.
_AFTER_ANSWER: Final = ("patch", "skip", "reject")
#: The day of the run for cases that do not say it.
_ANY_DAY: Final = date(2000, 1, 1)


class Case(Struct, frozen=True, eq=False):
    """A case as it is written. `folder` is the one that its file stands in."""

    file: str
    folder: Path
    document: Document
    title: str
    mapping: Located[str]
    direction: Word["out", "in"] | None
    given: MappingNode
    expect: MappingNode
    as_of: date
    parameters: Mapping[str, str]
    before: MappingNode | None = None
    answer: MappingNode | None = None
    answered: str | None = None

    @property
    def source(self) -> SourceText:
        """The text of the file."""
        return self.document.source

    @property
    def root(self) -> MappingNode:
        """The keys of the file."""
        assert isinstance(self.document.root, MappingNode)
        return self.document.root

    @property
    def span(self) -> Span:
        """Where the case says what it is about."""
        node = self.root.get("case")
        return node.span if node is not None else self.root.span


def read_case(file: str, source: SourceText, folder: Path, report: Report) -> Case | None:
    """Return the case of a file; None when the report says what is wrong with it."""
    found = Report()
    document = check_shape(read(source, found), "case", found)
    report.extend(found)
    root = document.root
    if found.has_errors or not isinstance(root, MappingNode):
        return None
    given, expect, mapping = root.get("given"), root.get("expect"), word(root.get("mapping"))
    assert isinstance(given, MappingNode)
    assert isinstance(expect, MappingNode)
    assert mapping is not None
    said = [each.key for each in expect if each.key.text in OUTCOMES]
    if len(said) > 1:
        names = [each.text for each in said]
        found.add(problems.case_outcome_unclear(said[1].span, names))
    before = _block(root, "before")
    for block in (given, before):
        files = sum(block.get(name) is not None for name in ("file", "record")) if block else 1
        if block is not None and files != 1 and (files or block is given):
            name = "given" if block is given else "before"
            found.add(problems.case_record_unclear(block.entries[0].key.span, name, files > 1))
    _check_step(root, said[0] if said else None, found)
    as_of = _date(root, found)
    report.extend(found)
    if found.errors:
        return None
    way: Mapping[str | None, Word["out", "in"]] = {"out": "out", "in": "in"}
    return Case(
        file, folder, document, text(root, "case") or file, mapping,
        way.get(text(root, "direction")), given, expect, as_of,
        {each.key.text: _characters(each.value) for each in entries(root.get("parameters"))},
        before, _block(root, "answer"), text(root, "answered"),
    )  # fmt: skip


def _block(root: MappingNode, name: str) -> MappingNode | None:
    node = root.get(name)
    return node if isinstance(node, MappingNode) else None


def _check_step(root: MappingNode, expected: ScalarNode | None, report: Report) -> None:
    """Report keys that do not go together: what is asked is a record, an update or an answer."""
    before, answer, answered = (root.entry(name) for name in ("before", "answer", "answered"))
    if answer is None:
        if answered is not None:
            report.add(problems.case_step_unclear(answered.key.span, "`answered`", "no `answer`"))
        if expected is not None and expected.text == "patch":
            report.add(problems.case_step_unclear(expected.span, "a `patch`", "no `answer`"))
        return
    if before is not None:
        report.add(problems.case_step_unclear(answer.key.span, "`answer`", "a record `before`"))
    if expected is not None and expected.text not in _AFTER_ANSWER:
        beside = f"a `{expected.text}` to expect"
        report.add(problems.case_step_unclear(answer.key.span, "`answer`", beside))


def _date(root: MappingNode, report: Report) -> date:
    said = word(root.get("as_of"))
    if said is None:
        return _ANY_DAY
    try:
        return parse_date(said.value)
    except Refusal:
        report.add(value_misfit(said.span, "as_of", "a date like 2026-01-31"))
        return _ANY_DAY


def _characters(node: Node) -> str:
    return node.text if isinstance(node, ScalarNode) else ""


def value_of(node: Node, type: Type) -> Value:
    """Return the value that is written, as a field of that type takes it."""
    if isinstance(node, ScalarNode):
        is_text = isinstance(type, Text) and node.value is not None
        return node.text if is_text or node.is_quoted else node.value
    if isinstance(node, SequenceNode):
        item = type.item if isinstance(type, List) else UNKNOWN
        return [value_of(each, item) for each in node.items]
    made: dict[str, Value] = {}
    for each in node:
        path = each.key.text.split(".")
        _put(made, path, value_of(each.value, _member(type, path)))
    return made


def _member(type: Type, path: Sequence[str]) -> Type:
    for name in path:
        if not isinstance(type, Object):
            return UNKNOWN
        type = type.fields.get(name) or type.others or UNKNOWN
    return type


def _put(made: dict[str, Value], path: Sequence[str], value: Value) -> None:
    """Set a value inside; an object is changed member by member, anything else is replaced."""
    for name in path[:-1]:
        inner = made.get(name)
        if not isinstance(inner, dict):
            inner = made[name] = {}
        made = inner
    before = made.get(path[-1])
    if isinstance(before, dict) and isinstance(value, dict):
        for name, each in value.items():
            _put(before, [name], each)
    else:
        made[path[-1]] = value


def given_record(case: Case, type: Type, report: Report) -> Value | None:
    """Return the record of a case: as written, or the sample with its changes."""
    return _record(case.given, case, type, report)


def record_before(case: Case, given: Value, type: Type, report: Report) -> Value | None:
    """Return the record as it was before: the given one with what was different then."""
    return None if case.before is None else _record(case.before, case, type, report, like=given)


def answer_given(case: Case, type: Type) -> Value | None:
    """Return what the target answers; None where the case speaks of no answer."""
    return None if case.answer is None else value_of(case.answer, type)


def _record(
    node: MappingNode, case: Case, type: Type, report: Report, *, like: Value = None
) -> Value | None:
    """Return a record that a case describes; without `file` and `record` it is `like` another."""
    whole, file = node.get("record"), word(node.get("file"))
    if whole is not None:
        return value_of(whole, type)
    record = deepcopy(like) if file is None else _sample(case, file, report)
    if not isinstance(record, dict):
        return None
    before = len(report)
    for place in _places(node.get("without")):
        _take_out(record, place, report)
    for each in entries(node.get("with")):
        path = each.key.text.split(".")
        _put(record, path, value_of(each.value, _member(type, path)))
    return None if len(report) > before else record


def _sample(case: Case, name: Located[str], report: Report) -> dict[str, Value] | None:
    source = read_source(name.value, report, root=case.folder, at=name.span)
    if source is None:
        return None
    try:
        record = decode(source.text)
    except JsonError as error:
        report.add(problems.case_sample_unreadable(name.span, name.value, str(error)))
        return None
    if not isinstance(record, dict):
        why = "it must be one object in { }"
        report.add(problems.case_sample_unreadable(name.span, name.value, why))
        return None
    return record


def _places(node: Node | None) -> Iterator[Located[str]]:
    for each in node.items if isinstance(node, SequenceNode) else ():
        said = word(each)
        if said is not None:
            yield said


def _take_out(record: dict[str, Value], place: Located[str], report: Report) -> None:
    *path, last = place.value.split(".")
    inside: Value = record
    for name in path:
        inside = inside.get(name) if isinstance(inside, dict) else None
    if isinstance(inside, dict) and last in inside:
        del inside[last]
        return
    above = ".".join(path)
    names = inside if isinstance(inside, dict) else ()
    known = [f"{above}.{name}" if above else name for name in names]
    report.add(problems.case_sample_without(place.span, place.value, known))
