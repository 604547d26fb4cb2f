"""A small pack that is right, and what a person reads when it is not."""

from __future__ import annotations

from collections.abc import Mapping

from mapping_engine.packs.loader import load_texts
from mapping_engine.packs.model import Pack
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.render import render_text
from mapping_engine.source.text import SourceText

PACK = """\
pack: demo
title: Demo
version: 1.0.0
switches:
  sales_invoices: {default: on}
"""
TIME_ENTRY = """\
record: time_entry
object: TimeEntry
fields:
  ExternalId: id
"""


def loaded(files: Mapping[str, str], report: Report | None = None) -> Pack:
    """Return the pack made of these files, over a small one that is right."""
    report = Report() if report is None else report
    texts = {"pack.yaml": PACK, "time_entry.yaml": TIME_ENTRY, **files}
    sources = {name: SourceText(f"demo/{name}", text) for name, text in texts.items()}
    return load_texts("demo", sources, report)


def messages(files: Mapping[str, str]) -> str:
    """Return what a person reads about the files."""
    report = Report()
    loaded(files, report)
    return render_text(report)
