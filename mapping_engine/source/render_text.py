"""
Print diagnostics for people: one block each, with the line and the place underlined.

Columns are those of a terminal: tabs are opened, wide letters count two, accents none,
and what could steer a terminal is shown as `�`.
"""

from __future__ import annotations

from collections.abc import Iterable

from mapping_engine.source.diagnostic import Diagnostic, Report, Severity
from mapping_engine.source.excerpt import Line, Mark, excerpt, visible

__all__ = ["render_text", "summary"]

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.REJECTED: "31"}


def render_text(diagnostics: Iterable[Diagnostic], *, colour: bool = False) -> str:
    """Return the diagnostics as people read them, one block each, with colours when asked."""
    return "\n\n".join(_block(each, colour=colour) for each in diagnostics)


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
