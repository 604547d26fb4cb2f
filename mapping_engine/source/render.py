"""
The formats in which diagnostics are printed, by name.

A renderer takes diagnostics and gives one text; each stands in a module of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.source.render_github import render_github
from mapping_engine.source.render_json import render_json
from mapping_engine.source.render_junit import render_junit
from mapping_engine.source.render_sarif import render_sarif
from mapping_engine.source.render_text import render_text, summary

__all__ = ["RENDERERS", "render_github", "render_json", "render_junit", "render_sarif",
           "render_text", "summary"]  # fmt: skip

#: Every format by name. A new one is a module beside this one and a line here.
RENDERERS: dict[str, Callable[[Iterable[Diagnostic]], str]] = {
    "text": render_text,
    "json": render_json,
    "sarif": render_sarif,
    "github": render_github,
    "junit": render_junit,
}
