"""JSON Schema becomes types; what of it is not understood is said, all at once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from mapping_engine.values.json import decode
from mapping_engine.values.schema import SchemaError, member, type_of_schema
from mapping_engine.values.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    NULL,
    TEXT,
    UNKNOWN,
    List,
    Number,
    Object,
    Text,
)
from mapping_engine.values.words import words

SCHEMAS = Path(__file__).parents[2] / "schemas"


def read(schema: str, files: dict[str, str] | None = None):
    decoded = decode(schema)
    return type_of_schema(decoded, "record", lambda name: decode((files or {})[name]))


@pytest.mark.parametrize(
    "schema, expected",
    [
        ('{"type": "string"}', TEXT),
        ('{"type": ["string", "null"], "minLength": 1, "maxLength": 50}',
         Text(null=True, blank=False, min_length=1, max_length=50)),
        ('{"type": "string", "enum": ["a", "b"]}', Text(choices=("a", "b"), blank=False)),
        ('{"enum": ["a", "", null]}', Text(choices=("a", ""), null=True)),
        ('{"type": ["string", "null"], "enum": ["a"]}', Text(choices=("a",), blank=False)),
        ('{"const": "a"}', Text(choices=("a",), blank=False)),
        ('{"const": 5}', Number(minimum=Decimal(5), maximum=Decimal(5))),
        ('{"type": "string", "format": "date"}', DATE),
        ('{"type": "string", "format": "date-time"}', DATETIME),
        ('{"type": "string", "format": "uuid"}', Text(format="uuid")),
        ('{"type": "string", "pattern": "^a"}', Text(pattern="^a")),
        ('{"type": "number", "x-scale": 2, "x-unit": "hours", "minimum": 0}',
         Number(scale=2, unit="hours", minimum=Decimal(0))),
        ('{"type": "number", "multipleOf": 0.01, "exclusiveMinimum": 0, "maximum": 9.99}',
         Number(scale=2, minimum=Decimal(0), above=True, maximum=Decimal("9.99"))),
        ('{"type": "integer"}', Number(scale=0)),
        ('{"type": ["integer", "string"]}', Text(reads_scalars=True)),
        ('{"type": ["number", "string"], "x-decimal": true}', Number(reads_text=True)),
        ('{"type": "string", "x-decimal": true}', Number(reads_text=True, as_text=True)),
        ('{"type": "boolean"}', BOOLEAN),
        ('{"type": "null"}', NULL),
        ("{}", UNKNOWN),
        ('{"type": "array", "items": {"type": "boolean"}, "minItems": 1, "uniqueItems": true}',
         List(item=BOOLEAN, min_items=1, unique=True)),
        ('{"anyOf": [{"type": "boolean"}, {"type": "null"}]}', type(BOOLEAN)(null=True)),
    ],
)  # fmt: skip
def test_a_schema_becomes_a_type(schema, expected):
    assert expected == read(schema)


def test_members_that_are_not_required_can_be_absent():
    found = read(
        '{"type": "object", "additionalProperties": false, "required": ["id"], "properties":'
        '{"id": {"type": "string"}, "note": {"type": ["string", "null"]}}}'
    )
    expected = Object(name="record", fields={"id": TEXT, "note": Text(absent=True, null=True)})
    assert expected == found


def test_custom_fields_have_the_type_of_the_others():
    found = read('{"type": "object", "additionalProperties": {"type": "boolean"}}')
    assert Object(name="record", others=BOOLEAN) == found


def test_one_of_several_keys_may_be_asked_for():
    found = read(
        '{"type": "object", "additionalProperties": false, "anyOf": [{"required": ["id"]},'
        ' {"required": ["number"]}], "properties": {"id": {"type": "string"},'
        ' "number": {"type": "string"}}}'
    )
    assert (("id",), ("number",)) == found.needs_one_of


def test_what_stands_inside_something_private_is_private():
    found = read(
        '{"type": "object", "x-private": true, "properties": {"lines": {"type": "array",'
        ' "items": {"$ref": "#/$defs/line"}}}, "$defs": {"line": {"type": "object",'
        ' "properties": {"a": {"type": "string"}}}}}'
    )
    inner = member(found, "lines.a")
    assert inner is not None
    assert inner.private


def test_references_go_to_the_file_and_within_it():
    common = (
        '{"$defs": {"ref": {"type": "object", "properties": {"id": {"$ref": "#/$defs/id"}}},'
        ' "id": {"type": "string", "maxLength": 9}}}'
    )
    found = read(
        '{"type": "object", "properties": {"matter": {"$ref": "c.json#/$defs/ref",'
        ' "description": "whose"}}}',
        {"c.json": common},
    )
    assert Text(max_length=9, absent=True) == member(found, "matter.id")
    matter = member(found, "matter")
    assert isinstance(matter, Object)
    assert ("matter", True) == (matter.name, matter.absent)


@pytest.mark.parametrize(
    "schema, sentence",
    [
        ('{"type": "string", "maxLenght": 5}',
         "the schema keyword `maxLenght` at `#` is not understood here"),
        ('{"type": "number", "maxLength": 5}',
         "the schema keyword `maxLength` at `#` is not understood here"),
        ('{"type": "object", "patternProperties": {}}',
         "the schema keyword `patternProperties` at `#` is not understood here"),
        ('{"type": "array", "items": {"type": "strnig"}}',
         "the schema keyword `type` at `#/items` must be one of string, number, integer, boolean,"
         " object, array, null, or a list of them"),
        ('{"type": ["object", "string"]}', "the schema at `#` mixes object and string"),
        ('{"type": "number", "multipleOf": 0.05}',
         "the schema keyword `multipleOf` at `#` must be 1, 0.1, 0.01 and so on"),
        ('{"type": "string", "pattern": "(?=a)"}',
         "the schema keyword `pattern` at `#` must be a pattern that can be used: look-ahead"
         " `(?=` is not available: patterns must end in linear time"),
        ('{"type": "string", "enum": ["a", "a"]}',
         "the schema keyword `enum` at `#` must be texts, each only once"),
        ('{"type": "string", "minLength": -1}',
         "the schema keyword `minLength` at `#` must be a whole number from 0"),
        ('{"type": "string", "format": "phone"}',
         "the schema keyword `format` at `#` must be one of date, date-time, time, email, uri,"
         " uuid"),
        ('{"type": "object", "required": ["id"]}',
         "the schema keyword `required` at `#` must be a list of names that stand under"
         " `properties`"),
        ('{"$ref": "#/$defs/a"}', "the schema reference `#/$defs/a` at `#` leads nowhere"),
        ('{"$ref": "b.json#/a"}', "the schema reference `b.json#/a` at `#` leads nowhere"),
        ('{"$ref": "#/$defs/a", "$defs": {"a": {"type": "array", "items":'
         ' {"$ref": "#/$defs/a"}}}}',
         "the schema reference `#/$defs/a` at `#/$defs/a/items` leads back to itself"),
        ('{"$ref": "#/$defs/a", "maxLength": 3, "$defs": {"a": {"type": "string"}}}',
         "the schema keyword `maxLength` at `#` is not understood here"),
        ('{"anyOf": [{"type": "string"}, {"type": "number"}]}',
         "the schema keyword `anyOf` at `#` must be one schema, and `type: null` when it may be"
         " null"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_said_with_its_place(schema, sentence):
    with pytest.raises(SchemaError) as caught:
        read(schema)
    assert [sentence] == [each.message for each in caught.value.diagnostics]


def test_all_mistakes_come_at_once():
    with pytest.raises(SchemaError, match="and 2 more") as caught:
        read('{"type": "object", "wrong": 1, "properties": {"a": {"type": "x"}, "b": 5}}')
    assert ["M180", "M181", "M181"] == [each.code.number for each in caught.value.diagnostics]


def test_a_schema_read_with_floats_is_refused():
    with pytest.raises(SchemaError, match="an exact number"):
        type_of_schema({"type": "number", "minimum": 0.1}, "record", dict)


def shipped() -> list[Path]:
    found = [*SCHEMAS.glob("canonical/*.json"), *SCHEMAS.glob("targets/*/*.json")]
    return sorted(each for each in found if each.name != "common.schema.json")


@pytest.mark.parametrize("file", shipped(), ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_shipped_schema_is_understood(file):
    schema = decode(file.read_text(encoding="utf-8"))
    name = file.name.removesuffix(".schema.json")
    found = type_of_schema(
        schema, name, lambda other: decode((file.parent / other).read_text(encoding="utf-8"))
    )
    assert isinstance(found, Object)
    assert name == found.name


@pytest.mark.parametrize(
    "schema, said",
    [
        ('{"type": ["string", "null"]}', "text or null"),
        ('{"type": "number", "x-scale": 2}', "number with 2 decimals"),
        ('{"type": "number", "x-scale": 1, "x-unit": "hours"}', "number with 1 decimal (hours)"),
        ('{"type": "integer"}', "whole number"),
        ('{"type": "array", "items": {"type": "string"}}', "list of texts"),
        ('{"type": ["boolean", "null"]}', "yes or no, or null"),
        ('{"enum": ["a", "b"]}', "`a` or `b`"),
        ('{"enum": ["a", "b", "c", "d", "e", "f"]}', "one of 6 words"),
        ('{"type": "object"}', "`record`"),
    ],
)
def test_types_have_words(schema, said):
    assert said == words(read(schema))
