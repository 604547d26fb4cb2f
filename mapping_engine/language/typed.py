"""
The expression tree once it has been checked: what both engines run.

Names have become variables, functions are bound, reading over a list is an explicit
`ForEach`, settings are constants, and every node knows its type. Both engines read this
tree and nothing else, so they cannot disagree about what a name means.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as Word
from typing import TypeAlias

from mapping_engine.functions.catalogue import Function
from mapping_engine.source.text import Span
from mapping_engine.values.types import Type
from mapping_engine.values.value import Value

__all__ = [
    "All", "Any", "Apply", "Calculate", "Compare", "Constant", "Equal", "Filter", "First",
    "ForEach", "Gather", "Get", "IfElse", "IsEmpty", "MakeList", "MakeText", "Negate", "OneOf",
    "Opposite", "Typed", "Variable", "inner",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Every node has a place and a type."""

    span: Span = field(compare=False, repr=False)
    type: Type = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(Checked):
    """A value known before any record is there. `origin` names the setting it came from."""

    value: Value
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable(Checked):
    """What a name stands for. `key` is unique in the program: `record`, `item#3`, `let#work`."""

    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Get(Checked):
    """Member `name` of an object; of nothing, that same nothing."""

    of: Typed
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gather(Checked):
    """The numbered members `<prefix><n><Rest>` of an object as a list of objects, by number."""

    of: Typed
    prefix: str
    slots: tuple[tuple[int, tuple[tuple[str, str], ...]], ...]  # number, (member, full name)…


@dataclass(frozen=True, slots=True, kw_only=True)
class ForEach(Checked):
    """`body` for each item of a list, bound to `key`. Items that give nothing are left out.

    `joins` when the body gives lists, which are joined to one. Of nothing: that nothing.
    """

    of: Typed
    key: str
    body: Typed
    joins: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter(Checked):
    """The items of a list, bound to `key`, that meet `condition`. Of nothing: that nothing."""

    of: Typed
    key: str
    condition: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply(Checked):
    """A function with all its arguments in order, defaults filled in.

    An argument that is nothing makes the result that nothing, unless its parameter
    `takes_nothing`. Every argument is computed first, in order.
    """

    function: Function
    arguments: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculate(Checked):
    """Arithmetic; nothing on either side gives that nothing (the left one first)."""

    operator: Word["+", "-", "*", "/"]
    left: Typed
    right: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Negate(Checked):
    """`-operand`; of nothing, that nothing."""

    operand: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare(Checked):
    """An ordering. Texts with an enum compare by its order (`ranks`). Nothing gives nothing."""

    operator: Word["<", "<=", ">", ">="]
    left: Typed
    right: Typed
    ranks: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Equal(Checked):
    """`==`, or `!=` when negated; always yes or no."""

    left: Typed
    right: Typed
    negated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf(Checked):
    """`item in items`, or `not in`; always yes or no; in a nothing list is nothing."""

    item: Typed
    items: Typed
    negated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IsEmpty(Checked):
    """`is empty`, or `is present` when negated."""

    operand: Typed
    negated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Opposite(Checked):
    """`not operand`."""

    operand: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class All(Checked):
    """`and`, asked from left to right until one does not hold."""

    operands: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Any(Checked):
    """`or`, asked from left to right until one holds."""

    operands: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class First(Checked):
    """`??`: the first operand that is not empty, else the last one as it is."""

    operands: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IfElse(Checked):
    """`if`: only the branch that counts is computed."""

    condition: Typed
    yes: Typed
    no: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeList(Checked):
    """A list literal; items that are nothing are left out."""

    items: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeText(Checked):
    """A text with holes; when one hole is empty, that hole's nothing (blank counts as absent)."""

    parts: tuple[str | Typed, ...]


Typed: TypeAlias = (
    Constant | Variable | Get | Gather | ForEach | Filter | Apply | Calculate | Negate | Compare
    | Equal | OneOf | IsEmpty | Opposite | All | Any | First | IfElse | MakeList | MakeText
)  # fmt: skip


def inner(node: Typed) -> tuple[Typed, ...]:
    """Return the nodes directly inside a node, in the order they are computed."""
    match node:
        case Get(of=of) | Gather(of=of):
            return (of,)
        case ForEach(of=of, body=body):
            return of, body
        case Filter(of=of, condition=condition):
            return of, condition
        case Apply(arguments=arguments):
            return arguments
        case Calculate(left=left, right=right) | Compare(left=left, right=right):
            return left, right
        case Equal(left=left, right=right):
            return left, right
        case OneOf(item=item, items=items):
            return item, items
        case Negate(operand=operand) | IsEmpty(operand=operand) | Opposite(operand=operand):
            return (operand,)
        case All(operands=operands) | Any(operands=operands) | First(operands=operands):
            return operands
        case IfElse(condition=condition, yes=yes, no=no):
            return condition, yes, no
        case MakeList(items=items):
            return items
        case MakeText(parts=parts):
            return tuple(each for each in parts if not isinstance(each, str))
        case _:
            return ()
