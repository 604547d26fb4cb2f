"""
Test one value, already of the right kind, against what its type says: length, range, enum…

Shared by reading a record (`conform`) and testing what is sent (`guard`), so that both
mean the same by every bound.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Final

from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.values.misfit import Misfit, shown
from mapping_engine.values.number import trimmed, within_limits
from mapping_engine.values.pattern import compile_pattern
from mapping_engine.values.types import List, Number, Object, Text
from mapping_engine.values.value import MISSING, Value, is_nothing
from mapping_engine.values.words import choice_words, count_words, phrase, range_words

__all__ = ["group_misfits", "in_range", "list_misfits", "number_misfits", "text_misfits"]

_CLOCK: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
#: What the formats of a schema look like.
_FORMATS: Final = {
    "email": re.compile(r"[^@\s]+@[^@\s]+").fullmatch,
    "time": re.compile(rf"{_CLOCK}(?::[0-5][0-9](?:\.[0-9]+)?)?(?:Z|[+-]{_CLOCK})?").fullmatch,
    "uri": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+").fullmatch,
    "uuid": re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}").fullmatch,
}


def text_misfits(text: str, type: Text, path: str, limits: Limits = DEFAULT_LIMITS) -> list[Misfit]:
    """Return what is wrong with a text."""
    if type.choices is not None:
        if text in type.choices:
            return []
        return [Misfit(path, "not_in_enum", choice_words(type.choices), "text", shown(text, type))]
    if not type.blank and (not text or text.isspace()):
        return [Misfit(path, "blank", "text that is not blank", "blank text")]
    found: list[Misfit] = []
    size = len(text)
    most = limits.text_size if type.max_length is None else min(type.max_length, limits.text_size)
    if size > most:
        expected, got = f"at most {count_words(most, 'character')}", count_words(size, "character")
        found.append(Misfit(path, "too_long", expected, got, shown(text, type)))
    if size < type.min_length:
        expected = f"at least {count_words(type.min_length, 'character')}"
        got = count_words(size, "character")
        found.append(Misfit(path, "too_short", expected, got, shown(text, type)))
    if type.pattern is not None and not compile_pattern(type.pattern).matches(text):
        expected = f"text like `{type.pattern}`"
        found.append(Misfit(path, "bad_pattern", expected, "text", shown(text, type)))
    looks_right = _FORMATS.get(type.format) if type.format is not None else None
    if looks_right and text.strip() and not looks_right(text):
        expected = phrase(type.present())
        found.append(Misfit(path, "bad_format", expected, "text", shown(text, type)))
    return found


def number_misfits(
    number: Decimal, type: Number, path: str, limits: Limits = DEFAULT_LIMITS
) -> list[Misfit]:
    """Return what is wrong with a number."""
    if not within_limits(number, limits):
        expected = f"a number of {limits.number_digits} digits at most, neither huge nor tiny"
        return [Misfit(path, "out_of_range", expected, "number", shown(number, type))]
    found: list[Misfit] = []
    if type.scale is not None and trimmed(number, type.scale) is None:
        found.append(Misfit(path, "scale", phrase(type.present()), "number", shown(number, type)))
    if not in_range(number, type):
        found.append(Misfit(path, "out_of_range", range_words(type), "number", shown(number, type)))
    return found


def in_range(number: Decimal, type: Number) -> bool:
    """Whether a number keeps between the bounds of its type."""
    low, high = type.minimum, type.maximum
    return not (
        (low is not None and (number < low or (type.above and number == low)))
        or (high is not None and (number > high or (type.below and number == high)))
    )


def list_misfits(
    items: Sequence[Value], type: List, path: str, limits: Limits = DEFAULT_LIMITS
) -> list[Misfit]:
    """Return what is wrong with the length of a list and with items that stand in it twice."""
    found: list[Misfit] = []
    most = limits.list_items if type.max_items is None else min(type.max_items, limits.list_items)
    if len(items) > most:
        got = count_words(len(items), "item")
        found.append(Misfit(path, "too_many_items", f"at most {count_words(most, 'item')}", got))
    if len(items) < type.min_items:
        got = count_words(len(items), "item")
        least = f"at least {count_words(type.min_items, 'item')}"
        found.append(Misfit(path, "too_few_items", least, got))
    if type.unique and len({_key(each) for each in items}) < len(items):
        expected, got = "a list of different items", "a list with equal items"
        found.append(Misfit(path, "not_unique", expected, got))
    return found


def _key(value: Value) -> object:
    """Return what two equal values have in common and different ones have not."""
    if isinstance(value, list):
        return tuple(map(_key, value))
    if isinstance(value, dict):
        return frozenset((name, _key(each)) for name, each in value.items() if each is not MISSING)
    return None if is_nothing(value) else (type(value), value)


def group_misfits(names: Collection[str], type: Object, path: str) -> list[Misfit]:
    """Return a misfit when of the groups of which one must be there, none is."""
    groups = type.needs_one_of
    if not groups or any(all(name in names for name in group) for group in groups):
        return []
    wanted = [" with ".join(f"`{name}`" for name in group) for group in groups]
    expected = f"an object with {' or '.join(wanted)}"
    return [Misfit(path, "needs_one_of", expected, "an object without any of them")]
