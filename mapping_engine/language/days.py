"""
Guess which day is meant by a date that is not written year-month-day.

The answer goes into a hint and nowhere else: `03/04/2026` is never read as either day.
"""

from __future__ import annotations

import re
from datetime import date

__all__ = ["day_in_digits", "days_meant"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def days_meant(written: str) -> list[date]:
    """Return the days that a date can mean: the one with the day first comes first.

    A month may have its English name; then a year may have two digits.
    """
    words = re.split("[./, -]+", written)
    months = [_MONTHS.index(each[:3].lower()) + 1 for each in words if each.isalpha()]
    first, second, *rest = (int(each) for each in words if each.isdigit())
    if months:
        orders = [(second if second > 99 else 2000 + second, months[0], first)]
    elif first > 999:
        orders = [(first, second, rest[0])]
    else:
        orders = [(rest[0], second, first), (rest[0], first, second)]
    return list(dict.fromkeys(date(*order) for order in orders if _exists(*order)))


def day_in_digits(written: str) -> date | None:
    """Return the day that eight digits without signs can mean: `20260131`."""
    if re.fullmatch("(19|20)[0-9]{6}", written) is None:
        return None
    year, month, day = int(written[:4]), int(written[4:6]), int(written[6:])
    return date(year, month, day) if _exists(year, month, day) else None


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
