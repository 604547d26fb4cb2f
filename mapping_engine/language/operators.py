"""
Check operators: what they take, what they give, what they tell.

Every function takes the node as written, the scope, and the checker for what lies inside.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from mapping_engine.language import arithmetic as numbers
from mapping_engine.language import nodes
from mapping_engine.language.constants import unknown
from mapping_engine.language.days import day_in_digits
from mapping_engine.language.narrowing import Facts, facts
from mapping_engine.language.problems_of_types import (
    comparison_of_empty,
    condition_may_be_empty,
    never_equal,
    no_mixed_kinds,
    not_in_enum,
    unit_mismatch,
    wrong_type,
)
from mapping_engine.language.scope import Scope, path_of
from mapping_engine.language.typed import (
    All,
    Any,
    Calculate,
    Compare,
    Constant,
    Equal,
    First,
    Get,
    IfElse,
    IsEmpty,
    Negate,
    OneOf,
    Opposite,
    Typed,
    Variable,
    inner,
)
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.source.text import Span
from mapping_engine.values import types
from mapping_engine.values.types import (
    BOOLEAN,
    Boolean,
    Date,
    DateTime,
    List,
    Number,
    Object,
    Text,
    Type,
    Unknown,
    union,
    unlike_units,
)
from mapping_engine.values.units import UnlikeUnits
from mapping_engine.values.value import Value, is_empty
from mapping_engine.values.words import phrase, state

if TYPE_CHECKING:
    from mapping_engine.language.checker import Checker

__all__ = [
    "arithmetic", "comparison", "condition_hint", "conditional", "emptiness", "empty_condition",
    "fallback", "learned", "logic", "membership", "merge", "negative", "opposite",
]  # fmt: skip

_Side: TypeAlias = tuple[Typed, Type]


def negative(node: nodes.Negative, scope: Scope, checker: Checker) -> Typed:
    """Check `-operand`."""
    operand = checker.check(node.operand, scope)
    kind = _number(operand, "`-`", checker)
    if kind is None:
        return unknown(node.span)
    return Negate(operand=operand, span=node.span, type=numbers.negated(kind))


def arithmetic(node: nodes.Arithmetic, scope: Scope, checker: Checker) -> Typed:
    """Check `left + right` and its kin."""
    left, right = checker.check(node.left, scope), checker.check(node.right, scope)
    one = _number(left, f"`{node.operator}`", checker)
    other = _number(right, f"`{node.operator}`", checker)
    if one is None or other is None:
        return unknown(node.span)
    try:
        kind = numbers.result_of(node.operator, left, right).like(one, other)
    except UnlikeUnits:
        sides = numbers.unit_words(left), numbers.unit_words(right)
        checker.report.add(unit_mismatch(node.span, *sides, node.operator))
        return unknown(node.span)
    return Calculate(operator=node.operator, left=left, right=right, span=node.span, type=kind)


def _number(operand: Typed, what: str, checker: Checker) -> Number | None:
    kind = operand.type
    if isinstance(kind, Number):
        return kind
    if not isinstance(kind, Unknown):
        hint = {
            Text: "`to_number( )` reads a number from a text",
            Date: "`add_days( )` and `days_between( )` compute with dates",
            List: "`sum( )` adds the numbers of a list",
        }.get(type(kind))
        checker.report.add(wrong_type(operand.span, what, "numbers", phrase(kind), hint))
    return None


def _day_meant(side: Typed, other: Typed) -> str | None:
    """Return the hint for a date in quotes or without signs that stands beside a date."""
    written = side.value if isinstance(side, Constant) else None
    if not isinstance(other.type, Date):
        return None
    if isinstance(written, str):
        with suppress(ValueError):
            return f"a date stands without quotes: `{date.fromisoformat(written)}`"
    day = day_in_digits(str(written)) if isinstance(written, Decimal) else None
    return f"write `{day}`" if day is not None else None


def comparison(node: nodes.Comparison, scope: Scope, checker: Checker) -> Typed:
    """Check `left == right`, `left < right` and their kin."""
    left, right = checker.check(node.left, scope), checker.check(node.right, scope)
    if node.operator == "==" or node.operator == "!=":
        _report_never_equal((left, left.type), (right, right.type), scope, checker)
        return Equal(left=left, right=right, negated=node.operator == "!=", span=node.span,
                     type=_yes_or_no(left, right))  # fmt: skip
    if isinstance(left.type, Unknown) or isinstance(right.type, Unknown):
        return unknown(node.span)
    for side, other in ((left, right), (right, left)):
        if not isinstance(side.type, Number | Date | DateTime):
            hint = _day_meant(side, other)
            if hint is None and isinstance(side.type, Text):
                hint = "for a text write `==`, `!=` or `in`"
            wanted = phrase(other.type.present()) if _is_ordered(other.type) else "numbers or dates"
            checker.report.add(
                wrong_type(side.span, f"`{node.operator}`", wanted, phrase(side.type), hint)
            )
            return unknown(node.span)
    if type(left.type) is not type(right.type):
        odd, usual = (left, right) if _day_meant(left, right) else (right, left)
        wanted, given = phrase(usual.type.present()), phrase(odd.type)
        hint = _day_meant(odd, usual)
        checker.report.add(wrong_type(odd.span, f"`{node.operator}`", wanted, given, hint))
        return unknown(node.span)
    checker.report.extend(_unlike_units(node.span, left.type, right.type, node.operator))
    kind = BOOLEAN.like(left.type, right.type)
    return Compare(operator=node.operator, left=left, right=right, span=node.span, type=kind)


def _is_ordered(kind: Type) -> bool:
    return isinstance(kind, Number | Date | DateTime)


def _unlike_units(
    span: Span, left: Type, right: Type, operator: str | None = None
) -> Iterator[Diagnostic]:
    units = unlike_units(left, right)
    if units is not None:
        yield unit_mismatch(span, *units, operator)


def _yes_or_no(*parts: Typed) -> Boolean:
    return BOOLEAN.with_states(False, False, any(each.type.private for each in parts))


def _report_never_equal(one: _Side, other: _Side, scope: Scope, checker: Checker) -> None:
    """Report two sides that can never be equal: other types, or a word that is not in the enum."""
    (left, left_type), (right, right_type) = one, other
    if any(isinstance(each, Unknown | types.Nothing) for each in (left_type, right_type)):
        return
    if type(left_type) is not type(right_type):
        hint = _day_meant(left, right) or _day_meant(right, left) or _quoted_date(left, right)
        sides = phrase(left_type.present()), phrase(right_type.present())
        checker.report.add(never_equal(right.span, *sides, hint))
        return
    checker.report.extend(_unlike_units(right.span, left_type, right_type, "=="))
    for side, asked in ((left, other), (right, one)):
        if isinstance(side, Constant) and side.origin is None:
            known = _known_words(asked, scope)
            checker.report.extend(_foreign_word(side, side.value, asked[0], known))


def _foreign_word(
    side: Typed, word: Value, asked: Typed, known: tuple[str, ...] | None
) -> Iterator[Diagnostic]:
    if known is not None and isinstance(word, str) and word not in known:
        is_path = isinstance(asked, Variable | Get)
        yield not_in_enum(
            side.span, f"`{asked.span.text}`" if is_path else "the other side", word, known
        )


def _known_words(asked: _Side, scope: Scope) -> tuple[str, ...] | None:
    """Return the words that a side can be; of a setting all it may be, whatever a firm chose."""
    side, kind = asked
    if isinstance(side, Constant):
        kind = _declared(side, scope)
    elif side.type is kind:  # a word that a condition ruled out before is advice, no mistake
        kind = scope.declared(side)
    return kind.choices if isinstance(kind, Text) else None


def _declared(setting: Constant, scope: Scope) -> Type:
    """Return the type that a pack gives to a setting."""
    root, *members = (setting.origin or "").split(".")
    kind: Type = scope.names[root].type if members and root in scope.names else types.UNKNOWN
    for name in members:
        kind = kind.fields.get(name, types.UNKNOWN) if isinstance(kind, Object) else types.UNKNOWN
    return kind


def _quoted_date(left: Typed, right: Typed) -> str | None:
    kinds = {type(left.type), type(right.type)}
    if kinds == {Date, Text}:
        return "a date is written without quotes: `2026-01-31`"
    if kinds == {Number, Text}:
        return "a number is written without quotes; `to_text( )` makes a text of a number"
    if kinds == {Boolean, Text}:
        return "yes or no is written `true` or `false`, without quotes"
    if kinds == {Date, DateTime}:
        return "`date_of(…, zone=…)` gives the date of a stamp"
    return None


def membership(node: nodes.Membership, scope: Scope, checker: Checker) -> Typed:
    """Check `item in items`, or `item not in items`."""
    item, items = checker.check(node.item, scope), checker.check(node.items, scope)
    if isinstance(item.type, Unknown) or isinstance(items.type, Unknown):
        return unknown(node.span)
    if not isinstance(items.type, List):
        hint = (
            "`contains(text, part)` looks inside a text" if isinstance(items.type, Text) else None
        )
        checker.report.add(wrong_type(items.span, "`in`", "a list", phrase(items.type), hint))
        return unknown(node.span)
    unlike = list(_unlike_units(items.span, item.type, items.type.item, "in"))
    checker.report.extend(unlike)
    if isinstance(items, Constant) and isinstance(items.value, list):
        _report_foreign_words(items, item, scope, checker)
    elif not unlike:
        _report_never_equal((item, item.type), (items, items.type.item), scope, checker)
    return OneOf(item=item, items=items, negated=node.negated, span=node.span,
                 type=_yes_or_no(item, items))  # fmt: skip


def _report_foreign_words(items: Constant, item: Typed, scope: Scope, checker: Checker) -> None:
    listed = items.type.item if isinstance(items.type, List) else types.UNKNOWN
    if type(listed) is not type(item.type):
        _report_never_equal((item, item.type), (items, listed), scope, checker)
        return
    known = _known_words((item, item.type), scope)
    for word in items.value if isinstance(items.value, list) else []:
        checker.report.extend(_foreign_word(items, word, item, known))


def emptiness(node: nodes.Emptiness, scope: Scope, checker: Checker) -> Typed:
    """Check `is present` and `is empty`."""
    operand = checker.check(node.operand, scope)
    return IsEmpty(operand=operand, negated=node.asks_present, span=node.span, type=BOOLEAN)


def opposite(node: nodes.Not, scope: Scope, checker: Checker) -> Typed:
    """Check `not operand`."""
    operand = checker.condition(node.operand, scope)
    return Opposite(operand=operand, span=node.span, type=_yes_or_no(operand))


def logic(node: nodes.Logic, scope: Scope, checker: Checker) -> Typed:
    """Check `and` and `or`; each operand knows what those before it have established.

    Once it is decided, what follows can never count: only its names are looked at.
    """
    operands: list[Typed] = []
    for place, each in enumerate(node.operands, 1):
        operand = checker.condition(each, scope)
        operands.append(operand)
        if isinstance(operand, Constant) and operand.value is (node.operator == "or"):
            for later in node.operands[place:]:
                checker.pass_over(later, scope)
            break
        if place < len(node.operands):
            scope = scope.knowing(learned(operand, node.operator == "and", scope))
    kind = _yes_or_no(*operands)
    if node.operator == "and":
        return All(operands=tuple(operands), span=node.span, type=kind)
    return Any(operands=tuple(operands), span=node.span, type=kind)


def learned(condition: Typed, holds: bool, scope: Scope) -> Facts:
    """Return what `condition` tells in `scope` when it holds, or does not."""
    return facts(condition, holds, scope.definitions)


def fallback(node: nodes.Fallback, scope: Scope, checker: Checker) -> Typed:
    """Check `a ?? b`: everything but the last is used only when it is not empty."""
    operands: list[Typed] = []
    for place, alternative in enumerate(node.operands, 1):
        operands.append(checker.check(alternative, scope))
        if isinstance(operands[-1], Constant) and not is_empty(operands[-1].value):
            for later in node.operands[place:]:
                checker.pass_over(later, scope)
            break
    kind: Type = types.ABSENT
    for each in operands[:-1]:
        kind = merge(kind, each, checker, present=True)
    kind = merge(kind, operands[-1], checker)
    last = operands[-1].type
    kind = replace(kind, absent=last.absent, null=last.null)
    return First(operands=tuple(operands), span=node.span, type=kind)


def conditional(node: nodes.Conditional, scope: Scope, checker: Checker) -> Typed:
    """Check `if`; of a branch that can never count only the names are looked at."""
    condition = checker.condition(node.condition, scope)
    if isinstance(condition, Constant) and isinstance(condition.value, bool):
        counts, never = (node.yes, node.no) if condition.value else (node.no, node.yes)
        checker.pass_over(never, scope)
        return checker.check(counts, scope)
    yes = checker.check(node.yes, scope.knowing(learned(condition, True, scope)))
    no = checker.check(node.no, scope.knowing(learned(condition, False, scope)))
    kind = replace(
        merge(yes.type, no, checker),
        private=yes.type.private or no.type.private or condition.type.private,
    )
    return IfElse(condition=condition, yes=yes, no=no, span=node.span, type=kind)


def merge(kind: Type, other: Typed, checker: Checker, present: bool = False) -> Type:
    """Return the type of one or the other; report when they do not mix."""
    given = other.type.present() if present else other.type
    merged = union(kind, given)
    if merged is None:
        checker.report.add(no_mixed_kinds(other.span, phrase(kind.present()), phrase(given)))
        return types.UNKNOWN
    checker.report.extend(_unlike_units(other.span, kind, given))
    return merged


def condition_hint(checked: Typed) -> str | None:
    """Return what to write for something that is not a condition."""
    match checked.type:
        case Text(choices=choices) if choices is not None and set(choices) <= {"T", "F"}:
            return 'compare it: `… == "T"`'
        case List():
            return "`any( )` asks whether one of a list holds; `is present` whether there is one"
        case _:
            return None


def empty_condition(checked: Typed) -> Diagnostic:
    """Point at what makes a condition sometimes neither yes nor no, and say what to ask."""
    if isinstance(checked, Compare):
        for side in (checked.left, checked.right):
            if side.type.can_be_nothing:
                name = path_text(side)
                shown = f"`{name}`" if name else "this"
                hint = comparison_of_empty(name or "x", "")[2]
                return condition_may_be_empty(side.span, shown, state(side.type), hint)
    name = path_text(checked)
    if name:
        hint = f"write `{name} == true`"
    else:
        cause = _first_empty(checked)
        hint = f"ask first: `{cause} is present and …`" if cause else "compare it with `== true`"
    shown = f"`{name}`" if name else "this"
    return condition_may_be_empty(checked.span, shown, state(checked.type), hint)


def _first_empty(node: Typed) -> str | None:
    """Return the first field inside a node that can be nothing, as written."""
    waiting = [node]
    while waiting:
        each = waiting.pop(0)
        name = path_text(each)
        if name and each.type.can_be_nothing:
            return name
        waiting.extend(inner(each))
    return None


def path_text(node: Typed) -> str | None:
    """Return the words of a path as written, e.g. `matter.number`."""
    if path_of(node) is None or isinstance(node, Variable):
        return node.name if isinstance(node, Variable) else None
    return " ".join(node.span.text.split()) or None
