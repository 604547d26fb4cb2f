"""
What a function gives fits the type that its declaration computes.

The judge is written here, apart from the product: for every function, random types, values
that have them, some of them constant; the body's answer must have the type announced. A
wrong length, scale, range or emptiness in a `returns` shows up as a value outside of it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from msgspec.structs import replace

from mapping_engine.functions import CATALOGUE
from mapping_engine.functions.catalogue import (
    NOT_CONSTANT,
    Argument,
    Arguments,
    Function,
    Parameter,
)
from mapping_engine.functions.number import round_half_up
from mapping_engine.values import types
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import List, Number, Text, Type
from mapping_engine.values.value import MISSING

TRIALS = 600
CHARACTERS = "abcXYZ 0123-ßİé\t"
PATTERNS = ["[a-z]+", "([0-9]+)-", "x*", "^ ", "b|$"]
#: Values that make sense for parameters whose type alone does not say enough.
POOLS: dict[str, list[str]] = {
    "zone": ["UTC", "Australia/Sydney", "America/New_York"],
    "currency": ["AUD", "JPY", "KWD", "CLF"],
    "code": ["L110", "A101", "E101", "BW", "A201"],
    "pattern": PATTERNS,
    "fill": ["0", "ab", " ", ""],
    "separator": [";", "; ", "", " "],
}
DATE_PATTERNS = ["yyyy-MM-dd", "dd MMM yyyy", "d/M/yyyy", "'at' yyyyMMdd"]
POOLS_OF: dict[tuple[str, str], list[str]] = {
    ("format_date", "pattern"): DATE_PATTERNS,
    ("parse_date", "pattern"): DATE_PATTERNS,
    ("parse_date", "text"): ["2026-01-31", "31 Jan 2026", "1/2/2026", "at 20260131"],
    ("parse_datetime", "text"): ["2026-01-31T00:00:00Z", "2026-01-31 09:00:00"],
    ("to_number", "text"): ["1250.50", "-3", "0.125", "5.000"],
    ("to_boolean", "text"): ["T", " no", "1", "False"],
    ("replace_pattern", "new"): ["", "-", "$0$0"],
    ("without_start", "text"): ["M-113", "M-M-1", "-1"],
    ("without_start", "start"): ["M", "M-", "-", ""],
    ("without_end", "text"): ["12 h", "1 h h", "h"],
    ("without_end", "end"): ["h", " h", ""],
    ("one_of", "text"): ["open", " "],
    ("one_of", "words"): ["open", "closed", " "],
}
NUMBERS_OF: dict[str, list[str]] = {
    "places": ["0", "1", "2", "5"],
    "to": ["0.1", "0.25", "6", "0.10"],
    "length": ["1", "2", "5", "40"],
    "place": ["1", "2", "3"],
    "days": ["0", "-30", "365"],
    "months": ["0", "-1", "25"],
}


def a_text(random: Random, least: int = 0, most: int = 12) -> str:
    return "".join(random.choices(CHARACTERS, k=random.randint(least, most)))


def narrow(text: str) -> Text:
    """Return the type of a written-out text."""
    return Text(choices=(text,), blank=not text.strip(), min_length=len(text), max_length=len(text))


def texts(random: Random, pool: list[str] | None) -> tuple[Text, str]:
    """Return a type of texts and a text of it."""
    choices = tuple(pool or (a_text(random) for _ in range(random.randint(1, 3))))
    value = random.choice(choices)
    if pool or random.random() < 0.4:
        lengths = [len(each) for each in choices]
        blank = not all(each.strip() for each in choices)
        known = Text(choices=choices, blank=blank, min_length=min(lengths), max_length=max(lengths))
        return (known if random.random() < 0.5 else Text()), value
    blank = not value.strip() or random.random() < 0.3
    most = len(value) + random.randint(0, 3) if random.random() < 0.7 else None
    return Text(blank=blank, min_length=random.randint(0, len(value)), max_length=most), value


def numbers(random: Random, pool: list[str] | None, unit: str | None) -> tuple[Number, Decimal]:
    """Return a type of numbers and a number of it."""
    places = random.randint(0, 5)
    value = Decimal(random.randint(-(10**6), 10**6)).scaleb(-places)
    if pool:
        value, places = Decimal(random.choice(pool)), 2
    low = value - random.randint(0, 3) if random.random() < 0.6 else None
    high = value + random.randint(0, 3) if random.random() < 0.6 else None
    scale = places + random.randint(0, 2) if random.random() < 0.8 else None
    return Number(scale=scale, minimum=low, maximum=high, unit=unit), value


def lists(
    random: Random, item: Type, pool: list[str] | None, depth: int
) -> tuple[List, list[object]]:
    """Return a type of lists and a list of it."""
    size = random.choice([0, 1, 1, 2, 3, 5])
    if isinstance(item, types.Unknown):
        item = random.choice([types.TEXT, types.NUMBER, types.DATE, types.BOOLEAN])
    drawn = [draw(random, item, pool, None, depth + 1) for _ in range(size)]
    kind = item
    for position, (each, _) in enumerate(drawn):
        kind = each if position == 0 else types.union(kind, each) or item
    most = size + random.randint(0, 2) if random.random() < 0.7 else None
    return (
        List(item=kind, min_items=random.randint(0, size), max_items=most),
        [value for _, value in drawn],
    )


def draw(
    random: Random, wanted: Type, pool: list[str] | None, figures: list[str] | None, depth: int = 0
) -> tuple[Type, object]:
    """Return a type as narrow as a record may give it, and a value of that type."""
    match wanted:
        case Text():
            return texts(random, pool)
        case Number(unit=unit):
            return numbers(random, figures, unit)
        case types.Boolean():
            return wanted, random.random() < 0.5
        case types.DateTime():
            moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=random.randint(0, 9_000))
            return wanted, moment
        case types.Date():
            return wanted, date(2026, 1, 1) + timedelta(days=random.randint(-900, 900))
        case List(item=item):
            return lists(random, item, pool, depth)
        case _:
            one = [types.TEXT, types.NUMBER, types.DATE, types.DATETIME, types.BOOLEAN]
            return draw(random, random.choice(one), pool, figures, depth)


def argument(random: Random, function: Function, parameter: Parameter) -> tuple[Argument, object]:
    """Return what the checker knows of an argument, and its value."""
    if parameter.default is MISSING and random.random() < 0.5:
        return Argument(types.ABSENT, MISSING), MISSING
    if parameter.takes_nothing and isinstance(parameter.type, List) and random.random() < 0.2:
        known, _ = draw(random, parameter.type, None, None)
        nothing = random.choice([MISSING, None])
        flags = {"absent": nothing is MISSING, "null": nothing is None}
        return Argument(replace(known, **flags)), nothing
    pool = POOLS_OF.get((function.name, parameter.name), POOLS.get(parameter.name))
    known, value = draw(random, parameter.type, pool, NUMBERS_OF.get(parameter.name))
    if not (parameter.constant or random.random() < 0.5):
        return Argument(known), value
    if isinstance(value, str):
        return Argument(narrow(value), value), value
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        scale = max(0, -exponent) if isinstance(exponent, int) else None
        unit = known.unit if isinstance(known, Number) else None
        exact = Number(scale=scale, minimum=value, maximum=value, unit=unit)
        return Argument(exact, value), value
    return Argument(known, value if isinstance(value, list) else NOT_CONSTANT), value


def fits(value: object, kind: Type) -> bool:
    """Whether a value has a type: the judge."""
    if value is MISSING or value is None:
        return kind.absent if value is MISSING else kind.null
    match kind:
        case Text():
            return isinstance(value, str) and text_fits(value, kind)
        case Number():
            return isinstance(value, Decimal) and number_fits(value, kind)
        case types.Boolean():
            return isinstance(value, bool)
        case types.DateTime():
            return isinstance(value, datetime) and value.utcoffset() is not None
        case types.Date():
            return isinstance(value, date) and not isinstance(value, datetime)
        case List():
            most = kind.max_items
            return (
                isinstance(value, list)
                and kind.min_items <= len(value)
                and (most is None or len(value) <= most)
                and all(fits(each, kind.item) for each in value)
            )
        case _:
            return isinstance(kind, types.Unknown)


def text_fits(value: str, kind: Text) -> bool:
    return (
        (kind.blank or bool(value.strip()))
        and (kind.choices is None or value in kind.choices)
        and kind.min_length <= len(value)
        and (kind.max_length is None or len(value) <= kind.max_length)
        and (kind.format != "date" or date.fromisoformat(value) is not None)
        and kind.pattern is None
    )


def number_fits(value: Decimal, kind: Number) -> bool:
    exponent = value.as_tuple().exponent
    low, high = kind.minimum, kind.maximum
    return (
        isinstance(exponent, int)
        and (kind.scale is None or -exponent <= kind.scale)
        and (low is None or (value > low if kind.above else value >= low))
        and (high is None or (value < high if kind.below else value <= high))
    )


def trial(
    random: Random, function: Function
) -> tuple[Arguments, list[object], object, Type] | None:
    """Return one call with its answer and announced type; None when it was turned away."""
    drawn = [argument(random, function, each) for each in function.parameters]
    known = {
        parameter.name: each
        for parameter, (each, _) in zip(function.parameters, drawn, strict=True)
    }
    values = [value for _, value in drawn]
    if function.check is not None and function.check(known) is not None:
        return None
    announced = function.returns(known)
    try:
        return known, values, function.body(*values), announced
    except Refusal:
        return None


@pytest.mark.parametrize("function", list(CATALOGUE), ids=lambda function: function.name)
def test_the_answer_has_the_type_announced(function: Function) -> None:
    random = Random(function.name)
    answered = 0
    for _ in range(TRIALS):
        found = trial(random, function)
        if found is None:
            continue
        known, values, answer, announced = found
        answered += 1
        assert fits(answer, announced), (known, values, answer, announced)
    assert answered > TRIALS / 6


def test_the_judge_sees_a_value_outside_of_its_type() -> None:
    assert not fits("abc", Text(max_length=2))
    assert not fits(" ", Text(blank=False))
    assert not fits(Decimal("0.125"), Number(scale=2))
    assert not fits(MISSING, Text())
    assert not fits([], List(min_items=1))
    assert fits([Decimal("0.12")], List(item=Number(scale=2, minimum=Decimal(0))))


NUMBER = Argument(Number(minimum=Decimal(0), unit="hours"))
CENTS = Argument(Number(scale=2, minimum=Decimal(0), maximum=Decimal("10.00")))


@pytest.mark.parametrize(
    "expected, name, arguments",
    [
        (
            Number(scale=2, minimum=Decimal("0.00"), unit="hours"),
            "round_half_up",
            {"number": NUMBER, "places": Argument(types.NUMBER, Decimal(2))},
        ),
        (
            Number(scale=1, minimum=Decimal("0.0"), unit="hours"),
            "round_up",
            {"number": NUMBER, "to": Argument(types.NUMBER, Decimal("0.1"))},
        ),
        (
            Number(minimum=Decimal(0), unit="hours"),
            "round_up",
            {"number": NUMBER, "places": Argument(types.NUMBER)},
        ),
        (Number(scale=2, minimum=Decimal(0)), "sum", {"list": Argument(List(item=CENTS.type))}),
        (
            Text(choices=("OPEN", "PAID"), blank=False, min_length=4, max_length=4),
            "upper",
            {"text": Argument(Text(choices=("Open", "open", "paid"), blank=False))},
        ),
        (
            Text(blank=False, min_length=1, max_length=20),
            "truncate",
            {
                "text": Argument(Text(blank=False, max_length=4000)),
                "length": Argument(types.NUMBER, Decimal(20)),
            },
        ),
        (
            Text(max_length=255, format="email"),
            "lower",
            {"text": Argument(Text(max_length=255, format="email"))},
        ),
        (types.TEXT, "first", {"list": Argument(List(item=types.TEXT, min_items=1))}),
        (Text(absent=True), "first", {"list": Argument(List(item=types.TEXT))}),
        (
            types.TEXT,
            "nth",
            {
                "list": Argument(List(item=types.TEXT, min_items=2)),
                "place": Argument(types.NUMBER, Decimal(2)),
            },
        ),
        (
            Number(scale=4, unit="fraction"),
            "percent_to_fraction",
            {"percent": Argument(Number(scale=2, unit="percent"))},
        ),
        (
            Number(minimum=Decimal(0), unit="hours"),
            "hours_from_seconds",
            {"seconds": Argument(Number(scale=0, minimum=Decimal(0), unit="seconds"))},
        ),
        (
            Number(scale=0, unit="currency"),
            "round_money",
            {"amount": Argument(types.NUMBER), "currency": Argument(types.TEXT, "JPY")},
        ),
        (
            Text(blank=False, min_length=8, max_length=8),
            "format_date",
            {"date": Argument(types.DATE), "pattern": Argument(types.TEXT, "yyyyMMdd")},
        ),
    ],
)
def test_the_type_is_as_narrow_as_it_can_be(
    expected: Type, name: str, arguments: dict[str, Argument]
) -> None:
    assert expected == CATALOGUE.functions[name].returns(arguments)


def test_a_step_that_may_be_absent_makes_the_result_absent() -> None:
    function = CATALOGUE.functions["round_half_up"]
    step = Argument(Number(scale=2, absent=True))
    known = {"number": NUMBER, "places": Argument(types.ABSENT, MISSING), "to": step}
    assert function.returns(known).absent
    assert round_half_up(Decimal(1), MISSING, MISSING) is MISSING
