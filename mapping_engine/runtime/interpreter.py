"""
Run a mapping on a record: the meaning of a pack.

The order never changes: switch, skips, rejects, payloads and their fields, guards, totals.
The first skip that holds decides; of rejects and refusals all are reported. A record is
atomic: one refused payload rejects it whole. Nothing here is fast on purpose; the compiled
mapper is held equal to this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from msgspec import Struct

from mapping_engine.language.environment import Environment, Later
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.language.typed import Typed
from mapping_engine.runtime.guards import guard
from mapping_engine.runtime.ordering import gather, in_order
from mapping_engine.runtime.problems import required_value_missing
from mapping_engine.runtime.program import (
    Build,
    Compute,
    DecisionStep,
    FieldStep,
    HelperStep,
    MakeItems,
    MakeObject,
    Occasion,
    PartStep,
)
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.value import MISSING, Value, is_empty, is_nothing

__all__ = ["Interpreter", "Refused", "put"]


class Refused(Struct, frozen=True):
    """A refusal, with the payload field that it keeps from being filled."""

    refusal: Refusal
    field: str | None

    def __post_init__(self) -> None:
        """Let go of the frames that the refusal came through: they hold it in turn."""
        self.refusal.__traceback__ = None


@dataclass(eq=False)
class Interpreter:
    """Builds the values of one payload; collects what is refused on the way."""

    evaluator: Evaluator
    occasion: Occasion
    refused: list[Refused] = field(default_factory=list)

    def applies(self, step: FieldStep) -> bool:
        """Return whether a field is filled on this occasion."""
        return step.occasions is None or self.occasion in step.occasions

    def holds(self, condition: Typed | None, environment: Environment) -> bool:
        """Return whether a condition holds; none always does."""
        return condition is None or self.evaluator.holds(condition, environment)

    def decide(
        self, steps: Sequence[DecisionStep], environment: Environment
    ) -> Iterator[DecisionStep]:
        """Yield the decisions that hold, in pack order."""
        for step in steps:
            if self.holds_decision(step, environment):
                yield step

    def holds_decision(self, step: DecisionStep, environment: Environment) -> bool:
        """Return whether a decision's condition holds."""
        return self.evaluator.holds(step.condition, environment)

    def add_helpers(self, helpers: Sequence[HelperStep], environment: Environment) -> None:
        """Make helpers known: each is computed when it is first asked."""
        for helper in helpers:
            build = helper.build
            definition = build.expression if isinstance(build, Compute) else None
            environment.bind(helper.key, Later(_Helper(self, helper, environment), definition))

    def build(self, step: Build, environment: Environment, place: str) -> Value:
        """Return what a rule makes; raises `Refusal`, but for members, whose are collected."""
        match step:
            case Compute(expression=expression):
                return self.evaluator.value(expression, environment)
            case MakeObject(fields=fields):
                return self.members(fields, environment, place)
            case MakeItems(parts=parts):
                items: list[Value] = []
                for part in parts:
                    items.extend(self.items(part, environment, place, len(items)))
                return items

    def members(self, fields: Sequence[FieldStep], environment: Environment, place: str) -> Value:
        """Return an object of the fields that are set; absent when none is."""
        made: dict[str, Value] = {}
        for step in fields:
            value = self.field(step, environment, _member_place(place, step.name))
            if value is not MISSING:
                put(made, step, value)
        return made or MISSING

    def field(self, step: FieldStep, environment: Environment, place: str) -> Value:
        """Return the value of one field after its policies; a refusal is collected here."""
        before = len(self.refused)
        try:
            if not self.applies(step) or not self.holds(step.when, environment):
                return MISSING
            value = self.build(step.build, environment, place)
            value = _settled(value, step, place)
            # What is refused inside is told already, and makes lists shorter than they are.
            if len(self.refused) == before and step.guard is not None and not is_nothing(value):
                guard(value, step)
        except Refusal as refusal:
            value = MISSING
            self.refused.append(Refused(refusal, place))
        if step.rule.on_error == "omit" and len(self.refused) > before:
            del self.refused[before:]
            return MISSING
        return value

    def items(
        self, part: PartStep, environment: Environment, place: str, before: int,
        *, bare: bool = False,
    ) -> list[Value]:  # fmt: skip
        """Return the items of one part of a list; `bare`: a single one has no number."""
        if not self.holds(part.when, environment):
            return []
        made: list[Value] = []
        for inside in self.rounds(part, environment):
            self.add_helpers(part.helpers, inside)
            is_single = bare and part.each is None
            numbered = place if is_single else _item_place(place, before + len(made))
            value = self.build(part.build, inside, numbered)
            if part.joins and isinstance(value, list):
                made.extend(value)
            elif not is_empty(value):
                made.append(value)
        return made

    def rounds(self, part: PartStep, environment: Environment) -> Iterator[Environment]:
        """Yield an environment for each item, or each group, of what a part goes over."""
        if part.each is None:
            yield Environment(outer=environment)
            return
        items = self.evaluator.value(part.each, environment)
        if not isinstance(items, list):
            return
        insides = [
            environment.inside(part.item_key, item, part.each, index)
            for index, item in enumerate(items)
        ]
        self.evaluator.count(len(items), part.each.span, environment)
        insides = in_order(insides, part.order_by, self.evaluator)
        if part.group is not None:
            groups = gather(insides, part, self.evaluator, environment)
            insides = list(groups)
        for position, inside in enumerate(insides, start=1):
            inside.bind("@position", Decimal(position))
            yield inside


class _Helper(Struct, frozen=True):
    """What computes one helper. A helper that is refused refuses whoever asks it."""

    interpreter: Interpreter
    step: HelperStep
    environment: Environment

    def __call__(self) -> Value:
        nested = Interpreter(self.interpreter.evaluator, self.interpreter.occasion)
        value = nested.build(self.step.build, self.environment, self.step.name)
        if nested.refused:
            raise nested.refused[0].refusal
        return value


def _settled(value: Value, step: FieldStep, place: str) -> Value:
    """Return the value after `on_empty`; absent where the field is left out."""
    rule = step.rule
    if not is_empty(value) or (step.sends_blank and not is_nothing(value)):
        return value
    if rule.on_empty == "reject":
        refusal = Refusal(required_value_missing, None, place)
        refusal.span = rule.key
        raise refusal
    if rule.on_empty == "null":
        return None
    if rule.on_empty is None and value is None and step.target.null:
        return None
    return MISSING


def put(made: dict[str, Value], step: FieldStep, value: Value) -> None:
    """Set the value of a field; a list over numbered fields goes to those of its items."""
    for word in step.path[:-1]:
        inner = made.setdefault(word, {})
        assert isinstance(inner, dict)
        made = inner
    if not step.slots:
        made[step.path[-1]] = value
        return
    items = value if isinstance(value, list) else ()
    for slot, item in zip(step.slots, items, strict=False):
        members = item if isinstance(item, dict) else {}
        made.update((slot[name], each) for name, each in members.items())


def _member_place(place: str, name: str) -> str:
    """Return the place of a member; `phone1#` is the first item of `phone#`."""
    if place.endswith("#"):
        return place[:-1] + name
    return f"{place}.{name}" if place else name


def _item_place(place: str, before: int) -> str:
    return f"{place[:-1]}{before + 1}#" if place.endswith("#") else f"{place}[{before}]"
