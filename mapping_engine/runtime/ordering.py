"""Put the items of a list in order, and gather them in groups, by value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import itemgetter

from mapping_engine.language.environment import Environment
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.language.typed import Typed
from mapping_engine.runtime.program import PartStep
from mapping_engine.values.types import Text
from mapping_engine.values.value import Value, is_empty

__all__ = ["gather", "group_key", "in_order", "rank"]


def in_order(
    insides: list[Environment], keys: Sequence[Typed], evaluator: Evaluator
) -> list[Environment]:
    """Return item environments sorted by `keys`; a tie keeps the order of the list.

    Texts with an enum sort in schema order, other texts by their characters; what is empty
    comes last.
    """
    if not keys:
        return insides
    ranked = [
        (tuple(rank(evaluator.value(key, inside), key) for key in keys), inside)
        for inside in insides
    ]
    ranked.sort(key=itemgetter(0))
    return [inside for _, inside in ranked]


_Rank = tuple[int, Decimal, str]


def rank(value: Value, key: Typed) -> _Rank:
    """Return what a value of `key` sorts by."""
    if is_empty(value):
        return 2, Decimal(0), ""
    if isinstance(value, str) and isinstance(key.type, Text) and key.type.choices is not None:
        if value in key.type.choices:
            return 0, Decimal(key.type.choices.index(value)), ""
        return 1, Decimal(0), value
    match value:
        case bool():
            return 0, Decimal(value), ""
        case Decimal():
            return 0, value, ""
        case datetime():
            return 0, Decimal(0), value.astimezone(UTC).isoformat()
        case date():
            return 0, Decimal(0), value.isoformat()
        case _:
            return 0, Decimal(0), str(value)


def gather(
    insides: Sequence[Environment], part: PartStep, evaluator: Evaluator, environment: Environment
) -> Iterator[Environment]:
    """Yield one environment for each group of a part, in order of first appearance.

    Group keys compare by value; a table row counts as a value.
    """
    group = part.group
    if group is None:
        return
    groups: dict[object, tuple[dict[str, Value], list[Value]]] = {}
    for inside in insides:
        keys = {name: evaluator.value(key, inside) for name, key in group.keys}
        identity = tuple(group_key(value) for value in keys.values())
        _, items = groups.setdefault(identity, (keys, []))
        items.append(inside.read(part.item_key))
    for keys, items in groups.values():
        source = part.each
        assert source is not None
        yield environment.gathered(group.items_key, items, source).inside(group.keys_key, keys)


def group_key(value: Value) -> object:
    """Return something that is equal and hashes equal exactly when two values are the same."""
    if value.__class__ is str or value.__class__ is Decimal:  # most often
        return value
    match value:
        case dict():
            pairs = [(name, group_key(each)) for name, each in value.items()]
            return "object", frozenset(pairs)
        case list():
            return "list", tuple(group_key(each) for each in value)
        case bool():
            return "boolean", value
        case None:
            return "nothing"
        case _:
            return "nothing" if is_empty(value) and not isinstance(value, str) else value
