"""Show a pack as it is in force, each line with the place it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from mapping_engine.cli.verb import Verb, complete_kinds, complete_packs, firm_option, rules_option

__all__ = ["command"]


@click.command(
    cls=Verb,
    examples=(
        "soluno",
        "soluno time_entry --firm rules/examples/harbour-legal",
        "soluno contact --back",
        "soluno time_entry --python",
    ),
)
@click.argument("pack", shell_complete=complete_packs)
@click.argument("record", required=False, shell_complete=complete_kinds)
@rules_option
@firm_option
@click.option("--back", is_flag=True, help="Print the way back of two-way mappings, as YAML.")
@click.option("--python", is_flag=True, help="Print the code that is made of the rules.")
def command(
    *, pack: str, record: str | None, rules: tuple[Path, ...], firm: Path | None, back: bool,
    python: bool,
) -> int:  # fmt: skip
    """Print PACK with the firm's choices merged in, or only what it does with RECORD.

    Behind each line stands its file and line; a rule that the firm replaced names both. With
    --back it is the rules that read the payloads of a two-way mapping, each with the rule that
    it was derived from; with --python the code that a run uses, below the line it comes from.
    """
    from mapping_engine.cli.messages import show
    from mapping_engine.runtime.opening import open_pack
    from mapping_engine.source.diagnostic import Report
    from mapping_engine.workbench.showing import as_text, pack_lines
    from mapping_engine.workbench.written_python import python_of
    from mapping_engine.workbench.written_rules import ways_back

    if back and python:
        raise click.UsageError("`--back` and `--python` exclude each other")
    report = Report()
    opened = open_pack(pack, report, rules=rules, firm=firm)
    show(report)
    if opened is None:
        return 2
    if python:
        text = python_of(opened.program, record)
    else:
        lines = ways_back(opened.program, record) if back else pack_lines(opened.pack, record)
        text = as_text(lines).lstrip("\n")
    if not text:
        names = {each.record.value: each.direction for each in opened.pack.mappings.values()}
        click.echo(_nothing(pack, record, names, back), err=True)
        return 2
    click.echo(text, nl=python)
    return 0


def _nothing(pack: str, record: str | None, kinds: Mapping[str, str], back: bool) -> str:
    taken = ", ".join(f"`{each}`" for each, way in kinds.items() if not back or way == "both")
    what = f"`{record}`" if record else "mapping"
    if not back:
        return f"the pack `{pack}` has no {what}; it takes {taken}"
    of_those = f"; it has one for {taken}" if taken else ""
    return f"the pack `{pack}` has no {what} with `direction: both`{of_those}"
