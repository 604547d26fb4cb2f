"""
Write calls as Python: rounding to places, tables of words, and everything else as it is.

An argument that is nothing makes the result that nothing, unless its parameter takes it; all
arguments are computed first, in order, as the interpreter does.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from mapping_engine.language import typed as t
from mapping_engine.language.python import attribute, call, name
from mapping_engine.values.number import MODES, ROUNDING, Rounding
from mapping_engine.values.value import MISSING

if TYPE_CHECKING:
    from mapping_engine.language.emitter import Emitter

__all__ = ["apply"]

_WAYS: Mapping[str, Rounding] = {"round_half_up": "half_up", "round_half_even": "half_even",
          "round_up": "up", "round_down": "down"}  # fmt: skip
_MOST_PLACES = 12


def apply(node: t.Apply, emitter: Emitter) -> ast.expr:
    """Write a call and return the name of its result."""
    values = [emitter.value(each) for each in node.arguments]
    computed = _rounded(node, values, emitter)
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
