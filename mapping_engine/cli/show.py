"""Show a pack as it is in force, each line with the place it comes from."""

from __future__ import annotations

from pathlib import Path

import click

from mapping_engine.cli.verb import Verb, complete_kinds, complete_packs, firm_option, rules_option

__all__ = ["command"]


@click.command(
    cls=Verb,
    examples=("soluno", "soluno time_entry --firm rules/examples/harbour-legal"),
)
@click.argument("pack", shell_complete=complete_packs)
@click.argument("record", required=False, shell_complete=complete_kinds)
@rules_option
@firm_option
def command(*, pack: str, record: str | None, rules: tuple[Path, ...], firm: Path | None) -> int:
    """Print PACK with the firm's choices merged in, or only what it does with RECORD.

    Behind each line stands its file and line; a rule that the firm replaced names both.
    """
    from mapping_engine.cli.messages import show
    from mapping_engine.runtime.opening import open_pack
    from mapping_engine.source.diagnostic import Report
    from mapping_engine.workbench.showing import as_text, pack_lines

    report = Report()
    opened = open_pack(pack, report, rules=rules, firm=firm)
    show(report)
    if opened is None:
        return 2
    text = as_text(pack_lines(opened.pack, record)).lstrip("\n")
    if not text:
        taken = ", ".join(f"`{each.record.value}`" for each in opened.pack.mappings.values())
        click.echo(f"the pack `{pack}` has no `{record}`; it takes {taken}", err=True)
        return 2
    click.echo(text, nl=False)
    return 0
