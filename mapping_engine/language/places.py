"""Say where in the record a value was read: `lines[1].account.code`."""

from __future__ import annotations

from mapping_engine.language.environment import PAYLOAD_KEY, RECORD_KEY, Environment
from mapping_engine.language.typed import Get, Typed, Variable, inner

__all__ = ["first_place", "place_of"]


def place_of(node: Typed, environment: Environment) -> str | None:
    """Return the place in the record that a node reads; None when it computes something."""
    match node:
        case Variable(key=key) if key in (RECORD_KEY, PAYLOAD_KEY):
            return ""
        case Variable(key=key):
            found = environment.origin(key)
            if found is None:
                return None
            items, outer, index = found
            above = place_of(items, outer)
            return None if above is None else f"{above}[{index}]"
        case Get(of=of, name=name):
            above = place_of(of, environment)
            if above is None:
                return None
            return f"{above}.{name}" if above else name
        case _:
            return None


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
