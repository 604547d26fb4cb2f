"""
The expression tree, as written.

Frozen records with spans; two trees are equal when they mean the same text, whatever
their places. `x | f(a)` is a `Call` whose first argument is `x` and which remembers that
it was piped, so that the formatter can write it back.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal as Word
from typing import TypeAlias

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
    match node:
        case TextParts(parts=parts):
            return tuple(each for each in parts if not isinstance(each, str))
        case Member(of=of):
            return (of,)
        case Compute(of=of, each=inner) | Choose(of=of, condition=inner):
            return of, inner
        case Call(arguments=arguments):
            return tuple(each.value for each in arguments)
        case Negative(operand=operand) | Not(operand=operand) | Emptiness(operand=operand):
            return (operand,)
        case Arithmetic(left=left, right=right) | Comparison(left=left, right=right):
            return left, right
        case Membership(item=item, items=items):
            return item, items
        case Logic(operands=operands) | Fallback(operands=operands):
            return operands
        case Conditional(condition=condition, yes=yes, no=no):
            return condition, yes, no
        case ListOf(items=items):
            return items
        case _:
            return ()
