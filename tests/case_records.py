"""The records of the cases of shipped packs: good beginnings for others."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from shipped_packs import PATH

from mapping_engine.runtime.program import MappingProgram
from mapping_engine.source.diagnostic import Report
from mapping_engine.workbench.case_packs import open_case_pack
from mapping_engine.workbench.case_runs import cases_of
from mapping_engine.workbench.cases import Case, given_record

__all__ = ["case_records"]


def case_records(pack: str, mapping: MappingProgram) -> list[dict[str, Any]]:
    """Return the records of the cases of a mapping, as they are read for it."""
    report = Report()
    named = [each for each in _cases(pack) if each.mapping.value == mapping.name]
    records = [given_record(each, mapping.reads, report) for each in named]
    return [each for each in records if isinstance(each, dict)]


@lru_cache
def _cases(pack: str) -> list[Case]:
    report = Report()
    opened = open_case_pack(pack, PATH, report)
    report.raise_if_errors()
    assert opened is not None
    return [each for each in cases_of(opened, report) if isinstance(each, Case)]
