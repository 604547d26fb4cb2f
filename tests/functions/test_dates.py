"""What the functions over dates and instants answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping_engine.functions import CATALOGUE
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.value import MISSING

DATES = st.dates(date(1900, 1, 1), date(2100, 12, 31))
SYDNEY = "Australia/Sydney"


def call(name: str, *arguments: object) -> object:
    numbers = (Decimal(each) if isinstance(each, int) else each for each in arguments)
    return CATALOGUE.functions[name].body(*numbers)


def at(hours: float, *moment: int) -> datetime:
    return datetime(*moment, tzinfo=timezone(timedelta(hours=hours)))  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    "expected, name, arguments",
    [
        (date(2026, 2, 1), "date_of", [at(0, 2026, 1, 31, 13), SYDNEY]),
        (date(2026, 1, 31), "date_of", [at(11, 2026, 1, 31), SYDNEY]),
        (date(2026, 1, 30), "date_of", [at(11, 2026, 1, 31), "UTC"]),
        (True, "is_midnight", [at(0, 2026, 6, 30, 14), SYDNEY]),
        (False, "is_midnight", [at(0, 2026, 6, 30, 13), SYDNEY]),
        (False, "is_midnight", [at(0, 2026, 6, 30, 0, 0, 1), "UTC"]),
        (at(11, 2026, 1, 31), "midnight_of", [date(2026, 1, 31), SYDNEY]),
        (date(2028, 2, 29), "add_days", [date(2028, 2, 28), 1]),
        (date(2026, 1, 30), "add_days", [date(2026, 1, 31), -1]),
        (date(2028, 2, 29), "add_months", [date(2028, 1, 31), 1]),
        (date(2027, 2, 28), "add_months", [date(2028, 2, 29), -12]),
        (date(2026, 12, 31), "add_months", [date(2026, 8, 31), 4]),
        (date(2026, 1, 31), "add_months", [date(2026, 1, 31), 0]),
        (date(2100, 2, 28), "end_of_month", [date(2100, 2, 1)]),
        (Decimal(-1), "days_between", [date(2026, 1, 2), date(2026, 1, 1)]),
        ("5 Jan 26", "format_date", [date(2026, 1, 5), "d MMM yy"]),
        ("day 05", "format_date", [date(2026, 1, 5), "'day' dd"]),
        (date(1987, 5, 23), "parse_date", ["23-May-1987", "dd-MMM-yyyy"]),
        (date(2026, 1, 31), "parse_date", ["20260131", "yyyyMMdd"]),
        (at(12, 2022, 5, 3, 20, 49, 15), "parse_datetime", ["2022-05-03 20:49:15+12:00", MISSING]),
        (at(11, 2026, 1, 31, 9), "parse_datetime", ["2026-01-31T09:00:00", SYDNEY]),
    ],
)
def test_answers(expected: object, name: str, arguments: list[object]) -> None:
    found = call(name, *arguments)
    assert type(expected) is type(found)
    assert expected == found


@pytest.mark.parametrize(
    "name, arguments, code",
    [
        ("date_of", [datetime(2026, 1, 1, tzinfo=UTC), "Australia/Sidney"], "M704"),
        ("date_of", [datetime(9999, 12, 31, 23, tzinfo=UTC), SYDNEY], "M704"),
        ("midnight_of", [date(2018, 11, 4), "America/Sao_Paulo"], "M704"),
        ("add_days", [date(9999, 12, 31), 1], "M705"),
        ("add_days", [date(2026, 1, 1), Decimal("0.5")], "M705"),
        ("add_days", [date(2026, 1, 1), Decimal(10**18)], "M705"),
        ("add_months", [date(1, 1, 1), -1], "M705"),
        ("format_date", [date(2026, 1, 1), "yyyy-MM-dd HH:mm"], "M705"),
        ("parse_date", ["2026-02-30", MISSING], "M704"),
        ("parse_date", ["20260131", MISSING], "M704"),
        ("parse_datetime", ["2026-01-31T09:00:00", MISSING], "M704"),
        ("parse_datetime", ["2026-10-04T02:30:00", SYDNEY], "M704"),
        ("parse_datetime", ["2026-04-05T02:30:00", SYDNEY], "M704"),
    ],
)
def test_refuses(name: str, arguments: list[object], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        call(name, *arguments)
    assert code == refused.value.diagnostic().code.number


@given(DATES, st.integers(-10_000, 10_000))
def test_days_added_are_days_between(day: date, days: int) -> None:
    assert Decimal(days) == call("days_between", day, call("add_days", day, days))


@given(DATES, st.integers(-600, 600))
def test_months_added_give_the_same_day_or_the_last(day: date, months: int) -> None:
    later = call("add_months", day, months)
    assert isinstance(later, date)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or later == call("end_of_month", later)


@given(DATES)
def test_a_day_begins_at_its_own_midnight(day: date) -> None:
    for zone in ("UTC", SYDNEY, "Pacific/Auckland"):
        midnight = call("midnight_of", day, zone)
        assert call("is_midnight", midnight, zone) is True
        assert day == call("date_of", midnight, zone)


@given(DATES, st.sampled_from(["yyyy-MM-dd", "dd MMM yyyy", "d/M/yyyy", "'on' yyyyMMdd"]))
def test_a_date_written_by_a_pattern_is_read_by_it(day: date, pattern: str) -> None:
    assert day == call("parse_date", call("format_date", day, pattern), pattern)
