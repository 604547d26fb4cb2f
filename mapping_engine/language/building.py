"""
Build the tree while the grammar is recognised: one method per named alternative.

Lark calls a method when it has recognised the alternative of that name, innermost first, so
nothing here ever recurses over a tree and depth is known at every step. A `Piece` carries
the characters a node was written with, brackets included, which can be more than its span.
Lark hands the children over as a list; the annotations say `tuple` to name each of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from msgspec import Struct

from mapping_engine.language import nodes, problems, problems_of_texts
from mapping_engine.language.days import days_meant
from mapping_engine.language.nodes import Argument, Expression
from mapping_engine.language.passage import Mistaken, Passage
from mapping_engine.language.texts import cut_holes, unescape
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.source.limits import Limits
from mapping_engine.source.text import Span

if TYPE_CHECKING:
    from lark import Token

__all__ = ["Builder", "Piece", "Reading"]

_CONSTANTS: Final = {"true": True, "false": False, "null": None}
_SPREADSHEET_WORDS: Final = frozenset({"if", "and", "or", "not"})


class Piece(NamedTuple):
    """A node, the characters it was written with, and how deep the tree below it is."""

    node: Expression
    start: int
    end: int
    depth: int


class NamedPiece(NamedTuple):
    """The value of a named argument with its name."""

    name: Token
    value: Piece


Given: TypeAlias = Piece | NamedPiece


class Reading(Struct):
    """What is being read, under which limits, and how many nodes there are so far.

    A trial only asks whether the text can be read; nobody wants to know why it cannot.
    """

    passage: Passage
    limits: Limits
    nodes: int = 0
    is_trial: bool = False


class Builder(threading.local):
    """The methods that Lark calls. Each thread has its own `reading`.

    `recognise` reads a hole of a text; it makes its argument the `reading` meanwhile.
    """

    reading: Reading

    def __init__(self, recognise: Callable[[Reading], Piece]) -> None:
        self._recognise = recognise

    def number(self, children: tuple[Token]) -> Piece:
        (written,) = children
        value, (start, end) = Decimal(written), _ends(written)
        span, limits = self._place(start, end, 1), self.reading.limits
        low, high = limits.number_exponent_low, limits.number_exponent_high
        if (
            len(value.as_tuple().digits) > limits.number_digits
            or not low <= value.adjusted() <= high
        ):
            digits = limits.number_digits
            raise Mistaken(problems_of_texts.number_too_long(span, digits, low, high))
        return Piece(nodes.Literal(value=value, span=span), start, end, 1)

    def calendar_date(self, children: tuple[Token]) -> Piece:
        (written,) = children
        start, end = _ends(written)
        span = self._place(start, end, 1)
        try:
            value = date.fromisoformat(written)
        except ValueError:
            raise Mistaken(problems_of_texts.impossible_date(span, written.value)) from None
        return Piece(nodes.Literal(value=value, span=span), start, end, 1)

    def near_date(self, children: tuple[Token]) -> Piece:
        (written,) = children
        span, meant = self.reading.passage.span(*_ends(written)), days_meant(written)
        raise Mistaken(problems_of_texts.date_written_otherwise(span, written.value, meant))

    def constant(self, children: tuple[Token]) -> Piece:
        (word,) = children
        start, end = _ends(word)
        value = _CONSTANTS[word]
        return Piece(nodes.Literal(value=value, span=self._place(start, end, 1)), start, end, 1)

    def text(self, children: tuple[Token]) -> Piece:
        (written,) = children
        start, end = _ends(written)
        content = unescape(self.reading.passage.cut(start + 1, end - 1))
        pieces = [self._hole(part) for part in cut_holes(content)]
        depth = _deepest([each for each in pieces if isinstance(each, Piece)]) + 1
        span = self._place(start, end, depth)
        if depth == 1:
            value = "".join(map(str, pieces))
            return Piece(nodes.Literal(value=value, span=span), start, end, 1)
        parts = tuple(each.node if isinstance(each, Piece) else each for each in pieces)
        return Piece(nodes.TextParts(parts=parts, span=span), start, end, depth)

    def _hole(self, part: str | Passage) -> str | Piece:
        if isinstance(part, str):
            return part
        outer = self.reading
        hole = Reading(part, outer.limits, outer.nodes, outer.is_trial)
        piece = self._recognise(hole)
        outer.nodes = hole.nodes
        self.reading = outer
        return piece

    def name(self, children: tuple[Token]) -> Piece:
        (word,) = children
        start, end = _ends(word)
        return Piece(nodes.Name(name=word.value, span=self._place(start, end, 1)), start, end, 1)

    def numbered(self, children: tuple[Token]) -> Piece:
        (word,) = children
        start, end = _ends(word)
        span = self._place(start, end, 1)
        return Piece(nodes.Numbered(name=word.value[:-1], span=span), start, end, 1)

    def member(self, children: tuple[Piece, Token]) -> Piece:
        of, word = children
        start, end = _ends(word)
        depth = of.depth + 1
        node = nodes.Member(
            of=of.node,
            name=word.value,
            name_span=self.reading.passage.span(start, end),
            span=self._place(of.start, end, depth),
        )
        return Piece(node, of.start, end, depth)

    def brackets(self, children: tuple[Piece, Token, Piece, Token]) -> Piece:
        of, _, inner, closing = children
        end = _ends(closing)[1]
        depth = max(of.depth, inner.depth) + 1
        span = self._place(of.start, end, depth)
        match inner.node:
            case nodes.Literal(value=str(name)) if self._is_quoted(inner):
                member = nodes.Member(
                    of=of.node, name=name, name_span=inner.node.span, in_brackets=True, span=span
                )
                return Piece(member, of.start, end, of.depth + 1)
            case nodes.Literal(value=Decimal()):
                raise Mistaken(self._by_number(of, inner, ""))
            case nodes.Negative(operand=nodes.Literal(value=Decimal())):
                raise Mistaken(self._by_number(of, inner, "-"))
            case condition:
                node = nodes.Choose(of=of.node, condition=condition, span=span)
                return Piece(node, of.start, end, depth)

    def compute(self, children: tuple[Piece, Token, Piece, Token]) -> Piece:
        of, _, each, closing = children
        end = _ends(closing)[1]
        depth = max(of.depth, each.depth) + 1
        span = self._place(of.start, end, depth)
        return Piece(nodes.Compute(of=of.node, each=each.node, span=span), of.start, end, depth)

    def group(self, children: tuple[Token, Piece, Token]) -> Piece:
        opening, inner, closing = children
        return Piece(inner.node, _ends(opening)[0], _ends(closing)[1], inner.depth)

    def list_of(self, children: tuple[Token, *tuple[Piece, ...], Token]) -> Piece:
        opening, *items, closing = children
        start, end, depth = _ends(opening)[0], _ends(closing)[1], _deepest(items) + 1
        span = self._place(start, end, depth)
        node = nodes.ListOf(items=tuple(each.node for each in items), span=span)
        return Piece(node, start, end, depth)

    def named_argument(self, children: tuple[Token, Piece]) -> NamedPiece:
        return NamedPiece(*children)

    def call(self, children: tuple[Token, Token, *tuple[Given, ...], Token]) -> Piece:
        name, _, *given, closing = children
        if name.lower() in _SPREADSHEET_WORDS:
            span = self.reading.passage.span(*_ends(name))
            raise Mistaken(problems.spreadsheet_function(span, name.value))
        arguments = [self._argument(each) for each in given]
        return self._call(name, arguments, (_ends(name)[0], _ends(closing)[1], _deepest(given)))

    def piped_call(self, children: tuple[Piece, Token, Token, *tuple[Given, ...], Token]) -> Piece:
        source, name, _, *given, closing = children
        arguments = [self._argument(each) for each in (source, *given)]
        extent = (source.start, _ends(closing)[1], _deepest([source, *given]))
        return self._call(name, arguments, extent, piped=True)

    def piped_name(self, children: tuple[Piece, Token]) -> Piece:
        source, name = children
        extent = (source.start, _ends(name)[1], source.depth)
        return self._call(name, [self._argument(source)], extent, piped=True)

    def negative(self, children: tuple[Token, Piece]) -> Piece:
        sign, operand = children
        start, end, depth = _ends(sign)[0], operand.end, operand.depth + 1
        span = self._place(start, end, depth)
        return Piece(nodes.Negative(operand=operand.node, span=span), start, end, depth)

    def opposite(self, children: tuple[Token, Piece]) -> Piece:
        word, operand = children
        start, end, depth = _ends(word)[0], operand.end, operand.depth + 1
        span = self._place(start, end, depth)
        return Piece(nodes.Not(operand=operand.node, span=span), start, end, depth)

    def arithmetic(self, children: tuple[Piece, Token, Piece]) -> Piece:
        left, sign, right = children
        span, depth = self._around(left, right)
        node = nodes.Arithmetic(operator=sign.value, left=left.node, right=right.node, span=span)
        return Piece(node, left.start, right.end, depth)

    def comparison(self, children: tuple[Piece, Token, Piece]) -> Piece:
        left, sign, right = children
        span, depth = self._around(left, right)
        node = nodes.Comparison(operator=sign.value, left=left.node, right=right.node, span=span)
        return Piece(node, left.start, right.end, depth)

    def membership(self, children: tuple[Piece, Piece]) -> Piece:
        item, items = children
        span, depth = self._around(item, items)
        node = nodes.Membership(item=item.node, items=items.node, span=span)
        return Piece(node, item.start, items.end, depth)

    def no_membership(self, children: tuple[Piece, Token, Piece]) -> Piece:
        item, _, items = children
        span, depth = self._around(item, items)
        node = nodes.Membership(item=item.node, items=items.node, negated=True, span=span)
        return Piece(node, item.start, items.end, depth)

    def emptiness(self, children: tuple[Piece, Token]) -> Piece:
        operand, word = children
        end, depth = _ends(word)[1], operand.depth + 1
        span = self._place(operand.start, end, depth)
        node = nodes.Emptiness(operand=operand.node, asks_present=word == "present", span=span)
        return Piece(node, operand.start, end, depth)

    def conjunction(self, children: Sequence[Piece]) -> Piece:
        span, depth = self._around(*children)
        operands = tuple(each.node for each in children)
        node = nodes.Logic(operator="and", operands=operands, span=span)
        return Piece(node, children[0].start, children[-1].end, depth)

    def disjunction(self, children: Sequence[Piece]) -> Piece:
        span, depth = self._around(*children)
        operands = tuple(each.node for each in children)
        node = nodes.Logic(operator="or", operands=operands, span=span)
        return Piece(node, children[0].start, children[-1].end, depth)

    def fallback(self, children: Sequence[Piece]) -> Piece:
        span, depth = self._around(*children)
        node = nodes.Fallback(operands=tuple(each.node for each in children), span=span)
        return Piece(node, children[0].start, children[-1].end, depth)

    def choice(self, children: tuple[Token, Piece, Piece, Piece]) -> Piece:
        word, *parts = children
        condition, yes, no = parts
        start, end, depth = _ends(word)[0], no.end, _deepest(parts) + 1
        span = self._place(start, end, depth)
        node = nodes.Conditional(condition=condition.node, yes=yes.node, no=no.node, span=span)
        return Piece(node, start, end, depth)

    def _call(
        self,
        name: Token,
        arguments: list[Argument],
        extent: tuple[int, int, int],
        piped: bool = False,
    ) -> Piece:
        start, end, depth = extent[0], extent[1], extent[2] + 1
        node = nodes.Call(
            function=name.value,
            arguments=tuple(arguments),
            piped=piped,
            name_span=self.reading.passage.span(*_ends(name)),
            span=self._place(start, end, depth),
        )
        return Piece(node, start, end, depth)

    def _argument(self, given: Given) -> Argument:
        passage = self.reading.passage
        if isinstance(given, Piece):
            return Argument(value=given.node, span=passage.span(given.start, given.end))
        start, end = _ends(given.name)
        return Argument(
            value=given.value.node,
            name=given.name.value,
            name_span=passage.span(start, end),
            span=passage.span(start, given.value.end),
        )

    def _around(self, *parts: Piece) -> tuple[Span, int]:
        depth = _deepest(parts) + 1
        return self._place(parts[0].start, parts[-1].end, depth), depth

    def _place(self, start: int, end: int, depth: int) -> Span:
        """Count one more node and return its span."""
        reading = self.reading
        reading.nodes += 1
        span, limits = reading.passage.span(start, end), reading.limits
        if depth > limits.expression_depth:
            raise Mistaken(problems_of_texts.expression_too_deep(span, limits.expression_depth))
        if reading.nodes > limits.expression_nodes:
            raise Mistaken(problems_of_texts.too_many_parts(span, limits.expression_nodes))
        return span

    def _is_quoted(self, piece: Piece) -> bool:
        return self.reading.passage.text[piece.start] in "\"'"

    def _by_number(self, of: Piece, number: Piece, sign: str) -> Diagnostic:
        passage = self.reading.passage
        source = passage.text[of.start : of.end]
        written = passage.text[number.start : number.end].strip("() -")
        return problems.place_by_number(
            passage.span(number.start, number.end), source, sign + written
        )


def _ends(token: Token) -> tuple[int, int]:
    start = token.start_pos or 0
    return start, start + len(token)


def _deepest(pieces: Iterable[Given]) -> int:
    return max(
        (each.depth if isinstance(each, Piece) else each.value.depth for each in pieces), default=0
    )
