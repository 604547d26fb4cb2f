"""
Two engines, one meaning: what the compiled code says is what the interpreter says.

Random expressions over random records, and steered records through every shipped mapping:
the same values, the same payload bytes, the same verdicts and first reasons. The quick way of
a run writes the same lines, and leaves hardly any record to the exact one.
"""

from __future__ import annotations

import os
from collections import Counter
from decimal import Decimal
from itertools import combinations_with_replacement
from random import Random

import pytest
from generate_records import RecordGenerator
from language.typed_generator import ENTRY, TypedGenerator
from likely_values import likely_values
from quick_lines import says_the_same
from shipped_packs import MAPPINGS, in_force
from steered_records import SteeredRecords

from mapping_engine.language.compiled import compile_expression_tree
from mapping_engine.language.expression import compile_expression, evaluate
from mapping_engine.language.typed import Typed, inner
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.mapper import InterpretedMapper
from mapping_engine.runtime.outcome import Mapped, Outcome, Skipped
from mapping_engine.runtime.quick import QuickMapper
from mapping_engine.runtime.quick_records import QuickRecords
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.text import SourceText
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import List, Object, Unknown
from mapping_engine.values.value import MISSING, Value

DEEP = int(os.environ.get("MAPPING_ENGINE_DEEP") or 1)
EXPRESSIONS = 4_500 * DEEP
RECORDS_EACH = 8
RECORDS = 1_500 * DEEP


def result(compute: object) -> str:
    """Return a value as it is written, exactly, or the refusal."""
    assert callable(compute)
    try:
        return f"value {compute()!r}"
    except Refusal as refusal:
        return f"refused {refusal.word.__name__}"


def kinds_in(node: Typed) -> list[str]:
    return [type(node).__name__, *(kind for each in inner(node) for kind in kinds_in(each))]


def test_expressions_mean_the_same_compiled() -> None:
    random = Random(20_000)
    generator, records = TypedGenerator(random), RecordGenerator(ENTRY, random)
    met: Counter[str] = Counter()
    pairs = 0
    for _ in range(EXPRESSIONS):
        text = generator.expression(random.randint(2, 5))
        node = compile_expression(SourceText("expression", text), ENTRY, Report())
        if node is None:
            continue
        met.update(kinds_in(node))
        compiled = compile_expression_tree(node)
        for _ in range(RECORDS_EACH):
            record = records.record()
            pairs += 1
            interpreted = result(lambda node=node, record=record: evaluate(node, record))
            met["refused"] += interpreted.startswith("refused")

            assert interpreted == result(lambda f=compiled, r=record: f(r)), (text, record)
    assert pairs >= 20_000 * DEEP
    rare = [kind for kind, times in met.items() if times < 50 * DEEP]
    assert rare == [], met


@pytest.mark.parametrize(
    "text",
    ["sum(lines.x)", "sum(lines.(x))", "sum(lines[x is present].x)", "count(lines[x == 1.5])",
     "any(lines.x)", "all(lines.x)", "any(lines.(x == 7))", "first(lines[x is present]).x",
     "sum(lines.(if x is present then 1 else 2))", "round_half_up(sum(lines.x), places=2)"],
)  # fmt: skip
@pytest.mark.parametrize("is_said", [True, False])
def test_what_a_schema_leaves_open_means_the_same_compiled(text: str, is_said: bool) -> None:
    """A member of which nothing is said may be null, too."""
    open_member = Unknown(absent=is_said, null=is_said)
    line = Object(name="line", fields={"x": open_member})
    node = compile_expression(
        SourceText("expression", text), Object(name="record", fields={"lines": List(item=line)}),
        Report(),
    )  # fmt: skip
    assert node is not None
    compiled = compile_expression_tree(node)
    for values in combinations_with_replacement(OPEN[not is_said :], 2):
        record: Value = {"lines": [{} if each is MISSING else {"x": each} for each in values]}
        interpreted = result(lambda record=record: evaluate(node, record))
        assert interpreted == result(lambda record=record: compiled(record)), record


#: What may stand where the schema says nothing.
OPEN: tuple[Value, ...] = (
    MISSING,
    None,
    "two",
    "",
    True,
    False,
    Decimal("1.5"),
    Decimal(7),
    [],
    {},
)


def first_reason(outcome: Outcome) -> str | None:
    if isinstance(outcome, Mapped):
        return None
    return outcome.reason if isinstance(outcome, Skipped) else outcome.reasons[0].reason


def told(verdict: object, mapper: CompiledMapper) -> str | None:
    """Return the first reason of the code's own verdict."""
    if isinstance(verdict, Mapped):
        return None
    assert isinstance(verdict, tuple)
    word, found = verdict
    rules = {"skip": mapper.mapping.skip, "reject": mapper.mapping.reject}.get(word)
    return rules[found].rule.reason.value if rules and isinstance(found, int) else found


@pytest.mark.parametrize("pack, file", MAPPINGS, ids=lambda each: each)
def test_mappings_mean_the_same_compiled(pack: str, file: str) -> None:
    share: dict[str, float] = {}
    for variant in in_force(pack):
        for mapping in variant.mappings(file):
            plain = InterpretedMapper(variant.program, mapping, variant.options)
            fast = CompiledMapper(variant.program, mapping, variant.options)
            likely = likely_values(mapping, variant.options)
            quick, decoded = QuickMapper.of(fast), QuickRecords.of(fast)
            assert quick is not None or fast.standing is not None
            records = SteeredRecords(mapping, likely, Random(f"{variant.name} {mapping.name}"))
            taken = 0
            for _ in range(RECORDS):
                record = records.next()
                expected, verdict = plain.map(record), fast.verdict(record)
                records.learn(record, expected)

                assert first_reason(expected) == told(verdict, fast), record
                if isinstance(expected, Mapped):
                    assert repr(expected) == repr(verdict), record
                if quick is not None and decoded is not None:
                    taken += says_the_same(fast, quick, record, expected)
                    outcome = decoded.map(record)
                    assert outcome is None or repr(outcome) == repr(expected), record
            share[mapping.name] = max(share.get(mapping.name, 0), taken / RECORDS)
    # Where a record has a number that is longer than the quick way takes, so have many after it.
    assert min(share.values()) > 0.5
