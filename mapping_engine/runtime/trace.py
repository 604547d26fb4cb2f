"""
Watch one record being mapped: what each rule read, what it found, what it gave.

Tracing wraps the interpreter and its evaluator from outside; neither has a branch for it.
A step is told for every decision that was asked and every field that was filled, left out
or refused, with what it looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal as Word

from msgspec import Struct, field

from mapping_engine.language.environment import Environment
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.language.typed import Typed
from mapping_engine.packs.model import FieldRule, ListPart, Origin, PayloadRule
from mapping_engine.runtime.interpreter import Interpreter
from mapping_engine.runtime.mapper import InterpretedMapper
from mapping_engine.runtime.outcome import Outcome
from mapping_engine.runtime.program import (
    Build,
    Compute,
    DecisionStep,
    FieldStep,
    HelperStep,
    Occasion,
    PartStep,
)
from mapping_engine.runtime.watcher import Facts, Given, HelperUse, Read, RowHit, Watcher
from mapping_engine.source.text import Span
from mapping_engine.values.privacy import holds_private
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.value import MISSING, Value

__all__ = ["Facts", "Given", "HelperUse", "Read", "RowHit", "Step", "Trace", "TracingMapper"]


class Step(Struct, frozen=True, eq=False):
    """What one rule did. `name` is a place in the payload, or a decision's reason.

    `held` is about decisions. `unmet` is the condition that kept a field, or a part of a
    list, from being there; `written` is the rule as the pack has it. A field that was
    `refused` is left out where its rule says `on_error: omit`.
    """

    kind: Word["decision", "field", "list", "part"]
    name: str
    rule: Span
    origin: Origin | None
    value: Value
    facts: Facts
    private: bool = False
    refused: Refusal | None = None
    held: bool = False
    unmet: Span | None = None
    written: FieldRule | None = None


class Trace(Struct, eq=False):
    """Everything that was seen while one record was mapped."""

    outcome: Outcome
    steps: list[Step] = field(default_factory=list)


class _Tracing(Interpreter):
    """An interpreter that tells every field it fills, leaves out or refuses."""

    def __init__(self, watcher: Watcher, occasion: Occasion, steps: list[Step]) -> None:
        super().__init__(watcher, occasion)
        self.watcher = watcher
        self.steps = steps
        self.unmet: Span | None = None
        self.caught: Refusal | None = None

    def add_helpers(self, helpers: Sequence[HelperStep], environment: Environment) -> None:
        self.watcher.helpers.update((each.key, each) for each in helpers)
        super().add_helpers(helpers, environment)

    def holds(self, condition: Typed | None, environment: Environment) -> bool:
        held = super().holds(condition, environment)
        self.unmet = None if held or condition is None else condition.span
        return held

    def build(self, step: Build, environment: Environment, place: str) -> Value:
        try:
            return super().build(step, environment, place)
        except Refusal as refusal:
            self.caught = refusal
            raise

    def field(self, step: FieldStep, environment: Environment, place: str) -> Value:
        refused, told = len(self.refused), len(self.steps)
        self.unmet = self.caught = None
        self.watcher.begin()
        value = super().field(step, environment, place)
        facts = self.watcher.end()
        is_whole = len(self.steps) == told
        unmet = self.unmet if is_whole else None
        if is_whole or facts:
            rule = step.build.expression.span if isinstance(step.build, Compute) else step.rule.key
            found = self.refused[refused].refusal if len(self.refused) > refused else self.caught
            self.steps.insert(told, Step(
                "field" if is_whole else "list", place, rule, step.rule.origin, value, facts,
                holds_private(step.type), found if is_whole else None,
                unmet=unmet, written=step.rule,
            ))  # fmt: skip
        self.unmet = self.caught = None
        return value

    def items(
        self, part: PartStep, environment: Environment, place: str, before: int,
        *, bare: bool = False,
    ) -> list[Value]:  # fmt: skip
        self.watcher.begin()
        try:
            made = super().items(part, environment, place, before, bare=bare)
        finally:
            facts = self.watcher.end()
        if not made and self.unmet is not None:
            name = _part_name(part.rule, place)
            self.steps.append(Step("part", name, self.unmet, part.rule.origin, MISSING, facts,
                                   unmet=self.unmet))  # fmt: skip
            self.unmet = None
        else:
            self.watcher.add(facts)
        return made

    def holds_decision(self, step: DecisionStep, environment: Environment) -> bool:
        self.watcher.begin()
        held, refused = False, None
        try:
            held = super().holds_decision(step, environment)
        except Refusal as refusal:
            refused = refusal
            raise
        finally:
            facts = self.watcher.end()
            self.steps.append(Step(
                "decision", step.rule.reason.value, step.rule.when.node.span, step.rule.origin,
                held, facts, refused=refused, held=held,
            ))  # fmt: skip
        return held


def _part_name(rule: ListPart | PayloadRule, place: str) -> str:
    if isinstance(rule, PayloadRule):
        return rule.name
    return f"{place}, part `{rule.name}`" if rule.name else f"{place}, one part"


class _Notes(Watcher):
    """A watcher that carries the steps of its record."""

    def __init__(self, mapper: InterpretedMapper) -> None:
        super().__init__(mapper.options.limits)
        self.steps: list[Step] = []


class TracingMapper(InterpretedMapper):
    """The interpreter's mapper, which can also tell how it came to an outcome."""

    def explain(self, record: Value) -> Trace:
        """Return the outcome of a record with every step on the way to it."""
        notes = _Notes(self)
        return Trace(self.run(record, notes), notes.steps)

    def _interpreter(self, evaluator: Evaluator, occasion: Occasion = "create") -> Interpreter:
        if isinstance(evaluator, _Notes):
            return _Tracing(evaluator, occasion, evaluator.steps)
        return super()._interpreter(evaluator, occasion)
