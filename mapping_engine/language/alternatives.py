"""
Work out what a mistaken expression may have meant, with the parentheses that say so.

Every proposal is read before it is made, and only short ones are made: a hint of three lines
helps nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from mapping_engine.language.stop import Stop

__all__ = [
    "Reads", "around_choice", "around_pipe", "around_sign", "in_parentheses", "joined_comparisons",
    "proposals", "ternary",
]  # fmt: skip

#: Whether a text can be read as an expression.
Reads: TypeAlias = Callable[[str], bool]

_LONGEST: Final = 80
_CHOICE: Final = ("if", "then", "else")


def proposals(candidates: Iterable[str], reads: Reads) -> list[str]:
    """Return those candidates that can be read and are short, each once."""
    tidy = dict.fromkeys(" ".join(each.split()) for each in candidates)
    return [each for each in tidy if len(each) <= _LONGEST and reads(each)]


def around_sign(stop: Stop, last: int) -> list[str]:
    """Return `(a + b) * c` and `a + (b * c)`: the stop is at `*`, `last` is the number of `+`."""
    left, right = _left(stop), _right(stop)
    earlier = stop.signs[last]
    start = stop.here.start - len(left)
    head = stop.passage.text[start : earlier.end]
    tail = stop.passage.text[earlier.end : stop.here.start]
    blank = "" if right[0] in ".[" else " "
    inner = f"({tail.strip()}{blank if tail.strip() else ''}{right})"
    is_prefix = earlier.start == start
    joint = "" if is_prefix and earlier.text == "-" else " "
    return [f"({left.strip()}){blank}{right}", f"{head}{joint}{inner}"]


def joined_comparisons(stop: Stop, last: int) -> list[str]:
    """Return `a < b and b < c` for `a < b < c`."""
    left, right = _left(stop), _right(stop)
    middle = stop.passage.text[stop.signs[last].end : stop.here.start]
    return [f"{left.strip()} and {middle.strip()} {right}"]


def in_parentheses(stop: Stop) -> list[str]:
    """Return `1 + (if a then b else c)` for the same without ( )."""
    left = _left(stop).strip()
    rest = stop.passage.text[stop.here.start : stop.end_of_level()].strip()
    return [f"{left}{'' if left == '-' else ' '}({rest})"]


def around_choice(stop: Stop) -> list[str]:
    """Return `(if … else b) | f` and `if … else (b | f)` for the same without ( )."""
    text, here = stop.passage.text, stop.here
    bound = stop.level()[0]
    whole = text[stop.sign(bound + 1).start : here.start]
    left = _left(stop)
    rest = text[here.start : stop.end_of_level(*_CHOICE)].strip()
    head = whole[: len(whole) - len(left)]
    return [f"({whole.strip()}) {rest}", f"{head.strip()} ({left.strip()} {rest})"]


def ternary(stop: Stop) -> list[str]:
    """Return `if a then b else c` for `a ? b : c`."""
    rest = stop.passage.text[stop.here.end : stop.end_of_level()]
    yes, _, no = rest.partition(":")
    return [f"if {_left(stop).strip()} then {yes.strip()} else {no.strip()}"]


def around_pipe(stop: Stop, last: int | None) -> list[str]:
    """Return `(a | f) == b` for `a | f == b`; `last` is the number of the sign before `a`."""
    text, left, right = stop.passage.text, _left(stop), _right(stop)
    end = _end_of_pipe(stop)
    start = stop.here.start - len(left) if last is None else stop.signs[last].end
    head = text[stop.here.start - len(left) : start].strip()
    piped = text[start:end].strip()
    rest = text[end : stop.here.start + len(right)].strip()
    return [f"{head} ({piped}) {rest}".strip()]


def _end_of_pipe(stop: Stop) -> int:
    """Return where the pipe that begins at the stop ends, with its calls."""
    number, depth = stop.at, 0
    while number < len(stop.signs):
        sign = stop.sign(number)
        is_function = stop.sign(number - 1).says("|")
        if not depth and not (sign.says("|", "(") or is_function):
            break
        depth += sign.says("(", "[") - sign.says(")", "]")
        number += 1
    return stop.sign(number - 1).end


def _left(stop: Stop) -> str:
    """Return what stands before the stop, back to a bracket, a comma or a word of a choice."""
    bound = stop.level(*_CHOICE)[0]
    return stop.passage.text[stop.sign(bound + 1).start : stop.here.start]


def _right(stop: Stop) -> str:
    """Return the stop and what follows it, up to a bracket, a comma, a pipe or a choice's word."""
    ending = (*_CHOICE,) if stop.here.says("|") else ("|", *_CHOICE)
    return stop.passage.text[stop.here.start : stop.end_of_level(*ending)].strip()
