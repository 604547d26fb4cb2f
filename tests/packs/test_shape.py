"""The shape of a pack's files: our walk against jsonschema, and schemas an editor can use."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from referencing import Registry, Resource
from test_loader import MAPPING, PACK_FILE, TABLE

from mapping_engine.packs.finder import shipped_path
from mapping_engine.packs.shape import SHAPE_CODES, check_shape, rule_schema
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.text import SourceText
from mapping_engine.source.tree import plain

FILES = sorted((shipped_path().schemas[0] / "rules").glob("*.schema.json"))
RULES = shipped_path().rules[0]


def texts(pattern: str) -> list[str]:
    return [each.read_text(encoding="utf-8") for each in sorted(RULES.glob(pattern))]


EXAMPLES = {
    "pack": [PACK_FILE, *texts("*/pack.yaml")],
    "mapping": [
        MAPPING,
        *(each for each in texts("*/*.yaml") if "\nrecord:" in each),
    ],
    "table": [TABLE, *texts("*/tables/*.yaml")],
    "firm": texts("examples/*/*.yaml"),
    "case": texts("*/cases/*.yaml")[::5],
}
REGISTRY: Registry[Any] = Registry().with_resources(
    (each.name, Resource.from_contents(rule_schema(each.name))) for each in FILES
)


def judge(kind: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(rule_schema(f"{kind}.schema.json"), registry=REGISTRY)


def codes(kind: str, text: str) -> set[str]:
    report = Report()
    check_shape(read(SourceText("file.yaml", text), report), kind, report)
    return {each.code.number for each in report}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_files_of_the_packs_have_the_right_shape(kind: str) -> None:
    for text in EXAMPLES[kind]:
        assert set() == codes(kind, text)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_walk_judges_as_jsonschema_does(kind: str) -> None:
    chance = random.Random(kind)
    validator = judge(kind)
    examples = [json.dumps(yaml.safe_load(each), default=str) for each in EXAMPLES[kind]]
    bad = 0
    for _ in range(200):
        text = mutated(json.loads(chance.choice(examples)), chance)
        report = Report()
        document = read(SourceText("file.yaml", text), report)
        if document.root is None or len(report):
            continue
        check_shape(document, kind, report)
        wrong = [each.code.number for each in report if each.code.number in SHAPE_CODES]
        bad += bool(wrong)
        assert validator.is_valid(plain(document.root)) is not bool(wrong), (text, wrong)
    assert bad > 50


def mutated(value: Any, chance: random.Random) -> str:
    """Return a document with one thing in it changed, as JSON (which is YAML)."""
    places = list(below(value))
    holder, key = chance.choice(places)
    odd = [None, True, 1.5, "", "word", "two words", "a..b", [], {}, ["a"], [["a"]], {"value": "a"}]
    match chance.randrange(4):
        case 0:
            holder[key] = chance.choice(odd)
        case 1 if isinstance(holder, dict):
            holder[chance.choice(["fileds", "when", "name", "each", "a b"])] = holder.pop(key)
        case 2:
            del holder[key]
        case _:
            other, there = chance.choice(places)
            holder[key] = json.loads(json.dumps(other[there], default=str))
    return json.dumps(value, default=str)


def below(value: Any) -> Iterator[tuple[Any, Any]]:
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from below(value[key])


@pytest.mark.parametrize("file", FILES, ids=lambda each: each.name)
def test_a_schema_is_a_schema_and_is_closed(file: Path) -> None:
    schema = json.loads(file.read_text(encoding="utf-8"))

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == file.name
    for part in parts(schema):
        if part.get("type") == "object" and "properties" in part:
            assert "additionalProperties" in part, part


@pytest.mark.parametrize("file", FILES, ids=lambda each: each.name)
def test_every_key_has_words_for_an_editor(file: Path) -> None:
    for part in parts(rule_schema(file.name)):
        for name, member in part.get("properties", {}).items():
            assert described(member, file.name), f"{file.name}: {name}"


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for each in schema.values():
            yield from parts(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from parts(each)


def described(member: dict[str, Any], home: str) -> bool:
    if "description" in member or "$ref" not in member:
        return "description" in member
    name, _, path = member["$ref"].partition("#")
    target: Any = rule_schema(name or home)
    for step in path.strip("/").split("/"):
        target = target[step]
    return "description" in target
