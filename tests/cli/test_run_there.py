"""What the other system holds, beside what would be sent: a difference is told by its fields."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import Run

TEXT = {"type": "string"}
RECORD = {
    "type": "object", "additionalProperties": False, "required": ["id"],
    "properties": {"id": TEXT, "number": TEXT, "name": TEXT, "city": TEXT, "fax": TEXT,
                   "rate": {"type": "number", "x-scale": 2}},
}  # fmt: skip
PERSON = {
    "type": "object", "additionalProperties": False, "required": ["Name"],
    "properties": {
        "Key": TEXT, "Number": TEXT, "Name": {"type": "string", "x-private": True},
        "Fax": {"type": ["string", "null"]}, "Rate": {"type": "number", "x-scale": 2},
        "Address": {"type": "object", "additionalProperties": False,
                    "properties": {"City": TEXT}},
    },
}  # fmt: skip
MAPPING = """
record: person
object: Person
direction: both
operation: upsert
match: [Key, Number]
fields:
  Key: id
  Number: number
  Name: name ?? "?"
  Fax: fax
  Rate: rate
  Address.City: city
back:
  reject:
    - {when: Key is empty, reason: missing_match_key, because: it has no key}
  fields:
    id: Key
    name: Name
"""
RECORDS = [
    {"id": "a", "number": "1", "name": "Jo", "city": "Hull", "rate": 3},
    {"id": "b", "number": "2", "name": "Kim", "city": "York"},
    {"id": "c", "number": "3", "name": "Lee", "fax": "33"},
    {"id": "d", "number": "4", "name": "Mo"},
]
HELD: list[dict[str, Any]] = [
    {"Key": "a", "Number": "1", "Name": "Jo", "Rate": 3.00, "Taken": True, "Fax": "11",
     "Address": {"City": "Hull"}},
    {"Number": "2", "Name": "Kym", "Address": {"City": "Leeds"}},
    {"Key": "c", "Number": "33", "Name": "Lee", "Fax": None},
    {"Balance": 1}, {"Number": ["3"]},
]  # fmt: skip


def lines(path: Path, records: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(each) + "\n" for each in records))
    return str(path)


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    pack = tmp_path / "rules" / "crm"
    for name, schema in {"canonical/person": RECORD, "targets/crm/Person": PERSON}.items():
        path = pack / "schemas" / f"{name}.schema.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(schema))
    (pack / "pack.yaml").write_text("pack: crm\ntitle: The CRM\nversion: 1.0.0\n")
    (pack / "person.yaml").write_text(MAPPING)
    return ["--rules", str(tmp_path / "rules"), "--out", str(tmp_path / "out")]


def warned(folder: Path) -> dict[str | None, str]:
    """Return what is told of each record."""
    found = [json.loads(each) for each in (folder / "mapped.ndjson").read_text().splitlines()]
    return {each["id"]: each["warnings"][0]["because"] for each in found if "warnings" in each}


def test_fields_that_differ_are_named_and_never_shown(
    run: Run, tmp_path: Path, options: list[str]
) -> None:
    given, held = lines(tmp_path / "in.ndjson", RECORDS), lines(tmp_path / "held.ndjson", HELD)
    code, _, told = run("run", "crm", "person", given, "--there", held, *options)
    report = json.loads((tmp_path / "out" / "report.json").read_text())

    assert code == 0
    assert warned(tmp_path / "out") == {
        "b": "the other side holds something else in `Name`, `Address.City`",
        "c": "the other side holds something else in `Number`",
    }
    assert report["warnings"] == [{"reason": "drift", "count": 2}]
    assert report["there"] == {
        "held": 5, "unfit": 1, "compared": 3, "not_found": 1,
        "differing": {"Address.City": 1, "Name": 1, "Number": 1},
    }  # fmt: skip
    assert not any(each in told for each in ("Kim", "Kym", "York", "Leeds"))


def test_a_payload_that_is_read_is_compared_with_the_record_held(
    run: Run, tmp_path: Path, options: list[str]
) -> None:
    given = lines(tmp_path / "in.ndjson", [{"Key": "a", "Name": "Joe"}, {"Key": "b", "Name": "B"}])
    held = lines(tmp_path / "held.ndjson", RECORDS[:1])
    code, _, _ = run("run", "crm", "person", given, "--in", "--there", held, *options)

    assert code == 0
    assert warned(tmp_path / "out") == {"a": "the other side holds something else in `name`"}


def test_a_line_that_is_no_payload_ends_the_run(
    run: Run, tmp_path: Path, options: list[str]
) -> None:
    given, held = lines(tmp_path / "in.ndjson", RECORDS), tmp_path / "held.ndjson"
    held.write_text('{"Key": "a"}\n[]\n')
    code, _, told = run("run", "crm", "person", given, "--there", str(held), *options)

    assert code == 2
    assert "line 2 of" in told
    assert "name the payloads of the other system" in told
