"""
How single rules are undone: one line of the invented pack is another one, and this is derived.
"""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree

import pytest

from mapping_engine.runtime.opening import open_pack
from mapping_engine.source.diagnostic import Report
from mapping_engine.workbench.written_rules import ways_back

PACK = Path(__file__).parent / "packs" / "cards"
#: The line of the way out; what is derived of it, or why nothing is. Nothing is said of a line
#: whose field comes back from another one.
UNDONE = {
    'Code: "C-{number}"': 'number: without_start(Code, "C-")',
    'Code: "no. {number} (old)"': 'number: without_end(without_start(Code, "no. "), " (old)")',
    "Code: record.number": "number: Code",
    "Client: not is_client": "is_client:; value: not Client; when: Client is present",
    'Active: if is_client then "Y" else "N"': 'is_client:; value: one_of(Active, ["Y", "N"]) == "Y"; when: Active is present',
    'Active: if not is_client then "Y" else "N"': 'is_client:; value: not one_of(Active, ["Y", "N"]) == "Y"; when: Active is present',
    "Minutes: minutes_from_hours(hours)": "hours: exactly(hours_from_minutes(Minutes), places=2)",
    "Minutes: hours": "hours: Minutes",
    "Minutes: hours + 5": "hours: exactly(Minutes - 5, places=2)",
    "Minutes: 5 - hours": "hours: exactly(5 - Minutes, places=2)",
    "Minutes: -hours": "hours: exactly(-Minutes, places=2)",
    "Minutes: hours / 4": "hours: exactly(Minutes * 4, places=2)",
    "Minutes: hours / 3": "`Minutes` has no way back: a quotient is rounded, so that it does not come back",
    "Born: to_text(born_on)": "born_on: parse_date(Born)",
    'Born: format_date(born_on, "yyyyMMdd")': 'born_on: parse_date(Born, "yyyyMMdd")',
    'Born: format_date(add_days(born_on, 2), "dd.MM.yyyy")': 'born_on: add_days(parse_date(Born, "dd.MM.yyyy"), -2)',
    'Born: format_date(born_on, "dd/MM/yy")': "`Born` has no way back: this way of writing a date does not say the whole date",
    "Code: to_text(hours)": "hours: to_number(Code, places=2)",
    "Code: to_text(is_client)": 'is_client:; value: one_of(Code, ["true", "false"]) == "true"; when: Code is present',
    'Words: join(words, "|")': 'words: parts(Words, "|")',
    "Words: first(words)": "words:; - when: Words is present; value: Words",
    'Fax: first(phones[kind == "fax"]).number': 'phones:; - when: Fax is present; fields:; kind: "fax"; number: Fax',
    'Fax: phones.number | join(",")': "",
    "Share: share_percent": "share_percent: exactly(Share, places=1)",
    "Share: share_percent + hours": "`Share` has no way back: it is computed from several values",
    'Note: note ?? "none"': "`Note` has no way back: `??` gives one of several values, and does not tell which one it was",
    "Code: abs(hours)": "",
}


def derived(line: str, folder: Path) -> str:
    """Return what the way back reads from the field of a line, or why it reads nothing."""
    field = line.partition(":")[0]
    copy = copytree(PACK, folder / "cards")
    text = (copy / "party.yaml").read_text(encoding="utf-8")
    rule = rf"^  {field}:.*\n(    .*\n)*"
    assert re.search(rule, text, re.MULTILINE)
    text = re.sub(rule, f"  {line}\n", text, count=1, flags=re.MULTILINE)
    said = text.partition("back:")[0] if field == "Note" else text
    (copy / "party.yaml").write_text(said, encoding="utf-8")
    report = Report()
    opened = open_pack("cards", report, rules=[folder])
    assert opened is not None
    number = text[: text.index(f"  {line}\n")].count("\n") + 1
    found: list[str] = []
    is_ours = False
    for each in ways_back(opened.program):
        is_ours = each.place.place.line == number if each.place else is_ours and each.depth > 1
        if is_ours:
            found.append(each.text)
    why = [each.message for each in report.warnings if each.code.number == "M260"]
    return "; ".join([*found, *why])


@pytest.mark.parametrize("line", UNDONE)
def test_a_rule_is_undone(line: str, tmp_path: Path) -> None:
    assert UNDONE[line] == derived(line, tmp_path)
