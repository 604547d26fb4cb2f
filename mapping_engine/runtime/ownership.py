"""
Keep changes on the side that owns a field: the record's system, or the system of the pack.

`owner: record` says that a field, or a whole kind, is changed where the record comes from;
the name of the pack, that it is changed there. A change from the other side is not carried
over. It is a skip, or a warning beside changes that are carried over, and both name the owner.
A list is carried over whole or not: it stays as it was when a member that the other side owns
is another in one of its items.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from mapping_engine.packs.model import FieldRule, Pack
from mapping_engine.runtime.differences import Path, at, same
from mapping_engine.runtime.outcome import Skipped, Totals, Warned
from mapping_engine.runtime.problems import skipped_here, switched_off
from mapping_engine.runtime.program import Build, FieldStep, MakeItems, MakeObject, MappingProgram
from mapping_engine.source.text import Span
from mapping_engine.values.value import Value

__all__ = ["FOREIGN", "Ownership", "said_on_updates", "standing"]

FOREIGN = "owner_is_other_system"
_RECORD = "record"


def standing(pack: Pack, mapping: MappingProgram) -> Skipped | None:
    """Return why every record of a mapping is skipped: its switch is off, the others own it."""
    if mapping.switched_off is not None:
        name = mapping.switched_off
        return Skipped("switch_off", f"the switch `{name}` is off",
                       switched_off(mapping.span, None, name))  # fmt: skip
    alike = (each for each in pack.mappings.values() if each.record.value == mapping.kind)
    rule = pack.mappings.get(mapping.name) or next(alike, None)
    owner = rule.owner if rule is not None else None
    if owner is None or not _is_foreign(owner.value, pack, mapping):
        return None
    because = f"records of the kind `{mapping.kind}` are kept in {_named(owner.value, pack)}"
    return Skipped(FOREIGN, because, skipped_here(owner.span, None, FOREIGN, because))


def said_on_updates(build: Build) -> Iterator[Path]:
    """Yield the places that every update says, changed or not: those with `only_on: update`."""
    return (path for path, rule in _members(build) if rule.only_on == "update")


class Ownership(Struct):
    """What one update may not touch, and what it would have touched by the wrong side."""

    pack: Pack
    mapping: MappingProgram
    #: The fields that were changed by the wrong side, with the place of the rule and the owner.
    met: dict[str, tuple[Span, str]] = field(default_factory=dict)

    def kept(
        self, build: Build, paths: Iterable[Path], old: Mapping[str, Value],
        new: Mapping[str, Value],
    ) -> Iterator[Path]:  # fmt: skip
        """Yield the places that keep their value: owned elsewhere, or only said on create.

        `paths` are those at which the `new` payload says something else than the `old` one.
        """
        for path in paths:
            rules = tuple(_rules(build, path, at(old, path), at(new, path)))
            foreign = [each.owner for each in rules if each.owner]
            foreign = [each for each in foreign if self._is_foreign(each.value)]
            if foreign:
                self.met[".".join(path)] = foreign[-1].span, foreign[-1].value
            if foreign or any(each.only_on == "create" for each in rules):
                yield path

    def _is_foreign(self, owner: str) -> bool:
        return _is_foreign(owner, self.pack, self.mapping)

    @property
    def warnings(self) -> tuple[Warned, ...]:
        """What goes along with the changes that are carried over."""
        return tuple(Warned(FOREIGN, self._sentence(name)) for name in self.met)

    def skipped(self, totals: Totals | None) -> Skipped | None:
        """Return the skip of a record of which only the wrong side changed something."""
        if not self.met:
            return None
        span = next(iter(self.met.values()))[0]
        because = "; ".join(self._sentence(name) for name in self.met)
        return Skipped(FOREIGN, because, skipped_here(span, None, FOREIGN, because), totals)

    def _sentence(self, name: str) -> str:
        return f"`{name}` is changed in {_named(self.met[name][1], self.pack)} only"


def _is_foreign(owner: str, pack: Pack, mapping: MappingProgram) -> bool:
    """Whether the side that a mapping reads is not the one that owns."""
    return owner == (_RECORD if mapping.direction == "in" else pack.name)


def _named(owner: str, pack: Pack) -> str:
    """Return how a sentence calls an owner."""
    return "the system of the record" if owner == _RECORD else f"{pack.title} (`{pack.name}`)"


def _rules(build: Build, path: Path, old: Value, new: Value) -> Iterator[FieldRule]:
    """Yield the rules that fill a place, the outermost first, and those that fill items of it."""
    if isinstance(build, MakeItems) and not path:
        yield from _rules_of_items(build, *(each if isinstance(each, list) else []
                                            for each in (old, new)))  # fmt: skip
    if not isinstance(build, MakeObject):
        return
    for step in build.fields:
        length = len(step.path)
        if path[:length] in _paths(step):
            yield step.rule
            yield from _rules(step.build, path[length:], old, new)


def _rules_of_items(build: MakeItems, old: list[Value], new: list[Value]) -> Iterator[FieldRule]:
    """Yield the rules of members that are not the same in all items."""
    for part in build.parts:
        for path, rule in _members(part.build):
            if not same([at(each, path) for each in old], [at(each, path) for each in new]):
                yield rule


def _members(build: Build) -> Iterator[tuple[Path, FieldRule]]:
    """Yield the members of an object, down to the innermost, with the rules that fill them."""
    for step in build.fields if isinstance(build, MakeObject) else ():
        yield from ((path, step.rule) for path in _paths(step))
        yield from (((*step.path, *path), rule) for path, rule in _members(step.build))


def _paths(step: FieldStep) -> tuple[Path, ...]:
    """Return the places that a rule fills: one, or each of the numbered fields of a list."""
    names = [name for slot in step.slots for name in slot.values()] or [step.path[-1]]
    return tuple((*step.path[:-1], name) for name in names)
