"""JSON in and out keeps every digit; what is not plain JSON is refused with our own words."""

from __future__ import annotations

import ast
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mapping_engine
from mapping_engine.values import json as exact_json
from mapping_engine.values.json import JsonError, decode, encode
from mapping_engine.values.number import within_limits
from mapping_engine.values.value import MISSING, Value

numbers = st.decimals(allow_nan=False, allow_infinity=False).filter(
    lambda each: within_limits(each) and not (each.is_zero() and each.is_signed())
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)

MISTAKES = [
    ("", 1, 1, "there is nothing to read"),
    ("[1,\n 2", 2, 3, "the text ends too early"),
    ('{"a": 1} x', 1, 10, "the text goes on after its value has ended"),
    ("[1, 2,]", 1, 6, "a comma stands before a closing bracket"),
    ('{"a": 1,}', 1, 8, "a comma stands before a closing bracket"),
    ("{a: 1}", 1, 2, "a name in double quotes is expected"),
    ('{"a" 1}', 1, 6, "a `:` is expected after the name"),
    ("[1 2]", 1, 4, "a `,` or a closing bracket is expected"),
    ("[01]", 1, 3, "a `,` or a closing bracket is expected"),
    ("['a']", 1, 2, "a value is expected"),
    ('["a', 1, 2, "a text is not closed with a double quote"),
    ('["a\nb"]', 1, 4, "a line end or control character stands inside a text"),
    (r'["\x"]', 1, 3, "a `\\` stands before something that it gives no meaning"),
    ('{"a": 1, "b": {"c": 1,\n"c": 2}}', 2, 1, "a name stands twice in one object"),
    ('{"a": 1, "\\u0061": 2}', 1, 10, "a name stands twice in one object"),
    ("[1, NaN]", 1, 5, "NaN and Infinity are not numbers"),
    ('{"NaN": -Infinity}', 1, 9, "NaN and Infinity are not numbers"),
    ("[1e30]", 1, 2, "a number has more than 34 digits or is too large or too small"),
    ("1" * 5000, 1, 1, "a number has more than 34 digits or is too large or too small"),
    ("[1e999999999]", 1, 2, "a number has more than 34 digits or is too large or too small"),
    ("[" * 33 + "]" * 33, 1, 33, "lists and objects are nested deeper than 32"),
    ("[" * 100_000, 1, 33, "lists and objects are nested deeper than 32"),
    (r'["\ud800"]', 1, 3, "a text holds half a character"),
    (r'["\udc00\ud800"]', 1, 3, "a text holds half a character"),
    ('["\ud800"]', 1, 3, "a text holds half a character"),
    ("\ufeff1", 1, 1, "the text begins with a byte order mark"),
    (b"\xef\xbb\xbf1", 1, 1, "the text begins with a byte order mark"),
    ("[1]".encode("utf-16"), 1, 1, "the text is UTF-16 or UTF-32, it must be UTF-8"),
    ("[1]".encode("utf-16-le"), 1, 1, "the text is UTF-16 or UTF-32, it must be UTF-8"),
    ('[1,\n"é"]'.encode("latin-1"), 2, 2, "the text is not UTF-8"),
]


@pytest.mark.parametrize("text, line, column, sentence", MISTAKES)
def test_a_mistake_has_a_place_and_a_sentence(text, line, column, sentence):
    with pytest.raises(JsonError) as caught:
        decode(text)
    found = caught.value
    assert (line, column, sentence) == (found.line, found.column, found.message)


def test_numbers_keep_their_digits_and_their_scale():
    text = '{"amount": 1234567890123456789.10, "rate": 0.10, "count": 3, "small": 0.000000000001}'
    assert text == encode(decode(text))


def test_every_number_is_a_decimal():
    assert [Decimal] * 4 == [type(each) for each in decode("[1, -0, 1.5, 1e3]")]  # type: ignore[attr-defined]


def test_a_whole_pair_of_halves_is_a_character():
    assert "😀 \\ud800" == decode(r'"\ud83d\ude00 \\ud800"')


def test_without_strict_the_last_of_two_names_wins():
    assert {"a": Decimal(2)} == decode('{"a": 1, "a": 2}', strict=False)


def test_writing_keeps_order_and_leaves_out_what_is_absent():
    value = {
        "z": Decimal("1E+3"), "a": MISSING, "d": date(2026, 1, 31),
        "t": datetime(2026, 1, 31, tzinfo=UTC), "l": [MISSING, None, True], "e": {"x": MISSING},
    }  # fmt: skip
    expected = (
        '{"z": 1000, "d": "2026-01-31", "t": "2026-01-31T00:00:00+00:00",'
        ' "l": [null, true], "e": {}}'
    )
    assert expected == encode(value)


def test_indented_writing_looks_like_everybody_elses():
    value = {"a": [Decimal(1), {"b": "ü"}], "c": [], "d": {}}
    plain = {"a": [1, {"b": "ü"}], "c": [], "d": {}}
    assert json.dumps(plain, indent=2, ensure_ascii=False) == encode(value, indent=2)


@pytest.mark.parametrize("value", [0.5, Decimal("NaN"), object(), {"a": [1.0]}, {1: "a"}])
def test_what_is_no_value_is_never_written(value):
    with pytest.raises(TypeError):
        encode(value)


@given(values)
def test_what_is_written_is_read_back(value):
    assert value == decode(encode(value))
    assert encode(value) == encode(decode(encode(value)))
    assert encode(value) == encode(decode(encode(value, indent=2)))


@given(values)
def test_the_standard_library_reads_the_same(value):
    assert json.loads(encode(value), parse_float=Decimal, parse_int=Decimal) == value


@given(st.text(alphabet='{}[]",:\\0123456789.eE-+truefalsnNaI \n\ud800é', max_size=40))
def test_only_our_error_escapes_and_its_place_lies_in_the_text(text):
    lines = text.split("\n")
    line, column = place_of_mistake(text)
    assert 1 <= line <= len(lines)
    assert 1 <= column <= len(lines[line - 1]) + 1


def place_of_mistake(text: str) -> tuple[int, int]:
    try:
        decode(text)
    except JsonError as found:
        return found.line, found.column
    return 1, 1


def holds_a_float(value: Value) -> bool:
    if isinstance(value, dict):
        return any(map(holds_a_float, value.values()))
    return any(map(holds_a_float, value)) if isinstance(value, list) else isinstance(value, float)


@given(values)
def test_no_float_comes_out_of_reading(value):
    assert not holds_a_float(decode(encode(value)))


@pytest.mark.parametrize("strict", [True, False])
def test_the_scanner_has_a_hook_for_every_number(strict):
    """The standard scanner makes a float or an int only where it has no hook."""
    decoder = exact_json._decoder(strict, exact_json.DEFAULT_LIMITS)
    assert decoder.parse_float is decoder.parse_int
    assert decoder.parse_float("0.10") == Decimal("0.10")
    assert type(decoder.parse_int("3")) is Decimal


def data_path() -> list[Path]:
    package = Path(mapping_engine.__file__).parent
    floors = ("values", "functions", "runtime")
    return [file for floor in floors for file in sorted((package / floor).rglob("*.py"))]


@pytest.mark.parametrize("file", data_path(), ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_float_is_written_in_the_code_of_the_data_path(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    floats = [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float")
    ]
    assert [] == floats
