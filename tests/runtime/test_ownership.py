"""
Each side changes what it owns: in updates, over two packs, and where nothing was compared.

What the wrong side changed is a counted skip that names the owner. Of a record that the target
has already, but whose old state nobody knows, the fields of the target's own stay away.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from mapping_engine import load_pack
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.compose import Composed
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.runtime.opening import open_pack
from mapping_engine.runtime.outcome import Mapped, Skipped
from mapping_engine.runtime.patch import SinceMapper, patch
from mapping_engine.runtime.references import NoReferences, References
from mapping_engine.source.diagnostic import Report

FIRM = Path(__file__).parents[2] / "rules" / "examples" / "harbour-legal"
FILES = FIRM / "samples" / "soluno_files.ndjson"

TEXT = {"type": "string"}
RECORD = {
    "type": "object", "additionalProperties": False, "required": ["id"],
    "properties": {
        "id": TEXT, "number": TEXT, "name": TEXT, "limit": TEXT, "terms": TEXT,
        "source_system": TEXT,
        "external_ids": {"type": "array", "items": {
            "type": "object", "additionalProperties": False,
            "properties": {"system": TEXT, "value": TEXT, "use": TEXT},
        }},
    },
}  # fmt: skip
CLIENT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["Terms"],
    "properties": dict.fromkeys(("Id", "Name", "Limit", "Terms", "Source"), TEXT),
}
MAPPING = """
record: client
object: Client
operation: upsert
match: [Id, Name]
fields:
  Id: first(external_ids[system == "crm"]).value
  Name: name
  Source: {value: id, only_on: create}
  Limit: {value: limit, owner: crm}
  Terms:
    value: terms ?? "net"
    owner: crm
"""
Make: TypeAlias = Callable[..., InterpretedMapper]


class Linked(NoReferences):
    """Knows the record that is named by an id or a number."""

    def link(self, object: str, reference: Mapping[str, str]) -> str | None:
        """Return an id for what is linked."""
        return "7" if {"linked", "L-1"} & set(reference.values()) else None


@pytest.fixture(scope="module", params=[InterpretedMapper, CompiledMapper])
def make(request: Any, tmp_path_factory: Any) -> Make:
    """Return what makes a mapper of clients."""
    folder: Path = tmp_path_factory.mktemp("crm")
    for name, schema in {"canonical/client": RECORD, "targets/crm/Client": CLIENT}.items():
        path = folder / "schemas" / f"{name}.schema.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(schema))
    pack = folder / "rules" / "crm"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text("pack: crm\ntitle: The CRM\nversion: 1.0.0\n")
    (pack / "client.yaml").write_text(MAPPING)
    report = Report()
    opened = open_pack("crm", report, rules=[folder / "rules"], schemas=[folder / "schemas"])
    assert [] == [each.message for each in report.errors]
    assert opened is not None
    program = opened.program

    def made(references: References | None = None) -> InterpretedMapper:
        options = RunOptions(date(2026, 8, 1), references=references or Linked())
        mapper = request.param(program, program.mappings["client"], options)
        assert isinstance(mapper, InterpretedMapper)
        return mapper

    return made


def ids(*named: tuple[str, str]) -> dict[str, Any]:
    return {"external_ids": [{"system": name, "value": "7", "use": use} for name, use in named]}


KNOWN: list[tuple[str, dict[str, Any], bool]] = [
    ("nothing is known", {}, False),
    ("linked by our id", {"id": "linked"}, True),
    ("linked by the number", {"number": "L-1"}, True),
    ("it carries the id it has there", ids(("crm", "internal")), True),
    ("it carries an id of a third system", ids(("dms", "internal")), False),
    ("the id there is no link", ids(("crm", "reference")), False),
    ("it came from there", {"source_system": "crm"}, True),
]


@pytest.mark.parametrize("said, is_known", [each[1:] for each in KNOWN],
                         ids=[each[0] for each in KNOWN])  # fmt: skip
def test_what_the_target_has_already_is_made_no_second_time(
    said: dict[str, Any], is_known: bool, make: Make
) -> None:
    found = make().map({"id": "c1", "name": "Ann", "limit": "5", **said})

    assert isinstance(found, Mapped)
    payload = dict(found.payloads[0].payload)
    payload.pop("Id", None)
    new = {"Source": said.get("id", "c1"), "Limit": "5"}
    assert payload == {"Name": "Ann", "Terms": "net"} | ({} if is_known else new)


def test_a_change_of_what_the_other_side_owns_is_still_told(make: Make) -> None:
    was = {"id": "linked", "name": "Ann", "limit": "5"}
    found = patch(make(), was, {**was, "limit": "6"})

    assert isinstance(found, Skipped)
    assert found.because == "`Limit` is changed in The CRM (`crm`) only"


def matter_of(file: str, change: dict[str, Any]) -> Any:
    """Return what practice management is sent of a file of Legal Accounting that was changed."""
    before = {each["ExternalId"]: each for each in map(json.loads, FILES.read_text().splitlines())
              if "ExternalId" in each}  # fmt: skip
    reading, writing = (
        load_pack(pack, firm=FIRM).mapper("matter", direction=way, as_of=date(2026, 8, 1))
        for pack, way in (("soluno", "in"), ("actionstep", "out"))
    )
    return SinceMapper(Composed(reading, writing), before).map(before[file] | change)


def test_what_was_changed_where_it_may_not_is_a_skip_over_two_packs() -> None:
    client = {"Id": 40031, "ContactNumber": "1031"}
    found = matter_of("actionstep-action-5201", {"Client": client})

    assert isinstance(found, Skipped)
    assert found.reason == "owner_is_other_system"
    assert found.because is not None
    assert "`primary_client.number`" in found.because
    assert "`clients` is changed in the system of the record only" in found.because


def test_what_may_be_changed_goes_on_beside_what_may_not() -> None:
    change = {"Description": "Brandt: probate", "OpenDate": "2026-07-01"}
    found = matter_of("actionstep-action-5201", change)

    assert isinstance(found, Mapped)
    assert found.payloads[0].payload == {"id": "5201", "name": "Brandt: probate"}
    told = [(each.reason, each.because) for each in found.warnings]
    owner = "`opened_on` is changed in the system of the record only"
    assert told == [("owner_is_other_system", owner)]


def test_a_file_that_did_not_change_is_no_update_over_two_packs() -> None:
    found = matter_of("actionstep-action-5201", {})

    assert isinstance(found, Skipped)
    assert found.reason == "unchanged"
