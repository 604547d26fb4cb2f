"""
Prove that whatever a given type allows, its target takes; or say what stands in the way.

Kinds: type, absent, null, blank, enum, scale, unit, length, range, pattern, format,
list_size, unique, missing_member, unknown_member, needs_one_of. Which of them must be
proved and which are tested on every value instead is decided by who asks. Paths are
those of the target; the items of a list are written `[]`.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from mapping_engine.values.bounds import text_misfits
from mapping_engine.values.misfit import Misfit, inside
from mapping_engine.values.types import (
    List,
    Nothing,
    Number,
    Object,
    Text,
    Type,
    Unknown,
)
from mapping_engine.values.units import alike
from mapping_engine.values.words import choice_words, count_words, range_words, state, words

__all__ = ["Misfit", "misfits"]

#: What a test of an enum's word says, and the kind it has here.
_KINDS = {
    "too_long": "length",
    "too_short": "length",
    "bad_pattern": "pattern",
    "bad_format": "format",
    "blank": "blank",
}


def misfits(given: Type, target: Type) -> tuple[Misfit, ...]:
    """Return everything in which a value of type `given` may not fit `target`."""
    return tuple(dict.fromkeys(_misfits(given, target, "")))


def _misfits(given: Type, target: Type, path: str) -> Iterator[Misfit]:
    if isinstance(given, Unknown) or isinstance(target, Unknown):
        return
    if given.absent and not target.absent:
        yield Misfit(path, "absent", words(target), state(given))
    if given.null and not target.null:
        yield Misfit(path, "null", words(target), state(given))
    match given, target:
        case Nothing(), _:
            return
        case Text(), Text():
            yield from _texts(given, target, path)
        case Number(), Number():
            yield from _numbers(given, target, path)
        case List(), List():
            yield from _lists(given, target, path)
        case Object(), Object():
            yield from _objects(given, target, path)
        case _ if type(given) is not type(target):
            yield Misfit(path, "type", words(target.present()), words(given.present()))


def _texts(given: Text, target: Text, path: str) -> Iterator[Misfit]:
    if given.choices is not None:
        yield from _words_of_enum(given.choices, target, path)
        return
    if target.choices is not None:
        yield Misfit(path, "enum", choice_words(target.choices), words(given.present()))
        return
    if given.blank and not target.blank:
        yield Misfit(path, "blank", "text that is not blank", "text that can be blank")
    most, least = target.max_length, target.min_length
    if most is not None and (given.max_length is None or given.max_length > most):
        yield Misfit(path, "length", f"at most {count_words(most, 'character')}", _longest(given))
    shortest = given.min_length if given.blank else max(given.min_length, 1)
    was_asked = least == 1 and given.blank and not target.blank
    if shortest < least and not was_asked:
        got = f"at least {count_words(shortest, 'character')}"
        yield Misfit(path, "length", f"at least {count_words(least, 'character')}", got)
    if target.pattern is not None and given.pattern != target.pattern:
        yield Misfit(path, "pattern", f"text like `{target.pattern}`", words(given.present()))
    if target.format is not None and given.format != target.format:
        yield Misfit(path, "format", words(target.present()), words(given.present()))


def _longest(given: Text) -> str:
    if given.max_length is None:
        return "text of any length"
    return f"at most {count_words(given.max_length, 'character')}"


def _words_of_enum(choices: tuple[str, ...], target: Text, path: str) -> Iterator[Misfit]:
    """Test the words one by one: there is nothing to prove about them."""
    if target.choices is choices:
        return
    if target.choices is not None:
        foreign = tuple(each for each in choices if each not in target.choices)
        if foreign:
            yield Misfit(path, "enum", choice_words(target.choices), choice_words(foreign))
        return
    for each in choices:
        for found in text_misfits(each, target, path):
            yield replace(found, kind=_KINDS[found.kind])


def _numbers(given: Number, target: Number, path: str) -> Iterator[Misfit]:
    if target.scale is not None and (given.scale is None or given.scale > target.scale):
        yield Misfit(path, "scale", words(target.present()), words(given.present()))
    if not alike(target.unit, given.unit):
        yield Misfit(path, "unit", str(target.unit), str(given.unit))
    if not (_low_enough(given, target) and _high_enough(given, target)):
        yield Misfit(path, "range", range_words(target), range_words(given))


def _low_enough(given: Number, target: Number) -> bool:
    """Whether nothing given lies below what the target takes."""
    if target.minimum is None:
        return True
    if given.minimum is None or given.minimum < target.minimum:
        return False
    return given.minimum > target.minimum or given.above or not target.above


def _high_enough(given: Number, target: Number) -> bool:
    if target.maximum is None:
        return True
    if given.maximum is None or given.maximum > target.maximum:
        return False
    return given.maximum < target.maximum or given.below or not target.below


def _lists(given: List, target: List, path: str) -> Iterator[Misfit]:
    least, most = target.min_items, target.max_items
    if given.min_items < least:
        got = f"at least {count_words(given.min_items, 'item')}"
        yield Misfit(path, "list_size", f"at least {count_words(least, 'item')}", got)
    if most is not None and (given.max_items is None or given.max_items > most):
        yield Misfit(path, "list_size", f"at most {count_words(most, 'item')}", "a longer list")
    if target.unique and not given.unique:
        yield Misfit(path, "unique", "a list of different items", "a list with any items")
    if given.max_items != 0:
        # An absent item is left out of its list.
        yield from _misfits(replace(given.item, absent=False), target.item, f"{path}[]")


def _objects(given: Object, target: Object, path: str) -> Iterator[Misfit]:
    for name, wanted in target.fields.items():
        place = inside(path, name)
        if name in given.fields:
            yield from _misfits(given.fields[name], wanted, place)
        elif given.others is not None:
            yield from _misfits(replace(given.others, absent=True), wanted, place)
        elif not wanted.absent:
            yield Misfit(place, "missing_member", words(wanted), "absent")
    for name, each in given.fields.items():
        is_never_there = isinstance(each, Nothing) and not each.null
        if name not in target.fields and not is_never_there:
            yield from _other(each, target, inside(path, name))
    if given.others is not None:
        yield from _other(replace(given.others, absent=True), target, inside(path, "*"))
    yield from _groups(given, target, path)


def _other(given: Type, target: Object, path: str) -> Iterator[Misfit]:
    """Say what is wrong with a member that the target does not list."""
    if target.others is None:
        yield Misfit(path, "unknown_member", f"`{target.name}`", words(given))
    else:
        yield from _misfits(replace(given, absent=False), target.others, path)


def _groups(given: Object, target: Object, path: str) -> Iterator[Misfit]:
    groups = target.needs_one_of
    if not groups or (given.needs_one_of and set(given.needs_one_of) <= set(groups)):
        return
    there = {name for name, each in given.fields.items() if not each.absent}
    if not any(there.issuperset(group) for group in groups):
        wanted = " or ".join(" with ".join(f"`{name}`" for name in group) for group in groups)
        yield Misfit(path, "needs_one_of", f"an object with {wanted}", "one that may have neither")
