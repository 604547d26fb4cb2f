"""
Write field rules as lines of the page: every field with what it is filled with, lists unfolded.

A field inside an object is named with it (`Client.Id`), one of a list's items with `[]`
(`LineItems[].Amount`). What only holds other fields has a line of its own where there is
something to say of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.packs.model import (
    FieldRule,
    Formula,
    ListBody,
    ListPart,
    NestedBody,
    Origin,
    PayloadRule,
    TemplateBody,
)
from mapping_engine.values.types import List, Number, Object, Text, Type
from mapping_engine.values.words import count_words, range_words, words
from mapping_engine.workbench.page_records import FieldLine
from mapping_engine.workbench.page_view import View, sentence
from mapping_engine.workbench.page_words import Word, Words, human, joined
from mapping_engine.workbench.plain_words import Speaker
from mapping_engine.workbench.showing import formula_text

__all__ = ["FieldLines", "items_words", "named_rules"]

_SAID: Final = {
    ("on_empty", "omit"): "left out when it is empty",
    ("on_empty", "null"): "emptied there when it is empty here",
    ("on_empty", "reject"): "the record is refused when it is empty",
    ("on_error", "omit"): "left out when it cannot be worked out",
    ("only_on", "create"): "only when it is made, not when it is changed later",
    ("only_on", "update"): "only when it is changed, not when it is made",
    ("one_way", "out"): "does not come back",
    ("one_way", "back"): "comes back only",
}


class FieldLines(Struct, frozen=True):
    """Writes the rules of one payload. `root` is the schema's path; None where there is none."""

    view: View
    speaker: Speaker
    root: str | None = None

    def lines(self, rules: Mapping[str, FieldRule], prefix: str = "") -> Iterator[FieldLine]:
        """Yield the lines of rules, those inside objects and lists included."""
        for rule in rules.values():
            yield from self._rule(rule, f"{prefix}{rule.name}")

    def helpers(self, rules: Mapping[str, FieldRule], prefix: str = "") -> Iterator[FieldLine]:
        """Yield the lines of helper values, which fill no field themselves."""
        own = replace(self, root=None)
        for rule in rules.values():
            yield from own._rule(rule, f"{prefix}{human(rule.name)}")

    def _rule(self, rule: FieldRule, name: str) -> Iterator[FieldLine]:
        notes = tuple(self._notes(rule))
        match rule.body:
            case Formula() as formula:
                said = self.speaker.formula(formula)
                yield self._line(name, said, formula_text(formula), notes=notes, origin=rule.origin)
            case TemplateBody(node=node):
                said = sentence("a text made from the template")
                yield self._line(name, said, node.text, notes=notes, origin=rule.origin)
            case NestedBody(fields=fields):
                if notes:
                    said = sentence("made of the fields below")
                    yield self._line(name, said, "", notes=notes, origin=rule.origin)
                yield from self.lines(fields, f"{name}.")
            case ListBody(parts=parts):
                for place, part in enumerate(parts):
                    yield from self._part(part, name, () if place else notes)

    def _part(self, part: ListPart, name: str, notes: tuple[Words, ...]) -> Iterator[FieldLine]:
        said = items_words(part, self.speaker)
        called = (Word(human(part.name), "name"), Word(": ")) if part.name else ()
        rule = ""
        if isinstance(part.body, Formula):
            said = (*said, Word(": "), *self.speaker.formula(part.body))
            rule = formula_text(part.body)
        if part.when is not None:
            notes = (*notes, (Word("only when "), *self.speaker.when(part.when)))
        yield self._line(f"{name}[]", (*called, *said), rule, notes=notes, origin=part.origin)
        yield from self.helpers(part.let, f"{name}[]: ")
        if isinstance(part.body, NestedBody):
            yield from self.lines(part.body.fields, f"{name}[].")

    def _line(
        self, name: str, said: Words, rule: str, *, notes: tuple[Words, ...], origin: Origin
    ) -> FieldLine:
        path = f"{self.root}.{name.replace('[]', '')}"
        schemas = self.view.opened.schemas
        type = schemas.member(path) if self.root else None
        if type is not None and name.endswith("[]") and isinstance(type, List):
            type = replace(type.item, absent=type.absent) if rule else None
        about = (schemas.description(path) if self.root else None) or ""
        is_demanded = type is not None and not type.absent
        takes = _takes(type) if type is not None else ""
        return FieldLine(
            name, takes, is_demanded, about, said, rule, notes, self.view.source(origin)
        )

    def _notes(self, rule: FieldRule) -> Iterator[Words]:
        if rule.when is not None:
            yield (Word("only when "), *self.speaker.when(rule.when))
        for key in ("on_empty", "on_error", "only_on", "one_way"):
            said = _SAID.get((key, getattr(rule, key) or ""))
            if said:
                yield sentence(said)
        if rule.owner is not None:
            yield self.owner(rule.owner.value)
        if rule.because is not None:
            yield (Word("because "), *self.speaker.sentence(rule.because))

    def owner(self, name: str) -> Words:
        """Return on which side something is changed."""
        pack = self.view.opened.pack
        there = f"in {pack.title} only, not on the other side"
        here = f"on the other side only, not in {pack.title}"
        return sentence(f"changed {there if name == pack.name else here}")


def named_rules(
    rules: Mapping[str, FieldRule], prefix: str = ""
) -> Iterator[tuple[str, FieldRule]]:
    """Yield rules with their whole names, those inside objects and lists included."""
    for rule in rules.values():
        name = f"{prefix}{rule.name}"
        yield name, rule
        if isinstance(rule.body, NestedBody):
            yield from named_rules(rule.body.fields, f"{name}.")
        for part in rule.body.parts if isinstance(rule.body, ListBody) else ():
            if isinstance(part.body, NestedBody):
                yield from named_rules(part.body.fields, f"{name}[].")


def items_words(part: ListPart | PayloadRule, speaker: Speaker) -> Words:
    """Return for what each item of a list, or each payload, is made."""
    if part.each is None:
        return sentence("one item")
    each = speaker.formula(part.each)
    if not part.group_by:
        return (Word("one for each of "), *each)
    keys = joined(
        ((Word(human(name.value), "name"), Word(" ("), *speaker.formula(by), Word(")"))
         for name, by in part.group_by), " and ",
    )  # fmt: skip
    return (Word("one for all of "), *each, Word(" with the same "), *keys)


def _takes(type: Type) -> str:
    """Return what a field takes: its type, with its length or range."""
    if isinstance(type, Object):
        return ""
    bare = replace(type, absent=False, null=False)
    said = words(bare).replace("`", "")
    match bare:
        case Text(choices=None, max_length=int(most)):
            return f"{said}, up to {count_words(most, 'character')}"
        case Number() if bare.minimum is not None or bare.maximum is not None:
            return f"{said}, {range_words(bare)}"
        case _:
            return said
