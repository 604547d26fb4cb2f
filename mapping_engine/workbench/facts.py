"""
Put the facts of a trace into lines: the rule, what it read, the row, what was chosen.

A line may have lines of its own: a helper those of its rule, a value read in the canonical
record those of the rule of the pack before, which made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from mapping_engine.packs.model import Origin, Pack
from mapping_engine.runtime.trace import Facts, Given, HelperUse, Read, RowHit, Step
from mapping_engine.source.text import Span
from mapping_engine.values.value import MISSING, Value

__all__ = ["HIDDEN", "Line", "Teller", "phrase"]

#: What stands for a private value where values are hidden.
HIDDEN = "(private)"


class Line(Struct, frozen=True):
    """One statement: a word (`rule`, `read`, …), what it says, where that stands.

    `has_value` tells a line about a value, which may be absent, from one without.
    """

    word: str
    text: str
    at: Span | None = None
    value: Value = MISSING
    has_value: bool = False
    lines: tuple[Line, ...] = ()


def phrase(span: Span) -> str:
    """Return what stands at a place as one line."""
    return " ".join(span.text.split())


class Teller(Struct, frozen=True):
    """Tells what one pack did; `before` tells of the pack whose record it read."""

    pack: Pack
    steps: Sequence[Step]
    before: Teller | None
    redact: bool

    def rule(self, step: Step) -> Iterator[Line]:
        """Yield the rule of a step: whose it is, what it replaced, and why it is as it is."""
        yield Line("rule", phrase(step.rule), step.rule)
        origin = step.origin
        if origin is not None and origin.layer == "firm":
            yield from _firms(origin)
        elif step.written is not None and step.written.because is not None:
            yield Line("because", " ".join(step.written.because.node.text.split()))

    def facts(self, facts: Facts) -> Iterator[Line]:
        """Yield what a rule looked at."""
        for span in facts.chosen:
            if not any(_holds(span, other) for other in facts.chosen):
                yield Line("chose", phrase(span), span)
        for row in facts.rows:
            yield from self._row(row)
        for read in facts.reads.values():
            yield self._read(read)
        for given in facts.given.values():
            yield self._given(given)
        for helper in facts.helpers.values():
            yield self._helper(helper)

    def _shown(self, value: Value, private: bool) -> Value:
        return HIDDEN if private and self.redact and value is not MISSING else value

    def _read(self, read: Read) -> Line:
        value = self._shown(read.value, read.private)
        lines = tuple(self.before.made(read.place)) if self.before else ()
        return Line("read", read.place, None, value, True, lines)

    def made(self, place: str) -> Iterator[Line]:
        """Yield how this pack came to the value at a place of the record it made."""
        found = [each for each in self.steps if each.kind != "decision" and _covers(each, place)]
        if not found:
            yield Line("rule", f"`{self.pack.name}` has no rule for it")
            return
        step = max(found, key=lambda each: len(each.name))
        yield from self.rule(step)
        yield from self.facts(step.facts)
        if step.unmet is not None:
            yield Line("left out", f"`{phrase(step.unmet)}` does not hold")

    def _helper(self, helper: HelperUse) -> Line:
        value = self._shown(helper.value, helper.private)
        plain = not (isinstance(value, dict | list) or helper.is_refused)
        name = f"{helper.name}, which is refused" if helper.is_refused else helper.name
        lines = (Line("rule", phrase(helper.rule), helper.rule), *self.facts(helper.facts))
        return Line("helper", name, None, value if plain else MISSING, plain, lines)

    def _row(self, hit: RowHit) -> Iterator[Line]:
        if hit.row is None:
            yield Line("row", f"{hit.table}: no row fits")
            return
        origin = hit.row.origin
        whose = " (the firm's row)" if hit.is_firms else ""
        hidden = self.redact and hit.private and hit.is_firms
        text = HIDDEN if hidden else _cells(hit)
        yield Line("row", f"{hit.table}{whose}: {text}", origin.span)
        if origin.replaced is not None:
            yield from _firms(origin)

    def _given(self, given: Given) -> Line:
        word, _, name = given.name.partition(".")
        value = self._shown(given.value, given.private)
        if word == "settings":
            said = self.pack.given_settings.get(name)
            default = self.pack.settings[name].default
            if said is None:
                at = default.span if default else None
                return Line("setting", f"{name} (the pack's)", at, value, True)
            return Line("setting", f"{name} (the firm's)", said.value.span, value, True)
        if word == "firm" and self.pack.firm is not None:
            fact = self.pack.firm.values.get(name)
            return Line("given", given.name, fact.span if fact else None, value, True)
        return Line("given", given.name, None, value, True)


def _firms(origin: Origin) -> Iterator[Line]:
    """Yield that the firm wrote something, why, and what it stands in place of."""
    because = f", because {origin.because}" if origin.because else ""
    yield Line("layer", f"the firm's own{because}", origin.span)
    if origin.replaced is not None:
        yield Line("instead", _whole(origin.replaced), origin.replaced)


def _whole(span: Span) -> str:
    """Return what was replaced: a key together with what stands behind it."""
    text = span.source.text
    is_key = text[span.end : span.end + 1] == ":"
    return " ".join(span.source.line(span.place.line).split()) if is_key else phrase(span)


def _cells(hit: RowHit) -> str:
    """Return a row as its inputs and what they lead to."""
    assert hit.row is not None
    asked: list[str] = []
    answer: list[str] = []
    for name, cell in hit.row.cells.items():
        text = phrase(cell.span) or "empty"
        (asked if name in hit.inputs else answer).append(f"{name} {text}")
    if hit.row.reject is not None:
        answer.append(f"reject as {hit.row.reject.value}")
    left = ", ".join(asked) or "the rest"
    return f"{left} → {', '.join(answer)}" if answer else left


def _covers(step: Step, place: str) -> bool:
    return place == step.name or place.startswith((f"{step.name}.", f"{step.name}["))


def _holds(outer: Span, inner: Span) -> bool:
    """Whether a choice only led to another choice inside it, which says more."""
    return outer != inner and (
        outer.source is inner.source and outer.start <= inner.start and inner.end <= outer.end
    )
