"""
Look into a document that has been read: as plain values for a schema, and by path for places.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

from mapping_engine.source.node import Entry, MappingNode, Node, ScalarNode
from mapping_engine.source.text import Span

__all__ = ["Plain", "find", "key_span", "nearest_span", "plain"]

Plain: TypeAlias = "bool | Decimal | str | list[Plain] | dict[str, Plain] | None"


def plain(node: Node | None) -> Plain:
    """Return the values below `node` as dictionaries, lists, None, booleans, decimals and texts."""
    if node is None:
        return None
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, MappingNode):
        return {each.key.text: plain(each.value) for each in node.entries}
    return [plain(each) for each in node.items]


def find(node: Node | None, path: Sequence[str | int]) -> Node | None:
    """Return the node at the end of `path` (keys, and list positions from 0), if it is there."""
    for step in path:
        found = _step(node, step)
        node = found.value if isinstance(found, Entry) else found
    return node


def key_span(node: Node | None, path: Sequence[str | int]) -> Span | None:
    """Return the span of the key at the end of `path`; of the item itself when it is in a list."""
    if not path:
        return node.span if node else None
    found = _step(find(node, path[:-1]), path[-1])
    return found.key.span if isinstance(found, Entry) else found.span if found else None


def nearest_span(node: Node, path: Sequence[str | int]) -> Span:
    """Return a short span for a mistake at `path`: its key, or the last key on the way to it."""
    for length in range(len(path), 0, -1):
        span = key_span(node, path[:length])
        if span:
            return span
    first = node.entries[0].key if isinstance(node, MappingNode) and node.entries else node
    return first.span


def _step(node: Node | None, step: str | int) -> Entry | Node | None:
    if isinstance(node, MappingNode):
        return node.entry(str(step))
    if node is None or isinstance(node, ScalarNode):
        return None
    return node.items[step] if isinstance(step, int) and 0 <= step < len(node.items) else None
