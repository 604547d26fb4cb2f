"""
Know which parts of a document the reader has already reported as cut in pieces.

A comma inside `{ }` splits an expression into keys that nobody wrote. The reader says so
once; whatever stands in those braces is not judged any further.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from msgspec import Struct

from mapping_engine.source.diagnostic import Report
from mapping_engine.source.node import Document, MappingNode, Node, ScalarNode
from mapping_engine.source.text import Span

__all__ = ["Cuts"]

#: split-in-braces, begins-with-brace
_CODES = ("M104", "M109")


class Cuts(Struct, frozen=True):
    """The `{ }` and `[ ]` of one document that hold pieces of cut values.

    They are kept as places in the file, in order and apart from each other.
    """

    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    @classmethod
    def of(cls, document: Document, report: Report) -> Cuts:
        """Return the smallest braces around each cut that `report` knows of."""
        places = sorted(
            each.span.start
            for each in report
            if each.code.number in _CODES and each.span and each.span.source is document.source
        )
        if not places or document.root is None:
            return cls()
        return cls._outermost(_around(places, _flows(document.root)))

    @classmethod
    def _outermost(cls, spans: Iterable[Span]) -> Cuts:
        starts: list[int] = []
        ends: list[int] = []
        for span in sorted(spans, key=lambda each: (each.start, -each.end)):
            if not ends or span.start >= ends[-1]:
                starts.append(span.start)
                ends.append(span.end)
        return cls(tuple(starts), tuple(ends))

    def covers(self, node: Node) -> bool:
        """Whether a node stands inside braces that were cut."""
        if not self.starts:
            return False
        place = bisect_right(self.starts, node.span.start) - 1
        return place >= 0 and node.span.end <= self.ends[place]


def _around(places: Iterable[int], flows: Iterable[Span]) -> list[Span]:
    """Return the innermost braces around each place; both come in the order of the file."""
    found: list[Span] = []
    waiting = iter(flows)
    following = next(waiting, None)
    open_now: list[Span] = []
    for place in places:
        while following is not None and following.start <= place:
            while open_now and open_now[-1].end <= following.start:
                open_now.pop()
            open_now.append(following)
            following = next(waiting, None)
        while open_now and open_now[-1].end <= place:
            open_now.pop()
        found.extend(open_now[-1:])
    return found


def _flows(root: Node) -> list[Span]:
    """Return all `{ }` and `[ ]` in the order of the file, outer before inner."""
    found: list[Span] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ScalarNode):
            continue
        first = node.span.source.text[node.span.start : node.span.start + 1]
        if first in ("{", "["):
            found.append(node.span)
        if isinstance(node, MappingNode):
            waiting.extend(each.value for each in node)
        else:
            waiting.extend(node.items)
    return sorted(found, key=lambda each: (each.start, -each.end))
