"""
A checked expression gives a value of its type or a refusal, for every record of its schema.

Expressions come from `typed_generator`, records from `generate_records`; every node on the way
is held to its type too, not only the result. `MAPPING_ENGINE_DEEP=1` tries fifty times as many.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import get_args

import pytest
from generate_records import RecordGenerator
from msgspec.structs import replace
from typed_generator import ENTRY, TypedGenerator

from mapping_engine.language import evaluator
from mapping_engine.language.environment import RECORD_KEY, Environment
from mapping_engine.language.evaluator import Evaluator, Tracer
from mapping_engine.language.expression import compile_expression, evaluate
from mapping_engine.language.formatter import format_expression
from mapping_engine.language.parser import parse_source
from mapping_engine.language.typed import Typed, Variable
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.limits import DEFAULT_LIMITS
from mapping_engine.source.text import SourceText
from mapping_engine.values.guard import breaches
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import BOOLEAN, List, Number, Object, Type
from mapping_engine.values.value import Value

SEEDS = range(6)
EXPRESSIONS = 700 * (50 if os.environ.get("MAPPING_ENGINE_DEEP") else 1)
RECORDS = 6
#: Least pairs of an expression and a record that each seed must try.
LEAST = EXPRESSIONS * RECORDS * 8 // 10


def compiled(text: str, record: Type) -> Typed | None:
    return compile_expression(SourceText("expression", text), record, Report())


@dataclass
class Trial:
    """One expression against several records; remembers what no type should allow."""

    text: str
    node: Typed
    outcomes: Counter[str] = field(default_factory=Counter)
    misfits: list[str] = field(default_factory=list)

    def hear(self, node: Typed, value: Value) -> None:
        if isinstance(node, Variable) and node.key == RECORD_KEY:
            return
        for each in breaches(value, node.type):
            # In between a number may have more digits than can be read or sent.
            if "digits at most" not in each.expected:
                self.misfits.append(f"{node.span.text} of {self.text}: {each.sentence}")

    def run(self, record: Value) -> None:
        try:
            Tracer(self.hear).value(self.node, Environment({RECORD_KEY: record}))
            self.outcomes["value"] += 1
        except Refusal as refusal:
            placed = refusal.diagnostic()
            self.outcomes[placed.code.number if placed.span else "without a place"] += 1


@pytest.mark.parametrize("seed", SEEDS)
def test_what_checks_gives_a_value_of_its_type_or_a_refusal(seed: int) -> None:
    random = Random(seed)
    expressions, records = TypedGenerator(random), RecordGenerator(ENTRY, random)
    outcomes: Counter[str] = Counter()
    for _ in range(EXPRESSIONS):
        text = expressions.expression(random.choice((1, 2, 3, 3, 4)))
        node = compiled(text, ENTRY)
        if node is None:
            continue
        trial = Trial(text, node)
        for _ in range(RECORDS):
            trial.run(records.record())
        assert [] == trial.misfits
        outcomes += trial.outcomes
    assert sum(outcomes.values()) >= LEAST
    assert outcomes["value"] > 0.8 * LEAST
    assert {"M701", "M702", "M704"} <= set(outcomes)
    assert "without a place" not in outcomes


def test_the_interpreter_has_a_rule_for_every_kind_of_node() -> None:
    assert set(get_args(Typed)) == set(evaluator._RULES)


ITEM = Object(name="item", fields={"x": Number()})
ITEMS = Object(name="record", fields={"list": List(item=ITEM), "x": Number()})
TEN = {"list": [{"x": Decimal(each)} for each in range(10)], "x": Decimal(1)}


@pytest.mark.parametrize(
    "expression, steps",
    [
        ("list.x", 10),
        ("list[x < 8]", 10),
        ("list[x < 8].(x * 2)", 18),
        ("list.(sum(record.list.x))", 110),
    ],
)
def test_a_record_costs_no_more_steps_than_allowed(expression: str, steps: int) -> None:
    node = compiled(expression, ITEMS)
    assert node is not None
    evaluate(node, TEN, replace(DEFAULT_LIMITS, steps=steps))
    with pytest.raises(Refusal, match="too_much_work"):
        evaluate(node, TEN, replace(DEFAULT_LIMITS, steps=steps - 1))


DEEPEST = DEFAULT_LIMITS.expression_depth


@pytest.mark.parametrize(
    "text",
    [
        "x" + " + x" * (DEEPEST - 1),
        "not " * (DEEPEST - 1) + "true",
        "-(" * (DEEPEST - 1) + "x" + ")" * (DEEPEST - 1),
        "if x > 1 then 1 else " * (DEEPEST - 3) + "x",
        "[" * (DEEPEST - 1) + "x" + "]" * (DEEPEST - 1),
        "abs(" * (DEEPEST - 1) + "x" + ")" * (DEEPEST - 1),
        "x" + " | abs" * (DEEPEST - 1),
        "list" + "[true]" * (DEEPEST - 1),
    ],
    ids=["sum", "not", "minus", "if", "list", "call", "pipe", "choose"],
)
def test_the_deepest_expression_goes_through_every_pass(text: str) -> None:
    node = compiled(text, ITEMS)
    assert node is not None
    Evaluator().value(node, Environment({RECORD_KEY: {"x": Decimal(1), "list": []}}))
    tree = parse_source(SourceText("expression", text), Report())
    assert tree == parse_source(SourceText("tidy", format_expression(tree)), Report())


def test_a_refusal_shows_no_private_value() -> None:
    type = Object(name="record", fields={"x": Number(private=True), "yes": BOOLEAN})
    node = compiled("x / 0.00 + 1", type) or compiled("x / (x - x)", type)
    assert node is not None
    with pytest.raises(Refusal) as caught:
        evaluate(node, {"x": Decimal("12.75"), "yes": True})
    assert "12.75" not in caught.value.diagnostic().message
    assert "12.75" in caught.value.diagnostic(show_values=True).message
