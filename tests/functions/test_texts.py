"""What the functions over texts, names, patterns and codes answer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping_engine.functions import CATALOGUE
from mapping_engine.functions.names import name_case
from mapping_engine.functions.text import lower, squeeze, truncate, upper
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.value import MISSING

LONG = "a" * 65_536


def call(name: str, *arguments: object) -> object:
    numbers = (Decimal(each) if isinstance(each, int) else each for each in arguments)
    return CATALOGUE.functions[name].body(*numbers)


@pytest.mark.parametrize(
    "expected, name, arguments",
    [
        ("Smith", "trim", ["\t Smith\u00a0\n"]),
        ("", "trim", ["   "]),
        ("İstanbul", "lower", ["İSTANBUL"]),
        ("groß", "lower", ["GROß"]),
        ("GROß", "upper", ["groß"]),
        ("ΟΔΥΣΣΕΥΣ", "upper", ["οδυσσευς"]),
        (" a b ", "squeeze", ["  a \t\n b  "]),
        (" ", "squeeze", ["\n\n"]),
        ("", "squeeze", [""]),
        ("abc", "truncate", ["abc", 3]),
        ("ab", "truncate", ["ab cd", 3]),
        ("ab", "truncate", ["   abcd", 2]),
        ("  a", "truncate", ["  a", 3]),
        ("  ", "left", ["  abc", 2]),
        ("", "left", ["", 2]),
        (Decimal(0), "length", [""]),
        (Decimal(2), "length", ["🙂é"]),
        ("aa", "replace", ["aaaa", "aa", "a"]),
        ("text", "replace", ["text", "", "x"]),
        ("text", "replace", ["text", "T", "x"]),
        ("00200", "pad_left", ["200", 5, "0"]),
        ("abax", "pad_left", ["x", 4, "ab"]),
        ("x", "pad_left", ["x", 4, ""]),
        ("200", "pad_left", ["200", 2, "0"]),
        ("a; b", "join", [["a", " ", "", "b"], "; "]),
        ("", "join", [MISSING, "; "]),
        ("", "join", [None, "; "]),
        (["a", "b c"], "split", [" a ;; b c ; ", ";"]),
        (["a;b"], "split", ["a;b", ""]),
        ([], "split", [" ; ", ";"]),
        (True, "starts_with", ["", ""]),
        (False, "contains", ["Smith", "smith"]),
        (True, "matches", ["Ünal", "^\\w+$"]),
        (False, "matches", ["abc\n", "c$"]),
        ("a-b", "replace_pattern", ["a   b", "\\s+", "-"]),
        ("b$", "extract", ["a b$", "[^ ]+$"]),
        ("", "extract", ["a", "x*"]),
        ("expense", "utbms_set", ["E124"]),
        ("task", "utbms_set", ["L110"]),
        (MISSING, "utbms_set", ["l110"]),
    ],
)
def test_answers(expected: object, name: str, arguments: list[object]) -> None:
    assert expected == call(name, *arguments)


@pytest.mark.parametrize(
    "name, arguments, code",
    [
        ("truncate", ["abc", Decimal("0")], "M705"),
        ("truncate", ["abc", Decimal("1.5")], "M705"),
        ("left", ["abc", Decimal("-1")], "M705"),
        ("replace", [LONG, "a", "aa"], "M706"),
        ("join", [[LONG, "b"], ""], "M706"),
        ("join", [["a"] * 9_000, "x" * 8], "M706"),
        ("split", ["a," * 10_001, ","], "M705"),
        ("replace_pattern", [LONG, "a", "aa"], "M706"),
        ("pad_left", ["a", Decimal(65_537), "0"], "M705"),
    ],
)
def test_refuses(name: str, arguments: list[object], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        call(name, *arguments)
    assert code == refused.value.diagnostic().code.number


@pytest.mark.parametrize(
    "written, expected",
    [
        ("MCDONALD", "McDonald"),
        ("mcdonald", "McDonald"),
        ("MACKENZIE", "Mackenzie"),
        ("O'NEILL", "O'Neill"),
        ("D’ANGELO", "D’Angelo"),
        ("DE VRIES", "de Vries"),
        ("VAN DER BERG", "van der Berg"),
        ("JAN VAN DER BERG", "Jan van der Berg"),
        ("DE LA CRUZ", "de la Cruz"),
        ("LE ROUX", "Le Roux"),
        ("SMITH-JONES", "Smith-Jones"),
        ("J.R.R. TOLKIEN", "J.R.R. Tolkien"),
        ("HENRY THORNE III", "Henry Thorne III"),
        ("NGUYEN THI VAN", "Nguyen Thi Van"),
        ("ŞAHİN", "Şahİn"),
        ("MC", "Mc"),
        ("", ""),
        ("  ANNA  ", "  Anna  "),
    ],
)
def test_name_typed_in_one_case_is_written_as_a_name(written: str, expected: str) -> None:
    assert expected == name_case(written)


@pytest.mark.parametrize(
    "name", ["McDonald", "de Vries", "O'Neill", "van der Berg", "DiCaprio", "李小龍", "1234"]
)
def test_name_somebody_wrote_with_care_stays(name: str) -> None:
    assert name == name_case(name)


@given(st.text(max_size=30))
def test_case_never_changes_the_number_of_characters(text: str) -> None:
    assert len(text) == len(lower(text)) == len(upper(text)) == len(name_case(text))


@given(st.text(max_size=30))
def test_squeezing_leaves_the_words_and_no_run_of_blanks(text: str) -> None:
    squeezed = squeeze(text)
    assert text.split() == squeezed.split()
    assert squeeze(squeezed) == squeezed
    assert len(squeezed) <= len(text)


@given(st.text(max_size=30), st.integers(1, 40))
def test_a_cut_text_fits_and_keeps_its_words(text: str, length: int) -> None:
    cut = truncate(text, Decimal(length))
    assert len(cut) <= length
    assert bool(cut.strip()) == bool(text.strip())
    assert cut.strip() in text
