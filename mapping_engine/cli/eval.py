"""
Try one expression on one record, and see its value with its type.

With `--record` the record is held to the schema of its kind and the expression is checked
against it, as in a pack; without, the types are those of the input itself. With `--pack` it is
read where that pack's rules for the record are read.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mapping_engine.cli.verb import Verb, complete_kinds, complete_packs, firm_option, rules_option

if TYPE_CHECKING:
    from mapping_engine.source.diagnostic import Report
    from mapping_engine.source.text import SourceText
    from mapping_engine.values.value import Value
    from mapping_engine.workbench.trying import Trial

__all__ = ["command"]


@click.command(
    cls=Verb,
    examples=(
        "'round_up(1.23, to=0.1)'",
        "'upper(matter.number)' entry.json",
        "'round_half_up(hours_worked * rate, places=2)' entry.json --record time_entry",
        "'behaviour(billing_behavior)' entry.json --record time_entry --pack soluno",
    ),
)
@click.argument("expression")
@click.argument("input_file", metavar="[INPUT]", required=False, type=click.Path(allow_dash=True))
@click.option("--record", "kind", metavar="KIND", shell_complete=complete_kinds,
              help="The kind of the record, e.g. time_entry.")  # fmt: skip
@click.option("--pack", metavar="PACK", shell_complete=complete_packs,
              help="Read it as a rule of this pack, with its tables and helpers.")  # fmt: skip
@rules_option
@firm_option
@click.option("--show-values", is_flag=True, help="Show private values in messages too.")
def command(
    *,
    expression: str,
    input_file: str | None,
    kind: str | None,
    pack: str | None,
    rules: tuple[Path, ...],
    firm: Path | None,
    show_values: bool,
) -> int:
    """Compute EXPRESSION for the record in INPUT, a JSON file or - for stdin.

    Prints the value and its type. Of an NDJSON file the first record is taken. Without INPUT
    an expression over a record is only checked.
    """
    from mapping_engine.cli.messages import show
    from mapping_engine.source.diagnostic import Report
    from mapping_engine.source.text import SourceText
    from mapping_engine.values.refusal import Refusal
    from mapping_engine.values.words import words

    report = Report()
    source = SourceText("expression", expression)
    raw = _read(input_file, report)
    trial = None
    if not report.has_errors and pack is None:
        trial = _alone(source, raw, kind, report)
    elif not report.has_errors and pack is not None:
        trial = _in_pack(source, raw, _Place(pack, kind, rules, firm), report)
    show(report)
    if trial is None:
        return _status(report, source)
    if trial.compute is not None:
        try:
            value = trial.compute()
        except Refusal as refusal:
            show([refusal.diagnostic(show_values=show_values)])
            return 1
        click.echo(_literal(value))
    click.echo(words(trial.type))
    return 0


@dataclass(frozen=True, slots=True)
class _Place:
    """Of which pack, and among the rules for what, the expression is read."""

    pack: str
    kind: str | None
    rules: tuple[Path, ...]
    firm: Path | None


def _alone(source: SourceText, raw: Value, kind: str | None, report: Report) -> Trial | None:
    from mapping_engine.packs.finder import shipped_path
    from mapping_engine.packs.schemas import SchemaStore
    from mapping_engine.workbench.trying import try_alone

    schemas = SchemaStore(shipped_path().schemas)
    return try_alone(source, raw, kind, schemas=schemas, report=report)


def _in_pack(source: SourceText, raw: Value, place: _Place, report: Report) -> Trial | None:
    from mapping_engine.runtime.opening import open_pack
    from mapping_engine.workbench.trying import try_in_pack

    opened = open_pack(place.pack, report, rules=place.rules, firm=place.firm)
    if opened is None or report.has_errors:
        return None
    mappings = list(opened.pack.mappings.values())
    fitting = [each for each in mappings if place.kind in (None, each.record.value, each.name)]
    if len(fitting) != 1:
        names = ", ".join(f"`{each.name}`" for each in mappings)
        raise click.UsageError(f"say which mapping with --record; `{place.pack}` has {names}")
    as_of = date.today()
    return try_in_pack(source, raw, fitting[0], opened, as_of=as_of, report=report)


def _status(report: Report, source: SourceText) -> int:
    """Return 1 when the expression or the record is wrong, 2 when there was nothing to try."""
    own = (each.span is not None and each.span.source is source for each in report)
    return int(not any(own) and any(each.code.severity == "error" for each in report)) + 1


def _read(input_file: str | None, report: Report) -> Value:
    """Return the one record of a JSON file or of stdin; absent when there is none to be had."""
    from mapping_engine.packs.files import read_bytes
    from mapping_engine.runtime.problems import unreadable_record
    from mapping_engine.source.limits import DEFAULT_LIMITS
    from mapping_engine.values.json import JsonError, decode
    from mapping_engine.values.value import MISSING

    if input_file is None:
        return MISSING
    limit = DEFAULT_LIMITS.record_size
    is_stdin = input_file == "-"
    content = sys.stdin.buffer.read(limit + 1) if is_stdin else read_bytes(
        Path(input_file), report, limit=limit
    )  # fmt: skip
    if content is None:
        return MISSING
    if len(content) > limit:
        report.add(unreadable_record(None, None, f"it is longer than {limit:,} bytes"))
        return MISSING
    if Path(input_file).suffix in (".ndjson", ".jsonl"):
        content = content.lstrip().partition(b"\n")[0]
    try:
        return decode(content)
    except JsonError as error:
        report.add(unreadable_record(None, None, str(error)))
        return MISSING


def _literal(value: Value) -> str:
    """Return a value as a person would write it down: texts in quotes, lists as JSON."""
    from mapping_engine.values.json import encode
    from mapping_engine.values.textform import text_of
    from mapping_engine.values.value import MISSING

    if value is MISSING:
        return "absent"
    if value is None or isinstance(value, str | list | dict):
        return encode(value, indent=2 if isinstance(value, dict) else None)
    return text_of(value)
