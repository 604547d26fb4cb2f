"""Whether a value of a type may hold something private, itself or in a part of it."""

from __future__ import annotations

from mapping_engine.values.types import List, Object, Type

__all__ = ["holds_private"]


def holds_private(type: Type) -> bool:
    """Return whether a value of the type, or anything inside it, is private."""
    if type.private:
        return True
    match type:
        case List(item=item):
            return holds_private(item)
        case Object(fields=fields, others=others):
            inner = (*fields.values(), others) if others is not None else tuple(fields.values())
            return any(holds_private(each) for each in inner)
        case _:
            return False
