"""
Say of one record why every value came out as it did.

The explanation is data and goes to stdout; `--redact` takes the private values out of it.
"""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import click

from mapping_engine.cli.asking import Asked, items_of, job_options, opened, run_options, wanted
from mapping_engine.cli.verb import Verb

if TYPE_CHECKING:
    from mapping_engine.batch.job import Job
    from mapping_engine.workbench.explain import Explanation
    from mapping_engine.workbench.picking import Picked

__all__ = ["command"]

_WIDEST = 100


@click.command(
    cls=Verb,
    examples=(
        "soluno time_entry entries.ndjson --from actionstep --firm rules/examples/harbour-legal",
        "soluno time_entry entries.ndjson --id 880017 --field Rate",
        "soluno time_entry build/today/rejected.ndjson --retry --line 3 --redact",
    ),
)
@job_options
@click.option("--id", "identity", metavar="ID", help="The record of this id; else the first.")
@click.option("--line", type=click.IntRange(min=1), metavar="N", help="The record on this line.")
@click.option("--field", "only", metavar="FIELD", help="Explain this field of the payload alone.")
@click.option("--redact", is_flag=True, help="Take private values out of the explanation.")
@click.option("--format", "layout", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="Words for people, or data.")  # fmt: skip
def command(
    *, identity: str | None, line: int | None, only: str | None, redact: bool, layout: str,
    **given: object,
) -> int:  # fmt: skip
    """Explain what PACK makes of one record of INPUT: each value with its rule, the values it
    read and the table row; for what is left out, skipped or rejected why, and what would change it.

    Exit code 0: the record is mapped, 1: skipped or rejected, 2: it cannot be told.
    """
    from msgspec.structs import replace

    from mapping_engine.batch.job import open_job
    from mapping_engine.cli.messages import show
    from mapping_engine.runtime.trace import TracingMapper
    from mapping_engine.source.diagnostic import Report
    from mapping_engine.workbench.picking import explained, pick

    if identity is not None and line is not None:
        raise click.UsageError("`--id` and `--line` exclude each other")
    asked, report = Asked(**given), Report()  # type: ignore[arg-type]
    # The explanation is where values were asked for; what is hidden in it is said by `--redact`.
    options = replace(run_options(asked), show_values=not redact)
    with opened(asked) as found:
        job = open_job(wanted(asked), options, report, TracingMapper)
        picked = None
        if job is not None:
            items = items_of(asked, job, found)
            picked = pick(job, items, found.name, report, id=identity, line=line)
        if job is None or picked is None:
            show(report)
            return 2
        report = Report()
        told = explained(job, picked.item, report, only=only, redact=redact)
    show(report)
    if report.has_errors:
        return 2
    _print(told, job, picked, redact=redact, layout=layout)
    return _status(told)


def _print(told: Explanation, job: Job, picked: Picked, *, redact: bool, layout: str) -> None:
    if layout == "json":
        from mapping_engine.batch.outcomes import Line
        from mapping_engine.values.json import encode
        from mapping_engine.workbench.explain_data import as_data

        about = Line(picked.item.line, picked.id, job.pack.name, job.kind)
        click.echo(encode(as_data(told, about, redact=redact), indent=2))
        return
    from mapping_engine.workbench.explain_text import as_text

    which = f"record `{picked.id}`" if picked.id is not None else "the record"
    many = "the only one there" if picked.count == 1 else f"one of {picked.count:,}"
    where = f"{which} on line {picked.item.line}, {many}"
    width = shutil.get_terminal_size((_WIDEST, 24)).columns if sys.stdout.isatty() else _WIDEST
    click.echo(as_text(told, where, min(width, _WIDEST)))


def _status(told: Explanation) -> int:
    from mapping_engine.runtime.outcome import Mapped

    return 0 if isinstance(told.outcome, Mapped) else 1
