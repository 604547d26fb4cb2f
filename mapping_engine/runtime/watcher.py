"""
Evaluate expressions and note what is read, which rows answer, and which alternatives count.

What a helper read stands with the helper, as often as it is asked: a field that asks second
shows the same as the one that asked first. Nothing is computed twice to be noted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from msgspec import Struct, field

from mapping_engine.language.environment import Environment
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.language.places import chosen_place, place_of
from mapping_engine.language.typed import (
    Apply,
    Constant,
    First,
    Get,
    IfElse,
    Typed,
    Variable,
    inner,
)
from mapping_engine.packs.connector_rows import RowSource
from mapping_engine.packs.lookups import Answered, Backward, Lookup
from mapping_engine.packs.model import Row
from mapping_engine.runtime.program import Compute, HelperStep
from mapping_engine.source.limits import Limits
from mapping_engine.source.text import Span
from mapping_engine.values.privacy import holds_private
from mapping_engine.values.types import List, Object
from mapping_engine.values.value import MISSING, Value

__all__ = ["Facts", "Given", "HelperUse", "Read", "RowHit", "Watcher"]


class Read(Struct, frozen=True):
    """A value that was read in the record."""

    place: str
    value: Value
    private: bool


class Given(Struct, frozen=True):
    """A value that comes from elsewhere: a setting, the firm, the run, a role, a link."""

    name: str
    value: Value
    private: bool = False


class RowHit(Struct, frozen=True, eq=False):
    """The row that a table answered with; None when no row fitted."""

    table: str
    row: Row | None
    inputs: tuple[str, ...] = ()
    private: bool = False

    @property
    def is_firms(self) -> bool:
        """Whether the firm wrote the row."""
        return self.row is not None and self.row.origin.layer == "firm"


class HelperUse(Struct, frozen=True):
    """A helper that was asked: its rule, what it gave, and what that came from."""

    name: str
    rule: Span
    value: Value
    private: bool
    facts: Facts
    is_refused: bool = False


class Facts(Struct, eq=False):
    """What one rule looked at, in the order in which it did."""

    reads: dict[str, Read] = field(default_factory=dict)
    given: dict[str, Given] = field(default_factory=dict)
    rows: list[RowHit] = field(default_factory=list)
    #: The alternatives of `??` and `if` that counted, as written.
    chosen: list[Span] = field(default_factory=list)
    helpers: dict[str, HelperUse] = field(default_factory=dict)

    def take(self, other: Facts) -> None:
        """Take in what another rule looked at."""
        self.reads |= other.reads
        self.given |= other.given
        self.rows.extend(other.rows)
        self.chosen.extend(other.chosen)
        self.helpers |= other.helpers

    def __bool__(self) -> bool:
        return bool(self.reads or self.given or self.rows or self.helpers)


class Watcher(Evaluator):
    """An evaluator that notes what it does in the facts opened last."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        #: The helpers that the program has made known, by key.
        self.helpers: dict[str, HelperStep] = {}
        self._open: list[Facts] = [Facts()]
        self._told: dict[str, Facts] = {}
        self._values: dict[int, Value] = {}

    def begin(self) -> None:
        """Start noting for something of its own."""
        self._open.append(Facts())

    def end(self) -> Facts:
        """Return what was noted since `begin`."""
        return self._open.pop()

    def add(self, facts: Facts) -> None:
        """Take facts that belong to what is being noted now."""
        self._open[-1].take(facts)

    def value(self, node: Typed, environment: Environment) -> Value:
        """Return the value of a node, and note what it shows."""
        if isinstance(node, Variable) and node.key in self.helpers:
            value = self._helper(node, environment)
        elif isinstance(node, First | IfElse | Apply):
            value = self._chosen(node, environment)
        else:
            value = super().value(node, environment)
            self._note(node, environment, value)
        self._values[id(node)] = value
        return value

    def _helper(self, node: Variable, environment: Environment) -> Value:
        self.begin()
        value: Value = MISSING
        refused = True
        try:
            value = super().value(node, environment)
            refused = False
        finally:
            seen = self.end()
            # A helper is computed once; who asks later is told what it read then.
            facts = self._told[node.key] = seen or self._told.get(node.key, seen)
            step = self.helpers[node.key]
            rule = step.build.expression.span if isinstance(step.build, Compute) else step.span
            private = holds_private(node.type)
            use = HelperUse(node.name, rule, value, private, facts, refused)
            self._open[-1].helpers[node.name] = use
        return value

    def _chosen(self, node: First | IfElse | Apply, environment: Environment) -> Value:
        """Compute a node of which not every operand is computed, and note those that were."""
        for each in inner(node):
            self._values.pop(id(each), None)
        value: Value = MISSING
        try:
            value = super().value(node, environment)
        finally:
            known = {id(each): self._values[id(each)] for each in inner(node)
                     if id(each) in self._values}  # fmt: skip
            if isinstance(node, Apply):
                self._note_call(node, known, value)
            elif len(known) > isinstance(node, IfElse):
                branches = node.operands if isinstance(node, First) else (node.yes, node.no)
                taken = [each for each in branches if id(each) in known]
                self._open[-1].chosen.extend(each.span for each in taken[-1:])
        return value

    def _note(self, node: Typed, environment: Environment, value: Value) -> None:
        facts = self._open[-1]
        if isinstance(node, Constant):
            if node.origin is not None and not isinstance(value, dict):
                facts.given[node.origin] = Given(node.origin, value)
        elif isinstance(node, Variable | Get) and not isinstance(node.type, Object | List):
            place = place_of(node, environment) or self._place_chosen(node, environment)
            if place:
                facts.reads[place] = Read(place, value, node.type.private)
            else:
                name = _of_run(node)
                if name is not None:
                    facts.given[name] = Given(name, value, node.type.private)

    def _place_chosen(self, node: Typed, environment: Environment) -> str | None:
        """Return the place of a member of what a function chose of a list."""
        if not isinstance(node, Get):
            return None
        above = self._place_chosen(node.of, environment)
        if above is None:
            value = self._values.get(id(node.of), MISSING)
            above = chosen_place(node.of, value, environment)
        return f"{above}.{node.name}" if above else None

    def _note_call(self, node: Apply, known: Mapping[int, Value], value: Value) -> None:
        body, name = node.function.body, node.function.name
        values = [known.get(id(each), MISSING) for each in node.arguments]
        if len(known) < len(node.arguments):
            return  # an argument was refused
        if isinstance(body, Lookup | Backward):
            self._note_row(body, values)
        elif isinstance(body, Answered):
            references, *asked_for = values
            self._note_row(body.body(cast(RowSource, references)), asked_for)
        elif name in ("role", "link", "linked", "link_version"):
            asked = " ".join(node.span.text.split())
            private = any(each.type.private for each in node.arguments)
            self._open[-1].given[asked] = Given(asked, value, private)

    def _note_row(self, body: Lookup | Backward, values: list[Value]) -> None:
        found = body.find(*values)
        table = body.table
        private = any(each.type.private for each in (*table.inputs, *table.outputs))
        inputs = tuple(each.name for each in table.inputs)
        hit = RowHit(table.name, found.row if found else None, inputs, private)
        if not any(hit.row is each.row and hit.table == each.table for each in self._open[-1].rows):
            self._open[-1].rows.append(hit)


def _of_run(node: Typed) -> str | None:
    """Return the name of something that the run fixes, as expressions write it."""
    match node:
        case Get(of=Variable(key="run"), name=name):
            return f"run.{name}"
        case Get(of=Get(of=Variable(key="run")) as outer, name=name):
            return f"run.{outer.name}.{name}"
        case _:
            return None
