"""Every canonical kind is closed and described, and a second reader of its schema agrees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from generate_records import RecordGenerator
from target_judge import judge_of

from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.runtime.payloads import plain_value

SCHEMAS = Path(__file__).parents[2] / "schemas"
KINDS = SchemaStore([SCHEMAS]).kinds()


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
    type_ = SchemaStore([SCHEMAS]).canonical(kind)
    assert type_ is not None
    generator, judge = RecordGenerator(type_, Random(kind)), judge_of("canonical", kind)
    faults = [judge.faults(plain_value(generator.record())) for _ in range(200)]
    assert [] == [each for each in faults if each][:3]


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
