"""
Every example of every function is executed, also those that must be refused.

Each runs twice: as it is written, where everything is a constant and is computed when it is
checked, and with the first argument read from a record, where the engine computes it. A
refusal of the first is the diagnostic "can never give a value", of the second the refusal.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from mapping_engine.functions import CATALOGUE
from mapping_engine.functions.catalogue import Example, Function
from mapping_engine.language.expression import compile_expression, evaluate
from mapping_engine.language.nodes import Call, Expression, children
from mapping_engine.language.parser import parse_source
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.text import SourceText
from mapping_engine.values.number import plain
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import TEXT, List, Object, Text, Type
from mapping_engine.values.value import MISSING, Value

ALWAYS_REFUSED = "M414"
CASES = [
    pytest.param(function, example, id=f"{function.name}-{position}")
    for function in CATALOGUE
    for position, example in enumerate(function.examples, 1)
]
GOOD = [case for case in CASES if case.values[1].error is None]
REFUSED = [case for case in CASES if case.values[1].error is not None]


def run(expression: str, record: Type | None = None, value: Value = None) -> Value | list[str]:
    """Return the value of an expression, or the codes of what is wrong with it."""
    report = Report()
    checked = compile_expression(SourceText("example", expression), record, report)
    if checked is None:
        return [each.code.number for each in report]
    try:
        return evaluate(checked, value)
    except Refusal as refusal:
        return [refusal.diagnostic().code.number]


def calls(tree: Expression) -> Iterator[Call]:
    if isinstance(tree, Call):
        yield tree
    for each in children(tree):
        yield from calls(each)


def read_from_a_record(function: Function, expression: str) -> tuple[str, Object, Value]:
    """Return the example with `value` for its first argument, and a record that has it."""
    tree = parse_source(SourceText("example", expression), Report())
    span = next(each for each in calls(tree) if each.function == function.name).arguments[0].span
    argument = compile_expression(SourceText("example", span.text), None, Report())
    assert argument is not None
    rest = expression[: span.start] + "value" + expression[span.end :]
    record = Object(name="example", fields={"value": argument.type})
    return rest, record, {"value": evaluate(argument, MISSING)}


def written(value: Value) -> object:
    """Return a value in a form where 1.0 and 1 differ, since a payload keeps the scale."""
    if isinstance(value, Decimal):
        return ("number", plain(value))
    return [written(each) for each in value] if isinstance(value, list) else value


def expected_of(example: Example) -> object:
    assert example.result is not None
    return written(MISSING if example.result == "absent" else run(example.result))


@pytest.mark.parametrize("function, example", GOOD)
def test_example_gives_its_result(function: Function, example: Example) -> None:
    assert expected_of(example) == written(run(example.expression))


@pytest.mark.parametrize("function, example", GOOD)
def test_example_gives_its_result_for_a_record(function: Function, example: Example) -> None:
    rest, record, value = read_from_a_record(function, example.expression)
    assert expected_of(example) == written(run(rest, record, value))


@pytest.mark.parametrize("function, example", REFUSED)
def test_example_is_refused(function: Function, example: Example) -> None:
    assert example.error is not None
    code = ALWAYS_REFUSED if example.error.startswith("M7") else example.error
    assert [code] == run(example.expression)


@pytest.mark.parametrize("function, example", REFUSED)
def test_example_is_refused_for_a_record(function: Function, example: Example) -> None:
    rest, record, value = read_from_a_record(function, example.expression)
    assert [example.error] == run(rest, record, value)


@pytest.mark.parametrize("function", list(CATALOGUE), ids=lambda function: function.name)
def test_nothing_in_gives_nothing_out_unless_it_is_declared(function: Function) -> None:
    first = function.parameters[0]
    example = function.examples[0]
    rest, record, _ = read_from_a_record(function, example.expression)
    kind = record.fields["value"].like(Object(absent=True, null=True))
    found = run(rest, Object(name="example", fields={"value": kind}), {"value": None})
    assert (found is None) is not first.takes_nothing


@pytest.mark.parametrize(
    "expression",
    ["trim(words)", "truncate(words, 20)", "first(names)", "rest(names)", 'join(names, ";")'],
)
def test_what_may_be_blank_or_empty_is_not_taken_for_full(expression: str) -> None:
    record = Object(name="example", fields={"words": Text(), "names": List(item=TEXT)})
    checked = compile_expression(SourceText("example", expression), record, Report())
    assert checked is not None
    assert checked.type.can_be_empty


def test_the_name_a_spreadsheet_uses_is_answered_with_ours() -> None:
    report = Report()
    compile_expression(SourceText("example", 'VLOOKUP("a", 2)'), None, report)
    assert ["make a table under `tables/` and call it by its name"] == [d.hint for d in report]
