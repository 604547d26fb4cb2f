"""
The expression tree once it has been checked: what both engines run.

Names have become variables, functions are bound, reading over a list is an explicit
`ForEach`, settings are constants, and every node knows its type. Both engines read this
tree and nothing else, so they cannot disagree about what a name means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any as Anything
from typing import Literal as Word
from typing import TypeAlias

from mapping_engine.functions.catalogue import Function
from mapping_engine.language.meaning import Meant
from mapping_engine.source.text import Span
from mapping_engine.values.types import Type
from mapping_engine.values.value import Value

__all__ = [
    "All", "Any", "Apply", "Calculate", "Checked", "Compare", "Constant", "Equal", "Filter",
    "First", "ForEach", "Gather", "Get", "IfElse", "IsEmpty", "MakeList", "MakeText", "Negate",
    "OneOf", "Opposite", "Typed", "Variable", "inner",
]  # fmt: skip


class Checked(Meant, frozen=True, kw_only=True):
    """Every node has a place and a type."""

    span: Span
    type: Type


class Constant(Checked, frozen=True, kw_only=True):
    """A value known before any record is there. `origin` names the setting it came from."""

    value: Value
    origin: str | None = None


class Variable(Checked, frozen=True, kw_only=True):
    """What a name stands for. `key` is unique in the program: `record`, `item#3`, `let#work`."""

    key: str
    name: str


class Get(Checked, frozen=True, kw_only=True):
    """Member `name` of an object; of nothing, that same nothing."""

    of: Typed
    name: str


class Gather(Checked, frozen=True, kw_only=True):
    """The numbered members `<prefix><n><Rest>` of an object as a list of objects, by number."""

    of: Typed
    prefix: str
    slots: tuple[tuple[int, tuple[tuple[str, str], ...]], ...]  # number, (member, full name)…


class ForEach(Checked, frozen=True, kw_only=True):
    """`body` for each item of a list, bound to `key`. Items that give nothing are left out.

    `joins` when the body gives lists, which are joined to one. Of nothing: that nothing.
    """

    of: Typed
    key: str
    body: Typed
    joins: bool


class Filter(Checked, frozen=True, kw_only=True):
    """The items of a list, bound to `key`, that meet `condition`. Of nothing: that nothing."""

    of: Typed
    key: str
    condition: Typed


class Apply(Checked, frozen=True, kw_only=True):
    """A function with all its arguments in order, defaults filled in.

    An argument that is nothing makes the result that nothing, unless its parameter
    `takes_nothing`. Every argument is computed first, in order.
    """

    function: Function
    arguments: tuple[Typed, ...]


class Calculate(Checked, frozen=True, kw_only=True):
    """Arithmetic; nothing on either side gives that nothing (the left one first)."""

    operator: Word["+", "-", "*", "/"]
    left: Typed
    right: Typed


class Negate(Checked, frozen=True, kw_only=True):
    """`-operand`; of nothing, that nothing."""

    operand: Typed


class Compare(Checked, frozen=True, kw_only=True):
    """An ordering. Texts with an enum compare by its order (`ranks`). Nothing gives nothing."""

    operator: Word["<", "<=", ">", ">="]
    left: Typed
    right: Typed
    ranks: tuple[str, ...] | None = None


class Equal(Checked, frozen=True, kw_only=True):
    """`==`, or `!=` when negated; always yes or no."""

    left: Typed
    right: Typed
    negated: bool


class OneOf(Checked, frozen=True, kw_only=True):
    """`item in items`, or `not in`; always yes or no; in a nothing list is nothing."""

    item: Typed
    items: Typed
    negated: bool


class IsEmpty(Checked, frozen=True, kw_only=True):
    """`is empty`, or `is present` when negated."""

    operand: Typed
    negated: bool


class Opposite(Checked, frozen=True, kw_only=True):
    """`not operand`."""

    operand: Typed


class All(Checked, frozen=True, kw_only=True):
    """`and`, asked from left to right until one does not hold."""

    operands: tuple[Typed, ...]


class Any(Checked, frozen=True, kw_only=True):
    """`or`, asked from left to right until one holds."""

    operands: tuple[Typed, ...]


class First(Checked, frozen=True, kw_only=True):
    """`??`: the first operand that is not empty, else the last one as it is."""

    operands: tuple[Typed, ...]


class IfElse(Checked, frozen=True, kw_only=True):
    """`if`: only the branch that counts is computed."""

    condition: Typed
    yes: Typed
    no: Typed


class MakeList(Checked, frozen=True, kw_only=True):
    """A list literal; items that are nothing are left out."""

    items: tuple[Typed, ...]


class MakeText(Checked, frozen=True, kw_only=True):
    """A text with holes; when one hole is empty, that hole's nothing (blank counts as absent)."""

    parts: tuple[str | Typed, ...]


Typed: TypeAlias = (
    Constant | Variable | Get | Gather | ForEach | Filter | Apply | Calculate | Negate | Compare
    | Equal | OneOf | IsEmpty | Opposite | All | Any | First | IfElse | MakeList | MakeText
)  # fmt: skip


def inner(node: Typed) -> tuple[Typed, ...]:
    """Return the nodes directly inside a node, in the order they are computed."""
    inside = _INSIDE.get(type(node))
    return inside(node) if inside is not None else ()


#: What gives the nodes inside a node of each kind that has some.
_INSIDE: Mapping[type[Checked], Callable[[Anything], tuple[Typed, ...]]] = {
    Get: lambda node: (node.of,),
    Gather: lambda node: (node.of,),
    ForEach: attrgetter("of", "body"),
    Filter: attrgetter("of", "condition"),
    Apply: attrgetter("arguments"),
    Calculate: attrgetter("left", "right"),
    Compare: attrgetter("left", "right"),
    Equal: attrgetter("left", "right"),
    OneOf: attrgetter("item", "items"),
    Negate: lambda node: (node.operand,),
    IsEmpty: lambda node: (node.operand,),
    Opposite: lambda node: (node.operand,),
    All: attrgetter("operands"),
    Any: attrgetter("operands"),
    First: attrgetter("operands"),
    IfElse: attrgetter("condition", "yes", "no"),
    MakeList: attrgetter("items"),
    MakeText: lambda node: tuple(each for each in node.parts if not isinstance(each, str)),
}
