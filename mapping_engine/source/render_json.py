"""
Print diagnostics as JSON: one object each, with its place in lines and columns from 1.

A place that a format cannot hold (half a surrogate pair) is replaced, never refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.source.text import Span

__all__ = ["encodable", "render_json"]


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the diagnostics as a JSON list of objects."""
    found = [_as_json(each) for each in diagnostics]
    return json.dumps(found, ensure_ascii=False, indent=2)


def _as_json(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "code": diagnostic.code.number,
        "name": diagnostic.code.name,
        "severity": str(diagnostic.code.severity),
        "message": encodable(diagnostic.message),
        "label": encodable(diagnostic.label),
        "hint": encodable(diagnostic.hint),
        **_place(diagnostic.span),
        "labels": [
            {"text": encodable(each.text), **_place(each.span)} for each in diagnostic.labels
        ],
        "notes": [
            {"word": encodable(word), "text": encodable(text)} for word, text in diagnostic.notes
        ],
    }


def _place(span: Span | None) -> dict[str, object]:
    if span is None:
        return dict.fromkeys(("file", "line", "column", "end_line", "end_column"))
    span = span.inside()
    start, end = span.place, span.end_place
    return {
        "file": encodable(span.source.name),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }


def encodable(text: str | None) -> str | None:
    """Return the text without lone surrogates, which no file can hold."""
    return None if text is None else text.encode("utf-8", "replace").decode("utf-8")
