"""
Words of which each knows whether it is ours, the name of something, or a value.

Every format shows names and values in its own way; a text alone could not tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, TypeAlias
from typing import Literal as Kind

from msgspec import Struct

__all__ = ["Word", "Words", "constant", "grouped", "human", "joined", "plain"]

_BLANKS: Final = {"": "nothing", " ": "a blank", "\n": "a line end", "\t": "a tab"}


class Word(Struct, frozen=True):
    """Some words of one kind: of ours, the name of a field or thing, or a value."""

    text: str
    kind: Kind["plain", "name", "value"] = "plain"


Words: TypeAlias = tuple[Word, ...]


def plain(words: Words) -> str:
    """Return words as a plain text."""
    return "".join(each.text for each in words)


def human(name: str) -> str:
    """Return the name of a field or helper as people write it: `hours_worked`, hours worked."""
    return name.replace("_", " ").strip() or name


def joined(parts: Iterable[Words], between: str) -> Words:
    """Return words one behind the other, with a text between them."""
    words: list[Word] = []
    for part in parts:
        words += [Word(between)] if words else []
        words += part
    return tuple(words)


def grouped(words: Words) -> Words:
    """Return words in parentheses."""
    return (Word("("), *words, Word(")"))


def constant(value: object) -> Words:
    """Return the words for a value that never changes."""
    match value:
        case bool():
            return (Word("yes" if value else "no", "value"),)
        case None:
            return (Word("an emptied value"),)
        case str():
            return (Word(_BLANKS[value]) if value in _BLANKS else Word(f"“{value}”", "value"),)
        case Decimal():
            return (Word(f"{value:f}", "value"),)
        case _:
            return (Word(str(value), "value"),)
