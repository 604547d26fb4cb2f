"""
Ask whether the parts of a pack agree: reasons, switches, owners, kinds, names of helpers.

Each question is one small function that yields problems; all see the pack as loaded, so
the same questions can be asked again once a firm's layer is merged in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeAlias

from mapping_engine.packs import problems_of_agreement as disagreement
from mapping_engine.packs.model import (
    AnswerRule,
    FieldRule,
    ListBody,
    NestedBody,
    Pack,
    PayloadRule,
    RecordMapping,
)  # fmt: skip
from mapping_engine.packs.problems import helper_twice
from mapping_engine.packs.reasons import ENGINE_REASONS
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.text import Located, Span

__all__ = ["check_agreement", "known_reasons", "used_reasons"]

#: After so many answers to one question the rest is left for the next time.
_MOST_PROBLEMS = 200

Question: TypeAlias = Callable[[Pack], Iterator[Diagnostic]]
Names: TypeAlias = Mapping[str, Span]


def check_agreement(pack: Pack, report: Report) -> None:
    """Report everything on which the parts of a pack do not agree."""
    for question in _QUESTIONS:
        report.extend(islice(question(pack), _MOST_PROBLEMS))


def known_reasons(pack: Pack) -> list[str]:
    """Return the reasons that somebody has explained: the pack, then the engine."""
    return [*pack.reasons, *(each for each in ENGINE_REASONS if each not in pack.reasons)]


def _reasons(pack: Pack) -> Iterator[Diagnostic]:
    known = known_reasons(pack)
    for reason in used_reasons(pack):
        if reason.value and reason.value not in known:
            yield disagreement.unknown_reason(reason.span, reason.value, known)


def used_reasons(pack: Pack) -> Iterator[Located[str]]:
    """Yield every reason that a decision, a row, a link, a kind or an answer names."""
    for mapping in pack.mappings.values():
        back = mapping.back
        lists = [mapping.skip, mapping.reject, mapping.warn]
        lists += [back.skip, back.reject, back.warn] if back else []
        yield from (each.reason for decisions in lists for each in decisions)
    for table in pack.tables.values():
        rest = (table.otherwise,) if table.otherwise else ()
        yield from (row.reject for row in (*table.rows, *rest) if row.reject)
        if table.reason:
            yield table.reason
    yield from (link.reason for link in pack.links.values() if link.reason)
    yield from (each.reason for each in pack.unsupported.values())
    yield from (each.reason for each in pack.answers)


def _answers(pack: Pack) -> Iterator[Diagnostic]:
    """Yield answers that never decide, because an earlier one takes all that they fit."""
    for place, answer in enumerate(pack.answers):
        earlier = next((each for each in pack.answers[:place] if _takes(each, answer)), None)
        if earlier is not None:
            found = disagreement.answer_never_decides(answer.origin.span, answer.reason.value)
            yield found.with_label(earlier.origin.span, "decides first")


def _takes(earlier: AnswerRule, later: AnswerRule) -> bool:
    """Whether every refusal that fits the later answer fits the earlier one."""
    words = earlier.contains is None or (
        later.contains is not None and earlier.contains.lower() in later.contains.lower()
    )
    return words and earlier.code in (None, later.code)


def _switches(pack: Pack) -> Iterator[Diagnostic]:
    for mapping in pack.mappings.values():
        switch = mapping.switch
        if switch and switch.value not in pack.switches:
            yield disagreement.unknown_switch(switch.span, switch.value, list(pack.switches))


def _owners(pack: Pack) -> Iterator[Diagnostic]:
    for mapping in pack.mappings.values():
        rules = [rule.owner for rule in _rules_of(mapping) if rule.owner]
        for owner in (mapping.owner, *rules):
            if owner and owner.value not in ("record", pack.name):
                yield disagreement.unknown_owner(owner.span, owner.value, pack.name)


def _kinds(pack: Pack) -> Iterator[Diagnostic]:
    """Ask that each record kind is taken once each way, and not refused at the same time."""
    words = {"out": "out", "in": "in", "both": "both ways"}
    taken: dict[tuple[str, str], RecordMapping] = {}
    for mapping in pack.mappings.values():
        ways = ("out", "in") if mapping.direction == "both" else (mapping.direction,)
        first = next((taken[mapping.record.value, way] for way in ways
                      if (mapping.record.value, way) in taken), None)  # fmt: skip
        for way in ways:
            taken.setdefault((mapping.record.value, way), mapping)
        if first is not None:
            doubled = disagreement.kind_taken_twice(
                mapping.record.span, mapping.record.value, words[mapping.direction]
            )
            yield doubled.with_label(first.record.span, "the first")
        refused = pack.unsupported.get(mapping.record.value)
        if refused and "out" in ways:
            clash = disagreement.taken_and_unsupported(refused.origin.span, refused.record)
            yield clash.with_label(mapping.record.span, "sent by this file")


def _helpers(pack: Pack) -> Iterator[Diagnostic]:
    """Ask that no helper or group key hides a helper that can be read there."""
    for mapping in pack.mappings.values():
        outer, found = _added({}, _spans(mapping.let))
        yield from found
        for payload in mapping.payloads:
            inner, found = _added(outer, _keys(payload))
            yield from found
            yield from _hiding(payload.fields.values(), inner)
            yield from _hiding(payload.let.values(), inner)
        yield from _hiding(mapping.let.values(), outer)
        if mapping.back:
            inner, found = _added({}, _spans(mapping.back.let))
            yield from found
            yield from _hiding(mapping.back.fields.values(), inner)


def _hiding(rules: Iterable[FieldRule], known: Names) -> Iterator[Diagnostic]:
    """Yield the helpers inside the lists of some rules that hide one known outside."""
    for rule in rules:
        if isinstance(rule.body, NestedBody):
            yield from _hiding(rule.body.fields.values(), known)
        if not isinstance(rule.body, ListBody):
            continue
        for part in rule.body.parts:
            names = {key.value: key.span for key, _ in part.group_by}
            inner, found = _added(known, names)
            yield from found
            inner, found = _added(inner, _spans(part.let))
            yield from found
            yield from _hiding(part.let.values(), inner)
            if isinstance(part.body, NestedBody):
                yield from _hiding(part.body.fields.values(), inner)


def _added(known: Names, more: Names) -> tuple[Names, list[Diagnostic]]:
    """Return the names readable one level further in, and a problem for each that hides one."""
    found = [
        helper_twice(span, name).with_label(known[name], "the helper")
        for name, span in more.items()
        if name in known
    ]
    return {**known, **more}, found


def _keys(payload: PayloadRule) -> Names:
    return {key.value: key.span for key, _ in payload.group_by} | dict(_spans(payload.let))


def _spans(helpers: Mapping[str, FieldRule]) -> Names:
    return {name: rule.key for name, rule in helpers.items()}


def _rules_of(mapping: RecordMapping) -> Iterator[FieldRule]:
    """Yield all rules of a mapping, also those inside objects and lists."""
    waiting = [*mapping.let.values(), *(mapping.back.fields.values() if mapping.back else ())]
    for payload in mapping.payloads:
        waiting += [*payload.fields.values(), *payload.let.values()]
    while waiting:
        rule = waiting.pop()
        yield rule
        bodies = [rule.body]
        if isinstance(rule.body, ListBody):
            bodies = [part.body for part in rule.body.parts]
        for body in bodies:
            if isinstance(body, NestedBody):
                waiting += body.fields.values()


_QUESTIONS: tuple[Question, ...] = (
    _reasons, _answers, _switches, _owners, _kinds, _helpers,
)  # fmt: skip
