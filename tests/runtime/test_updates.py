"""
The smallest update between two records, over the shipped packs and one invented system.

For many pairs of records: the update applied to the old payload gives the new one, names no field
that has not changed (but what the target demands), and of a record and itself there is none.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import pytest
from case_records import case_links, case_records
from likely_values import likely_values
from msgspec.structs import replace
from shipped_packs import MAPPINGS, GivenLinks, InForce, in_force
from steered_records import SteeredRecords

from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.compose import Mapper
from mapping_engine.runtime.differences import applied, at, changes
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.runtime.opening import open_pack
from mapping_engine.runtime.outcome import Mapped, Outcome, Payload, Rejected, Skipped
from mapping_engine.runtime.ownership import Ownership
from mapping_engine.runtime.patch import SinceMapper, patch
from mapping_engine.runtime.payloads import plain_value
from mapping_engine.runtime.program import MakeObject, MappingProgram, PayloadProgram
from mapping_engine.runtime.quick import QuickMapper
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.text import Located
from mapping_engine.values.value import MISSING

#: As many records are tried, until so many pairs of mapped ones are compared.
RECORDS = 10_000
PAIRS = 300 * int(os.environ.get("MAPPING_ENGINE_DEEP") or 1)
#: The operations by which a pack changes what is there, and those of which updates are made.
CHANGING = ("upsert", "update")
UPDATED = ("create", *CHANGING)


class EverythingIsThere(GivenLinks):
    """A connector that knows an id and a version of whatever it is asked."""

    def link(self, object: str, reference: Mapping[str, str]) -> str | None:
        told = f"{object} {sorted(reference.items())}"
        return super().link(object, reference) or str(crc32(told.encode()))

    def link_version(self, object: str, reference: Mapping[str, str]) -> str | None:
        return super().link_version(object, reference) or "0"


def changes_something(mapping: MappingProgram) -> bool:
    """Whether a mapping changes what is there, or only makes and takes back."""
    return any(each.operation in CHANGING for each in mapping.payloads)


def options_of(variant: InForce, mapping: MappingProgram) -> RunOptions:
    """Return how a mapping is run: when it can change what is there, everything is."""
    if not changes_something(mapping):
        given = variant.options.references
        assert isinstance(given, GivenLinks)
        known = given.beside(case_links(variant.program.pack.name))
        return replace(variant.options, references=known)
    return replace(variant.options, references=EverythingIsThere(variant.program.pack))


def examples(pack: str, file: str, mapping: MappingProgram) -> list[Any]:
    """Return the records of the cases of a mapping, as if all were one record."""
    if mapping.direction == "in":
        return []
    return [plain_value({**each, "id": "R1"}) for each in case_records(pack, file, mapping)]


def suits(variant: InForce, pack: str, file: str) -> int:
    """Return of how many records of cases a variant makes updates; one more when it is on."""
    count = int(any(each.switched_off is None for each in variant.mappings(file)))
    for mapping in variant.mappings(file):
        options = options_of(variant, mapping)
        mapper = InterpretedMapper(variant.program, mapping, options)
        for record in examples(pack, file, mapping):
            outcome = mapper.map(record)
            if isinstance(outcome, Mapped):
                count += any(each.operation in UPDATED for each in outcome.payloads)
    return count


def check_update(mapper: Any, old: Mapped, new: Mapped, found: Outcome) -> int:
    """Check the update of what a record became; return how many fields it changes."""
    if isinstance(found, Rejected):
        assert {each.reason for each in found.reasons} <= {"cannot_be_cleared", "missing_match_key"}
        return 0
    ownership = Ownership(mapper.program.pack, mapper.mapping)
    programs = {each.rule.name: each for each in mapper.mapping.payloads}
    said = by_key(programs, found.payloads) if isinstance(found, Mapped) else {}
    before = by_key(programs, old.payloads)
    met = 0
    for key, after in by_key(programs, new.payloads).items():
        update, program = said.pop(key, None), programs[after.mapping]
        if key not in before or program.operation not in UPDATED:
            is_same = key in before and before[key].payload == after.payload
            assert (None if is_same else after) == update  # it goes whole, or not at all
        else:
            met += check_payload(program, ownership, before[key], after, update)
    assert not said
    if isinstance(found, Skipped):
        assert found.reason == ("owner_is_other_system" if ownership.met else "unchanged")
    return met


def by_key(
    programs: Mapping[str, PayloadProgram], payloads: Sequence[Payload]
) -> dict[str, Payload]:
    """Return payloads by what they are made for: those of a list by their match key."""
    of_lists = {name for name, each in programs.items() if each.part.each is not None}
    return {
        f"{each.mapping} {dict(each.match)}" if each.mapping in of_lists else each.mapping: each
        for each in payloads
    }


def check_payload(
    program: PayloadProgram, ownership: Ownership, old: Payload, new: Payload,
    found: Payload | None,
) -> int:  # fmt: skip
    """Check the update of one payload; return how many fields it changes."""
    before, after = dict(old.payload), dict(new.payload)
    update = dict(found.payload) if found is not None else {}
    whole = applied(before, update)
    touched = list(changes(before, update))
    missed = list(changes(whole, after))

    assert missed == list(ownership.kept(program.part.build, missed, whole, after))
    assert bool(touched) is (found is not None)
    for path in touched:
        assert at(after, path) == at(update, path) or at(after, path) is MISSING
    assert isinstance(program.part.build, MakeObject)
    carried = {step.path for step in program.part.build.fields if step.rule.only_on == "update"}
    for path in carried if found is not None else ():
        assert at(update, path) == at(after, path)
    for name in update:
        is_changed = any(path[0] == name for path in touched)
        in_group = any(name in group for group in program.target.needs_one_of)
        is_carried = any(path[0] == name for path in carried)
        is_demanded = not program.target.fields[name].absent
        assert is_changed or is_carried or in_group or is_demanded
    return len(touched)


@pytest.mark.parametrize("pack, file", MAPPINGS, ids=lambda each: each)
def test_updates_make_the_new_payload_of_the_old(pack: str, file: str) -> None:
    """Updates of every mapping; of one that only makes, and by no key, that they are refused."""
    variant = max(in_force(pack), key=lambda each: suits(each, pack, file))
    for mapping in variant.mappings(file):
        can_change = changes_something(mapping)
        options = options_of(variant, mapping)
        mapper = CompiledMapper(variant.program, mapping, options)
        plain = InterpretedMapper(variant.program, mapping, options)
        comparing = CompiledMapper(variant.program, mapping, replace(options, updates=True))
        programs = {each.rule.name: each for each in mapping.payloads}
        records = SteeredRecords(
            mapping, likely_values(mapping, options), Random(f"{pack} {mapping.name}")
        )
        for record in examples(pack, file, mapping):
            records.learn(record, comparing.map(record))
        last: dict[str, tuple[dict[str, Any], Mapped]] = {}
        met = pairs = refused = 0
        for place in range(RECORDS):
            record = records.next()
            if mapping.direction == "out":
                record["id"] = "R1"  # both are the same record
            outcome = comparing.map(record)
            records.learn(record, outcome)
            if not isinstance(outcome, Mapped):
                continue
            names = {each.mapping for each in outcome.payloads}
            if len(by_key(programs, outcome.payloads)) < len(outcome.payloads):
                continue  # nothing tells them from each other
            if record.get("sync_status") in ("unsynchronized", "error"):
                assert repr(mapper.map(record)) == repr(patch(mapper, record, record))
                continue
            if place % 5 == 0:
                itself = patch(mapper, record, record)
                assert isinstance(itself, Skipped), record
                assert itself.reason == "unchanged"
            kind = " ".join(sorted(names))
            # Mostly one that became the same payloads.
            old = last.get(kind) if place % 4 else last.get("")
            if old is not None:
                found = patch(mapper, old[0], record)
                met += check_update(mapper, old[1], outcome, found)
                refused += isinstance(found, Rejected)
                if place % 50 == 0:
                    assert repr(found) == repr(patch(plain, old[0], record))
            last[kind] = last[""] = record, outcome
            made = {each.operation for each in outcome.payloads}
            pairs += not made.isdisjoint(CHANGING if can_change else ("create",))
            if pairs == PAIRS:
                break
        keyed = [each for each in mapping.payloads if each.match and each.operation in UPDATED]
        if keyed or mapping.direction == "in":
            assert met > PAIRS // 4
        else:
            assert refused > PAIRS // 10
            assert met == 0


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
