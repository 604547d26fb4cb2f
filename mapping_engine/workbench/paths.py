"""
Find which fields of a record a mapping reads, by their dotted names.

Reading an object or a list as a whole (`link("Contact", contact)`, `count(lines)`) reads
all that is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mapping_engine.language.typed import (
    Filter,
    ForEach,
    Gather,
    Get,
    Typed,
    Variable,
    inner,
)  # fmt: skip
from mapping_engine.runtime.program import Compute, HelperStep, MappingProgram
from mapping_engine.runtime.walking import parts_of, typed_roots

__all__ = ["read_paths"]


def read_paths(program: MappingProgram) -> frozenset[str]:
    """Return the dotted names of all that a mapping reads of what comes in."""
    reader = _Reader(program)
    lists = {id(each) for each in _lists(program)}
    for root in typed_roots(program):
        if id(root) not in lists or not reader.is_place(root):
            reader.take(root)
    return frozenset(reader.found)


def _lists(program: MappingProgram) -> Iterator[Typed]:
    """Yield the lists that are gone through item by item: only what the items give is read."""
    lists = [each.each for each in parts_of(program)]
    lists += [side.each for total in program.totals for side in (total.read, total.made)]
    yield from (each for each in lists if each is not None)


class _Reader:
    """Remembers which key stands for which part of the record, and what was read."""

    def __init__(self, program: MappingProgram) -> None:
        self.found: set[str] = set()
        self._places: dict[str, str | None] = {program.input_key: ""}
        self._name_helpers(program.helpers)
        for part in parts_of(program):
            self._name_helpers(part.helpers)
            if part.each is not None:
                place = self._place(part.each)
                self._places[part.item_key] = place
                if part.group is not None:
                    self._places[part.group.items_key] = place
        for total in program.totals:
            for side in total.sides:
                if side.each is not None:
                    self._places[side.item_key] = self._place(side.each)

    def _name_helpers(self, helpers: Iterable[HelperStep]) -> None:
        for each in helpers:
            if isinstance(each.build, Compute):
                self._places[each.key] = self._place(each.build.expression)

    def is_place(self, node: Typed) -> bool:
        """Whether a node is a part of the record, not something computed."""
        return self._place(node) is not None

    def take(self, node: Typed) -> None:
        """Take in what a node reads, and what is read inside it."""
        place = self._place(node)
        if place is not None:
            if place:
                self.found.add(place)
            return
        if isinstance(node, ForEach | Filter):
            self._places[node.key] = self._place(node.of)
            if self._place(node.of) is None:
                self.take(node.of)
            for each in inner(node)[1:]:
                self.take(each)
        elif isinstance(node, Gather):
            self.found |= {name for _, members in node.slots for _, name in members}
        else:
            for each in inner(node):
                self.take(each)

    def _place(self, node: Typed) -> str | None:
        """Return the dotted name of the part of the record that a node is; None for others."""
        match node:
            case Variable(key=key):
                return self._places.get(key)
            case Get(of=of, name=name):
                above = self._place(of)
                return None if above is None else f"{above}.{name}" if above else name
            case Filter(of=of):
                return self._place(of)
            case _:
                return None
