"""
What a condition tells about the fields it asks.

`facts(condition, holds)` gives, by path, the type that a value has once the condition is
known to hold (or not to). Asking is done with `is present`, `is empty`, `==` and `in`,
through `and`, `or`, `not` and helpers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from mapping_engine.language.scope import meet, path_of
from mapping_engine.language.typed import (
    All,
    Any,
    Constant,
    Equal,
    Get,
    IsEmpty,
    OneOf,
    Opposite,
    Typed,
    Variable,
)
from mapping_engine.values.types import Text, Type, Unknown, union
from mapping_engine.values.value import is_empty, is_nothing

__all__ = ["Facts", "facts"]

Facts = dict[str, Type]


def facts(condition: Typed, holds: bool, definitions: Mapping[str, Typed]) -> Facts:
    """Return what is known by path when `condition` holds (or, `holds` false, does not)."""
    match condition:
        case Opposite(operand=operand):
            return facts(operand, not holds, definitions)
        case All(operands=operands) if holds:
            return _together(facts(each, True, definitions) for each in operands)
        case Any(operands=operands) if not holds:
            return _together(facts(each, False, definitions) for each in operands)
        case All(operands=operands) | Any(operands=operands):
            return _in_any_case([facts(each, holds, definitions) for each in operands])
        case IsEmpty(operand=operand, negated=negated):
            return _present(operand) if negated is holds else {}
        case Equal(left=left, right=right, negated=negated):
            equal = negated is not holds
            return _equal(left, right, equal) | _equal(right, left, equal)
        case OneOf(item=item, items=Constant(value=list() as words), negated=negated):
            return _one_of(item, words, negated is not holds)
        case Variable(key=key) if key in definitions:
            return facts(definitions[key], holds, definitions)
        case _:
            return {}


def _together(several: Iterable[Facts]) -> Facts:
    merged: Facts = {}
    for known in several:
        for path, kind in known.items():
            merged[path] = meet(merged[path], kind) if path in merged else kind
    return merged


def _in_any_case(several: list[Facts]) -> Facts:
    """Return what holds whichever of the alternatives is the case."""
    shared = set(several[0]).intersection(*several[1:]) if several else set()
    merged: Facts = {}
    for path in sorted(shared):
        kind: Type | None = several[0][path]
        for other in several[1:]:
            kind = union(kind, other[path]) if kind is not None else None
        if kind is not None:
            merged[path] = kind
    return merged


def _present(node: Typed) -> Facts:
    """Return that `node` is there, and so is everything on the way to it."""
    known: Facts = {}
    path = path_of(node)
    if path is None:
        return known
    known[path] = node.type.present()
    while isinstance(node, Get):
        node = node.of
        above = path_of(node)
        if above is None:
            break
        known[above] = node.type.there()
    return known


def _equal(node: Typed, other: Typed, equal: bool) -> Facts:
    path = path_of(node)
    if path is None:
        return {}
    if isinstance(other, Constant) and isinstance(other.value, str):
        return _one_of(node, [other.value], equal)
    if equal and _is_there(other):
        # Two blank texts are equal, and so are two empty lists.
        there = node.type.there()
        return _present(node) | ({path: there} if other.type.can_be_empty else {})
    if not equal and isinstance(other, Constant) and is_nothing(other.value):
        return {path: node.type.there()}
    return {}


def _is_there(node: Typed) -> bool:
    """Whether a value is certainly there; a mistake already reported passes for one."""
    is_open = isinstance(node.type, Unknown) and not isinstance(node, Constant)
    return not (node.type.can_be_nothing or is_open)


def _one_of(node: Typed, words: list[object], among: bool) -> Facts:
    path = path_of(node)
    if path is None:
        return {}
    if among and any(is_empty(word) for word in words):
        return {}
    known = _present(node) if among else {path: node.type}
    kind = known[path]
    texts = [word for word in words if isinstance(word, str)]
    if isinstance(kind, Text) and len(texts) == len(words):
        choices = kind.choices
        if among:
            kept = tuple(texts if choices is None else (w for w in choices if w in texts))
            known[path] = replace(kind, choices=kept)
        elif choices is not None:
            known[path] = replace(kind, choices=tuple(w for w in choices if w not in texts))
    return known
