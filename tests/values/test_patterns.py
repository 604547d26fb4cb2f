"""Patterns mean the same everywhere, end in linear time, and say what they refuse."""

from __future__ import annotations

import pickle
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping_engine.values.pattern import Pattern, PatternError, compile_pattern
from mapping_engine.values.refusal import Refusal


@pytest.mark.parametrize(
    "pattern, text, is_found",
    [
        (r"^\d+$", "٣٤", True),
        (r"^\w+$", "Zoë_Ωμέγα", True),
        (r"\s", "a\u2003b", True),
        (r"\S", "\u2003", False),
        (r"^[\w.-]+$", "é.b-c", True),
        (r"^[^\s\d]+$", "a3", False),
        (r"\D", "٣", False),
        (r"a$", "a\n", False),
        (r"^b", "a\nb", False),
        ("(?i)straße", "STRASSE", False),
        ("(?i)É", "é", True),
        ("a.c", "a\nc", False),
        ("(?s)a.c", "a\nc", True),
        (r"\p{Greek}", "Ω", True),
        ("[[]x[]]", "[x]", True),
        ("[]a]", "]", True),
        ("a b", "xa bx", True),
        (r"a\.b", "axb", False),
        ("", "anything", True),
    ],
)
def test_patterns_have_unicode_meaning(pattern, text, is_found):
    assert is_found is compile_pattern(pattern).matches(text)


def test_full_takes_the_whole_text():
    assert compile_pattern("a|ab").full("ab")
    assert not compile_pattern("a b").full("a b c")


@pytest.mark.parametrize(
    "pattern, replacement, result",
    [
        (r"(\d+)-(?P<part>\w+)", "${part}/$1", "ab/12 x cd/3"),
        (r"\d+", "$$", "$-ab x $-cd"),
        ("-", r"\1", r"12\1ab x 3\1cd"),
        (r"(q)?\d+", "[$1]", "[]-ab x []-cd"),
        ("x", "", "12-ab  3-cd"),
    ],
)
def test_replacement_uses_dollars(pattern, replacement, result):
    assert result == compile_pattern(pattern).replace("12-ab x 3-cd", replacement)


@pytest.mark.parametrize("replacement", ["$1", "$2", "${name}", "$", "$x", "${1"])
def test_a_group_that_is_not_there_is_refused(replacement):
    with pytest.raises(PatternError, match="no such group"):
        compile_pattern("a").replace("a", replacement)


def test_a_replacement_cannot_grow_a_text_without_end():
    with pytest.raises(Refusal, match="too_long"):
        compile_pattern("a").replace("a" * 60_000, "b" * 100)


@pytest.mark.parametrize(
    "pattern, words",
    [
        ("(?=a)", "look-ahead"), ("(?!a)", "look-ahead"), ("(?<=a)b", "look-behind"),
        ("(?<!a)b", "look-behind"), (r"(a)\1", "back-references"), ("(?P=x)", "back-references"),
        ("(?>a)", "atomic"), ("(?m)^a", "flags"), ("(?", "flags"), (r"\bword", "English letters"),
        (r"[\W]", "cannot stand inside"), ("[[:alpha:]]", "know English only"),
        (r"a\Z", "write `\\$`"), (r"\C", "half a character"), ("(a", "is not closed"),
        ("a)", "closes nothing"), ("[a", "is not closed"), ("*a", "repeats nothing"),
        ("a**", "two repetitions"), ("a{1001}", "too large"), ("[b-a]", "does not exist"),
        (r"\p{Nowhere}", "does not exist"), (r"\y", "gives no meaning"), ("a\\", "single"),
        ("a" * 501, "500 characters"),
    ],
)  # fmt: skip
def test_what_is_refused_gets_a_sentence(pattern, words, capfd):
    with pytest.raises(PatternError, match=words):
        Pattern(pattern)
    assert "" == "".join(capfd.readouterr())


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*$", "(.*a){20}$", r"(\w+\s?)*$"])
def test_evil_patterns_end(pattern):
    started = time.monotonic()
    compile_pattern(pattern).matches("a" * 20_000 + "!")
    assert time.monotonic() - started < 5


def test_patterns_travel_between_processes():
    pattern = compile_pattern(r"^\d+$")
    assert pattern == pickle.loads(pickle.dumps(pattern))


@given(st.text("ab\\[](){}^$?:<=!P|*+.-dwsWDSb1", max_size=20))
def test_only_our_error_escapes(text):
    assert isinstance(outcome(text), Pattern | PatternError)


def outcome(text: str) -> Pattern | PatternError:
    try:
        pattern = Pattern(text)
    except PatternError as mistake:
        return mistake
    pattern.matches("ab1")
    return pattern
