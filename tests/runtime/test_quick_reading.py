"""
What the quick reader takes is what the exact way reads, digit by digit, whatever it read before.

It may leave a line to the exact way; it may not take one that does not fit, nor read it otherwise.
"""

from __future__ import annotations

import subprocess
import sys
from collections import UserDict
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from mapping_engine.runtime.emitted_lines import Unfit
from mapping_engine.runtime.reading import as_dict, quick_reader, record_reader
from mapping_engine.source.limits import DEFAULT_LIMITS
from mapping_engine.values.conform import conform
from mapping_engine.values.guard import breaches
from mapping_engine.values.json import JsonError, decode
from mapping_engine.values.types import (
    Boolean,
    Date,
    DateTime,
    List,
    Number,
    Object,
    Text,
    Type,
    blanks_as_null,
)
from mapping_engine.values.value import MISSING, Value

ROOT = Path(__file__).parents[2]

NUMERALS = ["0", "-0", "0.0", "-0.00", "0.0000001", "-0.00000001", "1", "1.0", "1.00", "1.5",
            "1.50", "1.5000000", "2", "-1", "99.995", "100", "1e2", "1E-3",
            "12345678901234567890123", "0.00000000001"]  # fmt: skip
TEXTS = ["", " ", "\\t", "\\u00a0", "a", "A1", "abcdef", " a ", "é", "1", "1.5", "1.50", "01",
         "true", "2026-01-31", "2026-02-30", "2026-01-31T09:30:00+10:00",
         "2026-01-31T09:30:00Z", "2026-01-31T09\\u003a30:00Z", "a:b", '\\":', "a :"]  # fmt: skip
VALUES = [*NUMERALS, *(f'"{each}"' for each in TEXTS), "true", "false", "null", "[]", "{}", "[1]"]

NUMBERS = [
    Number(), Number(scale=2), Number(minimum=Decimal(0), maximum=Decimal(100)),
    Number(scale=0, minimum=Decimal(1)), Number(above=True, minimum=Decimal(0), reads_text=True),
]  # fmt: skip
SCALARS: list[Type] = [
    *NUMBERS, Boolean(), Date(), DateTime(), Text(), Text(blank=False), Text(min_length=2),
    Text(max_length=3), Text(pattern="^[A-Z]"), Text(choices=("a", "A1")), Text(format="email"),
    Text(reads_scalars=True), Text(reads_scalars=True, blank=False, max_length=3),
]  # fmt: skip


def states(kind: Type) -> st.SearchStrategy[Type]:
    """Draw a type with and without null."""
    return st.builds(kind.with_states, st.just(False), st.booleans(), st.just(False))


kinds = st.sampled_from(SCALARS).flatmap(states)


def fits(value: str, kind: Type) -> bool:
    try:
        return not conform(decode(value), kind).misfits
    except JsonError:
        return False


def values(kind: Type) -> st.SearchStrategy[str]:
    """Draw values for a type, most of which fit."""
    fitting = [each for each in VALUES if fits(each, kind)]
    return st.one_of(st.sampled_from(fitting), st.sampled_from(fitting), st.sampled_from(VALUES))


#: What may stand between a name and its value; names that stand twice may hide behind some.
COLONS = [":"] * 9 + [": ", " :", "\n:", "\r:", "\t:"]


@st.composite
def lines(draw: st.DrawFn) -> tuple[Object, list[str]]:
    """Draw the type of a record, and lines that may be such records, in any order of members."""
    kind, other = draw(kinds), draw(kinds)
    inner = Object(name="inner", fields={"b": other})
    scalar = Text(null=True, reads_scalars=True)
    free = Object(name="free", others=scalar)
    type = Object(name="record", fields={"a": kind, "l": List(item=other), "o": inner, "f": free})
    written = []
    for _ in range(draw(st.integers(1, 8))):
        a, b, c, d, e = (draw(values(each)) for each in (kind, other, other, other, scalar))
        members = [("a", a), ("l", f"[{b},{c}]"), ("o", f'{{"b":{d}}}'),
                   ("f", f'{{"x":{e},"y":"1.50"}}')]  # fmt: skip
        members += [("a", a)] * (draw(st.integers(0, 9)) == 0)
        colon = draw(st.sampled_from(COLONS))
        told = [f'"{name}"{colon}{value}' for name, value in draw(st.permutations(members))]
        written.append("{" + ",".join(told) + "}")
    return type, written


def taken(read: Any, given: Any) -> Any:
    """Return what a reader makes of something; None where it leaves it to the exact way."""
    try:
        return read(given)
    except Unfit:
        return None


@settings(max_examples=300, deadline=None)
@given(lines(), st.booleans())
def test_the_quick_reader_reads_what_the_exact_way_reads(
    drawn: tuple[Object, list[str]], blank_is_null: bool
) -> None:
    type, written = drawn
    if blank_is_null:
        made = blanks_as_null(type)
        assert isinstance(made, Object)
        type = made
    of_line = quick_reader(type, DEFAULT_LIMITS, strict=True, blank_is_null=blank_is_null)
    of_record = record_reader(type, DEFAULT_LIMITS, blank_is_null=blank_is_null)
    for line in written:
        quick = taken(of_line, line.encode())
        if quick is not None:
            event("a line is taken")
            assert_exact(quick, decode(line), type, blank_is_null)
        with suppress(JsonError):
            record = decode(line)
            quick = taken(of_record, record)
            if quick is not None:
                event("a record is taken")
                assert_exact(quick, record, type, blank_is_null)
                assert repr(record) == repr(decode(line))  # nothing of the caller's is changed


def assert_exact(quick: Any, record: Value, type: Object, blank_is_null: bool) -> None:
    """What was taken is what the exact way reads, and fits the type that rules rely on."""
    exact = conform(record, type, blank_is_null=blank_is_null)
    assert exact.misfits == (), record
    assert repr(as_dict(quick)) == repr(exact.value), record
    assert breaches(exact.value, type) == (), record


FIELDS = {"n": Number(minimum=Decimal(0)), "f": Object(others=Text(reads_scalars=True))}


@pytest.mark.parametrize(
    "number, expected",
    [(1, "1"), (Decimal("1.50"), "1.50"), (Decimal("1E+2"), None), (1.5, None), (True, None),
     (Decimal("NaN"), None), ("1", None)],
)  # fmt: skip
def test_a_record_of_a_caller_has_exact_numbers(number: Any, expected: str | None) -> None:
    read = record_reader(Object(name="record", fields=FIELDS), DEFAULT_LIMITS)
    assert read is not None
    record = {"n": number, "f": {"x": number}}
    if expected is None:
        with pytest.raises(Unfit):
            read(record)
        return
    found = as_dict(read(record))

    assert (str(found["n"]), found["f"]) == (expected, {"x": expected})
    assert record == {"n": number, "f": {"x": number}}


class Word(str):
    """A text that is more than one, as the words of an enum are."""


class Inexact(float):
    """A number that is no exact one, as those of other libraries are."""


LIKE = {
    "a float of another class": ("n", Inexact(1)), "a text as number": ("n", Word("1")),
    "a number of 5,001 digits": ("n", 10**5000), "a fraction": ("n", Fraction(3)),
    "a word of an enum": ("t", Word("a")), "half a character": ("t", "\ud800"),
    "half a character in a name": ("\ud800", "a"), "a set": ("l", {Decimal(1)}),
    "a range": ("l", range(3)), "a mapping": ("o", UserDict(b="a")),
    "a mapping with more": ("o", MappingProxyType({"b": "a", "unknown": 1})),
    "what is missing": ("o", {"b": MISSING}),
}  # fmt: skip


@pytest.mark.parametrize("member, value", LIKE.values(), ids=LIKE)
def test_what_is_only_like_json_goes_the_exact_way(member: str, value: Any) -> None:
    fields = {"n": Number(absent=True), "t": Text(absent=True),
              "l": List(absent=True, item=Number()),
              "o": Object(absent=True, fields={"b": Text(absent=True)})}  # fmt: skip
    read = record_reader(Object(name="record", fields=fields), DEFAULT_LIMITS)
    assert read is not None
    assert as_dict(read({"t": "a"})) == {"t": "a"}

    with pytest.raises(Unfit):
        read({member: value})


THREADS = """
import sys, threading
from mapping_engine.runtime.reading import record_reader
from mapping_engine.source.limits import DEFAULT_LIMITS
from mapping_engine.values.types import Boolean, List, Object, Text
sys.setswitchinterval(1e-5)
inner = Object(fields={f"m{n}": Text(null=True, max_length=n + 1) for n in range(20)})
kind = Object(fields={f"o{n}": inner for n in range(10)} | {"l": List(item=Boolean())})
record = {f"o{n}": {f"m{m}": "x" for m in range(20)} for n in range(10)} | {"l": [True]}
for _ in range(25):
    read, begin = record_reader(kind, DEFAULT_LIMITS), threading.Barrier(6)
    def work():
        begin.wait()
        read(record)
    threads = [threading.Thread(target=work) for _ in range(6)]
    for each in threads: each.start()
    for each in threads: each.join()
"""


def test_a_new_reader_is_shared_by_threads() -> None:
    """In a process of its own: what goes wrong here goes wrong in C."""
    ended = subprocess.run(
        [sys.executable, "-c", THREADS], cwd=ROOT, capture_output=True, check=False
    )

    assert (ended.returncode, ended.stderr) == (0, b"")


def test_what_fits_plainly_is_taken() -> None:
    fields = {
        "n": Number(minimum=Decimal(0)), "t": Text(blank=False), "s": Text(reads_scalars=True),
        "d": Date(null=True), "m": DateTime(), "l": List(item=Number(scale=2)),
    }  # fmt: skip
    read = quick_reader(Object(name="record", fields=fields), DEFAULT_LIMITS, strict=True)
    assert read is not None
    line = b'{"n":1.50,"t":"a","s":7,"d":null,"m":"2026-01-31T09:30:00Z","l":[1,2.50,1.5]}'

    found = as_dict(read(line))

    assert [str(each) for each in found["l"]] == ["1", "2.50", "1.5"]
    assert (str(found["n"]), found["s"]) == ("1.50", "7")


@pytest.mark.parametrize(
    "line",
    ['{"t":"a","t":"a","m":"2026-01-31T09:30:00Z"}', '{"t":"a","t" :"a"}', '{"t":"a","t"\n:"a"}',
     '{"t":"a","t"\r:"a"}', '{"t":"a:b","t":"a"}', '{"t":"a : b","t":"a"}',
     '{"t":"a","t":"a","m":"2026-01-31T09\\u003a30:00Z"}',
     '{"t":"a","m":"2026-01-31T09:30:00Z","m":"2026-01-31T09\\u003a30:00Z"}',
     '{"t":"a","f":{"x":"a","x":"a"}}', '{"t":"a","\\u0074":"a"}'],
)  # fmt: skip
def test_a_line_with_a_name_twice_is_not_taken(line: str) -> None:
    assert taken(reader_of_texts(), line.encode()) is None
    with pytest.raises(JsonError):
        decode(line)


@pytest.mark.parametrize(
    "line", ['{"t":"at 9:30: a call","m":"2026-01-31T09:30:00Z"}', '{"t":"a","f":{"x:y":"z"}}']
)
def test_colons_in_texts_are_no_names(line: str) -> None:
    assert taken(reader_of_texts(), line.encode()) is not None


def reader_of_texts() -> Any:
    stamp = DateTime(null=True, absent=True)
    free = Object(name="free", others=Text(), absent=True)
    fields: dict[str, Type] = {"t": Text(), "m": stamp, "f": free}
    return quick_reader(Object(name="record", fields=fields), DEFAULT_LIMITS, strict=True)
