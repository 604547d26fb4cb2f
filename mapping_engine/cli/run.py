"""
Map records with a pack, and account for every one of them.

Payloads go to stdout or into the files of `--out`; the summary and what was refused go to
stderr and hold no private value.
"""

from __future__ import annotations

import gc
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mapping_engine.cli.asking import (
    Asked,
    items_of,
    job_options,
    lines_of,
    opened,
    run_options,
    wanted,
)
from mapping_engine.cli.verb import Verb

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mapping_engine.batch.items import Item, Stretch
    from mapping_engine.batch.job import Job, MakeMapper
    from mapping_engine.batch.tally import Tally
    from mapping_engine.batch.there import There
    from mapping_engine.source.diagnostic import Report

__all__ = ["command"]

_OBJECTS_BETWEEN_COLLECTIONS = 20_000


@click.command(
    cls=Verb,
    examples=(
        "soluno time_entry entries.ndjson --from actionstep --firm rules/examples/harbour-legal",
        "soluno time_entry entries.csv --firm harbour-legal --out build/today",
        "soluno time_entry build/today/rejected.ndjson --retry --firm harbour-legal",
        "soluno time_entry today.ndjson --since yesterday.ndjson --firm harbour-legal",
        "soluno contact contacts.ndjson --there held.ndjson --out build/today --firm harbour-legal",
        "actionstep time_entry - --in --firm harbour-legal < payloads.ndjson",
    ),
)
@job_options
@click.option("--out", "folder", metavar="DIR", type=click.Path(path_type=Path),
              help="Write the outcomes and a report into this folder.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace the result of another run in DIR.")
@click.option("--since", "before", metavar="BEFORE", type=click.Path(),
              help="The records as last sent: only what has changed is sent.")  # fmt: skip
@click.option("--there", "held", metavar="PAYLOADS", type=click.Path(),
              help="What the other system holds: a field that differs is a warning.")  # fmt: skip
@click.option("--duplicates", is_flag=True,
              help="With --out: list likely doubles and orphaned links in the report.")  # fmt: skip
@click.option("--payloads-only", is_flag=True,
              help="Bare payloads in mapped.ndjson; without --out no summary.")  # fmt: skip
def command(
    *,
    folder: Path | None,
    force: bool,
    before: str | None,
    held: str | None,
    duplicates: bool,
    payloads_only: bool,
    **given: object,
) -> int:
    """Map the records of INPUT (NDJSON, JSON, CSV, or - for stdin) with PACK.

    RECORD is a kind of record, such as time_entry. Exit code 0: every record was mapped or
    skipped, 1: some were rejected or a control total differs, 2: the run cannot begin.
    """
    from mapping_engine.batch.job import open_job
    from mapping_engine.cli.messages import show
    from mapping_engine.source.diagnostic import Report

    asked = Asked(**given)  # type: ignore[arg-type]
    job_wanted, options = wanted(asked), run_options(asked)
    if duplicates and folder is None:
        raise click.UsageError("`--duplicates` writes into the report of `--out`")
    if folder is not None:
        _check_folder(folder, asked, force)
    with opened(asked) as found:
        report = Report()
        job = open_job(job_wanted, options, report, _engine(asked.engine))
        if job is not None and before is not None:
            job = _since(job, before, asked, report)
        there = _there(job, held, asked, report) if job is not None and held is not None else None
        if job is None or report.has_errors:
            show(report)
            return 2
        _mention(report)
        _settle()
        items = lines_of(asked, job, found, payloads_only=payloads_only or folder is None,
                         exact=duplicates or there is not None)  # fmt: skip
        run = _Run(job, items, payloads_only, not asked.trusted_input, duplicates, there)
        tally = run.to_stdout() if folder is None else run.to_folder(folder)
    return int(bool(tally.rejected) or not tally.adds_up)


def _engine(word: str) -> MakeMapper:
    """Return what makes the mappers of a run."""
    if word == "interpreter":
        from mapping_engine.runtime.mapper import InterpretedMapper

        return InterpretedMapper
    from mapping_engine.runtime.compiler import CompiledMapper

    return CompiledMapper


def _settle() -> None:
    """Collect what records leave behind sooner than suits loading, which leaves hardly anything.

    Helpers that nobody asked hold the record they belong to, which holds them. What was loaded
    stays: it is not looked at again.
    """
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)


def _since(job: Job, before: str, asked: Asked, report: Report) -> Job:
    """Return the job that sends what has changed since the records of a file were sent."""
    from mapping_engine.batch.inputs import STDIN, opened_input
    from mapping_engine.batch.since import since

    if before == STDIN:
        raise click.UsageError("`--since` needs a file")
    form = None if asked.input_name != STDIN and asked.retry else asked.form
    with opened_input(before, form, sys.stdin.buffer) as found:
        plain = replace(asked, retry=False)
        return since(job, found.name, items_of(plain, job, found), report)


def _there(job: Job, held: str, asked: Asked, report: Report) -> There:
    """Return what the other system holds, from a file of its payloads."""
    from mapping_engine.batch.inputs import STDIN, opened_input
    from mapping_engine.batch.items import Reading
    from mapping_engine.batch.records import read_records
    from mapping_engine.batch.there import There, writing

    if held == STDIN:
        raise click.UsageError("`--there` needs a file")
    there, mapper = There(job.mapper), writing(job.mapper)
    envelope = mapper.mapping.envelope if mapper and mapper.mapping.direction == "out" else None
    with opened_input(held, None, sys.stdin.buffer) as found:
        reading = Reading(found.name, job.options.limits, not asked.trusted_input, envelope)
        there.read(found.name, read_records(found.stream, found.form, reading), report)
    return there


def _mention(report: Report) -> None:
    """Say that the packs have warnings, which `validate` shows."""
    if report.warnings:
        count = len(report.warnings)
        what = "1 warning" if count == 1 else f"{count} warnings"
        click.echo(f"{what} about the packs; `mapping-engine validate` shows them\n", err=True)


def _check_folder(folder: Path, asked: Asked, force: bool) -> None:
    """Raise `PackError` when the run may not write into the folder."""
    from mapping_engine.batch.inputs import STDIN
    from mapping_engine.batch.output import check_folder
    from mapping_engine.source.diagnostic import Report

    report = Report()
    source = None if asked.input_name == STDIN else Path(asked.input_name)
    check_folder(folder, source, force, report)
    report.raise_if_errors()


@dataclass(frozen=True, slots=True)
class _Run:
    """A run that can begin, and what its user wants to see."""

    job: Job
    items: Iterable[Item | Stretch]
    payloads_only: bool
    strict: bool
    duplicates: bool
    there: There | None

    def to_stdout(self) -> Tally:
        """Write payloads to stdout, and refusals and the summary to stderr."""
        from mapping_engine.batch.output import StreamOutput
        from mapping_engine.batch.run import run

        tally = run(self.job, self.items, StreamOutput(sys.stdout), there=self.there)
        sys.stdout.flush()
        _show_rejected(tally)
        if not self.payloads_only:
            self._tell(tally)
        return tally

    def to_folder(self, folder: Path) -> Tally:
        """Write the files of a run, all or none, and the summary to stderr."""
        from mapping_engine.batch.doubles import Doubles
        from mapping_engine.batch.output import NAMES, FolderOutput
        from mapping_engine.batch.report import report_of
        from mapping_engine.batch.run import run
        from mapping_engine.packs.files import shown

        began, progress = time.monotonic(), _Progress()
        with FolderOutput(folder, self.payloads_only) as output:
            try:
                doubles = Doubles(self.job) if self.duplicates else None
                tally = run(self.job, self.items, output, progress, doubles=doubles,
                            there=self.there)  # fmt: skip
                taken = int((time.monotonic() - began) * 1000)
                output.finish(report_of(self.job, tally, strict=self.strict, milliseconds=taken,
                                        doubles=doubles, there=self.there))  # fmt: skip
            except BaseException:
                progress.end()
                click.echo(f"the run broke off; `{shown(folder)}` holds nothing of it", err=True)
                raise
        progress.end()
        self._tell(tally)
        click.echo(f"written to {shown(folder)}:\n  {', '.join(NAMES)}", err=True)
        return tally

    def _tell(self, tally: Tally) -> None:
        from mapping_engine.batch.summary import summary_of

        click.echo(summary_of(self.job, tally), err=True)


def _show_rejected(tally: Tally) -> None:
    """Show the first few refusals of each reason."""
    from mapping_engine.cli.messages import show

    for reason, told in tally.shown.items():
        show(told)
        more = tally.rejected_by_reason[reason] - len(told)
        if more:
            click.echo(f"\n… and {more:,} more rejected as `{reason}`", err=True)
        click.echo(err=True)


class _Progress:
    """A line on a terminal that says how many records were read; nothing elsewhere."""

    def __init__(self) -> None:
        self.is_shown = sys.stderr.isatty()
        self.last = time.monotonic()

    def __call__(self, read: int) -> None:
        """Tell how far the run has come, five times a second."""
        if self.is_shown and time.monotonic() - self.last > 0.2:
            self.last = time.monotonic()
            click.echo(f"\r{read:,} records", err=True, nl=False)

    def end(self) -> None:
        """Take the line away."""
        if self.is_shown:
            click.echo("\r\x1b[K", err=True, nl=False)
