"""
Watch one record being mapped: what each rule read, what it found, what it gave.

Tracing wraps the interpreter and its evaluator from outside; neither has a branch for it.
A step is told for every decision that was asked and every field that was filled, left out
or refused, with the places that were read and the table rows that were hit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mapping_engine.language.environment import Environment
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.language.places import place_of
from mapping_engine.language.typed import Apply, First, Get, IfElse, Typed, Variable
from mapping_engine.packs.lookups import Backward, Lookup
from mapping_engine.packs.model import Origin
from mapping_engine.runtime.interpreter import Interpreter
from mapping_engine.runtime.mapper import InterpretedMapper
from mapping_engine.runtime.outcome import Outcome
from mapping_engine.runtime.program import Compute, DecisionStep, FieldStep
from mapping_engine.source.limits import Limits
from mapping_engine.source.text import Span
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import List, Object, Type
from mapping_engine.values.value import Value

__all__ = ["Chosen", "Read", "RowHit", "Step", "Trace", "TracingMapper"]


@dataclass(frozen=True, slots=True)
class Read:
    """A value that was read in the record."""

    place: str
    value: Value
    private: bool


@dataclass(frozen=True, slots=True)
class RowHit:
    """A row that a table answered with; None when no row fitted."""

    table: str
    row: Span | None
    layer: str | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which alternative of `??` or `if` gave the value, as written."""

    span: Span


@dataclass(frozen=True, slots=True)
class Step:
    """What one rule did. `kind`: skip, reject, warn, field or helper; `held` for decisions."""

    kind: str
    name: str
    rule: Span
    origin: Origin | None
    value: Value
    type: Type | None
    reads: tuple[Read, ...] = ()
    rows: tuple[RowHit, ...] = ()
    chosen: tuple[Chosen, ...] = ()
    refused: Refusal | None = None
    held: bool = False


@dataclass(eq=False)
class Trace:
    """Everything that was seen while one record was mapped."""

    outcome: Outcome
    steps: list[Step] = field(default_factory=list)


@dataclass(eq=False)
class _Seen:
    reads: dict[str, Read] = field(default_factory=dict)
    rows: list[RowHit] = field(default_factory=list)
    chosen: list[Chosen] = field(default_factory=list)


class _Watcher(Evaluator):
    """An evaluator that notes what is read, which rows answer, and which alternatives count.

    What a helper read is remembered with it, so that a field which asks the helper second
    shows the same as the one that asked first.
    """

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self._open: list[_Seen] = [_Seen()]
        self._helpers: dict[str, _Seen] = {}

    def value(self, node: Typed, environment: Environment) -> Value:
        if isinstance(node, Variable) and node.key.startswith("let#"):
            return self._helper(node, environment)
        value = super().value(node, environment)
        seen = self._open[-1]
        match node:
            case Variable() | Get():
                self._note(node, environment, value, seen)
            case Apply(function=function) if isinstance(function.body, Lookup | Backward):
                self._note_row(node, environment, seen)
            case First(operands=operands):
                self._note_first(operands, environment, value, seen)
            case IfElse():
                holds = self._quietly(node.condition, environment) is True
                seen.chosen.append(Chosen((node.yes if holds else node.no).span))
        return value

    def _quietly(self, node: Typed, environment: Environment) -> Value:
        self.begin()
        try:
            return super().value(node, environment)
        except Refusal:
            return None
        finally:
            self.end()

    def _helper(self, node: Variable, environment: Environment) -> Value:
        self.begin()
        try:
            return super().value(node, environment)
        finally:
            seen = self.end()
            known = self._helpers.setdefault(node.key, seen)
            if not known.reads and not known.rows:
                self._helpers[node.key] = known = seen
            self._merge(known)

    def _merge(self, seen: _Seen) -> None:
        outer = self._open[-1]
        outer.reads |= seen.reads
        outer.rows.extend(each for each in seen.rows if each not in outer.rows)
        outer.chosen.extend(each for each in seen.chosen if each not in outer.chosen)

    def _note(self, node: Typed, environment: Environment, value: Value, seen: _Seen) -> None:
        place = place_of(node, environment)
        if place and not isinstance(node.type, Object | List):
            seen.reads[place] = Read(place, value, node.type.private)

    def _note_row(self, node: Apply, environment: Environment, seen: _Seen) -> None:
        body = node.function.body
        assert isinstance(body, Lookup | Backward)
        values = [self._quietly(each, environment) for each in node.arguments]
        row = body.find(*values)
        table = node.function.name.partition("<-")[0]
        origin = row.row.origin if row is not None else None
        hit = RowHit(table, origin.span if origin else None, origin.layer if origin else None)
        if hit not in seen.rows:
            seen.rows.append(hit)

    def _note_first(
        self, operands: Sequence[Typed], environment: Environment, value: Value, seen: _Seen
    ) -> None:
        for each in operands:
            if self._quietly(each, environment) == value:
                seen.chosen.append(Chosen(each.span))
                return

    def begin(self) -> None:
        """Start noting for something of its own."""
        self._open.append(_Seen())

    def end(self) -> _Seen:
        """Return what was noted since `begin`."""
        return self._open.pop()


class _TracingInterpreter(Interpreter):
    """An interpreter that tells every field it fills, leaves out or refuses."""

    trace: list[Step]

    def field(self, step: FieldStep, environment: Environment, place: str) -> Value:
        watcher = self.evaluator
        assert isinstance(watcher, _Watcher)
        before = len(self.refused)
        watcher.begin()
        value = super().field(step, environment, place)
        seen = watcher.end()
        refused = self.refused[before].refusal if len(self.refused) > before else None
        if isinstance(step.build, Compute):
            self.trace.append(Step(
                "field", place, step.build.expression.span, step.rule.origin, value, step.type,
                tuple(seen.reads.values()), tuple(seen.rows), tuple(seen.chosen), refused,
            ))  # fmt: skip
        return value

    def holds_decision(self, step: DecisionStep, environment: Environment) -> bool:
        watcher = self.evaluator
        assert isinstance(watcher, _Watcher)
        watcher.begin()
        held = False
        try:
            held = super().holds_decision(step, environment)
        finally:
            seen = watcher.end()
            rule = step.rule
            self.trace.append(Step(
                "decision", rule.reason.value, rule.when.node.span, rule.origin, held, None,
                tuple(seen.reads.values()), tuple(seen.rows), tuple(seen.chosen), None, held,
            ))  # fmt: skip
        return held


class TracingMapper(InterpretedMapper):
    """The interpreter's mapper, watched."""

    def explain(self, record: Value) -> Trace:
        """Return the outcome of a record with every step on the way to it."""
        self._steps: list[Step] = []
        outcome = self.run(record, _Watcher(self.options.limits))
        return Trace(outcome, self._steps)

    def _interpreter(self, evaluator: Evaluator, creates: bool = True) -> Interpreter:
        interpreter = _TracingInterpreter(evaluator, creates)
        interpreter.trace = self._steps
        return interpreter
