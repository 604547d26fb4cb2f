"""
How fast it is, on this machine, printed; `make bench` runs it.

The bounds are promises: `--help` appears at once, and a mapping of a hundred expressions is
parsed and checked before anybody notices. The rest is there to be read.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter

import pytest

from mapping_engine.language.expression import compile_expression
from mapping_engine.packs.finder import shipped_path
from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.runtime.opening import open_pack
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.text import SourceText
from mapping_engine.values.json import decode

pytestmark = pytest.mark.deep

ROOT = Path(__file__).parents[2]
#: What a time entry mapping is made of: mostly paths, some pipes, a few sums and choices.
EXPRESSIONS = (
    "id",
    "matter.number",
    "worked_on",
    "hours_worked",
    "timekeeper.email | trim | lower",
    "round_up(hours_billable ?? hours_worked, to=0.1)",
    "round_half_up(hours_worked * rate, places=2)",
    'if billing_behavior == "no_charge" then 0 else rate',
    'bill_status in ["draft", "billed", "paid"]',
    "narrative | trim | truncate(4000)",
)
ENTRY = {
    "id": "T-1", "matter": {"number": "HL-2026-0101"},
    "timekeeper": {"email": "amelia.hart@harbourlegal.example"},
    "worked_on": "2026-07-02", "billing_behavior": "billable", "bill_status": "unbilled",
    "hours_worked": decode("1.25"), "rate": decode("300.00"),
}  # fmt: skip


def best(work: Callable[[], object], times: int) -> float:
    """Return the seconds of the fastest of several runs."""
    seconds = []
    for _ in range(times):
        start = perf_counter()
        work()
        seconds.append(perf_counter() - start)
    return min(seconds)


def test_help_appears_at_once() -> None:
    command = [sys.executable, "-m", "mapping_engine", "--help"]
    seconds = best(lambda: subprocess.run(command, cwd=ROOT, capture_output=True, check=True), 7)
    print(f"\n--help: {seconds * 1000:.0f} ms")
    assert seconds < 0.15


def test_a_mapping_of_a_hundred_expressions_is_checked_in_no_time() -> None:
    entry = SchemaStore(shipped_path().schemas).canonical("time_entry")
    sources = [SourceText("expression", each) for each in EXPRESSIONS * 10]

    def work() -> None:
        report = Report()
        for source in sources:
            compile_expression(source, entry, report)
        assert not report.has_errors, list(report)

    seconds = best(work, 7)
    print(f"\nparse and check 100 expressions: {seconds * 1000:.1f} ms")
    assert seconds < 0.03


def test_entries_mapped_in_a_second() -> None:
    report = Report()
    opened = open_pack("soluno", report, firm=ROOT / "rules/examples/harbour-legal")
    assert opened is not None
    assert not report.has_errors, list(report)
    mapping = opened.program.find("time_entry", "out")
    assert mapping is not None
    mapper = InterpretedMapper(opened.program, mapping, RunOptions(date(2026, 8, 1)))
    seconds = best(lambda: [mapper.map(ENTRY) for _ in range(1000)], 3)
    print(f"\nsoluno time_entry, interpreter: {1000 / seconds:,.0f} records a second")
