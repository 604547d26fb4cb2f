"""
Write guards as Python: a quick test for single values, and the whole guard where it fails.

The test may say too much, never too little: what it lets through fits.
"""

from __future__ import annotations

import ast
from decimal import Decimal

from mapping_engine.language.python import Code, both, call, either, is_, item, name, negation
from mapping_engine.runtime.guards import guard
from mapping_engine.runtime.program import FieldStep
from mapping_engine.source.limits import DEFAULT_LIMITS
from mapping_engine.values.kept import Kept
from mapping_engine.values.pattern import compile_pattern
from mapping_engine.values.types import Number, Object, Text

__all__ = ["lacks_members", "write_guard"]

_PLACES = 12


def write_guard(step: FieldStep, value: ast.expr, code: Code) -> None:
    """Write the guard of a field."""
    tested = call(code.bound("guard", guard), value, code.bound("step", step))
    test = _test(step, value, code) if isinstance(value, ast.Name) else None
    if test is None:
        code.run(tested)
        return
    with code.when(test):
        code.run(tested)


def _test(step: FieldStep, value: ast.expr, code: Code) -> ast.expr | None:
    """Return whether a value that is there may not fit; None where only the guard can say."""
    match step.guard, step.build.type:
        case Text(format=None) as asked, Text():
            return _of_text(value, asked, code)
        case Number() as asked, Number() as given:
            return _of_number(value, asked, given, code)
        case _:
            return None


def _of_text(value: ast.expr, asked: Text, code: Code) -> ast.expr:
    if asked.choices is not None:
        words = code.bound("words", frozenset(asked.choices))
        return ast.Compare(value, [ast.NotIn()], [words])
    size, most = call(name("len"), value), DEFAULT_LIMITS.text_size
    if asked.max_length is not None:
        most = min(most, asked.max_length)
    tests: list[ast.expr] = [ast.Compare(size, [ast.Gt()], [ast.Constant(most)])]
    if asked.min_length:
        tests.append(ast.Compare(size, [ast.Lt()], [ast.Constant(asked.min_length)]))
    if not asked.blank:
        tests += [negation(value), call(ast.Attribute(value, "isspace", ast.Load()))]
    if asked.pattern is not None:
        matches = code.bound("matches", Kept(compile_pattern(asked.pattern).matches))
        tests.append(negation(item(matches, value)))
    return either(tests)


def _of_number(value: ast.expr, asked: Number, given: Number, code: Code) -> ast.expr | None:
    low, high = asked.minimum, asked.maximum
    if low is None or high is None or given.scale is None or given.scale > _PLACES:
        return None
    if max(abs(low), abs(high)) >= _most() or (
        asked.scale is not None and given.scale > asked.scale
    ):
        return None
    orders = [ast.Lt() if asked.above else ast.LtE(), ast.Lt() if asked.below else ast.LtE()]
    inside = ast.Compare(
        code.bound("least", low), list[ast.cmpop](orders), [value, code.bound("most", high)]
    )
    return negation(inside)


def lacks_members(of: ast.expr, asked: Object) -> ast.expr | None:
    """Return whether an object lacks members of which it must have some, or one inside it does."""
    tests: list[ast.expr] = []
    if asked.needs_one_of:
        groups = [both([_is_in(name, of) for name in group]) for group in asked.needs_one_of]
        tests.append(negation(either(groups)))
    for word, inner in asked.fields.items():
        inside = item(of, ast.Constant(word))
        lacks = lacks_members(inside, inner) if isinstance(inner, Object) else None
        if lacks is not None:
            is_there = is_(inside, ast.Constant(None), negated=True)
            tests.append(both([_is_in(word, of), is_there, lacks]))
    return either(tests) if tests else None


def _is_in(word: str, of: ast.expr) -> ast.expr:
    return ast.Compare(ast.Constant(word), [ast.In()], [of])


def _most() -> Decimal:
    """Return a number below which so many places keep within the digits that a number may have."""
    return Decimal(1).scaleb(DEFAULT_LIMITS.number_digits - _PLACES)
