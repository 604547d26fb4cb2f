"""
Tell the story of one record as readable steps: why each value came out as it did.

Input is one trace, or two for `--from`: the way from the payload to the canonical record,
and from there to the target. A field that read the canonical record is followed into the
first pack, so that the last value leads back to what the vendor sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mapping_engine.packs.model import Origin
from mapping_engine.runtime.outcome import Mapped, Outcome, Rejected, Skipped, Warned
from mapping_engine.runtime.trace import Read, RowHit, Step, Trace
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.source.text import Span
from mapping_engine.values.json import encode
from mapping_engine.values.value import MISSING, Value, is_empty

__all__ = ["Explanation", "Line", "Stage", "Told", "explain"]

_HIDDEN = "(private)"


@dataclass(frozen=True, slots=True)
class Line:
    """One statement about a field or a decision: a word (`rule`, `read`, …) and what it says."""

    word: str
    text: str
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A field of a payload, or a decision, with everything there is to say about it."""

    name: str
    value: str | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """One pack's part in it."""

    pack: str
    firm: str | None
    record: str
    trace: Trace


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole story: the outcome in one line, its fields, and what decided."""

    headline: str
    fields: tuple[Told, ...]
    decided: tuple[Told, ...]
    left_out: tuple[Told, ...] = ()
    reasons: tuple[Diagnostic, ...] = ()
    is_mapped: bool = False
    warnings: tuple[str, ...] = field(default=())


def explain(
    stages: Sequence[Stage], *, only: str | None = None, redact: bool = False
) -> Explanation:
    """Return the story of one record; `only` keeps one field, `redact` hides private values."""
    last = stages[-1]
    outcome = last.trace.outcome
    teller = _Teller(stages, redact)
    steps = [each for each in last.trace.steps if each.kind == "field" and _is_wanted(each, only)]
    told = isinstance(outcome, Mapped)
    return Explanation(
        headline=_headline(last, outcome),
        fields=tuple(teller.field(each) for each in steps if each.value is not MISSING and told),
        decided=tuple(teller.decision(each) for each in _deciding(last.trace)),
        left_out=tuple(teller.field(each) for each in steps if each.value is MISSING and told),
        reasons=tuple(each.diagnostic for each in outcome.reasons)
        if isinstance(outcome, Rejected)
        else (),
        is_mapped=told,
        warnings=tuple(
            each.because or each.reason for stage in stages for each in _warnings(stage)
        ),
    )


def _warnings(stage: Stage) -> Sequence[Warned]:
    outcome = stage.trace.outcome
    return outcome.warnings if isinstance(outcome, Mapped) else ()


def _is_wanted(step: Step, only: str | None) -> bool:
    return only is None or step.name == only or step.name.endswith(f".{only}")


def _headline(stage: Stage, outcome: Outcome) -> str:
    match outcome:
        case Mapped(payloads=payloads):
            made = ", ".join(f"{each.object} ({each.operation})" for each in payloads)
            return f"mapped by `{stage.pack}`: {stage.record} becomes {made}"
        case Skipped(reason=reason, because=because):
            return f"skipped by `{stage.pack}` as `{reason}`" + (f": {because}" if because else "")
        case Rejected(reasons=reasons):
            named = ", ".join(dict.fromkeys(f"`{each.reason}`" for each in reasons))
            return f"rejected by `{stage.pack}` as {named}"


def _deciding(trace: Trace) -> Iterator[Step]:
    """Yield the decisions that held; for a mapped record only its warnings are among them."""
    return (each for each in trace.steps if each.kind == "decision" and each.held)


@dataclass(frozen=True, slots=True)
class _Teller:
    stages: Sequence[Stage]
    redact: bool

    def field(self, step: Step) -> Told:
        """Return what there is to say about one field."""
        lines = [Line("rule", _words(step.rule), str(step.rule))]
        lines.extend(self._layer(step.origin))
        lines.extend(self._chosen(step))
        lines.extend(self._rows(step.rows))
        for read in step.reads:
            lines.extend(self._read(read, len(self.stages) - 1))
        if step.value is MISSING:
            lines.extend(self._why_not(step))
        private = step.type is not None and step.type.private
        shown = None if step.value is MISSING else self._shown(step.value, private)
        return Told(step.name, shown, tuple(lines))

    def decision(self, step: Step) -> Told:
        """Return which condition decided, what it read, and what would change it."""
        lines = [Line("rule", _words(step.rule), str(step.rule))]
        lines.extend(self._layer(step.origin))
        lines.extend(self._rows(step.rows))
        for read in step.reads:
            lines.extend(self._read(read, len(self.stages) - 1))
        lines.append(Line("change", f"this no longer holds: {_words(step.rule)}"))
        return Told(step.name, None, tuple(lines))

    def _shown(self, value: Value, private: bool) -> str:
        if private and self.redact:
            return _HIDDEN
        return "absent" if value is MISSING else encode(value)

    def _layer(self, origin: Origin | None) -> Iterator[Line]:
        if origin is not None and origin.layer == "firm":
            because = f": {origin.because}" if origin.because else ""
            yield Line("layer", f"the firm's own rule{because}", str(origin.span))
            if origin.replaced is not None:
                yield Line("instead of", _words(origin.replaced), str(origin.replaced))

    def _chosen(self, step: Step) -> Iterator[Line]:
        spans = [each.span for each in step.chosen]
        for span in spans:
            if not any(_holds(span, other) for other in spans):
                yield Line("chose", _words(span), str(span))

    def _rows(self, rows: Sequence[RowHit]) -> Iterator[Line]:
        for each in rows:
            if each.row is None:
                yield Line("row", f"table `{each.table}` has no row for this")
            else:
                whose = " (the firm's)" if each.layer == "firm" else ""
                row = " ".join(each.row.text.split()) or "the rest"
                yield Line("row", f"table `{each.table}`{whose}: {row}", str(each.row))

    def _read(self, read: Read, stage: int) -> Iterator[Line]:
        yield Line("read", f"{read.place} = {self._shown(read.value, read.private)}")
        if stage:
            before = self.stages[stage - 1].trace
            for step in before.steps:
                if step.kind == "field" and step.name == read.place:
                    yield Line("from", _words(step.rule), str(step.rule))
                    yield from self._chosen(step)
                    yield from self._rows(step.rows)
                    for each in step.reads:
                        yield from self._read(each, stage - 1)

    def _why_not(self, step: Step) -> Iterator[Line]:
        if step.refused is not None:
            yield Line("left out", step.refused.diagnostic().message)
        elif any(is_empty(each.value) for each in step.reads):
            empty = next(each for each in step.reads if is_empty(each.value))
            yield Line("left out", f"`{empty.place}` is empty")
        else:
            yield Line("left out", "its `when` does not hold, or what it gives is empty")


def _holds(outer: Span, inner: Span) -> bool:
    """Whether a choice only led to another choice inside it, which says more."""
    return outer != inner and (
        outer.source is inner.source and outer.start <= inner.start and inner.end <= outer.end
    )


def _words(span: Span) -> str:
    return " ".join(span.text.split())
