"""
Make the part of the page that is about one kind of record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from mapping_engine.packs.model import Decision, PayloadRule, RecordMapping, Total, TotalSide
from mapping_engine.runtime.program import MappingProgram, back_of
from mapping_engine.workbench.page_fields import FieldLines, items_words
from mapping_engine.workbench.page_records import (
    DecisionLine,
    FieldLine,
    KindPage,
    NotTaken,
    PayloadPage,
    WayBackPage,
)
from mapping_engine.workbench.page_refusals import engine_refusals, standing_skips
from mapping_engine.workbench.page_view import View, sentence
from mapping_engine.workbench.page_words import Word, Words, human, joined
from mapping_engine.workbench.plain_words import Speaker
from mapping_engine.workbench.showing import formula_text

__all__ = ["kind_pages", "not_taken"]

_OPERATIONS: Final = {
    "create": "made new", "upsert": "made, or changed where it is there already",
    "update": "changed", "delete": "deleted", "void": "made void",
}  # fmt: skip


def kind_pages(view: View) -> Iterator[KindPage]:
    """Yield the pages of all mapping files, in the pack's order."""
    for mapping in view.opened.pack.mappings.values():
        yield _kind(view, mapping, view.opened.program.mappings[mapping.name])


def not_taken(view: View) -> Iterator[NotTaken]:
    """Yield the kinds that do not go at all."""
    for kind, each in view.opened.pack.unsupported.items():
        known = view.reason(each.reason.value)
        yield NotTaken(
            kind, view.kind_title(kind), each.reason.value, each.because or known.because,
            known.do, view.source(each.origin),
        )  # fmt: skip


def _kind(view: View, mapping: RecordMapping, program: MappingProgram) -> KindPage:
    kind, speaker = mapping.record.value, view.speaker_of(program)
    schemas = view.opened.schemas
    values = FieldLines(view, speaker)
    answers = FieldLines(view, speaker, f"canonical.{kind}")
    return KindPage(
        name=mapping.name,
        kind=kind,
        title=view.kind_title(kind),
        about=schemas.description(f"canonical.{kind}") or "",
        direction=mapping.direction,
        ways=tuple(_ways(view, mapping)),
        is_off=program.switched_off is not None,
        is_only=_is_only(view, kind),
        skips=(*standing_skips(view, mapping, program), *_told(view, mapping.skip, speaker)),
        refusals=_refusals(view, mapping, program, speaker),
        warnings=_told(view, mapping.warn, speaker),
        helpers=tuple(values.helpers(mapping.let)),
        payloads=tuple(_payload(view, each, speaker, mapping) for each in mapping.payloads),
        back=_way_back(view, mapping),
        write_back=tuple(
            line for each in mapping.payloads for line in answers.lines(each.write_back)
        ),
        totals=tuple(_total(view, each, speaker) for each in mapping.totals.values()),
        source=view.source(mapping.origin),
    )


def _is_only(view: View, kind: str) -> bool:
    kinds = [each.record.value for each in view.opened.pack.mappings.values()]
    return kinds.count(kind) == 1


def _told(view: View, decisions: Iterable[Decision], speaker: Speaker) -> tuple[DecisionLine, ...]:
    return tuple(view.decision(each, speaker) for each in decisions)


def _refusals(
    view: View, mapping: RecordMapping, program: MappingProgram, speaker: Speaker
) -> tuple[DecisionLine, ...]:
    return (*_told(view, mapping.reject, speaker), *engine_refusals(view, mapping, program))


def _ways(view: View, mapping: RecordMapping) -> Iterator[Words]:
    """Yield the direction of a mapping, in sentences."""
    title = view.opened.pack.title
    match mapping.direction:
        case "out":
            yield sentence(f"Goes to {title}, one way.")
            yield sentence(f"What is made or changed in {title} does not come back.")
        case "in":
            yield sentence(f"Comes from {title}, one way.")
            yield sentence(f"Nothing of it is sent to {title}.")
        case _:
            yield sentence(f"Goes both ways: to {title}, and back from it.")
    if mapping.owner is not None:
        owner = FieldLines(view, view.speaker).owner(mapping.owner.value)
        yield (Word("It is "), *owner, Word("; a change on the other side is left alone."))


def _payload(
    view: View, rule: PayloadRule, speaker: Speaker, mapping: RecordMapping
) -> PayloadPage:
    pack, inward = view.opened.pack, mapping.direction == "in"
    objects = [each.object.value for each in mapping.payloads]
    root = f"canonical.{rule.name}" if inward else f"{pack.name}.{rule.object.value}"
    lines = FieldLines(view, speaker, root)
    title = view.kind_title(rule.name) if inward else view.object_title(rule.object.value)
    return PayloadPage(
        name=rule.name,
        object="" if inward else rule.object.value,
        title=title,
        is_only=objects.count(rule.object.value) == 1,
        says=tuple(_how(rule, speaker, inward)),
        fields=(*lines.helpers(rule.let), *lines.lines(rule.fields)),
        source=view.source(rule.origin),
    )


def _how(rule: PayloadRule, speaker: Speaker, inward: bool) -> Iterator[Words]:
    """Yield when a payload is made, for what, and how it is recognised there."""
    if rule.when is not None:
        yield (Word("Made only when "), *speaker.when(rule.when), Word("."))
    if rule.each is not None:
        yield (Word("Made "), *items_words(rule, speaker), Word("."))
    if inward:
        return
    yield sentence(f"It is {_OPERATIONS.get(rule.operation.value, rule.operation.value)}.")
    if rule.match:
        keys = (
            joined(((Word(each.value, "name"),) for each in names), " with ")
            for names in rule.match
        )  # fmt: skip
        yield (Word("It is recognised there by "), *joined(keys, ", else by "), Word("."))


def _way_back(view: View, mapping: RecordMapping) -> WayBackPage | None:
    reversal = view.opened.program.reversals.get(mapping.name)
    program = view.opened.program.mappings.get(back_of(mapping.name))
    if reversal is None or program is None:
        return None
    way, speaker = reversal.mapping, view.speaker_of(program)
    lines = FieldLines(view, speaker, f"canonical.{way.record.value}")
    return WayBackPage(
        skips=(*standing_skips(view, way, program), *_told(view, way.skip, speaker)),
        refusals=_refusals(view, way, program, speaker),
        helpers=tuple(lines.helpers(way.let)),
        fields=tuple(lines.lines(way.payloads[0].fields)),
        lost=tuple(_lost(view, mapping)),
    )


def _lost(view: View, mapping: RecordMapping) -> Iterator[FieldLine]:
    """Yield the fields whose rules say that they do not come back."""
    payload = mapping.payloads[0]
    program = view.opened.program.mappings[mapping.name]
    root = f"{view.opened.pack.name}.{payload.object.value}"
    lines = FieldLines(view, view.speaker_of(program), root)
    kept = {name: rule for name, rule in payload.fields.items() if rule.one_way == "out"}
    yield from lines.lines(kept)


def _total(view: View, total: Total, speaker: Speaker) -> FieldLine:
    """Return a control total as a line: what must agree on both sides."""
    said = (*_side(total.record, speaker), Word(" = "), *_side(total.payload, speaker))
    for name, side in total.declared.items():
        said = (*said, Word(f", but for {human(name)}: "), *_side(side, speaker))
    rule = f"{formula_text(total.record.formula)} = {formula_text(total.payload.formula)}"
    notes = ((Word("only when "), *speaker.when(total.when)),) if total.when else ()
    source = view.source(total.origin)
    return FieldLine(human(total.name), "", False, "", said, rule, notes, source)


def _side(side: TotalSide, speaker: Speaker) -> Words:
    said = speaker.formula(side.formula)
    if side.each is not None:
        said = (*said, Word(" for each of "), *speaker.formula(side.each))
    return (*said, Word(" by "), *speaker.formula(side.by)) if side.by is not None else said
