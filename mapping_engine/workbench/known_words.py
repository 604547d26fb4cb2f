"""
Gather the words that an editor can offer: what schemas, packs and the engine declare.

Each list is a table of words with what they mean, in a fixed order. Only what holds for
every pack is offered; the names inside one pack are `validate`'s business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from mapping_engine.packs.columns import TYPE_WORDS
from mapping_engine.packs.finder import pack_names
from mapping_engine.packs.reasons import ENGINE_REASONS
from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.values.types import List, Object, Text, Type

__all__ = ["Words", "known_words"]

#: A list's name → its words → what each means (nothing when the word says it).
Words: TypeAlias = Mapping[str, Mapping[str, str]]

_DEEPEST = 3


def known_words(root: Path) -> Words:
    """Return the words of the schemas and packs below `root`."""
    store = SchemaStore([root / "schemas"])
    kinds = store.kinds()
    objects: dict[str, str] = {}
    for system in store.systems():
        for each in store.objects(system):
            objects[each] = f"{objects[each]}, {system}" if each in objects else f"of {system}"
    packs = pack_names([root / "rules"])
    return {
        "kinds": dict.fromkeys(kinds, ""),
        "objects": objects,
        "packs": dict.fromkeys(packs, ""),
        "owners": dict.fromkeys(("record", *packs), ""),
        "reasons": {name: reason.because for name, reason in sorted(ENGINE_REASONS.items())},
        "origins": {"firm": "the firm brings the rows", "connector": "the connector knows them"},
        "types": dict.fromkeys((*TYPE_WORDS, *_choices(store, kinds)), ""),
    }


def _choices(store: SchemaStore, kinds: list[str]) -> Iterator[str]:
    """Yield the paths of all fields that are one of a few words."""
    for kind in kinds:
        yield from _paths(f"canonical.{kind}", store.canonical(kind), _DEEPEST)
    for system in store.systems():
        for each in store.objects(system):
            yield from _paths(f"{system}.{each}", store.target(system, each), _DEEPEST)


def _paths(path: str, type: Type | None, deeper: int) -> Iterator[str]:
    match type:
        case Text(choices=tuple() as choices) if len(choices) > 1:
            yield path
        case List(item=item):
            yield from _paths(path, item, deeper)
        case Object(fields=fields) if deeper:
            for name, each in fields.items():
                yield from _paths(f"{path}.{name}", each, deeper - 1)
        case _:
            pass
