"""
What a column of a table takes: its type, and the values that cells and records bring.

A cell is written as text and becomes a value of the column's type here; a value of a
record becomes a key here. Both go through the same door, so that `T`, ` t ` and `10.0`
find their rows wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.functions.catalogue import NOT_CONSTANT, Argument
from mapping_engine.packs import problems_of_tables as problems
from mapping_engine.packs.model import Column
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.text import Located, Span
from mapping_engine.values.guard import breaches
from mapping_engine.values.types import (
    BOOLEAN,
    DATE,
    NUMBER,
    TEXT,
    Boolean,
    Date,
    Number,
    Text,
    Type,
    Unknown,
)  # fmt: skip
from mapping_engine.values.units import MONEY
from mapping_engine.values.value import MISSING, Value

__all__ = ["TYPE_WORDS", "Resolver", "TypedColumn", "column_types", "typed_column"]

#: Gives the type behind a path of a schema or the word `role`; None when there is none.
Resolver: TypeAlias = Callable[[str], Type | None]

_WORDS: Mapping[str, Type] = {
    "text": TEXT,
    "number": NUMBER,
    "integer": replace(NUMBER, scale=0),
    "percent": replace(NUMBER, unit="percent"),
    "currency": replace(NUMBER, unit=MONEY),
    "boolean": BOOLEAN,
    "date": DATE,
}
#: The types that a column may have beside those of a schema.
TYPE_WORDS = (*_WORDS, "role")
_OR_EMPTY = " or empty"
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class TypedColumn(Struct, frozen=True):
    """A column with its type. `setting` names the setting that fills it by itself.

    `fixed` is the value of that setting when it is known, else `NOT_CONSTANT`.
    """

    name: str
    type: Type
    span: Span
    written: str
    setting: str | None = None
    fixed: Value = NOT_CONSTANT
    ignore_case: bool = False

    def key(self, value: Value) -> Value:
        """Return what a value is found under; `MISSING` stands for nothing and for blanks."""
        if value is None or value is MISSING:
            return MISSING
        if isinstance(value, str):
            if not value or value.isspace():
                return MISSING
            return value.strip().casefold() if self.ignore_case else value
        return value

    @property
    def is_ordered(self) -> bool:
        """Whether ranges make sense: numbers and dates."""
        return isinstance(self.type, Number | Date)

    @property
    def choices(self) -> tuple[Value, ...] | None:
        """All present values that the column can have, when they can be counted."""
        if isinstance(self.type, Boolean):
            return (True, False)
        if isinstance(self.type, Text) and self.type.choices is not None:
            return tuple(each for each in self.type.choices if each.strip())
        return None

    @property
    def can_be_empty(self) -> bool:
        """Whether a record can bring nothing (or a blank, where blanks are a listed word)."""
        if isinstance(self.type, Text) and self.type.choices is not None:
            blank = any(not each.strip() for each in self.type.choices)
            return blank or self.type.can_be_nothing
        return self.type.can_be_nothing

    def value(self, word: str, span: Span, report: Report) -> Value | None:
        """Return the value that a cell's word means; None after a report when it means none."""
        match self.type:
            case Text():
                return self._text(word, span, self.type, report)
            case Number():
                return self._number(word, span, self.type, report)
            case Boolean() if word in ("true", "false"):
                return word == "true"
            case Date():
                return self._date(word, span, report)
            case _:
                report.add(problems.cell_of_wrong_type(span, self.name, "`true` or `false`"))
                return None

    def _text(self, text: str, span: Span, type: Text, report: Report) -> str | None:
        if type.choices is not None:
            known = text in type.choices
            if not known and self.ignore_case:
                known = any(self.key(text) == self.key(each) for each in type.choices)
            if not known:
                report.add(problems.not_a_choice(span, self.name, self.written, text, type.choices))
                return None
        if type.max_length is not None and len(text) > type.max_length:
            report.add(problems.cell_too_long(span, self.name, len(text), type.max_length))
            return None
        asks_looks = type.pattern is not None or type.format is not None
        for misfit in breaches(text, type) if asks_looks else ():
            if misfit.kind in ("bad_pattern", "bad_format"):
                report.add(problems.cell_of_wrong_type(span, self.name, misfit.expected))
                return None
        return text

    def _number(self, text: str, span: Span, type: Number, report: Report) -> Decimal | None:
        if type.unit == "percent":
            text = text.removesuffix("%").rstrip()
        if not _NUMBER.fullmatch(text):
            report.add(problems.cell_of_wrong_type(span, self.name, "a number"))
            return None
        number = Decimal(text)
        low, high = type.minimum, type.maximum
        if (low is not None and (number < low or (type.above and number == low))) or (
            high is not None and (number > high or (type.below and number == high))
        ):
            report.add(problems.cell_out_of_range(span, self.name, text, self.written))
            return None
        places = len(text.partition(".")[2])
        if type.scale is not None and places > type.scale and number != round(number, type.scale):
            wanted = "a whole number" if not type.scale else f"at most {type.scale} places"
            report.add(problems.cell_of_wrong_type(span, self.name, wanted))
            return None
        return number if number else abs(number)

    def _date(self, text: str, span: Span, report: Report) -> date | None:
        if _DATE.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                pass
        wanted = "a date like 2026-01-31"
        report.add(problems.cell_of_wrong_type(span, self.name, wanted))
        return None


def column_types(roles: Iterable[str], member: Resolver) -> Resolver:
    """Return the meaning of type words in a pack with these roles; `member` knows the schemas."""
    role = Text(choices=tuple(roles), blank=False)
    return lambda word: role if word == "role" else member(word)


def typed_column(
    column: Column,
    resolve: Resolver,
    settings: Mapping[str, Argument],
    report: Report,
    *,
    ignore_case: bool = False,
) -> TypedColumn | None:
    """Return the column with its type, or report why its type word means nothing."""
    if isinstance(column.type, tuple):
        return _of_words(column, column.type, ignore_case)
    word = column.type
    setting: str | None = None
    fixed: Value = NOT_CONSTANT
    plain = word.value.removesuffix(_OR_EMPTY).strip()
    found: Type | None
    if plain.startswith("settings."):
        setting = plain.removeprefix("settings.")
        if setting not in settings:
            report.add(problems.unknown_setting_column(word.span, setting, settings))
            return None
        found, fixed = settings[setting].type, settings[setting].constant
    else:
        found = _WORDS.get(plain) or resolve(plain) or (TEXT if plain == "role" else None)
    if found is None:
        report.add(problems.unknown_column_type(word.span, plain, list(TYPE_WORDS)))
        return None
    if isinstance(found, Unknown):
        return None
    if not isinstance(found, Text | Number | Boolean | Date):
        report.add(problems.column_not_plain(word.span, column.name))
        return None
    if plain != word.value:
        found = replace(found, absent=True)
    return TypedColumn(column.name, found, column.span, word.value, setting, fixed, ignore_case)


def _of_words(column: Column, words: tuple[Located[str], ...], ignore_case: bool) -> TypedColumn:
    texts = tuple(dict.fromkeys(each.value for each in words))
    choices = tuple(each for each in texts if each != "empty")
    type = Text(choices=choices, blank=False, absent="empty" in texts)
    return TypedColumn(
        column.name, type, column.span, f"the words of `{column.name}`", ignore_case=ignore_case
    )
