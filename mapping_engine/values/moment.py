"""
Read and write dates and instants, and move an instant into a time zone.

The shape is looked at before anything is converted, so nothing is guessed: a date is
2026-01-31, an instant also has a time and an offset. An instant without an offset is
read only when a zone is given, and refused in the hour that a clock change skips or
repeats. A moment in a zone carries a plain offset, so two instants always compare.

Patterns use the letters yyyy yy MMM MM M dd d HH mm ss; other letters stand in '…'.
Month names are English: Jan to Dec.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from mapping_engine.values.problems import conversion_failed
from mapping_engine.values.refusal import Refusal

__all__ = [
    "date_text", "datetime_text", "format_date", "in_zone", "parse_date", "parse_datetime",
    "pattern_mistake",
]  # fmt: skip

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})").fullmatch
_DATETIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]{1,9}))?(Z|z|[+-][0-9]{2}:?[0-9]{2})?"
).fullmatch
_ZONE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}").fullmatch

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun",
                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # fmt: skip
#: What each group of letters reads: the part of a moment, and its shape.
_LETTERS: Final = {
    "yyyy": ("year", "[0-9]{4}"),
    "yy": ("short_year", "[0-9]{2}"),
    "MMM": ("month_name", "|".join(_MONTHS)),
    "MM": ("month", "[0-9]{2}"),
    "M": ("month", "[0-9]{1,2}"),
    "dd": ("day", "[0-9]{2}"),
    "d": ("day", "[0-9]{1,2}"),
    "HH": ("hour", "[0-9]{2}"),
    "mm": ("minute", "[0-9]{2}"),
    "ss": ("second", "[0-9]{2}"),
}
#: What each group of letters writes.
_HOLES: Final = {
    "yyyy": "{0.year:04}", "yy": "{year:02}", "MMM": "{month}", "MM": "{0.month:02}",
    "M": "{0.month}", "dd": "{0.day:02}", "d": "{0.day}", "HH": "{0.hour:02}",
    "mm": "{0.minute:02}", "ss": "{0.second:02}",
}  # fmt: skip
_PIECE = re.compile(r"'(?P<quoted>(?:[^']|'')*)'|(?P<letters>([A-Za-z])\3*)|[^A-Za-z']+|'")


def parse_date(text: str, pattern: str | None = None) -> date:
    """Read a date such as 2026-01-31, or one written by `pattern`; refuse anything else."""
    if pattern is not None:
        return _read_by_pattern(text, pattern, "a date").date()
    found = _DATE(text)
    if found is None:
        raise Refusal(conversion_failed, text, "a date", "a date such as 2026-01-31")
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise Refusal(conversion_failed, text, "a date", "a day of the calendar") from None


def parse_datetime(text: str, zone: str | None = None, pattern: str | None = None) -> datetime:
    """Read an instant: ISO with an offset, or a local time (also by `pattern`) in `zone`.

    Fractions of a second are kept to the microsecond.
    """
    if pattern is None:
        moment = _read_iso(text)
    else:
        moment = _read_by_pattern(text, pattern, "a date and time")
    if moment.tzinfo is not None:
        return moment
    if zone is None:
        expected = "an offset such as +10:00 at its end, or a zone to read it in"
        raise Refusal(conversion_failed, text, "an instant", expected)
    return _at_local_time(moment, zone, text)


def _read_iso(text: str) -> datetime:
    found = _DATETIME(text)
    if found is None:
        expected = "a date and time such as 2026-01-31T09:30:00+10:00"
        raise Refusal(conversion_failed, text, "a date and time", expected)
    *numbers, fraction, offset = found.groups()
    microsecond = int((fraction or "").ljust(6, "0")[:6])
    try:
        year, month, day, hour, minute, second = map(int, numbers)
        zone = _offset(offset) if offset else None
        return datetime(year, month, day, hour, minute, second, microsecond, zone)
    except ValueError:
        expected = "a day of the calendar and a time of the day"
        raise Refusal(conversion_failed, text, "a date and time", expected) from None


@lru_cache(maxsize=256)
def _offset(text: str) -> timezone:
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if minutes > 59:
        raise ValueError("no such offset")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset) if offset else UTC


def _at_local_time(moment: datetime, zone: str, text: str) -> datetime:
    """Give a local time its offset, unless the clocks were being changed."""
    rules = _zone(zone)
    earlier, later = (moment.replace(tzinfo=rules, fold=fold).utcoffset() for fold in (0, 1))
    if earlier is None or earlier != later:
        expected = f"a time that {zone} has once; clocks were changed then"
        raise Refusal(conversion_failed, text, "an instant", expected)
    instant = moment.replace(tzinfo=timezone(earlier))
    try:
        instant.astimezone(UTC)
    except OverflowError:
        raise Refusal(conversion_failed, text, "an instant", "a year between 1 and 9999") from None
    return instant


def in_zone(moment: datetime, zone: str) -> datetime:
    """Return the same instant with the offset that `zone` has then; refuse an unknown zone."""
    try:
        local = moment.astimezone(_zone(zone))
        return local.replace(tzinfo=timezone(local.utcoffset() or timedelta()), fold=0)
    except (OverflowError, ValueError):
        expected = "a year between 1 and 9999"
        raise Refusal(conversion_failed, datetime_text(moment), "an instant", expected) from None


@lru_cache(maxsize=64)
def _known_zone(zone: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(zone) if _ZONE_NAME(zone) else None
    except (KeyError, ValueError, OSError):  # no such zone, no such file, a folder
        return None


def _zone(zone: str) -> ZoneInfo:
    found = _known_zone(zone)
    if found is None:
        expected = "a zone of the time zone database such as Australia/Sydney"
        raise Refusal(conversion_failed, zone, "a time zone", expected)
    return found


def date_text(value: date) -> str:
    """Write a date as 2026-01-31."""
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def datetime_text(value: datetime) -> str:
    """Write an instant as RFC 3339 has it, with its offset: 2026-01-31T09:30:00+10:00."""
    offset = value.utcoffset()
    if offset is not None and offset % timedelta(minutes=1):  # local mean time of old days
        value = value.astimezone(UTC)
    return value.isoformat()


def pattern_mistake(pattern: str) -> str | None:
    """Say what is wrong with a date pattern, or return None when it can be used."""
    if pattern.count("'") % 2:
        return "a quote is not closed"
    for found in _PIECE.finditer(pattern):
        letters = found["letters"]
        if letters is not None and letters not in _LETTERS:
            known = ", ".join(_LETTERS)
            return f"`{letters}` is not one of {known}; put other letters in '…'"
    return None


def format_date(value: date, pattern: str) -> str:
    """Write a date or an instant by a pattern such as `dd/MM/yyyy`; refuse an unknown letter."""
    template = _template(pattern)
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return template.format(moment, year=moment.year % 100, month=_MONTHS[moment.month - 1])


@lru_cache(maxsize=256)
def _template(pattern: str) -> str:
    """Return a pattern as a template of Python: `{0.day:02}/{0.month:02}/{0.year:04}`."""
    _demand_pattern(pattern)
    return _PIECE.sub(lambda found: _HOLES.get(found["letters"] or "") or _braced(found), pattern)


def _braced(found: re.Match[str]) -> str:
    return _plain_part(found).replace("{", "{{").replace("}", "}}")


def _plain_part(found: re.Match[str]) -> str:
    """Return what stands in a pattern for itself; a doubled quote is one."""
    quoted = found["quoted"]
    return found[0] if quoted is None else quoted.replace("''", "'") or "'"


def _demand_pattern(pattern: str) -> None:
    if pattern_mistake(pattern):
        expected = f"{', '.join(_LETTERS)}, and other letters in '…'"
        raise Refusal(conversion_failed, pattern, "a date pattern", expected)


def _read_by_pattern(text: str, pattern: str, target: str) -> datetime:
    found = re.fullmatch(_shape(pattern), text)
    if found is None:
        raise Refusal(conversion_failed, text, target, f"a text written as {pattern}")
    parts = found.groupdict()
    if "month_name" in parts:
        parts["month"] = str(_MONTHS.index(parts.pop("month_name")) + 1)
    try:
        return datetime(**{name: int(digits) for name, digits in parts.items()})  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise Refusal(conversion_failed, text, target, f"a day written as {pattern}") from None


@lru_cache(maxsize=256)
def _shape(pattern: str) -> str:
    """Return the regular expression of a date pattern, or refuse one that cannot be read back."""
    _demand_pattern(pattern)
    pieces: list[str] = []
    seen: list[str] = []
    for found in _PIECE.finditer(pattern):
        if found["letters"] is None:
            pieces.append(re.escape(_plain_part(found)))
            continue
        name, shape = _LETTERS[found["letters"]]
        seen.append(name)
        pieces.append(f"(?P<{name}>{shape})")
    _demand_whole_date(seen, pattern)
    return "".join(pieces)


def _demand_whole_date(seen: list[str], pattern: str) -> None:
    parts = [each.removesuffix("_name") for each in seen]
    if "short_year" in parts:
        why = "a year of four digits: two do not say the century"
    elif len(set(parts)) < len(parts):
        why = "each part of the date once"
    elif not {"year", "month", "day"} <= set(parts):
        why = "a year, a month and a day"
    else:
        return
    raise Refusal(conversion_failed, pattern, "a pattern to read by", why)
