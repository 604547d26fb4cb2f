"""
Another engine agrees: zen-engine computes the same expressions with its own exact decimals.

Expressions are generated twice at once, in our language over a record and in zen's with the
values written out. What zen has no words for, or means otherwise, stands in `EXCLUDED` with
the reason; nothing is left out in silence.
"""

from __future__ import annotations

import os
from decimal import Decimal
from random import Random

import pytest
import zen
from oracle_expressions import Both, Pairs

from mapping_engine.functions import CATALOGUE
from mapping_engine.language.expression import compile_expression, evaluate
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.text import SourceText
from mapping_engine.values.infer import infer
from mapping_engine.values.textform import text_of
from mapping_engine.values.value import Value

SEEDS = range(4)
EXPRESSIONS = 1_000 * (50 if os.environ.get("MAPPING_ENGINE_DEEP") else 1)

#: Why a function, an operator or a kind of value is not asked of zen.
EXCLUDED = {
    "??": "zen replaces only null; ours also what is blank or an empty list",
    "is present, is empty": "zen has one kind of nothing and no blank texts",
    "numbers of more than 26 digits": "zen keeps 28 digits and rounds beyond; ours refuses",
    "a quotient that is not rounded": "zen has 28 digits, ours 34",
    "division by zero": "zen gives null, ours a refusal",
    "scale of a number": "zen does not say how many zeros a sum keeps; amounts are compared",
    "length of other than ASCII": "zen counts bytes, ours characters",
    "upper and lower of ß and İ": "zen makes two letters of one; ours keeps lengths",
    "blanks beyond ASCII": "zen trims what Rust calls white, ours what Unicode calls white",
    "squeeze": "zen has no such function", "replace": "zen has no such function",
    "truncate": "zen cuts without regard to blanks", "left": "zen counts bytes in slices",
    "pad_left": "zen has no such function", "name_case": "zen has no such function",
    "split": "zen keeps blank parts", "join": "zen has no such function",
    "unique": "zen has no such function", "first": "zen gives null, ours absent",
    "last": "zen gives null, ours absent", "nth": "zen counts from 0", "rest": "as a slice only",
    "matches": "another dialect of patterns", "extract": "another dialect of patterns",
    "replace_pattern": "zen has no such function", "utbms_set": "a code set of our trade",
    "minor_units": "a table of ours", "round_money": "a table of ours",
    "add_tax": "arithmetic, asked as such", "remove_tax": "arithmetic, asked as such",
    "hours_from_seconds": "arithmetic", "hours_from_minutes": "arithmetic",
    "seconds_from_hours": "arithmetic", "minutes_from_hours": "arithmetic",
    "percent_to_fraction": "arithmetic", "fraction_to_percent": "arithmetic",
    "to_boolean": "zen has no such function", "format_number": "zen has no such function",
    "parse_date": "zen guesses the pattern", "parse_datetime": "zen guesses the zone",
    "date_of": "zen's zones are asked in another way", "is_midnight": "as date_of",
    "midnight_of": "as date_of",
    **dict.fromkeys(("without_start", "without_end", "exactly", "one_of", "parts"),
                    "zen has no functions that refuse"),
}  # fmt: skip


def ours(both: Both, record: dict[str, Value]) -> str:
    report = Report()
    node = compile_expression(SourceText("expression", both.ours), infer(record), report)
    assert node is not None, f"{both.ours}: {[each.message for each in report]}"
    return text_of(evaluate(node, record))


def theirs(both: Both) -> str:
    written = f"{both.zen}.format('%Y-%m-%d')" if both.is_day else f"string({both.zen})"
    found = zen.evaluate_expression(written, {})
    assert isinstance(found, str)
    return found


def same(one: str, other: str) -> bool:
    """Whether two texts are the same, or the same amount."""
    if one == other:
        return True
    try:
        return Decimal(one) == Decimal(other)
    except ArithmeticError:
        return False


@pytest.mark.parametrize("seed", SEEDS)
def test_another_engine_computes_the_same(seed: int) -> None:
    random = Random(seed)
    differing = []
    for _ in range(EXPRESSIONS):
        pairs = Pairs(random)
        both = pairs.any()
        found = ours(both, pairs.record), theirs(both)
        if not same(*found):
            differing.append((both, pairs.record, found))
    assert [] == differing


def test_every_function_and_operator_is_asked_or_excluded_with_a_reason() -> None:
    asked: set[str] = set()
    random = Random(0)
    for _ in range(1_000):
        pairs = Pairs(random)
        pairs.any()
        asked |= pairs.used
    operators = {"+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "in", "not in", "and", "or",
                 "not", "if", "{ }", "[ ]", "??", "is present, is empty"}  # fmt: skip
    assert operators | {each.name for each in CATALOGUE} <= asked | set(EXCLUDED)
    assert set() == asked & set(EXCLUDED)
