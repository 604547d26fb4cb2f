"""Show diagnostics to the person at the terminal: always on stderr, data alone is on stdout."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from mapping_engine.source.diagnostic import Diagnostic, Report

__all__ = ["show"]


def show(report: Report | Iterable[Diagnostic]) -> None:
    """Print every diagnostic as text."""
    from mapping_engine.source.render import render_text

    text = render_text(report if isinstance(report, Report) else Report(report))
    if text:
        click.echo(text.rstrip("\n"), err=True, color=sys.stderr.isatty())
