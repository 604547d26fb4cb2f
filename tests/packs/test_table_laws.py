"""Tables against the plainest way of asking every row; what a row costs does not grow."""

from __future__ import annotations

import sys
from decimal import Decimal
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from small_tables import SCHEMAS, ask, built

from mapping_engine.packs.reading import Reading
from mapping_engine.packs.sheet_rows import sheet_rows
from mapping_engine.packs.sheets import read_csv
from mapping_engine.packs.table_files import table
from mapping_engine.packs.tables import TypedTable, build_table
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.text import SourceText
from mapping_engine.values.value import MISSING, Value

WORD = st.sampled_from(["a", "b", "c", "d"])
CELL = st.one_of(WORD, st.just("any"), st.lists(WORD, min_size=1, max_size=3, unique=True),
                 st.just("empty"))  # fmt: skip
NUMBERS = st.integers(0, 6)
RANGE = st.one_of(
    st.tuples(NUMBERS, NUMBERS).filter(lambda ends: ends[0] < ends[1]), st.just("any"), NUMBERS
)


def written(cell: object) -> str:
    if isinstance(cell, tuple):
        return f"{cell[0]}..{cell[1]}"
    return f"[{', '.join(cell)}]" if isinstance(cell, list) else str(cell)


def fits(cell: object, value: object) -> bool:
    """Say in the plainest way whether a cell fits a value."""
    if cell == "any":
        return True
    if cell == "empty":
        return value is MISSING
    if isinstance(cell, tuple):
        return isinstance(value, Decimal) and cell[0] <= value < cell[1]
    if isinstance(cell, int):
        return value == Decimal(cell)
    return value in cell if isinstance(cell, list) else value == cell


@given(
    st.lists(st.tuples(CELL, RANGE, CELL), min_size=1, max_size=6),
    st.sampled_from(["a", "b", "c", "d", MISSING]),
    st.integers(0, 12),
    st.sampled_from(["a", "b", "z", MISSING]),
)
def test_a_look_up_agrees_with_asking_every_row(
    rows: list[tuple[object, object, object]], word: Value, halves: int, other: Value
) -> None:
    lines = "\n".join(
        f"  - {{x: {written(x)}, n: {written(n)}, y: {written(y)}, out: r{place}}}"
        for place, (x, n, y) in enumerate(rows)
    )
    typed, report = built(
        "table: t\ninputs: {x: [a, b, c, d, empty], n: xero.hours, y: text}\n"
        f"outputs: {{out: text}}\nrows:\n{lines}\n"
    )
    values = (word, Decimal(halves) / 2, other)
    fitting = {f"r{place}" for place, row in enumerate(rows) if all(map(fits, row, values))}
    codes = {each.code.number for each in report}
    if len(fitting) > 1:
        assert codes & {"M502", "M503"}
    found = typed.find(*values)
    assert (found.value if found else None) in (fitting or {None})
    if not codes and word in ("a", "b", "c", "d") and not isinstance(found, type(None)):
        assert len(fitting) == 1


SMALL = st.sampled_from(["a", "b", "any", "empty"])


@given(st.lists(st.tuples(SMALL, RANGE, st.sampled_from(["true", "false", "any"])), max_size=7))
def test_a_table_is_called_complete_exactly_when_every_combination_has_a_row(
    rows: list[tuple[object, object, object]],
) -> None:
    lines = "".join(
        f"\n  - {{x: {written(x)}, n: {written(n)}, z: {z}, out: r}}" for x, n, z in rows
    )
    _, report = built(
        "table: t\ninputs: {x: [a, b, empty], n: xero.hours, z: boolean}\n"
        f"outputs: {{out: text}}\nrows:{lines or ' []'}\n"
    )
    has_ranges = any(isinstance(n, tuple) for _, n, _ in rows)
    if not rows or (not has_ranges and any(n != "any" for _, n, _ in rows)):
        return
    missing = any(
        not any(fits(x, word) and fits(n, Decimal(half) / 2) and (z in ("any", flag))
                for x, n, z in rows)
        for word in ("a", "b", MISSING)
        for half in range(49)
        if half % 2 or not any(isinstance(n, int) for _, n, _ in rows)
        for flag in ("true", "false")
    )  # fmt: skip
    assert missing == ("M501" in {each.code.number for each in report})


def calls_for(rows: int) -> tuple[int, TypedTable]:
    """Return how many calls the check of a table of so many rows takes, and the table."""
    report = Report()
    source = SourceText("a.csv", "from,to\n" + "".join(f"{n},{n:05}\n" for n in range(rows)))
    document = read(
        SourceText("x.yaml", "table: t\ninputs: {from: text}\noutputs: {to: text}\nrows: firm\n"),
        report,
    )
    accounts = table(document.root, Reading.of(document, report))
    assert accounts is not None
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        sheet = read_csv(source, report)
        assert sheet is not None
        accounts = replace(accounts, rows=sheet_rows(sheet, accounts, report, "firm"))
        typed = build_table(accounts, SCHEMAS.get, {}, report)
    finally:
        sys.setprofile(None)
    assert typed is not None
    assert len(report) == 0
    return calls, typed


def test_each_of_twenty_thousand_rows_costs_what_one_of_a_thousand_does() -> None:
    """No row is compared with all others: ten rows more cost the same wherever they stand."""
    few, many = calls_for(1_000)[0], calls_for(2_000)[0]
    most, typed = calls_for(20_000)
    assert most - many == pytest.approx(18 * (many - few), rel=0.01)
    assert (many - few) / 1_000 < 120
    assert ask(typed, "200") == "00200"
