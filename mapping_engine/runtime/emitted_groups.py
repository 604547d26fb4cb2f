"""Write the order and the groups of a list as Python."""

from __future__ import annotations

import ast

from mapping_engine.language.emitter import Emitter
from mapping_engine.language.python import attribute, call, is_, item, name
from mapping_engine.runtime.ordering import group_key, rank
from mapping_engine.runtime.program import Grouping, PartStep
from mapping_engine.values.kept import Kept
from mapping_engine.values.types import Number, Text, Type

__all__ = ["gathered", "ordered"]


def ordered(part: PartStep, listed: ast.expr, variable: str, emitter: Emitter) -> ast.expr:
    """Write the sorting of a list; return the list in order."""
    code = emitter.code
    ranked = code.value("ranked", ast.List([], ast.Load()))
    rank_of = code.bound("rank", rank)
    with code.block(repeats=True) as body:
        ranks = [call(rank_of, emitter.value(key), code.bound("key", key)) for key in part.order_by]
        pair = ast.Tuple([ast.Tuple(ranks, ast.Load()), name(variable)], ast.Load())
        code.run(call(attribute(ranked, "append"), pair))
    code.add(ast.For(ast.Name(variable, ast.Store()), listed, body, []))
    in_order = code.value("ordered", call(code.bound("sorted", _sorted), ranked))
    return emitter.as_held(in_order, listed)


def gathered(group: Grouping, listed: ast.expr, variable: str, emitter: Emitter) -> ast.expr:
    """Write the loop that gathers items by their keys; return the groups, first seen first."""
    code = emitter.code
    groups = code.value("groups", ast.Dict([], []))
    found = code.fresh("group")
    with code.block(repeats=True) as body:
        values = [(word, emitter.value(key), key.type) for word, key in group.keys]
        identity = code.value(
            "key", ast.Tuple([_hashed(v, kind, emitter) for _, v, kind in values], ast.Load())
        )
        code.assign(found, call(attribute(groups, "get"), identity))
        with code.when(is_(name(found), ast.Constant(None))):
            keys = ast.Dict(
                [ast.Constant(word) for word, _, _ in values], [v for _, v, _ in values]
            )
            empty = ast.List([], ast.Load())
            code.assign(found, ast.Tuple([keys, empty], ast.Load()))
            code.put(item(groups, identity), name(found))
        inside = item(name(found), ast.Constant(1))
        code.run(call(attribute(inside, "append"), name(variable)))
    code.add(ast.For(ast.Name(variable, ast.Store()), listed, body, []))
    return groups


def _hashed(value: ast.expr, kind: Type, emitter: Emitter) -> ast.expr:
    if isinstance(kind, Text | Number) and not kind.can_be_nothing:
        return value
    if isinstance(value, ast.Name) and value.id in emitter.answers:
        answers, key = emitter.answers[value.id]
        keys = Kept(lambda key: group_key(answers[key]))
        return item(emitter.code.bound("key_of", keys), key)
    return call(emitter.code.bound("group_key", group_key), value)


def _sorted(ranked: list[tuple[object, object]]) -> list[object]:
    ranked.sort(key=lambda each: each[0])  # type: ignore[arg-type,return-value]
    return [each for _, each in ranked]
