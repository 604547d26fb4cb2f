"""
Write what makes one value of a list, e.g. a sum, without making the list.

Items that are chosen, or computed, are taken one after the other, as they come. Where that might
refuse a record for another reason than the list would, the list is made.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from mapping_engine.language import typed as t
from mapping_engine.language.emitted_helpers import is_light
from mapping_engine.language.emitted_lists import loop
from mapping_engine.language.emitted_numbers import exact, rounding_unit
from mapping_engine.language.emitted_tests import is_sure
from mapping_engine.language.python import call, name, negation
from mapping_engine.values.types import Number

if TYPE_CHECKING:
    from mapping_engine.language.emitter import Emitter

__all__ = ["folded"]

_ZERO: Final = Decimal(0)


def folded(node: t.Apply, emitter: Emitter) -> ast.expr | None:
    """Write a call that folds a list into one value; None where the list must be made."""
    listed = node.arguments[0] if node.function.folds else None
    match node.function.folds, listed:
        case "first", t.Filter() if is_light(listed.condition, emitter):
            return _first(listed, emitter)
        case "sum", t.ForEach(joins=False, body=body) if _only_overflows(body, emitter):
            return _sum(listed, emitter)
        case "any", t.ForEach(joins=False):
            return _answer(listed, emitter, is_any=True)
        case "all", t.ForEach(joins=False) if is_sure(listed.body.type):
            return _answer(listed, emitter, is_any=False)
        case "count", t.Filter():
            return _count(listed, emitter)
        case _:
            return None


def _only_overflows(node: t.Typed, emitter: Emitter) -> bool:
    """Whether this is a number, and can be refused for nothing but its size, as a sum can."""
    if not isinstance(node.type, Number):
        return False
    if isinstance(node, t.Calculate) and node.operator != "/":
        return all(_only_overflows(each, emitter) for each in (node.left, node.right))
    if isinstance(node, t.Apply) and rounding_unit(node) is not None:
        return _only_overflows(node.arguments[0], emitter)
    return is_light(node, emitter)


def _first(node: t.Filter, emitter: Emitter) -> ast.expr:
    """Write the search for the first item for which a condition holds; it ends there."""
    items, result = emitter.held(node.of), emitter.code.fresh("first")
    nothing = emitter.nothing(items, node.of.type)

    def find() -> None:
        with emitter.code.when(emitter.test(node.condition)):
            emitter.code.assign(result, name(emitter.variables[node.key]))
            emitter.code.add(ast.Break())

    with emitter.code.block() as inner:
        emitter.code.assign(result, name("MISSING"))
        loop(items, node.key, find, emitter)
    emitter.unless(nothing, result, items, inner)
    return emitter.as_held(name(result), items)


def _sum(node: t.ForEach, emitter: Emitter) -> ast.expr:
    code, result = emitter.code, emitter.code.fresh("sum")
    code.assign(result, code.bound("zero", _ZERO))

    def add() -> None:
        value = emitter.value(node.body)
        nothing = emitter.nothing(value, node.body.type)
        added = call(exact("+", code), name(result), value)
        if nothing is None:
            code.assign(result, added)
        else:
            with code.when(negation(nothing)):
                code.assign(result, added)

    _over(node, add, emitter)
    return name(result)


def _answer(node: t.ForEach, emitter: Emitter, *, is_any: bool) -> ast.expr:
    """Write whether one answer is yes, or none is no; where none is refused it ends there."""
    code, result = emitter.code, emitter.code.fresh("any" if is_any else "all")
    code.assign(result, ast.Constant(not is_any))

    def ask() -> None:
        holds = emitter.test(node.body)
        with code.when(holds if is_any else negation(holds)):
            code.assign(result, ast.Constant(is_any))
            if is_light(node.body, emitter):
                code.add(ast.Break())

    _over(node, ask, emitter)
    return name(result)


def _count(node: t.Filter, emitter: Emitter) -> ast.expr:
    code, result = emitter.code, emitter.code.fresh("many")
    code.assign(result, ast.Constant(0))

    def count() -> None:
        with code.when(emitter.test(node.condition)):
            code.add(ast.AugAssign(ast.Name(result, ast.Store()), ast.Add(), ast.Constant(1)))

    _over(node, count, emitter)
    return code.value("count", call(code.bound("Decimal", Decimal), name(result)))


def _over(node: t.ForEach | t.Filter, write: Callable[[], None], emitter: Emitter) -> None:
    """Write the loop over the items of a list; nothing has none."""
    items = emitter.held(node.of)
    nothing = emitter.nothing(items, node.of.type)
    if nothing is None:
        loop(items, node.key, write, emitter)
        return
    with emitter.code.when(negation(nothing)):
        loop(items, node.key, write, emitter)
