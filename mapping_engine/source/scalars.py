"""
Make a value of a plain scalar, and find each of its characters in the file again.

Values are those of the YAML 1.2 core schema, tightened: a number with a leading
zero, a date, a time or `no` is a text, because packs are full of codes that look
like something else. Numbers are exact decimals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from mapping_engine.source.node import Style

__all__ = ["character_offsets", "plain_value"]

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER = re.compile(
    r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE](?P<exponent>[-+]?[0-9]+))?"
)
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_LONGEST_NUMBER = 40
_LARGEST_EXPONENT = 30
_FIRST_OF_A_NUMBER = frozenset("-+.0123456789")
_BLANKS = " \t\r\n"
_HEADER = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def plain_value(text: str) -> bool | Decimal | str | None:
    """Return what YAML 1.2 core makes of a plain scalar: None, a boolean, a number or its text."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _FIRST_OF_A_NUMBER or len(text) > _LONGEST_NUMBER:
        return text
    found = _NUMBER.fullmatch(text)
    if found:
        if abs(int(found["exponent"] or 0)) > _LARGEST_EXPONENT:
            return text
        number = Decimal(text)
        return number if number else number.copy_abs()
    return Decimal(int(text, 0)) if _OTHER_BASE.fullmatch(text) else text


def character_offsets(raw: str, start: int, text: str, style: Style) -> Sequence[int] | None:
    """Return the file offset of each character of `text`, and of its end.

    `raw` is the scalar as written and `start` its offset in the file. None when `raw`
    holds backslash escapes.
    """
    if raw == text:
        return range(start, start + len(text) + 1)
    if style is Style.PLAIN:
        return _walk(raw, range(len(raw)), text, start)
    if style is Style.SINGLE:
        return _walk(raw, range(1, len(raw) - 1), text, start, following=_next_single)
    if style is Style.DOUBLE:
        return None if "\\" in raw else _walk(raw, range(1, len(raw) - 1), text, start)
    header = _HEADER.match(raw)
    return _walk(raw, range(header.end() if header else 0, len(raw)), text, start)


def _next_character(raw: str, position: int) -> int:
    return position + 1


def _next_single(raw: str, position: int) -> int:
    """Step over a doubled quote at once: inside single quotes it is one character."""
    return position + (2 if raw.startswith("''", position) else 1)


def _walk(
    raw: str,
    body: range,
    text: str,
    start: int,
    *,
    following: Callable[[str, int], int] = _next_character,
) -> tuple[int, ...]:
    """Walk `raw` and `text` side by side; they differ in blanks only."""
    position, end = body.start, body.stop
    offsets = []
    for character in text:
        if character == "\n":
            while position < end and raw[position] in " \t":
                position += 1
        elif character not in " \t":
            while position < end and raw[position] in _BLANKS and raw[position] != character:
                position += 1
        offsets.append(start + min(position, end))
        if position < end and _is_same(raw, position, character):
            position = following(raw, position)
    return (*offsets, start + min(position, end))


def _is_same(raw: str, position: int, character: str) -> bool:
    return raw[position] == character or (character == "\n" and raw[position] == "\r")
