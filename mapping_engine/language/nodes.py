"""
The expression tree, as written.

Frozen records with spans; two trees are equal when they mean the same text, whatever
their places. `x | f(a)` is a `Call` whose first argument is `x` and which remembers that
it was piped, so that the formatter can write it back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, TypeAlias
from typing import Literal as Word

from mapping_engine.language.meaning import Meant
from mapping_engine.source.text import Span

__all__ = [
    "Argument", "Arithmetic", "Binary", "Call", "Choose", "Comparison", "Compute", "Conditional",
    "Emptiness", "Expression", "Fallback", "ListOf", "Literal", "Logic", "Member", "Membership",
    "Name", "Negative", "Not", "Numbered", "TextParts", "Unreadable", "children",
]  # fmt: skip


class Placed(Meant, frozen=True, kw_only=True):
    """Every node knows its place."""

    span: Span


class Literal(Placed, frozen=True, kw_only=True):
    """A number, date, text without holes, `true`, `false` or `null`."""

    value: Decimal | date | str | bool | None


class TextParts(Placed, frozen=True, kw_only=True):
    """A text with holes: plain parts are `str`, holes are expressions."""

    parts: tuple[str | Expression, ...]


class Name(Placed, frozen=True, kw_only=True):
    """A bare name: a field of what is read, or a helper."""

    name: str


class Numbered(Placed, frozen=True, kw_only=True):
    """`phone#`: the numbered fields phone1…, phone2… gathered as a list."""

    name: str


class Member(Placed, frozen=True, kw_only=True):
    """`of.name`, or `of["a name"]`; over a list, of each item. `name_span` is the name alone."""

    of: Expression
    name: str
    name_span: Span
    in_brackets: bool = False


class Compute(Placed, frozen=True, kw_only=True):
    """`of.(each)`: the expression computed for each item."""

    of: Expression
    each: Expression


class Choose(Placed, frozen=True, kw_only=True):
    """`of[condition]`: the items for which the condition holds."""

    of: Expression
    condition: Expression


class Argument(Placed, frozen=True, kw_only=True):
    """One argument of a call, with its name when it was given one."""

    value: Expression
    name: str | None = None
    name_span: Span | None = None


class Call(Placed, frozen=True, kw_only=True):
    """`function(arguments)`; `piped` when the first argument stood before a `|`."""

    function: str
    arguments: tuple[Argument, ...]
    piped: bool = False
    name_span: Span


class Negative(Placed, frozen=True, kw_only=True):
    """`-operand`."""

    operand: Expression


class Arithmetic(Placed, frozen=True, kw_only=True):
    """`left + right` and its kin."""

    operator: Word["+", "-", "*", "/"]
    left: Expression
    right: Expression


class Comparison(Placed, frozen=True, kw_only=True):
    """`left < right` and its kin, `==` and `!=` included."""

    operator: Word["==", "!=", "<", "<=", ">", ">="]
    left: Expression
    right: Expression


class Membership(Placed, frozen=True, kw_only=True):
    """`item in items`, or `item not in items`."""

    item: Expression
    items: Expression
    negated: bool = False


class Emptiness(Placed, frozen=True, kw_only=True):
    """`operand is present`, or `operand is empty`."""

    operand: Expression
    asks_present: bool


class Not(Placed, frozen=True, kw_only=True):
    """`not operand`."""

    operand: Expression


class Logic(Placed, frozen=True, kw_only=True):
    """`a and b and c`, or `a or b or c`; two operands at least."""

    operator: Word["and", "or"]
    operands: tuple[Expression, ...]


class Fallback(Placed, frozen=True, kw_only=True):
    """`a ?? b ?? c`: the first that is not empty; two operands at least."""

    operands: tuple[Expression, ...]


class Conditional(Placed, frozen=True, kw_only=True):
    """`if condition then yes else no`."""

    condition: Expression
    yes: Expression
    no: Expression


class ListOf(Placed, frozen=True, kw_only=True):
    """`[a, b, c]`."""

    items: tuple[Expression, ...]


class Unreadable(Placed, frozen=True, kw_only=True):
    """What could not be read; the mistake is in the report, so nobody speaks of it again."""


Binary: TypeAlias = Arithmetic | Comparison
Expression: TypeAlias = (
    Literal | TextParts | Name | Numbered | Member | Compute | Choose | Call | Negative
    | Arithmetic | Comparison | Membership | Emptiness | Not | Logic | Fallback | Conditional
    | ListOf | Unreadable
)  # fmt: skip


def children(node: Expression) -> tuple[Expression, ...]:
    """Return the expressions directly inside a node, in the order written."""
    inside = _INSIDE.get(type(node))
    return inside(node) if inside is not None else ()


#: What gives the expressions inside a node of each kind that has some.
_INSIDE: Mapping[type[Placed], Callable[[Any], tuple[Expression, ...]]] = {
    TextParts: lambda node: tuple(each for each in node.parts if not isinstance(each, str)),
    Member: lambda node: (node.of,),
    Compute: attrgetter("of", "each"),
    Choose: attrgetter("of", "condition"),
    Call: lambda node: tuple(each.value for each in node.arguments),
    Negative: lambda node: (node.operand,),
    Not: lambda node: (node.operand,),
    Emptiness: lambda node: (node.operand,),
    Arithmetic: attrgetter("left", "right"),
    Comparison: attrgetter("left", "right"),
    Membership: attrgetter("item", "items"),
    Logic: attrgetter("operands"),
    Fallback: attrgetter("operands"),
    Conditional: attrgetter("condition", "yes", "no"),
    ListOf: attrgetter("items"),
}
