"""
The options of every verb that maps records, and what they ask for.

The only clock of the engine is read here: the date of the run is today unless it is given.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from mapping_engine.cli.verb import complete_kinds, complete_packs, firm_option, rules_option

if TYPE_CHECKING:
    from mapping_engine.batch.inputs import Input
    from mapping_engine.batch.items import Item, Reading, Stretch
    from mapping_engine.batch.job import Job, Wanted
    from mapping_engine.runtime.mapper import RunOptions

__all__ = ["Asked", "items_of", "job_options", "lines_of", "opened", "run_options", "wanted"]

F = TypeVar("F", bound=Callable[..., object])


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a command line asks to be mapped, and how."""

    pack: str
    record: str
    input_name: str
    source: str | None
    inward: bool
    form: str | None
    as_of: date | None
    parameters: Mapping[str, str]
    retry: bool
    trusted_input: bool
    drop_unknown: bool
    links: Path | None
    engine: str
    show_values: bool
    rules: tuple[Path, ...]
    firm: Path | None


def job_options(command: F) -> F:
    """Add the arguments and options that `Asked` holds."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _date(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    from mapping_engine.values.moment import parse_date
    from mapping_engine.values.refusal import Refusal

    try:
        return None if value is None else parse_date(value)
    except Refusal:
        raise click.BadParameter(f"`{value}` is no date such as 2026-07-31") from None


def _pairs(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for each in value:
        name, sign, text = each.partition("=")
        if not sign or not name:
            raise click.BadParameter(f"`{each}` is no pair such as batch=7")
        pairs[name] = text
    return pairs


def _file() -> click.Path:
    return click.Path(path_type=Path)


_OPTIONS = (
    click.argument("pack", shell_complete=complete_packs),
    click.argument("record", shell_complete=complete_kinds),
    click.argument("input_name", metavar="[INPUT]", default="-",
                   type=click.Path(allow_dash=True)),
    click.option("--from", "source", metavar="PACK", shell_complete=complete_packs,
                 help="Read the payloads of this system."),
    click.option("--in", "inward", is_flag=True,
                 help="Map the payloads of PACK to canonical records."),
    click.option("--input-format", "form", type=click.Choice(["ndjson", "json", "csv"]),
                 help="How INPUT is written, when its ending does not say."),
    click.option("--as-of", metavar="DATE", callback=_date,
                 help="The date of the run; today when it is not given."),
    click.option("--param", "parameters", metavar="K=V", multiple=True, callback=_pairs,
                 help="A parameter that the pack reads as run.parameters.K."),
    click.option("--retry", is_flag=True,
                 help="INPUT is the rejected.ndjson of a run: take its records again."),
    click.option("--trusted-input", is_flag=True,
                 help="Do not look for names that stand twice in a record."),
    click.option("--drop-unknown", is_flag=True,
                 help="Leave unknown members of records out, and count them."),
    click.option("--links", metavar="FILE", type=_file(),
                 help="A list of known ids, instead of links.csv in the firm's folder."),
    click.option("--engine", type=click.Choice(["compiled", "interpreter"]), default="compiled",
                 show_default=True, help="What executes the rules; both give the same."),
    click.option("--show-values", is_flag=True, help="Show private values in messages too."),
    rules_option,
    firm_option,
)  # fmt: skip


def wanted(asked: Asked) -> Wanted:
    """Return which packs and which kind of record are asked for."""
    from mapping_engine.batch.job import Wanted

    if asked.inward and asked.source:
        raise click.UsageError("`--in` and `--from` exclude each other")
    return Wanted(asked.pack, asked.record, asked.source, asked.inward, asked.rules, asked.firm,
                  asked.links)  # fmt: skip


def run_options(asked: Asked) -> RunOptions:
    """Return what is fixed for all records."""
    from mapping_engine.runtime.mapper import RunOptions

    return RunOptions(
        asked.as_of or date.today(),
        asked.parameters,
        drop_unknown=asked.drop_unknown,
        show_values=asked.show_values,
    )


@contextmanager
def opened(asked: Asked) -> Iterator[Input]:
    """Open the input; raises `PackError` with the words when it cannot be read."""
    from mapping_engine.batch.inputs import opened_input

    form = "ndjson" if asked.retry else asked.form
    with opened_input(asked.input_name, form, sys.stdin.buffer) as found:
        yield found


def lines_of(
    asked: Asked, job: Job, found: Input, *, payloads_only: bool, exact: bool
) -> Iterator[Item | Stretch]:
    """Yield what `items_of` does, and what lines became without a detour as `Stretch`.

    With `exact` there is none of these, since somebody wants to see each record.
    """
    quick = None
    if not (exact or asked.retry):
        quick = job.quick(payloads_only=payloads_only, strict=not asked.trusted_input)
    if quick is None:
        return items_of(asked, job, found)
    from mapping_engine.batch.records import map_records

    return map_records(found.stream, found.form, _reading(asked, job, found), quick)


def items_of(asked: Asked, job: Job, found: Input) -> Iterator[Item]:
    """Yield the records of the input, or those that an earlier run rejected."""
    from msgspec.structs import replace

    from mapping_engine.batch.items import Reading
    from mapping_engine.batch.records import read_records, retried

    if asked.retry:
        limits = job.options.limits
        room = replace(limits, record_size=2 * limits.record_size,
                       record_depth=limits.record_depth + 2)  # fmt: skip
        reading = Reading(found.name, room, not asked.trusted_input)
        return retried(read_records(found.stream, found.form, reading))
    return read_records(found.stream, found.form, _reading(asked, job, found))


def _reading(asked: Asked, job: Job, found: Input) -> Reading:
    from mapping_engine.batch.items import Reading

    strict = not asked.trusted_input
    return Reading(found.name, job.options.limits, strict, job.envelope, job.reads)
