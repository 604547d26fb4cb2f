"""
Two invented systems whose packs use every key of the format, each shown by cases of its own.

They stand for what real packs need and the shipped ones do not use yet: several payloads,
grouped lists, links, numbered fields, templates, declared differences.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from payload_snapshots import PayloadSnapshots
from syrupy.assertion import SnapshotAssertion

from mapping_engine.batch.links import known_links
from mapping_engine.packs.finder import RulesPath
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.runtime.outcome import Mapped, Outcome, Rejected, Skipped
from mapping_engine.runtime.program import MappingProgram, Program
from mapping_engine.runtime.trace import TracingMapper
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.node import MappingNode, Node, SequenceNode
from mapping_engine.source.text import SourceText
from mapping_engine.values.value import Value
from mapping_engine.workbench.case_packs import CasePack, open_case_pack
from mapping_engine.workbench.case_reports import as_text
from mapping_engine.workbench.case_runs import cases_of, run_case
from mapping_engine.workbench.cases import Case, given_record

PACKS = Path(__file__).parent / "packs"
FIRM = Path(__file__).parent / "firm"
SCHEMAS = Path(__file__).parents[2] / "schemas" / "rules"
NAMES = ("books", "ledger")
CASES = [
    (name, each.stem) for name in NAMES for each in sorted((PACKS / name / "cases").glob("*.yaml"))
]


@cache
def pack_of(name: str) -> CasePack:
    report = Report()
    pack = open_case_pack(name, RulesPath.of([PACKS]), report)
    report.raise_if_errors()
    assert pack is not None
    return pack


@cache
def case_of(name: str, file: str) -> Case:
    found = {Path(each.file).stem: each for each in cases_of(pack_of(name), Report())}
    case = found[file]
    assert isinstance(case, Case)
    return case


def prepared(name: str, file: str) -> tuple[Program, MappingProgram, Value, RunOptions]:
    """Return what a case runs: the pack in force, the mapping, the record, and the options."""
    case, report = case_of(name, file), Report()
    program = pack_of(name).program(case, report)
    assert program is not None
    mapping = program.mappings[case.mapping.value]
    record = given_record(case, mapping.reads, report)
    report.raise_if_errors()
    return program, mapping, record, RunOptions(case.as_of, references=known_links(
        program.pack, None, report))  # fmt: skip


@pytest.mark.parametrize("name, file", CASES, ids=str)
def test_a_case_passes(name: str, file: str) -> None:
    result = run_case(pack_of(name), case_of(name, file))
    assert "passed" == result.status, as_text([result], show_values=True)


@pytest.mark.parametrize("name, file", [each for each in CASES if each[1] != "journal"], ids=str)
def test_both_engines_make_the_same_of_a_case(name: str, file: str) -> None:
    program, mapping, record, options = prepared(name, file)
    spoken = InterpretedMapper(program, mapping, options).map(record)
    written = CompiledMapper(program, mapping, options).map(record)
    assert told(spoken) == told(written)


def told(outcome: Outcome) -> object:
    """Return all that an outcome says, without the places of its messages."""
    match outcome:
        case Mapped():
            return outcome
        case Skipped():
            return outcome.reason, outcome.because, outcome.totals
        case Rejected():
            return [each.reason for each in outcome.reasons], outcome.totals


SHOWN = (
    ("ledger", "invoice"), ("ledger", "invoice_cent"), ("ledger", "invoice_inclusive"),
    ("ledger", "credit_note"), ("ledger", "trust_receipt"), ("ledger", "trust_journal"),
    ("books", "both"), ("books", "transfer"), ("books", "person_out"), ("books", "person_in"),
)  # fmt: skip


@pytest.mark.parametrize("name, file", SHOWN, ids=str)
def test_a_record_becomes_these_payloads(name: str, file: str, snapshot: SnapshotAssertion) -> None:
    program, mapping, record, options = prepared(name, file)
    outcome = InterpretedMapper(program, mapping, options).map(record)
    assert isinstance(outcome, Mapped)
    payloads: list[Value] = [
        {
            "mapping": each.mapping, "object": each.object, "operation": each.operation,
            "match": dict(each.match), "payload": dict(each.payload),
            "needs": [f"{need.place}: {need.object} of {need.record}" for need in each.needs],
        }
        for each in outcome.payloads
    ]  # fmt: skip
    assert payloads == snapshot.use_extension(PayloadSnapshots)


def test_an_id_that_is_still_to_come_is_named_under_needs() -> None:
    program, mapping, record, options = prepared("ledger", "credit_note")
    outcome = InterpretedMapper(program, mapping, options).map(record)
    assert isinstance(outcome, Mapped)
    note, first, second = outcome.payloads
    assert () == note.needs
    for each in (first, second):
        (need,) = each.needs
        assert ("CreditNote.CreditNoteID", "CreditNote", "CN-1") == (
            need.place, need.object, need.record,
        )  # fmt: skip
        assert "CreditNote" not in each.payload


def test_a_held_record_may_be_tried_again_and_a_rejected_one_need_not() -> None:
    retries = {}
    for file in ("credit_note_held", "credit_note_atomic"):
        program, mapping, record, options = prepared("ledger", file)
        outcome = InterpretedMapper(program, mapping, options).map(record)
        assert isinstance(outcome, Rejected)
        retries[file] = [each.retry for each in outcome.reasons]
    assert {"credit_note_held": [True], "credit_note_atomic": [False]} == retries


def test_a_refused_item_of_numbered_fields_is_named_by_its_field() -> None:
    program, mapping, record, options = prepared("books", "person_bad_area")
    outcome = InterpretedMapper(program, mapping, options).map(record)
    assert isinstance(outcome, Rejected)
    assert ["phone2Area"] == [each.field for each in outcome.reasons]


READ = {
    ("ledger", "invoice", "Reference"): {"reference", "matters[0].number"},
    ("ledger", "credit_note", "note.LineItems[0].UnitAmount"): {"lines[0].net_amount"},
    ("books", "both", "customer.PrimaryPhone.FreeFormNumber"): {
        "phones[0].kind", "phones[1].kind", "phones[1].number",
    },
    ("books", "person_out", "phone2Number"): {"phones[0].number"},
}  # fmt: skip


@pytest.mark.parametrize("where", READ, ids=str)
def test_what_was_chosen_or_gathered_is_named_by_its_place_in_the_record(
    where: tuple[str, str, str],
) -> None:
    name, file, field = where
    program, mapping, record, options = prepared(name, file)
    steps = TracingMapper(program, mapping, options).explain(record).steps
    (step,) = [each for each in steps if each.name == field]
    assert READ[where] == set(step.facts.reads)


#: Keys that nothing can show yet, each with the reason.
WAITING = {
    "back": "ways back are derived",
    "format": "payloads written as text",
    "one_way": "ways back are derived",
    "fingerprint": "shown by the tests of firms",
}


def keys_of(node: Node | None) -> Iterator[str]:
    """Yield every key below a node."""
    if isinstance(node, SequenceNode):
        for item in node.items:
            yield from keys_of(item)
    elif isinstance(node, MappingNode):
        for entry in node:
            yield entry.key.text
            yield from keys_of(entry.value)


@pytest.mark.parametrize("shape", ["mapping", "pack", "table"])
def test_every_key_of_the_format_is_shown_by_a_pack(shape: str) -> None:
    """A key that no pack uses is a promise that nothing holds."""
    used: set[str] = set()
    for path in (*PACKS.glob("*/*.yaml"), *PACKS.glob("*/tables/*.yaml")):
        document = read(SourceText(path.name, path.read_text("utf-8")), Report())
        used |= set(keys_of(document.root))
    schema = json.loads((SCHEMAS / f"{shape}.schema.json").read_text("utf-8"))
    assert [] == sorted(declared_keys(schema) - used - set(WAITING))


def declared_keys(schema: Any) -> set[str]:
    """Return the keys that a shape declares, but for those of a way that waits."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict):
            found |= set(part.get("properties", ()))
            inside = dict(part.get("$defs", {})) | dict(part.get("properties", {}))
            waiting.extend(each for name, each in inside.items() if name not in WAITING)
            waiting.extend(each for name, each in part.items() if name in COMBINED)
    return found


COMBINED = ("items", "anyOf", "additionalProperties")
