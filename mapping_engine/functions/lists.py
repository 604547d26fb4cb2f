"""
Work on lists: add up, count, choose by place, put together and take apart.

An absent list adds up to 0, counts 0 and joins to the empty text, so that a document
without lines still has totals.
"""

from __future__ import annotations

import builtins
from decimal import Decimal
from functools import reduce

from msgspec.structs import replace

from mapping_engine.functions.arguments import (
    constant,
    constant_whole,
    known_list,
    known_text,
    whole,
    within_items,
    within_limit,
)
from mapping_engine.functions.catalogue import Arguments, Example, Inline, Parameter
from mapping_engine.functions.registry import CATALOGUE
from mapping_engine.source.limits import DEFAULT_LIMITS
from mapping_engine.values.number import EXACT, multiply, total
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import BOOLEAN, NUMBER, TEXT, List, Number, Text, Type
from mapping_engine.values.value import MISSING, Value, is_empty, is_nothing

__all__ = ["all", "any", "count", "first", "join", "last", "nth", "rest", "split", "sum",
           "unique"]  # fmt: skip

_ZERO = Decimal(0)
_MOST = DEFAULT_LIMITS.list_items
_LIST = Parameter("list", List(), "The list.")
_LIST_OR_NOTHING = Parameter("list", List(), "The list.", takes_nothing=True)
_NUMBERS = Parameter("list", List(item=NUMBER), "The numbers to add.", takes_nothing=True)
_ANSWERS = Parameter("list", List(item=BOOLEAN), "Answers of yes and no.", takes_nothing=True)


def _items(value: Value) -> list[Value]:
    """Return the items of a list; nothing has none."""
    return value if isinstance(value, list) else []


def _fewest(items: List) -> int:
    return 0 if items.can_be_nothing else items.min_items


def _summed(arguments: Arguments) -> Number:
    items = known_list(arguments)
    if not isinstance(items.item, Number):
        return NUMBER
    return Number(
        scale=items.item.scale,
        unit=items.item.unit,
        minimum=_lowest(items, items.item.minimum),
        maximum=_highest(items, items.item.maximum),
    )


def _total(numbers: list[Decimal]) -> Decimal:
    return reduce(EXACT.add, numbers, _ZERO)


def _are_there(arguments: Arguments) -> bool:
    """Whether there is a number at every place of the list."""
    item = known_list(arguments).item
    return isinstance(item, Number) and not item.can_be_nothing


def _lowest(items: List, bound: Decimal | None) -> Decimal | None:
    """Return the least sum of items that are at least `bound` each."""
    if bound is None:
        return None
    return _times(bound, _fewest(items) if bound >= 0 else items.max_items)


def _highest(items: List, bound: Decimal | None) -> Decimal | None:
    """Return the largest sum of items that are at most `bound` each."""
    if bound is None:
        return None
    return _times(bound, _fewest(items) if bound <= 0 else items.max_items)


def _times(bound: Decimal, items: int | None) -> Decimal | None:
    """Return the sum of so many equal numbers; None when it is open or beyond all numbers."""
    try:
        return None if items is None else multiply(bound, Decimal(items))
    except Refusal:
        return None


@CATALOGUE.function(
    _NUMBERS,
    returns=_summed,
    examples=(
        Example("sum([60.00, 40.50])", "100.50"),
        Example("sum([0.1, 0.2])", "0.3"),
        Example("sum([])", "0"),
        Example('sum(["60.00"])', error="M404"),
    ),
    reads="the sum of {list}",
    used_for="xero and quickbooks_online invoice: the lines of an account; control totals",
    inline=Inline("_total(list)", _are_there),
    folds="sum",
)
def sum(list: Value) -> Decimal:
    """Add up the numbers of a list; an absent list adds up to 0, and so does a null in it."""
    return total(each for each in _items(list) if isinstance(each, Decimal))


def _counted(arguments: Arguments) -> Number:
    items = known_list(arguments)
    most = _MOST if items.max_items is None else items.max_items
    return Number(scale=0, minimum=Decimal(_fewest(items)), maximum=Decimal(most))


@CATALOGUE.function(
    _LIST_OR_NOTHING,
    returns=_counted,
    examples=(
        Example('count(["a", "b"])', "2"),
        Example("count([])", "0"),
        Example('count("ab")', error="M404"),
    ),
    reads="the number of {list}",
    used_for="ledes invoice: one matter per bill; soluno matter: split billing",
    inline=Inline("Decimal(len(list))"),
    chooses=True,
    folds="count",
)
def count(list: Value) -> Decimal:
    """Count the items of a list; an absent list has none."""
    return Decimal(len(_items(list)))


@CATALOGUE.function(
    _ANSWERS,
    returns=BOOLEAN,
    examples=(
        Example("any([false, true])", "true"),
        Example("any([])", "false"),
        Example("any([1, 0])", error="M404"),
    ),
    reads="whether one of these is yes: {list}",
    used_for="soluno matter: whether a client has a share",
    folds="any",
)
def any(list: Value) -> bool:
    """Answer whether one of several answers is yes; of an absent list, no."""
    return builtins.any(each is True for each in _items(list))


@CATALOGUE.function(
    _ANSWERS,
    returns=BOOLEAN,
    examples=(
        Example("all([true, true])", "true"),
        Example("all([true, false])", "false"),
        Example("all([])", "true"),
        Example("all(true)", error="M404"),
    ),
    reads="whether none of these is no: {list}",
    used_for="payments: each invoice is the payer's own",
    folds="all",
)
def all(list: Value) -> bool:
    """Answer whether none of several answers is no; of an absent list, yes."""
    return builtins.all(each is True for each in _items(list))


def _item(items: List, place: int | None) -> Type:
    """Return the type of the item at a place from 1; None: at some place."""
    there = place is not None and place <= items.min_items
    return items.item if there else replace(items.item, absent=True)


@CATALOGUE.function(
    _LIST,
    returns=lambda arguments: _item(known_list(arguments), 1),
    examples=(
        Example('first(["M-113", "M-114"])', '"M-113"'),
        Example("first([])", "absent"),
        Example('first("M-113")', error="M404"),
    ),
    reads="the first of {list}",
    used_for="soluno matter: the first client is the primary one",
    inline=Inline("list[0] if list else MISSING"),
    chooses=True,
    folds="first",
)
def first(list: list[Value]) -> Value:
    """Return the first item of a list; of an empty list, nothing."""
    return list[0] if list else MISSING


@CATALOGUE.function(
    _LIST,
    returns=lambda arguments: _item(known_list(arguments), 1),
    examples=(
        Example("last([1, 2, 3])", "3"),
        Example("last([])", "absent"),
        Example("last(3)", error="M404"),
    ),
    reads="the last of {list}",
    used_for="the latest application of a credit note",
    chooses=True,
)
def last(list: list[Value]) -> Value:
    """Return the last item of a list; of an empty list, nothing."""
    return list[-1] if list else MISSING


def _shortened(arguments: Arguments) -> List:
    items = known_list(arguments)
    most = None if items.max_items is None else max(0, items.max_items - 1)
    return replace(items, min_items=max(0, items.min_items - 1), max_items=most)


@CATALOGUE.function(
    _LIST,
    returns=_shortened,
    examples=(
        Example("rest([1, 2, 3])", "[2, 3]"),
        Example("rest([1])", "[]"),
        Example("rest(1)", error="M404"),
    ),
    reads="all but the first of {list}",
    used_for="soluno matter: the other clients share the bill",
    chooses=True,
)
def rest(list: list[Value]) -> list[Value]:
    """Return a list without its first item."""
    return list[1:]


@CATALOGUE.function(
    _LIST,
    Parameter(
        "place",
        Number(scale=0, minimum=Decimal(1), maximum=Decimal(_MOST)),
        "Which item, counted from 1.",
    ),
    returns=lambda arguments: _item(known_list(arguments), constant_whole(arguments, "place")),
    examples=(
        Example('nth(["21", "2"], 2)', '"2"'),
        Example('nth(["21"], 2)', "absent"),
        Example('nth(["21", "2"], 0)', error="M424"),
        Example('nth(["21", "2"], "2")', error="M404"),
    ),
    reads="number {place} of {list}",
    used_for="xero contact: four address lines; actionstep: parts of composite ids",
    chooses=True,
)
def nth(list: list[Value], place: Decimal) -> Value:
    """Return the item at a place, counted from 1; beyond the end, nothing."""
    index = whole(place, 1, _MOST)
    return list[index - 1] if index <= len(list) else MISSING


def _distinct(arguments: Arguments) -> List:
    items = known_list(arguments)
    return replace(items, min_items=min(1, items.min_items), unique=True)


@CATALOGUE.function(
    _LIST,
    returns=_distinct,
    examples=(
        Example('unique(["a", "b", "a"])', '["a", "b"]'),
        Example("unique([1.0, 1])", "[1.0]"),
        Example('unique("aa")', error="M404"),
    ),
    reads="{list}, each only once",
    used_for="xero invoice: each narrative once in the text of a line",
)
def unique(list: list[Value]) -> list[Value]:
    """Leave out what a list has already had; the first one stays in its place."""
    found: dict[object, Value] = {}
    for each in list:
        found.setdefault(_identity(each), each)
    return [*found.values()]


def _identity(value: Value) -> object:
    """Return something hashable that is equal for values that are the same."""
    if is_nothing(value):
        return None
    if isinstance(value, dict):
        members = ((key, _identity(each)) for key, each in value.items())
        return frozenset(member for member in members if member[1] is not None)
    if isinstance(value, builtins.list):
        return tuple(map(_identity, value))
    return type(value), value


def _joined(arguments: Arguments) -> Text:
    items, separator = known_list(arguments), constant(arguments, "separator")
    item = items.item if isinstance(items.item, Text) else Text()
    most = None
    if items.max_items is not None and item.max_length is not None and isinstance(separator, str):
        gaps = max(0, items.max_items - 1) * len(separator)
        most = items.max_items * item.max_length + gaps
    full = bool(items.min_items) and not item.blank and not items.can_be_nothing
    return Text(blank=not full, min_length=1 if full else 0, max_length=most)


@CATALOGUE.function(
    Parameter("list", List(item=TEXT), "The texts to put together.", takes_nothing=True),
    Parameter("separator", TEXT, "What stands between two of them."),
    returns=_joined,
    examples=(
        Example('join(["research", "advice"], "; ")', '"research; advice"'),
        Example('join(["Anna", "", "Berg"], " ")', '"Anna Berg"'),
        Example('join([], "; ")', '""'),
        Example('join([1, 2], "; ")', error="M404"),
    ),
    reads="{list}, put together with {separator} between",
    used_for="xero and quickbooks_online invoice: one description for the lines of an account",
)
def join(list: Value, separator: str) -> str:
    """
    Put the texts of a list together.

    Blank texts are left out, so that no two separators meet; an absent list gives the
    empty text.
    """
    texts = [each for each in _items(list) if isinstance(each, str) and not is_empty(each)]
    within_limit(builtins.sum(map(len, texts)) + len(separator) * max(0, len(texts) - 1))
    return separator.join(texts)


def _parts(arguments: Arguments) -> List:
    longest = known_text(arguments).max_length
    item = Text(blank=False, min_length=1, max_length=longest)
    return List(item=item, max_items=None if longest is None else (longest + 1) // 2 or 1)


@CATALOGUE.function(
    Parameter("text", TEXT, "The text to part."),
    Parameter("separator", TEXT, "What stands between two parts; an empty text parts nothing."),
    returns=_parts,
    examples=(
        Example('split("a@b.law, c@d.law,", ",")', '["a@b.law", "c@d.law"]'),
        Example('split("21--2", "--")', '["21", "2"]'),
        Example('split("", ",")', "[]"),
        Example('split(21, "--")', error="M404"),
    ),
    reads="{text}, taken apart at {separator}",
    used_for="actionstep: composite ids (`21--2`) and lists of e-mails; clio: street lines",
)
def split(text: str, separator: str) -> list[str]:
    """Part a text into a list; blanks around a part and blank parts are left out."""
    parts = text.split(separator) if separator else [text]
    trimmed = (each.strip() for each in parts)
    return within_items([each for each in trimmed if each])
