"""
Print the script that completes verbs, options, packs and kinds in a shell.

The script is Click's own; it asks `mapping-engine` itself for what fits.
"""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from mapping_engine.cli.verb import Verb

__all__ = ["command"]


@click.command(
    cls=Verb,
    examples=(
        "bash >> ~/.bashrc",
        "zsh >> ~/.zshrc",
        "fish > ~/.config/fish/completions/mapping-engine.fish",
    ),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> int:
    """Print the completion script for SHELL; put it where your shell reads it at its start."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"there is no completion for {shell}")
    group = context.find_root().command
    click.echo(kind(group, {}, "mapping-engine", "_MAPPING_ENGINE_COMPLETE").source())
    return 0
