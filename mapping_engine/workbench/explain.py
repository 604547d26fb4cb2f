"""
Tell the story of one record as readable steps: why each value came out as it did.

Input is one trace, or two for `--from`: the way from the payload to the canonical record,
and from there to the target. A value that was read in the canonical record is followed into
the first pack, so that the last one leads back to what the vendor sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from mapping_engine.runtime.outcome import Mapped, Outcome, Reason, Rejected, Skipped
from mapping_engine.runtime.program import Program
from mapping_engine.runtime.trace import Step, Trace
from mapping_engine.source.text import Span
from mapping_engine.values.value import MISSING, Value, is_empty
from mapping_engine.workbench.facts import HIDDEN, Line, Teller, phrase

__all__ = ["Explanation", "Line", "Stage", "Told", "explain", "untraced"]


class Told(Struct, frozen=True):
    """A field of a payload, or a decision, with everything there is to say about it."""

    name: str
    value: Value
    lines: tuple[Line, ...]


class Stage(Struct, frozen=True):
    """One pack's part in it: what it did to a record of which kind."""

    program: Program
    kind: str
    trace: Trace

    @property
    def pack(self) -> str:
        """The pack's name."""
        return self.program.pack.name


class Explanation(Struct, frozen=True):
    """The whole story: the outcome in one line, what decided, and every field."""

    outcome: Outcome
    headline: str
    decided: tuple[Told, ...]
    fields: tuple[Told, ...] = ()
    left_out: tuple[Told, ...] = ()
    reasons: tuple[Reason, ...] = ()


def explain(
    stages: Sequence[Stage], *, only: str | None = None, redact: bool = False
) -> Explanation:
    """Return the story of one record; `only` keeps one field, `redact` hides private values."""
    last = stages[-1]
    outcome = last.trace.outcome
    story = _Story(stages, redact)
    decided = tuple(story.decision(at, each) for at, each in _deciding(stages))
    headline = _headline(last, outcome, redact)
    match outcome:
        case Mapped():
            told = [each for each in last.trace.steps
                    if each.kind != "decision" and _is_wanted(each.name, only)]  # fmt: skip
            fields = tuple(story.field(each) for each in told if each.value is not MISSING)
            left_out = tuple(story.field(each) for each in told if each.value is MISSING)
            return Explanation(outcome, headline, decided, fields, left_out)
        case Rejected(reasons=reasons):
            return Explanation(outcome, headline, decided, reasons=reasons)
        case Skipped():
            return Explanation(outcome, headline, decided or (_skipped_at_once(outcome),))


def untraced(pack: str, outcome: Outcome) -> Explanation:
    """Return the story of a record that no rule has seen: unreadable, or of a kind not taken."""
    match outcome:
        case Skipped(reason=reason, because=because):
            headline = f"skipped by `{pack}` as `{reason}`" + (f": {because}" if because else "")
            return Explanation(outcome, headline, (_skipped_at_once(outcome),))
        case Rejected(reasons=reasons):
            named = ", ".join(dict.fromkeys(f"`{each.reason}`" for each in reasons))
            return Explanation(outcome, f"rejected as {named}", (), reasons=reasons)
        case Mapped():
            return Explanation(outcome, f"mapped by `{pack}`", ())


def _is_wanted(name: str, only: str | None) -> bool:
    return (
        only is None
        or name in (only, f"{only}, one part")
        or name.endswith(f".{only}")
        or name.startswith((f"{only}.", f"{only}[", f"{only}, part"))
    )


def _headline(stage: Stage, outcome: Outcome, redact: bool) -> str:
    match outcome:
        case Mapped(payloads=payloads):
            made = ", ".join(f"{each.object} ({each.operation})" for each in payloads)
            return f"mapped by `{stage.pack}`: {stage.kind} becomes {made}"
        case Skipped(reason=reason):
            return f"skipped by `{stage.pack}` as `{reason}`: {_sentence(stage, outcome, redact)}"
        case Rejected(reasons=reasons):
            named = ", ".join(dict.fromkeys(f"`{each.reason}`" for each in reasons))
            return f"rejected by `{stage.pack}` as {named}"


def _sentence(stage: Stage, outcome: Skipped, redact: bool) -> str:
    """Return why a record is skipped; what is public of it when values are hidden."""
    known = stage.program.reason(outcome.reason)
    if redact and outcome.diagnostic is not None:
        return outcome.diagnostic.message.removeprefix(f"skipped as `{outcome.reason}`: ")
    return outcome.because or (known.because if known else "the pack says so")


def _skipped_at_once(outcome: Skipped) -> Told:
    """Return the decision over a kind of record that is not taken, or that is switched off."""
    told = outcome.diagnostic
    lines = []
    if told is not None:
        lines.append(Line("rule", phrase(told.span) if told.span else told.message, told.span))
        if told.hint:
            lines.append(Line("change", told.hint))
    return Told(outcome.reason, MISSING, tuple(lines))


def _deciding(stages: Sequence[Stage]) -> Iterator[tuple[int, Step]]:
    """Yield the decisions that held and the refusals that count; of earlier packs the warnings."""
    for at, stage in enumerate(stages):
        steps = stage.trace.steps
        held = [each for each in steps if each.held]
        match stage.trace.outcome:
            case Rejected(reasons=reasons):
                named = {each.reason for each in reasons}
                held = [each for each in held if each.name in named]
                yield from ((at, each) for each in held or _refused(steps))
            case _:
                yield from ((at, each) for each in held)


def _refused(steps: Sequence[Step]) -> list[Step]:
    """Return one step for each refusal that is not simply left out."""
    first: dict[int, Step] = {}
    for each in steps:
        omits = each.written is not None and each.written.on_error == "omit"
        if each.refused is not None and not omits:
            first.setdefault(id(each.refused), each)
    return list(first.values())


class _Story(Struct, frozen=True):
    stages: Sequence[Stage]
    redact: bool

    def field(self, step: Step) -> Told:
        """Return what there is to say about one field."""
        teller = self._teller(len(self.stages) - 1)
        value, name = step.value, step.name
        if step.kind == "list":
            value, name = MISSING, f"{name}, {_counted(value)}"
        elif value is not MISSING and step.private and self.redact:
            value = HIDDEN
        lines = [*teller.rule(step), *teller.facts(step.facts)]
        if step.value is MISSING:
            lines.append(Line("left out", _why_not(step)))
        return Told(name, value, tuple(lines))

    def decision(self, at: int, step: Step) -> Told:
        """Return which condition decided, what it read, and what would change it."""
        teller, stage = self._teller(at), self.stages[at]
        lines = [*teller.rule(step), *teller.facts(step.facts)]
        if step.refused is not None:
            # The diagnostic, which stands above, says what is wrong.
            return Told(step.name, MISSING, tuple(lines))
        known = stage.program.reason(step.name)
        if known is not None and known.do and not isinstance(stage.trace.outcome, Rejected):
            lines.append(Line("do", known.do))
        lines.append(Line("change", f"`{phrase(step.rule)}` must no longer hold"))
        return Told(step.name, MISSING, tuple(lines))

    def _teller(self, at: int) -> Teller:
        before = self._teller(at - 1) if at else None
        stage = self.stages[at]
        return Teller(stage.program.pack, stage.trace.steps, before, self.redact)


def _counted(value: Value) -> str:
    if not isinstance(value, list):
        return "an object"
    return "1 item" if len(value) == 1 else f"{len(value)} items"


def _why_not(step: Step) -> str:
    """Return why a field is not there."""
    if step.refused is not None:
        return f"{step.refused.diagnostic().message}, and the rule says `on_error: omit`"
    if step.unmet is not None:
        return f"`{phrase(step.unmet)}` does not hold"
    rule = step.written
    if rule is not None and rule.only_on is not None and not step.facts:
        return f"the rule is for `only_on: {rule.only_on}`"
    if rule is not None and rule.on_error == "omit" and step.facts:
        empty = _first_empty(step.rule, step)
        return f"{empty} is empty" if empty else "what it gives does not fit the field"
    empty = _first_empty(step.rule, step)
    return f"{empty} is empty" if empty else "what it gives is empty"


def _first_empty(rule: Span, step: Step) -> str | None:
    facts = step.facts
    places = [each.place for each in facts.reads.values() if is_empty(each.value)]
    names = [each.name for each in facts.helpers.values() if is_empty(each.value)]
    found = [*places, *names]
    return f"`{found[0]}`" if found else None
