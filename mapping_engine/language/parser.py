"""
Read expressions and texts: the characters of a scalar become a tree.

Lark recognises the grammar of `grammar.lark`, which is made ready when the first expression
is read; `building.py` makes the nodes. What cannot be read becomes an `Unreadable` node and
exactly one diagnostic, so that whoever comes next is silent about it.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mapping_engine.language.building import Builder, Piece, Reading
from mapping_engine.language.grammar import recogniser
from mapping_engine.language.mistakes import explain
from mapping_engine.language.nodes import Expression, Literal, TextParts, Unreadable
from mapping_engine.language.passage import Mistaken, Passage
from mapping_engine.language.placing import placed
from mapping_engine.language.problems import nothing_written
from mapping_engine.language.problems_of_texts import expression_too_long, text_too_long
from mapping_engine.language.stop import Stop
from mapping_engine.language.texts import cut_holes
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.source.node import ScalarNode, Style
from mapping_engine.source.text import SourceText

if TYPE_CHECKING:
    from lark import Lark

__all__ = ["grammar", "parse", "parse_source", "parse_text"]


def parse(scalar: ScalarNode, report: Report, limits: Limits = DEFAULT_LIMITS) -> Expression:
    """Return the expression that a plain or block scalar holds."""
    return _read(Reading(Passage.whole(scalar), limits), report)


def parse_text(scalar: ScalarNode, report: Report, limits: Limits = DEFAULT_LIMITS) -> Expression:
    """Return the text of a quoted scalar, with an expression for each hole `{…}`.

    A hole that cannot be read becomes `Unreadable`; the others are read all the same.
    """
    size = len(scalar.text)
    try:
        if size > limits.text_size:
            raise Mistaken(text_too_long(scalar.span, size, limits.text_size))
        pieces = cut_holes(Passage.whole(scalar))
    except Mistaken as mistake:
        report.add(mistake.diagnostic)
        return Unreadable(span=scalar.span)
    parts: list[str | Expression] = []
    nodes = 1
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(piece)
        else:
            hole = Reading(piece, limits, nodes)
            parts.append(_read(hole, report))
            nodes = hole.nodes
    if nodes == 1 and all(isinstance(part, str) for part in parts):
        return Literal(value="".join(map(str, parts)), span=scalar.span)
    return TextParts(parts=tuple(parts), span=scalar.span)


def parse_source(source: SourceText, report: Report, limits: Limits = DEFAULT_LIMITS) -> Expression:
    """Return the expression that a whole text holds, as typed on a command line."""
    return parse(_scalar(source), report, limits)


def _read(reading: Reading, report: Report) -> Expression:
    passage, limit = reading.passage, reading.limits.expression_size
    size = len(passage.text)
    try:
        if size > limit:
            raise Mistaken(expression_too_long(passage.span(0, size), size, limit))
        if not passage.end:
            raise Mistaken(nothing_written(passage.span(0, size)))
        return _known(reading) or _recognise(reading).node
    except Mistaken as mistake:
        report.add(mistake.diagnostic)
        return Unreadable(span=passage.span(0, size))


def _known(reading: Reading) -> Expression | None:
    """Return the tree of a text that is read the same wherever it stands; None of another.

    Packs say the same in many places, and to place a tree is far quicker than to recognise it.
    """
    limits = reading.limits
    said = _said(reading.passage.text) if limits is DEFAULT_LIMITS else None
    if said is None or reading.nodes + said.nodes > limits.expression_nodes:
        return None
    reading.nodes += said.nodes
    return placed(said.tree, reading.passage)


class _Said(NamedTuple):
    """The tree of a text, its spans counted from the text's start, and how many nodes it has."""

    tree: Expression
    nodes: int


@lru_cache(maxsize=2048)
def _said(text: str) -> _Said | None:
    """Return what a text says by itself; None when it cannot be read."""
    from lark import UnexpectedInput

    alone = Reading(Passage.whole(_scalar(SourceText("", text))), DEFAULT_LIMITS, is_trial=True)
    try:
        return _Said(_recognise(alone).node, alone.nodes)
    except (UnexpectedInput, Mistaken):
        return None


def _recognise(reading: Reading) -> Piece:
    """Return the piece that the whole passage is; raises `Mistaken`."""
    from lark import UnexpectedInput

    _BUILDER.reading = reading
    try:
        return grammar().parse(reading.passage.text)  # type: ignore[return-value]
    except UnexpectedInput as error:
        if reading.is_trial:
            raise
        diagnostic = explain(Stop.of(error, reading.passage), _can_be_read)
        raise Mistaken(diagnostic) from None


def _can_be_read(text: str) -> bool:
    """Whether a text is an expression; hints ask this before they propose one."""
    return _said(text) is not None


def _scalar(source: SourceText) -> ScalarNode:
    offsets = tuple(range(len(source.text) + 1))
    return ScalarNode(source.span(), source.text, Style.PLAIN, source.text, offsets)


@cache
def grammar() -> Lark:
    """Return the grammar, made ready once for all threads."""
    return recogniser(_BUILDER)


_BUILDER = Builder(_recognise)
