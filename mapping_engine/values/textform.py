"""How a single value reads as text: in `"{…}"`, in `to_text( )`, in messages."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from mapping_engine.values.moment import date_text, datetime_text
from mapping_engine.values.number import plain
from mapping_engine.values.value import Value

__all__ = ["text_of"]


def text_of(value: Value) -> str:
    """Return the text of a single value: numbers plainly, dates as ISO, yes or no as words.

    Raises `TypeError` for lists, objects and nothing, which have no text of their own.
    """
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case Decimal():
            return plain(value)
        case datetime():
            return datetime_text(value)
        case date():
            return date_text(value)
        case _:
            raise TypeError("only single values have a text")
