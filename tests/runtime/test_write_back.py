"""What the target answers becomes a change of our record, and only what is new in it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mapping_engine import Mapped, Rejected, Skipped, load_pack
from mapping_engine.runtime.answers import write_back
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions

RECORD = {
    "type": "object", "additionalProperties": False, "required": ["id"],
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "number": {"type": ["string", "null"], "maxLength": 8},
        "bill_status": {"enum": ["unbilled", "draft", "billed"]},
        "locked": {"type": "boolean"},
        "external_ids": {"type": "array", "items": {
            "type": "object", "additionalProperties": False, "required": ["system", "value"],
            "properties": {"system": {"type": "string"}, "value": {"type": "string"}},
        }},
    },
}  # fmt: skip
ENTRY = {
    "type": "object", "additionalProperties": False, "required": ["ExternalId"],
    "properties": {
        "ExternalId": {"type": "string", "minLength": 1},
        "Number": {"type": "string"}, "Id": {"type": "string"},
    },
}  # fmt: skip
MAPPING = """
record: entry
object: Entry
match: [ExternalId]
fields:
  ExternalId: id
  Number: number
write_back:
  number: {value: Number, when: record.number is empty}
  bill_status: "draft"
  locked: true
  external_ids:
    - record.external_ids[system != "books"]
    - when: Id is present
      fields: {system: "books", value: Id}
"""
SENT = {"bill_status": "draft", "locked": True}
BOOKS = {"system": "books", "value": "88"}
CRM = {"system": "crm", "value": "5"}
ANSWERS: list[tuple[str, dict[str, Any], Any, Any]] = [
    ("an assigned number", {}, {"Number": "C-7"}, {"number": "C-7", **SENT}),
    ("a cleared number is empty, too", {"number": None}, {"Number": "C-7"},
     {"number": "C-7", **SENT}),
    ("never over a number", {"number": "A1"}, {"Number": "C-7"}, SENT),
    ("a partial answer", {}, {}, SENT),
    ("what no schema knows", {}, {"UpdatedBy": "x"}, SENT),
    ("an id beside others", {"external_ids": [CRM]}, {"Id": "88"},
     {**SENT, "external_ids": [CRM, BOOKS]}),
    ("nothing new", {**SENT, "external_ids": [BOOKS]}, {"Id": "88"}, "unchanged"),
    ("too long a number", {}, {"Number": "C-7000000"}, "too_long"),
    ("no answer of this object", {}, {"Number": 7}, "unreadable_input"),
]  # fmt: skip


@pytest.fixture(scope="module")
def mapper(tmp_path_factory: Any) -> Any:
    folder: Path = tmp_path_factory.mktemp("books")
    for name, schema in {"canonical/entry": RECORD, "targets/books/Entry": ENTRY}.items():
        path = folder / "schemas" / f"{name}.schema.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(schema))
    pack = folder / "rules" / "books"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text("pack: books\ntitle: Books\nversion: 1.0.0\n")
    (pack / "entry.yaml").write_text(MAPPING)
    loaded = load_pack("books", rules=[folder / "rules"], schemas=[folder / "schemas"])
    return loaded.mapper("entry")


@pytest.mark.parametrize("said, answer, expected", [each[1:] for each in ANSWERS],
                         ids=[each[0] for each in ANSWERS])  # fmt: skip
def test_an_answer_changes_the_record(mapper: Any, said: Any, answer: Any, expected: Any) -> None:
    record = {"id": "e1", **said}
    found = mapper.write_back(record, answer)
    plain = InterpretedMapper(mapper.program, mapper.mapping, RunOptions(date.min))

    assert repr(found) == repr(write_back(plain, record, answer))
    match found:
        case Mapped(payloads=(change,)):
            assert (change.object, change.operation) == ("entry", "update")
            assert change.match == {"id": "e1"}
            assert change.payload == expected
        case Skipped(reason=reason):
            assert reason == expected
        case Rejected(reasons=reasons):
            assert [each.reason for each in reasons] == [expected]


def test_only_a_payload_that_writes_back_is_answered(mapper: Any) -> None:
    with pytest.raises(LookupError, match="writes back for these payloads: `entry`"):
        mapper.write_back({"id": "e1"}, {}, "invoice")
