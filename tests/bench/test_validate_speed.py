"""
How long `validate` takes: all shipped packs from a cold start, and a very large pack.

Printed, with the promises as bounds; `make bench` runs it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import pytest
from processes import COLD

pytestmark = pytest.mark.deep

ROOT = Path(__file__).parents[2]
RULES, ROWS = 1_000, 20_000
_FORMULAS = (
    "id", "matter.number", "hours_worked", "timekeeper.email | trim | lower",
    "round_up(hours_billable ?? hours_worked, to=0.1)", "rate_of(matter.number)",
    "round_half_up(hours_worked * (rate ?? 0), places=2)", "narrative | trim | truncate(4000)",
    'if billing_behavior == "no_charge" then 0 else 1.50', '"Entry {id} of {worked_on}"',
)  # fmt: skip
_TYPES = ("text", "text", "number", "text", "number", "number", "number", "text", "number", "text")


def seconds_of(*arguments: str) -> tuple[float, subprocess.CompletedProcess[str]]:
    """Return the seconds of the fastest of four runs, and the last run."""
    compiled = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}  # as it is once installed
    found = []
    for _ in range(4):
        start = perf_counter()
        command = [sys.executable, "-c", COLD, "validate", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=compiled, capture_output=True, text=True)
        found.append(perf_counter() - start)
    return min(found), done


def large_pack(folder: Path) -> Path:
    """Write a pack of a thousand field rules that asks a table of twenty thousand rows."""
    pack = folder / "rules" / "large"
    target = pack / "schemas" / "targets" / "large"
    target.mkdir(parents=True)
    (pack / "tables").mkdir()
    names = [f"Field{number}" for number in range(RULES)]
    kinds = {"text": {"type": "string"}, "number": {"type": "number"}}
    fields = {name: kinds[_TYPES[at % len(_TYPES)]] for at, name in enumerate(names)}
    schema = {"type": "object", "additionalProperties": False, "properties": fields}
    (target / "Thing.schema.json").write_text(json.dumps(schema))
    (pack / "pack.yaml").write_text("pack: large\ntitle: Large\nversion: 1.0.0\n")
    (pack / "tables" / "rate_of.yaml").write_text(
        "table: rate_of\ninputs: {number: text}\noutputs: {rate: canonical.time_entry.rate}\n"
        "rows: rates.csv\n"
    )
    rows = [f"HL-{number:05d},{number % 900}.50" for number in range(ROWS)]
    (pack / "tables" / "rates.csv").write_text("number,rate\n" + "\n".join(rows) + "\n")
    rules = [f"  {name}: {_FORMULAS[at % len(_FORMULAS)]}" for at, name in enumerate(names)]
    head = "record: time_entry\nobject: Thing\ndirection: out\nfields:\n"
    (pack / "thing.yaml").write_text(head + "\n".join(rules) + "\n")
    return folder / "rules"


def test_all_shipped_packs_are_checked_from_a_cold_start() -> None:
    seconds, done = seconds_of()
    print(f"\nvalidate all shipped packs and firms, cold: {seconds:.2f} s")
    assert done.returncode == 0, done.stderr
    assert seconds < 1.5


def test_a_thousand_rules_and_twenty_thousand_rows_are_checked(tmp_path: Path) -> None:
    rules = large_pack(tmp_path)
    seconds, done = seconds_of("--rules", str(rules))
    print(f"\nvalidate {RULES:,} field rules and a table of {ROWS:,} rows: {seconds:.2f} s")
    assert done.returncode == 0, done.stderr
    assert seconds < 2
