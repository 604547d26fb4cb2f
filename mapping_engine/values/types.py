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
from decimal import Decimal
from typing import Self, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from mapping_engine.values.units import Unit, either

__all__ = [
    "ABSENT", "BOOLEAN", "DATE", "DATETIME", "NULL", "NUMBER", "TEXT", "UNKNOWN",
    "Boolean", "Date", "DateTime", "List", "Nothing", "Number", "Object", "Text",
    "Type", "Unknown", "blanks_as_null", "union",
]  # fmt: skip


class Base(Struct, frozen=True, kw_only=True):
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
        return self.there()

    def there(self) -> Self:
        """Return the type of the same value once it is not nothing; a text may still be blank."""
        return self.with_states(False, False, self.private)

    def like(self, *others: Base) -> Self:
        """Return this type, also empty or private wherever one of `others` is."""
        absent, null, private = self.absent, self.null, self.private
        for each in others:
            absent = absent or each.absent
            null = null or each.null
            private = private or each.private
        return self.with_states(absent, null, private)

    def with_states(self, absent: bool, null: bool, private: bool) -> Self:
        """Return this type with these states; itself where nothing changes (most often)."""
        if self.absent is absent and self.null is null and self.private is private:
            return self
        return replace(self, absent=absent, null=null, private=private)


class Unknown(Base, frozen=True, kw_only=True):
    """The type of a mistake already reported: fits everywhere, so that there is no second wave."""


class Nothing(Base, frozen=True, kw_only=True):
    """The type of `null`, or of a value that is never there."""


class Text(Base, frozen=True, kw_only=True):
    """A text. `choices` is the enum in schema order; lengths count characters.

    With `reads_scalars` the system may also write a number or yes or no, which is read as
    its text (`12.50`, `true`).
    """

    choices: tuple[str, ...] | None = None
    blank: bool = True
    min_length: int = 0
    max_length: int | None = None
    pattern: str | None = None
    format: str | None = None
    reads_scalars: bool = False

    @property
    def can_be_empty(self) -> bool:
        return self.blank or self.absent or self.null

    def present(self) -> Self:
        if not self.can_be_empty and self.min_length:
            return self
        return replace(
            self, absent=False, null=False, blank=False, min_length=max(1, self.min_length)
        )


class Number(Base, frozen=True, kw_only=True):
    """An exact decimal. `scale` is the most decimal places it can have; None: no known scale.

    A quotient has no scale and must be rounded before it reaches a field that has one.
    With `reads_text` the system may also write it as a text; with `as_text` it must be
    sent as one.
    """

    scale: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    above: bool = False  # minimum itself excluded
    below: bool = False  # maximum itself excluded
    unit: str | None = None
    reads_text: bool = False
    as_text: bool = False

    @property
    def has_plain_places(self) -> bool:
        """Whether `str` writes every number of this type without an exponent.

        It writes one for more than six decimal places, and for whole numbers that a quotient
        left without their zeros; a quotient has no scale.
        """
        return self.scale is not None and self.scale <= 6

    @property
    def is_flat(self) -> bool:
        """Whether `str` writes every number of this type plainly: no exponent, no negative zero."""
        return self.has_plain_places and self.minimum is not None and self.minimum >= 0


class Boolean(Base, frozen=True, kw_only=True):
    """Yes or no."""


class Date(Base, frozen=True, kw_only=True):
    """A civil date without a zone."""


class DateTime(Base, frozen=True, kw_only=True):
    """An instant with an offset."""


class List(Base, frozen=True, kw_only=True):
    """A list of items of one type."""

    item: Type = field(default_factory=Unknown)
    min_items: int = 0
    max_items: int | None = None
    unique: bool = False

    @property
    def can_be_empty(self) -> bool:
        return not self.min_items or self.absent or self.null

    def present(self) -> Self:
        if not self.can_be_empty:
            return self
        return replace(self, absent=False, null=False, min_items=max(1, self.min_items))


class Object(Base, frozen=True, kw_only=True):
    """A record or a part of one. `name` is what a message calls it.

    A member that may be missing has a type with `absent`. `others` is the type of members
    that are not listed (custom fields); None means there are none. Of the groups in
    `needs_one_of` at least one must be there with all its names.
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
    if left is right:
        return left
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return UNKNOWN
    if isinstance(left, Nothing):
        return right.like(left)
    if isinstance(right, Nothing):
        return left.like(right)
    merged = _merge(left, right)
    return merged.like(left, right) if merged else None


def unit_of(kind: Type) -> Unit:
    """Return the unit of what may be a number."""
    return kind.unit if isinstance(kind, Number) else None


def unlike_units(left: Type, right: Type) -> tuple[str, str] | None:
    """Return two units that do not go together, of two types or of what is inside them."""
    match left, right:
        case Number(unit=str(one)), Number(unit=str(other)) if one != other:
            return one, other
        case List(), List():
            return unlike_units(left.item, right.item)
        case Object(), Object():
            pairs = ((kind, right.fields[name]) for name, kind in left.fields.items()
                     if name in right.fields)  # fmt: skip
            return next(filter(None, (unlike_units(*each) for each in pairs)), None)
        case _:
            return None


def _merge(left: Type, right: Type) -> Type | None:
    match left, right:
        case Text(), Text():
            return _merge_texts(left, right)
        case Number(), Number():
            return _merge_numbers(left, right)
        case (Boolean(), Boolean()) | (Date(), Date()) | (DateTime(), DateTime()):
            return left
        case List(), List():
            return _merge_lists(left, right)
        case Object(), Object():
            return _merge_objects(left, right)
        case _:
            return None


def _both(left: int | None, right: int | None) -> tuple[int, int] | None:
    return None if left is None or right is None else (left, right)


def _merge_lists(left: List, right: List) -> List | None:
    item = _merged_item(left, right)
    most = _both(left.max_items, right.max_items)
    if item is None:
        return None
    return List(
        item=item,
        min_items=min(left.min_items, right.min_items),
        max_items=None if most is None else max(most),
        unique=left.unique and right.unique,
    )


def _merged_item(left: List, right: List) -> Type | None:
    """Return the type of the items of one or the other; an empty list has none to say."""
    if left.max_items == 0:
        return right.item
    return left.item if right.max_items == 0 else union(left.item, right.item)


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
        reads_scalars=left.reads_scalars or right.reads_scalars,
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
        unit=either(left.unit, right.unit),
        reads_text=left.reads_text or right.reads_text,
        as_text=left.as_text and right.as_text,
    )  # fmt: skip


def _merge_objects(left: Object, right: Object) -> Object | None:
    fields: dict[str, Type] = {}
    for name in dict.fromkeys((*left.fields, *right.fields)):
        merged = union(_member(left, name), _member(right, name))
        if merged is None:
            return None
        fields[name] = merged
    others = left.others or right.others
    if left.others and right.others:
        others = union(left.others, right.others) or UNKNOWN
    return Object(
        name=left.name if left.name == right.name else f"{left.name} or {right.name}",
        fields=fields,
        others=others,
        needs_one_of=left.needs_one_of if left.needs_one_of == right.needs_one_of else (),
    )


def _member(record: Object, name: str) -> Type:
    """Return what is known of a member that the other object lists and this one may not."""
    if name in record.fields:
        return record.fields[name]
    return replace(record.others, absent=True) if record.others else ABSENT


def blanks_as_null(type: Type) -> Type:
    """Return the type of what a system says that writes a blank text for nothing.

    Texts, dates and numbers that may be written as texts can then be null, and no text is blank.
    """
    match type:
        case Text(blank=True, choices=choices):
            kept = None if choices is None else tuple(each for each in choices if each.strip())
            return replace(type, blank=False, null=True, choices=kept)
        case Date() | DateTime() | Number(reads_text=True):
            return replace(type, null=True)
        case List():
            return replace(type, item=blanks_as_null(type.item))
        case Object():
            fields = {name: blanks_as_null(each) for name, each in type.fields.items()}
            return replace(type, fields=fields, others=type.others and blanks_as_null(type.others))
        case _:
            return type
