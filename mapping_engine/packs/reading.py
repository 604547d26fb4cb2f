"""
Read the small things of a pack: words, names, sentences, expressions.

Shapes have been judged before (`shape.py`), so a node of the wrong kind is passed over here
without a word: what cannot be an expression becomes a broken one. What is said here is
where YAML and the expression language meet.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from mapping_engine.packs import problems
from mapping_engine.packs.cuts import Cuts
from mapping_engine.packs.model import Formula, Layer, Origin
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.node import (
    Document,
    Entry,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Style,
)
from mapping_engine.source.text import Located, Span

__all__ = ["RESERVED", "Reading", "broken", "entries", "flag", "items", "text", "word"]

#: Names with a meaning of their own in expressions; nothing else may be called so.
RESERVED = frozenset({
    "if", "then", "else", "and", "or", "not", "in", "is", "true", "false", "null",
    "record", "payload", "settings", "switches", "firm", "run", "group",
})  # fmt: skip
_YES = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


class Reading(Struct, frozen=True):
    """What every reading function needs: where to report, which layer, and what was cut."""

    report: Report
    layer: Layer = "pack"
    cuts: Cuts = field(default_factory=Cuts)

    @classmethod
    def of(cls, document: Document, report: Report, layer: Layer = "pack") -> Reading:
        """Return the reading of one document."""
        return cls(report, layer, Cuts.of(document, report))

    def origin(self, span: Span, block: Node | None = None) -> Origin:
        """Return where a rule was written, with the reason that its block gives."""
        return Origin(span, self.layer, text(block, "because"))

    def expression(self, node: Node | None, where: str, span: Span) -> Formula:
        """Return an expression, or a quoted text with holes; `where` names it in a message."""
        if not isinstance(node, ScalarNode):
            return broken(span)
        if self.cuts.covers(node):
            return Formula(node, node.is_quoted, broken=True)
        if node.is_quoted:
            return Formula(node, is_text=True)
        before = len(self.report)
        if not node.text or node.text == "~":
            self.report.add(problems.no_expression(span, where))
        elif node.style is Style.PLAIN and node.text.lower() in _YES:
            self.report.add(problems.yes_or_no(node.span, node.text, _YES[node.text.lower()]))
        return Formula(node, is_text=False, broken=len(self.report) != before)

    def optional(self, block: Node | None, key: str) -> Formula | None:
        """Return the expression of a key, if it is there."""
        entry = block.entry(key) if isinstance(block, MappingNode) else None
        return self.expression(entry.value, f"`{key}`", entry.key.span) if entry else None

    def sentence(self, block: Node | None, key: str = "because") -> Formula | None:
        """Return a sentence for people: a text with holes, whatever its quotes."""
        node = block.get(key) if isinstance(block, MappingNode) else None
        if not isinstance(node, ScalarNode) or node.value is None:
            return None
        return Formula(node, is_text=True, broken=self.cuts.covers(node))


def broken(span: Span) -> Formula:
    """Return the formula of a value that has no usable text; the mistake has been reported."""
    return Formula(ScalarNode(span, "", Style.PLAIN, None), is_text=False, broken=True)


def word(node: Node | None) -> Located[str] | None:
    """Return a scalar's own characters with their place; None for nothing and for other kinds."""
    if isinstance(node, ScalarNode) and (node.value is not None or node.is_quoted):
        return Located(node.text, node.span)
    return None


def text(block: Node | None, key: str) -> str | None:
    """Return the characters under a key of a block, if it is there."""
    found = word(block.get(key)) if isinstance(block, MappingNode) else None
    return found.value if found else None


def flag(block: Node | None, key: str) -> bool | None:
    """Return whether a key says `true` (or `on`); None when it says neither."""
    node = block.get(key) if isinstance(block, MappingNode) else None
    if not isinstance(node, ScalarNode):
        return None
    known = {True: True, "on": True, False: False, "off": False}
    return known.get(node.value) if isinstance(node.value, bool | str) else None


def entries(node: Node | None) -> Iterator[Entry]:
    """Yield the keys of a block; nothing for what is no block."""
    return iter(node.entries if isinstance(node, MappingNode) else ())


def items(node: Node | None) -> tuple[Node, ...]:
    """Return the items of a list; nothing for what is no list."""
    return node.items if isinstance(node, SequenceNode) else ()
