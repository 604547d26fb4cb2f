"""
Print diagnostics as commands of a GitHub workflow, which shows them beside the changed lines.

One line each; what would end a property or a line early is written as `%` and two digits.
"""

from __future__ import annotations

from collections.abc import Iterable

from mapping_engine.source.diagnostic import Diagnostic, Severity
from mapping_engine.source.excerpt import visible
from mapping_engine.source.text import Span

__all__ = ["render_github"]


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the diagnostics as `::error` and `::warning` lines."""
    return "\n".join(map(_command, diagnostics))


def _command(diagnostic: Diagnostic) -> str:
    code = diagnostic.code
    level = "warning" if code.severity is Severity.WARNING else "error"
    properties = _place(diagnostic.span) | {"title": f"{code.number} {code.name}"}
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    said = [diagnostic.message, *(f"{word}: {words}" for word, words in diagnostic.notes)]
    if diagnostic.hint:
        said.append(f"hint: {diagnostic.hint}")
    return f"::{level} {written}::{_data(chr(10).join(map(visible, said)))}"


def _place(span: Span | None) -> dict[str, str]:
    if span is None:
        return {}
    span = span.inside()
    start, end = span.place, span.end_place
    return {
        "file": visible(span.source.name),
        "line": str(start.line),
        "col": str(start.column),
        "endLine": str(end.line),
        "endColumn": str(end.column),
    }


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
