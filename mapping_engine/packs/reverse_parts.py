"""
What is put together while rules are undone: the payload that is read, gaps, constants, items.
"""

from __future__ import annotations

from msgspec import Struct

from mapping_engine.language import nodes
from mapping_engine.language.nodes import Expression
from mapping_engine.packs.model import FieldRule, Formula, ListPart
from mapping_engine.packs.reverse_calls import Given
from mapping_engine.packs.reverse_nodes import Pen
from mapping_engine.source.text import Span
from mapping_engine.values.types import UNKNOWN, Object, Type

__all__ = ["Gap", "ManyItems", "Payload", "Told", "is_fixed", "overlap", "span_of"]

#: Roots whose members are the same for every record of a run.
_FIXED = ("settings", "firm", "switches")


class Gap(Struct, frozen=True):
    """A rule without a way back: the field it fills, why, and what it reads of the record.

    `doubles` is the rule that brings the same field back already.
    """

    rule: FieldRule
    name: str
    why: str
    reads: tuple[str, ...] = ()
    doubles: FieldRule | None = None


class Payload(Struct, frozen=True):
    """What the way back reads: an object, by bare names or behind an expression."""

    type: Object
    base: Expression | None = None

    def given(self, name: str, pen: Pen) -> Given:
        """Return the value of a field with a dotted name."""
        words = name.split(".")
        kind: Type = self.type
        for word in words:
            inside = kind.fields.get(word, kind.others) if isinstance(kind, Object) else None
            kind = UNKNOWN if inside is None else inside.like(kind)
        tree = pen.path(words) if self.base is None else self.base
        for word in words if self.base is not None else ():
            tree = pen.member(tree, word)
        return Given(tree, kind, tree, kind)


class Told(Struct, frozen=True):
    """A constant that the way out writes, and what the payload says there."""

    rule: FieldRule
    given: Given
    value: Expression


class ManyItems(Struct, frozen=True):
    """A part of a list of the record, made for each item of a list of the payload."""

    list: str
    part: ListPart


def is_fixed(tree: Expression) -> bool:
    """Whether a value is the same for every record: written out, or a setting of the firm."""
    match tree:
        case nodes.Literal(value=value):
            return value is not None
        case nodes.Member(of=nodes.Name(name=root)):
            return root in _FIXED
        case _:
            return False


def overlap(name: str, other: str) -> bool:
    """Whether two dotted names are of the same field, or one is inside the other."""
    return f"{name}.".startswith(f"{other}.") or f"{other}.".startswith(f"{name}.")


def span_of(rule: FieldRule) -> Span:
    """Return where the value of a rule is written, for what is derived of it."""
    return rule.body.node.span if isinstance(rule.body, Formula) else rule.key
