"""
Run the cases of packs: examples of records, and what must become of them.

The result is data and goes to stdout; mistakes in packs and case files go to stderr.
"""

from __future__ import annotations

from pathlib import Path

import click

from mapping_engine.cli.verb import Verb, complete_packs, rules_option

__all__ = ["command"]


@click.command(
    cls=Verb,
    examples=(
        "",
        "soluno -k 'no charge'",
        "soluno --update",
        "--rules rules --format junit > build/cases.xml",
    ),
)
@click.argument("packs", metavar="[PACK]...", nargs=-1, shell_complete=complete_packs)
@click.option("-k", "words", metavar="WORDS", help="Only cases with these words in file or title.")
@click.option("--update", is_flag=True, help="Write what comes out into the cases that fail.")
@click.option("--format", "layout", type=click.Choice(["text", "junit", "json"]), default="text",
              show_default=True, help="Words for people, or for a build server.")  # fmt: skip
@click.option("--show-values", is_flag=True, help="Show private values in the report too.")
@rules_option
def command(
    *, packs: tuple[str, ...], words: str | None, update: bool, layout: str, show_values: bool,
    rules: tuple[Path, ...],
) -> int:  # fmt: skip
    """Run the cases of every PACK, or of all packs on the rules path.

    A case is a file under cases/ in the pack: a record, and the payload, skip or rejection
    that must come out. Exit code 0: all pass, 1: some fail, 2: a pack or a case is broken.
    """
    from mapping_engine.cli.messages import show
    from mapping_engine.packs.finder import RulesPath
    from mapping_engine.source.diagnostic import Report
    from mapping_engine.values.json import encode
    from mapping_engine.workbench.case_reports import as_data, as_junit, as_text
    from mapping_engine.workbench.case_runs import Wanted, run_cases

    report = Report()
    wanted = Wanted(packs, words, update, show_values)
    results = list(run_cases(wanted, RulesPath.of(rules), report))
    problems = Report(report.errors)
    for each in results:
        problems.extend(each.problems)
    show(problems)
    if layout == "junit":
        click.echo(as_junit(results, show_values=show_values))
    elif layout == "json":
        click.echo(encode(as_data(results, show_values=show_values), indent=2))
    else:
        click.echo(as_text(results, show_values=show_values))
    if problems:
        return 2
    return int(any(each.status == "failed" for each in results))
