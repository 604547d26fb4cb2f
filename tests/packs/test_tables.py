"""Tables: what they give, what they refuse, and what is said of a table that is no good."""

from __future__ import annotations

import pickle
import re
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace
from small_tables import AU, NO_FIRM, SCHEMAS, ask, back, good

from mapping_engine.functions.catalogue import NOT_CONSTANT, Argument
from mapping_engine.packs.lookups import Backward, Lookup, backward, table_function
from mapping_engine.packs.reading import Reading
from mapping_engine.packs.sheet_rows import sheet_rows
from mapping_engine.packs.sheets import read_csv
from mapping_engine.packs.table_files import table
from mapping_engine.packs.tables import build_table
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.render import render_text
from mapping_engine.source.text import SourceText
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import (
    BOOLEAN,
    TEXT,
    Boolean,
    Number,
    Object,
    Text,
)
from mapping_engine.values.value import MISSING, Value

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
