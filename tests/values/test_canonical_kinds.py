"""Every canonical kind is closed and described, and a second reader of its schema agrees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from generate_records import RecordGenerator
from mended_records import Mender
from target_judge import judge_of

from mapping_engine.language.expression import compile_expression, evaluate
from mapping_engine.language.typed import Typed
from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.runtime.payloads import plain_value
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.text import SourceText
from mapping_engine.values.conform import conform
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import Object

SCHEMAS = Path(__file__).parents[2] / "schemas"
STORE = SchemaStore([SCHEMAS])
KINDS = STORE.kinds()


def read(name: str) -> dict[str, Any]:
    found = json.loads((SCHEMAS / f"canonical/{name}.schema.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def members(schema: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every part of a schema that is itself a schema of a member."""
    if isinstance(schema, list):
        for each in schema:
            yield from members(each, place)
    if isinstance(schema, dict):
        for word, each in schema.items():
            if word == "properties":
                yield from ((f"{place}.{name}", member) for name, member in each.items())
            yield from members(each, f"{place}.{word}")


@pytest.mark.parametrize("kind", KINDS)
def test_generated_records_fit_what_another_reader_makes_of_the_schema(kind):
    type_ = STORE.canonical(kind)
    assert type_ is not None
    generator, judge = RecordGenerator(type_, Random(kind)), judge_of("canonical", kind)
    faults = [judge.faults(plain_value(generator.record())) for _ in range(200)]
    assert [] == [each for each in faults if each][:3]


def is_false(condition: Typed, record: dict[str, Any], type: Object) -> bool:
    """Whether a condition does not hold; one that cannot be told (an overflow) counts as held."""
    try:
        return evaluate(condition, conform(record, type).value) is False
    except Refusal:
        return False


@pytest.mark.parametrize("kind", KINDS)
def test_generated_records_can_be_mended_until_they_keep_what_must_hold(kind):
    type_, known = STORE.canonical(kind), STORE.invariants(kind)
    assert type_ is not None
    generator, mender = RecordGenerator(type_, Random(kind)), Mender(kind, type_)
    records = [mender.mend(plain_value(generator.record())) for _ in range(200)]
    for invariant in (each for each in known.values() if each.value is not None):
        text = SourceText(invariant.name, invariant.broken().when.node.text)
        missed = compile_expression(text, type_, Report())
        assert missed is not None
        assert sum(is_false(missed, each, type_) for each in records) > 100, invariant.name
    judge = judge_of("canonical", kind)
    assert [] == [fault for each in records for fault in judge.faults(each)][:3]


@pytest.mark.parametrize("name", [*KINDS, "common"])
def test_every_field_is_described(name):
    undescribed = [
        place for place, member in members(read(name), name)
        if "description" not in member and "document_line/properties" not in member.get("$ref", "")
    ]  # fmt: skip
    assert [] == undescribed


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_holds_nothing_that_the_schema_does_not_name(kind):
    assert read(kind)["additionalProperties"] is False


def test_a_line_with_an_account_is_a_document_line_and_nothing_else():
    lines = read("common")["$defs"]
    plain, posted = lines["document_line"], lines["account_line"]
    assert [*plain["properties"]] == [*posted["properties"]]
    assert [*plain["required"], "account"] == posted["required"]
