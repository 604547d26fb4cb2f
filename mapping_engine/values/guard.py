"""
Test a value that is about to be sent against the type of its field.

Values here are typed already: dates are dates. Used for what could not be proved of a
rule beforehand, and for answers of look-ups.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from mapping_engine.values.bounds import (
    group_misfits,
    list_misfits,
    number_misfits,
    text_misfits,
)
from mapping_engine.values.misfit import Misfit, inside
from mapping_engine.values.types import (
    Boolean,
    Date,
    DateTime,
    List,
    Nothing,
    Number,
    Object,
    Text,
    Type,
    Unknown,
)
from mapping_engine.values.value import MISSING, Value, type_word
from mapping_engine.values.words import phrase

__all__ = ["breaches"]


def breaches(value: Value, type: Type) -> tuple[Misfit, ...]:
    """Return everything in which a value does not fit a type; nothing when it fits."""
    return tuple(_breaches(value, type, ""))


def _breaches(value: Value, type: Type, path: str) -> Iterator[Misfit]:
    if isinstance(type, Unknown):
        return
    if value is MISSING:
        if not type.absent:
            yield Misfit(path, "missing", phrase(type), "absent")
        return
    if value is None:
        if not type.null:
            yield Misfit(path, "null", phrase(type), "null")
        return
    match type, value:
        case Text(), str():
            yield from text_misfits(value, type, path)
        case Number(), Decimal():
            yield from number_misfits(value, type, path)
        case List(), list():
            yield from list_misfits(value, type, path)
            for place, item in enumerate(value):
                if item is not MISSING:
                    yield from _breaches(item, type.item, inside(path, place))
        case Object(), dict():
            yield from _of_object(value, type, path)
        case _ if not _is_of(value, type):
            yield Misfit(path, "wrong_type", phrase(type.present()), type_word(value))


def _is_of(value: Value, type: Type) -> bool:
    """Whether a value is of a kind that has no bounds of its own."""
    match type:
        case Boolean():
            return isinstance(value, bool)
        case DateTime():
            return isinstance(value, datetime) and value.tzinfo is not None
        case Date():
            return isinstance(value, date) and not isinstance(value, datetime)
        case Nothing():
            return False
        case _:
            return False


def _of_object(value: dict[str, Value], type: Object, path: str) -> Iterator[Misfit]:
    there = [name for name, each in value.items() if each is not MISSING]
    for name in there:
        inner = type.fields.get(name, type.others)
        if inner is None:
            yield Misfit(inside(path, name), "unknown_member", f"`{type.name}`", "unknown")
        elif not isinstance(inner, Unknown):
            yield from _breaches(value[name], inner, inside(path, name))
    for name, inner in type.fields.items():
        if name not in there:
            yield from _breaches(MISSING, inner, inside(path, name))
    yield from group_misfits(there, type, path)
