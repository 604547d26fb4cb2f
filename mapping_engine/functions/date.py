"""
Work on dates, and on the instants that become dates only in a time zone.

A date of work or of a document has no zone; a stamp has an offset. Going from one to the
other always names the zone, since midnight in Sydney is the day before in UTC.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from mapping_engine.functions.arguments import constant, whole
from mapping_engine.functions.catalogue import Arguments, Example, Parameter
from mapping_engine.functions.problems import unknown_zone, unreadable_layout
from mapping_engine.functions.registry import CATALOGUE
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.values import moment
from mapping_engine.values.problems import out_of_range
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import BOOLEAN, DATE, DATETIME, TEXT, Number, Text
from mapping_engine.values.value import MISSING, Value

__all__ = ["add_days", "add_months", "date_of", "days_between", "end_of_month", "format_date",
           "is_midnight", "midnight_of", "parse_date", "parse_datetime"]  # fmt: skip

_MOST_DAYS = 3_652_058  # from the first day of year 1 to the last of year 9999
_MOST_MONTHS = 120_000
_DATE = Parameter("date", DATE, "The date.")
_DATETIME = Parameter("datetime", DATETIME, "The instant.")
_ZONE = Parameter("zone", TEXT, "The time zone, e.g. `firm.time_zone` or Australia/Sydney.")
_PATTERN_WORDS = "How it is written, in the letters yyyy MM MMM dd; other words stand in '…'."


def _zone_is_known(name: str) -> Callable[[Arguments], Diagnostic | None]:
    """Return a check that turns a misspelt zone away before any record is there."""

    def check(arguments: Arguments) -> Diagnostic | None:
        zone = constant(arguments, "zone")
        if not isinstance(zone, str):
            return None
        try:
            moment.in_zone(datetime(2000, 1, 1, tzinfo=UTC), zone)
        except Refusal:
            return unknown_zone(None, name, zone)
        return None

    return check


@CATALOGUE.function(
    _DATETIME,
    _ZONE,
    returns=DATE,
    check=_zone_is_known("date_of"),
    examples=(
        Example(
            'date_of(parse_datetime("2026-01-31T14:00:00Z"), zone="Australia/Sydney")', "2026-02-01"
        ),
        Example('date_of(parse_datetime("2026-01-31T14:00:00Z"), zone="UTC")', "2026-01-31"),
        Example('date_of("2026-01-31T14:00:00Z", zone="UTC")', error="M404"),
        Example(
            'date_of(parse_datetime("2026-01-31T14:00:00Z"), zone="Australia/Sidney")', error="M455"
        ),
    ),
    reads="the date of {datetime} in {zone}",
    used_for="actionstep time_entry: the date of work is stamped as local midnight",
)
def date_of(datetime: datetime, zone: str) -> date:
    """Return the date that an instant has in a time zone."""
    return moment.in_zone(datetime, zone).date()


@CATALOGUE.function(
    _DATETIME,
    _ZONE,
    returns=BOOLEAN,
    check=_zone_is_known("is_midnight"),
    examples=(
        Example(
            'is_midnight(parse_datetime("2026-01-31T00:00:00+11:00"), zone="Australia/Sydney")',
            "true",
        ),
        Example('is_midnight(parse_datetime("2026-01-31T00:00:00+11:00"), zone="UTC")', "false"),
        Example('is_midnight(2026-01-31, zone="UTC")', error="M404"),
    ),
    reads="whether {datetime} is midnight in {zone}",
    used_for="actionstep time_entry: a stamp with a time may belong to another day",
)
def is_midnight(datetime: datetime, zone: str) -> bool:
    """Answer whether an instant is the very start of a day in a time zone."""
    return moment.in_zone(datetime, zone).time() == time()


@CATALOGUE.function(
    _DATE,
    _ZONE,
    returns=DATETIME,
    check=_zone_is_known("midnight_of"),
    examples=(
        Example(
            'midnight_of(2026-01-31, zone="Australia/Sydney")',
            'parse_datetime("2026-01-31T00:00:00+11:00")',
        ),
        Example('midnight_of(2026-06-30, zone="UTC")', 'parse_datetime("2026-06-30T00:00:00Z")'),
        Example('midnight_of("2026-06-30", zone="UTC")', error="M404"),
    ),
    reads="midnight of {date} in {zone}",
    used_for="actionstep contact: birth stamps; the cut-off of a nightly batch",
)
def midnight_of(date: date, zone: str) -> datetime:
    """Return the instant at which a date begins in a time zone."""
    return moment.parse_datetime(f"{moment.date_text(date)}T00:00:00", zone)


@CATALOGUE.function(
    _DATE,
    Parameter("days", Number(scale=0), "How many days later; a negative number goes back."),
    returns=DATE,
    examples=(
        Example("add_days(2026-01-31, 14)", "2026-02-14"),
        Example("add_days(2026-03-01, -1)", "2026-02-28"),
        Example("add_days(2026-01-31, 0.5)", error="M424"),
        Example('add_days("2026-01-31", 14)', error="M404"),
    ),
    reads="{date}, {days} days later",
    used_for="xero invoice: due dates",
)
def add_days(date: date, days: Decimal) -> date:
    """Return the date so many days later."""
    try:
        return date + timedelta(days=whole(days, -_MOST_DAYS, _MOST_DAYS))
    except OverflowError:
        raise Refusal(out_of_range, moment.date_text(date), "within the calendar") from None


@CATALOGUE.function(
    _DATE,
    Parameter("months", Number(scale=0), "How many months later; a negative number goes back."),
    returns=DATE,
    examples=(
        Example("add_months(2026-01-15, 1)", "2026-02-15"),
        Example("add_months(2026-01-31, 1)", "2026-02-28"),
        Example("add_months(2026-01-31, -2)", "2025-11-30"),
        Example("add_months(2026-01-31, 0.5)", error="M424"),
    ),
    reads="{date}, {months} months later",
    used_for="payment terms that count in months",
)
def add_months(date: date, months: Decimal) -> date:
    """Return the same day so many months later, or that month's last day when it is shorter."""
    counted = date.year * 12 + date.month - 1 + whole(months, -_MOST_MONTHS, _MOST_MONTHS)
    year, month = counted // 12, counted % 12 + 1
    if not 1 <= year <= 9999:
        raise Refusal(out_of_range, moment.date_text(date), "within the calendar")
    return date.replace(year, month, min(date.day, _days_in(year, month)))


def _days_in(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


@CATALOGUE.function(
    _DATE,
    returns=DATE,
    examples=(
        Example("end_of_month(2026-02-03)", "2026-02-28"),
        Example("end_of_month(2028-02-29) | add_days(20)", "2028-03-20"),
        Example("end_of_month(2)", error="M404"),
    ),
    reads="the last day of the month of {date}",
    used_for="payment terms such as the 20th of the month that follows",
)
def end_of_month(date: date) -> date:
    """Return the last day of a date's month."""
    return date.replace(day=_days_in(date.year, date.month))


@CATALOGUE.function(
    Parameter("start", DATE, "The date to count from."),
    Parameter("end", DATE, "The date to count to."),
    returns=Number(scale=0, minimum=Decimal(-_MOST_DAYS), maximum=Decimal(_MOST_DAYS)),
    examples=(
        Example("days_between(2026-01-31, 2026-03-01)", "29"),
        Example("days_between(2026-03-01, 2026-01-31)", "-29"),
        Example('days_between(2026-03-01, "2026-01-31")', error="M404"),
    ),
    reads="the days from {start} to {end}",
    used_for="soluno time_entry: how far back time may be dated; days outstanding",
)
def days_between(start: date, end: date) -> Decimal:
    """Count the days from one date to another; backwards they are negative."""
    return Decimal((end - start).days)


def _pattern_is_readable(
    name: str, read: Callable[[str], object]
) -> Callable[[Arguments], Diagnostic | None]:
    """Return a check that tries a constant pattern out."""

    def check(arguments: Arguments) -> Diagnostic | None:
        pattern = constant(arguments, "pattern")
        if not isinstance(pattern, str):
            return None
        mistake = moment.pattern_mistake(pattern)
        return unreadable_layout(None, name, mistake) if mistake else read_mistake(pattern)

    def read_mistake(pattern: str) -> Diagnostic | None:
        try:
            read(pattern)
        except Refusal as refusal:
            return unreadable_layout(None, name, f"it needs {refusal.arguments[-1]}")
        return None

    return check


def _format(value: date, pattern: str) -> str:
    early = datetime(value.year, value.month, value.day, 1, 1, 1)
    if moment.format_date(early, pattern) != moment.format_date(value, pattern):
        raise Refusal(out_of_range, pattern, "no hours, minutes or seconds, which a date has not")
    return moment.format_date(value, pattern)


def _written(arguments: Arguments) -> Text:
    pattern = constant(arguments, "pattern")
    if not isinstance(pattern, str):
        return Text()
    days = [date(2000, month, day) for month in range(1, 13) for day in (1, 28)]
    texts = [moment.format_date(each, pattern) for each in days]
    lengths = [len(each) for each in texts]
    blank = any(not each or each.isspace() for each in texts)
    shape = "date" if pattern == "yyyy-MM-dd" else None
    return Text(blank=blank, min_length=min(lengths), max_length=max(lengths), format=shape)


@CATALOGUE.function(
    _DATE,
    Parameter("pattern", TEXT, _PATTERN_WORDS, constant=True),
    returns=_written,
    check=_pattern_is_readable("format_date", lambda pattern: _format(date(2000, 1, 1), pattern)),
    examples=(
        Example('format_date(2026-01-31, "yyyyMMdd")', '"20260131"'),
        Example('format_date(2026-01-05, "d MMM yyyy")', '"5 Jan 2026"'),
        Example('format_date(2026-01-31, "DD/MM/YYYY")', error="M454"),
        Example('format_date("2026-01-31", "yyyyMMdd")', error="M404"),
    ),
    reads="{date}, written as {pattern}",
    used_for="ledes invoice: dates of eight digits",
    repeats=True,
)
def format_date(date: date, pattern: str) -> str:
    """Write a date by a pattern such as `dd/MM/yyyy`; names of months are English."""
    return _format(date, pattern)


_OPTIONAL_PATTERN = Parameter(
    "pattern", TEXT, _PATTERN_WORDS, default=MISSING, takes_nothing=True, constant=True
)


def _reads_back(pattern: str) -> object:
    return moment.parse_date(moment.format_date(date(2000, 1, 1), pattern), pattern)


@CATALOGUE.function(
    Parameter("text", TEXT, "The text to read."),
    _OPTIONAL_PATTERN,
    returns=DATE,
    check=_pattern_is_readable("parse_date", _reads_back),
    examples=(
        Example('parse_date("2026-01-31")', "2026-01-31"),
        Example('parse_date("23-May-1987", "dd-MMM-yyyy")', "1987-05-23"),
        Example('parse_date("31/01/2026")', error="M704"),
        Example('parse_date("31/01/26", "dd/MM/yy")', error="M454"),
        Example("parse_date(20260131)", error="M404"),
    ),
    reads="{text}, read as a date[ written as {pattern}]",
    repeats=True,
    used_for="actionstep: dates in two spellings",
)
def parse_date(text: str, pattern: Value) -> date:
    """Read a date written as 2026-01-31, or in the way a pattern says."""
    return moment.parse_date(text, pattern if isinstance(pattern, str) else None)


@CATALOGUE.function(
    Parameter("text", TEXT, "The text to read."),
    Parameter("zone", TEXT, "Where the clock stood, if the text does not say its offset.",
              default=MISSING, takes_nothing=True),
    returns=DATETIME,
    check=_zone_is_known("parse_datetime"),
    examples=(
        Example(
            'parse_datetime("2022-05-03 20:49:15+12:00")',
            'parse_datetime("2022-05-03T08:49:15Z")',
        ),
        Example(
            'parse_datetime("2026-01-31T09:00:00", zone="Australia/Sydney")',
            'parse_datetime("2026-01-31T09:00:00+11:00")',
        ),
        Example('parse_datetime("2026-01-31T09:00:00")', error="M704"),
        Example('parse_datetime("yesterday")', error="M704"),
        Example("parse_datetime(2026-01-31)", error="M404"),
    ),
    reads="{text}, read as a moment[ in {zone}]",
    repeats=True,
    used_for="actionstep time_entry: stamps in two spellings",
)  # fmt: skip
def parse_datetime(text: str, zone: Value) -> datetime:
    """
    Read an instant with its offset; one without is read in the zone that is given.

    A local time that a change of clocks skips or repeats is refused.
    """
    return moment.parse_datetime(text, zone if isinstance(zone, str) else None)
