"""
What the shipped packs do: every case of theirs, and the payloads of the sample files.

The snapshots hold one record for each way through the rules; a test says when a way that some
sample takes has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from payload_snapshots import PayloadSnapshots
from syrupy.assertion import SnapshotAssertion

from mapping_engine.packs.finder import RulesPath, find_pack, pack_names
from mapping_engine.runtime.mapper import RunOptions
from mapping_engine.runtime.opening import open_pack
from mapping_engine.runtime.outcome import Mapped
from mapping_engine.runtime.trace import Facts, Trace, TracingMapper
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.json import decode
from mapping_engine.values.value import MISSING, Value
from mapping_engine.workbench.case_packs import CasePack, open_case_pack
from mapping_engine.workbench.case_reports import as_text
from mapping_engine.workbench.case_runs import Result, cases_of, run_case
from mapping_engine.workbench.cases import Case

FIRM = Path(__file__).parents[1] / "rules" / "examples" / "harbour-legal"
PATH = RulesPath.of()


def files() -> list[tuple[str, str]]:
    """Return pack and file of every case."""
    found = []
    for name in pack_names(PATH.rules):
        folder = find_pack(name, PATH.rules, Report())
        assert folder is not None
        found += [(name, each.stem) for each in sorted((folder.path / "cases").glob("*.yaml"))]
    return found


@cache
def pack_of(name: str) -> CasePack:
    report = Report()
    pack = open_case_pack(name, PATH, report)
    report.raise_if_errors()
    assert pack is not None
    return pack


@cache
def cases(name: str) -> dict[str, Case | Result]:
    found = cases_of(pack_of(name), Report())
    return {Path(each.file).stem: each for each in found}


@pytest.mark.parametrize("pack, file", files(), ids=str)
def test_a_case_of_a_shipped_pack_passes(pack: str, file: str) -> None:
    case = cases(pack)[file]
    result = case if isinstance(case, Result) else run_case(pack_of(pack), case)
    assert "passed" == result.status, as_text([result], show_values=True)


@pytest.mark.parametrize("name", pack_names(PATH.rules))
def test_a_pack_has_cases(name: str) -> None:
    assert cases(name)


#: One entry for each way through the rules.
ENTRIES = (
    "880001", "880002", "880004", "880005", "880006", "880007", "880009", "880010",
    "880012", "880015", "880016", "880017", "880019", "880021", "880024", "880025",
    "880027", "880036", "880037", "880039", "880043", "880048", "880050", "880055",
    "880056", "880060", "880061", "880063", "880064", "880065", "880071", "880076",
    "880083", "880090", "880091", "880103", "880114", "880124", "880128", "880140",
    "880146", "880193",
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """What both packs made of a sample."""

    payload: Value
    way: tuple[object, ...]


@cache
def made_of_samples() -> dict[str, Made]:
    """Return what became of each sample entry that is mapped."""
    report = Report()
    source = open_pack("actionstep", report, firm=FIRM)
    target = open_pack("soluno", report, firm=FIRM)
    report.raise_if_errors()
    assert source is not None
    assert target is not None
    options = RunOptions(date(2026, 7, 31))
    first = TracingMapper(source.program, source.program.find("time_entry", "in"), options)
    second = TracingMapper(target.program, target.program.find("time_entry", "out"), options)
    found = {}
    for line in (FIRM / "samples" / "time_entries.ndjson").read_text("utf-8").splitlines():
        payload = decode(line)
        read = first.explain(payload)
        if isinstance(read.outcome, Mapped):
            sent = second.explain(read.outcome.payloads[0].payload)
            if isinstance(sent.outcome, Mapped):
                whole = sent.outcome.payloads[0].payload
                found[str(payload["id"])] = Made(whole, (way(read), way(sent)))
    return found


def way(trace: Trace) -> tuple[object, ...]:
    """Return which fields are there, which rows of the pack answered, and what was chosen."""
    return tuple(
        (step.name, step.value is MISSING, *taken(step.facts))
        for step in trace.steps
        if step.kind != "decision"
    )


def taken(facts: Facts) -> Iterator[object]:
    yield from (str(each) for each in facts.chosen)
    yield from (str(each.row.origin.span) for each in facts.rows if each.row and not each.is_firms)
    for helper in facts.helpers.values():
        yield from taken(helper.facts)


@pytest.fixture
def payloads(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(PayloadSnapshots)


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_sample_entry_becomes_this_payload(entry: str, payloads: SnapshotAssertion) -> None:
    assert made_of_samples()[entry].payload == payloads


def test_every_way_through_the_rules_has_a_snapshot() -> None:
    shown = {made_of_samples()[entry].way for entry in ENTRIES}
    others = {}
    for entry, made in made_of_samples().items():
        if made.way not in shown:
            others.setdefault(made.way, entry)
    assert [] == list(others.values()), "add these to ENTRIES"
