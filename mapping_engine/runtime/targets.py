"""
Find what a target says of a field that a rule names: `Reference`, `Contact.ContactID`, `phone#`.

`phone#` stands for the numbered fields phone1Label, phone1Number, phone2Label, …: a list is
spread over them, item by item. It holds as many items as there are numbers with the same
members; more are refused, since nobody said which to leave out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from mapping_engine.packs.model import Body, FieldRule, ListBody, NestedBody, PayloadRule
from mapping_engine.runtime import problems_of_targets as problems
from mapping_engine.runtime.program import FieldStep, Occasion
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.types import List, Object, Type

__all__ = [
    "ANSWER_KEY",
    "Slots",
    "answer_of",
    "check_helper",
    "check_match",
    "check_write_back",
    "is_double",
    "occasions_of",
    "slots_of",
    "target_of",
]

#: The key of the target's answer, which bare names of `write_back` read.
ANSWER_KEY = "answer"

#: What a field says of its value, and of the sending of its payload; a helper is not sent.
_OF_VALUES = ("when", "on_empty", "on_error")
_OF_SENDING = ("only_on", "owner", "one_way")

#: For each number, the full field name behind each member of an item.
Slots = tuple[Mapping[str, str], ...]


def target_of(rule: FieldRule, target: Object | None, report: Report) -> Type | None:
    """Return what the target says of the field of a rule, or report that it has none."""
    path = rule.name.split(".")
    kind: Type | None = target
    for word in path:
        if not isinstance(kind, Object):
            break
        inside = _member(word, kind)
        if inside is None:
            known = problems.unknown_target_field(rule.key, kind.name, word, kind.fields)
            report.add(known)
        kind = inside
    else:
        return kind
    if kind is not None:
        missing = problems.unknown_target_field(rule.key, path[0], ".".join(path[1:]), ())
        report.add(missing)
    return None


def slots_of(rule: FieldRule, target: Object | None) -> Slots:
    """Return the numbered fields that a rule spreads a list over; none for any other rule."""
    if not rule.name.endswith("#"):
        return ()
    *above, last = rule.name.split(".")
    kind: Type | None = target
    for word in above:
        kind = kind.fields.get(word) if isinstance(kind, Object) else None
    return _slots(last, kind) if isinstance(kind, Object) else ()


def occasions_of(
    rule: FieldRule, target: Type | None, other_side: str | None
) -> tuple[Occasion, ...] | None:
    """Return when a field is filled: one that the other side owns not in updates of ours.

    What the target demands goes along; what is compared tells whether it was changed.
    """
    if rule.only_on is not None:
        return ("create",) if rule.only_on == "create" else ("update", "compare")
    is_theirs = rule.owner is not None and rule.owner.value == other_side
    return ("create", "compare") if is_theirs and target is not None and target.absent else None


def is_double(rule: FieldRule, steps: Sequence[FieldStep], report: Report) -> bool:
    """Whether another rule fills the same field; reported where the loader cannot see it."""
    path = rule.name.split(".")
    for other in steps:
        pairs = list(zip(path, other.path, strict=False))
        if all(_is_same(*pair) for pair in pairs):
            is_plain = NestedBody not in (type(rule.body), type(other.rule.body))
            if not is_plain or any(mine != theirs for mine, theirs in pairs):
                double = problems.field_twice(rule.key, rule.name, other.name)
                report.add(double.with_label(other.rule.key, "the other rule"))
            return True
    return False


def check_helper(rule: FieldRule, report: Report) -> None:
    """Report what a helper says of sending: of itself, or of the members that it makes."""
    for key in (*_OF_VALUES, *_OF_SENDING):
        if getattr(rule, key) is not None:
            report.add(problems.key_of_a_field(rule.key, rule.name, key))
    for inner in _members_made(rule.body):
        for key in _OF_SENDING:
            if getattr(inner, key) is not None:
                report.add(problems.key_of_a_field(inner.key, rule.name, key))


def _members_made(body: Body) -> Iterator[FieldRule]:
    bodies = [each.body for each in body.parts] if isinstance(body, ListBody) else [body]
    for each in bodies:
        if isinstance(each, NestedBody):
            for inner in each.fields.values():
                yield inner
                yield from _members_made(inner.body)


def check_match(rule: PayloadRule, target: Object, report: Report) -> None:
    """Report match keys that the target does not have."""
    for name in (name for key in rule.match for name in key):
        if name.value not in target.fields:
            known = problems.unknown_target_field(name.span, target.name, name.value, target.fields)
            report.add(known)


def answer_of(target: Object) -> Object:
    """Return the type of what is answered to a whole: any part of it, perhaps nothing."""
    fields = {
        name: each.with_states(True, each.null, each.private)
        for name, each in target.fields.items()
    }
    return replace(target, fields=fields, needs_one_of=())


def check_write_back(rule: PayloadRule, report: Report) -> None:
    """Report a rule that would give the record another id."""
    for name, each in rule.write_back.items():
        if name == "id":
            report.add(problems.id_written_back(each.key))


def _member(word: str, target: Object) -> Type | None:
    if not word.endswith("#"):
        others = target.others and replace(target.others, absent=True)
        return target.fields.get(word, others)
    slots = _slots(word, target)
    if not slots:
        return None
    members = {name: target.fields[full] for name, full in slots[0].items()}
    item = Object(name=word, fields=members)
    return List(item=item, max_items=len(slots), absent=True)


def _slots(word: str, target: Object) -> Slots:
    """Return the numbered fields in order, as far as each number has the same members."""
    numbers: dict[int, dict[str, str]] = {}
    for name in target.fields:
        found = re.fullmatch(rf"{re.escape(word[:-1])}([1-9][0-9]*)(\D.*)", name, re.ASCII)
        if found is not None:
            numbers.setdefault(int(found[1]), {})[found[2]] = name
    ordered = [numbers[number] for number in sorted(numbers)]
    alike: list[Mapping[str, str]] = []
    for slot in ordered:
        if not _are_alike(ordered[0], slot, target):
            break
        alike.append(slot)
    return tuple(alike)


def _are_alike(first: Mapping[str, str], slot: Mapping[str, str], target: Object) -> bool:
    kinds = [
        {name: replace(target.fields[full], absent=True) for name, full in each.items()}
        for each in (first, slot)
    ]
    return kinds[0] == kinds[1]


def _is_same(word: str, other: str) -> bool:
    """Whether two names can be of the same field, one of them perhaps numbered."""
    if word.endswith("#") == other.endswith("#"):
        return word == other
    prefix, full = (word[:-1], other) if word.endswith("#") else (other[:-1], word)
    return re.fullmatch(rf"{re.escape(prefix)}[1-9][0-9]*\D.*", full, re.ASCII) is not None
