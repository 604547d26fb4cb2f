"""
Know which parts of a document the reader has already reported as cut in pieces.

A comma inside `{ }` splits an expression into keys that nobody wrote. The reader says so
once; whatever stands in those braces is not judged any further.
"""

from __future__ import annotations

from dataclasses import dataclass

from mapping_engine.source.diagnostic import Report
from mapping_engine.source.node import Document, MappingNode, Node, ScalarNode
from mapping_engine.source.text import Span

__all__ = ["Cuts"]

#: split-in-braces, begins-with-brace
_CODES = ("M104", "M109")


@dataclass(frozen=True, slots=True)
class Cuts:
    """The `{ }` and `[ ]` of one document that hold pieces of cut values."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, document: Document, report: Report) -> Cuts:
        """Return the smallest braces around each cut that `report` knows of."""
        places = [
            each.span.start
            for each in report
            if each.code.number in _CODES and each.span and each.span.source is document.source
        ]
        if not places or document.root is None:
            return cls()
        flows = [
            each.span
            for each in _nodes(document.root)
            if not isinstance(each, ScalarNode) and each.span.text[:1] in ("{", "[")
        ]
        around = (
            min((each for each in flows if _holds(each, place)), key=_length, default=None)
            for place in places
        )
        return cls(tuple(each for each in around if each is not None))

    def covers(self, node: Node) -> bool:
        """Whether a node stands inside braces that were cut."""
        return any(
            each.start <= node.span.start and node.span.end <= each.end for each in self.spans
        )


def _holds(span: Span, place: int) -> bool:
    return span.start <= place < span.end


def _length(span: Span) -> int:
    return span.end - span.start


def _nodes(root: Node) -> list[Node]:
    """Return all nodes below and including `root`, without recursion."""
    found: list[Node] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        found.append(node)
        if isinstance(node, MappingNode):
            waiting.extend(each.value for each in node)
        elif not isinstance(node, ScalarNode):
            waiting.extend(node.items)
    return found
