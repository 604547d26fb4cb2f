"""Places in a text: lines as an editor counts them."""

from __future__ import annotations

import pytest

from mapping_engine.source.text import Place, SourceText, Span


@pytest.mark.parametrize(
    "text, offset, place",
    [
        ("", 0, (1, 1)),
        ("ab", 2, (1, 3)),
        ("a\nb", 2, (2, 1)),
        ("a\n", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\rb", 2, (2, 1)),
        ("a\x0bb\u2028c\x85d", 6, (1, 7)),
    ],
)
def test_lines_end_where_editors_end_them(text: str, offset: int, place: tuple[int, int]) -> None:
    assert Place(*place) == SourceText("x", text).place(offset)


@pytest.mark.parametrize("text", ["a\nbb\n\nccc", "a\r\nbb\r\n\r\nccc"])
def test_a_line_comes_without_its_end(text: str) -> None:
    source = SourceText("x", text)
    assert [source.line(number) for number in (1, 2, 3, 4)] == ["a", "bb", "", "ccc"]


def test_a_span_reads_prints_covers_and_stays_inside() -> None:
    source = SourceText("x.yaml", "ab\ncd")
    span = Span(source, 3, 5)
    assert (span.text, str(span), span.end_place) == ("cd", "x.yaml:2:1", Place(2, 3))
    assert span.cover(Span(source, 0, 1)) == source.span()
    assert Span(source, -4, 99).inside() == source.span()
    assert Span(source, 9, 2).inside() == Span(source, 5, 5)
