"""
Try one expression on one record, and see its value with its type.

With `--record` the record is held to the schema of its kind and the expression is checked
against it, as in a pack; without, the types are those of the input itself.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mapping_engine.cli.verb import Verb, complete_kinds

if TYPE_CHECKING:
    from mapping_engine.language.typed import Typed
    from mapping_engine.source.diagnostic import Report
    from mapping_engine.values.types import Type
    from mapping_engine.values.value import Value

__all__ = ["command"]


@dataclass(frozen=True, slots=True)
class _Given:
    """What the expression reads: the type of the record, and the record when there is one."""

    type: Type | None
    record: Value = None
    is_there: bool = False


@click.command(
    cls=Verb,
    examples=(
        "'round_up(1.23, to=0.1)'",
        "'upper(matter.number)' entry.json",
        "'round_half_up(hours_worked * rate, places=2)' entry.json --record time_entry",
    ),
)
@click.argument("expression")
@click.argument("input_file", metavar="[INPUT]", required=False, type=click.Path(allow_dash=True))
@click.option("--record", "kind", metavar="KIND", shell_complete=complete_kinds,
              help="The canonical kind of the record, e.g. time_entry.")  # fmt: skip
@click.option("--show-values", is_flag=True, help="Show private values in messages too.")
def command(*, expression: str, input_file: str | None, kind: str | None, show_values: bool) -> int:
    """Compute EXPRESSION for the record in INPUT, a JSON file or - for stdin.

    Prints the value and its type. Without INPUT an expression over a record is only checked.
    """
    from mapping_engine.cli.messages import show
    from mapping_engine.language.expression import compile_expression, evaluate
    from mapping_engine.source.diagnostic import Report, Severity
    from mapping_engine.source.text import SourceText
    from mapping_engine.values.refusal import Refusal
    from mapping_engine.values.words import words

    report = Report()
    given = _given(input_file, kind, report)
    if given is None:
        show(report)
        return 1 if all(each.code.severity is Severity.REJECTED for each in report) else 2
    checked = compile_expression(SourceText("expression", expression), given.type, report)
    show(report)
    if checked is None:
        return 1
    if given.is_there or not _reads(checked):
        try:
            value = evaluate(checked, given.record)
        except Refusal as refusal:
            show([refusal.diagnostic(show_values=show_values)])
            return 1
        click.echo(_literal(value))
    click.echo(words(checked.type))
    return 0


def _given(input_file: str | None, kind: str | None, report: Report) -> _Given | None:
    """Return what the expression reads; None when the report says why it cannot be had."""
    from mapping_engine.packs.finder import shipped_path
    from mapping_engine.packs.schemas import SchemaStore
    from mapping_engine.runtime.problems import wrong_record
    from mapping_engine.values.conform import conform
    from mapping_engine.values.infer import infer

    wanted = SchemaStore(shipped_path().schemas).canonical(kind, report) if kind else None
    found = [] if input_file is None else _read(input_file, report)
    if report.has_errors:
        return None
    if not found:
        return _Given(wanted)
    record = found[0]
    if wanted is None:
        return _Given(infer(record), record, is_there=True)
    fitted = conform(record, wanted)
    report.extend(wrong_record(None, None, misfit) for misfit in fitted.misfits)
    return None if fitted.misfits else _Given(wanted, fitted.value, is_there=True)


def _read(input_file: str, report: Report) -> list[Value]:
    """Return the one record of a JSON file or of stdin, or none when it is reported."""
    from mapping_engine.packs.files import read_bytes
    from mapping_engine.runtime.problems import unreadable_record
    from mapping_engine.source.limits import DEFAULT_LIMITS
    from mapping_engine.values.json import JsonError, decode

    limit = DEFAULT_LIMITS.record_size
    if input_file == "-":
        content: bytes | None = sys.stdin.buffer.read(limit + 1)[: limit + 1]
    else:
        content = read_bytes(Path(input_file), report, limit=limit)
    if content is None:
        return []
    try:
        return [decode(content)]
    except JsonError as error:
        report.add(unreadable_record(None, None, str(error)))
        return []


def _reads(node: Typed) -> bool:
    """Whether an expression reads the record anywhere."""
    from mapping_engine.language.environment import RECORD_KEY
    from mapping_engine.language.typed import Variable, inner

    if isinstance(node, Variable):
        return node.key == RECORD_KEY
    return any(_reads(each) for each in inner(node))


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
