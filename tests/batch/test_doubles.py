"""Records of one run that are one: rejected by their match key, listed by what they say."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mapping_engine.batch.doubles import Doubles
from mapping_engine.batch.items import Entry
from mapping_engine.batch.job import Wanted, open_job
from mapping_engine.batch.owners import Owners
from mapping_engine.batch.report import report_of
from mapping_engine.batch.run import run
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.value import Value

TEXT = {"type": "string"}
RECORD = {
    "type": "object", "additionalProperties": False, "required": ["id"],
    "properties": {"id": {"type": "string", "minLength": 1}, "number": TEXT,
                   "email": TEXT, "name": TEXT, "postal_code": TEXT},
}  # fmt: skip
PERSON = {
    "type": "object", "additionalProperties": False, "required": ["Key"],
    "properties": {"Key": TEXT, "Number": TEXT, "Email": TEXT},
}  # fmt: skip
MAPPING = """
record: person
object: Person
operation: upsert
match: [Number, Email]
fields:
  Key: id
  Number: number
  Email: email | trim | lower
duplicates:
  email: email | trim | lower
  name_and_postcode: "{name | trim | lower} {postal_code | trim | upper}"
"""
RECORDS: list[Value] = [
    {"id": "a", "number": "1", "email": "Jo@Quay.example", "name": "Jo Ash", "postal_code": "HU1"},
    {"id": "b", "number": "2", "email": " jo@quay.example", "name": "J. Ash", "postal_code": "HU1"},
    {"id": "c", "number": "1", "email": "kim@quay.example", "name": "Kim", "postal_code": "YO1"},
    {"id": "d", "number": "4", "name": "kim ", "postal_code": "yo1"},
    {"id": "e", "email": "LEE@quay.example"},
    {"id": "f", "email": "lee@quay.example"},
    {"id": "a", "number": "1", "email": "jo@quay.example"},
]


class Lines:
    """Keeps the lines of a run."""

    def __init__(self) -> None:
        self.lines: list[Any] = []

    def take(self, line: Any) -> None:
        self.lines.append(line)


@pytest.mark.parametrize("engine", [InterpretedMapper, CompiledMapper])
@pytest.mark.parametrize("most", [0, 1000])
def test_a_run_tells_its_doubles(
    tmp_path: Path, engine: Any, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapping_engine.batch.run.Owners", lambda: Owners(most))
    pack = tmp_path / "rules" / "crm"
    for name, schema in {"canonical/person": RECORD, "targets/crm/Person": PERSON}.items():
        path = pack / "schemas" / f"{name}.schema.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(schema))
    (pack / "pack.yaml").write_text("pack: crm\ntitle: The CRM\nversion: 1.0.0\n")
    (pack / "person.yaml").write_text(MAPPING)
    links = tmp_path / "links.csv"
    links.write_text("object,target_id,record_id\nPerson,90,a\nPerson,91,gone\nOther,92,x\n")
    report = Report()
    wanted = Wanted("crm", "person", rules=[tmp_path / "rules"], links=links)
    job = open_job(wanted, RunOptions(date(2026, 8, 1)), report, engine)
    assert [] == [each.message for each in report.errors]
    assert job is not None
    output, doubles = Lines(), Doubles(job)
    items = [Entry(place, each) for place, each in enumerate(RECORDS, start=1)]
    tally = run(job, items, output, doubles=doubles)
    told = report_of(job, tally, strict=True, milliseconds=1, doubles=doubles)

    assert tally.rejected_by_reason == {"duplicate_match_key": 2}
    rejected = [(each["id"], each["reasons"][0]["message"]) for each in output.lines
                if each["outcome"] == "rejected"]  # fmt: skip
    assert [id for id, _ in rejected] == ["c", "f"]
    assert "`Number` is the same as in `a`" in rejected[0][1]
    assert "`Email` is the same as in `e`" in rejected[1][1]
    assert told["duplicates"] == {
        "likely": [
            {"by": "email", "records": ["a", "b"]},
            {"by": "name_and_postcode", "records": ["c", "d"]},
            {"by": "email", "records": ["e", "f"]},
        ],
        "orphans": [{"object": "Person", "record": "gone"}],
    }
    assert "quay" not in json.dumps(told["duplicates"]).lower()
