"""Tables: what they give, what they refuse, and what is said of a table that is no good."""

from __future__ import annotations

import pickle
import re
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping_engine.functions.catalogue import NOT_CONSTANT, Argument
from mapping_engine.packs.lookups import Backward, Lookup, backward, table_function
from mapping_engine.packs.reading import Reading
from mapping_engine.packs.sheet_rows import sheet_rows
from mapping_engine.packs.sheets import read_csv
from mapping_engine.packs.table_files import table
from mapping_engine.packs.tables import TypedTable, build_table
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.render import render_text
from mapping_engine.source.text import SourceText
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import (
    BOOLEAN,
    TEXT,
    Boolean,
    List,
    Number,
    Object,
    Text,
    Type,
)
from mapping_engine.values.value import MISSING, Value

SCHEMAS: dict[str, Type] = {
    "canonical.time_entry.billing_behavior": Text(
        choices=("billable", "no_charge", "hidden", "on_hold", "non_billable"), blank=False
    ),
    "soluno.TimeEntry.WorkType": Text(choices=("BillableWork", "NonBillableWork"), blank=False),
    "canonical.contact.kind": Text(choices=("person", "company", "trust", "group"), blank=False),
    "canonical.phone.kind": Text(choices=("work", "mobile", "home", "fax", "other"), blank=False),
    "actionstep.isBillable": Text(choices=("T", "F"), blank=False, absent=True, null=True),
    "actionstep.billingBehavior": Text(
        choices=("Bill", "No charge", "Hide"), blank=False, absent=True
    ),
    "xero.hours": Number(minimum=Decimal(0), maximum=Decimal(24)),
    "xero.list": List(item=TEXT),
}
EDITIONS = Text(choices=("AU", "NZ"), blank=False)
AU = {"edition": Argument(EDITIONS, "AU")}
NO_FIRM = {"edition": Argument(EDITIONS)}


def built(text: str, settings: dict[str, Argument] | None = None) -> tuple[TypedTable, Report]:
    report = Report()
    document = read(SourceText("rules/demo/tables/x.yaml", text), report)
    read_table = table(document.root, Reading.of(document, report))
    assert read_table is not None
    found = build_table(read_table, SCHEMAS.get, settings or AU, report)
    assert found is not None
    return found, report


def good(text: str, settings: dict[str, Argument] | None = None) -> TypedTable:
    found, report = built(text, settings)
    assert "" == render_text(report)
    return found


def ask(typed: TypedTable, *values: Value) -> Value:
    return table_function(typed).body(*values)


def back(typed: TypedTable, column: str, *values: Value) -> Value:
    function = backward(typed, column)
    rest = [MISSING] * (len(function.parameters) - len(values))
    return function.body(*values, *rest)


BEHAVIOUR = """\
table: behaviour
inputs: {billing_behavior: canonical.time_entry.billing_behavior}
outputs: {work_type: soluno.TimeEntry.WorkType, on_hold: boolean, free: boolean}
rows:
  - {billing_behavior: billable,     work_type: BillableWork,    on_hold: false, free: false}
  - {billing_behavior: no_charge,    work_type: BillableWork,    on_hold: false, free: true}
  - {billing_behavior: hidden, work_type: BillableWork, on_hold: true, free: false, one_way: out}
  - {billing_behavior: on_hold,      work_type: BillableWork,    on_hold: true,  free: false}
  - {billing_behavior: non_billable, work_type: NonBillableWork, on_hold: false, free: true}
"""
TIME = """\
table: time_behaviour
inputs: {isBillable: actionstep.isBillable, billingBehavior: actionstep.billingBehavior}
outputs: {billing_behavior: canonical.time_entry.billing_behavior}
ignore_case: true
rows:
  - {isBillable: T, billingBehavior: [Bill, empty], billing_behavior: billable}
  - {isBillable: T, billingBehavior: No charge,     billing_behavior: no_charge}
  - {isBillable: T, billingBehavior: Hide,          billing_behavior: hidden}
  - {isBillable: F, billingBehavior: any,           billing_behavior: non_billable}
  - {isBillable: empty, billingBehavior: any,       reject: billable_unknown}
"""
PHONES = """\
table: phone_label
inputs: {kind: canonical.phone.kind}
outputs: {label: text}
ignore_case: true
otherwise: {kind: other, label: Other}
rows:
  - {kind: work,   label: Business}
  - {kind: work,   label: Office, one_way: back}
  - {kind: mobile, label: Mobile}
  - {kind: home,   label: Home}
"""
TAXES = """\
table: taxes
inputs: {code: text, edition: settings.edition}
outputs: {type: text, rate: percent}
reason: unmapped_tax
rows:
  - {code: GST,  edition: AU, type: OUTPUT,  rate: 10}
  - {code: GST,  edition: NZ, type: OUTPUT2, rate: 15}
  - {code: FREE, edition: AU, type: EXEMPT,  rate: 0}
"""
TIERS = """\
table: tier
inputs: {hours: xero.hours, urgent: boolean}
outputs: {tier: text}
rows:
  - {hours: ..1,   urgent: any,   tier: short}
  - {hours: 1..10, urgent: false, tier: usual}
  - {hours: 1..10, urgent: true,  tier: hurry}
  - {hours: 10..,  urgent: any,   tier: long}
"""


def test_a_table_with_several_outputs_gives_a_row() -> None:
    row = ask(good(BEHAVIOUR), "no_charge")
    assert {"work_type": "BillableWork", "on_hold": False, "free": True} == row


@pytest.mark.parametrize(
    "is_billable, behaviour, expected",
    [
        ("T", "Bill", "billable"),
        (" t ", MISSING, "billable"),
        ("T", "", "billable"),
        ("T", "No Charge", "no_charge"),
        ("F", "Hide", "non_billable"),
        ("F", None, "non_billable"),
    ],
)
def test_words_lists_any_and_empty_find_their_row(
    is_billable: Value, behaviour: Value, expected: str
) -> None:
    assert expected == ask(good(TIME), is_billable, behaviour)


@pytest.mark.parametrize(
    "hours, urgent, expected",
    [("0", True, "short"), ("0.99", False, "short"), ("1", False, "usual"), ("1.00", True, "hurry"),
     ("10", True, "long"), ("24", False, "long")],
)  # fmt: skip
def test_a_range_goes_up_to_its_end_and_not_beyond(hours: str, urgent: bool, expected: str) -> None:
    assert expected == ask(good(TIERS), Decimal(hours), urgent)


def test_dates_have_ranges_too() -> None:
    typed = good(
        "table: rate\ninputs: {day: date}\noutputs: {rate: percent}\nrows:\n"
        "  - {day: ..2026-07-01, rate: 10}\n  - {day: 2026-07-01.., rate: 12.5%}\n"
    )
    assert Decimal("12.5") == ask(typed, date(2026, 7, 1))
    assert Decimal("10") == ask(typed, date(2026, 6, 30))
    assert Number(
        scale=1, minimum=Decimal(10), maximum=Decimal("12.5"), unit="percent"
    ) == typed.result  # fmt: skip


def test_a_setting_fills_its_own_input() -> None:
    assert {"type": "OUTPUT", "rate": Decimal(10)} == ask(good(TAXES), "GST")
    function = table_function(good(TAXES))
    assert ["code"] == [each.name for each in function.parameters]


def test_without_a_firm_a_table_of_settings_is_checked_and_not_asked() -> None:
    function = table_function(good(TAXES, NO_FIRM))
    assert ("settings",) == function.context
    result = function.returns({})
    assert isinstance(result, Object)
    assert ("OUTPUT", "OUTPUT2", "EXEMPT") == result.fields["type"].choices  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text, values, reason, message",
    [
        (TAXES, ["VAT"], "unmapped_tax", "the table `taxes` has no row for `VAT`"),
        (TAXES, [MISSING], "unmapped_tax", "the table `taxes` has no row for nothing"),
        (TAXES, ["gst"], "unmapped_tax", "the table `taxes` has no row for `gst`"),
        (BEHAVIOUR, ["odd"], "unmapped_value", "the table `behaviour` has no row for `odd`"),
        (TIME, [MISSING, "Bill"], "billable_unknown",
         "the table `time_behaviour` refuses `empty, Bill` as `billable_unknown`"),
    ],
)  # fmt: skip
def test_a_miss_and_a_refusing_row_refuse_under_their_reason(
    text: str, values: list[Value], reason: str, message: str
) -> None:
    with pytest.raises(Refusal) as caught:
        ask(good(text), *values)
    assert reason == caught.value.reason
    assert message == caught.value.diagnostic(show_values=True).message


def test_a_private_value_is_not_in_the_message() -> None:
    with pytest.raises(Refusal) as caught:
        ask(good(TAXES), "Jane Doe")
    shown = caught.value.diagnostic()
    assert "Jane" not in f"{shown.message} {shown.label} {shown.hint}"


def test_a_table_tells_which_row_answered() -> None:
    body = table_function(good(BEHAVIOUR)).body
    assert isinstance(body, Lookup)
    row = body.find("on_hold")
    assert row is not None
    assert 8 == row.row.origin.span.place.line


def test_a_table_is_asked_backwards_by_an_output() -> None:
    phones = good(PHONES)
    assert "work" == back(phones, "label", "OFFICE")
    assert "home" == back(phones, "label", "home")
    assert "other" == back(phones, "label", "Pager")
    assert "Other" == ask(phones, "fax")
    assert "Business" == ask(phones, "work")


def test_rows_that_are_only_written_are_not_read_back() -> None:
    behaviour = good(BEHAVIOUR)
    assert "on_hold" == back(behaviour, "on_hold", True, "BillableWork")
    assert "no_charge" == back(behaviour, "work_type", "BillableWork", False, True)
    function = backward(behaviour, "work_type")
    given = {each.name: Argument(each.type, NOT_CONSTANT) for each in function.parameters}
    assert function.check is not None
    assert function.check(given) is None
    result = function.returns(given)
    assert isinstance(result, Text)
    assert ("billable", "no_charge", "on_hold", "non_billable") == result.choices


def test_an_ambiguous_way_back_is_reported_where_it_is_asked() -> None:
    function = backward(good(BEHAVIOUR), "work_type")
    assert function.check is not None
    found = function.check({"work_type": Argument(TEXT), "on_hold": Argument(TEXT, MISSING),
                            "free": Argument(TEXT, MISSING)})  # fmt: skip
    assert found is not None
    assert "M510" == found.code.number
    assert found.message == (
        "the table `behaviour` has no single answer for `work_type` = `BillableWork`: "
        "`billing_behavior` = `billable` or `billing_behavior` = `no_charge` or "
        "`billing_behavior` = `on_hold`"
    )


def test_types_are_as_narrow_as_the_rows() -> None:
    typed = good(
        "table: route\ninputs: {kind: canonical.contact.kind}\n"
        "outputs: {send: [RECEIVE, SPEND, nothing], role: text}\nrows:\n"
        "  - {kind: [person, company], send: SPEND, role: bank}\n"
        "  - {kind: trust, send: RECEIVE}\n  - {kind: group, reject: group_contact}\n"
    )
    result = typed.result
    assert isinstance(result, Object)
    send, role = result.fields["send"], result.fields["role"]
    assert isinstance(send, Text)
    assert isinstance(role, Text)
    assert (("RECEIVE", "SPEND"), False) == (send.choices, send.absent)
    assert (("bank",), True) == (role.choices, role.absent)
    assert {"send": "RECEIVE"} == ask(typed, "trust")


def test_a_function_over_a_table_can_be_copied_to_another_process() -> None:
    table_body = table_function(good(TAXES)).body
    assert {"type": "OUTPUT", "rate": Decimal(10)} == pickle.loads(pickle.dumps(table_body))("GST")
    other = pickle.loads(pickle.dumps(backward(good(PHONES), "label").body))
    assert isinstance(other, Backward)
    assert "work" == other("Office")


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


WORK = "work_type: BillableWork, on_hold: false, free: true}\n"
MISTAKES = {
    "a missing value": re.sub(r"  - .billing_behavior: no_charge.*\n", "", BEHAVIOUR),
    "a missing combination": re.sub(r"  - .isBillable: T, billingBehavior: Hide.*\n", "", TIME),
    "many missing": "table: t\ninputs: {a: canonical.phone.kind, b: canonical.contact.kind}\n"
    "outputs: {c: text}\nrows:\n  - {a: work, b: person, c: x}\n",
    "a gap between ranges": changed(TIERS, "1..10, urgent: true", "1..9.5, urgent: true"),
    "no row for zero": changed(TIERS, "..1, ", "0.5..1, "),
    "an overlap": changed(TIME, "{isBillable: F, billing", "{isBillable: [T, F], billing"),
    "overlapping ranges": changed(TIERS, "1..10, urgent: true", "0.5..10, urgent: true"),
    "a row twice": TAXES + "  - {code: FREE, edition: AU, type: EXEMPT,  rate: 0}\n",
    "an unknown word": changed(BEHAVIOUR, "NonBillableWork", "NonBilableWork"),
    "an unknown input word": changed(BEHAVIOUR, "behavior: hidden", "behavior: hiden"),
    "an unknown column": changed(BEHAVIOUR, "on_hold: true,  free", "onhold: true,  free"),
    "a missing input": changed(TAXES, "{code: FREE, edition: AU,", "{code: FREE,"),
    "no number": changed(TAXES, "rate: 15", "rate: fifteen"),
    "no boolean": changed(BEHAVIOUR, "on_hold: false, free: false}", "on_hold: no, free: false}"),
    "a range of words": changed(TAXES, "code: FREE", "code: 1..2"),
    "an empty range": changed(TIERS, "1..10, urgent: true", "10..1, urgent: true"),
    "several outputs": changed(TAXES, "type: EXEMPT", "type: [A, B]"),
    "an unknown type": changed(TAXES, "rate: percent", "rate: procent"),
    "an unknown setting": changed(TAXES, "settings.edition", "settings.editon"),
    "a column of lists": changed(TAXES, "rate: percent", "rate: xero.list"),
    "no rows": "table: t\ninputs: {a: text}\noutputs: {b: text}\nrows: []\n",
    "an unused otherwise": BEHAVIOUR + "otherwise: {" + WORK,
    "never empty": BEHAVIOUR + "  - {billing_behavior: empty, " + WORK,
    "outside the range": changed(TIERS, "10..,  urgent", "10..25,  urgent"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_what_is_said_of_a_table_that_is_no_good(name: str, snapshot: object) -> None:
    report = Report()
    document = read(SourceText("rules/demo/tables/x.yaml", MISTAKES[name]), report)
    read_table = table(document.root, Reading.of(document, report))
    assert read_table is not None
    build_table(read_table, SCHEMAS.get, AU, report)
    assert render_text(report) == snapshot


def test_a_firm_may_not_leave_out_what_the_pack_needs() -> None:
    report = Report()
    document = read(
        SourceText("x.yaml", "table: users\ninputs: {id: text}\n"
                   "outputs: {email: text, note: text or empty}\nrows: firm\n"), report
    )  # fmt: skip
    users = table(document.root, Reading.of(document, report))
    assert users is not None
    sheet = read_csv(
        SourceText("users.csv", "id,email,note,age\n1,a@b,,4\n2,,x,5\n,c@d,y,6\n"), report
    )
    assert sheet is not None
    rows = sheet_rows(sheet, users, report, "firm")
    build_table(replace(users, rows=rows), SCHEMAS.get, AU, report)
    assert [
        "users.csv:1:15 M862 the table `users` has no column `age`; it is not read",
        "users.csv:3:3 M505 this row of the table `users` does not say `email`",
        "users.csv:4:1 M505 this row of the table `users` does not say `id`",
    ] == [f"{each.span} {each.code.number} {each.message}" for each in report]


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


def test_twenty_thousand_rows_are_checked_in_a_second() -> None:
    report = Report()
    source = SourceText("a.csv", "from,to\n" + "".join(f"{n},{n:05}\n" for n in range(20_000)))
    document = read(
        SourceText("x.yaml", "table: t\ninputs: {from: text}\noutputs: {to: text}\nrows: firm\n"),
        report,
    )
    accounts = table(document.root, Reading.of(document, report))
    assert accounts is not None
    start = time.perf_counter()
    sheet = read_csv(source, report)
    assert sheet is not None
    accounts = replace(accounts, rows=sheet_rows(sheet, accounts, report, "firm"))
    typed = build_table(accounts, SCHEMAS.get, {}, report)
    assert time.perf_counter() - start < 3
    assert typed is not None
    assert "00200" == ask(typed, "200")
    assert 0 == len(report)


def test_boolean_outputs_are_booleans() -> None:
    result = good(BEHAVIOUR).result
    assert isinstance(result, Object)
    assert BOOLEAN == result.fields["on_hold"]
    assert isinstance(result.fields["free"], Boolean)


class Connector:
    """Answers with rows, as a connector does."""

    def __init__(self, rows: list[dict[str, str]]) -> None:
        self.answer = rows
        self.asked = 0

    def rows(self, table: str) -> list[dict[str, str]] | None:
        self.asked += 1
        return self.answer if table == "users" else None


def test_a_connector_answers_with_rows_and_none_of_them_is_trusted() -> None:
    users = good(
        "table: users\ninputs: {id: text}\noutputs: {email: text, rate: number or empty}\n"
        "reason: user_not_found\nrows: connector\n"
    )
    function = table_function(users)
    assert ("references",) == function.context
    connector = Connector(
        [
            {"id": "1", "email": "a@b.example", "rate": "12.50"},
            {"id": "2", "email": "c@d.example", "rate": ""},
            {"id": "3", "email": "", "rate": "1"},
            {"id": "4", "email": "x@y.example", "rate": "much"},
            {"id": "5", "email": "x@y.example"},
            {"id": "5", "email": "z@y.example"},
            {"email": "nobody@y.example"},
        ]
    )
    body = pickle.loads(pickle.dumps(function.body))
    assert {"email": "a@b.example", "rate": Decimal("12.50")} == body(connector, "1")
    assert {"email": "c@d.example"} == body(connector, "2")
    for wrong in ("3", "4", "5", "6"):
        with pytest.raises(Refusal) as caught:
            body(connector, wrong)
        assert "user_not_found" == caught.value.reason
    assert 1 == connector.asked
    assert "1" == backward(users, "email").body(connector, "a@b.example", MISSING)


def test_a_table_that_waits_for_the_firm_is_not_asked_while_checking() -> None:
    users = good("table: users\ninputs: {id: text}\noutputs: {email: text}\nrows: firm\n")
    assert ("settings",) == table_function(users).context
    assert TEXT == table_function(users).returns({})
