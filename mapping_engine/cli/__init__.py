"""
The command line: a group that finds its verbs by looking at the files beside it.

A module of this folder that defines `command` is a verb of the module's name; the first
line of its docstring is what `--help` says about it. It is imported only when it is used,
so that `mapping-engine --help` costs no more than Click.

A verb returns its exit code: 0, 1, or 2 for "cannot run". Whatever else escapes from it
becomes one message here; nobody ever sees a traceback.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click
from click.shell_completion import CompletionItem

from mapping_engine import __version__
from mapping_engine.source.pack_error import PackError

__all__ = ["VERBS", "main", "verbs"]

CANNOT_RUN = 2
INTERRUPTED = 130
READER_GONE = 141  # 128 + SIGPIPE, as the shell would say it
PROGRAM = "mapping-engine"
_OBJECTS_BETWEEN_COLLECTIONS = 500_000


@cache
def verbs() -> dict[str, str]:
    """Return the verbs with their one-line descriptions, without importing them."""
    return dict(sorted(_described(Path(__file__).parent)))


def _described(folder: Path) -> Iterator[tuple[str, str]]:
    for path in folder.glob("[a-z]*.py"):
        text = path.read_text(encoding="utf-8")
        if "\ndef command(" in text:
            yield path.stem, text.split('"""')[1].strip().splitlines()[0].rstrip(".")


class Verbs(click.Group):
    """A group whose commands are the modules of this folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the verbs."""
        return list(verbs())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb that was asked for."""
        if cmd_name not in verbs():
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or say which one may have been meant."""
        if args and args[0] not in verbs() and not args[0].startswith("-"):
            from mapping_engine.source.suggest import did_you_mean

            hint = did_you_mean(args[0], verbs()) or f"the verbs are {', '.join(verbs())}"
            ctx.fail(f"there is no verb `{args[0]}`; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(verbs().items()))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Close with a way to begin."""
        with formatter.section("Examples"):
            formatter.write_text(f"{PROGRAM} validate rules/soluno")
            formatter.write_text(f"{PROGRAM} run --help")

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the verbs, again without importing them."""
        found = [
            CompletionItem(name, help=words)
            for name, words in verbs().items()
            if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def invoke(self, ctx: click.Context) -> int:
        """Run the verb; a reader that went away (`| head`) ends the work quietly."""
        try:
            status = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _silence(sys.stdout.fileno())
            return READER_GONE
        return status if isinstance(status, int) else 0

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: object
    ) -> NoReturn:
        """Run the command line and exit with its code."""
        sys.exit(_guarded(self, args))


def _guarded(group: Verbs, arguments: Sequence[str] | None) -> int:
    try:
        status = click.Group.main(group, arguments, PROGRAM, standalone_mode=False)
    except click.Abort:
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return CANNOT_RUN
    except PackError as error:
        from mapping_engine.cli.messages import show

        show(error.report)
        return CANNOT_RUN
    except Exception as error:
        from mapping_engine.cli.messages import show
        from mapping_engine.cli.problems import worded

        show([worded(error)])
        return CANNOT_RUN
    return status if isinstance(status, int) else 0


def _silence(descriptor: int) -> None:
    """Point a closed output at nothing, so that Python's last flush has nothing to complain of."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, descriptor)
    os.close(nothing)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
def VERBS() -> None:
    """Field-mapping rules for legal practice management and accounting.

    Rule packs say which field goes where; this checks them, runs records through them
    and explains every value. Data goes to stdout, messages to stderr.
    """


def main() -> NoReturn:
    """Run the command line; the entry point of the installed program."""
    # Nearly all that is made of a pack stays. Looking for circles among it at Python's pace
    # costs a fifth of the time of `validate`.
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    sys.unraisablehook = _unless_interrupted
    try:
        _run_to_the_end()
    except KeyboardInterrupt:  # one more, while the first was told
        sys.exit(INTERRUPTED)


def _unless_interrupted(told: sys.UnraisableHookArgs) -> None:
    """Tell what nobody can catch, but for one more Ctrl-C while the first clears away."""
    if told.exc_type is not KeyboardInterrupt:
        sys.__unraisablehook__(told)


def _run_to_the_end() -> NoReturn:
    try:
        VERBS.main()
    finally:  # what is left ends with the process: nothing to interrupt, no circles to look for
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        gc.freeze()
