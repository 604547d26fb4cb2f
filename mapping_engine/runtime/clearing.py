"""
Find what a record clears: fields whose rule was asked and came out empty.

A payload says nothing of such a field when the target takes no null, as it says nothing of
what the record does not speak of. An update must tell the two apart: what is absent is never
cleared, what is null is, and where the target cannot be cleared the update is refused.
"""

from __future__ import annotations

from msgspec import Struct

from mapping_engine.language.environment import Environment
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.runtime.interpreter import Interpreter
from mapping_engine.runtime.mapper import InterpretedMapper
from mapping_engine.runtime.program import FieldStep, MakeItems, Occasion
from mapping_engine.source.limits import Limits
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import List, Object, Text, Type
from mapping_engine.values.value import MISSING, Value, is_empty

__all__ = ["Emptied", "emptied"]


class Emptied(Struct, frozen=True):
    """A field that came out empty, and what tells the target so: null, a blank, an empty list."""

    step: FieldStep
    told: Value
    can_be_cleared: bool = True


def emptied(mapper: InterpretedMapper, record: Value) -> dict[str, Emptied]:
    """Return the fields that a record clears, by their place as messages have it."""
    notes = _Notes(mapper.options.limits)
    asking = _AskingMapper(mapper.program, mapper.mapping, mapper.options)
    asking.run(record, notes)
    return notes.found


class _Notes(Evaluator):
    """An evaluator that carries what was found of its record."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.found: dict[str, Emptied] = {}


class _AskingMapper(InterpretedMapper):
    """The interpreter's mapper, with an interpreter that asks what comes out empty."""

    def _interpreter(self, evaluator: Evaluator, occasion: Occasion = "create") -> Interpreter:
        if isinstance(evaluator, _Notes):
            return _Asking(evaluator, occasion, evaluator.found)
        return super()._interpreter(evaluator, occasion)


class _Asking(Interpreter):
    """An interpreter that notes each field that is left out because its value is empty."""

    def __init__(self, evaluator: Evaluator, occasion: Occasion, found: dict[str, Emptied]) -> None:
        super().__init__(evaluator, occasion)
        self.found = found

    def field(self, step: FieldStep, environment: Environment, place: str) -> Value:
        value = super().field(step, environment, place)
        if step.rule.on_empty == "omit":  # the pack says that nothing is to be said of it
            return value
        raw = self._unsettled(step, environment, place) if value is MISSING else value
        if step.slots and self._speaks(step, environment):
            self._note_slots(step, raw, place)
        elif value is MISSING and raw is not MISSING and is_empty(raw):
            self.found[place] = _emptied(step, raw, step.target)
        return value

    def _unsettled(self, step: FieldStep, environment: Environment, place: str) -> Value:
        """Return what the rule yields before what is empty is left out; absent when refused."""
        alone = Interpreter(self.evaluator, self.occasion)
        try:
            if not self.applies(step) or not self.holds(step.when, environment):
                return MISSING
            if not self._speaks(step, environment):
                return MISSING
            value = alone.build(step.build, environment, place)
        except Refusal:
            return MISSING
        return MISSING if alone.refused else value

    def _speaks(self, step: FieldStep, environment: Environment) -> bool:
        """Whether the record says anything of a list: an absent list says nothing."""
        if not isinstance(step.build, MakeItems):
            return True
        return any(
            self.holds(part.when, environment)
            and part.each is not None
            and self.evaluator.value(part.each, environment) is not MISSING
            for part in step.build.parts
        )

    def _note_slots(self, step: FieldStep, raw: Value, place: str) -> None:
        """Note the numbered fields that a list leaves free: it says that there are no more."""
        if raw is not None and not isinstance(raw, list):
            return
        item = step.target.item if isinstance(step.target, List) else step.target
        members = item.fields if isinstance(item, Object) else {}
        above = place.rpartition(".")[0]
        for slot in step.slots:
            for member, full in slot.items():
                name = f"{above}.{full}" if above else full
                self.found[name] = _emptied(step, None, members.get(member, item))


def _emptied(step: FieldStep, raw: Value, target: Type) -> Emptied:
    """Return what tells the target that a field is empty now, if it can be told."""
    if isinstance(raw, list) and isinstance(target, List) and not target.min_items:
        return Emptied(step, [])
    if not target.null and isinstance(raw, str) and isinstance(target, Text):
        return Emptied(step, raw, target.blank and not target.min_length)
    return Emptied(step, None, target.null)
