"""
Guess which day is meant by a date that is not written year-month-day.

The answer goes into a hint and nowhere else: `03/04/2026` is never read as either day.
"""

from __future__ import annotations

import re
from datetime import date

__all__ = ["days_meant"]


def days_meant(written: str) -> list[date]:
    """Return the days that three numbers can mean: the one with the day first comes first."""
    first, second, third = map(int, re.split("[./-]", written))
    if first > 999:
        orders = [(first, second, third)]
    else:
        orders = [(third, second, first), (third, first, second)]
    return list(dict.fromkeys(date(*order) for order in orders if _exists(*order)))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
