"""
Read what is known of a call's arguments, and of a body's values.

The first half serves the `returns` of a declaration: the argument's type, whatever the
checker could find out, and its constant. The second half serves bodies: a whole number in
its range, a text within its limit.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from msgspec.structs import replace

from mapping_engine.functions.catalogue import NOT_CONSTANT, Arguments
from mapping_engine.source.limits import DEFAULT_LIMITS
from mapping_engine.values.number import plain
from mapping_engine.values.problems import out_of_range, too_long
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import List, Nothing, Number, Text
from mapping_engine.values.value import MISSING, Value

__all__ = ["constant", "constant_whole", "is_given", "known_list", "known_number", "known_text",
           "mapped", "sure_bound", "whole", "within_items", "within_limit"]  # fmt: skip

_Item = TypeVar("_Item")


def constant(arguments: Arguments, name: str) -> Value:
    """Return the constant an argument is, else `NOT_CONSTANT`."""
    return arguments[name].constant if name in arguments else NOT_CONSTANT


def constant_whole(arguments: Arguments, name: str) -> int | None:
    """Return the whole number an argument always is, else None."""
    value = constant(arguments, name)
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return None


def is_given(arguments: Arguments, name: str) -> bool:
    """Whether an argument with the default `MISSING` was written in the call."""
    if name not in arguments or arguments[name].constant is MISSING:
        return False
    return not isinstance(arguments[name].type, Nothing)


def known_text(arguments: Arguments, name: str = "text") -> Text:
    """Return the type of a text argument, or that of any text after a mistake."""
    known = arguments[name].type if name in arguments else None
    return known if isinstance(known, Text) else Text()


def known_number(arguments: Arguments, name: str = "number") -> Number:
    """Return the type of a number argument, or that of any number after a mistake."""
    known = arguments[name].type if name in arguments else None
    return known if isinstance(known, Number) else Number()


def known_list(arguments: Arguments, name: str = "list") -> List:
    """Return the type of a list argument, or that of any list after a mistake."""
    known = arguments[name].type if name in arguments else None
    return known if isinstance(known, List) else List()


def mapped(text: Text, body: Callable[[str], str]) -> Text:
    """Return the type of a text whose every choice went through `body`.

    Pattern and format are gone, and without choices the rest of the type stays.
    """
    try:
        choices = None if text.choices is None else tuple(dict.fromkeys(map(body, text.choices)))
    except Refusal:
        return Text()
    if choices is None:
        return replace(text, pattern=None, format=None)
    lengths = [len(each) for each in choices] or [0]
    return replace(
        text,
        choices=choices,
        blank=any(not each or each.isspace() for each in choices),
        min_length=min(lengths),
        max_length=max(lengths),
        pattern=None,
        format=None,
    )


def sure_bound(compute: Callable[[], Decimal]) -> Decimal | None:
    """Return a bound of a result; None when it lies beyond all numbers, so that there is none."""
    try:
        return compute()
    except Refusal:
        return None


def whole(value: Decimal, least: int, most: int) -> int:
    """Return a whole number between two bounds, or refuse."""
    if value != value.to_integral_value() or not least <= value <= most:
        raise Refusal(out_of_range, plain(value), f"a whole number from {least} to {most:,}")
    return int(value)


def within_limit(length: int) -> None:
    """Refuse a text that would be longer than any text may be."""
    if length > DEFAULT_LIMITS.text_size:
        raise Refusal(too_long, None, f"{length:,}", f"{DEFAULT_LIMITS.text_size:,}")


def within_items(items: list[_Item]) -> list[_Item]:
    """Return a list, or refuse one that is longer than any list may be."""
    if len(items) > DEFAULT_LIMITS.list_items:
        raise Refusal(out_of_range, None, f"a list of at most {DEFAULT_LIMITS.list_items:,} items")
    return items
