"""Write the field-mapping page of a pack, as a help centre would publish it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from mapping_engine.cli.verb import Verb, complete_packs, firm_option, rules_option

__all__ = ["command"]

FORMATS = ("md", "html", "csv")


@click.command(
    cls=Verb,
    examples=(
        "soluno",
        "soluno --firm rules/examples/harbour-legal --format html -o build/pages",
        "actionstep --format csv > fields.csv",
    ),
)
@click.argument("pack", shell_complete=complete_packs)
@click.option("--format", "form", type=click.Choice(FORMATS), default="md", show_default=True,
              help="Markdown, one HTML file that needs nothing else, or a CSV with a row for "
                   "every field rule.")  # fmt: skip
@click.option("-o", "--out", metavar="DIR", type=click.Path(file_okay=False, path_type=Path),
              help="Write the page into this folder instead of printing it; a page that is "
                   "there is written anew.")  # fmt: skip
@rules_option
@firm_option
def command(
    *, pack: str, form: str, out: Path | None, rules: tuple[Path, ...], firm: Path | None
) -> int:
    """Write what PACK takes, what it does not take and why, and how each field is filled.

    The page says of every kind of record whether it goes, which way and as what; what is left
    out or refused, and what to do then; switches, settings, accounts and tables. With --firm it
    is the pack as that firm has it, and each line says whether it comes from the vendor or the
    firm. Nothing is written for a pack with a mistake in it.
    """
    from mapping_engine.cli.messages import show
    from mapping_engine.runtime.opening import open_pack
    from mapping_engine.source.diagnostic import Report
    from mapping_engine.workbench.page import page_of
    from mapping_engine.workbench.page_formats import FORMATS as WRITERS
    from mapping_engine.workbench.page_formats import slug

    report = Report()
    opened = open_pack(pack, report, rules=rules, firm=firm)
    show(report)
    if opened is None or report.has_errors:
        return 2
    text = WRITERS[form](page_of(opened))
    if out is None:
        click.echo(text, nl=False)
        return 0
    names = [opened.pack.name, *([opened.pack.firm.id] if opened.pack.firm else [])]
    path = out / f"{'-'.join(map(slug, names))}.{form}"
    _write(path, text, form)
    click.echo(f"wrote {path}", err=True)
    return 0


def _write(path: Path, text: str, form: str) -> None:
    """Write a page whole or not at all; spreadsheets know UTF-8 by the mark at its start."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8-sig" if form == "csv" else "utf-8", newline="\n")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
