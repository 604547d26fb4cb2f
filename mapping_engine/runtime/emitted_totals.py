"""Write control totals as Python: the amounts of every side, held against each other."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from mapping_engine.language.emitter import Emitter
from mapping_engine.language.python import call
from mapping_engine.runtime.program import SideStep, TotalStep
from mapping_engine.runtime.sums import agreed, amount_of, count_in
from mapping_engine.values.value import Value

__all__ = ["write_totals"]


def write_totals(totals: Sequence[TotalStep], emitter: Emitter) -> ast.expr:
    """Write the totals; return the list of (place, sides) of those that count for the record."""
    code = emitter.code
    if not totals:
        return ast.List([], ast.Load())
    found = code.value("totals", ast.List([], ast.Load()))
    for place, total in enumerate(totals):
        if total.when is None:
            _total(place, total, found, emitter)
        else:
            with code.when(emitter.test(total.when)):
                _total(place, total, found, emitter)
    return found


def _total(place: int, total: TotalStep, found: ast.expr, emitter: Emitter) -> None:
    code = emitter.code
    read, made = _side(total.read, emitter), _side(total.made, emitter)
    names = [ast.Constant(name) for name, _ in total.declared]
    declared = ast.Dict(list(names), [_side(side, emitter) for _, side in total.declared])
    sides = call(code.bound("agreed", agreed), code.bound("total", total), read, made, declared)
    pair = ast.Tuple([ast.Constant(place), sides], ast.Load())
    code.run(call(ast.Attribute(found, "append", ast.Load()), pair))


def _side(side: SideStep, emitter: Emitter) -> ast.expr:
    """Write one side, and return its amounts by key; the empty key is the plain total."""
    code = emitter.code
    if side.each is None:
        amount = call(code.bound("amount_of", amount_of), emitter.value(side.amount))
        return code.value("side", ast.Dict([ast.Constant("")], [amount]))
    sums = code.value("side", ast.Dict([], []))
    held = emitter.held(side.each)
    items = call(code.bound("listed", _listed), held)
    variable = emitter.variables[side.item_key] = code.fresh("item")
    emitter.as_held(ast.Name(variable, ast.Load()), held)
    with code.block(repeats=True) as body:
        key = emitter.value(side.by) if side.by is not None else ast.Constant("")
        code.run(call(code.bound("count_in", count_in), sums, key, emitter.value(side.amount)))
    code.add(ast.For(ast.Name(variable, ast.Store()), items, body, []))
    return sums


def _listed(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []
