"""What the reader makes of a text: values, places, what it drops and where it stops."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from mapping_engine.source import document
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.limits import Limits
from mapping_engine.source.node import MappingNode, Node, ScalarNode, SequenceNode, Style
from mapping_engine.source.text import SourceText
from mapping_engine.source.tree import find, plain


def codes(text: str, limits: Limits | None = None) -> list[str]:
    report = Report()
    read(SourceText("x.yaml", text), report, limits or Limits())
    return [each.code.number for each in report]


def root_of(text: str) -> Node:
    """Return the root of a text in which nothing is wrong."""
    report = Report()
    root = read(SourceText("x.yaml", text), report).root
    assert list(report) == []
    assert root is not None
    return root


def scalar(text: str, *path: str | int) -> ScalarNode:
    node = find(root_of(text), path)
    assert isinstance(node, ScalarNode)
    return node


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_nothing(written: str) -> None:
    assert scalar(f"a: {written}", "a").value is None


@pytest.mark.parametrize(
    "written, value",
    [("true", True), ("True", True), ("TRUE", True), ("false", False), ("FALSE", False)],
)
def test_yes_and_no_have_one_spelling(written: str, value: bool) -> None:
    assert scalar(f"a: {written}", "a").value is value


@pytest.mark.parametrize(
    "written, value",
    [
        ("0", "0"),
        ("-0", "0"),
        ("-0.00", "0.00"),
        ("12.50", "12.50"),
        ("+7", "7"),
        (".5", "0.5"),
        ("1e3", "1E+3"),
        ("0x1F", "31"),
        ("0o17", "15"),
        ("123456789012345678901.23", "123456789012345678901.23"),
        ("1e30", "1E+30"),
    ],
)
def test_numbers_are_exact_decimals(written: str, value: str) -> None:
    found = scalar(f"a: {written}", "a").value
    assert isinstance(found, Decimal)
    assert (value, written) == (str(found), scalar(f"a: {written}", "a").text)


@pytest.mark.parametrize(
    "written",
    ["no", "on", "yes", "y", "off", "0123", "00", "1:30", "2026-01-31", ".inf", "-.INF", ".nan",
     "1_000", "1e31", "1e-31", "1" * 41, "0X1F", "1.2.3", "+", ".", "1e", "0b1", "١٢"],
)  # fmt: skip
def test_what_looks_like_something_else_stays_a_text(written: str) -> None:
    assert scalar(f"a: {written}", "a").value == written


@pytest.mark.parametrize(
    "written, text, style",
    [
        ("matter.number", "matter.number", Style.PLAIN),
        ("'00200'", "00200", Style.SINGLE),
        ('"null"', "null", Style.DOUBLE),
        ("|-\n  1", "1", Style.LITERAL),
        (">-\n  true", "true", Style.FOLDED),
    ],
)
def test_a_scalar_keeps_its_style(written: str, text: str, style: Style) -> None:
    node = scalar(f"a: {written}\n", "a")
    assert (text, style) == (node.text, node.style)
    assert node.value == text


SAME_PLACES = [
    pytest.param("a: matter.number", id="plain"),
    pytest.param("a: if work.free\n   then 0\n   else   amount\nb: c", id="plain over lines"),
    pytest.param("a: one\r\n  two\r\n\r\n  three\r\n", id="plain with CRLF"),
    pytest.param("a: 'it''s a ''client'''", id="single"),
    pytest.param("a: 'it''s\n  here'", id="single over lines"),
    pytest.param('a: "no escapes {x}"', id="double"),
    pytest.param('a: "over\n\n   two lines"', id="double over lines"),
    pytest.param("a: >-\n  if work.free\n  then 0\n\n  else amount\n", id="folded"),
    pytest.param("a: >- # why\n    one\n      more\n    two\n", id="folded with more blanks"),
    pytest.param("a: |\n  one\n\n    two # no comment\n  three\n", id="literal"),
    pytest.param("a: |2-\n    one\n  two\n", id="literal with a width"),
    pytest.param("\ufeffa: after a mark", id="byte order mark"),
    pytest.param("a: café 😀 漢字 (x)", id="wide letters"),
]


@pytest.mark.parametrize("text", SAME_PLACES)
def test_every_character_knows_its_place_in_the_file(text: str) -> None:
    node = scalar(text, "a")
    assert node.offsets is not None
    assert len(node.offsets) == len(node.text) + 1
    for character, offset in zip(node.text, node.offsets, strict=False):
        assert text[offset] == character or character in " \n"
    assert list(node.offsets) == sorted(node.offsets)


def test_a_part_of_a_folded_expression_is_its_own_characters() -> None:
    text = "a: >-\n  if work.free\n  then 0 else amount\n"
    node = scalar(text, "a")
    start = node.text.index("else")
    assert node.part(start, start + 4).text == "else"
    assert str(node.part(start, start + 4)) == "x.yaml:3:10"


def test_escapes_leave_only_the_whole_scalar_as_a_place() -> None:
    node = scalar(r'a: "one\ntwo"', "a")
    assert (node.text, node.offsets) == ("one\ntwo", None)
    assert node.part(1, 2) == node.span


def test_spans_are_what_was_written() -> None:
    root = root_of("a:\n  - {b: [1, 2]}\n  - c\n# end\n\nd: 'x'\n")
    last = find(root, ["d"])
    assert last
    assert last.span.text == "'x'"
    items = find(root, ["a"])
    assert isinstance(items, SequenceNode)
    assert items.span.text == "- {b: [1, 2]}\n  - c"
    assert items.items[0].span.text == "{b: [1, 2]}"
    inner = find(root, ["a", 0, "b"])
    assert inner
    assert inner.span.text == "[1, 2]"


def test_what_stands_in_braces_says_so() -> None:
    text = "a: {b: c, d: [e]}\nf: g"
    assert scalar(text, "a", "b").in_flow
    assert scalar(text, "a", "d", 0).in_flow
    assert not scalar(text, "f").in_flow


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# only a comment\n", "---\n", "\ufeff", "%YAML 1.2\n"]
)
def test_an_empty_file_is_no_mistake(text: str) -> None:
    report = Report()
    root = read(SourceText("x.yaml", text), report).root
    assert (plain(root), len(report)) == (None, 0)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends_read_alike(end: str) -> None:
    text = end.join(["a:", "  - b", "  - c: 1", "d: >-", "  x", "  y", ""])
    assert plain(root_of(text)) == {"a": ["b", {"c": Decimal(1)}], "d": "x y"}
    assert scalar(text, "a", 1, "c").span.place.line == 3


def test_a_byte_order_mark_moves_no_place() -> None:
    assert str(scalar("\ufeffa: b", "a").span) == "x.yaml:1:5"
    assert scalar("\ufeffa: b", "a").span.text == "b"


def test_the_first_of_doubled_keys_is_kept_and_all_are_reported() -> None:
    report = Report()
    root = read(SourceText("x.yaml", "a: 1\nb: 2\na: 3\na: 4\n"), report).root
    assert plain(root) == {"a": Decimal(1), "b": Decimal(2)}
    assert [str(each.span) for each in report] == ["x.yaml:3:1", "x.yaml:4:1"]
    assert [str(each.labels[0].span) for each in report] == ["x.yaml:1:1", "x.yaml:1:1"]


def test_reading_goes_on_after_what_packs_do_not_use() -> None:
    text = "a: &x 1\nb: *x\n<<: {c: 2}\nd: !!str e\n? [f]\n: g\nh: i\nh: j\n"
    assert codes(text) == ["M111", "M111", "M113", "M112", "M114", "M110"]
    report = Report()
    root = read(SourceText("x.yaml", text), report).root
    assert plain(root) == {"a": Decimal(1), "b": "*x", "d": "e", "h": "i"}


def test_a_key_of_several_forms_is_one_key() -> None:
    assert codes("caf\u00e9: 1\n'caf\u00e9': 2\n") == ["M110"]


@pytest.mark.parametrize(
    "text",
    [
        'a: "\u00a0\u200b"',
        "a: '\u00a0'",
        "a: b # \u00a0\n",
        "# \u200b\n",
    ],
)
def test_hidden_characters_are_fine_in_quotes_and_comments(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize("text", ["a: the “held” entries", "a: the client’s matter", 'a: "“x”"'])
def test_curly_quotes_are_fine_inside_a_sentence(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    "text, limits, code",
    [
        ("a: " + "b" * 100, Limits(pack_size=50), "M121"),
        ("[" * 6 + "]" * 6, Limits(yaml_depth=5), "M122"),
        ("a:\n b:\n  c:\n   d: e", Limits(yaml_depth=3), "M122"),
        ("- a\n" * 20, Limits(yaml_nodes=10), "M123"),
    ],
)
def test_a_limit_ends_reading_with_one_message(text: str, limits: Limits, code: str) -> None:
    report = Report()
    root = read(SourceText("x.yaml", text), report, limits).root
    assert [code] == [each.code.number for each in report]
    assert root is None


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "? " * 100_000])
def test_no_depth_makes_the_reader_recurse(text: str) -> None:
    assert codes(text) == ["M122"]


@pytest.mark.parametrize(
    "text", ['"\\U00110000"', 'a: "\\ud800"', 'a: "\\x07"', "\ud800: a", "a\0b"]
)
def test_no_character_escapes_as_an_exception(text: str) -> None:
    assert codes(text)


def test_the_slow_loader_alone_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: [1, {b: 'c'}]\nd: >-\n  e\n  f\n"
    fast = root_of(text)
    monkeypatch.setattr(document, "has_fast_loader", lambda: False)
    assert plain(fast) == plain(root_of(text))


def test_five_hundred_lines_are_read_in_a_moment() -> None:
    """Six thousandths of a second on a quiet machine; the bound here only catches a slip."""
    line = "  Reference{0}: if work.free then 0 else round_half_up(billed * price, places=2)\n"
    source = SourceText("x.yaml", "fields:\n" + "".join(line.format(i) for i in range(500)))
    best = 1.0
    for _ in range(5):
        started = time.perf_counter()
        root = read(source, Report()).root
        best = min(best, time.perf_counter() - started)
    assert isinstance(root, MappingNode)
    assert best < 0.06
