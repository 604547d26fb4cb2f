"""Tell quickly of a line that was read that no name stands twice in it, as most lines are."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["has_names_once"]

_spaced: Final = re.compile(rb" :").search  # quicker than `in`


def has_names_once(line: bytes, members: int, colons: int) -> bool:
    """Whether a line holds no more names than the members that were read from it.

    Every name has a colon behind it. Of the colons inside texts, `colons` are known; where there
    are more, quotes with a colon behind them are counted. False says no more than perhaps.
    """
    if line.count(b":") == members + colons and not (colons and b"\\" in line):
        return True
    return members == line.count(b'":') and not _hides_names(line)


def _hides_names(line: bytes) -> bool:
    """Whether a blank or a line end before a colon may hide a name from the count of names."""
    has_ends = b"\n" in line or b"\r" in line
    return bool(_spaced(line)) or (has_ends and (b"\n:" in line or b"\r:" in line))
