"""
What is known of a value before a record is seen.

A type is a kind (text, number, …) with what narrows it: emptiness, enum, lengths,
scale, range, unit. Types are immutable; operators and functions compute new ones.

Emptiness is three questions, since a mapping treats them differently: may the value be
absent, may it be null, may it (a text) be blank. `private` marks what may never be
shown in a message; it travels through every operation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Self, TypeAlias

__all__ = [
    "ABSENT", "BOOLEAN", "DATE", "DATETIME", "NULL", "NUMBER", "TEXT", "UNKNOWN",
    "Boolean", "Date", "DateTime", "List", "Nothing", "Number", "Object", "Text",
    "Type", "Unknown", "union",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What every type knows: whether the value may be absent or null, and whether it is private."""

    absent: bool = False
    null: bool = False
    private: bool = False

    @property
    def can_be_nothing(self) -> bool:
        """Whether the value may be absent or null."""
        return self.absent or self.null

    @property
    def can_be_empty(self) -> bool:
        """Whether the value may be nothing, blank or an empty list."""
        return self.can_be_nothing

    def present(self) -> Self:
        """Return the type of the same value once `is present` has been asked."""
        return replace(self, absent=False, null=False)

    def like(self, *others: Base) -> Self:
        """Return this type, also empty or private wherever one of `others` is."""
        return replace(
            self,
            absent=self.absent or any(each.absent for each in others),
            null=self.null or any(each.null for each in others),
            private=self.private or any(each.private for each in others),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown(Base):
    """The type of a mistake already reported: fits everywhere, so that there is no second wave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing(Base):
    """The type of `null`, or of a value that is never there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Base):
    """A text. `choices` is the enum in schema order; lengths count characters."""

    choices: tuple[str, ...] | None = None
    blank: bool = True
    min_length: int = 0
    max_length: int | None = None
    pattern: str | None = None
    format: str | None = None

    @property
    def can_be_empty(self) -> bool:
        return self.blank or self.absent or self.null

    def present(self) -> Self:
        return replace(
            self, absent=False, null=False, blank=False, min_length=max(1, self.min_length)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Base):
    """An exact decimal. `scale` is the most decimal places it can have; None: no known scale.

    A quotient has no scale and must be rounded before it reaches a field that has one.
    """

    scale: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    above: bool = False  # minimum itself excluded
    below: bool = False  # maximum itself excluded
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Boolean(Base):
    """Yes or no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Date(Base):
    """A civil date without a zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateTime(Base):
    """An instant with an offset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class List(Base):
    """A list of items of one type."""

    item: Type = field(default_factory=Unknown)
    min_items: int = 0
    max_items: int | None = None
    unique: bool = False

    @property
    def can_be_empty(self) -> bool:
        return not self.min_items or self.absent or self.null

    def present(self) -> Self:
        return replace(self, absent=False, null=False, min_items=max(1, self.min_items))


@dataclass(frozen=True, slots=True, kw_only=True)
class Object(Base):
    """A record or a part of one. `name` is what a message calls it.

    A member that may be missing has a type with `absent`. `others` is the type of members
    that are not listed (custom fields); None means there are none.
    """

    name: str = "object"
    fields: Mapping[str, Type] = field(default_factory=dict)
    others: Type | None = None
    needs_one_of: tuple[tuple[str, ...], ...] = ()

    def __hash__(self) -> int:
        return hash((self.name, tuple(self.fields)))


Type: TypeAlias = Unknown | Nothing | Text | Number | Boolean | Date | DateTime | List | Object

UNKNOWN = Unknown()
TEXT = Text()
NUMBER = Number()
BOOLEAN = Boolean()
DATE = Date()
DATETIME = DateTime()
NULL = Nothing(null=True)
ABSENT = Nothing(absent=True)


def union(left: Type, right: Type) -> Type | None:
    """Return the type of a value that is of `left` or of `right`; None when they do not mix."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return UNKNOWN
    if isinstance(left, Nothing):
        return right.like(left)
    if isinstance(right, Nothing):
        return left.like(right)
    merged = _merge(left, right)
    return merged.like(left, right) if merged else None


def _merge(left: Type, right: Type) -> Type | None:
    match left, right:
        case Text(), Text():
            return _merge_texts(left, right)
        case Number(), Number():
            return _merge_numbers(left, right)
        case (Boolean(), Boolean()) | (Date(), Date()) | (DateTime(), DateTime()):
            return left
        case List(), List():
            item = union(left.item, right.item)
            most = _both(left.max_items, right.max_items)
            return item and List(
                item=item, min_items=min(left.min_items, right.min_items),
                max_items=None if most is None else max(most),
            )  # fmt: skip
        case Object(), Object():
            return _merge_objects(left, right)
        case _:
            return None


def _both(left: int | None, right: int | None) -> tuple[int, int] | None:
    return None if left is None or right is None else (left, right)


def _merge_texts(left: Text, right: Text) -> Text:
    longest = _both(left.max_length, right.max_length)
    choices = None
    if left.choices is not None and right.choices is not None:
        choices = tuple(dict.fromkeys((*left.choices, *right.choices)))
    return Text(
        choices=choices,
        blank=left.blank or right.blank,
        min_length=min(left.min_length, right.min_length),
        max_length=None if longest is None else max(longest),
        pattern=left.pattern if left.pattern == right.pattern else None,
        format=left.format if left.format == right.format else None,
    )


def _merge_numbers(left: Number, right: Number) -> Number:
    scales = _both(left.scale, right.scale)
    low = high = None
    above = below = False
    if left.minimum is not None and right.minimum is not None:
        low = min(left.minimum, right.minimum)
        above = all(each.above for each in (left, right) if each.minimum == low)
    if left.maximum is not None and right.maximum is not None:
        high = max(left.maximum, right.maximum)
        below = all(each.below for each in (left, right) if each.maximum == high)
    return Number(
        scale=None if scales is None else max(scales),
        minimum=low, maximum=high, above=above, below=below,
        unit=left.unit if left.unit == right.unit else None,
    )  # fmt: skip


def _merge_objects(left: Object, right: Object) -> Object | None:
    fields: dict[str, Type] = {}
    for name in (*left.fields, *(each for each in right.fields if each not in left.fields)):
        mine, theirs = left.fields.get(name, ABSENT), right.fields.get(name, ABSENT)
        merged = union(mine, theirs)
        if merged is None:
            return None
        fields[name] = merged
    return Object(
        name=left.name if left.name == right.name else f"{left.name} or {right.name}",
        fields=fields,
        others=left.others if left.others == right.others else None,
    )
