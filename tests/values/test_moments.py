"""Dates and instants are read by their shape, moved by a named zone, and written one way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping_engine.values.moment import (
    date_text,
    datetime_text,
    format_date,
    in_zone,
    parse_date,
    parse_datetime,
    pattern_mistake,
)
from mapping_engine.values.refusal import Refusal


@pytest.mark.parametrize(
    "text, written",
    [
        ("2019-08-15T00:00:00+10:00", "2019-08-15T00:00:00+10:00"),
        ("2022-05-03 00:00:00+12:00", "2022-05-03T00:00:00+12:00"),
        ("2022-05-03T00:00:00Z", "2022-05-03T00:00:00+00:00"),
        ("2022-05-03T00:00:00-0330", "2022-05-03T00:00:00-03:30"),
        ("2022-05-03T00:00:00.5Z", "2022-05-03T00:00:00.500000+00:00"),
        ("2022-05-03T00:00:00.1234567Z", "2022-05-03T00:00:00.123456+00:00"),
    ],
)
def test_instants_are_read_with_their_offset(text, written):
    assert written == datetime_text(parse_datetime(text))


@pytest.mark.parametrize(
    "text",
    ["2022-05-03T00:00:00", "2022-05-03", "20220503T000000Z", "2022-W05-1", "2022-02-30T00:00:00Z",
     "2022-02-03T24:00:00Z", "2022-02-03T00:00:00+10:99", "2022-02-03T00:00:00+24:00",
     "2022-02-03T00:00Z", "0000-01-01T00:00:00Z", " 2022-05-03T00:00:00Z", "٢٠٢٢-05-03T00:00:00Z",
     ""],
)  # fmt: skip
def test_other_texts_are_no_instants(text):
    with pytest.raises(Refusal, match="conversion_failed"):
        parse_datetime(text)


@pytest.mark.parametrize("text", ["20260131", "2026-1-31", "2026-02-30", "31/01/2026", "2026-W05-1",
                                  "2026-01-31T00:00:00Z", "2026-01-31\n", ""])  # fmt: skip
def test_other_texts_are_no_dates(text):
    with pytest.raises(Refusal, match="conversion_failed"):
        parse_date(text)


def test_a_local_time_takes_the_offset_of_its_zone():
    winter = parse_datetime("2026-07-01T09:00:00", zone="Australia/Sydney")
    summer = parse_datetime("2026-01-01T09:00:00", zone="Australia/Sydney")
    assert ("2026-07-01T09:00:00+10:00", "2026-01-01T09:00:00+11:00") == (
        datetime_text(winter), datetime_text(summer),
    )  # fmt: skip


@pytest.mark.parametrize("text", ["2026-10-04T02:30:00", "2026-04-05T02:30:00"])
def test_the_skipped_and_the_repeated_hour_are_refused(text):
    with pytest.raises(Refusal, match="conversion_failed"):
        parse_datetime(text, zone="Australia/Sydney")


def test_midnight_in_auckland_is_the_day_before_in_utc():
    stamp = parse_datetime("2022-05-03 00:00:00+12:00")
    assert date(2022, 5, 2) == in_zone(stamp, "UTC").date()
    assert date(2022, 5, 3) == in_zone(stamp, "Pacific/Auckland").date()


@pytest.mark.parametrize("zone", ["Australia", "Mars/Olympus", "../etc/passwd", "/etc/passwd", "",
                                  "Australia/Sydney/../Perth", "a\0b"])  # fmt: skip
def test_an_unknown_zone_is_refused(zone):
    with pytest.raises(Refusal, match="conversion_failed"):
        in_zone(datetime(2026, 1, 1, tzinfo=UTC), zone)


def test_the_ends_of_time_are_refused_not_overrun():
    with pytest.raises(Refusal, match="conversion_failed"):
        in_zone(datetime(1, 1, 1, tzinfo=UTC), "America/New_York")


def test_instants_in_a_zone_compare_across_a_clock_change():
    before = datetime(2026, 4, 4, 15, 30, tzinfo=UTC)
    local = [in_zone(before + timedelta(hours=hour), "Australia/Sydney") for hour in range(3)]
    assert [before + timedelta(hours=hour) for hour in range(3)] == local


def test_local_mean_time_is_written_with_an_offset_of_whole_minutes():
    old = datetime(1850, 1, 1, tzinfo=timezone(timedelta(hours=10, minutes=4, seconds=52)))
    assert "1849-12-31T13:55:08+00:00" == datetime_text(old)


@pytest.mark.parametrize(
    "pattern, text",
    [
        ("yyyyMMdd", "20260307"),
        ("d/M/yyyy", "7/3/2026"),
        ("dd MMM yyyy", "07 Mar 2026"),
        ("yyyy-MM-dd'T'HH:mm:ss", "2026-03-07T00:00:00"),
        ("'it''s' yyyy-MM-dd", "it's 2026-03-07"),
        ("yyyy'年'MM'月'dd'日'", "2026年03月07日"),
    ],
)
def test_a_pattern_writes_and_reads_back(pattern, text):
    day = date(2026, 3, 7)
    assert text == format_date(day, pattern)
    assert day == parse_date(text, pattern)


def test_two_digits_of_a_year_are_written_but_never_read():
    assert "07/03/26" == format_date(date(2026, 3, 7), "dd/MM/yy")
    with pytest.raises(Refusal, match="conversion_failed"):
        parse_date("07/03/26", "dd/MM/yy")


@pytest.mark.parametrize("pattern", ["DD/MM/YYYY", "yyy", "'open", "hh:mm", "EEE d"])
def test_a_pattern_with_a_foreign_letter_is_refused(pattern):
    assert pattern_mistake(pattern)
    with pytest.raises(Refusal, match="conversion_failed"):
        format_date(date(2026, 3, 7), pattern)


@pytest.mark.parametrize("pattern", ["yyyy", "dd/dd/yyyy", "MM MMM d yyyy"])
def test_reading_needs_each_part_once(pattern):
    with pytest.raises(Refusal, match="conversion_failed"):
        parse_date("2026", pattern)


@given(st.dates())
def test_dates_survive_being_written(day):
    assert day == parse_date(date_text(day))


@given(st.datetimes(timezones=st.just(UTC)))
def test_instants_survive_being_written(moment):
    assert moment == parse_datetime(datetime_text(moment))
