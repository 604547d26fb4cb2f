"""
The packs that ship, over what the example firms send: whole runs with outcome lines, strictly read.

The firms' samples are sent again and again, each time under other ids and numbers. There is
nothing by hand to compare with; the interpreter, over fewer records, tells what compiling gains.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, islice
from pathlib import Path
from statistics import median
from typing import NamedTuple

from processes import COLD, spend

from mapping_engine.values.json import compact, decode
from mapping_engine.values.value import Value

__all__ = ["Shipped", "shipped_of"]

_FIRMS = Path(__file__).parents[2] / "rules" / "examples"
#: What is another one when a sample is sent again.
_OWN = ("id", "number", "name")


class Job(NamedTuple):
    """What is run: a firm, a pack, a kind, its samples, and further words of the command."""

    firm: str
    pack: str
    kind: str
    samples: str
    words: tuple[str, ...] = ()


JOBS = (
    Job("harbour-legal", "soluno", "time_entry", "time_entries", ("--from", "actionstep")),
    Job("harbour-legal", "actionstep", "time_entry", "time_entries", ("--in",)),
    Job("harbour-legal", "xero", "contact", "contacts"),
    Job("harbour-legal", "xero", "invoice", "invoices"),
    Job("kauri-law", "xero", "payment", "payments"),
    Job("bluff-street", "quickbooks_online", "invoice", "invoices"),
    Job("bluff-street", "quickbooks_online", "supplier_bill", "supplier_bills"),
)


@dataclass(frozen=True, slots=True)
class Shipped:
    """One job: medians of its runs over many records and over one, and of the interpreter's."""

    job: Job
    records: int
    seconds: float
    start: float
    interpreted: int
    interpreter: float

    @property
    def rate(self) -> float:
        """Records a second, start-up not counted."""
        return self.records / max(self.seconds - self.start, 1e-9)

    @property
    def interpreter_rate(self) -> float:
        """Records a second of the interpreter, start-up not counted."""
        return self.interpreted / max(self.interpreter - self.start, 1e-9)


def shipped_of(folder: Path, records: int, rounds: int) -> list[Shipped]:
    """Measure all jobs, with files written into a folder."""
    few = min(records, 2_000)
    found = []
    for job in JOBS:
        many, some, one = (_written(job, folder, each) for each in (records, few, 1))
        compiled = [_seconds(job, folder, many) for _ in range(rounds)]
        interpreted = [
            _seconds(job, folder, some, "--engine", "interpreter") for _ in range(rounds)
        ]
        starts = [_seconds(job, folder, one) for _ in range(rounds)]
        medians = median(compiled), median(starts), few, median(interpreted)
        found.append(Shipped(job, records, *medians))
    return found


def _seconds(job: Job, folder: Path, records: Path, *words: str) -> float:
    given = ("run", job.pack, job.kind, records, *job.words, "--firm", _FIRMS / job.firm, *words)
    out = "--out", folder / "shipped.run", "--force", "--as-of", "2026-11-01"
    line = ["-c", COLD, *map(str, (*given, *out))]
    return spend(line, folder / "messages.txt", allowed=1).seconds


def _written(job: Job, folder: Path, records: int) -> Path:
    """Return a file with so many of the samples of a job."""
    path = folder / f"{job.firm}.{job.samples}.{records}.ndjson"
    samples = (_FIRMS / job.firm / "samples" / f"{job.samples}.ndjson").read_text("utf-8")
    lines = islice(_again(samples.splitlines()), records)
    path.write_text("".join(f"{each}\n" for each in lines), "utf-8")
    return path


def _again(lines: list[str]) -> Iterator[str]:
    """Yield samples without end."""
    samples = [decode(each) for each in lines]
    for turn in count():
        for sample in samples:
            assert isinstance(sample, dict)
            own = {name: _other(sample[name], turn) for name in _OWN if name in sample}
            yield compact(sample | own)


def _other(value: Value, turn: int) -> Value:
    """Return another id, number or name, of the same kind."""
    return value + turn * 1_000_000 if isinstance(value, Decimal) else f"{value}-{turn}"
