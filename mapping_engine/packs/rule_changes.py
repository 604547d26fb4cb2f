"""
Change field rules by their names: replace, remove or add one, wherever it stands.

A name is the dotted name of the field; inside a list it goes through the part's name
(`LineItems.bill.Description`). What is not named keeps its place and its origin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.packs import problems_of_firms as problems
from mapping_engine.packs.fingerprints import fingerprint
from mapping_engine.packs.model import (
    Body,
    FieldRule,
    ListBody,
    ListPart,
    NestedBody,
    Origin,
)
from mapping_engine.packs.reading import Reading, entries, flag, text, word
from mapping_engine.packs.rules import field_rule
from mapping_engine.source.node import Entry, MappingNode, Node
from mapping_engine.source.text import Span

__all__ = ["Change", "changed_fields", "note_fingerprint"]

Fields: TypeAlias = Mapping[str, FieldRule]
Target: TypeAlias = FieldRule | ListPart
Edit: TypeAlias = Callable[[Target], Target | None]


class Change(Struct, frozen=True):
    """What the changes of one block share: where to report, whose they are, and why."""

    reading: Reading
    owner: str
    because: str | None = None

    def inside(self, node: Node | None, owner: str | None = None) -> Change:
        """Return the change for a block inside this one, which may say its own reason."""
        return replace(
            self, owner=owner or self.owner, because=text(node, "because") or self.because
        )

    def origin(self, entry: Entry, replaced: Span | None) -> Origin:
        """Return the origin of a firm's rule; report when nobody says why it changed."""
        said = text(entry.value, "because") or self.because
        if said is None:
            self.reading.report.add(problems.because_missing(entry.key.span, entry.key.text))
        return Origin(entry.key.span, "firm", said, replaced)


def changed_fields(fields: Fields, node: Node | None, change: Change, what: str) -> Fields:
    """Return the rules with the changes of a block made; `what` names them: field, helper."""
    for entry in entries(node):
        fields = _changed(fields, entry, change, what)
    return fields


def note_fingerprint(entry: Entry, base: object, origin: Origin, change: Change) -> None:
    """Warn when a change keeps the fingerprint of another rule than the one it replaces."""
    kept = entry.value.entry("fingerprint") if isinstance(entry.value, MappingNode) else None
    said = word(kept.value) if kept else None
    now = fingerprint(base)
    if said is None or said.value == now:
        return
    found = problems.pack_changed(said.span, entry.key.text, now)
    change.reading.report.add(found.with_label(origin.span, "the pack's rule now"))


def _changed(fields: Fields, entry: Entry, change: Change, what: str) -> Fields:
    report = change.reading.report
    path, block = entry.key.text, entry.value
    if flag(block, "add"):
        if _edited(fields, path, lambda target: target) is not None:
            report.add(problems.rule_is_there(entry.key.span, what, path))
            return fields
        rule = field_rule(entry, change.reading)
        return _added(fields, path, replace(rule, origin=change.origin(entry, None)))
    found = _edited(fields, path, lambda target: _edit(target, entry, change))
    if found is not None:
        return found
    parts = _unnamed_parts(fields, path)
    if parts is not None:
        report.add(problems.part_not_named(entry.key.span, *parts))
    else:
        names = list(_names(fields))
        report.add(
            problems.override_of_nothing(
                entry.key.span, what, path, change.owner, names, can_add=True
            )
        )
    return fields


def _edit(target: Target, entry: Entry, change: Change) -> Target | None:
    origin = change.origin(entry, target.origin.replaced or target.origin.span)
    note_fingerprint(entry, target, target.origin, change)
    if flag(entry.value, "remove"):
        return None
    rule = field_rule(entry, change.reading)
    if isinstance(target, ListPart):
        return _as_part(rule, target.name, origin)
    return replace(rule, name=target.name, origin=origin)


def _as_part(rule: FieldRule, name: str | None, origin: Origin) -> ListPart:
    """Return a rule as a part of a list."""
    body = rule.body
    if isinstance(body, ListBody) and len(body.parts) == 1:
        return replace(body.parts[0], name=name, when=rule.when, origin=origin)
    kept = body if isinstance(body, NestedBody) else None
    formula = None if isinstance(body, NestedBody | ListBody) else body
    if kept is None and (formula is None or not hasattr(formula, "is_text")):
        kept = NestedBody({})
    return ListPart(kept or formula, origin, name, rule.when)  # type: ignore[arg-type]


def _edited(fields: Fields, path: str, edit: Edit) -> Fields | None:
    """Return the rules with the one at `path` edited; None when there is none."""
    if path in fields:
        return _rebuilt(fields, {path}, edit(fields[path]))
    below = [name for name in fields if name.startswith(f"{path}.")]
    if below:
        first = fields[below[0]]
        members = {name[len(path) + 1 :]: fields[name] for name in below}
        whole = FieldRule(path, first.key, NestedBody(members), first.origin)
        new = edit(whole)
        return fields if new is whole else _rebuilt(fields, set(below), new)
    for name, rule in fields.items():
        if path.startswith(f"{name}."):
            body = _edited_body(rule.body, path[len(name) + 1 :], edit)
            if body is not None:
                return {**fields, name: replace(rule, body=body)}
    return None


def _rebuilt(fields: Fields, old: set[str], new: Target | None) -> Fields:
    """Return the rules with the first of `old` replaced and the others dropped."""
    found: dict[str, FieldRule] = {}
    waiting = isinstance(new, FieldRule)
    for name, rule in fields.items():
        if name not in old:
            found[name] = rule
        elif waiting and isinstance(new, FieldRule):
            found[new.name] = new
            waiting = False
    return found


def _edited_body(body: Body, path: str, edit: Edit) -> Body | None:
    match body:
        case NestedBody(fields=fields):
            inside = _edited(fields, path, edit)
            return None if inside is None else NestedBody(inside)
        case ListBody(parts=parts):
            return _edited_list(parts, path, edit)
        case _:
            return None


def _edited_list(parts: tuple[ListPart, ...], path: str, edit: Edit) -> ListBody | None:
    head, _, rest = path.partition(".")
    place = next((at for at, part in enumerate(parts) if part.name == head), None)
    if place is None and len(parts) == 1 and parts[0].name is None:
        place, rest = 0, path
    if place is None:
        return None
    part = parts[place]
    new: Target | None
    if not rest:
        new = edit(part)
    else:
        body = _edited_body(part.body, rest, edit)
        if not isinstance(body, NestedBody):
            return None
        new = replace(part, body=body)
    kept = (new,) if isinstance(new, ListPart) else ()
    return ListBody((*parts[:place], *kept, *parts[place + 1 :]))


def _added(fields: Fields, path: str, rule: FieldRule) -> Fields:
    """Return the rules with a new one at `path`: in a list, in an object, or at the end."""
    for name, above in fields.items():
        rest = path[len(name) + 1 :]
        if path.startswith(f"{name}.") and (body := _added_body(above.body, rest, rule)):
            return {**fields, name: replace(above, body=body)}
    return {**fields, path: replace(rule, name=path)}


def _added_body(body: Body, path: str, rule: FieldRule) -> Body | None:
    if isinstance(body, NestedBody):
        return NestedBody(_added(body.fields, path, rule))
    if not isinstance(body, ListBody):
        return None
    head, _, rest = path.partition(".")
    if not rest:
        return ListBody((*body.parts, _as_part(rule, head, rule.origin)))
    parts = tuple(
        replace(part, body=NestedBody(_added(part.body.fields, rest, rule)))
        if part.name == head and isinstance(part.body, NestedBody)
        else part
        for part in body.parts
    )
    return ListBody(parts)


def _unnamed_parts(fields: Fields, path: str) -> tuple[str, list[str]] | None:
    """Return the list that a path enters without naming a part, with the names of its parts."""
    for name, rule in fields.items():
        if path.startswith(f"{name}.") and isinstance(rule.body, ListBody):
            parts = [part.name for part in rule.body.parts if part.name is not None]
            head, _, rest = path[len(name) + 1 :].partition(".")
            if not rest and head not in parts and len(rule.body.parts) > 1:
                return name, parts
    return None


def _names(fields: Fields, before: str = "") -> Iterator[str]:
    """Yield the names by which rules can be changed, from the outside in."""
    for name, rule in fields.items():
        yield before + name
        yield from _names_inside(rule.body, f"{before}{name}.")


def _names_inside(body: Body, before: str) -> Iterator[str]:
    if isinstance(body, NestedBody):
        yield from _names(body.fields, before)
    elif isinstance(body, ListBody):
        for part in body.parts:
            if part.name is not None:
                yield before + part.name
            inner = f"{before}{part.name}." if part.name is not None else before
            if isinstance(part.body, NestedBody):
                yield from _names(part.body.fields, inner)
