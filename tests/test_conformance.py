"""
What the language means: every case of `conformance/*.yaml`, through every engine.

Each case is held to more than its own line: every value on the way fits its inferred type,
tracing and tidying change nothing, and neither does knowing the record before it is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest
from conformance_cases import Case, Checked, Group, all_cases, checked, expected_value

from mapping_engine.functions import CATALOGUE
from mapping_engine.language.compiled import compile_expression_tree
from mapping_engine.language.environment import RECORD_KEY, Environment, Later
from mapping_engine.language.evaluator import Evaluator, Tracer
from mapping_engine.language.formatter import format_expression
from mapping_engine.language.parser import parse_source
from mapping_engine.language.typed import Typed
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.text import SourceText
from mapping_engine.values.guard import breaches
from mapping_engine.values.number import plain
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.value import MISSING, Value
from mapping_engine.values.words import words

CASES = list(all_cases())
Engine = Callable[[Checked, Mapping[str, Value]], Value]


def interpreted(by: Evaluator) -> Engine:
    """Return the engine that walks the checked tree."""

    def engine(case: Checked, record: Mapping[str, Value]) -> Value:
        environment = Environment({RECORD_KEY: record})
        for key, helper in case.helpers.items():
            environment.bind(key, Later(lambda helper=helper: by.value(helper, environment)))
        return by.value(case.node, environment)

    return engine


#: A checked expression and a record give a value or raise a `Refusal`. One line for each engine.
ENGINES: Mapping[str, Engine] = {
    "interpreter": interpreted(Evaluator()),
    "compiled": lambda case, record: compile_expression_tree(case.node, case.helpers)(record),
}

ERRORS = [case for case in CASES if case.outcome == "error"]
RUNNING = [case for case in CASES if case.outcome != "error"]


def over(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.id)


def every_engine() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("engine", ENGINES.values(), ids=list(ENGINES))


def usable(case: Case) -> Checked:
    report = Report()
    found = checked(case, report)
    assert [f"{each.code.number}: {each.message}" for each in report] == []
    return found


def outcome(engine: Engine, case: Checked, record: Mapping[str, Value]) -> object:
    """Return the value, or the code of the refusal."""
    try:
        return written(engine(case, record))
    except Refusal as refusal:
        return f"refused {refusal.diagnostic().code.number}"


def written(value: Value) -> object:
    """Return a value in a form where 1.0 and 1 differ, since a payload keeps the scale."""
    match value:
        case Decimal():
            return ("number", plain(value))
        case list():
            return [written(each) for each in value]
        case dict():
            return {name: written(each) for name, each in value.items()}
        case _:
            return value


def misfits(value: Value, node: Typed) -> list[str]:
    """Return in what a value breaks the type of its node.

    In between a number may have more digits than can be read or sent.
    """
    return [
        f"{node.span.text}: {each.sentence}"
        for each in breaches(value, node.type)
        if "digits at most" not in each.expected
    ]


def expected(case: Case) -> object:
    match case.outcome:
        case "absent":
            return MISSING
        case "null":
            return None
        case "refused":
            return f"refused {' '.join(case.codes)}"
        case _:
            return written(expected_value(case.expected))


@every_engine()
@over(RUNNING)
def test_case_means_what_it_says(engine: Engine, case: Case) -> None:
    assert expected(case) == outcome(engine, usable(case), case.group.record)


@over(ERRORS)
def test_case_is_turned_away(case: Case) -> None:
    report = Report()
    checked(case, report)
    assert sorted(case.codes) == sorted(each.code.number for each in report)


@over([case for case in CASES if case.type is not None])
def test_case_has_its_type(case: Case) -> None:
    assert case.type == words(usable(case).node.type)


@over(RUNNING)
def test_tracing_changes_nothing_and_every_value_fits_its_type(case: Case) -> None:
    told: list[tuple[Typed, Value]] = []
    traced = interpreted(Tracer(lambda node, value: told.append((node, value))))
    found = usable(case)
    assert expected(case) == outcome(traced, found, case.group.record)
    assert [] == [misfit for node, value in told for misfit in misfits(value, node)]


@over(RUNNING)
def test_tidying_changes_nothing(case: Case) -> None:
    tree = parse_source(SourceText("expression", case.expression), Report())
    tidy = format_expression(tree)
    assert tree == parse_source(SourceText("expression", tidy), Report())
    assert tidy == format_expression(parse_source(SourceText("expression", tidy), Report()))


@over(RUNNING)
def test_knowing_the_record_beforehand_changes_nothing(case: Case) -> None:
    """What depends on constants only is computed when it is checked; it must mean the same.

    A constant has a narrower type, so it may be turned away where a field was not.
    """
    report = Report()
    folded = checked(case, report, known=True)
    codes = {each.code.number for each in report}
    if codes:
        assert codes <= {"M404", "M407", "M408", "M409", "M411", "M415"} or (
            codes <= {"M414", "M424", "M455"} and (case.outcome == "refused" or case.group.helpers)
        )
        return
    assert expected(case) == outcome(ENGINES["interpreter"], folded, case.group.record)


def read_by(group: Group) -> tuple[object, ...]:
    return group.record, group.type, group.constants, group.helpers


def test_no_two_cases_say_the_same() -> None:
    said = Counter((case.expression, *map(repr, read_by(case.group))) for case in CASES)
    assert [] == [each[0] for each, count in said.items() if count > 1]


def test_every_function_is_said_three_times() -> None:
    said = Counter(
        function.name
        for function in CATALOGUE
        for case in CASES
        if f"{function.name}(" in case.expression or f"| {function.name}" in case.expression
    )
    assert [] == [each.name for each in CATALOGUE if said[each.name] < 3]


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 550
