"""Put a tree that was read from a bare text where that text stands."""

from __future__ import annotations

from typing import Any, TypeVar

from mapping_engine.language.nodes import Placed
from mapping_engine.language.passage import Passage
from mapping_engine.source.text import Span

__all__ = ["placed"]

_Node = TypeVar("_Node", bound=Placed)


def placed(node: _Node, passage: Passage) -> _Node:
    """Return the tree of a text with its spans, which count from its start, those of a passage."""
    members = node.__struct_fields__
    return type(node)(**{name: _placed(getattr(node, name), passage) for name in members})


def _placed(member: Any, passage: Passage) -> Any:
    if isinstance(member, Span):
        return passage.span(member.start, member.end)
    if isinstance(member, Placed):
        return placed(member, passage)
    if isinstance(member, tuple):
        return tuple(_placed(each, passage) for each in member)
    return member
