"""
A run of the compiled engine writes the files of a run of the interpreter, byte for byte.

Everything that the example firms send is sent, some of it twice: what a record asks of an earlier
one, and whose match key is taken, must not depend on how many lines are taken at once.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from mapping_engine.batch.items import Item, Reading
from mapping_engine.batch.job import Job, Wanted, open_job
from mapping_engine.batch.output import FolderOutput
from mapping_engine.batch.records import map_records, read_records
from mapping_engine.batch.report import report_of
from mapping_engine.batch.run import run
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.compose import Composed, Mapper, UnsupportedMapper
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.runtime.quick import QuickRun
from mapping_engine.source.diagnostic import Report

FIRMS = Path(__file__).parents[2] / "rules" / "examples"
AS_OF = date(2026, 11, 1)
#: The files of records by their kind, and those of payloads by system and kind.
SENT = {
    "contacts": "contact", "invoices": "invoice", "credit_notes": "credit_note",
    "payments": "payment", "bank_transactions": "bank_transaction",
    "bank_transfers": "bank_transfer", "supplier_bills": "supplier_bill",
    "supplier_credits": "supplier_credit", "supplier_payments": "supplier_payment",
    "trust_transactions": "trust_transaction", "journal_entries": "journal_entry",
}  # fmt: skip
READ = {
    "time_entries": ("actionstep", "time_entry"), "actions": ("actionstep", "matter"),
    "participants": ("actionstep", "contact"), "soluno_contacts": ("soluno", "contact"),
    "soluno_files": ("soluno", "matter"),
}  # fmt: skip
PACKS = sorted((each.parent.name, each.stem) for each in FIRMS.glob("*/*.yaml")
               if each.stem != "firm")  # fmt: skip


def wanted(firm: str, pack: str) -> Iterator[tuple[Path, Wanted]]:
    """Yield what a firm may want of a pack, each with its records or payloads."""
    samples = FIRMS / firm / "samples"
    for stem, kind in SENT.items():
        yield samples / f"{stem}.ndjson", Wanted(pack, kind, firm=FIRMS / firm)
    for stem, (system, kind) in READ.items():
        ways = {"inward": True} if system == pack else {"source": system}
        yield samples / f"{stem}.ndjson", Wanted(pack, kind, firm=FIRMS / firm, **ways)  # type: ignore[arg-type]


def opened(what: Wanted, report: Report | None = None) -> Job | None:
    return open_job(
        what, RunOptions(AS_OF), report if report is not None else Report(), CompiledMapper
    )


def interpreted(job: Job) -> Job:
    """Return the same job for the interpreter; the two know nothing of each other."""
    options = replace(job.options, made={})

    def by_interpreter(mapper: Mapper) -> Mapper:
        if isinstance(mapper, Composed):
            return Composed(by_interpreter(mapper.first), by_interpreter(mapper.second))
        assert isinstance(mapper, CompiledMapper | UnsupportedMapper)
        if isinstance(mapper, UnsupportedMapper):
            return mapper
        return InterpretedMapper(mapper.program, mapper.mapping, options)

    return replace(job, mapper=by_interpreter(job.mapper), options=options)


def as_rows(lines: list[bytes]) -> bytes:
    """Return records as a table: their single values, and those of the objects in them."""
    rows = [dict(_cells(json.loads(each, parse_float=str), "")) for each in lines]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _cells(value: Any, name: str) -> Iterator[tuple[str, str]]:
    for word, each in value.items():
        if isinstance(each, dict):
            yield from _cells(each, f"{name}{word}.")
        elif not isinstance(each, list) and each is not None:
            yield f"{name}{word}", str(each).lower() if isinstance(each, bool) else str(each)


WRITTEN = {
    "ndjson": b"".join,
    "csv": as_rows,
    "json": lambda lines: b"[" + b",".join(lines) + b"]",
}


def written(
    job: Job, form: str, content: bytes, folder: Path, *, payloads_only: bool
) -> dict[str, bytes]:
    """Return the files of a run, by their names."""
    reading = Reading("input", envelope=job.envelope, reads=job.reads)
    quick = job.quick(payloads_only=payloads_only, strict=True)
    assert (quick is not None) == _has_quick_way(job)
    items: Iterator[Item | QuickRun] = read_records(io.BytesIO(content), form, reading)
    if quick is not None:
        items = map_records(io.BytesIO(content), form, reading, quick)
    with FolderOutput(folder, payloads_only) as output:
        tally = run(job, items, output)
        output.finish(report_of(job, tally, strict=True, milliseconds=1))
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def _has_quick_way(job: Job) -> bool:
    """Whether a job must have a quick way: compiled mappers of which none skips every record."""
    mapper = job.mapper
    several = (mapper.first, mapper.second) if isinstance(mapper, Composed) else (mapper,)
    return all(type(each) is CompiledMapper and each.standing is None for each in several)


@pytest.mark.parametrize("firm, pack", PACKS)
def test_both_engines_write_the_same_files(firm: str, pack: str, tmp_path: Path) -> None:
    met = 0
    for number, (path, what) in enumerate(wanted(firm, pack)):
        job = opened(what) if path.exists() else None
        if job is None:
            continue
        lines = path.read_bytes().splitlines(keepends=True)[::2]
        lines += lines[:40]
        form = list(WRITTEN)[number % 3]
        content = WRITTEN[form](lines)
        sides = [
            written(
                each, form, content, tmp_path / f"{number}.{name}", payloads_only=number % 4 == 3
            )
            for name, each in (("interpreted", interpreted(job)), ("compiled", job))
        ]
        assert sides[0] == sides[1], what.record
        met += b"" != sides[0]["mapped.ndjson"]
    assert met > 0


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


def test_what_a_record_asks_of_an_earlier_one_is_told_alike(tmp_path: Path) -> None:
    """A child finds its parent, unless that was refused, wherever both stand in the input."""
    pack = tmp_path / "rules" / "crm"
    for name, schema in {"canonical/person": PERSON, "targets/crm/Person": SENT_PERSON}.items():
        path = pack / "schemas" / f"{name}.schema.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(schema))
    (pack / "pack.yaml").write_text(PACK)
    (pack / "person.yaml").write_text(PEOPLE)
    report = Report()
    job = opened(Wanted("crm", "person", rules=[tmp_path / "rules"]), report)
    assert job is not None, [str(each) for each in report]
    lines = [
        person("a"), person("d", "a", age=-1), person("b", "a"), person("c", "z"), person("e", "e"),
        person("f", number="a"), person("g", "f"), person("h", "b"), person("z"), person("i", "z"),
    ]  # fmt: skip

    sides = [written(each, "ndjson", b"".join(lines), tmp_path / name, payloads_only=False)
             for name, each in (("interpreted", interpreted(job)), ("compiled", job))]  # fmt: skip

    assert sides[0] == sides[1]
    told = [json.loads(each) for each in sides[0]["mapped.ndjson"].splitlines()]
    assert [each["id"] for each in told] == ["a", "b", "h", "z", "i"]
    assert [len(each["payloads"][0].get("needs", ())) for each in told] == [0, 1, 1, 0, 1]
    refused = [json.loads(each) for each in sides[0]["rejected.ndjson"].splitlines()]
    assert {each["id"]: [why["reason"] for why in each["reasons"]] for each in refused} == {
        "c": ["orphan"], "d": ["unborn"], "e": ["orphan"], "f": ["duplicate_match_key"],
        "g": ["orphan"],
    }  # fmt: skip
