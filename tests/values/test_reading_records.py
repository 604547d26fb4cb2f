"""A decoded record becomes typed values, or all its misfits are said at once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import jsonschema
import pytest
from generated_types import JSON_VALUES, schemas_with_values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema.validators import extend

from mapping_engine.source.limits import Limits
from mapping_engine.values.conform import as_written, conform
from mapping_engine.values.guard import breaches
from mapping_engine.values.json import decode, encode
from mapping_engine.values.schema import type_of_schema
from mapping_engine.values.types import (
    DATE,
    DATETIME,
    NUMBER,
    TEXT,
    UNKNOWN,
    List,
    Number,
    Object,
    Text,
    blanks_as_null,
)

relaxed = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def is_whole(checker: object, value: object) -> bool:
    return isinstance(value, Decimal) and value == value.to_integral_value()


types = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", is_whole)
ExactValidator = extend(jsonschema.Draft202012Validator, type_checker=types)


EDGES = [
    ('{"type": "number", "minimum": 1, "maximum": 2}', "[0.99, 1, 1.00, 2, 2.01, true, \"1\"]"),
    ('{"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 2}', "[1, 1.01, 1.99, 2.00]"),
    ('{"type": "number", "multipleOf": 0.01}',
     "[0.01, 0.010, 0.001, 1234567890123456789.10, 1234567890123456789.101, 1e3, 1e-3]"),
    ('{"type": "integer"}', "[1, 1.0, 1.5, -0, 1e3, null]"),
    ('{"type": "string", "minLength": 1, "maxLength": 2}', '["", "a", "ab", "abc", "é😀", 1]'),
    ('{"type": ["string", "null"], "enum": ["a", ""]}', '["", "a", "A", null]'),
    ('{"type": ["string", "null"], "enum": ["a", null]}', '["", "a", "A", null]'),
    ('{"type": "array", "items": {"type": "number"}, "uniqueItems": true, "maxItems": 3}',
     "[[1, 1.0], [1, 2], [1, 2, 3, 4], [], {}]"),
    ('{"type": "array", "minItems": 1}', '[[], [null], [{"a": 1}]]'),
    ('{"type": "object", "properties": {"a": {"type": "boolean"}}, "required": ["a"],'
     ' "additionalProperties": {"type": "string"}}',
     '[{}, {"a": true}, {"a": null}, {"a": false, "b": "x"}, {"a": false, "b": 1}, []]'),
]  # fmt: skip


@pytest.mark.parametrize("schema, values", EDGES)
def test_every_edge_is_where_another_validator_has_it(schema, values):
    judge = ExactValidator(decode(schema))
    kind = type_of_schema(decode(schema), "record", dict)
    records = decode(values)
    expected = [judge.is_valid(each) for each in records]
    assert expected == [conform(each, kind).misfits == () for each in records]


@relaxed
@given(st.data())
def test_a_record_fits_exactly_when_another_validator_says_so(data):
    schema, near = data.draw(schemas_with_values)
    value = decode(encode(data.draw(near | JSON_VALUES)))
    judge = ExactValidator(schema, format_checker=jsonschema.FormatChecker(["date"]))
    found = conform(value, type_of_schema(schema, "record", dict))
    assert judge.is_valid(value) is (found.misfits == ())


@relaxed
@given(st.data())
def test_a_record_that_fits_is_written_as_it_was_read(data):
    schema, near = data.draw(schemas_with_values)
    raw = decode(encode(data.draw(near)))
    kind = type_of_schema(schema, "record", dict)
    found = conform(raw, kind)
    if not found.misfits:
        assert () == breaches(found.value, kind)
        assert raw == decode(encode(as_written(found.value, kind)))
        assert found == conform(found.value, kind)


ACCOUNT = Object(name="account", fields={"code": Text(max_length=5), "active": Text(absent=True)})
INVOICE = Object(
    name="invoice",
    fields={
        "number": Text(blank=False, min_length=1),
        "client": Text(private=True, max_length=4, absent=True),
        "status": Text(choices=("draft", "open"), blank=False, absent=True),
        "issued_on": DATE,
        "sent_at": type(DATETIME)(absent=True, null=True),
        "total": Number(scale=2, minimum=Decimal(0)),
        "lines": List(item=Object(name="line", fields={"account": ACCOUNT}), absent=True),
    },
)
GOOD = (
    '{"number": "INV-1", "issued_on": "2026-01-31", "total": 12.5000,'
    ' "sent_at": "2026-02-01 09:30:00Z", "lines": [{"account": {"code": "00200"}}]}'
)


def test_texts_become_dates_and_zeros_beyond_the_scale_go():
    expected = {
        "number": "INV-1",
        "issued_on": date(2026, 1, 31),
        "total": Decimal("12.50"),
        "sent_at": datetime(2026, 2, 1, 9, 30, tzinfo=UTC),
        "lines": [{"account": {"code": "00200"}}],
    }
    found = conform(decode(GOOD), INVOICE)
    assert (expected, ()) == (found.value, found.misfits)
    assert "12.50" == str(found.value["total"])


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"number": "  "}, "`number` must be text that is not blank, but is blank text"),
        ({"number": 5}, "`number` must be text, but is a number"),
        ({"number": None}, "`number` must be text, but is null"),
        ({"status": "opne"}, "`status` must be `draft` or `open`, but is the text `opne`"),
        ({"client": "Smith v Jones"},
         "`client` must be at most 4 characters, but is 13 characters"),
        ({"issued_on": "31/01/2026"},
         "`issued_on` must be a date such as 2026-01-31, but is the text `31/01/2026`"),
        ({"sent_at": "2026-01-31T09:30:00"},
         "`sent_at` must be a date and time with an offset such as 2026-01-31T09:30:00+10:00,"
         " but is the text `2026-01-31T09:30:00`"),
        ({"total": Decimal("0.005")},
         "`total` must be a number with 2 decimals, but is the number `0.005`"),
        ({"total": Decimal("-1")}, "`total` must be at least 0, but is the number `-1`"),
        ({"total": "12.50"}, "`total` must be a number with 2 decimals, but is text"),
        ({"nunber": "x"}, "`nunber` is not a field of `invoice`; did you mean `number`?"),
        ({"lines": [{"account": {"code": "1"}}, {"account": {"code": "123456"}}]},
         "`lines[1].account.code` must be at most 5 characters, but is 6 characters `123456`"),
        ({"lines": [{"account": {}}]}, "`lines[0].account.code` is missing"),
        ({"lines": {}}, "`lines` must be a list of `line`, but is an object"),
    ],
)  # fmt: skip
def test_a_misfit_has_a_path_and_a_sentence(change, sentence):
    found = conform({**decode(GOOD), **change}, INVOICE)
    assert [sentence] == [each.sentence for each in found.misfits]


def test_all_misfits_come_at_once():
    found = conform({"total": True, "extra": 1}, INVOICE)
    assert ["total", "extra", "number", "issued_on"] == [each.path for each in found.misfits]


@pytest.mark.parametrize("raw", [[], "text", Decimal(1), None, True])
def test_a_record_must_be_an_object(raw):
    (misfit,) = conform(raw, INVOICE).misfits
    assert "" == misfit.path


def test_unknown_members_can_be_dropped_and_counted():
    found = conform({**decode(GOOD), "extra": 1, "more": {}}, INVOICE, drop_unknown=True)
    assert (2, ()) == (found.dropped, found.misfits)
    assert "extra" not in found.value


def test_a_text_is_made_of_whole_characters():
    """Nothing can write half a character: the record is refused, where it was read."""
    (misfit,) = conform({"a": "x\ud800"}, Object(fields={"a": TEXT})).misfits
    assert ("a", "text of whole characters") == (misfit.path, misfit.expected)


def test_a_zero_has_no_sign():
    assert "0.00" == str(conform(Decimal("-0.00"), NUMBER).value)


def test_a_blank_can_mean_null():
    """Only where the type says so: what must be there is not there by being blank."""
    kind = Object(fields={"a": TEXT, "b": DATE, "c": Number(reads_text=True), "d": NUMBER,
                          "e": Text(blank=False), "f": Text(blank=False, null=True)})  # fmt: skip
    found = conform(dict.fromkeys("abcdef", ""), blanks_as_null(kind), blank_is_null=True)
    assert dict.fromkeys("abcf") == {name: found.value[name] for name in "abcf"}
    assert ["d", "e"] == [each.path for each in found.misfits]


@pytest.mark.parametrize(
    "raw, kind, value",
    [
        ("12.50", Number(reads_text=True, scale=2), Decimal("12.50")),
        (Decimal("12.50"), Number(reads_text=True), Decimal("12.50")),
        (Decimal("42"), Text(reads_scalars=True), "42"),
        (Decimal("1E+3"), Text(reads_scalars=True), "1000"),
        (True, Text(reads_scalars=True), "true"),
        (42, NUMBER, Decimal(42)),
        (date(2026, 1, 31), DATE, date(2026, 1, 31)),
        ({"a": [1, "x", None, False]}, UNKNOWN, {"a": [Decimal(1), "x", None, False]}),
    ],
)
def test_values_are_read_exactly(raw, kind, value):
    found = conform(raw, kind)
    assert (value, ()) == (found.value, found.misfits)
    assert type(value) is type(found.value)


@pytest.mark.parametrize(
    "raw, kind, word",
    [
        (0.1, NUMBER, "wrong_type"),
        ({"a": 0.1}, UNKNOWN, "wrong_type"),
        pytest.param(10**5000, NUMBER, "out_of_range", id="5001 digits"),
        (Decimal("1E+30"), NUMBER, "out_of_range"),
        (Decimal("NaN"), NUMBER, "out_of_range"),
        (True, NUMBER, "wrong_type"),
        ("1,000.00", Number(reads_text=True), "bad_number"),
        ("", Number(reads_text=True), "bad_number"),
        (datetime(2026, 1, 31), DATETIME, "wrong_type"),
        (datetime(2026, 1, 31, tzinfo=UTC), DATE, "wrong_type"),
        (b"bytes", UNKNOWN, "wrong_type"),
        ({1: "a"}, Object(others=TEXT), "unknown_member"),
        pytest.param("x" * 70_000, TEXT, "too_long", id="70,000 characters"),
        ([None] * 10_001, List(item=Text(null=True)), "too_many_items"),
        ([[]] * 10_001, UNKNOWN, "too_many_items"),
        ("not-a-uuid", Text(format="uuid"), "bad_format"),
        ("a b@c", Text(format="email"), "bad_format"),
        ("25:00", Text(format="time"), "bad_format"),
        ("no blanks", Text(format="uri"), "bad_format"),
    ],
)
def test_what_is_not_exact_or_has_no_end_is_turned_away(raw, kind, word):
    assert [word] == [each.kind for each in conform(raw, kind).misfits]


def test_a_record_that_contains_itself_ends():
    endless: dict[str, object] = {}
    endless["self"] = endless
    found = conform(endless, UNKNOWN, Limits(record_depth=4))
    assert ["too_deep"] == [each.kind for each in found.misfits]


def test_nothing_private_is_said():
    inner = {"birth": type(DATE)(private=True), "tax": Number(reads_text=True, private=True)}
    person = Object(name="person", private=True, fields=inner)
    found = conform({"birth": "1.2.1962", "tax": "12-34", "Secret Name": 1}, person)
    assert 3 == len(found.misfits)
    said = " ".join(each.sentence + str(each) for each in found.misfits)
    assert not any(word in said for word in ("1962", "12-34", "Secret"))


def test_numbers_are_sent_as_texts_where_the_system_wants_that():
    kind = Object(fields={"a": Number(as_text=True), "b": List(item=Number(as_text=True))})
    assert {"a": "1.50", "b": ["2"]} == as_written({"a": Decimal("1.50"), "b": [Decimal(2)]}, kind)
