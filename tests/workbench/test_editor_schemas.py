"""
The schemas that editors use: fresh, plain draft-07, and of the same opinion as `validate`.

Tried by hand with the YAML language server 1.25: every shipped file opens without a
complaint, a misspelt key gets one, and keys, words and reasons are offered.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mapping_engine.packs.shape import check_shape
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.text import SourceText
from mapping_engine.source.tree import plain
from mapping_engine.workbench import editor_schemas
from mapping_engine.workbench.editor_schemas import KINDS, modeline

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules"
#: What draft-07 does not know, or reads in another way.
NEWER = {"$defs", "$anchor", "$dynamicRef", "dependentSchemas", "dependentRequired", "minContains",
         "prefixItems", "unevaluatedItems", "unevaluatedProperties"}  # fmt: skip


def kind_of(file: Path) -> str:
    """Return which shape a shipped YAML file has, by where it stands."""
    system, *steps = file.relative_to(RULES).parts
    if system == "examples":
        return "firm"
    if steps == ["pack.yaml"]:
        return "pack"
    return {"tables": "table", "cases": "case"}.get(steps[0], "mapping")


SHIPPED = sorted(RULES.rglob("*.yaml"))


def name_of(value: object) -> str:
    return value.relative_to(RULES).as_posix() if isinstance(value, Path) else str(value)


@cache
def schema(kind: str) -> Any:
    file = ROOT / editor_schemas.FOLDER / f"{kind}.schema.json"
    return json.loads(file.read_text(encoding="utf-8"))


def parts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    if isinstance(node, dict | list):
        for each in node.values() if isinstance(node, dict) else node:
            yield from parts(each)


def problems(kind: str, text: str) -> list[str]:
    """Return what is wrong with a text for an editor."""
    document = read(SourceText("file.yaml", text), Report())
    judge = jsonschema.Draft7Validator(schema(kind))
    return [each.message for each in judge.iter_errors(plain(document.root))]


def test_the_files_are_what_the_rules_say() -> None:
    """Run `make docs` when this fails."""
    folder = ROOT / editor_schemas.FOLDER
    found = {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir()}
    assert editor_schemas.editor_schemas() == found


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_draft_07_and_stands_for_itself(kind: str) -> None:
    jsonschema.Draft7Validator.check_schema(schema(kind))
    assert "http://json-schema.org/draft-07/schema#" == schema(kind)["$schema"]
    known = {f"#/definitions/{each}" for each in schema(kind)["definitions"]}
    for part in parts(schema(kind)):
        assert not NEWER & set(part)
        if "$ref" in part:
            assert {"$ref"} == set(part), "draft-07 reads nothing beside a reference"
            assert part["$ref"] in known


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_has_words(kind: str) -> None:
    def said(part: dict[str, Any]) -> bool:
        if "$ref" in part:
            return said(schema(kind)["definitions"][part["$ref"].rpartition("/")[2]])
        return "description" in part or "title" in part

    keys = [
        (name, each)
        for part in parts(schema(kind))
        if part.get("type") == "object"
        for name, each in part.get("properties", {}).items()
    ]
    assert keys
    assert [] == [name for name, each in keys if not said(each)]


@pytest.mark.parametrize("pointer", editor_schemas._OFFERS)
def test_words_are_offered_where_there_is_something(pointer: str) -> None:
    kind, _, path = pointer.removesuffix("/*").partition("#/")
    node = json.loads((ROOT / f"schemas/rules/{kind}.schema.json").read_text(encoding="utf-8"))
    for step in path.split("/"):
        node = node[int(step) if isinstance(node, list) else step]
    assert node


def test_kinds_objects_reasons_and_types_are_offered() -> None:
    record = schema("mapping")["properties"]["record"]["anyOf"][0]
    assert "time_entry" in record["enum"]
    reason = schema("mapping")["definitions"]["decision"]["properties"]["reason"]["anyOf"][0]
    meant = dict(zip(reason["enum"], reason["enumDescriptions"], strict=True))
    assert "it was sent before" == meant["already_sent"]
    types = schema("table")["definitions"]["columns"]["additionalProperties"]["anyOf"][0]["enum"]
    assert {"percent", "role", "canonical.time_entry.billing_behavior"} <= set(types)


@pytest.mark.parametrize("file", SHIPPED, ids=name_of)
def test_a_shipped_file_is_right_and_names_its_schema(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    wanted = modeline(kind_of(file), file)
    found = [each for each in text.splitlines() if each.startswith("# yaml-language-server:")]
    assert [wanted] == found, f"put this behind the first comment of {name_of(file)}: {wanted}"
    assert (file.parent / wanted.partition("$schema=")[2]).is_file()
    assert [] == problems(kind_of(file), text)


PACK = "pack: xero\ntitle: Xero\nversion: 1.0.0\n"
MAPPING = "record: time_entry\nobject: TimeEntry\nfields: {A: id}\n"
TABLE = "table: t\ninputs: {a: text}\noutputs: {b: text}\nrows: []\n"
CASE = "case: c\nmapping: time_entry\ngiven: {record: {}}\nexpect: {skip: locked}\n"
WRONG = [
    ("pack", "pack: xero\ntitle: Xero\n"),
    ("pack", PACK + "setings: {}\n"),
    ("pack", PACK.replace("xero", "two words")),
    ("pack", PACK + "settings: {a: {type: money}}\n"),
    ("pack", PACK + "switches: {trust: {default: maybe}}\n"),
    ("pack", PACK + "links: {Contact: {record: contact, missing: wait}}\n"),
    ("pack", PACK + "unsupported: {invoice: {because: [a]}}\n"),
    ("mapping", MAPPING.replace("record", "recrod")),
    ("mapping", MAPPING + "direction: outwards\n"),
    ("mapping", MAPPING + "skip: [{when: a is present}]\n"),
    ("mapping", MAPPING + "skip: [{when: a, reason: b, becuase: c}]\n"),
    ("mapping", MAPPING + "let: {two words: a}\n"),
    ("mapping", "record: time_entry\nfields: {A: {valeu: id}}\n"),
    ("mapping", "record: time_entry\nfields: {A: {value: id, on_empty: skip}}\n"),
    ("table", TABLE.replace("rows: []", "row: []")),
    ("table", TABLE.replace("{a: text}", "{}")),
    ("table", TABLE.replace("[]", "[{a: {b: c}}]")),
    ("firm", "extends: xero\noverrides: {invoice: {fields: {A: {replace: b}}}}\n"),
    ("firm", "extends: xero\nswitches: {trust: maybe}\n"),
    ("firm", "extends: [xero]\n"),
    ("case", CASE.replace("expect", "expects")),
    ("case", CASE.replace("{skip: locked}", "{}")),
    ("case", CASE.replace("{skip: locked}", "{reject: []}")),
]


@pytest.mark.parametrize("kind, text", WRONG)
def test_what_is_wrong_is_wrong_for_editor_and_validate(kind: str, text: str) -> None:
    assert problems(kind, text)
    report = Report()
    document = read(SourceText("file.yaml", text), report)
    check_shape(document, kind, report)
    assert report.errors


@pytest.mark.parametrize(
    "kind, text", [("pack", PACK), ("mapping", MAPPING), ("table", TABLE), ("case", CASE)]
)
def test_the_beginnings_of_the_wrong_ones_are_right(kind: str, text: str) -> None:
    assert [] == problems(kind, text)
