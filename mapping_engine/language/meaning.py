"""What makes two nodes of a tree equal: what they mean, not where they stand."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

from msgspec import Struct

__all__ = ["Meant"]

_BESIDE = frozenset(("span", "name_span", "type"))


class Meant(Struct, frozen=True, eq=False):
    """A node of a tree, equal to every other that says the same, whatever its place and type."""

    def __eq__(self, other: object) -> bool:
        said = _said(type(self))
        return type(self) is type(other) and bool(said(self) == said(other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(_said(type(self))(self))

    def __repr__(self) -> str:
        kind = type(self)
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in _names(kind))
        return f"{kind.__name__}({said})"


def _names(kind: type[Meant]) -> list[str]:
    return [name for name in kind.__struct_fields__ if name not in _BESIDE]


@cache
def _said(kind: type[Meant]) -> Callable[[Meant], Any]:
    """Return what reads all that a node of this kind says: its kind, and what it holds."""
    return attrgetter("__class__", *_names(kind))
