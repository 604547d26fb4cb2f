"""What the functions over numbers, money, units, lists and conversions answer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping_engine.functions import CATALOGUE
from mapping_engine.functions.currencies import MINOR_UNITS
from mapping_engine.values.number import plain
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.value import MISSING, same

ROUNDINGS = ("round_half_up", "round_half_even", "round_up", "round_down")
NUMBERS = st.decimals(-(10**12), 10**12, places=6)
#: A round_half_up, a round_half_even, a round_up and a round_down of each number.
TABLE = [
    ("2.344", 2, "2.34 2.34 2.35 2.34"),
    ("2.345", 2, "2.35 2.34 2.35 2.34"),
    ("2.355", 2, "2.36 2.36 2.36 2.35"),
    ("-2.345", 2, "-2.35 -2.34 -2.35 -2.34"),
    ("-2.3451", 2, "-2.35 -2.35 -2.35 -2.34"),
    ("0.5", 0, "1 0 1 0"),
    ("1.5", 0, "2 2 2 1"),
    ("-0.5", 0, "-1 0 -1 0"),
    ("-0.004", 2, "0.00 0.00 -0.01 0.00"),
    ("12.5", 2, "12.50 12.50 12.50 12.50"),
    ("999.995", 2, "1000.00 1000.00 1000.00 999.99"),
    ("0", 3, "0.000 0.000 0.000 0.000"),
    ("10000000.00000000000000000001", 1, "10000000.0 10000000.0 10000000.1 10000000.0"),
]  # fmt: skip
STEPS = [
    ("1.04", "0.1", "1.0 1.0 1.1 1.0"),
    ("1.05", "0.1", "1.1 1.0 1.1 1.0"),
    ("1.15", "0.1", "1.2 1.2 1.2 1.1"),
    ("-1.05", "0.1", "-1.1 -1.0 -1.1 -1.0"),
    ("1.2", "0.1", "1.2 1.2 1.2 1.2"),
    ("7", "6", "6 6 12 6"),
    ("9", "6", "12 12 12 6"),
    ("1.024", "0.05", "1.00 1.00 1.05 1.00"),
    ("1.1", "0.25", "1.00 1.00 1.25 1.00"),
    ("62", "60", "60 60 120 60"),
    ("2.5", "0.10", "2.50 2.50 2.50 2.50"),
]


def call(name: str, *arguments: object) -> object:
    numbers = (Decimal(each) if isinstance(each, int | str) else each for each in arguments)
    return CATALOGUE.functions[name].body(*numbers)


def rounded(name: str, number: str | Decimal, places: object, step: object) -> Decimal:
    result = CATALOGUE.functions[name].body(Decimal(number), places, step)
    assert isinstance(result, Decimal)
    return result


@pytest.mark.parametrize("number, places, expected", TABLE)
def test_rounds_to_places_in_four_ways(number: str, places: int, expected: str) -> None:
    found = [plain(rounded(name, number, Decimal(places), MISSING)) for name in ROUNDINGS]
    assert expected.split() == found


@pytest.mark.parametrize("number, step, expected", STEPS)
def test_rounds_to_a_step_in_four_ways(number: str, step: str, expected: str) -> None:
    found = [plain(rounded(name, number, MISSING, Decimal(step))) for name in ROUNDINGS]
    assert expected.split() == found


def by_definition(name: str, number: Fraction, step: Fraction) -> Fraction:
    """Round as the definitions say, in whole fractions: the judge of the functions."""
    size, steps = abs(number), abs(number) / step
    match name:
        case "round_up":
            whole = ceil(steps)
        case "round_down":
            whole = floor(steps)
        case "round_half_up":
            whole = floor(steps + Fraction(1, 2))
        case _:
            below, rest = floor(steps), steps - floor(steps)
            goes_up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and below % 2)
            whole = below + 1 if goes_up else below
    return whole * step if size == number else -whole * step


@pytest.mark.parametrize("name", ROUNDINGS)
@given(number=NUMBERS, places=st.integers(0, 7))
def test_rounding_to_places_is_what_the_definition_says(
    name: str, number: Decimal, places: int
) -> None:
    expected = by_definition(name, Fraction(number), Fraction(1, 10**places))
    found = rounded(name, number, Decimal(places), MISSING)
    assert expected == Fraction(found)
    assert -places == found.as_tuple().exponent


@pytest.mark.parametrize("name", ROUNDINGS)
@given(number=NUMBERS, step=st.decimals("0.01", 1000, places=2))
def test_rounding_to_a_step_is_what_the_definition_says(
    name: str, number: Decimal, step: Decimal
) -> None:
    found = rounded(name, number, MISSING, step)
    assert by_definition(name, Fraction(number), Fraction(step)) == Fraction(found)
    assert found.as_tuple().exponent == step.as_tuple().exponent


@pytest.mark.parametrize("name", ROUNDINGS)
@pytest.mark.parametrize("nothing", [MISSING, None])
def test_rounding_to_what_the_record_does_not_say_is_nothing(name: str, nothing: object) -> None:
    body = CATALOGUE.functions[name].body
    assert body(Decimal("1.5"), nothing, MISSING) is nothing
    assert body(Decimal("1.5"), MISSING, nothing) is nothing


@pytest.mark.parametrize(
    "expected, name, arguments",
    [
        ("0.02", "abs", ["-0.02"]),
        ("1", "min", [[Decimal(3), Decimal(1)]]),
        ("0.1", "max", [[Decimal("0.05"), Decimal("0.1")]]),
        ("2", "minor_units", []),
        ("115.0000", "add_tax", ["100.00", "15"]),
        ("-115.0000", "add_tax", ["-100.00", "15"]),
        ("1.5", "hours_from_seconds", ["5400"]),
        ("0.1", "hours_from_minutes", ["6"]),
        ("0.006944444444444444444444444444444444", "hours_from_seconds", ["25"]),
        ("5400.00", "seconds_from_hours", ["1.50"]),
        ("90.0", "minutes_from_hours", ["1.5"]),
        ("0.15", "percent_to_fraction", ["15"]),
        ("0.00125", "percent_to_fraction", ["0.125"]),
        ("20", "fraction_to_percent", ["0.2"]),
        ("12.5", "fraction_to_percent", ["0.125"]),
        ("100", "fraction_to_percent", ["1"]),
        ("0.3", "sum", [[Decimal("0.1"), Decimal("0.2")]]),
        ("0", "sum", [MISSING]),
        ("0", "sum", [None]),
        ("0", "count", [None]),
    ],
)
def test_answers_exactly(expected: str, name: str, arguments: list[object]) -> None:
    found = call(name, *arguments) if arguments else CATALOGUE.functions[name].body("AUD")
    assert isinstance(found, Decimal)
    assert expected == plain(found)


def test_money_is_rounded_to_the_units_of_its_currency() -> None:
    body = CATALOGUE.functions["round_money"].body
    found = {code: body(Decimal("1250.5"), code) for code in ("AUD", "JPY", "KWD", "CLF")}
    shown = {code: plain(number) for code, number in found.items()}
    assert {"AUD": "1250.50", "JPY": "1251", "KWD": "1250.500", "CLF": "1250.5000"} == shown


def test_the_currencies_have_the_places_of_the_standard() -> None:
    assert 155 < len(MINOR_UNITS) < 180
    assert all(len(code) == 3 and code.isupper() for code in MINOR_UNITS)
    assert {"JPY", "KRW", "VND", "XPF"} <= {code for code, n in MINOR_UNITS.items() if n == 0}
    assert {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"} == {
        code for code, places in MINOR_UNITS.items() if places == 3
    }


@given(NUMBERS, st.decimals(0, 100, places=3))
def test_tax_added_and_taken_out_again_gives_the_amount(amount: Decimal, percent: Decimal) -> None:
    gross = call("add_tax", amount, percent)
    assert isinstance(gross, Decimal)
    assert Fraction(gross) == Fraction(amount) * (1 + Fraction(percent) / 100)
    net = call("remove_tax", gross, percent)
    assert amount == rounded("round_half_up", net, Decimal(6), MISSING)


@given(st.lists(NUMBERS, max_size=20))
def test_a_sum_keeps_every_digit(numbers: list[Decimal]) -> None:
    total = CATALOGUE.functions["sum"].body(numbers)
    assert sum(map(Fraction, numbers)) == Fraction(total)


def test_a_thread_of_its_own_rounds_the_same() -> None:
    found: list[object] = []
    number = Decimal("12345678901234567.123456789012345")
    work = Thread(target=lambda: found.append(call("sum", [number, number])))
    work.start()
    work.join()
    assert [Decimal("24691357802469134.246913578024690")] == found


@pytest.mark.parametrize(
    "expected, name, arguments",
    [
        (MISSING, "first", [[]]),
        (MISSING, "last", [[]]),
        (Decimal(2), "last", [[Decimal(1), Decimal(2)]]),
        ([], "rest", [[]]),
        ("b", "nth", [["a", "b"], 2]),
        (MISSING, "nth", [["a", "b"], 3]),
        (False, "any", [MISSING]),
        (True, "all", [MISSING]),
        (False, "all", [[True, False]]),
        (MISSING, "min", [[]]),
        (Decimal(0), "sum", [[]]),
    ],
)
def test_lists_answer(expected: object, name: str, arguments: list[object]) -> None:
    found = call(name, *arguments)
    assert type(expected) is type(found)
    assert expected == found


def test_unique_compares_by_value_and_keeps_the_first() -> None:
    noon = datetime(2026, 1, 31, 12, tzinfo=UTC)
    values = [
        Decimal("1.0"), True, Decimal("1"), "1", date(2026, 1, 31), noon, {"a": Decimal(1)},
        {"a": Decimal("1.00"), "b": None}, [Decimal(1)], [Decimal("1.0")], noon, "1", {},
    ]  # fmt: skip
    found = CATALOGUE.functions["unique"].body(values)
    assert found == [
        Decimal("1.0"), True, "1", date(2026, 1, 31), noon, {"a": Decimal(1)}, [Decimal(1)], {},
    ]  # fmt: skip
    assert not any(same(a, b) for i, a in enumerate(found) for b in found[:i])


def test_unique_of_a_long_list_is_quick() -> None:
    values = [Decimal(each % 5_000) for each in range(10_000)]
    assert len(CATALOGUE.functions["unique"].body(values)) == 5_000


@pytest.mark.parametrize(
    "expected, name, arguments",
    [
        (Decimal("1250.50"), "to_number", ["1250.50", MISSING]),
        (Decimal("-3"), "to_number", ["-3", Decimal(0)]),
        (Decimal("5"), "to_number", ["5.00", Decimal(0)]),
        ("5.00", "format_number", [Decimal(5), Decimal(2)]),
        ("5", "format_number", [Decimal("5.00"), Decimal(0)]),
        ("0.00", "format_number", [Decimal("-0.0"), Decimal(2)]),
        ("12.50", "to_text", [Decimal("12.50")]),
        ("false", "to_text", [False]),
        (True, "to_boolean", ["Yes"]),
        (False, "to_boolean", ["F "]),
    ],
)
def test_converts(expected: object, name: str, arguments: list[object]) -> None:
    assert expected == CATALOGUE.functions[name].body(*arguments)


@pytest.mark.parametrize(
    "name, arguments, code",
    [
        ("round_up", [Decimal(1), Decimal(13), MISSING], "M705"),
        ("round_up", [Decimal(1), Decimal(-1), MISSING], "M705"),
        ("round_up", [Decimal(1), MISSING, Decimal(0)], "M704"),
        ("minor_units", ["aud"], "M704"),
        ("remove_tax", [Decimal(1), Decimal(-100)], "M701"),
        ("sum", [[Decimal(10**18)] * 10], "M702"),
        ("nth", [["a"], Decimal(0)], "M705"),
        ("to_number", ["1,250", MISSING], "M704"),
        ("to_number", ["", MISSING], "M704"),
        ("to_number", ["1.5", Decimal(0)], "M705"),
        ("to_number", ["1e5", MISSING], "M704"),
        ("to_number", ["٣", MISSING], "M704"),
        ("format_number", [Decimal("0.125"), Decimal(2)], "M705"),
        ("to_boolean", ["on"], "M704"),
    ],
)
def test_refuses(name: str, arguments: list[object], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        CATALOGUE.functions[name].body(*arguments)
    assert code == refused.value.diagnostic().code.number


@pytest.mark.parametrize("name, value", [("to_number", "Anna Berg"), ("to_boolean", "Anna Berg")])
def test_a_refusal_shows_a_value_only_when_it_may(name: str, value: str) -> None:
    with pytest.raises(Refusal) as refused:
        CATALOGUE.functions[name].body(value, *[MISSING] * (name == "to_number"))
    assert value not in refused.value.diagnostic().message
    assert value in refused.value.diagnostic(show_values=True).message
