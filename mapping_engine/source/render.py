"""
Print diagnostics: as text with the line and the place underlined, or as JSON.

A renderer takes diagnostics and gives one text; the table at the end names them all.
Columns are those of a terminal: tabs are opened, wide letters count two, accents none,
and what could steer a terminal is shown as `�`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from mapping_engine.source.diagnostic import Diagnostic, Report, Severity
from mapping_engine.source.excerpt import Line, Mark, excerpt, visible
from mapping_engine.source.text import Span

__all__ = ["RENDERERS", "render_json", "render_text", "summary"]

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.REJECTED: "31"}


def render_text(diagnostics: Iterable[Diagnostic], *, colour: bool = False) -> str:
    """Return the diagnostics as people read them, one block each, with colours when asked."""
    return "\n\n".join(_block(each, colour=colour) for each in diagnostics)


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the diagnostics as a JSON list of objects."""
    found = [_as_json(each) for each in diagnostics]
    return json.dumps(found, ensure_ascii=False, indent=2)


def summary(report: Report) -> str:
    """Return how many errors, rejections and warnings there are, in one line."""
    counts = dict.fromkeys(Severity, 0)
    for each in report:
        counts[each.code.severity] += 1
    parts = [
        _count(counts[Severity.ERROR], "error"),
        f"{counts[Severity.REJECTED]} rejected" if counts[Severity.REJECTED] else "",
        _count(counts[Severity.WARNING], "warning"),
    ]
    return ", ".join(filter(None, parts)) or "no errors"


def _count(number: int, word: str) -> str:
    if not number:
        return ""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _block(diagnostic: Diagnostic, *, colour: bool) -> str:
    severity = diagnostic.code.severity
    title = _painted(f"{severity}[{diagnostic.code.number}]", "1;" + _COLOURS[severity], colour)
    lines = [f"{title}: {_painted(visible(diagnostic.message), '1', colour)}"]
    gutter = 2
    if diagnostic.span:
        marks = [Mark(diagnostic.span, diagnostic.label or "", is_main=True)]
        marks += [Mark(each.span, each.text, is_main=False) for each in diagnostic.labels]
        shown, gutter = excerpt(marks)
        lines += [_line(each, _COLOURS[severity], colour=colour) for each in shown]
    notes = list(diagnostic.notes)
    if diagnostic.hint:
        notes.append(("hint", diagnostic.hint))
    lines += [f"{' ' * gutter} = {visible(word)}: {visible(sentence)}" for word, sentence in notes]
    return "\n".join(lines)


def _line(line: Line, main_colour: str, *, colour: bool) -> str:
    return _painted(line.text, main_colour if line.is_main else "36", colour and line.is_mark)


def _painted(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


def _as_json(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "code": diagnostic.code.number,
        "name": diagnostic.code.name,
        "severity": str(diagnostic.code.severity),
        "message": _encodable(diagnostic.message),
        "label": _encodable(diagnostic.label),
        "hint": _encodable(diagnostic.hint),
        **_place(diagnostic.span),
        "labels": [
            {"text": _encodable(each.text), **_place(each.span)} for each in diagnostic.labels
        ],
        "notes": [
            {"word": _encodable(word), "text": _encodable(text)} for word, text in diagnostic.notes
        ],
    }


def _place(span: Span | None) -> dict[str, object]:
    if span is None:
        return dict.fromkeys(("file", "line", "column", "end_line", "end_column"))
    span = span.inside()
    start, end = span.place, span.end_place
    return {
        "file": _encodable(span.source.name),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }


def _encodable(text: str | None) -> str | None:
    """Return the text without lone surrogates, which no file can hold."""
    return None if text is None else text.encode("utf-8", "replace").decode("utf-8")


#: Every format by name. A new one is a function above and a line here.
RENDERERS: dict[str, Callable[[Iterable[Diagnostic]], str]] = {
    "text": render_text,
    "json": render_json,
}
