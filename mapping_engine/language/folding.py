"""
Compute what is known before any record is there.

A node whose parts are all constants becomes a constant; `and`, `or` and `if` drop what can
no longer count. So a setting that a firm fixes makes the branches it closes disappear, in
both engines and in everything the checker demands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any as Anything

from mapping_engine.language.constants import constant_of, unknown
from mapping_engine.language.environment import Environment
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.language.problems_of_types import always_refused
from mapping_engine.language.typed import (
    All,
    Any,
    Apply,
    Calculate,
    Checked,
    Compare,
    Constant,
    Equal,
    First,
    Gather,
    Get,
    IfElse,
    IsEmpty,
    MakeList,
    MakeText,
    Negate,
    OneOf,
    Opposite,
    Typed,
    inner,
)
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import Unknown
from mapping_engine.values.value import MISSING, is_empty

__all__ = ["fold"]


def fold(node: Typed, report: Report) -> Typed:
    """Return the node, or the constant it always is."""
    folded = _FOLDED.get(type(node))
    return node if folded is None else folded(node, report)


def _chosen(node: IfElse, report: Report) -> Typed:
    condition = node.condition
    if isinstance(condition, Constant) and isinstance(condition.value, bool):
        return node.yes if condition.value else node.no
    return _computed(node, report)


def _opposite(node: Opposite, report: Report) -> Typed:
    operand = node.operand
    if isinstance(operand, Constant) and isinstance(operand.value, bool):
        return constant_of(node, not operand.value)
    return _computed(node, report)


def _applied(node: Apply, report: Report) -> Typed:
    return node if node.function.context else _computed(node, report)


def _logic(node: All | Any, report: Report) -> Typed:
    """Leave out what never decides; stop at what always does."""
    closing = isinstance(node, Any)
    left: list[Typed] = []
    for each in node.operands:
        if isinstance(each, Constant) and isinstance(each.value, bool):
            if each.value is closing:
                left.append(each)
                break
            continue
        left.append(each)
    if not left:
        return constant_of(node, not closing)
    if len(left) == 1:
        return left[0]
    shorter = tuple(left)
    if isinstance(node, All):
        return All(operands=shorter, span=node.span, type=node.type)
    return Any(operands=shorter, span=node.span, type=node.type)


def _first(node: First, report: Report) -> Typed:
    *others, last = node.operands
    left = [*(each for each in others if not _always_empty(each)), last]
    if len(left) == 1 or (isinstance(left[0], Constant) and not _always_empty(left[0])):
        return left[0]
    return First(operands=tuple(left), span=node.span, type=node.type)


def _always_empty(node: Typed) -> bool:
    return (
        isinstance(node, Constant) and not isinstance(node.type, Unknown) and is_empty(node.value)
    )


def _computed(node: Typed, report: Report) -> Typed:
    parts = inner(node)
    if not parts and not isinstance(node, MakeText):
        return node
    for each in parts:
        if (
            not isinstance(each, Constant)
            or isinstance(each.type, Unknown)
            or isinstance(each.value, dict)
        ):
            return node
    try:
        value = Evaluator().value(node, Environment())
    except Refusal as refusal:
        why = refusal.diagnostic(show_values=True).message
        report.add(always_refused(node.span, why))
        return unknown(node.span)
    if value is MISSING:
        return node
    return constant_of(node, value)


#: What folds a node of each kind; those that are not here stay as they are.
_FOLDED: Mapping[type[Checked], Callable[[Anything, Report], Typed]] = {
    All: _logic,
    Any: _logic,
    IfElse: _chosen,
    Opposite: _opposite,
    First: _first,
    Apply: _applied,
    **dict.fromkeys(
        (Calculate, Compare, Equal, Gather, Get, IsEmpty, MakeList, MakeText, Negate, OneOf),
        _computed,
    ),
}
