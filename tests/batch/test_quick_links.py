"""
Runs of small packs: what a record asks of an earlier one, and what match keys and totals are.

The compiled engine writes what the interpreter writes, however many lines are taken at once.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from both_ways import opened, sides

from mapping_engine.batch.job import Job, Wanted
from mapping_engine.batch.links import KnownLinks
from mapping_engine.source.diagnostic import Report

TEXT = {"type": "string", "minLength": 1, "pattern": "\\S"}
PERSON = {
    "type": "object", "additionalProperties": False, "required": ["id", "number"],
    "properties": {"id": TEXT, "number": TEXT, "age": {"type": "number"},
                   "parent": {"type": "object", "additionalProperties": False,
                              "required": ["id"], "properties": {"id": TEXT}}},
}  # fmt: skip
SENT_PERSON = {
    "type": "object", "additionalProperties": False, "required": ["Number"],
    "properties": {"Number": TEXT, "Parent": TEXT},
}  # fmt: skip
PACK = """\
pack: crm
title: The CRM
version: 1.0.0
links:
  Person: {record: person, missing: hold, reason: no_parent}
reasons:
  no_parent: {because: the parent is not there, do: send the parent first}
  unborn: {because: nobody is younger than nothing, do: correct the age}
  orphan: {because: the child has no parent there, do: send the parent first}
"""
PEOPLE = """\
record: person
object: Person
operation: upsert
match: [Number]
reject:
  - {when: age is present and age < 0, reason: unborn}
  - when: parent is present and not linked("Person", parent)
    reason: orphan
fields:
  Number: number
  Parent:
    when: parent is present
    value: link("Person", parent)
    on_empty: omit
"""


def person(id: str, parent: str | None = None, age: int = 30, number: str | None = None) -> bytes:
    made = {"id": id, "number": number or id, "age": age}
    return json.dumps(made | ({"parent": {"id": parent}} if parent else {})).encode() + b"\n"


def crm(folder: Path, schemas: dict[str, Any], pack: str, mapping: str) -> Job:
    """Return the job of a pack that is written into a folder."""
    rules = folder / "rules" / "crm"
    for name, schema in schemas.items():
        path = rules / "schemas" / f"{name}.schema.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(schema))
    (rules / "pack.yaml").write_text(pack)
    (rules / "person.yaml").write_text(mapping)
    report = Report()
    job = opened(Wanted("crm", "person", rules=[folder / "rules"]), report)
    assert job is not None, [str(each) for each in report]
    return job


def test_what_a_record_asks_of_an_earlier_one_is_told_alike(tmp_path: Path) -> None:
    """A child finds its parent, unless that was refused, wherever both stand in the input."""
    schemas = {"canonical/person": PERSON, "targets/crm/Person": SENT_PERSON}
    job = crm(tmp_path, schemas, PACK, PEOPLE)
    lines = [
        person("a"), person("d", "a", age=-1), person("b", "a"), person("c", "z"), person("e", "e"),
        person("f", number="a"), person("g", "f"), person("h", "b"), person("z"), person("i", "z"),
    ]  # fmt: skip

    interpreted, compiled = sides(job, "ndjson", b"".join(lines), tmp_path)

    assert interpreted == compiled
    told = [json.loads(each) for each in compiled["mapped.ndjson"].splitlines()]
    assert [each["id"] for each in told] == ["a", "b", "h", "z", "i"]
    assert [len(each["payloads"][0].get("needs", ())) for each in told] == [0, 1, 1, 0, 1]
    refused = [json.loads(each) for each in compiled["rejected.ndjson"].splitlines()]
    assert {each["id"]: [why["reason"] for why in each["reasons"]] for each in refused} == {
        "c": ["orphan"], "d": ["unborn"], "e": ["orphan"], "f": ["duplicate_match_key"],
        "g": ["orphan"],
    }  # fmt: skip


DAY = {"type": "string", "format": "date"}
VISIT = {
    "type": "object", "additionalProperties": False, "required": ["id", "on", "amount"],
    "properties": {
        "id": TEXT, "on": DAY, "amount": {"type": "number"},
        "currency": {"type": "object", "additionalProperties": False, "properties": {"code": TEXT}},
        "place": {"type": "object", "additionalProperties": False,
                  "properties": {"street": TEXT, "city": TEXT}},
    },
}  # fmt: skip
SENT_VISIT = {
    "type": "object", "additionalProperties": False, "required": ["On", "Amount"],
    "properties": {"On": DAY, "Amount": {"type": "number"}, "Place": VISIT["properties"]["place"]},  # type: ignore[index]
}  # fmt: skip
VISITS = """\
record: person
object: Visit
operation: upsert
match: ["On"]
fields:
  "On": record.on
  Amount: amount
  Place: {value: place, on_empty: omit}
totals:
  amount: {record: amount, payload: Amount}
"""


def test_dates_match_and_objects_are_copied_alike(tmp_path: Path) -> None:
    """A day is the same match key on either way, and a copied object has the schema's order."""
    schemas = {"canonical/person": VISIT, "targets/crm/Visit": SENT_VISIT}
    job = crm(tmp_path, schemas, "pack: crm\ntitle: The CRM\nversion: 1.0.0\n", VISITS)
    lines = [
        b'{"id":"a","on":"2026-01-01","amount":1.50,"place":{"city":"C","street":"S"}}',
        b'{"id":"b","on":"2026-01-01","amount":1E2}',
        b'{"id":"c","on":"2026-01-02","amount":1E2,"place":{"city":"C","street":"S"}}',
        b'{"id":"d","on":"2026-01-03","amount":1,"currency":{"code":"X"}}',
        b'{"id":"e","on":"2026-01-02","amount":1}',
    ]

    interpreted, compiled = sides(job, "ndjson", b"\n".join(lines), tmp_path)

    assert interpreted == compiled
    told = [json.loads(each) for each in compiled["mapped.ndjson"].splitlines()]
    assert [each["id"] for each in told] == ["a", "c", "d"]
    places = [list(each["payloads"][0]["payload"].get("Place", ())) for each in told]
    assert places == [["street", "city"], ["street", "city"], []]


BILL_LINE = {
    "type": "object", "additionalProperties": False, "required": ["on", "amount"],
    "properties": {"on": DAY, "amount": {"type": "number"}},
}  # fmt: skip
LINES = {"type": "array", "items": BILL_LINE}
BILL = {
    "type": "object", "additionalProperties": False, "required": ["id", "lines"],
    "properties": {"id": TEXT, "lines": LINES},
}  # fmt: skip
SENT_BILL = {
    "type": "object", "additionalProperties": False, "required": ["Number", "Lines"],
    "properties": {"Number": TEXT, "Lines": LINES},
}  # fmt: skip
BILLS = """\
record: person
object: Bill
operation: upsert
match: [Number]
fields:
  Number: id
  Lines: lines
totals:
  early:
    record: sum(lines[on < 2026-01-02].amount)
    payload: sum(Lines[on < 2026-01-02].amount)
"""


def test_who_looks_at_a_copied_list_finds_days_in_it(tmp_path: Path) -> None:
    schemas = {"canonical/person": BILL, "targets/crm/Bill": SENT_BILL}
    job = crm(tmp_path, schemas, "pack: crm\ntitle: The CRM\nversion: 1.0.0\n", BILLS)
    line = b'{"id":"a","lines":[{"on":"2026-01-01","amount":1.50},{"amount":2,"on":"2026-01-03"}]}'

    interpreted, compiled = sides(job, "ndjson", line, tmp_path)

    assert interpreted == compiled
    assert json.loads(compiled["report.json"])["totals"][0]["payload"] == "1.50"


@pytest.mark.parametrize("members", [("number", "email"), ("email", "number")])
def test_a_link_is_found_by_the_same_key_whatever_comes_first(members: tuple[str, str]) -> None:
    known = {("Contact", "email", "x"): ("by email", None),
             ("Contact", "number", "x"): ("by number", None)}  # fmt: skip

    assert KnownLinks(known).link("Contact", dict.fromkeys(members, "x")) == "by number"
