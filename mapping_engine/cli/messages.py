"""Show diagnostics to the person at the terminal: always on stderr, data alone is on stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

import click

from mapping_engine.source.diagnostic import Diagnostic, Report

__all__ = ["show"]


def show(report: Report | Iterable[Diagnostic]) -> None:
    """Print every diagnostic as text, in colours on a terminal that wants them."""
    from mapping_engine.source.render import render_text

    found = report if isinstance(report, Report) else Report(report)
    if len(found):
        colour = sys.stderr.isatty() and "NO_COLOR" not in os.environ
        click.echo(render_text(found, colour=colour), err=True, color=True)
