"""
The page `rules/README.md`, tried word for word: its commands, its edits, what it says comes out.

The page is read as it stands; the commands run in a copy of `rules/`, so that a word that
no longer holds fails here before a consultant meets it.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mapping_engine.cli import VERBS

RULES = Path(__file__).parent.parent / "rules"
PAGE = (RULES / "README.md").read_text(encoding="utf-8")
FIRM = "rules/examples/harbour-legal"
WORDS = ("read", "mapped", "skipped", "rejected")

Result = tuple[int, str]


def commands(section: str) -> list[str]:
    """Return the commands of a section of the page, in order."""
    return re.findall(r"^    mapping-engine (.+)$", text_of(section), re.MULTILINE)


def blocks(section: str, kind: str = "") -> list[str]:
    """Return the fenced blocks of a section: `yaml`, or messages."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text_of(section), re.MULTILINE | re.DOTALL)
    return [text for word, text in found if word == kind]


def text_of(section: str) -> str:
    return PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0]


@pytest.fixture
def typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[str], Result]:
    """Return what types a command of the page, in a copy of the project's rules."""
    shutil.copytree(RULES, tmp_path / "rules")
    monkeypatch.chdir(tmp_path)

    def type_(command: str) -> Result:
        words = shlex.split(command.replace("$FIRM", FIRM))
        with pytest.raises(SystemExit) as ended:
            VERBS.main([*words, "--rules", "rules"], prog_name="mapping-engine")
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out + captured.err

    return type_


def change(path: str, old: str, new: str) -> None:
    text = Path(path).read_text(encoding="utf-8")
    assert 1 == text.count(old)
    Path(path).write_text(text.replace(old, new), encoding="utf-8")


def test_the_first_entry_is_at_no_charge(typed: Callable[[str], Result]) -> None:
    (explain,) = commands("1. Look at one entry")
    code, out = typed(explain)
    assert 0 == code
    assert "Rate = 0.00" in out
    assert "Amount = 0.00" in out
    assert "rules/soluno/time_entry.yaml:" in out


def test_a_rule_is_added_with_a_typing_mistake_and_mended(typed: Callable[[str], Result]) -> None:
    section = "2. Add a rule"
    file = Path(FIRM, "soluno.yaml")
    (added,) = blocks(section, "yaml")
    (message,) = blocks(section)
    first, second, explain = commands(section)
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{added}", encoding="utf-8")
    code, out = typed(first)
    assert 1 == code
    assert message in out
    change(str(file), "narative", "narrative")
    assert 0 == typed(second)[0]
    code, out = typed(explain)
    assert 0 == code
    assert 'Explanation = "HL-2026-' in out


def test_a_row_is_replaced_and_a_table_is_broken(typed: Callable[[str], Result]) -> None:
    section = "3. Change a row of a table"
    (whole,) = blocks(section, "yaml")
    written = whole.splitlines(keepends=True)
    change(f"{FIRM}/soluno.yaml", "".join(written[:3]), whole)
    validate, explain = commands(section)
    assert 0 == typed(validate)[0]
    code, out = typed(explain)
    assert 0 == code
    assert 'WorkType = "NonBillableWork"' in out
    assert "the firm's row" in out
    assert "rules/examples/harbour-legal/soluno.yaml:" in out

    table = "rules/soluno/tables/behaviour.yaml"
    change(table, "  - {billing_behavior: on_hold,", "  # - {billing_behavior: on_hold,")
    section = "4. Break a table"
    (message,) = blocks(section)
    code, out = typed(*commands(section))
    assert 1 == code
    assert message in out


def test_rejected_entries_are_sent_again_once_the_cause_is_mended(
    typed: Callable[[str], Result],
) -> None:
    run, again = commands("5. Run all entries")
    code, out = typed(run)
    assert 1 == code
    counts = [int(re.search(rf"^  {word} +(\d+)", out, re.MULTILINE)[1]) for word in WORDS]  # type: ignore[index]
    assert counts[0] == sum(counts[1:])
    change(f"{FIRM}/soluno_fee_earners.csv", "g.liu@", "grace.liu@")
    _, out = typed(again)
    assert re.search(r"^  mapped +1 ", out, re.MULTILINE)


def test_every_file_that_the_page_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert [] == [link for link in links if not (RULES / link).exists()]
