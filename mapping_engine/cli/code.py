"""
Say what a diagnostic means, with a wrong and a right example.

The words are those of the generated page `rules/REFERENCE.md`, so that the terminal and the
page cannot say different things, and nothing of the engine has to be loaded.
"""

from __future__ import annotations

import re
import sys

import click
from click.shell_completion import CompletionItem

from mapping_engine.cli.verb import Verb

__all__ = ["command", "complete_codes", "sections"]

_HEADING = re.compile(r"^### (M\d{3}) ([a-z0-9-]+)$", re.MULTILINE)


def sections() -> dict[str, tuple[str, str]]:
    """Return the name and the section of every code, by number."""
    from mapping_engine.packs.finder import shipped_path

    text = (shipped_path().rules[0] / "REFERENCE.md").read_text(encoding="utf-8")
    found = list(_HEADING.finditer(text))
    ends = [re.compile(r"^##+ |\Z", re.MULTILINE).search(text, each.end()) for each in found]
    return {
        each[1]: (each[2], text[each.end() : end.start() if end else None].strip())
        for each, end in zip(found, ends, strict=True)
    }


def complete_codes(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the numbers of all codes with their names."""
    return [
        CompletionItem(number, help=name)
        for number, (name, _) in sections().items()
        if number.startswith(incomplete.upper())
    ]


@click.command(cls=Verb, examples=("M402", "unknown-field", ""))
@click.argument("code", required=False, shell_complete=complete_codes)
def command(code: str | None) -> int:
    """Print what CODE means; without CODE, list all codes.

    CODE is a number (M402) or a name (unknown-field).
    """
    known = sections()
    if code is None:
        for number, (name, _) in known.items():
            click.echo(f"{number}  {name}")
        return 0
    wanted = code.strip("[]").upper()
    for number, (name, words) in known.items():
        if wanted in (number, name.upper()):
            click.echo(f"{number} {name}\n\n{_as_text(words)}")
            return 0
    _say_unknown(code, known)
    return 2


def _say_unknown(code: str, known: dict[str, tuple[str, str]]) -> None:
    from mapping_engine.source.suggest import did_you_mean

    names = [*known, *(name for name, _ in known.values())]
    near = did_you_mean(code.upper() if code[:1] in "mM" and code[1:].isdigit() else code, names)
    hint = near or "`mapping-engine code` lists them all"
    click.echo(f"there is no code `{code}`; {hint}", file=sys.stderr)


def _as_text(markdown: str) -> str:
    """Turn fenced blocks into indented ones, for a terminal."""
    lines, inside = [], False
    for line in markdown.splitlines():
        if line.startswith("```"):
            inside = not inside
        else:
            lines.append(f"    {line}".rstrip() if inside else line)
    return "\n".join(lines)
