"""
Turn a decoded record into typed values, or say everything in which it does not fit.

Texts become dates, numbers written as texts become numbers (and the other way round)
only where the schema says so; nothing is guessed. Also takes what a program hands in:
whole numbers and dates of Python are read exactly, a float is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.source.suggest import nearest
from mapping_engine.values.bounds import (
    group_misfits,
    list_misfits,
    number_misfits,
    text_misfits,
)
from mapping_engine.values.misfit import Misfit, inside, shown
from mapping_engine.values.moment import parse_date, parse_datetime
from mapping_engine.values.number import parse_number, plain, trimmed
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.textform import text_of
from mapping_engine.values.types import (
    UNKNOWN,
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

__all__ = ["Conformed", "as_written", "conform", "holds_texts", "is_whole"]

_MOST_SUGGESTIONS = 20


class Conformed(NamedTuple):
    """A record as typed values; meaningful only without misfits. `dropped` members are gone."""

    value: Value
    misfits: tuple[Misfit, ...]
    dropped: int = 0


def conform(
    raw: Value,
    type: Type,
    limits: Limits = DEFAULT_LIMITS,
    *,
    drop_unknown: bool = False,
    blank_is_null: bool = False,
) -> Conformed:
    """Return the typed value of `raw` and all its misfits at once.

    `drop_unknown` leaves unknown members out and counts them. `blank_is_null` reads a blank
    text as null, wherever a text, a date or a number written as text is expected and may be null.
    Members stand in the order of the type, those that it does not name after them.
    """
    reading = _Reading(limits, drop_unknown, blank_is_null)
    value = reading.read(raw, type, "")
    return Conformed(value, tuple(reading.misfits), reading.dropped)


class _Reading:
    """One record being read: its misfits gather here."""

    def __init__(self, limits: Limits, drop_unknown: bool, blank_is_null: bool) -> None:
        self.limits = limits
        self.drop_unknown = drop_unknown
        self.blank_is_null = blank_is_null
        self.misfits: list[Misfit] = []
        self.dropped = 0
        self.suggestions = 0
        self.depth = 0

    def read(self, raw: Value, type: Type, path: str) -> Value:
        """Return the typed value of one raw value."""
        if raw is None:
            return self._null(type, path)
        if self.blank_is_null and type.null and _is_blank(raw) and _reads_texts(type):
            return None
        return _READ[type.__class__](self, raw, type, path)

    def _null(self, type: Type, path: str) -> Value:
        if not (type.null or isinstance(type, Unknown)):
            self.misfits.append(Misfit(path, "null", phrase(type), "null"))
        return None

    def _wrong(self, raw: Value, type: Type, path: str) -> Value:
        expected = phrase(type.present()) if not isinstance(type, Nothing) else phrase(type)
        self.misfits.append(Misfit(path, "wrong_type", expected, _word(raw)))
        return raw

    def _take(self, value: Value, misfits: Iterable[Misfit]) -> Value:
        self.misfits.extend(misfits)
        return value

    def _text(self, raw: Value, type: Text, path: str) -> Value:
        if type.reads_scalars and isinstance(raw, (bool, int, Decimal)):
            raw = self._as_text(raw, type, path)
        if not isinstance(raw, str):
            return self._wrong(raw, type, path)
        text = str.__str__(raw)  # a word of an enum is its text
        if not is_whole(text):
            half = Misfit(path, "wrong_type", "text of whole characters", "text with half a one")
            self.misfits.append(half)
        return self._take(text, text_misfits(text, type, path, self.limits))

    def _as_text(self, raw: bool | int | Decimal, type: Text, path: str) -> Value:
        if isinstance(raw, bool):
            return "true" if raw else "false"
        number = self._number(raw, Number(private=type.private), path)
        return plain(number) if isinstance(number, Decimal) else raw

    def _number(self, raw: Value, type: Number, path: str) -> Value:
        number = raw
        if isinstance(raw, str) and type.reads_text:
            number = parse_number(raw, self.limits)
            if number is None:
                got = Misfit(path, "bad_number", phrase(type.present()), "text", shown(raw, type))
                self.misfits.append(got)
                return raw
        elif isinstance(raw, int) and not isinstance(raw, bool):
            # An int of a million digits is never made into a text.
            number = Decimal(raw) if raw.bit_length() < 128 else Decimal("Infinity")
        if not isinstance(number, Decimal):
            return self._wrong(raw, type, path)
        found = number_misfits(number, type, path, self.limits)
        if not found and type.scale is not None:
            number = trimmed(number, type.scale) or number
        return self._take(number or abs(number), found)

    def _boolean(self, raw: Value, type: Boolean, path: str) -> Value:
        return raw if isinstance(raw, bool) else self._wrong(raw, type, path)

    def _moment(self, raw: Value, type: Date | DateTime, path: str) -> Value:
        is_date = isinstance(type, Date)
        if not isinstance(raw, str):
            if isinstance(raw, datetime):
                fits = not is_date and raw.utcoffset() is not None
            else:
                fits = is_date and isinstance(raw, date)
            return raw if fits else self._wrong(raw, type, path)
        try:
            return parse_date(raw) if is_date else parse_datetime(raw)
        except Refusal:
            expected = "a date such as 2026-01-31"
            if not is_date:
                expected = "a date and time with an offset such as 2026-01-31T09:30:00+10:00"
            self.misfits.append(Misfit(path, "bad_date", expected, "text", shown(raw, type)))
            return raw

    def _list(self, raw: Value, type: List, path: str) -> Value:
        if not isinstance(raw, list | tuple):
            return self._wrong(raw, type, path)
        items = [each for each in raw if each is not MISSING]
        if len(items) > self.limits.list_items:
            return self._take(items, list_misfits(items, List(), path, self.limits))
        read = [self.read(each, type.item, inside(path, at)) for at, each in enumerate(items)]
        return self._take(read, list_misfits(read, type, path, self.limits))

    def _object(self, raw: Value, type: Object, path: str) -> Value:
        if not isinstance(raw, dict) and not isinstance(raw, Mapping):
            return self._wrong(raw, type, path)
        read: dict[str, Value] = {}
        for name, each in raw.items():
            inner = type.fields.get(name, type.others)
            if each is MISSING:
                continue
            if inner is None or not isinstance(name, str):
                self._unknown(str(name), type, path)
            else:
                read[name] = self.read(each, inner, inside(path, name))
        for name, inner in type.fields.items():
            if name not in read and not inner.absent:
                self.misfits.append(Misfit(inside(path, name), "missing", phrase(inner), "absent"))
        ordered = {name: read[name] for name in type.fields if name in read}
        return self._take(ordered | read, group_misfits(read, type, path))

    def _unknown(self, name: str, type: Object, path: str) -> None:
        if self.drop_unknown:
            self.dropped += 1
            return
        near = None
        if self.suggestions < _MOST_SUGGESTIONS and not type.private:
            self.suggestions += 1
            near = nearest(name, type.fields)
        # The names inside a private object may say as much as its values.
        place = path if type.private else inside(path, name)
        self.misfits.append(Misfit(place, "unknown_member", f"`{type.name}`", "unknown", near=near))

    def _anything(self, raw: Value, type: Unknown, path: str) -> Value:
        """Take what no schema describes: only exactness and size are looked at."""
        match raw:
            case Mapping() | list() | tuple():
                return self._anything_inside(raw, type, path)
            case bool() | date():
                return raw
            case str():
                return self._text(raw, Text(private=type.private), path)
            case int() | Decimal():
                return self._number(raw, Number(private=type.private), path)
            case _:
                return self._wrong(raw, type, path)

    def _anything_inside(
        self, raw: Mapping[str, Value] | Iterable[Value], type: Unknown, path: str
    ) -> Value:
        if self.depth >= self.limits.record_depth:
            self.misfits.append(Misfit(path, "too_deep", "nested less deeply", _word(raw)))
            return raw
        self.depth += 1
        if isinstance(raw, Mapping):
            read = self._object(raw, Object(others=type, private=type.private), path)
        else:
            read = self._list(raw, List(item=type), path)
        self.depth -= 1
        return read


#: What reads a value of each type.
_READ: Mapping[type, Callable[[_Reading, Value, Any, str], Value]] = {
    Object: _Reading._object,
    List: _Reading._list,
    Text: _Reading._text,
    Number: _Reading._number,
    Date: _Reading._moment,
    DateTime: _Reading._moment,
    Boolean: _Reading._boolean,
    Unknown: _Reading._anything,
    Nothing: _Reading._wrong,
}


def as_written(value: Value, type: Type) -> Value:
    """Return a typed value as its system writes it in JSON.

    Dates and stamps are texts, and so are numbers where the system says so; a zero has no sign, and
    what is absent is left out.
    """
    match value:
        case str() | bool() | None:
            return value
        case dict():
            fields, others = (type.fields, type.others) if isinstance(type, Object) else ({}, None)
            return {
                name: as_written(each, fields.get(name) or others or UNKNOWN)
                for name, each in value.items()
                if each is not MISSING
            }
        case list():
            item = type.item if isinstance(type, List) else UNKNOWN
            return [as_written(each, item) for each in value]
        case Decimal():
            as_text = isinstance(type, Number) and type.as_text
            return plain(value) if as_text else value or abs(value)
        case date():
            return text_of(value)
        case _:
            return value


def holds_texts(type: Type) -> bool:
    """Whether a system takes texts for numbers of a type."""
    match type:
        case Number():
            return type.as_text
        case List():
            return holds_texts(type.item)
        case Object():
            return any(map(holds_texts, (*type.fields.values(), type.others or UNKNOWN)))
        case _:
            return False


def is_whole(text: str) -> bool:
    """Whether a text has no half a character (a lone surrogate), which nothing can write."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_blank(raw: Value) -> bool:
    return isinstance(raw, str) and (not raw or raw.isspace())


def _reads_texts(type: Type) -> bool:
    """Whether a system could write a blank text for nothing here."""
    return isinstance(type, (Text, Date, DateTime)) or (
        isinstance(type, Number) and type.reads_text
    )


def _word(raw: Value) -> str:
    if isinstance(raw, float):
        return "inexact number"
    is_whole = isinstance(raw, int) and not isinstance(raw, bool)
    return "number" if is_whole else type_word(raw)
