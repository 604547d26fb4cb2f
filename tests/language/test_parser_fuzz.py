"""
Whatever stands in an expression gives a tree or one diagnostic, and nothing else.

Half of the texts are written from random trees and must be read back as those; the other half
are the same texts with something cut out, doubled or put in. `MAPPING_ENGINE_DEEP=1` tries
fifty times as many.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from random import Random

import pytest
from generator import Generator, mutated
from msgspec.structs import replace

from mapping_engine.language.formatter import format_expression, format_text
from mapping_engine.language.nodes import Expression, Unreadable, children
from mapping_engine.language.parser import parse, parse_source, parse_text
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.limits import DEFAULT_LIMITS
from mapping_engine.source.node import ScalarNode, Style
from mapping_engine.source.text import SourceText, Span

SEEDS = range(10)
TREES = 5_000 * (50 if os.environ.get("MAPPING_ENGINE_DEEP") else 1)
#: Writing tidily adds blanks and escapes; the size is no matter here.
LIMITS = replace(DEFAULT_LIMITS, expression_size=1_000_000)


def read(text: str) -> tuple[Expression, list[Diagnostic]]:
    report = Report()
    return parse_source(SourceText("expression", text), report, LIMITS), list(report)


def trees(seed: int) -> Iterator[tuple[Random, Expression]]:
    random = Random(seed)
    generator = Generator(random)
    for _ in range(TREES):
        yield random, generator.expression(random.choice((1, 2, 2, 2, 3)))


def outside(tree: Expression, within: Span) -> list[Expression]:
    """Return the nodes whose span does not lie within the span of their parent."""
    found: list[Expression] = []
    waiting = [(tree, within)]
    while waiting:
        node, parent = waiting.pop()
        span = node.span
        if not parent.start <= span.start <= span.end <= parent.end:
            found.append(node)
        waiting += [(child, span) for child in children(node)]
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_any_text_gives_a_tree_or_one_diagnostic(seed: int) -> None:
    for random, tree in trees(seed):
        text = format_expression(tree)
        again, found = read(text)
        assert ([], tree) == (found, again), text
        assert text == format_expression(again)
        assert [] == outside(again, again.span.source.span()), text

        changed = mutated(random, text)
        result, found = read(changed)
        assert isinstance(result, Unreadable) is bool(found), changed
        if found:
            (diagnostic,) = found
            assert diagnostic.span is not None, changed
            marked = [diagnostic.span, *(each.span for each in diagnostic.labels)]
            assert all(0 <= s.start <= s.end <= len(changed) for s in marked), changed
        else:
            assert [] == outside(result, result.span.source.span()), changed
            assert ([], result) == read(format_expression(result))[::-1], changed


def test_any_quoted_text_is_read_back() -> None:
    random = Random(0)
    generator = Generator(random)
    for _ in range(TREES // 5):
        tree = generator.filled_text(2)
        text = format_text(tree)
        assert tree == quoted(text, Report()), text
        report = Report()
        quoted(mutated(random, text), report)
        assert all(each.span is not None for each in report)


def quoted(content: str, report: Report) -> Expression:
    source = SourceText("text", content)
    offsets = range(len(content) + 1)
    scalar = ScalarNode(source.span(), content, Style.DOUBLE, content, offsets)
    return parse_text(scalar, report, LIMITS)


def places(tree: Expression) -> list[Span]:
    """Return every span in a tree, those of names included."""
    spans = [getattr(tree, name) for name in tree.__struct_fields__ if name.endswith("span")]
    return [*spans, *(each for child in children(tree) for each in places(child))]


def test_a_text_is_read_alike_wherever_it_stands_and_however_often() -> None:
    """What was read before is put in its place: the tree, its spans and its mistakes are those
    of a text that is read anew."""
    anew = replace(DEFAULT_LIMITS)
    for random, tree in islice(trees(77), 2_000):
        text = format_expression(tree)
        text = text if random.random() < 0.5 else mutated(random, text)
        offsets = sorted(random.sample(range(3 * len(text) + 9), len(text) + 1))
        source = SourceText("pack.yaml", "x" * (3 * len(text) + 9))
        scalar = ScalarNode(source.span(), text, Style.PLAIN, text, offsets)
        reports = Report(), Report(), Report()
        first, again = (parse(scalar, each) for each in reports[:2])
        direct = parse(scalar, reports[2], anew)
        assert first == again == direct
        assert places(first) == places(again) == places(direct)
        assert list(reports[0]) == list(reports[1]) == list(reports[2])
