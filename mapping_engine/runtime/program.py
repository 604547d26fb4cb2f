"""
A pack that can run: every expression typed, every function bound, every constant folded.

If a `Program` exists and its report has no errors, both engines can run it. Nothing in it
is text any more, and nothing in it knows a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal as Word
from typing import TypeAlias

from msgspec import Struct, field

from mapping_engine.language.nodes import Expression
from mapping_engine.language.typed import Typed
from mapping_engine.packs.model import Decision, FieldRule, ListPart, Pack, PayloadRule, Total
from mapping_engine.packs.reasons import ENGINE_REASONS, EngineReason
from mapping_engine.packs.reverse import Reversal
from mapping_engine.packs.tables import TypedTable
from mapping_engine.source.text import Span
from mapping_engine.values.types import Object, Type

__all__ = [
    "Build", "Compute", "DecisionStep", "FieldStep", "Grouping",
    "HelperStep", "MakeItems", "MakeObject", "MappingProgram", "Occasion", "PartStep",
    "PayloadProgram", "Program", "SideStep", "TotalStep", "back_of",
]  # fmt: skip


class Compute(Struct, frozen=True):
    """A value from an expression, a text, or a template."""

    expression: Typed

    @property
    def type(self) -> Type:
        """What it yields."""
        return self.expression.type


class MakeObject(Struct, frozen=True):
    """An object, member by member; left out when none of them is set."""

    fields: tuple[FieldStep, ...]
    type: Object


class MakeItems(Struct, frozen=True):
    """A list, its parts joined in order."""

    parts: tuple[PartStep, ...]
    type: Type


Build: TypeAlias = Compute | MakeObject | MakeItems


#: For what a payload is made: a record that the target does not have, one that it has, or one
#: that it has to be compared with what was sent before.
Occasion: TypeAlias = Word["create", "update", "compare"]


class FieldStep(Struct, frozen=True):
    """One field of a payload.

    `path` is the dotted name taken apart. `target` is what the schema says of the field.
    With `slots` a list is spread over numbered fields: for each item, the field behind each
    of its members.
    `guard` is the target type again where something of it could not be proved and must be
    tested on every value; None where everything is proved.
    `occasions` are those for which the field is filled; None stands for all.
    """

    path: tuple[str, ...]
    rule: FieldRule
    build: Build
    target: Type
    type: Type
    when: Typed | None = None
    guard: Type | None = None
    slots: tuple[Mapping[str, str], ...] = ()
    occasions: tuple[Occasion, ...] | None = None

    @property
    def name(self) -> str:
        """The dotted name."""
        return ".".join(self.path)

    @property
    def sends_blank(self) -> bool:
        """Whether a blank text or an empty list is sent as it is: the target demands the field."""
        return self.rule.on_empty is None and not self.target.absent


class HelperStep(Struct, frozen=True):
    """A helper: computed when first asked, under its key."""

    key: str
    name: str
    build: Build
    span: Span


class Grouping(Struct, frozen=True):
    """How items are gathered: by which keys, and under which keys the group is known."""

    keys: tuple[tuple[str, Typed], ...]
    keys_key: str  # the object of the group keys, which bare names read
    items_key: str  # `group`, the list of the items


class PartStep(Struct, frozen=True):
    """One part of a list: an item for each of something (or of each group), or one item."""

    rule: ListPart | PayloadRule
    build: Build
    when: Typed | None = None
    each: Typed | None = None
    item_key: str = ""
    group: Grouping | None = None
    order_by: tuple[Typed, ...] = ()
    helpers: tuple[HelperStep, ...] = ()
    joins: bool = False  # a formula that gives a list: its items are joined
    #: What every item is tested against, where something of it could not be proved.
    guard: Type | None = None


class DecisionStep(Struct, frozen=True):
    """A skip, a reject or a warning."""

    rule: Decision
    condition: Typed
    because: Typed | None


class SideStep(Struct, frozen=True):
    """One side of a control total: an amount, or amounts by a key of each of something."""

    amount: Typed
    each: Typed | None = None
    item_key: str = ""
    by: Typed | None = None


class TotalStep(Struct, frozen=True):
    """A control total: the side that was read, and the side that was made of it.

    `declared` are the differences, by name, that may be between the two.
    """

    rule: Total
    read: SideStep
    made: SideStep
    when: Typed | None = None
    declared: tuple[tuple[str, SideStep], ...] = ()

    @property
    def sides(self) -> tuple[SideStep, ...]:
        """All that is added up."""
        return self.read, self.made, *(side for _, side in self.declared)


class PayloadProgram(Struct, frozen=True):
    """One kind of payload of a record. `part` says for what it is built, and how."""

    rule: PayloadRule
    part: PartStep
    object: str
    operation: str
    match: tuple[tuple[str, ...], ...]
    target: Object
    write_back: tuple[FieldStep, ...] = ()


class MappingProgram(Struct, frozen=True):
    """One record kind of a pack, ready to run in one direction.

    `reads` is the type of what comes in; `switched_off` the switch that is off.
    """

    name: str
    kind: str
    direction: Word["out", "in"]
    reads: Object
    input_key: str
    skip: tuple[DecisionStep, ...]
    reject: tuple[DecisionStep, ...]
    warn: tuple[DecisionStep, ...]
    helpers: tuple[HelperStep, ...]
    payloads: tuple[PayloadProgram, ...]
    totals: tuple[TotalStep, ...]
    span: Span
    switched_off: str | None = None
    envelope: str | None = None
    #: What likely doubles have in common, by name.
    duplicates: tuple[tuple[str, Typed], ...] = ()
    #: What may not hold of the record that is made (of one that is read: see `reject`).
    broken: tuple[DecisionStep, ...] = ()


class Program(Struct, frozen=True):
    """A pack in force, ready to run. Mappings by name; a record kind has one per direction.

    The way back of a two-way mapping stands under its own name (`back_of`), and what was
    derived for it in `reversals`, by the name of the mapping.
    """

    pack: Pack
    mappings: Mapping[str, MappingProgram] = field(default_factory=dict)
    #: How many target constraints are tested at run time, of how many fields.
    guarded: tuple[FieldStep, ...] = ()
    fields: int = 0
    tables: Mapping[str, TypedTable] = field(default_factory=dict)
    #: The parsed formulas, by the identity of their node in YAML.
    trees: Mapping[int, Expression] = field(default_factory=dict)
    #: When the account of a role is needed, for the roles that say so.
    needed: Mapping[str, Typed] = field(default_factory=dict)
    #: The conditions of `preflight:`.
    preflight: Mapping[str, Typed] = field(default_factory=dict)
    reversals: Mapping[str, Reversal] = field(default_factory=dict)

    def reason(self, name: str) -> EngineReason | None:
        """Return the sentence of a reason and what to do, the pack's own first."""
        own = self.pack.reasons.get(name)
        return EngineReason(own.because, own.do or "") if own else ENGINE_REASONS.get(name)

    def find(self, record: str, direction: Word["out", "in"]) -> MappingProgram | None:
        """Return the mapping of a record kind (or payload object) in one direction."""
        return next(
            (
                each
                for each in self.mappings.values()
                if each.direction == direction and record in (each.kind, each.name)
            ),
            None,
        )


def back_of(name: str) -> str:
    """Return the name under which the way back of a two-way mapping stands; no file has it."""
    return f"{name} (back)"
