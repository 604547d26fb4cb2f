"""
Make a firm's changes to one mapping file: fields, helpers, decisions, totals, payloads.

Everything is found by name: fields by their dotted name, decisions by their reason,
payloads and totals by theirs. A change of something that is not there is an error; a rule
of the firm's own says `add: true`.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from mapping_engine.packs import problems_of_firms as problems
from mapping_engine.packs.mapping_files import match_keys, total
from mapping_engine.packs.model import Decision, PayloadRule, RecordMapping, Total, WayBack
from mapping_engine.packs.reading import entries, flag, word
from mapping_engine.packs.rule_changes import Change, changed_fields, note_fingerprint
from mapping_engine.source.node import Entry, MappingNode, Node
from mapping_engine.source.text import Located

__all__ = ["changed_mapping"]

_OF_ONE_PAYLOAD = ("fields", "write_back", "operation", "match")


def changed_mapping(mapping: RecordMapping, node: MappingNode, change: Change) -> RecordMapping:
    """Return the mapping with a firm's changes made."""
    here = change.inside(node, f"`{mapping.name}`")
    payloads = mapping.payloads
    if len(payloads) == 1 and node.get("payloads") is None:
        payloads = (_payload(payloads[0], node, here, is_whole_file=True),)
    else:
        _report_unnamed(mapping, node, here)
        payloads = _payloads(payloads, node.get("payloads"), here)
    return replace(
        mapping,
        payloads=payloads,
        switch=_new_word(node, "switch") or mapping.switch,
        owner=_new_word(node, "owner") or mapping.owner,
        skip=_decisions(mapping.skip, node.get("skip"), here, "skip"),
        reject=_decisions(mapping.reject, node.get("reject"), here, "reject"),
        warn=_decisions(mapping.warn, node.get("warn"), here, "warning"),
        let=changed_fields(mapping.let, node.get("let"), here, "helper"),
        totals=_totals(mapping.totals, node.get("totals"), here),
        duplicates=changed_fields(mapping.duplicates, node.get("duplicates"), here, "likeness"),
        back=_way_back(mapping.back, node.entry("back"), here),
    )


def _new_word(node: MappingNode, key: str) -> Located[str] | None:
    return word(node.get(key))


def _report_unnamed(mapping: RecordMapping, node: MappingNode, change: Change) -> None:
    """Report changes of fields that do not say of which payload."""
    for key in _OF_ONE_PAYLOAD:
        entry = node.entry(key)
        if entry is not None:
            names = [f"payloads.{each.name}.{key}" for each in mapping.payloads]
            change.reading.report.add(
                problems.override_of_nothing(
                    entry.key.span, "single payload with", key, change.owner, names
                )
            )


def _payloads(
    payloads: tuple[PayloadRule, ...], node: Node | None, change: Change
) -> tuple[PayloadRule, ...]:
    known = {each.name: each for each in payloads}
    for entry in entries(node):
        name = entry.key.text
        base = known.get(name)
        if base is None:
            change.reading.report.add(
                problems.override_of_nothing(entry.key.span, "payload", name, change.owner, known)
            )
            continue
        if not isinstance(entry.value, MappingNode):
            continue
        note_fingerprint(entry, base, base.origin, change)
        if flag(entry.value, "remove"):
            change.origin(entry, base.origin.span)
            del known[name]
            continue
        inside = change.inside(entry.value, f"the payload `{name}`")
        known[name] = _payload(base, entry.value, inside, is_whole_file=False)
    return tuple(known.values())


def _payload(
    base: PayloadRule, node: MappingNode, change: Change, *, is_whole_file: bool
) -> PayloadRule:
    when, match = node.entry("when"), node.get("match")
    let = base.let
    if not is_whole_file:
        let = changed_fields(let, node.get("let"), change, "helper")
    said = any(node.entry(key) for key in ("operation", "match")) or bool(when)
    origin = base.origin
    if said and node.entries:
        first = next(each for each in node if each.key.text in ("operation", "match", "when"))
        origin = change.origin(first, base.origin.replaced or base.origin.span)
    return replace(
        base,
        operation=word(node.get("operation")) or base.operation,
        match=match_keys(match) if match is not None else base.match,
        when=change.reading.expression(when.value, "`when`", when.key.span)
        if when and not is_whole_file
        else base.when,
        fields=changed_fields(base.fields, node.get("fields"), change, "field"),
        let=let,
        write_back=changed_fields(
            base.write_back, node.get("write_back"), change, "field to write back"
        ),
        origin=origin,
    )


def _way_back(back: WayBack | None, entry: Entry | None, change: Change) -> WayBack | None:
    if entry is None:
        return back
    base, node = back or WayBack(), entry.value
    if not isinstance(node, MappingNode):
        return back
    here = replace(change, owner="the way back")
    return WayBack(
        skip=_decisions(base.skip, node.get("skip"), here, "skip"),
        reject=_decisions(base.reject, node.get("reject"), here, "reject"),
        warn=_decisions(base.warn, node.get("warn"), here, "warning"),
        let=changed_fields(base.let, node.get("let"), here, "helper"),
        fields=changed_fields(base.fields, node.get("fields"), here, "field"),
    )


def _decisions(
    decisions: tuple[Decision, ...], node: Node | None, change: Change, what: str
) -> tuple[Decision, ...]:
    for entry in entries(node):
        decisions = _decided(decisions, entry, change, what)
    return decisions


def _decided(
    decisions: tuple[Decision, ...], entry: Entry, change: Change, what: str
) -> tuple[Decision, ...]:
    report, reason = change.reading.report, entry.key.text
    known = [each for each in decisions if each.reason.value == reason]
    if flag(entry.value, "add"):
        return (*decisions, *_new_decision(entry, change, known, what))
    if not known:
        names = [each.reason.value for each in decisions]
        report.add(
            problems.override_of_nothing(
                entry.key.span, what, reason, change.owner, names, can_add=True
            )
        )
        return decisions
    base = known[0]
    note_fingerprint(entry, base, base.origin, change)
    if flag(entry.value, "remove"):
        change.origin(entry, base.origin.span)
        return tuple(each for each in decisions if each not in known)
    if len(known) > 1:
        report.add(problems.several_of_one_reason(entry.key.span, what, reason))
        return decisions
    when = change.reading.optional(entry.value, "when")
    because = change.reading.sentence(entry.value)
    if when is None and because is None:
        report.add(problems.change_says_nothing(entry.key.span, reason))
        return decisions
    new = replace(
        base,
        when=when or base.when,
        because=because or base.because,
        origin=change.origin(entry, base.origin.replaced or base.origin.span),
    )
    return tuple(new if each is base else each for each in decisions)


def _new_decision(
    entry: Entry, change: Change, known: list[Decision], what: str
) -> tuple[Decision, ...]:
    reason = entry.key.text
    when = change.reading.optional(entry.value, "when")
    if known:
        change.reading.report.add(problems.rule_is_there(entry.key.span, what, reason))
        return ()
    if when is None:
        change.reading.report.add(problems.change_says_nothing(entry.key.span, reason))
        return ()
    because = change.reading.sentence(entry.value)
    origin = change.origin(entry, None)
    return (Decision(when, Located(reason, entry.key.span), because, origin),)


def _totals(totals: Mapping[str, Total], node: Node | None, change: Change) -> Mapping[str, Total]:
    found = dict(totals)
    for entry in entries(node):
        name, block = entry.key.text, entry.value
        base = found.get(name)
        if base is None and not flag(block, "add"):
            change.reading.report.add(
                problems.override_of_nothing(
                    entry.key.span, "total", name, change.owner, found, can_add=True
                )
            )
            continue
        if base is not None:
            note_fingerprint(entry, base, base.origin, change)
        origin = change.origin(entry, base.origin.span if base else None)
        if flag(block, "remove"):
            found.pop(name, None)
            continue
        given = replace(total(entry, change.reading), origin=origin)
        found[name] = _joined(base, given, block) if base else given
    return found


def _joined(base: Total, given: Total, block: Node) -> Total:
    """Return a total with the sides that a change gives, the others as they were."""
    said = {each.key.text for each in entries(block)}
    return replace(
        given,
        record=given.record if "record" in said else base.record,
        payload=given.payload if "payload" in said else base.payload,
        when=given.when if "when" in said else base.when,
        declared=given.declared if "declared" in said else base.declared,
    )
