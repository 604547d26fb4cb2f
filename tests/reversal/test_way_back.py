"""
Rules that go both ways: the derived way back of an invented pack, shown by cases of its own.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from shutil import copytree

import pytest
from syrupy.assertion import SnapshotAssertion

from mapping_engine.packs.finder import RulesPath
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.runtime.opening import open_pack
from mapping_engine.runtime.program import back_of
from mapping_engine.source.diagnostic import Report
from mapping_engine.workbench.case_packs import CasePack, open_case_pack
from mapping_engine.workbench.case_reports import as_text
from mapping_engine.workbench.case_runs import cases_of, run_case
from mapping_engine.workbench.cases import Case, given_record
from mapping_engine.workbench.showing import as_text as as_yaml
from mapping_engine.workbench.written_rules import ways_back

PACKS = Path(__file__).parent / "packs"
CASES = sorted(each.stem for each in (PACKS / "cards" / "cases").glob("*.yaml"))


@cache
def cards(folder: Path = PACKS) -> CasePack:
    report = Report()
    pack = open_case_pack("cards", RulesPath.of([folder]), report)
    report.raise_if_errors()
    assert pack is not None
    return pack


@pytest.mark.parametrize("file", CASES)
def test_a_case_of_both_ways_passes(file: str) -> None:
    found = {Path(each.file).stem: each for each in cases_of(cards(), Report())}
    case = found[file]
    assert isinstance(case, Case)
    result = run_case(cards(), case)

    assert "passed" == result.status, as_text([result], show_values=True)


@pytest.mark.parametrize("file", [each for each in CASES if each != "out"])
def test_the_way_back_means_the_same_compiled(file: str) -> None:
    case = {Path(each.file).stem: each for each in cases_of(cards(), Report())}[file]
    assert isinstance(case, Case)
    program = cards().program(case, Report())
    assert program is not None
    mapping = program.mappings[back_of("party")]
    record = given_record(case, mapping.reads, Report())
    options = RunOptions(case.as_of)
    plain = InterpretedMapper(program, mapping, options).map(record)

    assert repr(plain) == repr(CompiledMapper(program, mapping, options).map(record))


def shown() -> str:
    opened = open_pack("cards", Report(), rules=[PACKS])
    assert opened is not None
    return as_yaml(ways_back(opened.program))


def test_the_derived_rules_are_shown_as_yaml(snapshot: SnapshotAssertion) -> None:
    assert shown() == snapshot


def test_what_is_shown_means_what_was_derived(tmp_path: Path) -> None:
    folder = copytree(PACKS / "cards", tmp_path / "cards")
    (folder / "party.yaml").write_text(shown(), encoding="utf-8")
    pack = cards(tmp_path)
    back = [each for each in cases_of(pack, Report()) if Path(each.file).stem != "out"]

    assert ["passed"] * (len(CASES) - 1) == [
        run_case(pack, each).status for each in back if isinstance(each, Case)
    ]
