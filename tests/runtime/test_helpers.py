"""What a helper may not say: it is computed for everything alike, and only fields are sent."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from mapping_engine.workbench.checking import check

DEMO = Path(__file__).parents[1] / "problems" / "_base" / "rules" / "demo"
MAPPING = """\
record: time_entry
object: Entry
let:
  helped: {}
fields:
  Id: id
  Hours: hours_worked
  Note: if helped is present then "yes" else "no"
"""


@pytest.mark.parametrize(
    "helper, keys",
    [
        ("{value: rate, when: rate is present}", ["when"]),
        ("{value: rate, on_empty: omit, on_error: omit}", ["on_empty", "on_error"]),
        ("{value: rate, only_on: update}", ["only_on"]),
        ("{value: rate, one_way: out, because: why not}", ["one_way"]),
        # Helpers are made once for decisions and all payloads: one may be new, another known.
        ("{fields: {a: {value: rate, only_on: create}}}", ["only_on"]),
        ("{fields: {b: {fields: {a: {value: rate, owner: record}}}}}", ["owner"]),
        ("[{fields: {a: {value: rate, only_on: update}}}]", ["only_on"]),
        # These say what the value is, and not how it is sent.
        ("{fields: {a: {value: rate, when: rate is present, on_error: omit}}}", []),
        ("[{when: rate is present, value: rate}]", []),
    ],
)
def test_a_helper_says_nothing_of_sending(tmp_path: Path, helper: str, keys: list[str]) -> None:
    pack = copytree(DEMO, tmp_path / "demo")
    text = MAPPING.replace("{}", helper)
    (pack / "time_entry.yaml").write_text(text, encoding="utf-8")
    errors = check(rules=[tmp_path]).report.errors

    said = [f"`{key}` means nothing on the helper `helped`" for key in keys]
    assert said == [each.message for each in errors]
