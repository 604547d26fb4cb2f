"""Case files: how a record is made of them, what is compared, and what is written anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from mapping_engine.packs.finder import RulesPath
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.render import render_text
from mapping_engine.workbench.case_reports import as_text
from mapping_engine.workbench.case_runs import Result, Wanted, run_cases

SAMPLE = {
    "id": "T-1",
    "matter": {"id": "5", "number": "1001"},
    "timekeeper": {"email": "ann@example.org"},
    "worked_on": "2026-07-02",
    "hours_worked": 1.25,
    "billing_behavior": "billable",
    "bill_status": "unbilled",
    "narrative": "Letter to counsel",
    "rate": 300,
}
OBJECT = {
    "type": "object",
    "properties": {
        "Id": {"type": "string"},
        "Hours": {"type": "number", "multipleOf": 0.01},
        "Held": {"type": "boolean"},
        "Codes": {"type": "array", "items": {"type": "string"}},
        "Person": {
            "type": "object",
            "properties": {"Email": {"type": "string", "x-private": True}},
            "additionalProperties": False,
        },
        "Rate": {"type": ["number", "null"], "multipleOf": 0.0001, "minimum": 0},
    },
    "required": ["Id"],
    "additionalProperties": False,
}
PACK = """\
pack: demo
title: A pack for cases
version: 1.0.0
settings:
  start_date: {type: date, because: older time was billed before}
switches:
  time: {default: on}
reasons:
  old: {because: it is older than the start}
  no_number: {because: the matter has no number}
  on_hold: {because: it waits}
"""
MAPPING = """\
record: time_entry
object: Entry
direction: out
switch: time
skip:
  - {when: worked_on < settings.start_date, reason: old}
reject:
  - {when: matter.number is empty, reason: no_number}
warn:
  - {when: billing_behavior == "on_hold", reason: on_hold}
fields:
  Id: id
  Hours: round_half_up(hours_worked, places=2)
  Held: billing_behavior == "on_hold"
  Codes: [matter.number, bill_status]
  Person.Email: timekeeper.email
  Rate: {value: rate, on_empty: "null"}
write_back:
  bill_status: {value: "draft", when: Held is empty}
  locked: true
match: [Id]
"""
HEAD = "case: a case\nmapping: time_entry\nsettings: {start_date: 2026-07-01}\n"

PLAIN = "given: {file: sample.json}\nexpect: {skip: old}\n"

Run = Callable[..., Result]


@pytest.fixture
def cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the cases folder of a small pack."""
    monkeypatch.chdir(tmp_path)
    pack = tmp_path / "rules" / "demo"
    targets = pack / "schemas" / "targets" / "demo"
    targets.mkdir(parents=True)
    (targets / "Entry.schema.json").write_text(json.dumps(OBJECT), encoding="utf-8")
    (pack / "pack.yaml").write_text(PACK, encoding="utf-8")
    (pack / "time_entry.yaml").write_text(MAPPING.replace('"null"', "null"), encoding="utf-8")
    (pack / "cases").mkdir()
    (pack / "cases" / "sample.json").write_text(json.dumps(SAMPLE), encoding="utf-8")
    return pack / "cases"


@pytest.fixture
def run(cases: Path) -> Run:
    """Return a function that runs one case and gives its result."""

    def call(text: str, *, head: str = HEAD, update: bool = False) -> Result:
        (cases / "one.yaml").write_text(head + text, encoding="utf-8")
        report = Report()
        results = list(run_cases(Wanted(update=update), RulesPath.of(["rules"]), report))
        assert [] == report.errors
        return results[0]

    return call


def given(changes: str) -> str:
    return f"given: {{file: sample.json, {changes}}}\n"


@pytest.mark.parametrize(
    "text",
    [
        given("with: {hours_worked: 2}") + "expect: {payload: {Hours: 2.00}}",
        given("with: {matter.number: 00200}") + "expect: {payload: {Codes: [00200, unbilled]}}",
        given("with: {matter: {number: 7}}") + "expect: {payload: {Codes: [7, unbilled]}}",
        given("without: [matter.number]") + "expect: {reject: [no_number]}",
        given("with: {rate: null}") + "expect: {payload: {Rate: null}}",
        given("with: {worked_on: 2026-06-30}") + "expect: {skip: old}",
        given("with: {billing_behavior: on_hold}")
        + "expect: {payload: {Held: true}, warn: [on_hold]}",
        given("with: {hours_worked: 2}") + "expect: {payload: {Person.Email: ann@example.org}}",
        given("with: {hours_worked: 2}") + "switches: {time: off}\nexpect: {skip: switch_off}",
        given("with: {hours_worked: 2}") + "expect: {payloads: [{Id: T-1}]}",
        given("with: {hours_worked: 2}") + "expect: {payloads: {time_entry: {Id: T-1}}}",
        given("with: {rate: null}") + "before: {with: {rate: 300}}\n"
        "expect: {payload: {Id: T-1, Rate: null}}",
        given("with: {rate: 200}") + "before: {file: sample.json}\n"
        "expect: {payload: {Rate: 200}, exactly: false}",
        given("with: {narrative: Call}") + "before: {without: [narrative]}\n"
        "expect: {skip: unchanged}",
        given("with: {rate: 1}") + "before: {with: {worked_on: 2026-06-30}}\n"
        "expect: {payload: {Hours: 1.25, Rate: 1}, exactly: false}",
        given("with: {rate: 1}") + "answer: {Id: 7, Taken: true}\n"
        "expect: {patch: {bill_status: draft, locked: true}}",
        given("with: {locked: true, bill_status: draft}") + "answer: {Id: 7}\n"
        "expect: {skip: unchanged}",
        given("with: {rate: 1}") + "answer: {Held: true}\nanswered: time_entry\n"
        "expect: {patch: {locked: true}}",
    ],
    ids=[
        "a number however it is written", "a text keeps its zeros",
        "an object is changed member by member", "without", "null is expected", "a skip",
        "a warning goes along", "a dotted name", "a switch", "several payloads in order",
        "several payloads by name", "an update", "the record before by itself",
        "nothing that is mapped has changed", "what was not sent before goes whole",
        "an answer", "an answer that says nothing new", "an answer to a named payload",
    ],
)  # fmt: skip
def test_a_case_that_expects_what_comes_out_passes(text: str, run: Run) -> None:
    result = run(text)
    assert "passed" == result.status, as_text([result], show_values=True)


@pytest.mark.parametrize(
    "expect",
    [
        "{payload: {Hours: 1.5}}",
        '{payload: {Hours: "1.25"}}',
        "{payload: {Houres: 1.25}}",
        "{payload: {Codes: [1001]}}",
        "{payload: {Codes: [1001, billed]}}",
        "{payload: {Held: null}}",
        "{payload: {Person: {Email: bob@example.org}}}",
        "{payload: {Id: T-1}, exactly: true}",
        "{payload: {Id: T-1}, warn: [on_hold]}",
        "{skip: old}",
        "{reject: [no_number]}",
        "{payloads: []}",
        "{payloads: {entry: {Id: T-1}}}",
    ],
)
def test_what_differs_is_named_with_its_rule(
    expect: str, run: Run, snapshot: SnapshotAssertion
) -> None:
    result = run(given("with: {hours_worked: 1.25}") + f"expect: {expect}\n")
    assert as_text([result]) == snapshot


@pytest.mark.parametrize(
    "text",
    [
        "before: {with: {rate: 1, hours_worked: 2}}\nexpect: {payload: {Hours: 1.25}}",
        "before: {with: {rate: 1}}\nexpect: {skip: unchanged}",
        "answer: {Id: 7}\nexpect: {patch: {bill_status: billed}}",
        "answer: {Id: 7}\nexpect: {skip: unchanged}",
        "answer: {Id: [7]}\nexpect: {patch: {locked: true}}",
    ],
    ids=[
        "an update is compared whole", "an update is no skip", "a change is compared whole",
        "a change is no skip", "an answer that does not fit",
    ],
)  # fmt: skip
def test_what_differs_in_an_update_or_after_an_answer_is_named(
    text: str, run: Run, snapshot: SnapshotAssertion
) -> None:
    result = run(given("with: {hours_worked: 1.25}") + text)
    assert "failed" == result.status
    assert as_text([result]) == snapshot


@pytest.mark.parametrize(
    "text, snapshot_name",
    [
        (given("without: [matter.number]") + "expect: {payload: {Id: T-1}}", "rejected"),
        (given("with: {hours: 1}") + "expect: {payload: {Id: T-1}}", "unknown member"),
    ],
)
def test_another_outcome_is_told_with_its_reason(
    text: str, snapshot_name: str, run: Run, snapshot: SnapshotAssertion
) -> None:
    assert as_text([run(text)]) == snapshot(name=snapshot_name)


@pytest.mark.parametrize(
    "head, text",
    [
        (HEAD, "given: {file: sample.json}\nexpects: {payload: {}}\n"),
        (HEAD, "given: {file: simple.json}\nexpect: {skip: old}\n"),
        (HEAD, "given: {file: ../pack.yaml}\nexpect: {skip: old}\n"),
        (HEAD.replace("start_date: ", "start: "), PLAIN),
        (HEAD + "as_of: soon\n", PLAIN),
        (HEAD + "direction: in\n", "given: {file: sample.json}\nexpect: {record: {}}\n"),
        (HEAD, "given: {file: sample.json}\nbefore: {without: [rates]}\nexpect: {skip: old}\n"),
        (HEAD, "given: {file: sample.json}\nbefore: {}\nanswer: {}\nexpect: {skip: old}\n"),
        (HEAD, "given: {file: sample.json}\nanswer: {}\nexpect: {payload: {}}\n"),
        (HEAD, "given: {file: sample.json}\nanswered: time_entry\nexpect: {skip: old}\n"),
        (HEAD, PLAIN.replace("expect", "answer: {}\nanswered: entry\nexpect")),
    ],
    ids=[
        "misspelt key", "no sample", "outside", "no such setting", "no date", "no way in",
        "not there before", "before and answer", "an answer makes no payload",
        "answered without an answer", "no such payload",
    ],
)  # fmt: skip
def test_a_case_with_a_mistake_says_where(
    head: str, text: str, run: Run, snapshot: SnapshotAssertion
) -> None:
    result = run(text, head=head)
    assert "broken" == result.status
    assert render_text(result.problems) == snapshot


def test_update_replaces_the_values_that_differ_and_nothing_else(run: Run, cases: Path) -> None:
    before = (
        "given:\n  file: sample.json   # as it came\n  with: {narrative: Call}\n"
        "expect:\n  payload:\n    Hours: 9      # rounded\n    Id: \"T-9\"\n"
        "    Codes: [1001, other]\n    Person.Email: bob@example.org\n"
    )  # fmt: skip
    result = run(before, update=True)
    assert ("passed", True) == (result.status, result.is_updated)
    changes = {"9      #": "1.25      #", "T-9": "T-1", "other": "unbilled", "bob@": "ann@"}
    for old, new in changes.items():
        before = before.replace(old, new)
    assert HEAD + before == (cases / "one.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "expect, after",
    [("skip: new", "skip: old"), ("reject: old", None), ("payload: {Hours: 3}", None)],
)
def test_update_leaves_another_outcome_to_a_person(
    expect: str, after: str | None, run: Run, cases: Path
) -> None:
    text = given("with: {worked_on: 2026-06-30}") + f"expect: {{{expect}}}\n"
    result = run(text, update=True)
    expected = text.replace(expect, after) if after else text
    assert HEAD + expected == (cases / "one.yaml").read_text(encoding="utf-8")
    assert ("passed" if after else "failed") == result.status


def test_update_changes_nothing_in_a_case_that_passes(run: Run, cases: Path) -> None:
    text = given("with: {hours_worked: 2}") + "expect: {payload: {Hours: 2.00}}\n"
    assert not run(text, update=True).is_updated
    assert HEAD + text == (cases / "one.yaml").read_text(encoding="utf-8")


def test_a_case_may_name_a_firm_of_the_rules_folder(run: Run, cases: Path) -> None:
    firm = cases.parents[1] / "examples" / "firm"
    firm.mkdir(parents=True)
    (firm / "demo.yaml").write_text(
        "extends: demo\nsettings: {start_date: 2026-07-03}\n", encoding="utf-8"
    )
    head = "case: a case\nmapping: time_entry\nfirm: examples/firm\n"
    result = run("given: {file: sample.json}\nexpect: {skip: old}\n", head=head)
    assert "passed" == result.status


def test_rows_of_a_table_may_stand_in_a_file_beside_the_cases(run: Run, cases: Path) -> None:
    pack = cases.parent
    (pack / "tables").mkdir()
    (pack / "tables" / "people.yaml").write_text(
        "table: people\ninputs: {email: text}\noutputs: {id: text}\nrows: firm\n", encoding="utf-8"
    )
    mapping = (pack / "time_entry.yaml").read_text(encoding="utf-8")
    mapping = mapping.replace("Id: id", "Id: people(timekeeper.email)")
    (pack / "time_entry.yaml").write_text(mapping, encoding="utf-8")
    (cases / "people.csv").write_text("email,id\nann@example.org,P-7\n", encoding="utf-8")
    head = HEAD + "tables: {people: people.csv}\n"
    result = run("given: {file: sample.json}\nexpect: {payload: {Id: P-7}}\n", head=head)
    assert "passed" == result.status, as_text([result])
