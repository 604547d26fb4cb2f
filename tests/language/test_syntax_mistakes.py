"""Each mistake of `mistakes.yaml` gives its one message at its place, and what is right is read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypedDict

import pytest
import yaml

from mapping_engine.language.nodes import Unreadable
from mapping_engine.language.parser import parse, parse_source
from mapping_engine.source.codes import CODES
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.document import read
from mapping_engine.source.node import MappingNode, ScalarNode
from mapping_engine.source.text import SourceText


class Mistake(TypedDict, total=False):
    wrong: str
    code: str
    marked: str
    column: int
    message: str
    label: str
    hint: str
    right: str


FILE = Path(__file__).with_name("mistakes.yaml")
MISTAKES: list[Mistake] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
#: Shown below or in `test_parser.py`: they need YAML, or a text beyond the limits.
ELSEWHERE = {"M305", "M326", "M336", "M337", "M338", "M339"}


def diagnostics(text: str) -> list[Diagnostic]:
    report = Report()
    tree = parse_source(SourceText("expression", text), report)
    assert isinstance(tree, Unreadable) is bool(len(report))
    return list(report)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each["wrong"])
def test_a_mistake_has_its_message(mistake: Mistake) -> None:
    (found,) = diagnostics(mistake["wrong"])
    assert found.span is not None
    shown: Mistake = {
        "wrong": mistake["wrong"],
        "code": found.code.number,
        "marked": found.span.text,
        "column": found.span.place.column,
        "message": found.message,
        "right": mistake["right"],
    }
    if found.label:
        shown["label"] = found.label
    if found.hint:
        shown["hint"] = found.hint
    assert mistake == shown


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each["right"])
def test_what_is_right_is_read(mistake: Mistake) -> None:
    assert [] == diagnostics(mistake["right"])


def test_each_code_of_the_syntax_is_shown() -> None:
    declared = {number for number in CODES if number.startswith("M3")}
    assert declared == {each["code"] for each in MISTAKES} | ELSEWHERE


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each["wrong"])
def test_messages_read_like_all_messages(mistake: Mistake) -> None:
    sentences = [mistake["message"], mistake.get("label", ""), mistake.get("hint", "")]
    plain = re.sub(r"`[^`]*`", "``", " ".join(sentences))
    assert not re.search(r"[A-Z]|\.$|\btoken|terminal|None|\bstr\b|[A-Z]{2}|invalid|illegal", plain)


def value_of(text: str) -> ScalarNode:
    report = Report()
    root = read(SourceText("pack.yaml", text), report).root
    assert isinstance(root, MappingNode)
    node = next(iter(root)).value
    while isinstance(node, MappingNode):
        node = next(iter(node)).value
    assert isinstance(node, ScalarNode)
    return node


def in_yaml(text: str) -> Diagnostic:
    report = Report()
    parse(value_of(text), report)
    (found,) = report
    return found


def test_a_text_cut_by_a_comment_is_told_apart_from_an_unclosed_one() -> None:
    cut = in_yaml('Reference: ("Inv # {number}")\n')
    assert ("M326", '"Inv') == (cut.code.number, cut.span.text if cut.span else "")
    assert cut.hint is not None
    assert "`>-`" in cut.hint
    assert "M324" == in_yaml('Reference: ("Inv {number}\n# a comment\n').code.number


def test_an_expression_cut_by_a_comma_in_braces_says_so() -> None:
    found = in_yaml("row: {value: round_up(hours}\n")
    assert ("M305", "(") == (found.code.number, found.span.text if found.span else "")
    assert "inside { } a comma starts the next key; give each key its own line" == found.hint
    assert "M303" == in_yaml("value: round_up(hours\n").code.number


def test_a_mistake_in_a_block_is_marked_in_its_line() -> None:
    found = in_yaml("Amount: >-\n  if work.free\n  then 0\n  else rate = 1\n")
    assert found.span is not None
    assert ("=", 4, 13) == (found.span.text, found.span.place.line, found.span.place.column)


def test_an_expression_that_ends_too_early_is_marked_at_its_end() -> None:
    found = in_yaml("Amount: |\n  net_amount +\n\nNext: 1\n")
    assert found.span is not None
    assert ("", 2, 15) == (found.span.text, found.span.place.line, found.span.place.column)
