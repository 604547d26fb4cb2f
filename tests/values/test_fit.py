"""What is proved of types holds for their values: fits, unions, guards."""

from __future__ import annotations

from decimal import Decimal

import pytest
from generated_types import altered, any_values, single_types, types, values_near
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mapping_engine.values.fit import misfits
from mapping_engine.values.guard import breaches
from mapping_engine.values.infer import infer
from mapping_engine.values.types import (
    BOOLEAN,
    DATE,
    NULL,
    NUMBER,
    TEXT,
    UNKNOWN,
    List,
    Number,
    Object,
    Text,
    Type,
    blanks_as_null,
    union,
)
from mapping_engine.values.value import MISSING

relaxed = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


@settings(relaxed, max_examples=250)
@given(single_types, st.data())
def test_what_is_proved_to_fit_does_fit(target, data):
    assert_proof_holds(data.draw(altered(target)), target, data)


@relaxed
@given(types, st.data())
def test_what_is_proved_of_lists_and_objects_holds_inside(target, data):
    assert_proof_holds(data.draw(altered(target)), target, data)


def assert_proof_holds(given_type: Type, target: Type, data: st.DataObject) -> None:
    values = data.draw(st.lists(values_near(given_type), min_size=4, max_size=8))
    if not misfits(given_type, target):
        wrong = [
            each for each in values if not breaches(each, given_type) and breaches(each, target)
        ]
        assert [] == wrong


@relaxed
@given(types)
def test_every_type_fits_itself(type):
    assert () == misfits(type, type)


@relaxed
@given(types, types, st.data())
def test_a_value_of_either_type_fits_their_union(left, right, data):
    value = data.draw(values_near(left) | values_near(right) | any_values)
    assume(not breaches(value, left) or not breaches(value, right))
    both = union(left, right)
    assert both is None or () == breaches(value, both)


def without_order(type: Type) -> Type:
    match type:
        case Text(choices=tuple(choices)):
            return replace(type, choices=tuple(sorted(choices)))
        case List():
            return replace(type, item=without_order(type.item))
        case Object():
            fields = {name: without_order(each) for name, each in sorted(type.fields.items())}
            return replace(type, fields=fields, others=type.others and without_order(type.others))
        case _:
            return type


@relaxed
@given(types, types)
def test_union_does_not_care_which_comes_first(left, right):
    one, other = union(left, right), union(right, left)
    assert (one and without_order(one)) == (other and without_order(other))


@relaxed
@given(types)
def test_union_with_itself_changes_nothing(type):
    assert type == union(type, type)


@relaxed
@given(types, st.data())
def test_both_types_fit_their_union(left, data):
    right = data.draw(altered(left))
    both = union(left, right)
    if both is not None:
        assert ((), ()) == (misfits(left, both), misfits(right, both))


@relaxed
@given(any_values)
def test_an_example_fits_the_type_inferred_from_it(value):
    assert () == breaches(value, infer(value))


COMPANY = Object(
    name="company",
    fields={"name": Text(blank=False), "rate": Number(scale=2, absent=True)},
)
#: given, target, then the kinds and places that stand in the way
PROOFS: list[tuple[Type, Type, list[tuple[str, str]]]] = [
    (TEXT, NUMBER, [("type", "")]),
    (NULL, Text(null=True), []),
    (NULL, TEXT, [("null", "")]),
    (Text(absent=True, null=True), TEXT, [("absent", ""), ("null", "")]),
    (TEXT, Text(blank=False, min_length=1), [("blank", "")]),
    (Text(blank=False), Text(blank=False, min_length=1), []),
    (TEXT, Text(choices=("a", "b")), [("enum", "")]),
    (Text(choices=("a", "c")), Text(choices=("a", "b")), [("enum", "")]),
    (Text(choices=("a", "bc"), blank=False), Text(max_length=2, pattern="^[a-c]+$"), []),
    (Text(choices=("a", "bcd"), blank=False), Text(max_length=2), [("length", "")]),
    (TEXT, Text(max_length=2), [("length", "")]),
    (Text(max_length=2), Text(max_length=2), []),
    (TEXT, Text(pattern="^a"), [("pattern", "")]),
    (TEXT, Text(format="uuid"), [("format", "")]),
    (NUMBER, Number(scale=2), [("scale", "")]),
    (Number(scale=3), Number(scale=2), [("scale", "")]),
    (Number(unit="hours"), Number(unit="minutes"), [("unit", "")]),
    (NUMBER, Number(unit="minutes"), []),
    (NUMBER, Number(minimum=Decimal(0)), [("range", "")]),
    (Number(minimum=Decimal(0)), Number(minimum=Decimal(0), above=True), [("range", "")]),
    (Number(minimum=Decimal(0), above=True), Number(minimum=Decimal(0)), []),
    (List(item=TEXT), List(item=NUMBER, min_items=1), [("list_size", ""), ("type", "[]")]),
    (List(item=Text(absent=True)), List(item=TEXT), []),
    (UNKNOWN, NUMBER, []),
    (BOOLEAN, DATE, [("type", "")]),
    (Object(fields={"name": TEXT}), COMPANY, [("blank", "name")]),
    (Object(fields={}), COMPANY, [("missing_member", "name")]),
    (Object(fields={"name": Text(blank=False), "nmae": TEXT}), COMPANY,
     [("unknown_member", "nmae")]),
    (List(item=Object(fields={"name": Text(blank=False), "rate": NUMBER})), List(item=COMPANY),
     [("scale", "[].rate")]),
    (Object(fields={"id": Text(absent=True)}),
     Object(fields={"id": Text(absent=True)}, needs_one_of=(("id",),)), [("needs_one_of", "")]),
]  # fmt: skip


@pytest.mark.parametrize("given_type, target, expected", PROOFS)
def test_what_stands_in_the_way_is_named(given_type, target, expected):
    assert expected == [(each.kind, each.path) for each in misfits(given_type, target)]


def test_a_guard_names_every_breach_and_hides_private_values():
    company = Object(
        name="company",
        fields={
            "name": Text(max_length=3, private=True),
            "code": Text(pattern="^[0-9]+$"),
            "rates": List(item=Number(maximum=Decimal(5))),
        },
    )
    value = {"name": "Smith", "code": "4x", "rates": [Decimal(1), Decimal("5.01")], "extra": None}
    assert {
        ("name", "too_long", None), ("code", "bad_pattern", "4x"),
        ("rates[1]", "out_of_range", "5.01"), ("extra", "unknown_member", None),
    } == {(each.path, each.kind, each.value) for each in breaches(value, company)}  # fmt: skip


def test_a_blank_that_means_nothing_makes_a_text_null():
    reads = blanks_as_null(Object(fields={"name": TEXT, "kind": Text(choices=("", "T"))}))
    assert isinstance(reads, Object)
    assert Text(blank=False, null=True) == reads.fields["name"]
    assert Text(choices=("T",), blank=False, null=True) == reads.fields["kind"]


def test_a_missing_value_breaks_what_must_be_there():
    assert ["missing"] == [each.kind for each in breaches(MISSING, TEXT)]
    assert () == breaches(MISSING, Text(absent=True))
