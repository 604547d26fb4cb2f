"""What the tests of runs share: the invented firm, its sample lines, and a run in memory."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from mapping_engine.batch.items import Reading
from mapping_engine.batch.job import Job, Wanted, open_job
from mapping_engine.batch.records import read_records
from mapping_engine.batch.run import run
from mapping_engine.batch.tally import Tally
from mapping_engine.runtime.mapper import RunOptions
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.json import decode, encode
from mapping_engine.values.value import Value

FIRM = Path("rules/examples/harbour-legal")
ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / FIRM / "samples" / "time_entries.ndjson"
AS_OF = date(2026, 7, 31)


def opened(wanted: Wanted, **options: object) -> Job:
    """Return the job that was asked for; it must open."""
    report = Report()
    job = open_job(wanted, RunOptions(AS_OF, **options), report)  # type: ignore[arg-type]
    assert job is not None, [each.message for each in report]
    return job


def sample_job() -> Job:
    """Return the main job: Actionstep's time entries to Soluno."""
    return opened(Wanted("soluno", "time_entry", "actionstep", firm=ROOT / FIRM))


class Kept:
    """An output that keeps its lines."""

    def __init__(self) -> None:
        self.lines: list[Mapping[str, Value]] = []

    def take(self, line: Mapping[str, Value]) -> None:
        encode(line)
        self.lines.append(line)


def map_lines(job: Job, lines: Iterable[str | bytes]) -> tuple[Tally, list[Mapping[str, Value]]]:
    """Run NDJSON lines through a job; return the counts and the lines of the outcomes."""
    content = b"\n".join(each.encode() if isinstance(each, str) else each for each in lines)
    reading = Reading("input", envelope=job.envelope, reads=job.reads)
    kept = Kept()
    tally = run(job, read_records(io.BytesIO(content), "ndjson", reading), kept)
    return tally, kept.lines


def record_of(line: str) -> dict[str, Value]:
    """Return the record of a sample line."""
    record = decode(line)
    assert isinstance(record, dict)
    return record


def sample_lines() -> list[str]:
    """Return the lines of the sample file."""
    return SAMPLE.read_text(encoding="utf-8").splitlines()
