"""
Ask of a two-way mapping whether out and back, and back and out, give again what was there.

Small values are sent and read back: first in all fields at once, and where something differs,
alone. What a pack says is lost is not told again: rows of tables with `one_way:`, and rules
with it. What is refused instead of changed on the way out was never sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from mapping_engine.language import nodes
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.packs.model import FieldRule, ListBody, NestedBody
from mapping_engine.packs.reverse import Reversal
from mapping_engine.runtime.interpreter import Interpreter
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.runtime.payloads import plain_value
from mapping_engine.runtime.program import Program, back_of
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.values.conform import as_written
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import Object, Type
from mapping_engine.values.value import MISSING, Value, is_empty
from mapping_engine.workbench.problems_of_advice import value_changed, value_lost
from mapping_engine.workbench.small_values import SmallValues
from mapping_engine.workbench.subject import Subject

__all__ = ["lost_values"]

_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Passed:
    """What became of a record or payload: what was made, which fields were refused, what held."""

    made: Value
    refused: frozenset[str | None]
    held: frozenset[str]


def lost_values(subject: Subject) -> Iterator[Diagnostic]:
    """Yield the smallest value of each field that does not come back as it was."""
    program = subject.opened.program
    for name, reversal in program.reversals.items():
        ways = program.mappings.get(name), program.mappings.get(back_of(name))
        if ways[0] is None or ways[1] is None or ways[0].switched_off is not None:
            continue
        options = RunOptions(date(2026, 1, 31))
        out, back = (InterpretedMapper(program, way, options) for way in ways if way)
        yield from _Trial(reversal, out, back, _words(subject, name)).lost()


def _words(subject: Subject, name: str) -> SmallValues:
    """Return small values, with the texts that the rules of a mapping write."""
    found: dict[str, None] = {}
    for _, node in subject.formulas(subject.pack.mappings[name]):
        match node:
            case nodes.Literal(value=str(text)):
                found[text] = None
            case nodes.TextParts(parts=parts):
                found |= dict.fromkeys(each for each in parts if isinstance(each, str))
    return SmallValues(tuple(sorted(found, key=lambda each: (len(each), each)))[:_MOST_WORDS])


@dataclass
class _Trial:
    reversal: Reversal
    out: InterpretedMapper
    back: InterpretedMapper
    values: SmallValues
    least: dict[str, Value] = field(default_factory=dict)

    def lost(self) -> Iterator[Diagnostic]:
        """Yield what does not come back, each rule once."""
        least = self.values.least(self.out.mapping.reads)
        if least is None:
            return
        self.least = least
        told: set[str] = set()
        for name, value in self._suspects():
            if name in told or is_declared(value, self.out.program):
                continue
            found = self._alone(name, value)
            if found is not None:
                told.add(name)
                yield found
        yield from self._changed()

    def _suspects(self) -> Iterator[tuple[str, Value]]:
        """Yield the values that are not the same after a round with all others together."""
        rules = self.reversal.derived
        tried = {name: self.values.of(member(self.out.mapping.reads, name)) for name in rules}
        for turn in range(max(map(len, tried.values()), default=0)):
            given = {name: each[turn] for name, each in tried.items() if turn < len(each)}
            record = self.least
            for name, value in given.items():
                record = with_value(record, name, value)
            returned = passed(self.back, passed(self.out, record).made).made
            for name, value in given.items():
                if not is_same(value, value_at(returned, name), rules[name]):
                    yield name, value

    def _alone(self, name: str, value: Value) -> Diagnostic | None:
        """Return what is to be said of a value when nothing else is sent with it."""
        base, sent = (passed(self.out, each) for each in (
            self.least, with_value(self.least, name, value)
        ))  # fmt: skip
        if sent.refused - base.refused or sent.held - base.held:
            return None
        optional = member(self.out.mapping.reads, name).absent
        if optional and sent.made == base.made and value_at(self.least, name) is MISSING:
            return None  # never sent: a list is filtered
        returned = passed(self.back, sent.made)
        if returned.held - passed(self.back, base.made).held:
            return None
        rule = self.reversal.derived[name]
        again = value_at(returned.made, name)
        if is_same(value, again, rule):
            return None
        return value_lost(rule.key, name, shown(value), shown(again))

    def _changed(self) -> Iterator[Diagnostic]:
        """Yield the fields of a payload that are written back as something else."""
        kind = self.back.mapping.reads
        base = passed(self.out, self.least).made
        read = passed(self.back, base)
        for carried in self.reversal.carried:
            for value in self.values.of(member(kind, carried.payload)):
                payload = with_value(base if isinstance(base, dict) else {}, carried.payload, value)
                came = passed(self.back, payload)
                if came.refused - read.refused or came.held - read.held:
                    continue
                again = value_at(passed(self.out, came.made).made, carried.payload)
                if is_same(value, again, None) or is_declared(value, self.out.program):
                    continue
                rule = self.reversal.derived[carried.record]
                yield value_changed(rule.key, carried.payload, shown(value), shown(again))
                break


def passed(mapper: InterpretedMapper, given: Value) -> Passed:
    """Return what the rules of a mapping make of something, whether it would be sent or not."""
    payload = mapper.mapping.payloads[0]
    typed = mapper.conformed(plain_value(given)).value
    if not isinstance(typed, dict):
        return Passed({}, frozenset({None}), frozenset())
    round = mapper.begin(typed, Evaluator(mapper.options.limits))
    builder = Interpreter(round.evaluator, creates=True)
    held = set()
    for step in (*mapper.mapping.skip, *mapper.mapping.reject):
        try:
            if builder.holds_decision(step, round.environment):
                held.add(step.rule.reason.value)
        except Refusal:
            held.add(step.rule.reason.value)
    try:
        items = builder.items(payload.part, round.environment, "", 0, bare=True)
    except Refusal:
        return Passed({}, frozenset({None}), frozenset(held))
    made = plain_value(as_written(items[0], payload.target)) if items else {}
    return Passed(made, frozenset(each.field for each in builder.refused), frozenset(held))


def member(kind: Type, name: str) -> Type:
    """Return the type behind a dotted name."""
    for word in name.split("."):
        assert isinstance(kind, Object)
        kind = kind.fields[word].like(kind) if word in kind.fields else Object()
    return kind


def value_at(given: Value, name: str) -> Value:
    """Return the value behind a dotted name; absent where there is none."""
    for word in name.split("."):
        given = given.get(word, MISSING) if isinstance(given, dict) else MISSING
    return given


def with_value(given: dict[str, Value], name: str, value: Value) -> dict[str, Value]:
    """Return an object with the value behind a dotted name set."""
    first, _, rest = name.partition(".")
    if not rest:
        return {**given, first: value}
    inner = given.get(first)
    return {**given, first: with_value(inner if isinstance(inner, dict) else {}, rest, value)}


def is_same(value: Value, again: Value, rule: FieldRule | None) -> bool:
    """Whether two values say the same, as far as the rule that reads them back speaks of it."""
    if is_empty(value) or is_empty(again):
        return is_empty(value) and is_empty(again)
    names = _members(rule)
    if names and isinstance(value, list) and isinstance(again, list):
        return _narrowed(value, names) == _narrowed(again, names)
    return plain_value(value) == plain_value(again)


def _members(rule: FieldRule | None) -> set[str]:
    parts = rule.body.parts if rule is not None and isinstance(rule.body, ListBody) else ()
    bodies = (each.body for each in parts)
    return {name for each in bodies if isinstance(each, NestedBody) for name in each.fields}


def _narrowed(items: list[Value], names: set[str]) -> list[dict[str, Value]]:
    """Return the members of items that are read back, in an order of their own."""
    kept = [
        {name: plain_value(each) for name in names if not is_empty(each := value_at(item, name))}
        for item in items
    ]
    return sorted((each for each in kept if each), key=repr)


def is_declared(value: Value, program: Program) -> bool:
    """Whether a row of a table says that a word goes one way only."""
    words = set(_texts(value))
    return any(
        row.one_way is not None
        and words & {word for cell in row.cells.values() for word in cell.words}
        for table in program.pack.tables.values()
        for row in table.rows
    )


def _texts(value: Value) -> Iterator[str]:
    match value:
        case str():
            yield value
        case bool():
            yield str(value).lower()
        case list():
            for each in value:
                yield from _texts(each)
        case dict():
            for each in value.values():
                yield from _texts(each)


def shown(value: Value) -> str:
    """Return a value as a person reads it in a message."""
    if is_empty(value) and not isinstance(value, str):
        return "nothing"
    return f"`{json.dumps(plain_value(value), ensure_ascii=False, default=str)}`"
