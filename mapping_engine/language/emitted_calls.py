"""
Write calls as Python: rounding to places, tables of words, and everything else as it is.

An argument that is nothing makes the result that nothing, unless its parameter takes it; all
arguments are computed first, in order, as the interpreter does.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from mapping_engine.language import typed as t
from mapping_engine.language.python import attribute, call, item, name
from mapping_engine.values.kept import Kept
from mapping_engine.values.number import MODES, ROUNDING, Rounding
from mapping_engine.values.types import Boolean, Date, Text
from mapping_engine.values.value import MISSING, Value

if TYPE_CHECKING:
    from mapping_engine.language.emitter import Emitter

__all__ = ["apply"]

_WAYS: Mapping[str, Rounding] = {"round_half_up": "half_up", "round_half_even": "half_even",
          "round_up": "up", "round_down": "down"}  # fmt: skip
_MOST_PLACES = 12
#: Values of these kinds are equal as keys exactly when they are the same.
_KEYS = (Text, Boolean, Date)


def apply(node: t.Apply, emitter: Emitter) -> ast.expr:
    """Write a call and return the name of its result."""
    values = [emitter.value(each) for each in node.arguments]
    computed = _rounded(node, values, emitter) or _kept(node, values, emitter)
    if computed is None:
        body = emitter.code.bound(_word(node.function.name), node.function.body)
        computed = call(body, *values)
    context = len(node.function.context)
    pairs = zip(node.function.parameters, node.arguments[context:], values[context:], strict=True)
    for parameter, argument, value in reversed(list(pairs)):
        if parameter.takes_nothing or _is_default(argument, parameter.default):
            continue
        nothing = emitter.nothing(value, argument.type)
        if nothing is not None:
            computed = ast.IfExp(nothing, value, computed)
    return emitter.code.value(_word(node.function.name), computed)


def _kept(node: t.Apply, values: list[ast.expr], emitter: Emitter) -> ast.expr | None:
    """Return the look-up of an answer that is kept, for functions that are asked the same again."""
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
    return item(emitter.code.bound(f"{_word(node.function.name)}_of", Kept(answer)), key)


def _is_default(argument: t.Typed, default: object) -> bool:
    return isinstance(argument, t.Constant) and argument.value is default


def _word(text: str) -> str:
    return "".join(each if each.isalnum() else "_" for each in text)


def _rounded(node: t.Apply, values: list[ast.expr], emitter: Emitter) -> ast.expr | None:
    """Return the plain quantizing of a number to places that are written out."""
    mode = _WAYS.get(node.function.name)
    if mode is None or len(node.arguments) != 3:
        return None
    places, step = node.arguments[1], node.arguments[2]
    if not (isinstance(places, t.Constant) and isinstance(places.value, Decimal)):
        return None
    if not (isinstance(step, t.Constant) and step.value is MISSING):
        return None
    if places.value != places.value.to_integral_value() or not 0 <= places.value <= _MOST_PLACES:
        return None
    unit = Decimal(1).scaleb(-int(places.value))
    quantize = attribute(values[0], "quantize")
    emitter.code.objects.setdefault("ROUNDING", ROUNDING)
    return call(
        quantize, emitter.code.bound(f"places_{int(places.value)}", unit),
        ast.Constant(MODES[mode]), name("ROUNDING"),
    )  # fmt: skip
