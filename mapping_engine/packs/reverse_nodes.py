"""
Write the expressions of a derived way back: trees whose every node points at the original rule.

A derived expression was never typed by anybody. It gets the place of the rule it undoes, so
that whatever is said about it later shows the line that can be changed.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.language import nodes
from mapping_engine.language.formatter import format_expression
from mapping_engine.language.nodes import Expression
from mapping_engine.packs.model import Formula
from mapping_engine.packs.reading import RESERVED
from mapping_engine.source.node import ScalarNode, Style
from mapping_engine.source.text import Span

__all__ = ["Pen", "formula_of", "substituted"]


class Pen(Struct, frozen=True):
    """Writes nodes that all have one place."""

    span: Span

    def name(self, name: str) -> Expression:
        """Return a bare name of what is read; one with a meaning of its own by way of `payload`."""
        if name.isidentifier() and name.isascii() and name not in RESERVED:
            return nodes.Name(span=self.span, name=name)
        return self.member(nodes.Name(span=self.span, name="payload"), name)

    def member(self, of: Expression, name: str) -> Expression:
        """Return `of.name`."""
        return nodes.Member(
            span=self.span, of=of, name=name, name_span=self.span,
            in_brackets=not (name.isidentifier() and name.isascii()),
        )  # fmt: skip

    def path(self, words: Sequence[str]) -> Expression:
        """Return a dotted path of what is read."""
        first, *more = words
        tree = self.name(first)
        for word in more:
            tree = self.member(tree, word)
        return tree

    def literal(self, value: Any) -> nodes.Literal:
        """Return a value written out."""
        return nodes.Literal(span=self.span, value=value)

    def words(self, words: Sequence[str]) -> Expression:
        """Return a list of texts written out."""
        return nodes.ListOf(span=self.span, items=tuple(map(self.literal, words)))

    def call(self, function: str, *values: Expression, **named: Expression) -> Expression:
        """Return `function(value, name=value)`."""
        arguments = [nodes.Argument(span=self.span, value=each) for each in values]
        arguments += [
            nodes.Argument(span=self.span, value=each, name=name, name_span=self.span)
            for name, each in named.items()
        ]
        return nodes.Call(
            span=self.span, function=function, arguments=tuple(arguments), name_span=self.span
        )

    def present(self, tree: Expression) -> Expression:
        """Return `tree is present`."""
        return nodes.Emptiness(span=self.span, operand=tree, asks_present=True)

    def same(self, left: Expression, right: Expression, *, same: bool = True) -> Expression:
        """Return `left == right`, or `!=`."""
        return nodes.Comparison(
            span=self.span, operator="==" if same else "!=", left=left, right=right
        )

    def any_of(self, trees: Sequence[Expression]) -> Expression | None:
        """Return the trees joined by `or`, each once; None for none."""
        return self._joined("or", trees)

    def all_of(self, trees: Sequence[Expression]) -> Expression | None:
        """Return the trees joined by `and`, each once; None for none."""
        return self._joined("and", trees)

    def _joined(self, word: Any, trees: Sequence[Expression]) -> Expression | None:
        distinct: list[Expression] = []
        for each in trees:
            if each not in distinct:
                distinct.append(each)
        if len(distinct) < 2:
            return distinct[0] if distinct else None
        return nodes.Logic(span=self.span, operator=word, operands=tuple(distinct))

    def chosen(self, of: Expression, conditions: Sequence[Expression]) -> Expression:
        """Return `of[condition and …]`; `of` itself without a condition."""
        condition = self.all_of(conditions)
        return of if condition is None else nodes.Choose(span=self.span, of=of, condition=condition)


def formula_of(tree: Expression, span: Span, trees: MutableMapping[int, Expression]) -> Formula:
    """Return a formula for a tree, which `trees` then knows as parsed already."""
    text = format_expression(tree)
    node = ScalarNode(span, text, Style.PLAIN, text)
    trees[id(node)] = tree
    return Formula(node, is_text=False)


def substituted(tree: Expression, meanings: Mapping[str, Expression]) -> Expression:
    """Return a tree with bare names replaced; those inside of `[ ]` and `.( )` are others."""
    if isinstance(tree, nodes.Name):
        return meanings.get(tree.name, tree)
    if isinstance(tree, nodes.Choose | nodes.Compute):
        return replace(tree, of=substituted(tree.of, meanings))
    changed = {name: _inside(getattr(tree, name), meanings) for name in tree.__struct_fields__}
    return replace(tree, **changed)


def _inside(value: Any, meanings: Mapping[str, Expression]) -> Any:
    if isinstance(value, tuple):
        return tuple(_inside(each, meanings) for each in value)
    if isinstance(value, nodes.Argument):
        return replace(value, value=substituted(value.value, meanings))
    if isinstance(value, nodes.Placed):
        return substituted(value, meanings)  # type: ignore[arg-type]
    return value
