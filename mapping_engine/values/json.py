"""
JSON text to values and back, exactly: every number is a decimal, no float is ever made.

The standard library's scanner reads, since it lets every number and every object pass
through a hook; a mistake found in a hook has no place yet and is looked for afterwards.
No message quotes a value. Writing keeps the order of keys, writes numbers plainly and
leaves out members that are absent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring as quote
from typing import Final

from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.values.moment import date_text, datetime_text
from mapping_engine.values.number import parse_number, plain
from mapping_engine.values.value import MISSING, Value

__all__ = ["JsonError", "compact", "decode", "encode"]


class JsonError(ValueError):
    """A text is not the JSON we take: a sentence, and the place counted from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"{message} (line {line}, column {column})")
        self.message = message
        self.line = line
        self.column = column


class _Found(Exception):
    """A hook saw something that is refused; where it stands is found afterwards."""


#: The scanner's words and ours, the first that fits.
_SENTENCES: Final = (
    ("Extra data", "the text goes on after its value has ended"),
    ("Expecting property name", "a name in double quotes is expected"),
    ("Expecting ':'", "a `:` is expected after the name"),
    ("Expecting ','", "a `,` or a closing bracket is expected"),
    ("Expecting value", "a value is expected"),
    ("Unterminated string", "a text is not closed with a double quote"),
    ("Invalid control character", "a line end or control character stands inside a text"),
    ("Invalid \\", "a `\\` stands before something that it gives no meaning"),
    ("Illegal trailing comma", "a comma stands before a closing bracket"),
)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL).finditer
_HALVES = re.compile(
    r"\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|(?P<lone>\\u[dD][89a-fA-F]\w\w)|\\.", re.DOTALL
).finditer
_CONSTANTS: Final = ("NaN", "Infinity", "-Infinity")


def decode(text: str | bytes, *, strict: bool = True, limits: Limits = DEFAULT_LIMITS) -> Value:
    """Read one JSON value; raise `JsonError` for anything that is not exact, plain JSON.

    With `strict` a name that stands twice in an object is refused, else the last one wins.
    """
    readable = text if isinstance(text, str) else _from_bytes(text)
    if readable.startswith("\ufeff"):
        raise JsonError("the text begins with a byte order mark", 1, 1)
    try:
        value: Value = _decoder(strict, limits).decode(readable)
    except json.JSONDecodeError as mistake:
        raise _at(readable, *_reworded(mistake)) from None
    except (_Found, RecursionError):
        raise _at(readable, *_refused(readable, strict, limits)) from None
    if _is_too_deep(value, limits.record_depth):
        raise _at(readable, *_refused(readable, strict, limits))
    _demand_whole_characters(readable)
    return value


@lru_cache(maxsize=8)
def _decoder(strict: bool, limits: Limits) -> json.JSONDecoder:
    # A numeral this short without an exponent keeps within the limits, whatever it says.
    short = min(limits.number_digits, limits.number_exponent_high, -limits.number_exponent_low)

    def number(text: str) -> Decimal:
        if len(text) <= short and "e" not in text and "E" not in text:
            value: Decimal | None = Decimal(text)
            return value if value else Decimal(text.lstrip("-"))
        value = parse_number(text, limits, exponent=True)
        if value is None:
            raise _Found
        return value

    return json.JSONDecoder(
        parse_float=number,
        parse_int=number,
        parse_constant=_refuse_constant,
        object_pairs_hook=_members if strict else None,
    )


def _refuse_constant(word: str) -> Value:
    raise _Found


def _members(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Found
    return members


def _from_bytes(text: bytes) -> str:
    if text.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in text[:4]:
        raise JsonError("the text is UTF-16 or UTF-32, it must be UTF-8", 1, 1)
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as mistake:
        before = text[: mistake.start].decode("utf-8", "replace")
        raise _at(before, "the text is not UTF-8", len(before)) from None


def _at(text: str, sentence: str, offset: int) -> JsonError:
    before = text[:offset]
    return JsonError(sentence, before.count("\n") + 1, offset - before.rfind("\n"))


def _reworded(mistake: json.JSONDecodeError) -> tuple[str, int]:
    """Say what the scanner said in our words, the same on every version of Python."""
    text, at = mistake.doc, mistake.pos
    rest = text[at:].lstrip(" \t\n\r")
    if not rest and not mistake.msg.startswith("Unterminated"):
        return ("the text ends too early" if text.strip() else "there is nothing to read"), at
    before = text[:at].rstrip(" \t\n\r")
    if before.endswith(",") and rest[0] in "]}":
        return "a comma stands before a closing bracket", len(before) - 1
    for theirs, ours in _SENTENCES:
        if mistake.msg.startswith(theirs):
            return ours, at
    return "this is not JSON", at


def _refused(text: str, strict: bool, limits: Limits) -> tuple[str, int]:
    """Find what a hook refused: the text is sound up to there."""
    names: list[set[str] | None] = []  # of each open bracket; None for a list
    last = (0, "")
    for token in _TOKEN(text):
        piece, at = token[0], token.start()
        if piece in "{[":
            names.append(set() if piece == "{" else None)
            if len(names) > limits.record_depth:
                return f"lists and objects are nested deeper than {limits.record_depth}", at
        elif piece in "}]":
            names.pop()
        elif piece == ":" and strict and _is_double(last[1], names):
            return "a name stands twice in one object", last[0]
        elif piece[0] in "-0123456789NI" and (sentence := _number_mistake(piece, limits)):
            return sentence, at
        last = at, piece
    return "this is not JSON", 0


def _is_double(name: str, names: list[set[str] | None]) -> bool:
    seen = names[-1] if names else None
    if seen is None:
        return False
    decoded: str = json.loads(name)
    is_double = decoded in seen
    seen.add(decoded)
    return is_double


def _number_mistake(piece: str, limits: Limits) -> str | None:
    if piece in _CONSTANTS:
        return "NaN and Infinity are not numbers"
    if parse_number(piece, limits, exponent=True) is None:
        return f"a number has more than {limits.number_digits} digits or is too large or too small"
    return None


def _is_too_deep(value: Value, most: int) -> bool:
    if not isinstance(value, (dict, list)):
        return False
    items = value.values() if isinstance(value, dict) else value
    return most == 0 or any(_is_too_deep(each, most - 1) for each in items)


def _demand_whole_characters(text: str) -> None:
    """Refuse half a character (a lone surrogate), as it is or as `\\ud800`."""
    try:
        if not text.isascii():
            text.encode("utf-8")
    except UnicodeEncodeError as mistake:
        raise _at(text, "a text holds half a character", mistake.start) from None
    if "\\u" in text:
        for found in _HALVES(text):
            if found["lone"]:
                raise _at(text, "a text holds half a character", found.start())


def encode(value: Value, *, indent: int | None = None) -> str:
    """Write a value as JSON for people, the same text for the same value.

    Keys keep their order, numbers their digits and scale, dates are ISO texts, absent
    members and items are left out. Raises `TypeError` for a float or anything else that
    is not a value.
    """
    return _written(value, " " * (indent or 0), None if indent is None else "\n")


def compact(value: Value) -> str:
    """Write a value as `encode` does, without blanks: for files that programs read."""
    match value:
        case str():
            return quote(value)
        case dict() | Mapping():
            members = [f"{quote(name)}:{compact(each)}" for name, each in value.items()
                       if each is not MISSING]  # fmt: skip
            return "{" + ",".join(members) + "}"
        case list() | tuple():
            return "[" + ",".join([compact(each) for each in value if each is not MISSING]) + "]"
        case _:
            return _scalar(value)


def _written(value: Value, step: str, line: str | None) -> str:
    """Write a value; `line` is the line end with the indent of where it stands, if lines end."""
    if isinstance(value, (str, Decimal)):
        return _scalar(value)
    inner = None if line is None else line + step
    if isinstance(value, (dict, Mapping)):
        members = [
            f"{quote(name)}: {_written(each, step, inner)}"
            for name, each in value.items()
            if each is not MISSING
        ]
        return _bracketed("{}", members, line, inner)
    if isinstance(value, (list, tuple)):
        items = [_written(each, step, inner) for each in value if each is not MISSING]
        return _bracketed("[]", items, line, inner)
    return _scalar(value)


def _bracketed(brackets: str, parts: list[str], line: str | None, inner: str | None) -> str:
    if not parts:
        return brackets
    if line is None or inner is None:
        return f"{brackets[0]}{', '.join(parts)}{brackets[1]}"
    return f"{brackets[0]}{inner}{f',{inner}'.join(parts)}{line}{brackets[1]}"


_CONSTANT_WORDS: Final[dict[Value, str]] = {None: "null", True: "true", False: "false"}


def _scalar(value: Value) -> str:
    match value:
        case str():
            return quote(value)
        case None | True | False:
            return _CONSTANT_WORDS[value]
        case Decimal() if value.is_finite():
            return plain(value)
        case int():  # counts in our own reports; no value of a record is one
            return str(value)
        case datetime():
            return quote(datetime_text(value))
        case date():
            return quote(date_text(value))
        case _:
            raise TypeError(f"{type(value).__name__} cannot be written as exact JSON")
