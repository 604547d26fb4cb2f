"""
Say what is wrong, where, and what to do about it.

A `Diagnostic` is one mistake in words for a consultant. A `Report` collects all
of them; it is the one mutable thing that the passes hand to each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.source.pack_error import PackError
from mapping_engine.source.text import Span

__all__ = ["Code", "Diagnostic", "Label", "Report", "Severity"]


class Severity(StrEnum):
    """How bad a diagnostic is. It belongs to the code; nobody lowers an error."""

    ERROR = "error"
    WARNING = "warning"
    REJECTED = "rejected"


class Code(Struct, frozen=True):
    """The stable number of one kind of mistake.

    `reason` is the word under which a refused record is counted (M7xx only).
    """

    number: str
    name: str
    severity: Severity
    explanation: str
    reason: str | None = None


class Label(Struct, frozen=True):
    """A second place that helps to understand the first, with a few words."""

    span: Span
    text: str


class Diagnostic(Struct, frozen=True):
    """One mistake: a code, where it is, what is wrong, and at most one hint.

    `notes` are pairs of a word and a sentence, printed as `= word: sentence`.
    """

    code: Code
    span: Span | None
    message: str
    label: str | None = None
    hint: str | None = None
    labels: tuple[Label, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    def at(self, span: Span) -> Diagnostic:
        """Return the same diagnostic placed at `span`."""
        return replace(self, span=span)

    def with_label(self, span: Span, text: str) -> Diagnostic:
        """Return the same diagnostic with one more labelled place."""
        return replace(self, labels=(*self.labels, Label(span, text)))

    def with_note(self, word: str, sentence: str) -> Diagnostic:
        """Return the same diagnostic with one more note."""
        return replace(self, notes=(*self.notes, (word, sentence)))


class Report:
    """All diagnostics of one piece of work, each only once."""

    def __init__(self, diagnostics: Iterable[Diagnostic] = ()) -> None:
        self._diagnostics: dict[Diagnostic, None] = dict.fromkeys(diagnostics)

    def add(self, diagnostic: Diagnostic) -> None:
        """Take in one diagnostic."""
        self._diagnostics[diagnostic] = None

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Take in several diagnostics, or another report."""
        for diagnostic in diagnostics:
            self.add(diagnostic)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.sorted())

    def __len__(self) -> int:
        return len(self._diagnostics)

    @property
    def errors(self) -> list[Diagnostic]:
        """The diagnostics that are not warnings."""
        return [each for each in self.sorted() if each.code.severity is not Severity.WARNING]

    @property
    def warnings(self) -> list[Diagnostic]:
        """The advice."""
        return [each for each in self.sorted() if each.code.severity is Severity.WARNING]

    @property
    def has_errors(self) -> bool:
        """Whether anything stands in the way."""
        found = self._diagnostics
        return bool(found) and any(each.code.severity is not Severity.WARNING for each in found)

    def denying(self, codes: Iterable[str]) -> Report:
        """Return the report in which the advice of these codes or families (M8) is an error."""
        prefixes = tuple(codes)

        def raised(each: Diagnostic) -> Diagnostic:
            code = each.code
            if code.severity is not Severity.WARNING or not code.number.startswith(prefixes):
                return each
            return replace(each, code=replace(code, severity=Severity.ERROR))

        return Report(map(raised, self._diagnostics))

    def without_echoes(self) -> Report:
        """Return the report without what later steps say about a place that is wrong already.

        At the same place the first error counts; other errors of its own family stay.
        """
        families: dict[Span, str] = {}
        for each in self._diagnostics:
            if each.span is not None and each.code.severity is not Severity.WARNING:
                families.setdefault(each.span, each.code.number[:2])

        def is_first(each: Diagnostic) -> bool:
            family = each.code.number[:2]
            return each.span is None or families.get(each.span, family) == family

        return Report(filter(is_first, self._diagnostics))

    def sorted(self) -> list[Diagnostic]:
        """Return the diagnostics by file, place and code; those without a place first."""
        return sorted(self._diagnostics, key=_order) if self._diagnostics else []

    def raise_if_errors(self) -> None:
        """Raise `PackError` when there is an error. Called at the public door only."""
        if self.has_errors:
            raise PackError(self)


def _order(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
    span = diagnostic.span
    name, start, end = (span.source.name, span.start, span.end) if span else ("", 0, 0)
    return name, start, end, diagnostic.code.number, diagnostic.message
