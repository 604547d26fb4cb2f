"""The records of the cases of shipped packs, by mapping file: good beginnings for others."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from shipped_packs import PATH

from mapping_engine.source.diagnostic import Report
from mapping_engine.values.types import UNKNOWN
from mapping_engine.workbench.case_packs import open_case_pack
from mapping_engine.workbench.case_runs import cases_of
from mapping_engine.workbench.cases import Case, given_record

__all__ = ["case_records"]


@lru_cache
def case_records(pack: str) -> dict[str, list[dict[str, Any]]]:
    """Return the records of the cases of a pack by the name of their mapping file."""
    report = Report()
    opened = open_case_pack(pack, PATH, report)
    report.raise_if_errors()
    assert opened is not None
    found: dict[str, list[dict[str, Any]]] = {}
    for case in cases_of(opened, Report()):
        assert isinstance(case, Case)
        record = given_record(case, UNKNOWN, report)
        if isinstance(record, dict):
            found.setdefault(case.mapping.value, []).append(record)
    return found
