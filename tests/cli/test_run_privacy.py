"""
No private value of a record gets into stderr or `report.json`, whatever is wrong with it.

A word that stands nowhere else is put into every private field, and the record is then spoilt
in every way that has a message of its own. Only where data was asked for may the word appear.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mapping_engine.cli import VERBS
from mapping_engine.values.json import encode

ROOT = Path(__file__).parents[2]
FIRM = ROOT / "rules" / "examples" / "harbour-legal"
CANARY = "Zanzibarica"
EMAIL = f"{CANARY.lower()}@private.example"

RECORD: dict[str, Any] = {
    "id": "T-1", "matter": {"number": "HL-2026-0101"}, "worked_on": "2026-07-03",
    "timekeeper": {"email": "amelia.hart@harbourlegal.example"}, "billing_behavior": "billable",
    "bill_status": "unbilled", "narrative": f"{CANARY} asked for advice", "internal_note": CANARY,
}  # fmt: skip
PAYLOAD: dict[str, Any] = {
    "id": 1, "timestampDate": "2026-07-27T00:00:00+10:00", "description": f"{CANARY} called",
    "billingBehavior": "Bill", "isBillable": "T", "links": {"action": 5201, "owner": 1101},
}  # fmt: skip


def entry(**changes: object) -> str:
    return encode({**RECORD, "hours_worked": "1.5", **changes}).replace('"1.5"', "1.5")


def payload(**changes: object) -> str:
    return encode({**PAYLOAD, "actualHours": "1.5", **changes}).replace('"1.5"', "1.5")


#: Name → kind of input, the line.
SPOILT: dict[str, tuple[str, str]] = {
    "nothing wrong": ("record", entry()),
    "cut off": ("record", entry()[:-40]),
    "cut off in the text": ("record", entry(id=CANARY)[: entry(id=CANARY).index("asked")]),
    "a name twice": ("record", entry()[:-1] + f', "narrative": "{CANARY}"}}'),
    "text behind it": ("record", entry() + CANARY),
    "NaN": ("record", entry().replace("1.5", "NaN")),
    "half a character": ("record", entry().replace(CANARY, CANARY + "\\ud800")),
    "a list": ("record", f'["{CANARY}"]'),
    "a text": ("record", f'"{CANARY}"'),
    "a list for a text": ("record", entry(narrative=[CANARY])),
    "an object for a text": ("record", entry(narrative={CANARY: CANARY})),
    "too long": ("record", entry(narrative=70_000 * "x" + CANARY)),
    "a longer line": ("record", entry(narrative=2_000_000 * "x" + CANARY)),
    "an unknown member": ("record", entry(narratives=CANARY)),
    "an unknown e-mail": ("record", entry(timekeeper={"email": EMAIL})),
    "an e-mail of another kind": ("record", entry(timekeeper={"email": [EMAIL]})),
    "an e-mail that is none": ("record", entry(timekeeper={"email": CANARY})),
    "no matter": ("record", entry(matter={"number": ""})),
    "skipped": ("record", entry(worked_on="2020-01-01")),
    "two reasons": ("record", entry(matter={"number": "HL-9"}, timekeeper={"email": EMAIL})),
    "payload": ("payload", payload()),
    "payload: unknown member": ("payload", payload(descriptions=CANARY)),
    "payload: a list for a text": ("payload", payload(description=[CANARY])),
    "payload: running": ("payload", payload(timerStatus="Running")),
    "payload: no owner": ("payload", payload(links={"action": 5201})),
    "payload: an unreadable date": ("payload", payload(timestampDate="31/07/2026")),
    "payload: in an envelope": ("payload", f'{{"timeentries": ["{CANARY}", {payload()}]}}'),
    "sheet: a ragged row": ("sheet", f"id,narrative,hours_worked\nT-1,{CANARY}\n"),
    "sheet: a quote": ("sheet", f'id,narrative,hours_worked\nT-1,"{CANARY}"x,1\n'),
    "sheet: a number": ("sheet", f"id,narrative,hours_worked\nT-1,{CANARY},{CANARY}\n"),
    "user": ("user", f'{{"id": 1, "emailAddress": "{EMAIL}", "firstName": ["{CANARY}"]}}'),
    "user: a text": ("user", f'{{"id": 1, "emailAddress": 7, "x": "{CANARY}"}}'),
}  # fmt: skip

Call = Callable[..., tuple[int, str, str]]
ARGUMENTS = {
    "record": ["soluno", "time_entry", "in.ndjson"],
    "payload": ["soluno", "time_entry", "in.ndjson", "--from", "actionstep"],
    "sheet": ["soluno", "time_entry", "in.csv"],
    "user": ["actionstep", "user", "in.ndjson", "--in"],
}


@pytest.fixture
def call(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Call:
    monkeypatch.chdir(tmp_path)

    def run(kind: str, text: str, *options: str) -> tuple[int, str, str]:
        arguments = ARGUMENTS[kind]
        Path(arguments[2]).write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit) as ended:
            VERBS.main(["run", *arguments, "--firm", str(FIRM), "--as-of", "2026-07-31", *options])
        output = capsys.readouterr()
        return int(ended.value.code or 0), output.out, output.err

    return run


@pytest.mark.parametrize("kind, text", SPOILT.values(), ids=SPOILT)
def test_no_private_value_gets_into_messages_or_the_report(
    kind: str, text: str, call: Call
) -> None:
    status, _, err = call(kind, text)
    assert status in (0, 1), err
    assert CANARY.lower() not in err.lower()
    call(kind, text, "--out", "build")
    report = Path("build/report.json").read_text(encoding="utf-8")
    assert '"read": ' in report
    assert CANARY.lower() not in report.lower()


def test_the_word_would_be_found(call: Call) -> None:
    """The canary reaches the data, and messages too when that is asked for."""
    _, out, _ = call("record", SPOILT["nothing wrong"][1])
    assert CANARY in out
    _, _, err = call("record", SPOILT["an unknown e-mail"][1], "--show-values")
    assert EMAIL in err


MAPPING = """\
record: time_entry
object: Entry
direction: out
reject:
  - when: narrative is present
    reason: rejected
    because: "the note says {narrative}"
fields:
  Id: id
  Hours: hours_worked
"""


def test_a_sentence_of_a_pack_is_shown_without_its_private_parts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """`because` may hold fields of the record; a message then gives the reason's own words."""
    monkeypatch.chdir(tmp_path)
    base = ROOT / "tests" / "problems" / "_base"
    shutil.copytree(base, tmp_path, dirs_exist_ok=True)
    Path("rules/demo/time_entry.yaml").write_text(MAPPING, encoding="utf-8")
    Path("in.ndjson").write_text(entry(), encoding="utf-8")
    texts = []
    for options in ([], ["--show-values"]):
        with pytest.raises(SystemExit):
            VERBS.main(["run", "demo", "time_entry", "in.ndjson", "--rules", "rules", *options])
        texts.append(capsys.readouterr().err)
    assert CANARY not in texts[0]
    assert f"the note says {CANARY}" in texts[1]
