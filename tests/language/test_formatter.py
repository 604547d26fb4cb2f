"""Tidy text: one way to write a tree, with no parenthesis too many."""

from __future__ import annotations

import pytest

from mapping_engine.language import nodes
from mapping_engine.language.formatter import format_expression, format_text
from mapping_engine.language.parser import parse_source, parse_text
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.node import ScalarNode, Style
from mapping_engine.source.text import SourceText


def tree_of(text: str) -> nodes.Expression:
    report = Report()
    tree = parse_source(SourceText("expression", text), report)
    assert [each.message for each in report] == []
    return tree


def text_of(content: str) -> nodes.Expression:
    report = Report()
    source = SourceText("expression", content)
    offsets = range(len(content) + 1)
    scalar = ScalarNode(source.span(), content, Style.DOUBLE, content, offsets)
    tree = parse_text(scalar, report)
    assert [each.message for each in report] == []
    return tree


@pytest.mark.parametrize(
    "written, tidy",
    [
        ("a+b*c-(d-e)", "a + b * c - (d - e)"),
        ("(a*b)+c", "a * b + c"),
        ("(a+b)*c", "(a + b) * c"),
        ("a/(b/c)", "a / (b / c)"),
        ("- (a)", "-a"),
        ("-(-a)", "-(-a)"),
        ("a--b", "a - -b"),
        ("((a))", "a"),
        ("( a==b ) and not( c in d )", "a == b and not c in d"),
        ("(a and b) or c", "(a and b) or c"),
        ("(a and b) and c", "(a and b) and c"),
        ("(a ?? b) * c", "(a ?? b) * c"),
        ("a.b ?? (-1)", "a.b ?? (-1)"),
        ("(a == b) == c", "(a == b) == c"),
        ("(a + b) is  present", "a + b is present"),
        ("not (not a)", "not not a"),
        ("(not a) == b", "(not a) == b"),
        ("a not   in [1,2]", "a not in [1, 2]"),
        ("if (a) then (b) else (c)", "if a then b else c"),
        (
            "if a then (if b then c else d) else (e | f)",
            "if a then if b then c else d else (e | f)",
        ),
        ("(if a then b else c)|f", "(if a then b else c) | f"),
        ("a|f()|g( 1,to = 2 )", "a | f | g(1, to=2)"),
        ("f((a|g), (if b then c else d))", "f(a | g, if b then c else d)"),
        ("(a | f).b", "(a | f).b"),
        ("(a + b | f) + c", "(a + b | f) + c"),
        ("(5).a", "(5).a"),
        ("(2026-01-31).(a)", "(2026-01-31).(a)"),
        ("5[a]", "5[a]"),
        ("a [ b == c ]. d", "a[b == c].d"),
        ("a.( b|c )", "a.(b | c)"),
        ("a['b c']", 'a["b c"]'),
        ('a[("b")]', 'a[("b")]'),
        ('a["{{b}}"]', 'a["{{b}}"]'),
        ("phone#", "phone#"),
        ("[ ]", "[]"),
        ("12.500", "12.500"),
        ("null", "null"),
        ("'a'", '"a"'),
        ("'say \"hi\"'", "'say \"hi\"'"),
        (r"'say \"it\'s\"'", r'''"say \"it's\""'''),
        (r'"a\tb\u00a0c\u0041"', r'"a\tb\u00a0cA"'),
        ("'{f(\"a\")}'", "\"{f('a')}\""),
        (r'"{f(\"it\'s\")}"', r'''"{f(\"it's\")}"'''),
        ('"{{{ a }}}"', '"{{{a}}}"'),
    ],
)
def test_an_expression_is_written_one_way(written: str, tidy: str) -> None:
    tree = tree_of(written)
    assert tidy == format_expression(tree)
    assert tree == tree_of(tidy)


@pytest.mark.parametrize(
    "written, tidy",
    [
        ("Matter { matter.number }", "Matter {matter.number}"),
        ("{{no hole}}", "{{no hole}}"),
        ('it\'s "quoted"', 'it\'s "quoted"'),
        ('{role("rounding")}', "{role('rounding')}"),
        ("{a}{b}", "{a}{b}"),
        ("", ""),
    ],
)
def test_a_quoted_text_is_written_without_its_quotes(written: str, tidy: str) -> None:
    tree = text_of(written)
    assert tidy == format_text(tree)
    assert tree == text_of(tidy)


def test_what_could_not_be_read_stays_as_it_was() -> None:
    report = Report()
    tree = parse_source(SourceText("expression", "a  =  b"), report)
    assert "a  =  b" == format_expression(tree)
