"""Write arithmetic: exact operations by name, and rounding as the quantizing that it is."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from mapping_engine.language import typed as t
from mapping_engine.language.python import Code, call, name
from mapping_engine.values.number import EXACT, QUANTIZE, Rounding
from mapping_engine.values.value import MISSING

if TYPE_CHECKING:
    from mapping_engine.language.emitter import Emitter

__all__ = ["exact", "rounded", "rounding_unit"]

_WAYS: Final[Mapping[str, Rounding]] = {
    "round_half_up": "half_up", "round_half_even": "half_even", "round_up": "up",
    "round_down": "down",
}  # fmt: skip
_MOST_PLACES: Final = 12
_EXACT: Final[Mapping[str, tuple[str, Callable[[Decimal, Decimal], Decimal]]]] = {
    "+": ("add", EXACT.add), "-": ("subtract", EXACT.subtract), "*": ("multiply", EXACT.multiply),
}  # fmt: skip


def exact(operator: str, code: Code) -> ast.expr:
    """Return the name of `+`, `-` or `*`, which raises `DecimalException` for what is too large."""
    word, operation = _EXACT[operator]
    code.objects.setdefault(word, operation)
    return name(word)


def rounded(node: t.Apply, values: list[ast.expr], emitter: Emitter) -> ast.expr | None:
    """Return the plain quantizing of a number to places or a step that are written out."""
    unit = rounding_unit(node)
    if unit is None:
        return None
    mode = _WAYS[node.function.name]
    emitter.code.objects.setdefault(mode, QUANTIZE[mode])
    return call(name(mode), values[0], emitter.code.bound("unit", unit))


def rounding_unit(node: t.Apply) -> Decimal | None:
    """Return what a call of a rounding function quantizes to, where it does no more than that.

    Such a call refuses a number for nothing but its size.
    """
    if node.function.name not in _WAYS or len(node.arguments) != 3:
        return None
    places, step = (each.value if isinstance(each, t.Constant) else None
                    for each in node.arguments[1:])  # fmt: skip
    return _unit(places, step)


def _unit(places: object, step: object) -> Decimal | None:
    """Return what a number is quantized to, e.g. 0.01; None where rounding is more than that."""
    if isinstance(places, Decimal) and step is MISSING:
        if places == places.to_integral_value() and 0 <= places <= _MOST_PLACES:
            return Decimal(1).scaleb(-int(places))
    elif isinstance(step, Decimal) and places is MISSING and step.is_finite():
        _, digits, exponent = step.as_tuple()
        if step > 0 and digits == (1,) and -_MOST_PLACES <= int(exponent) <= 0:
            return step
    return None
