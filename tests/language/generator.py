"""
Make random expression trees, fast and always the same for a seed.

Trees are made as the parser makes them: `parse(format_expression(tree)) == tree` can be asked
of every one. A `Vocabulary` says which names, functions and constants they are made of, so that
the checker and the engines can be given trees that mean something to them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from mapping_engine.language import nodes
from mapping_engine.language.nodes import Expression
from mapping_engine.source.text import SourceText, Span

__all__ = ["Generator", "Vocabulary", "mutated"]

_NOWHERE = Span(SourceText("generated", ""), 0, 0)


@dataclass(frozen=True)
class Vocabulary:
    """What generated expressions are made of."""

    names: tuple[str, ...] = ("a", "matter", "date", "inbox", "record", "orders", "if_any", "_x1")
    members: tuple[str, ...] = ("number", "in", "is", "lines", "present", "null", "x2")
    written: tuple[str, ...] = ("File Reference", "in-box", 'say "hi"', "{id}", "größe", "")
    functions: tuple[str, ...] = ("trim", "sum", "round_half_up", "date", "present")
    arguments: tuple[str, ...] = ("to", "places", "zone")
    numbers: tuple[str, ...] = ("0", "1", "12.50", "0.1", "1250", "999999999999999999.999999")
    texts: tuple[str, ...] = (
        "", "ACCREC", "it's", 'say "hi"', "both ' and \"", "{brace}", "}{", "# no: comment",
        "back\\slash", "new\nline", "tab\t", "no-break\u00a0space", "ünïcödé", "if a then b",
    )  # fmt: skip
    dates: tuple[date, ...] = (date(2026, 1, 31), date(1999, 12, 1), date(2024, 2, 29))


class Generator:
    """Makes trees of a vocabulary; `expression(depth)` is at most `depth` nodes deep."""

    def __init__(self, random: Random, vocabulary: Vocabulary | None = None) -> None:
        self._random = random
        self._choice = random.choice
        self._words = vocabulary or Vocabulary()
        self._leaves: tuple[Callable[[], Expression], ...] = (
            self.name, self.name, self.name, self.number, self.text, self.day, self.constant,
            self.numbered,
        )  # fmt: skip
        self._branches: tuple[Callable[[int], Expression], ...] = (
            self.member, self.member, self.member, self.call, self.call, self.piped,
            self.arithmetic, self.arithmetic, self.comparison, self.membership, self.emptiness,
            self.opposite, self.logic, self.fallback, self.conditional, self.list_of, self.choose,
            self.compute, self.negative, self.filled_text,
        )  # fmt: skip

    def expression(self, depth: int) -> Expression:
        if depth <= 1 or self._random.random() < 0.2:
            return self._choice(self._leaves)()
        return self._choice(self._branches)(depth - 1)

    def name(self) -> Expression:
        return nodes.Name(name=self._choice(self._words.names), span=_NOWHERE)

    def numbered(self) -> Expression:
        return nodes.Numbered(name=self._choice(self._words.names), span=_NOWHERE)

    def number(self) -> Expression:
        return nodes.Literal(value=Decimal(self._choice(self._words.numbers)), span=_NOWHERE)

    def text(self) -> Expression:
        return nodes.Literal(value=self._choice(self._words.texts), span=_NOWHERE)

    def day(self) -> Expression:
        return nodes.Literal(value=self._choice(self._words.dates), span=_NOWHERE)

    def constant(self) -> Expression:
        return nodes.Literal(value=self._choice((True, False, None)), span=_NOWHERE)

    def member(self, depth: int) -> Expression:
        written = self._random.random() < 0.1
        return nodes.Member(
            of=self.expression(depth),
            name=self._choice(self._words.written if written else self._words.members),
            in_brackets=written,
            name_span=_NOWHERE,
            span=_NOWHERE,
        )

    def call(self, depth: int) -> Expression:
        arguments = tuple(self._argument(depth) for _ in range(self._random.randrange(4)))
        return self._call(arguments, piped=False)

    def piped(self, depth: int) -> Expression:
        source = nodes.Argument(value=self.expression(depth), span=_NOWHERE)
        more = tuple(self._argument(depth) for _ in range(self._random.randrange(2)))
        return self._call((source, *more), piped=True)

    def _call(self, arguments: tuple[nodes.Argument, ...], piped: bool) -> Expression:
        return nodes.Call(
            function=self._choice(self._words.functions),
            arguments=arguments,
            piped=piped,
            name_span=_NOWHERE,
            span=_NOWHERE,
        )

    def _argument(self, depth: int) -> nodes.Argument:
        named = self._random.random() < 0.2
        name = self._choice(self._words.arguments) if named else None
        return nodes.Argument(value=self.expression(depth), name=name, span=_NOWHERE)

    def arithmetic(self, depth: int) -> Expression:
        return nodes.Arithmetic(
            operator=self._choice(("+", "-", "*", "/")),
            left=self.expression(depth),
            right=self.expression(depth),
            span=_NOWHERE,
        )

    def comparison(self, depth: int) -> Expression:
        return nodes.Comparison(
            operator=self._choice(("==", "!=", "<", "<=", ">", ">=")),
            left=self.expression(depth),
            right=self.expression(depth),
            span=_NOWHERE,
        )

    def membership(self, depth: int) -> Expression:
        return nodes.Membership(
            item=self.expression(depth),
            items=self.expression(depth),
            negated=self._choice((True, False)),
            span=_NOWHERE,
        )

    def emptiness(self, depth: int) -> Expression:
        return nodes.Emptiness(
            operand=self.expression(depth), asks_present=self._choice((True, False)), span=_NOWHERE
        )

    def opposite(self, depth: int) -> Expression:
        return nodes.Not(operand=self.expression(depth), span=_NOWHERE)

    def negative(self, depth: int) -> Expression:
        return nodes.Negative(operand=self.expression(depth), span=_NOWHERE)

    def logic(self, depth: int) -> Expression:
        word = self._choice(("and", "or"))
        return nodes.Logic(operator=word, operands=self._several(depth, 2), span=_NOWHERE)

    def fallback(self, depth: int) -> Expression:
        return nodes.Fallback(operands=self._several(depth, 2), span=_NOWHERE)

    def conditional(self, depth: int) -> Expression:
        condition, yes, no = (self.expression(depth) for _ in range(3))
        return nodes.Conditional(condition=condition, yes=yes, no=no, span=_NOWHERE)

    def list_of(self, depth: int) -> Expression:
        return nodes.ListOf(items=self._several(depth, 0), span=_NOWHERE)

    def choose(self, depth: int) -> Expression:
        condition = self.expression(depth)
        if _is_number(condition):
            return self.compute(depth)  # brackets with a number are a mistake
        return nodes.Choose(of=self.expression(depth), condition=condition, span=_NOWHERE)

    def compute(self, depth: int) -> Expression:
        return nodes.Compute(of=self.expression(depth), each=self.expression(depth), span=_NOWHERE)

    def filled_text(self, depth: int) -> Expression:
        parts: list[str | Expression] = [self.expression(depth)]
        for _ in range(self._random.randrange(3)):
            text = self._choice(self._words.texts)
            parts += [self.expression(min(depth, 2))] if not text else [text]
        return nodes.TextParts(parts=_joined(parts), span=_NOWHERE)

    def _several(self, depth: int, least: int) -> tuple[Expression, ...]:
        count = least + self._choice((0, 0, 0, 1, 2))
        return tuple(self.expression(depth) for _ in range(count))


def _is_number(node: Expression) -> bool:
    if isinstance(node, nodes.Negative):
        node = node.operand
    return isinstance(node, nodes.Literal) and isinstance(node.value, Decimal)


def _joined(parts: list[str | Expression]) -> tuple[str | Expression, ...]:
    joined: list[str | Expression] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)


_PIECES = (
    "(", ")", "[", "]", "{", "}", '"', "'", "|", "||", "&&", "=", "==", "<", "<>", "!", "?", "??",
    ".", "..", ",", ";", ":", "+", "-", "*", "/", "%", "#", "$", "\\", "\n", " ", "\u00a0", "“",
    "é", "0", "5", "50%", "01", "1.", "if", "then", "else", "and", "or", "not", "in", "is",
    "present", "empty", "null", "AND", "elif", "is null", "is not", "2026-02-30", "x.y", "f(a)",
    "[0]", "[*]", "{{", "\\d", "😀", "\x00",
)  # fmt: skip


def mutated(random: Random, text: str) -> str:
    """Return a text with one to three things cut out, doubled, swapped or put in."""
    for _ in range(random.choice((1, 1, 2, 3))):
        start = random.randrange(len(text) + 1)
        end = min(len(text), start + random.choice((0, 1, 1, 2, 5)))
        middle = random.choice(
            (random.choice(_PIECES), "", text[start:end] * 2, f" {random.choice(_PIECES)} ")
        )
        text = text[:start] + middle + text[end:]
    return text
