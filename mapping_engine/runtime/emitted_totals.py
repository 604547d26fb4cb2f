"""Write control totals as Python: the amounts of every side, held against each other."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from mapping_engine.language.emitted_numbers import exact
from mapping_engine.language.emitter import Emitter
from mapping_engine.language.python import call
from mapping_engine.runtime.outcome import Sides
from mapping_engine.runtime.program import SideStep, TotalStep
from mapping_engine.runtime.sums import agreed, amount_of, count_in
from mapping_engine.values.types import Number
from mapping_engine.values.value import Value

__all__ = ["write_totals"]


def write_totals(totals: Sequence[TotalStep], emitter: Emitter) -> ast.expr:
    """Write the totals; return the list of (place, sides) of those that count for the record."""
    if all(total.when is None for total in totals):
        pairs = [_total(place, total, emitter) for place, total in enumerate(totals)]
        return ast.List(pairs, ast.Load())
    code = emitter.code
    found = code.value("totals", ast.List([], ast.Load()))
    for place, total in enumerate(totals):
        if total.when is None:
            _counted(place, total, found, emitter)
        else:
            with code.when(emitter.test(total.when)):
                _counted(place, total, found, emitter)
    return found


def _counted(place: int, total: TotalStep, found: ast.expr, emitter: Emitter) -> None:
    pair = _total(place, total, emitter)
    emitter.code.run(call(ast.Attribute(found, "append", ast.Load()), pair))


def _total(place: int, total: TotalStep, emitter: Emitter) -> ast.expr:
    """Write a total, and return the pair of its place and its sides."""
    is_plain = all(side.each is None for side in total.sides)
    sides = _plain_sides(total, emitter) if is_plain else _sides(total, emitter)
    return ast.Tuple([ast.Constant(place), sides], ast.Load())


def _plain_sides(total: TotalStep, emitter: Emitter) -> ast.expr:
    """Write a total of single amounts: what is made and declared must be what was read."""
    code = emitter.code
    read, made = _amount(total.read, emitter), _amount(total.made, emitter)
    names = [ast.Constant(name) for name, _ in total.declared]
    declared = [_amount(side, emitter) for _, side in total.declared]
    told = made
    for each in declared:
        told = call(exact("+", code), told, each)
    with code.when(ast.Compare(read, [ast.NotEq()], [told])):
        differ = code.bound("agreed", agreed), code.bound("total", total), _as_sum(read)
        sums = [_as_sum(each) for each in declared]
        code.run(call(*differ, _as_sum(made), ast.Dict(list(names), sums)))
    sides = [read, made, ast.Dict(list(names), declared)] if declared else [read, made]
    return call(code.bound("Sides", Sides), *sides)


def _amount(side: SideStep, emitter: Emitter) -> ast.expr:
    amount, kind = emitter.value(side.amount), side.amount.type
    if isinstance(kind, Number) and not kind.can_be_nothing:
        return amount
    return emitter.code.value("amount", call(emitter.code.bound("amount_of", amount_of), amount))


def _as_sum(amount: ast.expr) -> ast.expr:
    """Return the amounts of a side by key, where there is only the plain one."""
    return ast.Dict([ast.Constant("")], [amount])


def _sides(total: TotalStep, emitter: Emitter) -> ast.expr:
    code = emitter.code
    read, made = _side(total.read, emitter), _side(total.made, emitter)
    names = [ast.Constant(name) for name, _ in total.declared]
    declared = ast.Dict(list(names), [_side(side, emitter) for _, side in total.declared])
    return call(code.bound("agreed", agreed), code.bound("total", total), read, made, declared)


def _side(side: SideStep, emitter: Emitter) -> ast.expr:
    """Write one side, and return its amounts by key; the empty key is the plain total."""
    code = emitter.code
    if side.each is None:
        return code.value("side", _as_sum(_amount(side, emitter)))
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
