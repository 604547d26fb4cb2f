"""
Read `pack.yaml`: who a system is, what a firm sets and switches, and the pack's own words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from mapping_engine.functions.catalogue import NOT_CONSTANT
from mapping_engine.packs.model import (
    AnswerRule,
    Check,
    LinkRule,
    Pack,
    ReasonRule,
    Role,
    Setting,
    Switch,
    Unsupported,
)  # fmt: skip
from mapping_engine.packs.problems_of_agreement import default_misfit
from mapping_engine.packs.reading import Reading, entries, flag, items, text, word
from mapping_engine.packs.rules import choice
from mapping_engine.packs.settings import setting_value, wanted
from mapping_engine.source.node import Document, Entry, MappingNode, Node, SequenceNode
from mapping_engine.source.text import Located

__all__ = ["pack_head", "reason_rule"]

_MISSING = ("reject", "hold")
T = TypeVar("T")


def pack_head(document: Document, name: str, reading: Reading) -> Pack:
    """Return the pack as far as `pack.yaml` tells it: everything but mappings and tables."""
    root = document.root if isinstance(document.root, MappingNode) else None
    said = word(root.get("pack")) if root else None
    span = said.span if said else document.source.span(0, 0)
    read = root.get("read") if root else None
    return Pack(
        name=said.value if said else name,
        title=text(root, "title") or name,
        version=text(root, "version") or "0",
        api=text(root, "api"),
        origin=reading.origin(span),
        mappings={},
        tables={},
        settings=_each(root, "settings", reading, _setting),
        switches=_each(root, "switches", reading, _switch),
        roles=_each(root, "roles", reading, _role),
        preflight=_checks(root, reading),
        links=_each(root, "links", reading, _link),
        reasons=_each(root, "reasons", reading, reason_rule),
        unsupported=_each(root, "unsupported", reading, _unsupported),
        answers=_answers(root, reading),
        blank_is_null=isinstance(read, MappingNode) and read.entry("blank") is not None,
        format=root.get("format") if root else None,
    )


def reason_rule(entry: Entry, reading: Reading) -> ReasonRule:
    """Return a reason with its sentence and what to do about it."""
    because, advice = text(entry.value, "because"), text(entry.value, "do")
    return ReasonRule(entry.key.text, because or "", advice, reading.origin(entry.key.span))


def _each(
    root: MappingNode | None, key: str, reading: Reading, read: Callable[[Entry, Reading], T]
) -> Mapping[str, T]:
    """Return what stands below a key by name."""
    below = entries(root.get(key) if root else None)
    return {each.key.text: read(each, reading) for each in below}


def _setting(entry: Entry, reading: Reading) -> Setting:
    block = entry.value if isinstance(entry.value, MappingNode) else None
    kind = block.get("type") if block else None
    words = tuple(each.value for each in map(word, items(kind)) if each is not None)
    plain = word(kind)
    default = block.entry("default") if block else None
    setting = Setting(
        name=entry.key.text,
        type=plain.value if plain else "",  # what has no type has been reported
        origin=reading.origin(entry.key.span, block),
        choices=words if isinstance(kind, SequenceNode) else (),
        default=default.value if default else None,
        because=text(block, "because"),
    )
    _check_default(setting, kind, reading)
    return setting


def _check_default(setting: Setting, kind: Node | None, reading: Reading) -> None:
    default = setting.default
    if default is None or kind is None or not word(default):
        return
    if setting_value(setting, default) is NOT_CONSTANT:
        reading.report.add(default_misfit(default.span, setting.name, wanted(setting)))


def _switch(entry: Entry, reading: Reading) -> Switch:
    return Switch(
        name=entry.key.text,
        default=flag(entry.value, "default") or False,
        origin=reading.origin(entry.key.span, entry.value),
        title=text(entry.value, "title"),
        because=text(entry.value, "because"),
    )


def _role(entry: Entry, reading: Reading) -> Role:
    block = entry.value if isinstance(entry.value, MappingNode) else None
    classes = (word(each) for each in items(block.get("class") if block else None))
    return Role(
        name=entry.key.text,
        origin=reading.origin(entry.key.span, block),
        needed_when=reading.optional(block, "needed_when"),
        classes=tuple(each.value for each in classes if each is not None),
        accepts_payments=flag(block, "accepts_payments"),
        is_trust=flag(block, "is_trust"),
        because=text(block, "because"),
    )


def _checks(root: MappingNode | None, reading: Reading) -> dict[str, Check]:
    """Return the checks that have a condition; that one is missing has been reported."""
    read = _each(root, "preflight", reading, _check)
    return {name: each for name, each in read.items() if each is not None}


def _check(entry: Entry, reading: Reading) -> Check | None:
    block = entry.value if isinstance(entry.value, MappingNode) else None
    when = reading.optional(block, "when")
    if when is None:
        return None
    return Check(
        name=entry.key.text,
        when=when,
        because=text(block, "because") or "",
        do=text(block, "do"),
        stops=flag(block, "stops") or False,
        origin=reading.origin(entry.key.span),
    )


def _link(entry: Entry, reading: Reading) -> LinkRule:
    block = entry.value if isinstance(entry.value, MappingNode) else None
    holds = block is not None and choice(block, "missing", _MISSING) == "hold"
    return LinkRule(
        object=entry.key.text,
        record=(word(block.get("record")) if block else None) or Located("", entry.key.span),
        missing="hold" if holds else "reject",
        origin=reading.origin(entry.key.span),
        reason=word(block.get("reason")) if block else None,
    )


def _answers(root: MappingNode | None, reading: Reading) -> tuple[AnswerRule, ...]:
    """Return what refusals of the target stand for; the first that fits decides."""
    blocks = (each for each in items(root.get("answers") if root else None))
    read = (_answer(each, reading) for each in blocks if isinstance(each, MappingNode))
    return tuple(each for each in read if each is not None)


def _answer(block: MappingNode, reading: Reading) -> AnswerRule | None:
    reason = word(block.get("reason"))
    if reason is None:
        return None
    return AnswerRule(
        reason=reason,
        origin=reading.origin(block.span),
        code=text(block, "code"),
        contains=text(block, "contains"),
        retry=flag(block, "retry") or False,
    )


def _unsupported(entry: Entry, reading: Reading) -> Unsupported:
    reason = word(entry.value.get("reason")) if isinstance(entry.value, MappingNode) else None
    return Unsupported(
        record=entry.key.text,
        reason=reason or Located("unsupported_transaction", entry.key.span),
        because=text(entry.value, "because"),
        origin=reading.origin(entry.key.span),
    )
