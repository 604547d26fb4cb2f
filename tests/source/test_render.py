"""How diagnostics look, as text and as JSON, whatever they point at."""

from __future__ import annotations

import json
import random
from textwrap import dedent

import pytest
from msgspec.structs import replace

from mapping_engine.source.diagnostic import Code, Diagnostic, Label, Report, Severity
from mapping_engine.source.render import RENDERERS, render_json, render_text, summary
from mapping_engine.source.text import SourceText, Span

UNKNOWN = Code("M402", "unknown-field", Severity.ERROR, "A field that is not there.")
REFUSED = Code("M703", "no-row", Severity.REJECTED, "No row.", "unmapped_account")
ADVICE = Code("M801", "unused", Severity.WARNING, "Unused.")


def source(text: str, name: str = "rules/soluno/time_entry.yaml") -> SourceText:
    return SourceText(name, text)


def mark(text: str, part: str, label: str | None = "here") -> Diagnostic:
    """Return a diagnostic at the first `part` of a text."""
    start = text.index(part)
    return Diagnostic(UNKNOWN, Span(source(text), start, start + len(part)), "no such field", label)


def shown(diagnostic: Diagnostic) -> str:
    return "\n" + render_text([diagnostic]) + "\n"


def expected(text: str) -> str:
    return dedent(text)


def test_a_mistake_looks_like_the_house_says() -> None:
    text = "\n" * 13 + "  CasefileNumber: upper(matter.nunber)\n"
    start = text.index("nunber")
    found = Diagnostic(
        UNKNOWN,
        Span(source(text), start, start + 6),
        "`matter` has no field `nunber`",
        "not a field of `matter`",
        "did you mean `number`?",
    )
    assert expected("""
        error[M402]: `matter` has no field `nunber`
          --> rules/soluno/time_entry.yaml:14:32
           |
        14 |   CasefileNumber: upper(matter.nunber)
           |                                ^^^^^^ not a field of `matter`
           = hint: did you mean `number`?
        """) == shown(found)


def test_a_refused_record_has_notes_before_the_hint() -> None:
    text = "Account: accounts(account.code)\n"
    found = Diagnostic(
        REFUSED, Span(source(text), 9, 31), "no account", "looked up `x`", "add a row"
    )
    assert expected("""
        rejected[M703]: no account
          --> rules/soluno/time_entry.yaml:1:10
           |
         1 | Account: accounts(account.code)
           |          ^^^^^^^^^^^^^^^^^^^^^^ looked up `x`
           = record: lines[1].account.code
           = hint: add a row
        """) == shown(found.with_note("record", "lines[1].account.code"))


def test_without_a_place_there_is_no_excerpt() -> None:
    found = Diagnostic(ADVICE, None, "two things", hint="keep one")
    assert render_text([found]) == "warning[M801]: two things\n   = hint: keep one"


def test_several_places_stand_in_the_order_of_the_file() -> None:
    text = "Type: a\nNote: b\nOther: c\nType: d\n"
    found = replace(mark(text, "Other", "second"), span=Span(source(text), 25, 29))
    first = Label(Span(found.span.source, 0, 4), "the first time") if found.span else None
    assert first
    assert expected("""
        error[M402]: no such field
          --> rules/soluno/time_entry.yaml:4:1
           |
         1 | Type: a
           | ---- the first time
        ...
         4 | Type: d
           | ^^^^ second
        """) == shown(replace(found, labels=(first,)))


def test_two_places_on_one_line_share_it() -> None:
    found = mark("{a: 1, a: 2}", "1")
    assert found.span
    assert expected("""
        error[M402]: no such field
          --> rules/soluno/time_entry.yaml:1:5
           |
         1 | {a: 1, a: 2}
           |     ^ here
           |        - again
        """) == shown(found.with_label(Span(found.span.source, 7, 8), "again"))


def test_a_place_in_another_file_has_its_own_head() -> None:
    other = source("Reference: number\n", "firm/xero.yaml")
    found = mark("\nReference: matter", "matter").with_label(Span(other, 11, 17), "replaced this")
    assert expected("""
        error[M402]: no such field
          --> rules/soluno/time_entry.yaml:2:12
           |
         2 | Reference: matter
           |            ^^^^^^ here
          ::: firm/xero.yaml:1:12
           |
         1 | Reference: number
           |            ------ replaced this
        """) == shown(found)


def test_a_place_over_several_lines_shows_the_first() -> None:
    assert expected("""
        error[M402]: no such field
          --> rules/soluno/time_entry.yaml:1:4
           |
         1 | a: if x
           |    ^^^^ here
        """) == shown(mark("a: if x\n   then y\n", "if x\n   then y"))


def test_a_place_at_the_end_of_the_text_still_has_a_mark() -> None:
    found = Diagnostic(UNKNOWN, Span(source("a: (b\n"), 6, 6), "unclosed")
    assert expected("""
        error[M402]: unclosed
          --> rules/soluno/time_entry.yaml:2:1
           |
         2 |
           | ^
        """) == shown(found)


@pytest.mark.parametrize(
    "line, part, excerpt, marks",
    [
        ("\ta: b", "b", " 1 |     a: b", "   |        ^ here"),
        ("漢字: b", "b", " 1 | 漢字: b", "   |       ^ here"),
        ("x: 漢字", "漢字", " 1 | x: 漢字", "   |    ^^^^ here"),
        ("e\u0301: b", "b", " 1 | e\u0301: b", "   |    ^ here"),
        ("😀: b", "b", " 1 | 😀: b", "   |     ^ here"),
        ("a\u200bb: c", "c", " 1 | a�b: c", "   |      ^ here"),
        ("a\x1b[31m: c", "c", " 1 | a�[31m: c", "   |         ^ here"),
    ],
)
def test_marks_stand_under_what_they_mean(line: str, part: str, excerpt: str, marks: str) -> None:
    assert [excerpt, marks] == render_text([mark(line, part)]).splitlines()[3:5]


def test_a_long_line_is_cut_around_its_place() -> None:
    lines = render_text([mark("a" * 500 + " WRONG " + "b" * 500, "WRONG")]).splitlines()
    assert lines[1].endswith(":1:502")
    start = lines[4].index("^")
    assert lines[3][start : start + 5] == "WRONG"
    assert lines[3].count("…") == 2
    assert len(lines[3]) < 120


def test_nothing_in_a_message_can_steer_the_terminal() -> None:
    found = Diagnostic(UNKNOWN, None, "no field `\x1b[2J`\nerror: x", hint="a\u202eb")
    assert render_text([found]) == "error[M402]: no field `�[2J` error: x\n   = hint: a�b"


def test_colours_only_when_asked() -> None:
    found = mark("a: b", "b")
    plain = render_text([found])
    coloured = render_text([found], colour=True)
    assert "\x1b" not in plain
    assert "\x1b[1;31merror[M402]\x1b[0m: " in coloured


def test_json_says_the_same_with_places_as_numbers() -> None:
    found = mark("a: b\nc: dd", "dd").with_note("record", "x")
    assert found.span
    found = found.with_label(Span(found.span.source, 3, 4), "first")
    place = {"file": "rules/soluno/time_entry.yaml"}
    assert json.loads(render_json([found])) == [
        {
            "code": "M402",
            "name": "unknown-field",
            "severity": "error",
            "message": "no such field",
            "label": "here",
            "hint": None,
            **place,
            "line": 2,
            "column": 4,
            "end_line": 2,
            "end_column": 6,
            "labels": [
                {"text": "first", **place, "line": 1, "column": 4, "end_line": 1, "end_column": 5}
            ],
            "notes": [{"word": "record", "text": "x"}],
        }
    ]


def test_json_without_a_place_says_null() -> None:
    [found] = json.loads(render_json([Diagnostic(ADVICE, None, "x")]))
    assert (found["file"], found["line"], found["labels"]) == (None, None, [])


@pytest.mark.parametrize(
    "found, words",
    [
        ([], "no errors"),
        ([UNKNOWN], "1 error"),
        ([UNKNOWN, UNKNOWN, ADVICE], "2 errors, 1 warning"),
        ([REFUSED, ADVICE, ADVICE], "1 rejected, 2 warnings"),
    ],
)
def test_the_summary_counts(found: list[Code], words: str) -> None:
    report = Report(Diagnostic(code, None, str(n)) for n, code in enumerate(found))
    assert words == summary(report)


def test_no_span_makes_a_renderer_fail() -> None:
    chance = random.Random(1)
    letters = "ab \t\r\n漢é\u0301\u200b\x00\x1b\ud800😀\u2028\x85"
    for _ in range(1000):
        text = "".join(chance.choices(letters, k=chance.choice((0, 1, 5, 40, 300))))
        spans = [Span(source(text), *chance.choices(range(-3, 310), k=2)) for _ in range(3)]
        labels = tuple(Label(each, text[:9]) for each in spans[1:])
        found = Diagnostic(UNKNOWN, spans[0], text, text, text, labels, ((text, text),))
        for render in RENDERERS.values():
            assert render([found]).encode("utf-8")
