"""Say where in the record a value was read: `lines[1].account.code`."""

from __future__ import annotations

from mapping_engine.language.environment import PAYLOAD_KEY, RECORD_KEY, Environment
from mapping_engine.language.typed import Apply, Filter, Get, Typed, Variable, inner
from mapping_engine.values.value import MISSING, Value

__all__ = ["chosen_place", "first_place", "place_of"]


def place_of(node: Typed, environment: Environment) -> str | None:
    """Return the place in the record that a node reads; None when it computes something."""
    match node:
        case Variable(key=key) if key in (RECORD_KEY, PAYLOAD_KEY):
            return ""
        case Variable(key=key):
            found = environment.origin(key)
            if found is None:
                return None
            return _item_place(environment.read(key), *found)
        case Get(of=of, name=name):
            above = place_of(of, environment)
            if above is None:
                return None
            return f"{above}.{name}" if above else name
        case _:
            return None


def chosen_place(node: Typed, chosen: Value, environment: Environment) -> str | None:
    """Return the place of what a function like `first( )` chose of a list of the record."""
    if not isinstance(node, Apply) or not node.arguments or not isinstance(chosen, dict):
        return None
    return _item_place(chosen, node.arguments[0], environment, -1)


def _item_place(item: Value, items: Typed, environment: Environment, index: int) -> str | None:
    """Return the place of an item in the record, also of one that was chosen or gathered."""
    whole, found = _whole(items, environment)
    above = place_of(whole, found)
    if above is None:
        return None
    if whole is not items or index < 0:
        there = _value(whole, found)
        places = (place for place, each in enumerate(there) if each is item)
        index = next(places, -1) if isinstance(item, dict | list) else -1
    return f"{above}[{index}]" if index >= 0 else above


def _whole(items: Typed, environment: Environment) -> tuple[Typed, Environment]:
    """Return the list of which a list holds some items, itself if it is whole."""
    while True:
        source = environment.source(items.key) if isinstance(items, Variable) else None
        if source is not None:
            items, environment = source
        elif isinstance(items, Filter):
            items = items.of
        else:
            return items, environment


def _value(node: Typed, environment: Environment) -> list[Value]:
    """Return the list that stands at a place of the record."""
    path: list[str] = []
    while isinstance(node, Get):
        path.append(node.name)
        node = node.of
    value = environment.read(node.key) if isinstance(node, Variable) else MISSING
    for name in reversed(path):
        value = value.get(name, MISSING) if isinstance(value, dict) else MISSING
    return value if isinstance(value, list) else []


def first_place(node: Typed, environment: Environment) -> str | None:
    """Return the first place that a node, or anything inside it or its helpers, reads."""
    waiting = [node]
    while waiting:
        each = waiting.pop(0)
        place = place_of(each, environment)
        if place:
            return place
        if isinstance(each, Variable):
            definition = environment.definition(each.key)
            waiting.extend([definition] if definition is not None else [])
        waiting.extend(inner(each))
    return None
