"""
Check calls: which function, which argument goes where, and what comes back.

Tables are functions too. A named argument that is an output of a table asks it backwards;
such a function is known to the scope as `table<-output`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from mapping_engine.functions.catalogue import (
    NOT_CONSTANT,
    REQUIRED,
    Argument,
    Function,
    Parameter,
)
from mapping_engine.language import nodes
from mapping_engine.language import problems_of_types as problems
from mapping_engine.language.constants import constant_type, unknown
from mapping_engine.language.scope import Scope
from mapping_engine.language.typed import Apply, Constant, Typed, Variable
from mapping_engine.source.suggest import nearest
from mapping_engine.source.text import Span
from mapping_engine.values import types
from mapping_engine.values.bounds import number_misfits
from mapping_engine.values.number import plain
from mapping_engine.values.types import List, Number, Object, Text, Type, Unknown, unit_of
from mapping_engine.values.units import Unit, alike
from mapping_engine.values.value import MISSING
from mapping_engine.values.words import phrase, range_words

if TYPE_CHECKING:
    from mapping_engine.language.checker import Checker

__all__ = ["check_call"]


def check_call(node: nodes.Call, scope: Scope, checker: Checker) -> Typed:
    """Return the call with its function bound and all arguments in their places."""
    function = _function(node, scope)
    given = [checker.check(each.value, scope) for each in node.arguments]
    if function is None:
        is_field = node.function in scope.fields or node.function in scope.names
        callable_names = [name for name in scope.functions if "<-" not in name]
        found = problems.unknown_function(node.name_span, node.function, callable_names, is_field)
        near = scope.functions.get(nearest(node.function, callable_names) or "")
        if near is not None and near.span is not None:
            found = found.with_label(near.span, "the table is declared here")
        checker.report.add(found)
        return unknown(node.span)
    placed = _place(node, function, given, checker)
    if placed is None:
        return unknown(node.span)
    return _apply(node, function, placed, checker)


def _function(node: nodes.Call, scope: Scope) -> Function | None:
    for argument in node.arguments:
        if argument.name is not None:
            backwards = scope.functions.get(f"{node.function}<-{argument.name}")
            if backwards is not None:
                return backwards
    return scope.functions.get(node.function)


def _place(
    node: nodes.Call, function: Function, given: list[Typed], checker: Checker
) -> dict[str, Typed] | None:
    """Return the given arguments by parameter; report what does not fit the signature."""
    names = [each.name for each in function.parameters]
    placed: dict[str, Typed] = {}
    wrong: tuple[Span, tuple[str, str | None]] | None = None
    for position, (argument, value) in enumerate(zip(node.arguments, given, strict=True)):
        place = argument.name_span or argument.span
        name = argument.name
        if name is None:
            if position >= len(names):
                most = problems.arguments_too_many(node.function, len(names), function.signature)
                wrong = wrong or (place, most)
                continue
            name = names[position]
        if name not in names:
            wrong = wrong or (place, problems.argument_unknown(node.function, name, names))
        elif name in placed:
            wrong = wrong or (place, problems.double_argument(node.function, name))
        else:
            placed[name] = value
    for parameter in function.parameters:
        if parameter.default is REQUIRED and parameter.name not in placed and wrong is None:
            missing = problems.argument_missing(node.function, parameter.name, function.signature)
            wrong = (node.name_span, missing)
    if wrong is None:
        return placed
    checker.report.add(problems.wrong_arguments(wrong[0], *wrong[1]))
    return None


def _apply(
    node: nodes.Call, function: Function, placed: dict[str, Typed], checker: Checker
) -> Typed:
    arguments: list[Typed] = []
    facts: dict[str, Argument] = {}
    sound = True
    for parameter in function.parameters:
        value = placed.get(parameter.name) or _default(parameter, node.span)
        arguments.append(value)
        sound = _fits(parameter, value, function, checker) and sound
        if sound and parameter.unit_of is not None:
            unit = unit_of(placed[parameter.unit_of].type)
            sound = _unit_fits(unit, value, function.name, checker)
        constant = value.value if isinstance(value, Constant) else NOT_CONSTANT
        if value.type == types.ABSENT and isinstance(value, Constant):
            constant = MISSING
        # Not `present()`: the body may well get a blank text or an empty list.
        there = value.type.there()
        kind = value.type if parameter.takes_nothing else there
        facts[parameter.name] = Argument(kind, constant)
    if not sound:
        return unknown(node.span)
    misfit = function.check(facts) if function.check else None
    if misfit is not None:
        checker.report.add(misfit.at(node.span))
        return unknown(node.span)
    kind = _emptiness(function.returns(facts), function, arguments)
    context = tuple(_context(name, node.span) for name in function.context)
    return Apply(function=function, arguments=(*context, *arguments), span=node.span, type=kind)


def _context(name: str, span: Span) -> Typed:
    """Return the variable through which the engine hands `name` to the function."""
    return Variable(key=f"@{name}", name=name, span=span, type=types.UNKNOWN)


def _default(parameter: Parameter, span: Span) -> Typed:
    if parameter.default is MISSING:
        return Constant(value=MISSING, span=span, type=types.ABSENT)
    return Constant(value=parameter.default, span=span, type=constant_type(parameter.default))


def _emptiness(kind: Type, function: Function, arguments: list[Typed]) -> Type:
    """Return the result's type, also nothing where an argument can be."""
    absent, null, private = kind.absent, kind.null, kind.private
    for parameter, value in zip(function.parameters, arguments, strict=True):
        private = private or value.type.private
        if not parameter.takes_nothing:
            absent, null = absent or value.type.absent, null or value.type.null
    return kind.with_states(absent, null, private)


def _fits(parameter: Parameter, value: Typed, function: Function, checker: Checker) -> bool:
    """Whether an argument is of the type its parameter takes; report when it is not."""
    name, place = function.name.partition("<-")[0], value.span
    if isinstance(value.type, Unknown):
        return False
    if isinstance(value.type, types.Nothing):
        return True
    if not accepts(parameter.type, value.type):
        hint = _hint(parameter.type, value.type, name)
        wanted = phrase(parameter.type.present())
        what = f"`{parameter.name}` of `{name}`"
        checker.report.add(problems.wrong_type(place, what, wanted, phrase(value.type), hint))
        return False
    if parameter.constant and not isinstance(value, Constant):
        checker.report.add(problems.not_constant(place, name, parameter.name))
        return False
    return (
        _unit_fits(unit_of(parameter.type), value, name, checker)
        and _word_fits(parameter, value, checker)
        and _number_fits(parameter, value, function, checker)
    )


def accepts(wanted: Type, given: Type) -> bool:
    """Whether a value of `given` may stand where `wanted` is asked for (kinds only)."""
    if isinstance(wanted, Unknown) or isinstance(given, Unknown | types.Nothing):
        return True
    if isinstance(wanted, List) and isinstance(given, List):
        return accepts(wanted.item, given.item)
    if isinstance(wanted, Object) and isinstance(given, Object):
        return True
    return type(wanted) is type(given)


def _unit_fits(wanted: Unit, value: Typed, name: str, checker: Checker) -> bool:
    given = unit_of(value.type)
    if alike(wanted, given):
        return True
    checker.report.add(problems.unit_mismatch(value.span, str(wanted), str(given), name))
    return False


def _word_fits(parameter: Parameter, value: Typed, checker: Checker) -> bool:
    """Whether a written-out text is one of the words its parameter knows."""
    wanted = parameter.type
    if not (isinstance(wanted, Text) and wanted.choices is not None):
        return True
    if not (isinstance(value, Constant) and isinstance(value.value, str)):
        return True
    if value.value in wanted.choices:
        return True
    what = f"`{parameter.name}`"
    checker.report.add(problems.not_in_enum(value.span, what, value.value, wanted.choices))
    return False


def _number_fits(parameter: Parameter, value: Typed, function: Function, checker: Checker) -> bool:
    """Whether a written-out number lies where its parameter takes numbers."""
    wanted = parameter.type
    if not (isinstance(wanted, Number) and isinstance(value, Constant) and value.origin is None):
        return True
    number = value.value
    if not isinstance(number, Decimal) or not any(number_misfits(number, wanted, "")):
        return True
    bounds = range_words(wanted) if (wanted.minimum, wanted.maximum) != (None, None) else ""
    taken = f"{'a whole number' if wanted.scale == 0 else 'a number'} {bounds}".strip()
    what, given = f"`{parameter.name}` of `{function.name.partition('<-')[0]}`", plain(number)
    others = (
        each.name
        for each in function.parameters
        if isinstance(each.type, Number)
        and each.default is MISSING
        and each is not parameter
        and not any(number_misfits(number, each.type, ""))
    )
    other = (
        next(others, None) if wanted.scale == 0 and number != number.to_integral_value() else None
    )
    found = problems.argument_out_of_range(value.span, what, taken, given, other)
    checker.report.add(found)
    return False


def _hint(wanted: Type, given: Type, name: str) -> str | None:
    match wanted, given:
        case _, List() if not isinstance(wanted, List):
            return f"for each item write `….({name}(…))`; for one of them `first(…)`"
        case Text(), Number() | types.Date() | types.DateTime() | types.Boolean():
            return "`to_text( )` makes a text of it"
        case Number(), Text():
            return "`to_number( )` reads a number from a text"
        case types.Date(), types.DateTime():
            return "`date_of(…, zone=firm.time_zone)` gives the date of a stamp"
        case types.DateTime(), Text():
            return "`parse_datetime( )` reads a stamp from a text"
        case types.Date(), Text():
            return "`parse_date( )` reads a date from a text"
        case List(), List():
            return _hint(wanted.item, given.item, name)
        case List(), _:
            return "a list is written `[a, b]`"
        case _:
            return None
