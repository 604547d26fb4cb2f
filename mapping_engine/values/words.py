"""
Say a type in the words of a message.

`words` is the bare name, for a column or a list: "number with 2 decimals". `phrase` is what a
sentence needs: "a number with 2 decimals", "text", "the text `12`".
"""

from __future__ import annotations

from typing import Final

from mapping_engine.values.types import (
    Boolean,
    Date,
    DateTime,
    List,
    Nothing,
    Number,
    Object,
    Text,
    Type,
    Unknown,
    union,
)

__all__ = ["choice_words", "count_words", "phrase", "range_words", "state", "unlike", "words"]

_FORMATS: Final = {
    "email": "e-mail address",
    "time": "time of the day",
    "uri": "web address",
    "uuid": "UUID",
}
_SHORT_CHOICE: Final = 5


def words(type: Type) -> str:
    """Return what a person calls the type, with "or absent", "or null" when it can be that."""
    if isinstance(type, Nothing):
        return "absent or null" if type.absent and type.null else _nothing(type)
    ends = [word for word, can in (("absent", type.absent), ("null", type.null)) if can]
    plain = _plain(type)
    if not ends:
        return plain
    comma = "," if " or " in plain and len(ends) == 1 else ""
    return f"{', '.join([plain, *ends[:-1]])}{comma} or {ends[-1]}"


def phrase(type: Type) -> str:
    """Return the words of a type as a sentence has them, with their article."""
    said = words(type)
    match type:
        case Text(choices=(_,)):
            return f"the text {said}"
        case Text(format=looks) if type.choices is None and looks in _FORMATS:
            return f"{'an' if said.startswith('e-') else 'a'} {said}"
        case List(item=Nothing()):
            return f"an {said}"
        case Number() | Date() | DateTime() | List():
            return f"a {said}"
        case _:
            return said


def _nothing(type: Nothing) -> str:
    return "null" if type.null else "absent"


def _plain(type: Type) -> str:
    match type:
        case Text():
            return _text(type)
        case Number():
            return _number(type)
        case Boolean():
            return "yes or no"
        case Date():
            return "date"
        case DateTime():
            return "datetime"
        case List(item=Unknown()):
            return "list"
        case List(item=Nothing()):
            return "empty list"
        case List():
            return f"list of {_several(type.item)}"
        case Object():
            return f"`{type.name}`"
        case _:
            return "anything"


def _several(type: Type) -> str:
    """Return what many of a type are called: texts, numbers with 2 decimals."""
    said = words(type)
    match type:
        case Text() if said.startswith("text"):
            return said.replace("text", "texts", 1)
        case Number():
            return said.replace("number", "numbers", 1)
        case Date() | DateTime():
            return said.replace("date", "dates", 1).replace("datestime", "datetimes")
        case List():
            return said.replace("list", "lists", 1)
        case _:
            return said


def _text(type: Text) -> str:
    if type.choices is not None:
        return choice_words(type.choices)
    if type.format in _FORMATS:
        return _FORMATS[type.format]
    return "text"


def _number(type: Number) -> str:
    name = "number" if type.scale is None else f"number with {count_words(type.scale, 'decimal')}"
    return f"{'whole number' if type.scale == 0 else name}{f' ({type.unit})' if type.unit else ''}"


def choice_words(choices: tuple[str, ...]) -> str:
    """Name the words of an enum when they are few, else count them."""
    if len(choices) > _SHORT_CHOICE:
        return f"one of {len(choices)} words"
    quoted = [f"`{each}`" for each in choices]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}" if len(quoted) > 1 else "".join(quoted)


def count_words(count: int, noun: str) -> str:
    """Return the count with its noun: 1 character, 2 characters."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def range_words(type: Number) -> str:
    """Say between which amounts a number must lie."""
    parts = []
    if type.minimum is not None and type.minimum == type.maximum:
        return f"{type.minimum:f}"
    if None not in (type.minimum, type.maximum) and not (type.above or type.below):
        return f"from {type.minimum:f} to {type.maximum:f}"
    if type.minimum is not None:
        parts.append(f"{'above' if type.above else 'at least'} {type.minimum:f}")
    if type.maximum is not None:
        parts.append(f"{'below' if type.below else 'at most'} {type.maximum:f}")
    return " and ".join(parts) or "any amount"


def state(type: Type) -> str:
    """Return the ways in which a value can be empty: "absent", "absent or null", "blank"."""
    ways = [word for word, can in (("absent", type.absent), ("null", type.null)) if can]
    if isinstance(type, Text) and type.blank:
        ways.append("blank")
    if isinstance(type, List) and not type.min_items:
        ways.append("an empty list")
    return " or ".join([", ".join(ways[:-1]), ways[-1]] if len(ways) > 2 else ways)


def unlike(left: Type, right: Type, member: str = "") -> tuple[str, str]:
    """Return what two types are that do not mix; of objects, what their first such member is."""
    if isinstance(left, Object) and isinstance(right, Object):
        for name, kind in left.fields.items():
            other = right.fields.get(name)
            if other is not None and union(kind, other) is None:
                return unlike(kind, other, name)
    as_member = f" as `{member}`" if member else ""
    return phrase(left.present()) + as_member, phrase(right.present()) + as_member
