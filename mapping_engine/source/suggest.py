"""
Guess which name somebody meant.

Likeness is one minus the number of typing mistakes (a letter too many, missing, wrong,
or two swapped) divided by the length of the longer name. Below the cut-off nothing is
suggested: a far-fetched guess costs more time than none.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["did_you_mean", "nearest"]

_CUT_OFF = 0.6
_LONGEST_NAME = 80
_SHORT_LIST = 5


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate most like `name`, None when none is near; the first of equals wins."""
    wanted = name.casefold()
    best, best_likeness = None, 0.0
    for candidate in candidates:
        other = candidate.casefold()
        if other == wanted:
            return candidate
        likeness = _likeness(wanted, other, max(best_likeness, _CUT_OFF))
        if likeness > best_likeness:
            best, best_likeness = candidate, likeness
    return best


def did_you_mean(name: str, candidates: Iterable[str]) -> str | None:
    """Return a hint: the near name, else all names when they are few, else none."""
    known = list(dict.fromkeys(candidates))
    near = nearest(name, known)
    if near is not None:
        return f"did you mean `{near}`?"
    if len(known) == 1:
        return f"only `{known[0]}` is known here"
    if 1 < len(known) <= _SHORT_LIST:
        return "one of " + ", ".join(f"`{each}`" for each in known)
    return None


def _likeness(one: str, other: str, least: float) -> float:
    """Return the likeness of two names, 0 when it cannot reach `least`."""
    longest = max(len(one), len(other))
    if longest > _LONGEST_NAME or not longest:
        return 0.0
    if 1 - abs(len(one) - len(other)) / longest < least:
        return 0.0
    most = int((1 - least) * longest + 1e-9)
    letters, others = set(one), set(other)
    if max(len(letters - others), len(others - letters)) > most:
        return 0.0  # each letter that only one of them has is a mistake of its own
    likeness = 1 - _distance(one, other, most) / longest
    return likeness if likeness >= least else 0.0


def _distance(one: str, other: str, most: int) -> int:
    """Return the optimal string alignment distance, or something above `most`."""
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, sign in enumerate(other, start=1):
            best = min(
                last[column] + 1, current[column - 1] + 1, last[column - 1] + (letter != sign)
            )
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == sign:
                best = min(best, before_last[column - 2] + 1)
            current.append(best)
        if min(current) > most and min(last) > most:
            return most + 1
        before_last, last = last, current
    return last[-1]
