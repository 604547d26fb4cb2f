"""Write lists as Python: what is computed of each item, items that are chosen, lists spelt out."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from mapping_engine.language import typed as t
from mapping_engine.language.python import attribute, call, name, negation, word_of
from mapping_engine.values.value import is_empty

if TYPE_CHECKING:
    from mapping_engine.language.emitter import Emitter

__all__ = ["chosen", "for_each", "gather", "loop", "make_list"]


def gather(node: t.Gather, emitter: Emitter) -> ast.expr:
    """Write the gathering of numbered members into a list of objects."""
    of = emitter.value(node.of)
    gathered = call(emitter.code.bound("gathered", _gathered), of, emitter.constant(node.slots))
    return emitter.code.value(word_of(node.prefix), gathered)


def for_each(node: t.ForEach, emitter: Emitter) -> ast.expr:
    """Write the list of what is computed of each item."""
    items, result = emitter.held(node.of), emitter.code.fresh("each")
    nothing = emitter.nothing(items, node.of.type)
    with emitter.code.block() as inner:
        emitter.code.assign(result, ast.List([], ast.Load()))
        loop(items, node.key, lambda: _collect(node, result, emitter), emitter)
    emitter.unless(nothing, result, items, inner)
    return name(result)


def _collect(node: t.ForEach, result: str, emitter: Emitter) -> None:
    value = emitter.held(node.body)
    emitter.as_held(name(result), value)
    nothing = emitter.nothing(value, node.body.type)
    word = "extend" if node.joins else "append"
    add = call(attribute(name(result), word), value)
    if nothing is None:
        emitter.code.run(add)
    else:
        with emitter.code.when(negation(nothing)):
            emitter.code.run(add)


def chosen(node: t.Filter, emitter: Emitter) -> ast.expr:
    """Write the list of the items for which a condition holds."""
    items, result = emitter.held(node.of), emitter.code.fresh("chosen")
    nothing = emitter.nothing(items, node.of.type)

    def choose() -> None:
        with emitter.code.when(emitter.test(node.condition)):
            emitter.code.run(
                call(attribute(name(result), "append"), name(emitter.variables[node.key]))
            )

    with emitter.code.block() as inner:
        emitter.code.assign(result, ast.List([], ast.Load()))
        loop(items, node.key, choose, emitter)
    emitter.unless(nothing, result, items, inner)
    return emitter.as_held(name(result), items)


def loop(items: ast.expr, key: str, write: Callable[[], None], emitter: Emitter) -> None:
    """Write what is done with each item of a list; `key` is what stands for the item."""
    variable = emitter.variables[key] = emitter.code.fresh("item")
    emitter.as_held(name(variable), items)
    emitter.count(items)
    with emitter.code.block(repeats=True) as inner:
        write()
    emitter.code.add(ast.For(ast.Name(variable, ast.Store()), items, inner, []))


def make_list(node: t.MakeList, emitter: Emitter) -> ast.expr:
    """Write a list that a rule spells out; what is nothing is left out."""
    result = emitter.code.fresh("items")
    emitter.code.assign(result, ast.List([], ast.Load()))
    for each in node.items:
        value = emitter.value(each)
        nothing = emitter.nothing(value, each.type)
        add = call(attribute(name(result), "append"), value)
        if nothing is None:
            emitter.code.run(add)
        else:
            with emitter.code.when(negation(nothing)):
                emitter.code.run(add)
    return name(result)


def _gathered(of: object, slots: tuple[tuple[int, tuple[tuple[str, str], ...]], ...]) -> object:
    """Return the numbered members of an object as a list of objects; of nothing, that nothing."""
    if not isinstance(of, dict):
        return of
    found = []
    for _, members in slots:
        gathered = {rest: of[full] for rest, full in members if full in of}
        if any(not is_empty(value) for value in gathered.values()):
            found.append(gathered)
    return found
