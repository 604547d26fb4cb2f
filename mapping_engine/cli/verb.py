"""
What all verbs share: examples in their help, and the options that choose packs and firms.

Completion of packs and record kinds lists folders and files only; nothing is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import click
from click.shell_completion import CompletionItem

__all__ = ["Verb", "complete_kinds", "complete_packs", "firm_option", "rules_option"]

F = TypeVar("F", bound=Callable[..., object])


class Verb(click.Command):
    """A command whose help ends with examples, printed as they are typed."""

    def __init__(self, *args: object, examples: tuple[str, ...] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, one a line."""
        with formatter.section("Examples"):
            for example in self.examples:
                formatter.write(f"  mapping-engine {ctx.info_name} {example}\n")


def rules_option(command: F) -> F:
    """Add `--rules DIR`, repeatable: where packs are, later ones win."""
    return click.option(
        "--rules", "rules", multiple=True, metavar="DIR",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="A folder of packs; may be given several times, the later wins.",
    )(command)  # fmt: skip


def firm_option(command: F) -> F:
    """Add `--firm PATH`: the firm file or folder whose choices apply."""
    return click.option(
        "--firm", metavar="PATH", type=click.Path(exists=True, path_type=Path),
        help="A firm's file or folder, whose settings, tables and overrides apply.",
    )(command)  # fmt: skip


def complete_packs(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the packs of the rules path."""
    from mapping_engine.packs.finder import RulesPath, pack_names

    return _offered(pack_names(RulesPath.of(ctx.params.get("rules") or ()).rules), incomplete)


def complete_kinds(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the canonical record kinds."""
    from mapping_engine.packs.finder import shipped_path

    found = (shipped_path().schemas[0] / "canonical").glob("*.schema.json")
    return _offered((path.name.removesuffix(".schema.json") for path in found), incomplete)


def _offered(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in sorted(names) if name.startswith(incomplete)]
