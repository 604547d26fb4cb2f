"""Arithmetic keeps every digit, in every thread, or is refused; numbers are written plainly."""

from __future__ import annotations

import decimal
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping_engine.values.number import (
    Rounding,
    add,
    divide,
    multiply,
    negate,
    parse_number,
    plain,
    round_places,
    round_step,
    subtract,
    trimmed,
    within_limits,
)
from mapping_engine.values.refusal import Refusal

MODES: tuple[Rounding, ...] = ("half_up", "half_even", "up", "down")
amounts = st.decimals(
    min_value=-(10**18), max_value=10**18, allow_nan=False, allow_infinity=False, places=4
)


def number(text: str) -> Decimal:
    found = parse_number(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "operation, left, right, result",
    [
        (add, "0.1", "0.2", "0.3"),
        (add, "1234567890123456789.01", "0.99", "1234567890123456790.00"),
        (subtract, "0.3", "0.1", "0.2"),
        (multiply, "25.06", "0.15", "3.7590"),
        (multiply, "12345678901234567", "98.765432109876543",
         "1219326311370217861.743636654061881"),
        (divide, "10", "4", "2.5"),
        (divide, "1", "3", "0.3333333333333333333333333333333333"),
        (divide, "2", "3", "0.6666666666666666666666666666666667"),
    ],
)  # fmt: skip
def test_results_are_exact(operation, left, right, result):
    assert result == plain(operation(number(left), number(right)))


def test_context_of_the_thread_does_not_matter():
    with decimal.localcontext(prec=3, traps=[]):
        assert "1219326311370217861.743636654061881" == plain(
            multiply(Decimal("12345678901234567"), Decimal("98.765432109876543"))
        )


def test_threads_share_the_context_without_disturbing_each_other():
    def work(seed: int) -> list[str]:
        found = []
        for turn in range(200):
            left = Decimal(seed * 10**15 + turn).scaleb(-7)
            found.append(plain(multiply(left, Decimal("0.0000001234567"))))
            with pytest.raises(Refusal, match="overflow"):
                multiply(Decimal("9" * 34), Decimal("9" * 34))
        return found

    expected = [work(seed) for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert expected == list(pool.map(work, range(4)))


@pytest.mark.parametrize(
    "operation, left, right, word",
    [
        (multiply, "9" * 34, "0." + "9" * 33, "overflow"),
        (add, "9000000000000000000", "9000000000000000000", "overflow"),
        (subtract, "-9000000000000000000", "9000000000000000000", "overflow"),
        (add, "1E+18", "1E-40", "overflow"),
        (divide, "1", "0", "division_by_zero"),
        (divide, "0", "0.00", "division_by_zero"),
        (divide, "9E+18", "0.001", "overflow"),
    ],
)
def test_what_is_not_exact_is_refused(operation, left, right, word):
    with pytest.raises(Refusal, match=word):
        operation(Decimal(left), Decimal(right))


ROUNDED = {
    # value: half_up, half_even, up, down to one place
    "0.25": ("0.3", "0.2", "0.3", "0.2"),
    "0.35": ("0.4", "0.4", "0.4", "0.3"),
    "-0.25": ("-0.3", "-0.2", "-0.3", "-0.2"),
    "2.21": ("2.2", "2.2", "2.3", "2.2"),
    "-2.21": ("-2.2", "-2.2", "-2.3", "-2.2"),
    "-0.04": ("0.0", "0.0", "-0.1", "0.0"),
    "3": ("3.0", "3.0", "3.0", "3.0"),
}


@pytest.mark.parametrize("value", ROUNDED)
def test_four_ways_of_rounding_to_places(value):
    assert ROUNDED[value] == tuple(plain(round_places(Decimal(value), 1, m)) for m in MODES)


@pytest.mark.parametrize("value", ROUNDED)
def test_a_step_of_a_tenth_rounds_as_one_place(value):
    step = Decimal("0.1")
    assert ROUNDED[value] == tuple(plain(round_step(Decimal(value), step, m)) for m in MODES)


@pytest.mark.parametrize(
    "value, step, mode, result",
    [
        ("12.5", "0.05", "half_up", "12.50"),
        ("1.13", "0.25", "up", "1.25"),
        ("9", "6", "half_even", "12"),
        ("15", "6", "half_even", "12"),
        ("151", "1E+2", "half_up", "200"),
        ("999999999999999999.99", "0.1", "down", "999999999999999999.9"),
    ],
)
def test_rounding_to_a_step_takes_the_scale_of_the_step(value, step, mode, result):
    assert result == plain(round_step(Decimal(value), Decimal(step), mode))


def test_rounding_to_places_keeps_that_scale():
    assert "12.50" == plain(round_places(Decimal("12.5"), 2, "half_up"))
    assert "1200" == plain(round_places(Decimal("1250"), -2, "half_even"))


@pytest.mark.parametrize("step", ["0", "-1"])
def test_a_step_must_be_above_zero(step):
    with pytest.raises(Refusal, match="conversion_failed"):
        round_step(Decimal(1), Decimal(step), "up")


@given(amounts, st.sampled_from(["0.01", "0.05", "0.1", "0.25", "1", "6", "100"]),
       st.sampled_from(MODES))  # fmt: skip
def test_rounding_to_a_step_agrees_with_fractions(value, step, mode):
    ratio = Fraction(value) / Fraction(step)
    size = abs(ratio)
    floor = size.numerator // size.denominator
    rest = size - floor
    goes_up = {
        "up": rest > 0,
        "down": False,
        "half_up": rest >= Fraction(1, 2),
        "half_even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and floor % 2 == 1),
    }[mode]
    expected = (floor + goes_up) * Fraction(step) * (-1 if ratio < 0 else 1)
    assert expected == Fraction(round_step(value, Decimal(step), mode))


@given(amounts, amounts)
def test_sums_agree_with_fractions(left, right):
    assert Fraction(left) + Fraction(right) == Fraction(add(left, right))
    assert left == subtract(add(left, right), right)


@given(st.decimals(allow_nan=False, allow_infinity=False).filter(within_limits))
def test_a_number_within_the_limits_survives_being_written(value):
    text = plain(value)
    assert "E" not in text
    assert value == parse_number(text)
    assert text == plain(number(text))


@pytest.mark.parametrize(
    "value, text",
    [("1E+3", "1000"), ("0E-7", "0.0000000"), ("-0.00", "0.00"), ("-0", "0"), ("1.50", "1.50")],
)
def test_numbers_are_written_plainly(value, text):
    assert text == plain(Decimal(value))


@pytest.mark.parametrize(
    "text",
    ["", " 1", "1 ", "+1", ".5", "1.", "007", "1,000", "1e3", "1_000", "NaN", "Infinity", "-",
     "١٢", "0x10", "1" * 20, "0." + "1" * 35, "0." + "0" * 12 + "1", "1" * 5000],
)  # fmt: skip
def test_what_is_not_a_plain_numeral_is_not_read(text):
    assert parse_number(text) is None


def test_a_giant_exponent_is_turned_away_at_once():
    assert parse_number("1e999999999", exponent=True) is None
    assert parse_number("1e99999999999999999999999", exponent=True) is None


def test_zeros_beyond_the_scale_are_trimmed_and_digits_are_not():
    assert "12.50" == plain(trimmed(Decimal("12.5000"), 2) or Decimal(0))
    assert trimmed(Decimal("12.505"), 2) is None
    assert "12.5" == plain(trimmed(Decimal("12.5"), 2) or Decimal(0))


def test_zero_has_no_sign():
    assert "0.00" == str(negate(Decimal("0.00")))
    assert "0" == str(number("-0"))
