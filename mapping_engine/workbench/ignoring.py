"""
Leave out advice that a comment says to ignore: `# ignore M812: why`.

The comment stands at the end of the line that the advice points at, or alone on the line
before. It needs a reason, and it must ignore something: what is left over is reported.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator

from msgspec import Struct

from mapping_engine.source.diagnostic import Diagnostic, Report, Severity
from mapping_engine.source.text import SourceText, Span
from mapping_engine.workbench.problems_of_advice import ignore_unused, ignore_without_reason

__all__ = ["without_ignored"]

_COMMENT = re.compile(
    r"(?<![^ \t\r\n])#[ \t]*ignore[ \t]+(?P<code>M\d{3})\b[ \t]*:?[ \t]*(?P<why>[^\r\n]*)"
)


class _Ignore(Struct, frozen=True):
    """One comment: which code, on which line, and where it stands."""

    code: str
    line: int
    why: str
    span: Span

    def meets(self, each: Diagnostic) -> bool:
        """Whether the comment speaks of this advice."""
        span = each.span
        return (
            span is not None
            and each.code.severity is Severity.WARNING
            and each.code.number == self.code
            and (span.source.name, span.place.line) == (self.span.source.name, self.line)
        )


def without_ignored(
    report: Report, sources: Iterable[SourceText], settled: Container[str]
) -> Report:
    """Return the report without the advice that comments in `sources` ignore.

    `settled` are the names of those about which all advice has been asked for: only there can
    an ignore be called unused.
    """
    ignores = [each for source in sources for each in _ignores(source)]
    kept = Report(each for each in report if not any(one.meets(each) for one in ignores))
    for one in ignores:
        if not any(one.meets(each) for each in report):
            if one.span.source.name in settled:
                kept.add(ignore_unused(one.span, one.code))
        elif not one.why.strip():
            kept.add(ignore_without_reason(one.span, one.code))
    return kept


def _ignores(source: SourceText) -> Iterator[_Ignore]:
    for found in _COMMENT.finditer(source.text):
        place = source.place(found.start())
        is_alone = not source.line(place.line)[: place.column - 1].strip()
        line = _next_line(source, place.line) if is_alone else place.line
        span = Span(source, *found.span())
        yield _Ignore(found.group("code"), line, found.group("why"), span)


def _next_line(source: SourceText, line: int) -> int:
    """Return the first line after this one that is no comment."""
    last = source.place(len(source.text)).line
    line += 1
    while line < last and source.line(line).lstrip().startswith("#"):
        line += 1
    return line
