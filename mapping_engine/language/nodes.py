"""
The expression tree, as written.

Frozen records with spans; two trees are equal when they mean the same text, whatever
their places. `x | f(a)` is a `Call` whose first argument is `x` and which remembers that
it was piped, so that the formatter can write it back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal as Word
from typing import TypeAlias

from mapping_engine.source.text import Span

__all__ = [
    "Argument", "Arithmetic", "Binary", "Call", "Choose", "Comparison", "Compute", "Conditional",
    "Emptiness", "Expression", "Fallback", "ListOf", "Literal", "Logic", "Member", "Membership",
    "Name", "Negative", "Not", "Numbered", "TextParts", "Unreadable", "children",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Every node knows its place."""

    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal(Placed):
    """A number, date, text without holes, `true`, `false` or `null`."""

    value: Decimal | date | str | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextParts(Placed):
    """A text with holes: plain parts are `str`, holes are expressions."""

    parts: tuple[str | Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Name(Placed):
    """A bare name: a field of what is read, or a helper."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered(Placed):
    """`phone#`: the numbered fields phone1…, phone2… gathered as a list."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Placed):
    """`of.name`, or `of["a name"]`; over a list, of each item. `name_span` is the name alone."""

    of: Expression
    name: str
    name_span: Span = field(compare=False, repr=False)
    in_brackets: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Compute(Placed):
    """`of.(each)`: the expression computed for each item."""

    of: Expression
    each: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose(Placed):
    """`of[condition]`: the items for which the condition holds."""

    of: Expression
    condition: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument(Placed):
    """One argument of a call, with its name when it was given one."""

    value: Expression
    name: str | None = None
    name_span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Placed):
    """`function(arguments)`; `piped` when the first argument stood before a `|`."""

    function: str
    arguments: tuple[Argument, ...]
    piped: bool = False
    name_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Negative(Placed):
    """`-operand`."""

    operand: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic(Placed):
    """`left + right` and its kin."""

    operator: Word["+", "-", "*", "/"]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Placed):
    """`left < right` and its kin, `==` and `!=` included."""

    operator: Word["==", "!=", "<", "<=", ">", ">="]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Placed):
    """`item in items`, or `item not in items`."""

    item: Expression
    items: Expression
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Emptiness(Placed):
    """`operand is present`, or `operand is empty`."""

    operand: Expression
    asks_present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Placed):
    """`not operand`."""

    operand: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Logic(Placed):
    """`a and b and c`, or `a or b or c`; two operands at least."""

    operator: Word["and", "or"]
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback(Placed):
    """`a ?? b ?? c`: the first that is not empty; two operands at least."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional(Placed):
    """`if condition then yes else no`."""

    condition: Expression
    yes: Expression
    no: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf(Placed):
    """`[a, b, c]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable(Placed):
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
