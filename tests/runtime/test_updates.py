"""
The smallest update between two records, over the shipped packs and one invented system.

For many pairs of records: the update applied to the old payload gives the new one, names no field
that has not changed (but what the target demands), and of a record and itself there is none.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from case_records import case_records
from shipped_packs import MAPPINGS, in_force
from steered_records import SteeredRecords, likely_values

from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.compose import Mapper
from mapping_engine.runtime.differences import applied, at, changes
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.runtime.opening import open_pack
from mapping_engine.runtime.outcome import Mapped, Outcome, Rejected, Skipped
from mapping_engine.runtime.ownership import Ownership
from mapping_engine.runtime.patch import SinceMapper, patch
from mapping_engine.runtime.quick import QuickMapper
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.text import Located
from mapping_engine.values.value import MISSING

#: As many records are tried, until so many pairs of mapped ones are compared.
RECORDS = 10_000
PAIRS = 300 * int(os.environ.get("MAPPING_ENGINE_DEEP") or 1)


def check_update(mapper: Any, old: Mapped, new: Mapped, found: Outcome) -> int:
    """Check the update of one payload; return how many fields it changes."""
    before, after = dict(old.payloads[0].payload), dict(new.payloads[0].payload)
    program = mapper.mapping.payloads[0]
    ownership = Ownership(mapper.program.pack, mapper.mapping)
    if isinstance(found, Rejected):
        assert {each.reason for each in found.reasons} <= {"cannot_be_cleared", "missing_match_key"}
        return 0
    update = dict(found.payloads[0].payload) if isinstance(found, Mapped) else {}
    whole = applied(before, update)
    touched = list(changes(before, update))
    missed = list(changes(whole, after))

    assert missed == list(ownership.kept(program.part.build, missed, whole, after))
    assert bool(touched) is isinstance(found, Mapped)
    if isinstance(found, Skipped):
        assert found.reason == ("owner_is_other_system" if ownership.met else "unchanged")
    for path in touched:
        assert at(after, path) == at(update, path) or at(after, path) is MISSING
    for name in update:
        is_changed = any(path[0] == name for path in touched)
        in_group = any(name in group for group in program.target.needs_one_of)
        assert is_changed or in_group or not program.target.fields[name].absent
    return len(touched)


@pytest.mark.parametrize("pack, file", MAPPINGS, ids=lambda each: each)
def test_updates_make_the_new_payload_of_the_old(pack: str, file: str) -> None:
    variant = next(in_force(pack))
    for mapping in variant.mappings(file):
        mapper = CompiledMapper(variant.program, mapping, variant.options)
        plain = InterpretedMapper(variant.program, mapping, variant.options)
        random = Random(f"{pack} {mapping.name}")
        known = case_records(pack, file, mapping)
        records = SteeredRecords(
            mapping, likely_values(mapping, variant.options), random, examples=known
        )
        last: tuple[dict[str, Any], Mapped] | None = None
        met = pairs = 0
        for place in range(RECORDS):
            record = records.next()
            outcome = mapper.map(record)
            records.learn(record, outcome)
            if not isinstance(outcome, Mapped) or len(outcome.payloads) > 1:
                continue
            if record.get("sync_status") in ("unsynchronized", "error"):
                assert repr(outcome) == repr(patch(mapper, record, record))  # it goes whole
                continue
            if place % 5 == 0:
                itself = patch(mapper, record, record)
                assert isinstance(itself, Skipped), record
                assert itself.reason == "unchanged"
            if last is not None:
                found = patch(mapper, last[0], record)
                met += check_update(mapper, last[1], outcome, found)
                if place % 50 == 0:
                    assert repr(found) == repr(patch(plain, last[0], record))
            last = record, outcome
            pairs += 1
            if pairs == PAIRS:
                break
        assert met > PAIRS // 4


RECORD = {
    "type": "object", "additionalProperties": False, "required": ["id"],
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "number": {"type": ["string", "null"]}, "name": {"type": ["string", "null"]},
        "email": {"type": ["string", "null"]}, "fax": {"type": ["string", "null"]},
        "street": {"type": ["string", "null"]}, "city": {"type": ["string", "null"]},
        "phones": {"type": "array", "items": {"type": "string", "minLength": 1}},
        "tags": {"type": "array", "items": {"type": "string", "minLength": 1}},
        "lead": {"type": "string"}, "limit": {"type": "number", "x-scale": 2},
    },
}  # fmt: skip
NULLABLE = {"type": ["string", "null"]}
PERSON = {
    "type": "object", "additionalProperties": False, "required": ["Kind"],
    "properties": {
        "Kind": {"type": "string"}, "Number": {"type": "string"}, "Name": {"type": "string"},
        "Email": NULLABLE, "Fax": NULLABLE, "Lead": {"type": "string"},
        "Address": {
            "type": "object", "additionalProperties": False,
            "properties": {"Street": NULLABLE, "City": NULLABLE},
        },
        "phone1Number": NULLABLE, "phone2Number": NULLABLE,
        "Tags": {"type": "array", "items": {"type": "string"}},
        "Limit": {"type": "number", "x-scale": 2}, "Partly": {"type": "boolean"},
    },
}  # fmt: skip
MAPPING = """
record: person
object: Person
operation: upsert
match: [Number, Name]
fields:
  Kind: "person"
  Number: number
  Name: name
  Email: email
  Fax: {value: fax, on_empty: omit}
  Address: {fields: {Street: street, City: city}}
  phone#: {each: phones, as: phone, fields: {Number: phone}}
  Tags: tags
  Lead: {value: lead, only_on: create}
  Limit: {value: limit, owner: crm}
  Partly: {value: true, only_on: update}
"""


@pytest.fixture(scope="module", params=[InterpretedMapper, CompiledMapper])
def mapper(request: Any, tmp_path_factory: Any) -> Any:
    folder: Path = tmp_path_factory.mktemp("crm")
    for name, schema in {"canonical/person": RECORD, "targets/crm/Person": PERSON}.items():
        path = folder / "schemas" / f"{name}.schema.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(schema))
    pack = folder / "rules" / "crm"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text("pack: crm\ntitle: The CRM\nversion: 1.0.0\n")
    (pack / "person.yaml").write_text(MAPPING)
    report = Report()
    opened = open_pack("crm", report, rules=[folder / "rules"], schemas=[folder / "schemas"])
    assert [] == [each.message for each in report.errors]
    assert opened is not None
    program = opened.program
    return request.param(program, program.mappings["person"], RunOptions(date(2026, 8, 1)))


WAS = {
    "id": "p1", "number": "7", "name": "Ann", "email": "ann@x.example", "fax": "1",
    "street": "Quay 1", "city": "Hull", "phones": ["11", "22"], "tags": ["a", "b"], "lead": "Jo",
}  # fmt: skip
#: What every update of a person says: what the target demands, and what the pack says on updates.
SAID = {"Kind": "person", "Partly": True}
UPDATES: list[tuple[str, dict[str, Any], Any]] = [
    ("a changed field, and what is demanded", {"email": "b@x"}, {**SAID, "Email": "b@x"}),
    ("null clears", {"email": None}, {**SAID, "Email": None}),
    ("absent never clears", {"email": MISSING, "street": MISSING, "phones": MISSING}, "unchanged"),
    ("the pack leaves it", {"fax": None}, "unchanged"),
    ("null is refused where nothing clears", {"name": None}, "cannot_be_cleared"),
    ("one member of an object", {"city": None}, {**SAID, "Address": {"City": None}}),
    ("a list whole", {"tags": ["a"]}, {**SAID, "Tags": ["a"]}),
    ("a list emptied", {"tags": []}, {**SAID, "Tags": []}),
    ("fewer numbered fields", {"phones": ["11"]}, {**SAID, "phone2Number": None}),
    ("only on create", {"lead": "Kim"}, "unchanged"),
    ("the other side owns it", {"limit": 5}, "owner_is_other_system"),
    ("owned beside own", {"limit": 5, "city": "York"},
     {**SAID, "Address": {"City": "York"}}),
]  # fmt: skip


@pytest.mark.parametrize("change, expected", [each[1:] for each in UPDATES],
                         ids=[each[0] for each in UPDATES])  # fmt: skip
def test_an_update_says_what_changed(mapper: Mapper, change: Any, expected: Any) -> None:
    now = {name: each for name, each in {**WAS, **change}.items() if each is not MISSING}
    found = patch(mapper, WAS, now)
    match found:
        case Mapped(payloads=(payload,), warnings=warnings):
            assert payload.payload == expected
            assert payload.operation == "update"
            assert payload.match == {"Number": "7"}
            owned = ["`Limit` is changed in The CRM (`crm`) only"] if "limit" in change else []
            assert [each.because for each in warnings] == owned
        case Skipped(reason=reason, because=because):
            assert reason == expected
            if reason == "owner_is_other_system":
                assert because == "`Limit` is changed in The CRM (`crm`) only"
        case Rejected(reasons=reasons):
            assert [each.reason for each in reasons] == [expected]


def test_the_target_is_asked_by_the_key_it_knows(mapper: Mapper) -> None:
    found = patch(mapper, WAS, {**WAS, "number": "8"})

    assert isinstance(found, Mapped)
    assert found.payloads[0].match == {"Name": "Ann"}


def test_a_run_since_sends_whole_what_is_new(mapper: Mapper) -> None:
    since = SinceMapper(mapper, {"p1": WAS})
    new = since.map({**WAS, "id": "p2"})

    assert isinstance(new, Mapped)
    assert new.payloads[0].operation == "upsert"
    assert new.payloads[0].payload["Lead"] == "Jo"
    assert isinstance(since.map(WAS), Skipped)


@pytest.mark.parametrize("engine", [InterpretedMapper, CompiledMapper])
def test_a_kind_of_the_other_side_is_skipped(mapper: Any, engine: Any) -> None:
    rule = mapper.program.pack.mappings["person"]
    for owner, outcome in (("record", Mapped), ("crm", Skipped)):
        owned = replace(rule, owner=Located(owner, rule.record.span))
        pack = replace(mapper.program.pack, mappings={"person": owned})
        owning = engine(replace(mapper.program, pack=pack), mapper.mapping, mapper.options)
        found = owning.map(WAS)

        assert isinstance(found, outcome)
        if isinstance(found, Skipped):
            assert QuickMapper.of(owning) is None
            assert found.reason == "owner_is_other_system"
            assert found.because == "records of the kind `person` are kept in The CRM (`crm`)"
