"""
Compute what is known before any record is there.

A node whose parts are all constants becomes a constant; `and`, `or` and `if` drop what can
no longer count. So a setting that a firm fixes makes the branches it closes disappear, in
both engines and in everything the checker demands.
"""

from __future__ import annotations

from mapping_engine.language.constants import constant_of, unknown
from mapping_engine.language.environment import Environment
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.language.problems_of_types import always_refused
from mapping_engine.language.typed import (
    All,
    Any,
    Apply,
    Constant,
    Filter,
    First,
    ForEach,
    IfElse,
    MakeText,
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
    match node:
        case All(operands=operands):
            return _logic(node, operands, closing=False)
        case Any(operands=operands):
            return _logic(node, operands, closing=True)
        case IfElse(condition=Constant(value=bool(holds)), yes=yes, no=no):
            return yes if holds else no
        case Opposite(operand=Constant(value=bool(holds))):
            return constant_of(node, not holds)
        case First(operands=operands):
            return _first(node, operands)
        case Constant() | ForEach() | Filter():
            return node
        case Apply(function=function) if function.context:
            return node
        case _:
            return _computed(node, report)


def _logic(node: All | Any, operands: tuple[Typed, ...], closing: bool) -> Typed:
    """Leave out what never decides; stop at what always does."""
    left: list[Typed] = []
    for each in operands:
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


def _first(node: First, operands: tuple[Typed, ...]) -> Typed:
    left = [each for each in operands[:-1] if not _always_empty(each)] + [operands[-1]]
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
    if not all(
        isinstance(each, Constant)
        and not isinstance(each.type, Unknown)
        and not isinstance(each.value, dict)
        for each in parts
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
