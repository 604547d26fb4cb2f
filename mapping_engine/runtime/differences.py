"""
What differs between two payloads, and the smallest update that makes one of the other.

An update names what changes and what the target demands; what it does not name stays, null
clears, and a list is replaced whole. Objects are gone into, member by member.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from mapping_engine.values.types import Object
from mapping_engine.values.value import MISSING, Value

__all__ = ["Path", "applied", "at", "changes", "demanded", "same", "with_value"]

#: The names of the members that lead to a value.
Path: TypeAlias = tuple[str, ...]


def same(left: Value, right: Value) -> bool:
    """Whether two plain values are the same, to the kind: `true` is not 1."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return isinstance(left, bool) is isinstance(right, bool) and left == right


def changes(before: Mapping[str, Value], after: Mapping[str, Value]) -> Iterator[Path]:
    """Yield the places at which `after` says something else than `before`."""
    for name, new in after.items():
        old = before.get(name, MISSING)
        if isinstance(new, dict):
            inner = old if isinstance(old, dict) else {}
            yield from ((name, *path) for path in changes(inner, new))
        elif old is MISSING or not same(old, new):
            yield (name,)


def at(whole: Value, path: Path) -> Value:
    """Return the value at a place; absent where there is none."""
    for name in path:
        whole = whole.get(name, MISSING) if isinstance(whole, dict) else MISSING
    return whole


def with_value(whole: Mapping[str, Value], path: Path, value: Value) -> dict[str, Value]:
    """Return the same object with another value at a place; an absent one is taken away."""
    copy = dict(whole)
    name, *below = path
    if below:
        inner = copy.get(name)
        value = with_value(inner if isinstance(inner, dict) else {}, tuple(below), value) or MISSING
    if value is MISSING:
        copy.pop(name, None)
    else:
        copy[name] = value
    return copy


def applied(old: Mapping[str, Value], update: Mapping[str, Value]) -> dict[str, Value]:
    """Return what a target holds after an update: what is not named stays."""
    held = dict(old)
    for name, new in update.items():
        inner = held.get(name)
        if isinstance(new, dict):
            new = applied(inner if isinstance(inner, dict) else {}, new)
        held[name] = new
    return held


def demanded(
    update: Mapping[str, Value], whole: Mapping[str, Value], target: Object
) -> dict[str, Value]:
    """Return an update with what the target demands, as it stands in the whole payload.

    The members of an object that is named are asked, too.
    """
    full: dict[str, Value] = {}
    for name in whole:
        kind = target.fields.get(name)
        said, held = update.get(name, MISSING), whole[name]
        if said is MISSING:
            if kind is not None and not kind.absent:
                full[name] = held
        elif isinstance(said, dict) and isinstance(held, dict) and isinstance(kind, Object):
            full[name] = demanded(said, held, kind)
        else:
            full[name] = said
    for name in _group(target.needs_one_of, full, whole):
        full.setdefault(name, whole[name])
    return full


def _group(
    groups: Sequence[Sequence[str]], update: Mapping[str, Value], whole: Mapping[str, Value]
) -> Sequence[str]:
    """Return the names of the first group that is there, when the update has none of them."""
    if any(all(name in update for name in group) for group in groups):
        return ()
    return next((each for each in groups if all(name in whole for name in each)), ())
