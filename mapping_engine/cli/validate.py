"""
Check packs and firms before a record moves: all problems at once.

The mistakes are words for people and go to stderr; `--format json` is data and goes to stdout.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mapping_engine.cli.verb import Verb, complete_packs, firm_option, rules_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mapping_engine.source.diagnostic import Diagnostic
    from mapping_engine.workbench.checking import Checked

__all__ = ["command"]


@click.command(
    cls=Verb,
    examples=(
        "",
        "soluno",
        "rules/soluno/time_entry.yaml --strict",
        "--firm rules/examples/harbour-legal --format json",
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1, shell_complete=complete_packs)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--deny", multiple=True, metavar="CODE",
              help="Warnings of this code or family (M8) count as errors.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="Words for people, or data on stdout.")  # fmt: skip
@rules_option
@firm_option
def command(
    *,
    paths: tuple[str, ...],
    strict: bool,
    deny: tuple[str, ...],
    form: str,
    rules: tuple[Path, ...],
    firm: Path | None,
) -> int:
    """Check packs and firms, and say everything that is wrong with them.

    PATH is a pack's name, or a file or folder of packs and firms; without it, every pack and
    firm on the rules path is checked. Exit code 0: clean or warnings, 1: errors, 2: nothing
    to check.
    """
    from mapping_engine.workbench.checking import check

    checked = check(paths, rules=rules, firm=firm)
    if form == "json":
        _print_json(checked)
    else:
        _print_text(checked)
    if not checked.packs:
        return 2
    return int(bool(_denied(list(checked.report), strict, deny)))


def _denied(found: Sequence[Diagnostic], strict: bool, deny: tuple[str, ...]) -> list[Diagnostic]:
    """Return the diagnostics that make the exit code 1."""
    wanted = tuple(each.upper() for each in deny)
    return [
        each
        for each in found
        if strict or each.code.severity != "warning" or each.code.number.startswith(wanted or "-")
    ]


def _print_text(checked: Checked) -> None:
    from mapping_engine.cli.messages import show
    from mapping_engine.source.render import summary

    show(checked.report)
    if checked.report:
        click.echo(err=True)
    what = ", ".join(f"`{each}`" for each in (*checked.packs, *checked.firms)) or "nothing"
    click.echo(f"checked {what}: {summary(checked.report)}", err=True)
    for line in _guarded(checked):
        click.echo(f"  {line}", err=True)


def _guarded(checked: Checked) -> list[str]:
    """Say of each pack which fields could not be proved to fit, and are tested while running."""
    lines: dict[str, None] = {}
    for opened in checked.opened:
        program = opened.program
        names = ", ".join(dict.fromkeys(f"`{step.name}`" for step in program.guarded))
        if names:
            lines[f"{opened.pack.name}: tested on every record, not proved: {names}"] = None
    return list(lines)


def _print_json(checked: Checked) -> None:
    import json

    from mapping_engine.source.render import render_json

    report = checked.report
    data = {
        "format": 1,
        "packs": list(checked.packs),
        "firms": list(checked.firms),
        "errors": len(report.errors),
        "warnings": len(report.warnings),
        "diagnostics": json.loads(render_json(report)),
        "guarded": _guarded(checked),
    }
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))
