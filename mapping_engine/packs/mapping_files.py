"""
Read a mapping file: what record it takes, what it refuses, which payloads it builds.

`object` and `fields` at the top are the short form of a single payload, named after the
record kind; both forms become the same `PayloadRule`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal as Word

from msgspec.structs import replace

from mapping_engine.packs import problems
from mapping_engine.packs.model import (
    Decision,
    PayloadRule,
    RecordMapping,
    Total,
    TotalSide,
    WayBack,
)  # fmt: skip
from mapping_engine.packs.reading import RESERVED, Reading, broken, entries, items, word
from mapping_engine.packs.rules import choice, field_rules, group_keys, order_keys
from mapping_engine.packs.shape import rule_schema
from mapping_engine.source.node import Entry, MappingNode, Node, ScalarNode
from mapping_engine.source.suggest import nearest
from mapping_engine.source.text import Located, Span

__all__ = ["decisions", "match_keys", "payload_rule", "record_mapping", "total", "way_back"]

_DIRECTION: tuple[Word["out", "in", "both"], ...] = ("out", "in", "both")

#: The keys that a payload has; at the top they are the short form of a single one.
_PAYLOAD_KEYS = ("object", "operation", "match", "fields", "write_back")


def record_mapping(name: str, root: Node | None, reading: Reading) -> RecordMapping | None:
    """Return the mapping of a file; None when the file is no block with a record kind."""
    if not isinstance(root, MappingNode):
        return None
    record = word(root.get("record"))
    if record is None:
        return None
    direction = choice(root, "direction", _DIRECTION) or "out"
    _check_keys(root, direction, record.span, reading)
    return RecordMapping(
        name=name,
        record=record,
        direction=direction,
        payloads=_payloads(root, record, direction == "in", reading),
        origin=reading.origin(record.span),
        envelope=word(root.get("envelope")),
        switch=word(root.get("switch")),
        owner=word(root.get("owner")),
        skip=decisions(root.get("skip"), reading),
        reject=decisions(root.get("reject"), reading),
        warn=decisions(root.get("warn"), reading),
        let=field_rules(root.get("let"), reading, helpers=True),
        totals={each.key.text: total(each, reading) for each in entries(root.get("totals"))},
        duplicates=field_rules(root.get("duplicates"), reading, helpers=True),
        back=way_back(root.get("back"), reading) if root.entry("back") else None,
        tolerance=_tolerance(root.get("tolerance")),
    )


def _tolerance(node: Node | None) -> dict[str, Located[Decimal]]:
    """Return by how much which invariant may be missed, each at the place of its name."""
    said = ((each.key, each.value) for each in entries(node))
    return {
        key.text: Located(value.value, key.span)
        for key, value in said
        if isinstance(value, ScalarNode) and isinstance(value.value, Decimal)
    }


def decisions(node: Node | None, reading: Reading) -> tuple[Decision, ...]:
    """Return the skips, rejects or warnings of a list, in order."""
    found = []
    for item in items(node):
        if not isinstance(item, MappingNode) or not item.entries:
            continue
        span = item.entries[0].key.span
        reason = word(item.get("reason"))
        found.append(
            Decision(
                when=reading.optional(item, "when") or broken(span),
                reason=reason or Located("", span),
                because=reading.sentence(item),
                origin=reading.origin(reason.span if reason else span, item),
            )
        )
    return tuple(found)


def payload_rule(entry: Entry, reading: Reading) -> PayloadRule:
    """Return one of several payloads; its name is the key it stands under."""
    name, span, node = entry.key.text, entry.key.span, entry.value
    if name in RESERVED:
        reading.report.add(problems.reserved_name(span, name))
    block = node if isinstance(node, MappingNode) else MappingNode(span, ())
    each = block.entry("each")
    for key in ("as", "group_by", "order_by"):
        found = block.entry(key)
        if found and not each:
            reading.report.add(problems.needs_each(found.key.span, key))
    return _payload(name, block, Located("", span), reading)


def match_keys(node: Node | None) -> tuple[tuple[Located[str], ...], ...]:
    """Return the fields that recognise a target record: each a field, or several together."""
    keys = []
    for item in items(node):
        fields = (
            [word(item)] if isinstance(item, ScalarNode) else [word(each) for each in items(item)]
        )
        keys.append(tuple(each for each in fields if each is not None))
    return tuple(each for each in keys if each)


def total(entry: Entry, reading: Reading) -> Total:
    """Return one control total."""
    block, span = entry.value, entry.key.span
    declared = block.get("declared") if isinstance(block, MappingNode) else None
    return Total(
        name=entry.key.text,
        record=_side(block, "record", span, reading),
        payload=_side(block, "payload", span, reading),
        origin=reading.origin(span, block),
        when=reading.optional(block, "when"),
        declared={each.key.text: _side_of(each, reading) for each in entries(declared)},
    )


def way_back(node: Node | None, reading: Reading) -> WayBack:
    """Return what the way back says by itself."""
    block = node if isinstance(node, MappingNode) else None
    get = block.get if block else lambda _name: None
    return WayBack(
        skip=decisions(get("skip"), reading),
        reject=decisions(get("reject"), reading),
        warn=decisions(get("warn"), reading),
        let=field_rules(get("let"), reading, helpers=True),
        fields=field_rules(get("fields"), reading),
    )


def _payloads(
    root: MappingNode, record: Located[str], inward: bool, reading: Reading
) -> tuple[PayloadRule, ...]:
    if root.entry("payloads"):
        return tuple(payload_rule(each, reading) for each in entries(root.get("payloads")))
    only = _payload(record.value, root, record, reading)
    # What only sending has was reported; nobody else need look at it.
    return (replace(only, match=(), write_back={}) if inward else only,)


def _payload(
    name: str, block: MappingNode, fallback: Located[str], reading: Reading
) -> PayloadRule:
    """Return a payload from the block of its keys; at the top, `let` belongs to the file."""
    is_whole_file = bool(fallback.value)
    object_ = word(block.get("object")) or Located("", fallback.span)
    return PayloadRule(
        name=name,
        object=object_,
        operation=word(block.get("operation")) or Located("create", object_.span),
        fields=field_rules(block.get("fields"), reading),
        origin=reading.origin(fallback.span, block),
        match=match_keys(block.get("match")),
        when=None if is_whole_file else reading.optional(block, "when"),
        each=None if is_whole_file else reading.optional(block, "each"),
        bound=None if is_whole_file else word(block.get("as")),
        group_by=() if is_whole_file else group_keys(block, reading),
        order_by=() if is_whole_file else order_keys(block, reading),
        let={} if is_whole_file else field_rules(block.get("let"), reading, helpers=True),
        write_back=field_rules(block.get("write_back"), reading),
    )


def _side(block: Node, name: str, span: Span, reading: Reading) -> TotalSide:
    entry = block.entry(name) if isinstance(block, MappingNode) else None
    if entry is None:
        return TotalSide(broken(span))
    return _side_of(entry, reading)


def _side_of(entry: Entry, reading: Reading) -> TotalSide:
    parts = entry.value
    if not isinstance(parts, MappingNode):
        return TotalSide(reading.expression(parts, f"`{entry.key.text}`", entry.key.span))
    return TotalSide(
        formula=reading.optional(parts, "sum") or broken(entry.key.span),
        each=reading.optional(parts, "each") or broken(entry.key.span),
        by=reading.optional(parts, "by") or broken(entry.key.span),
    )


def _check_keys(root: MappingNode, direction: str, span: Span, reading: Reading) -> None:
    """Report keys that exclude each other, and what the direction makes meaningless."""
    add = reading.report.add
    if root.entry("payloads"):
        extra = [each.key for each in root if each.key.text in _PAYLOAD_KEYS]
        if extra:
            doubled = problems.fields_and_payloads(extra[0].span, [each.text for each in extra])
            for key in extra[1:]:
                doubled = doubled.with_label(key.span, "this too")
            add(doubled)
    else:
        if not _means(root, "object"):
            add(problems.no_object(span))
        if not _means(root, "fields") and not _means(root, "payloads"):
            add(problems.no_fields(span))
    back = root.entry("back")
    if back and direction != "both":
        add(problems.back_without_both(back.key.span, direction))
    if direction == "in":
        for name in ("payloads", "operation", "match", "write_back"):
            found = root.entry(name)
            if found:
                add(problems.payloads_inward(found.key.span, name))


def _means(root: MappingNode, name: str) -> bool:
    """Whether a key is there, or one that is reported as a misspelling of it."""
    known = rule_schema("mapping.schema.json")["properties"]
    unknown = [each.key.text for each in root if each.key.text not in known][:20]
    return root.entry(name) is not None or any(nearest(each, known) == name for each in unknown)
