"""
Check packs and firms before a record moves: all problems at once.

The mistakes are words for people and go to stderr; every other format is data and goes to
stdout, with one line for people on stderr.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mapping_engine.cli.code import complete_codes, sections
from mapping_engine.cli.verb import Verb, complete_packs, firm_option, rules_option

if TYPE_CHECKING:
    from mapping_engine.source.diagnostic import Report
    from mapping_engine.workbench.checking import Checked

__all__ = ["command"]

FORMATS = ("text", "json", "sarif", "github", "junit")


def _known_codes(
    ctx: click.Context, param: click.Parameter, value: tuple[str, ...]
) -> tuple[str, ...]:
    """Refuse a code that denies nothing because there is none of that number."""
    wanted = tuple(each.upper() for each in value)
    known = sections() if wanted else {}
    for each in wanted:
        if not each or not any(number.startswith(each) for number in known):
            hint = "a code is written like M402, a family like M8"
            raise click.BadParameter(f"there is no code `{each}`; {hint}")
    return wanted


@click.command(
    cls=Verb,
    examples=(
        "",
        "soluno",
        "rules/soluno/time_entry.yaml --strict",
        "--firm rules/examples/harbour-legal --format json",
        "--deny M8 --format sarif > build/validate.sarif",
        "quickbooks_online --guarded",
        "--deny M801 --deny M805 --format github",
        "--format junit > build/validate.xml",
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, shell_complete=complete_packs)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--deny", multiple=True, metavar="CODE",
              callback=_known_codes, shell_complete=complete_codes,
              help="Warnings of this code or family (M8) become errors; repeatable.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(FORMATS), default="text",
              show_default=True, help="Words for people, or data on stdout.")  # fmt: skip
@click.option("--guarded", is_flag=True,
              help="Name every field that is tested on each record, because nothing proves "
                   "that it fits.")  # fmt: skip
@rules_option
@firm_option
def command(
    *,
    paths: tuple[str, ...],
    strict: bool,
    deny: tuple[str, ...],
    form: str,
    guarded: bool,
    rules: tuple[Path, ...],
    firm: Path | None,
) -> int:
    """Check packs and firms, and say everything that is wrong with them.

    PATH is a pack's name, or a file or folder of packs and firms; without it, every pack and
    firm on the rules path is checked. Exit code 0: clean or warnings, 1: errors, 2: nothing
    to check.
    """
    from mapping_engine.workbench.checking import check

    checked = check(paths, rules=rules, firm=firm, today=date.today(), processes=_cores())
    # For who reads data, what counts as an error is one.
    report = checked.report.denying(("M",) if strict and form != "text" else deny)
    if form == "text":
        from mapping_engine.cli.messages import show

        show(report)
        if report:
            click.echo(err=True)
    elif data := _data(checked, report, form):
        click.echo(data)
    _summarise(checked, report, whole=guarded)
    if not checked.packs:
        return 2
    return int(report.has_errors or (strict and bool(report)))


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _data(checked: Checked, report: Report, form: str) -> str:
    """Return what was found in a format for programs."""
    from mapping_engine import __version__
    from mapping_engine.source.render import RENDERERS, render_junit, render_sarif

    match form:
        case "json":
            return _as_json(checked, report)
        case "sarif":
            return render_sarif(report, __version__)
        case "junit":
            return render_junit(report, checked.files)
        case _:
            return RENDERERS[form](report)


def _summarise(checked: Checked, report: Report, *, whole: bool) -> None:
    """Say in few words what was checked, and how it went; `whole`: with every guarded field."""
    from mapping_engine.source.render import summary
    from mapping_engine.workbench.guarded import guarded_lines

    what = ", ".join(f"`{each}`" for each in (*checked.packs, *checked.firms)) or "nothing"
    click.echo(f"checked {what}: {summary(report)}", err=True)
    for stray in checked.strays:
        click.echo(f"  `{stray}` belongs to no pack and no firm", err=True)
    lines = guarded_lines(checked.examined, whole=whole)
    for line in lines:
        click.echo(f"  {line}", err=True)
    if lines and not whole:
        click.echo("  (`--guarded` names every field that is tested on each record)", err=True)


def _as_json(checked: Checked, report: Report) -> str:
    import json

    from mapping_engine.source.render import render_json
    from mapping_engine.workbench.guarded import guarded_lines

    data = {
        "format": 1,
        "packs": list(checked.packs),
        "firms": list(checked.firms),
        "errors": len(report.errors),
        "warnings": len(report.warnings),
        "diagnostics": json.loads(render_json(report)),
        "guarded": guarded_lines(checked.examined, few=sys.maxsize),
    }
    return json.dumps(data, ensure_ascii=False, indent=2)
