"""
Write conditions as Python: comparisons, memberships, `and`, `or`, `not`.

A test is written so that it can stand in an `if`; where one side of `and` needs statements
of its own, a name carries the answer from step to step, so that nothing is asked too early.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from mapping_engine.language import typed as t
from mapping_engine.language.python import both, call, either, is_, name, negation
from mapping_engine.values import types
from mapping_engine.values.types import Boolean, Number, Text, Type
from mapping_engine.values.value import same

if TYPE_CHECKING:
    from mapping_engine.language.emitter import Emitter

__all__ = ["compared", "is_sure", "test"]

_ORDERS: Mapping[str, ast.cmpop] = {
    "<": ast.Lt(), "<=": ast.LtE(), ">": ast.Gt(), ">=": ast.GtE(),
}  # fmt: skip


def test(node: t.Typed, emitter: Emitter) -> ast.expr:
    """Write what a condition needs, and return the test itself, fit for `if`."""
    match node:
        case t.Equal():
            return _equal(node, emitter)
        case t.OneOf():
            return _one_of(node, emitter)
        case t.IsEmpty():
            return _is_empty(node, emitter)
        case t.Opposite():
            return negation(test(node.operand, emitter))
        case t.All() | t.Any():
            return _logic(node, emitter)
        case t.Compare():
            return _compare(node, emitter)
        case t.Constant(value=bool(holds)):
            return ast.Constant(holds)
        case _:
            value = emitter.value(node)
            return value if is_sure(node.type) else is_(value, ast.Constant(True))


def _equal(node: t.Equal, emitter: Emitter) -> ast.expr:
    left, right = emitter.value(node.left), emitter.value(node.right)
    if _compares_plainly(node.left, node.right):
        operator: ast.cmpop = ast.NotEq() if node.negated else ast.Eq()
        return ast.Compare(left, [operator], [right])
    equal = call(emitter.code.bound("same", same), left, right)
    return negation(equal) if node.negated else equal


def _one_of(node: t.OneOf, emitter: Emitter) -> ast.expr:
    value = emitter.value(node.item)
    words = node.items.value if isinstance(node.items, t.Constant) else None
    if isinstance(words, list) and all(isinstance(each, str | Decimal) for each in words):
        found: ast.expr = ast.Compare(
            value, [ast.In()], [emitter.code.bound("words", frozenset(words))]
        )
        if not isinstance(node.item.type, Text | Number | types.Date):
            found = call(emitter.code.bound("among", _among), value, emitter.constant(words))
    else:
        found = call(emitter.code.bound("among", _among), value, emitter.value(node.items))
    return negation(found) if node.negated else found


def _is_empty(node: t.IsEmpty, emitter: Emitter) -> ast.expr:
    empty = emitter.empty(emitter.held(node.operand), node.operand.type)
    return negation(empty) if node.negated else empty


def _logic(node: t.All | t.Any, emitter: Emitter) -> ast.expr:
    """Return the tests joined, or, where one needs statements, a name that holds the answer."""
    tests: list[ast.expr] = []
    for place, operand in enumerate(node.operands):
        with emitter.code.block() as inner:
            asked = test(operand, emitter)
        needs_steps = not (len(inner) == 1 and isinstance(inner[0], ast.Pass))
        if needs_steps and place:
            return _steps(node, tests, place, emitter)
        for statement in inner if needs_steps else ():
            emitter.code.add(statement)
        tests.append(asked)
    return both(tests) if isinstance(node, t.All) else either(tests)


def _steps(node: t.All | t.Any, tests: list[ast.expr], place: int, emitter: Emitter) -> ast.expr:
    is_all = isinstance(node, t.All)
    result = emitter.code.fresh("holds")
    emitter.code.assign(result, both(tests) if is_all else either(tests))
    for operand in node.operands[place:]:
        with emitter.code.when(name(result) if is_all else negation(name(result))):
            emitter.code.assign(result, test(operand, emitter))
    return name(result)


def _compare(node: t.Compare, emitter: Emitter) -> ast.expr:
    left, right = emitter.value(node.left), emitter.value(node.right)
    ordered: ast.expr = ast.Compare(left, [_ORDERS[node.operator]], [right])
    nothings = [
        nothing
        for value, part in ((left, node.left), (right, node.right))
        if (nothing := emitter.nothing(value, part.type)) is not None
    ]
    return both([negation(either(nothings)), ordered]) if nothings else ordered


def compared(node: t.Compare, emitter: Emitter) -> ast.expr:
    """Return yes, no, or the nothing that was compared (the left one first)."""
    left, right = emitter.value(node.left), emitter.value(node.right)
    result: ast.expr = ast.Compare(left, [_ORDERS[node.operator]], [right])
    for value, part in ((right, node.right), (left, node.left)):
        nothing = emitter.nothing(value, part.type)
        if nothing is not None:
            result = ast.IfExp(nothing, value, result)
    return emitter.code.value("compared", result)


def is_sure(kind: Type) -> bool:
    """Whether a value of a type is yes or no, and never nothing."""
    return isinstance(kind, Boolean) and not kind.can_be_nothing


def _compares_plainly(left: t.Typed, right: t.Typed) -> bool:
    """Whether Python's `==` says what ours says: single values, one side surely there."""
    kinds = (left.type, right.type)
    single = all(
        isinstance(kind, Text | Number | Boolean | types.Date | types.DateTime) for kind in kinds
    )
    sure = sum(not kind.can_be_nothing for kind in kinds)
    return single and type(left.type) is type(right.type) and sure >= 1


def _among(value: object, items: object) -> bool:
    return isinstance(items, list) and any(same(value, each) for each in items)
