"""What could not be proved is tested on every value, lists and whole payloads included."""

from __future__ import annotations

import ast
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mapping_engine.language.python import Code
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.emitted_guards import _of_text
from mapping_engine.runtime.linking import LinkBook
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.runtime.opening import open_pack
from mapping_engine.runtime.outcome import Mapped, Rejected
from mapping_engine.runtime.references import NoReferences
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.guard import breaches
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import Text
from mapping_engine.values.value import MISSING

SHORT = {"type": "string", "maxLength": 5}
ONE_OF = {
    "type": "object",
    "additionalProperties": False,
    "anyOf": [{"required": ["id"]}, {"required": ["email"]}],
    "properties": {"id": SHORT, "email": {"type": "string"}, "name": {"type": "string"}},
}
RECORD = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "rate"],
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "email": {"type": "string"},
        "rate": {"type": "number", "x-scale": 2},
        "tags": {"type": "array", "items": {"type": "string", "minLength": 1}},
    },
}


def outcome(folder: Path, target: Any, fields: str, record: Any) -> Any:
    """Return the payload, or the reason and the field of the first refusal."""
    places = {"canonical/thing": RECORD, "targets/demo/Thing": target}
    for name, schema in places.items():
        path = folder / "schemas" / f"{name}.schema.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(schema))
    pack = folder / "rules" / "demo"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text("pack: demo\ntitle: Demo\nversion: 1.0.0\n")
    (pack / "thing.yaml").write_text(f"record: thing\nobject: Thing\nfields:\n{fields}")
    report = Report()
    opened = open_pack("demo", report, rules=[folder / "rules"], schemas=[folder / "schemas"])
    assert opened is not None
    assert [] == [each.message for each in report.errors]
    program = opened.program
    options = RunOptions(date(2026, 8, 1))
    found = InterpretedMapper(program, program.mappings["thing"], options).map(record)
    assert repr(found) == repr(
        CompiledMapper(program, program.mappings["thing"], options).map(record)
    )
    if isinstance(found, Mapped):
        return dict(found.payloads[0].payload)
    assert isinstance(found, Rejected)
    return found.reasons[0].reason, found.reasons[0].field


def members(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties}


LIST = members(Tags={"type": "array", "items": SHORT})
PARTS = "  Tags:\n    - each: tags\n      as: tag\n      value: tag\n"


@pytest.mark.parametrize(
    "target, fields, record, expected",
    [
        (members(Id=SHORT), "  Id: id\n", {"id": "toolong"}, ("too_long", "Id")),
        (LIST, "  Tags: tags\n", {"tags": ["a", "toolong"]}, ("too_long", "Tags")),
        (LIST, "  Tags:\n    - id\n", {"id": "toolong"}, ("too_long", "Tags")),
        (LIST, "  Tags:\n    - id\n    - tags\n", {"tags": ["toolong"]}, ("too_long", "Tags")),
        (members(Id=SHORT, Who=ONE_OF), "  Id: id\n  Who.email: email\n", {}, {"Id": "a"}),
        (
            members(Who=ONE_OF),
            '  Who.email: email\n  Who.name: "x"\n',
            {},
            ("required_value_missing", None),
        ),
        (
            members(Who=ONE_OF),
            '  Who:\n    fields: {email: email, name: "x"}\n',
            {},
            ("required_value_missing", "Who"),
        ),
        (
            members(Who={"type": "array", "items": ONE_OF}),
            '  Who:\n    - fields: {email: email, name: "x"}\n',
            {},
            ("required_value_missing", "Who"),
        ),
        (ONE_OF, '  email: email\n  name: "x"\n', {}, ("required_value_missing", None)),
        (ONE_OF, '  email: email\n  name: "x"\n', {"email": "m"}, {"email": "m", "name": "x"}),
        (
            members(Rate={"type": "string", "x-decimal": True, "x-scale": 2}),
            "  Rate: rate\n",
            {},
            {"Rate": "1.50"},
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, target: Any, fields: str, record: Any, expected: Any
) -> None:
    whole = {"id": "a", "rate": Decimal("1.50"), **record}

    assert expected == outcome(tmp_path, target, fields, whole)


TAGS = LIST["properties"]["Tags"]
TEXT = {"type": "string"}


@pytest.mark.parametrize(
    "target, fields, expected",
    [
        (members(Id=SHORT, Tags=TAGS), f"  Id: id\n{PARTS}", {"Id": "a"}),
        ({**members(Tags=TAGS), "required": ["Tags"]}, PARTS, {"Tags": []}),
        ({**members(Tags=TAGS), "required": ["Tags"]}, "  Tags: tags ?? []\n", {"Tags": []}),
        (
            {**members(Tags={**TAGS, "minItems": 1}), "required": ["Tags"]},
            PARTS,
            ("out_of_range", "Tags"),
        ),
        (members(Id=SHORT, Mail=TEXT), '  Id: id\n  Mail: email ?? " "\n', {"Id": "a"}),
        ({**members(Mail=TEXT), "required": ["Mail"]}, '  Mail: email ?? " "\n', {"Mail": " "}),
        (
            {"type": "object", "additionalProperties": TEXT, "properties": {"Id": SHORT}},
            '  Id: id\n  Mail: email ?? ""\n',
            {"Id": "a"},
        ),
    ],
)
def test_what_the_target_demands_is_sent_though_it_is_empty(
    tmp_path: Path, target: Any, fields: str, expected: Any
) -> None:
    assert expected == outcome(tmp_path, target, fields, {"id": "a", "rate": Decimal(1)})


@pytest.mark.parametrize("answer", [None, "", "   ", 7])
def test_a_connector_that_answers_nothing_useful_knows_no_id(answer: Any) -> None:
    class Strange(NoReferences):
        def link(self, object: str, reference: Any) -> Any:
            return answer

        def link_version(self, object: str, reference: Any) -> Any:
            return answer

    book = LinkBook({}, Strange(), "1")

    assert MISSING is book.link_version("Contact", {"id": "2"})
    assert not book.linked("Contact", {"id": "2"})
    with pytest.raises(Refusal, match="link_missing"):
        book.link("Contact", {"id": "2"})


def test_linked_is_what_the_target_had_before_the_record_was_taken_up() -> None:
    class Knows(NoReferences):
        def link(self, object: str, reference: Any) -> str | None:
            return "x-1" if (object, reference.get("number")) == ("Contact", "C-1") else None

    book = LinkBook({}, Knows(), "1", made={("Invoice", "9"): None}, own={"Invoice": None})

    assert book.linked("Contact", {"number": "C-1"})
    assert book.linked("Invoice", {"id": "9"})
    assert not book.linked("Invoice", {"id": "1"})
    assert "" != book.link("Invoice", {"id": "1"})


@pytest.mark.parametrize(
    "asked",
    [
        Text(max_length=3), Text(min_length=1), Text(min_length=2, max_length=3),
        Text(blank=False, min_length=1), Text(choices=("a", "bc")), Text(pattern="^[a-c]+$"),
    ],
    ids=repr,
)  # fmt: skip
def test_the_quick_test_of_a_text_lets_through_what_fits_only(asked: Text) -> None:
    code = Code()
    test = ast.Expression(_of_text(ast.Name("value", ast.Load()), asked, code))
    asks = compile(ast.fix_missing_locations(test), "test", "eval")
    for value in ("", " ", "a", "bc", "abcd", "ä", "  d"):
        assert bool(eval(asks, {**code.objects, "value": value})) == bool(breaches(value, asked))
