"""
Ask of a two-way mapping whether out and back, and back and out, give again what was there.

Small values are sent and read back: first in all fields at once, and where something differs,
alone. What a pack says is lost is not told again: rows of tables with `one_way:`, and rules
with it. What is refused instead of changed on the way out was never sent. A rule under `back:`
may read back another value than was sent, since somebody said so; but sent again, that value
must leave the other system as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.language import nodes
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.packs.model import FieldRule, ListBody, NestedBody, WayBack
from mapping_engine.packs.reverse import Reversal
from mapping_engine.runtime.differences import at, changes, with_value
from mapping_engine.runtime.interpreter import Interpreter
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.runtime.payloads import plain_value
from mapping_engine.runtime.program import PayloadProgram, back_of
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.values.conform import as_written
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import Object, Type
from mapping_engine.values.value import MISSING, Value, is_empty
from mapping_engine.workbench.declared_losses import is_declared
from mapping_engine.workbench.problems_of_advice import value_lost, value_moved
from mapping_engine.workbench.small_values import SmallValues
from mapping_engine.workbench.subject import Subject

__all__ = ["Round", "lost_values"]

_MOST_WORDS = 12
#: So many values of a field are sent, read back and sent again: plain texts and odd ones.
_TURNS_AGAIN = 16


class Passed(Struct, frozen=True):
    """What became of a record or payload: what was made, which fields were refused, what held."""

    made: Value
    refused: frozenset[str | None]
    held: frozenset[str]


def lost_values(subject: Subject) -> Iterator[Diagnostic]:
    """Yield the smallest value of each field that does not come back as it was."""
    program = subject.opened.program
    for name, reversal in program.reversals.items():
        rules = _spoken_of(reversal.derived, subject)
        said = _spoken_of((program.pack.mappings[name].back or WayBack()).fields, subject)
        there = _round(name, subject) if rules or said else None
        if there is not None:
            there = there.begun()
            first = there.turned().begun()
            yield from _lost(replace(there, rules=rules), first, reversal)
            # What the least of the other system is read as goes out again, most often.
            least = {**there.least, **_object(first.sent_least.made)}
            yield from _moved(replace(there, rules=said, least=least))


def _round(name: str, subject: Subject) -> Round | None:
    """Return the round of a mapping, of which no field is spoken of yet; None when it has none."""
    program = subject.opened.program
    ways = program.mappings.get(name), program.mappings.get(back_of(name))
    if ways[0] is None or ways[1] is None or ways[0].switched_off is not None:
        return None
    options = RunOptions(date(2026, 1, 31))
    out, back = (InterpretedMapper(program, way, options) for way in ways if way)
    values = _words(subject, name)
    least = _least(values, out)
    if least is None:
        return None
    made = passed(out, least).made
    least_back = {
        **_keys(out.mapping.payloads[0], values),
        **(_least(values, back) or {}),
        **_object(made),
    }
    return Round(out, back, {}, least, least_back, values)


def _lost(there: Round, first: Round, reversal: Reversal) -> Iterator[Diagnostic]:
    """Yield what derived rules read back otherwise, and what they would write back otherwise."""
    told: set[str] = set()
    for field, value, again in there.differing():
        told.add(field)
        key = there.rules[field].key
        yield value_lost(key, field, shown(value), shown(again), sent=True)
    others = [each for each in reversal.carried if each.record in there.rules.keys() - told]
    sent = {each.payload: there.rules[each.record] for each in others}
    for field, value, again in replace(first, rules=sent).differing():
        yield value_lost(sent[field].key, field, shown(value), shown(again), sent=False)


def _moved(there: Round) -> Iterator[Diagnostic]:
    """Yield what rules under `back:` read so that it would then be sent otherwise."""
    for field, place, value, again in there.begun(lambda each: each.goes_again).restless():
        yield value_moved(there.rules[field].key, place, shown(value), shown(again))


def _spoken_of(rules: Mapping[str, FieldRule], subject: Subject) -> dict[str, FieldRule]:
    """Return the rules of which advice is given: with a firm, those that the firm wrote."""
    return {name: each for name, each in rules.items() if each.key.source.name in subject.sources}


def _least(values: SmallValues, way: InterpretedMapper) -> dict[str, Value] | None:
    """Return what a way cannot do without, as it is written in JSON; None where not found."""
    found = values.least(way.mapping.reads)
    return None if found is None else {name: plain_value(each) for name, each in found.items()}


def _keys(payload: PayloadProgram, values: SmallValues) -> dict[str, Value]:
    """Return the first match key, which the other system has filled in all that it sends."""
    kinds = payload.target.fields
    names = payload.match[0] if payload.match else ()
    filled = {name: [each for each in values.of(kinds[name]) if not is_empty(each)]
              for name in names if name in kinds}  # fmt: skip
    return {name: plain_value(each[0]) for name, each in filled.items() if each}


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


class Round(Struct, eq=False, dict=True):
    """A way there and the way back again, tried on values of the fields that both carry.

    `rules` are the derived rules by what the fields are called where the round begins; `least`
    and `least_back` what either way cannot do without. `tried` is what became of all that was
    sent either way, by the direction and the value, since many values are sent as the same.
    """

    there: InterpretedMapper
    back: InterpretedMapper
    rules: Mapping[str, FieldRule]
    least: dict[str, Value]
    least_back: dict[str, Value]
    values: SmallValues
    tried: dict[tuple[str, str], Passed] = {}

    def turned(self) -> Round:
        """Return the round that begins on the other side, of no field yet."""
        return Round(
            self.back, self.there, {}, self.least_back, self.least, self.values, self.tried
        )

    def begun(self, far: Callable[[Round], bool] = lambda each: each.begins) -> Round:
        """Return the round with a least that goes so far: with one field more, if need be."""
        if far(self):
            return self
        for name, kind in self.there.mapping.reads.fields.items():
            for value in self.values.of(kind):
                fuller = replace(self, least={**self.least, name: plain_value(value)})
                if far(fuller):
                    return fuller
        return self

    @property
    def begins(self) -> bool:
        """Whether what cannot be done without comes back: else nothing can be told."""
        return None not in self._returned_least.refused

    @property
    def goes_again(self) -> bool:
        """Whether what cannot be done without comes back, and goes out again."""
        return self.begins and None not in self._sent_again(self._returned_least).refused

    def differing(self) -> Iterator[tuple[str, Value, Value]]:
        """Yield the smallest value of each field that comes back as another one, and that one."""
        if not self.begins:
            return
        told: set[str] = set()
        for given in self._turns(told):
            for name in self._suspects(given):
                found = self._alone(name, given[name])
                if found is not None:
                    told.add(name)
                    yield name, given[name], found[0]

    def _turns(self, told: set[str]) -> Iterator[dict[str, Value]]:
        """Yield one value of each field at a time, of those that are not told yet."""
        kinds = {name: member(self.there.mapping.reads, name) for name in self.rules}
        tried = {name: [plain_value(each) for each in self.values.of(kind)]
                 for name, kind in kinds.items()}  # fmt: skip
        for turn in range(max(map(len, tried.values()), default=0)):
            given = {name: each[turn] for name, each in tried.items() if turn < len(each)}
            yield {name: value for name, value in given.items() if name not in told}

    def _suspects(self, given: dict[str, Value]) -> Iterator[str]:
        """Yield the fields that come back as something else when all are sent together.

        What is refused as a whole tells nothing of its fields: its halves are sent instead.
        """
        sent = self._passed(self.there, self._with(given))
        returned = self._returned(sent)
        if len(given) > 1 and None in sent.refused | returned.refused:
            yield from self._in_halves(given, self._suspects)
            return
        for name, value in given.items():
            if not is_same(value, value_at(returned.made, name), self.rules[name]):
                yield name

    def _in_halves(
        self, given: dict[str, Value], ask: Callable[[dict[str, Value]], Iterator[str]]
    ) -> Iterator[str]:
        """Ask of either half of what is refused as a whole; of one field there is no half."""
        names = list(given) if len(given) > 1 else []
        for half in names[: len(names) // 2], names[len(names) // 2 :]:
            yield from ask({name: given[name] for name in half}) if half else ()

    def _alone(self, name: str, value: Value) -> tuple[Value] | None:
        """Return what a value becomes when nothing else is sent with it; None when it stays."""
        found = self._went(name, value)
        if found is None:
            return None
        again = value_at(found[1].made, name)
        return None if is_same(value, again, self.rules[name]) else (again,)

    def _went(self, name: str, value: Value) -> tuple[Passed, Passed] | None:
        """Return what a value was sent as and what was read back; None where it is not told."""
        if is_declared(value, self.there.program):
            return None
        before, sent = self.sent_least, self._passed(self.there, self._with({name: value}))
        if None in sent.refused or sent.refused - before.refused or sent.held - before.held:
            return None
        if sent.made == before.made and value_at(self.least, name) is MISSING:
            return None  # it is not sent at all: a list is filtered
        returned = self._returned(sent)
        if None in returned.refused or returned.held - self._returned_least.held:
            return None
        return sent, returned

    def restless(self) -> Iterator[tuple[str, str, Value, Value]]:
        """Yield the values that would be sent otherwise after they have been read back.

        Of each field the first, with what was sent, where, and what would be sent instead.
        """
        if not self.goes_again:
            return
        told: set[str] = set()
        for given in islice(self._turns(told), _TURNS_AGAIN):
            for name in self._stirred(given):
                for place, value, again in islice(self._moved(name, given[name]), 1):
                    told.add(name)
                    yield name, place, value, again

    def _stirred(self, given: dict[str, Value]) -> Iterator[str]:
        """Yield the fields of which one goes out otherwise when all are sent together."""
        sent = self._passed(self.there, self._with(given))
        returned = self._returned(sent)
        again = self._sent_again(returned)
        moves = any(self._movements(sent, again))
        if len(given) == 1 and moves:
            yield from given
        elif moves or None in sent.refused | returned.refused | again.refused:
            yield from self._in_halves(given, self._stirred)

    def _moved(self, name: str, value: Value) -> Iterator[tuple[str, Value, Value]]:
        found = self._went(name, value)
        if found is None:
            return
        sent, returned = found
        again = self._sent_again(returned)
        if again.refused - sent.refused or again.held - sent.held:
            return
        yield from self._movements(sent, again)

    def _movements(self, sent: Passed, again: Passed) -> Iterator[tuple[str, Value, Value]]:
        """Yield where what was sent differs from the least, and is sent otherwise again."""
        made = _object(sent.made)
        for path in changes(_object(self.sent_least.made), made):
            old, new = at(made, path), at(again.made, path)
            if old != new:
                yield ".".join(path), old, new

    @cached_property
    def sent_least(self) -> Passed:
        """What becomes of the least."""
        return self._passed(self.there, self.least)

    @cached_property
    def _returned_least(self) -> Passed:
        return self._returned(self.sent_least)

    def _passed(self, way: InterpretedMapper, given: Value) -> Passed:
        asked = way.mapping.direction, repr(given)
        if asked not in self.tried:
            self.tried[asked] = passed(way, given)
        return self.tried[asked]

    def _returned(self, sent: Passed) -> Passed:
        return self._passed(self.back, {**self.least_back, **_object(sent.made)})

    def _sent_again(self, returned: Passed) -> Passed:
        return self._passed(self.there, {**self.least, **_object(returned.made)})

    def _with(self, given: Mapping[str, Value]) -> dict[str, Value]:
        record = self.least
        for name, value in given.items():
            record = with_value(record, tuple(name.split(".")), value)
        return record


def _object(made: Value) -> dict[str, Value]:
    return made if isinstance(made, dict) else {}


def passed(mapper: InterpretedMapper, given: Value) -> Passed:
    """Return what the rules of a mapping make of something, whether it would be sent or not.

    What is given and what is made are values as they are written in JSON.
    """
    payload = mapper.mapping.payloads[0]
    typed, misfits, _ = mapper.conformed(given)
    if misfits or not isinstance(typed, dict):
        return Passed({}, frozenset({None}), frozenset())
    round = mapper.begin(typed, Evaluator(mapper.options.limits))
    builder = Interpreter(round.evaluator, "create")
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
    made = as_written(items[0], payload.target) if items else {}
    return Passed(made, frozenset(each.field for each in builder.refused), frozenset(held))


def member(kind: Type, name: str) -> Type:
    """Return the type behind a dotted name."""
    for word in name.split("."):
        assert isinstance(kind, Object)
        kind = kind.fields[word].like(kind) if word in kind.fields else Object()
    return kind


def value_at(given: Value, name: str) -> Value:
    """Return the value behind a dotted name; absent where there is none."""
    return at(given, tuple(name.split(".")))


def is_same(value: Value, again: Value, rule: FieldRule | None) -> bool:
    """Whether two values say the same, as far as the rule that reads them back speaks of it."""
    if is_empty(value) or is_empty(again):
        return is_empty(value) and is_empty(again)
    names = _members(rule)
    if names and isinstance(value, list) and isinstance(again, list):
        return _narrowed(value, names) == _narrowed(again, names)
    return value == again


def _members(rule: FieldRule | None) -> set[str]:
    parts = rule.body.parts if rule is not None and isinstance(rule.body, ListBody) else ()
    bodies = (each.body for each in parts)
    return {name for each in bodies if isinstance(each, NestedBody) for name in each.fields}


def _narrowed(items: list[Value], names: set[str]) -> list[dict[str, Value]]:
    """Return the members of items that are read back, in an order of their own."""
    kept = [
        {name: each for name in names if not is_empty(each := value_at(item, name))}
        for item in items
    ]
    return sorted((each for each in kept if each), key=repr)


def shown(value: Value) -> str:
    """Return a value as a person reads it in a message."""
    if is_empty(value) and not isinstance(value, str):
        return "nothing"
    return f"`{json.dumps(value, ensure_ascii=False, default=str)}`"
