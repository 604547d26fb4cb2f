"""
What a value is while a record is mapped.

text = `str`, number = `Decimal` (always; an integer is a number of scale 0), boolean =
`bool`, date = `date`, datetime = `datetime` with an offset, list = `list`, object =
`dict` with text keys in the order written, null = `None`, absent = `MISSING`.
No float ever, and no `int`: whoever reads input turns both away at the door.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeAlias

from msgspec import UNSET, UnsetType

__all__ = ["MISSING", "Value", "is_empty", "is_nothing", "same", "type_word"]

#: The record says nothing about a field. It is false, and cannot be written as JSON.
MISSING: Final = UNSET

Value: TypeAlias = object


def is_nothing(value: Value) -> bool:
    """Whether the value is absent or null: what travels through functions."""
    return value is MISSING or value is None


def is_empty(value: Value) -> bool:
    """Whether the value is nothing, a blank text or an empty list."""
    if value is MISSING or value is None:
        return True
    if isinstance(value, str):
        return not value or value.isspace()
    return isinstance(value, list) and not value


def same(left: Value, right: Value) -> bool:
    """Whether two values are equal: numbers by amount, nothing only to nothing, lists by item.

    Absent and null are both nothing and equal each other. A datetime equals another
    datetime of the same instant; a date never equals a datetime.
    """
    if is_nothing(left) or is_nothing(right):
        return is_nothing(left) and is_nothing(right)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        keys = left.keys() | right.keys()
        return all(same(left.get(key, MISSING), right.get(key, MISSING)) for key in keys)
    return type(left) is type(right) and left == right


def type_word(value: Value) -> str:
    """Return the word a person uses for the type of a value."""
    match value:
        case UnsetType():
            return "absent"
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "text"
        case Decimal():
            return "number"
        case datetime():
            return "datetime"
        case date():
            return "date"
        case list():
            return "list"
        case _:
            return "object"
