"""
How single rules are undone: one line of the invented pack is another one, and this is derived.
"""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree

import pytest
from syrupy.assertion import SnapshotAssertion

from mapping_engine.runtime.opening import open_pack
from mapping_engine.source.diagnostic import Report
from mapping_engine.workbench.written_rules import ways_back

PACK = Path(__file__).parent / "packs" / "cards"
#: Lines of the way out. Nothing is derived of one, and nothing said, whose field comes back from
#: another one.
RULES = (
    'Code: "C-{number}"',
    'Code: "no. {number} (old)"',
    "Code: record.number",
    "Client: not is_client",
    'Active: if is_client then "Y" else "N"',
    'Active: if not is_client then "Y" else "N"',
    "Minutes: minutes_from_hours(hours)",
    "Minutes: hours",
    "Minutes: hours + 5",
    "Minutes: 5 - hours",
    "Minutes: -hours",
    "Minutes: hours / 4",
    "Minutes: hours / 3",
    "Born: to_text(born_on)",
    'Born: format_date(born_on, "yyyyMMdd")',
    'Born: format_date(add_days(born_on, 2), "dd.MM.yyyy")',
    'Born: format_date(born_on, "dd/MM/yy")',
    "Code: to_text(hours)",
    "Code: to_text(is_client)",
    'Words: join(words, "|")',
    "Words: first(words)",
    'Fax: first(phones[kind == "fax"]).number',
    'Fax: phones.number | join(",")',
    "Share: share_percent",
    "Share: share_percent + hours",
    'Note: note ?? "none"',
    "Code: abs(hours)",
)


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


@pytest.mark.parametrize("line", RULES)
def test_a_rule_is_undone_or_it_is_said_why_not(
    line: str, tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    assert f"{line}  ->  {derived(line, tmp_path)}" == snapshot
