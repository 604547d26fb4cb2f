"""
Write calls as Python: rounding to places, tables of words, and everything else as it is.

An argument that is nothing makes the result that nothing, unless its parameter takes it; all
arguments are computed first, in order, as the interpreter does.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from mapping_engine.functions.catalogue import NOT_CONSTANT, Argument
from mapping_engine.language import emitted_folds
from mapping_engine.language import typed as t
from mapping_engine.language.emitted_numbers import rounded
from mapping_engine.language.python import call, item, name
from mapping_engine.values.kept import Kept
from mapping_engine.values.types import Boolean, Date, List, Object, Text
from mapping_engine.values.value import Value

if TYPE_CHECKING:
    from mapping_engine.language.emitter import Emitter

__all__ = ["apply"]

#: Values of these kinds are equal as keys exactly when they are the same.
_KEYS = (Text, Boolean, Date)


def apply(node: t.Apply, emitter: Emitter) -> ast.expr:
    """Write a call and return the name of its result."""
    folded = emitted_folds.folded(node, emitter)
    if folded is not None:
        return folded
    context = len(node.function.context)
    values = _values(node, emitter)
    kept = _kept(node, values)
    if kept is not None:
        keeper, key = kept
        computed = item(emitter.code.bound(f"{_word(node.function.name)}_of", keeper), key)
    else:
        computed = (rounded(node, values, emitter) or _inline(node, values, emitter)
                    or call(_body(node, emitter), *values))  # fmt: skip
    pairs = zip(node.function.parameters, node.arguments[context:], values[context:], strict=True)
    for parameter, argument, value in reversed(list(pairs)):
        if parameter.takes_nothing or _is_default(argument, parameter.default):
            continue
        nothing = emitter.nothing(value, argument.type)
        if nothing is not None:
            computed = ast.IfExp(nothing, value, computed)
    result = emitter.code.value(_word(node.function.name), computed)
    if kept is not None and isinstance(result, ast.Name) and isinstance(computed, ast.Subscript):
        emitter.answers[result.id] = kept
    passes_on = node.function.chooses and isinstance(node.type, Object | List)
    return emitter.as_held(result, values[0]) if passes_on else result


def _values(node: t.Apply, emitter: Emitter) -> list[ast.expr]:
    """Write the arguments of a call; what the function only looks into is as it is held."""
    held = [node.function.chooses] * len(node.function.context)
    held += [node.function.chooses or each.held for each in node.function.parameters]
    return [(emitter.held if is_held else emitter.value)(each)
            for each, is_held in zip(node.arguments, held, strict=True)]  # fmt: skip


def _kept(node: t.Apply, values: list[ast.expr]) -> tuple[Kept, ast.expr] | None:
    """Return what keeps the answers of a function that is asked the same again, and the key."""
    asked = [place for place, each in enumerate(node.arguments) if not isinstance(each, t.Constant)]
    kinds = [node.arguments[place].type for place in asked]
    if not (node.function.repeats and asked and all(isinstance(each, _KEYS) for each in kinds)):
        return None
    body = node.function.body
    given = [each.value if isinstance(each, t.Constant) else None for each in node.arguments]

    def answer(key: Any) -> Value:
        whole = list(given)
        for place, value in zip(asked, key if len(asked) > 1 else (key,), strict=True):
            whole[place] = value
        return body(*whole)

    key = values[asked[0]] if len(asked) == 1 else ast.Tuple([values[p] for p in asked], ast.Load())
    return Kept(answer), key


def _body(node: t.Apply, emitter: Emitter) -> ast.expr:
    return emitter.code.bound(_word(node.function.name), node.function.body)


def _inline(node: t.Apply, values: list[ast.expr], emitter: Emitter) -> ast.expr | None:
    """Return a short body written out, for a call for which it means the same."""
    inline = node.function.inline
    if inline is None:
        return None
    given: dict[str, ast.expr] = {}
    facts: dict[str, Argument] = {}
    for parameter, argument, value in zip(
        node.function.parameters, node.arguments, values, strict=True
    ):
        if parameter.takes_nothing and argument.type.can_be_nothing:
            return None
        constant = argument.value if isinstance(argument, t.Constant) else NOT_CONSTANT
        facts[parameter.name] = Argument(argument.type, constant)
        given[parameter.name] = _as_int(constant) or value
    if inline.when is not None and not inline.when(facts):
        return None
    given[node.function.name] = _body(node, emitter)
    known: Mapping[str, object] = getattr(node.function.body, "__globals__", {})

    def named(word: str) -> ast.expr:
        if word in given:
            return given[word]
        return emitter.code.bound(word, known[word]) if word in known else name(word)

    return _written(_parsed(inline.python), named)


@cache
def _parsed(python: str) -> ast.expr:
    return ast.parse(python, mode="eval").body


def _written(node: ast.expr, named: Callable[[str], ast.expr]) -> ast.expr:
    """Return a copy of an expression that has no place yet, with `named` of its names."""

    def copied(part: Any) -> Any:
        if isinstance(part, list):
            return [copied(each) for each in part]
        if isinstance(part, ast.Name):
            return named(part.id)
        if not isinstance(part, ast.AST):
            return part
        return type(part)(*[copied(getattr(part, each)) for each in part._fields])

    written: ast.expr = copied(node)
    return written


def _as_int(constant: object) -> ast.expr | None:
    if isinstance(constant, Decimal) and constant == constant.to_integral_value():
        return ast.Constant(int(constant))
    return None


def _is_default(argument: t.Typed, default: object) -> bool:
    return isinstance(argument, t.Constant) and argument.value is default


def _word(text: str) -> str:
    if text.isidentifier():
        return text
    return "".join(each if each.isalnum() else "_" for each in text)
