"""The verb `test`: exit codes, the formats, and what none of them shows."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from command_line import Run

RULES = Path(__file__).parents[2] / "rules"
#: Attributes and children that the common schema of JUnit reports knows.
JUNIT = {
    "testsuites": ({"name", "tests", "failures", "errors", "time"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "time"}, {"testcase"}),
    "testcase": ({"name", "classname", "time"}, {"failure", "error"}),
    "failure": ({"message", "type"}, set()),
    "error": ({"message", "type"}, set()),
}


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the shipped packs in which three cases expect something else."""
    folder = tmp_path / "rules"
    for name in ("soluno", "actionstep"):
        shutil.copytree(RULES / name, folder / name)
    cases = folder / "soluno" / "cases"
    change(cases / "no_charge.yaml", "Rate: 0", "Rate: 1.5")
    change(cases / "narrative_trimmed.yaml", "Explanation: Letter", "Explanation: Note")
    change(cases / "unknown_file.yaml", "reject: matter", "reject: my_matter")
    monkeypatch.chdir(tmp_path)
    return folder


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_shipped_cases_pass(run: Run) -> None:
    status, told, messages = run("test")
    assert (0, "") == (status, messages)
    assert told.endswith(" passed\n")


def test_failing_cases_are_told_with_line_and_rule(rules: Path, run: Run) -> None:
    status, told, messages = run("test", "soluno", "--rules", "rules", "-k", "no charge")
    assert (1, "") == (status, messages)
    assert "failed rules/soluno/cases/no_charge.yaml:" in told
    assert "Rate: expected 1.5, got 0.00\n    rule  if work.free or flat" in told
    assert told.endswith("1 passed, 1 failed\n")


def test_all_words_of_k_must_be_there(rules: Path, run: Run) -> None:
    status, told, _ = run("test", "--rules", "rules", "-k", "soluno no_charge nothing like it")
    assert (0, "no cases\n") == (status, told)


def test_junit_has_the_shape_that_build_servers_read(rules: Path, run: Run) -> None:
    (rules / "soluno" / "cases" / "broken.yaml").write_text("case: none\n", encoding="utf-8")
    status, told, _ = run("test", "--rules", "rules", "--format", "junit")
    root = ElementTree.fromstring(told)
    wrong = [
        each.tag
        for each in root.iter()
        if set(each.attrib) != JUNIT[each.tag][0] or {x.tag for x in each} - JUNIT[each.tag][1]
    ]
    assert (2, []) == (status, wrong)
    for suite in root:
        cases = suite.findall("testcase")
        assert int(suite.attrib["tests"]) == len(cases)
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert int(suite.attrib["errors"]) == len(suite.findall("testcase/error"))
    assert ("3", "1") == (root.attrib["failures"], root.attrib["errors"])


def test_data_counts_every_case(rules: Path, run: Run) -> None:
    status, told, _ = run("test", "--rules", "rules", "--format", "json")
    data = json.loads(told)
    assert (1, 3) == (status, data["failed"])
    assert data["cases"] == len(data["results"]) == data["passed"] + data["failed"]


@pytest.mark.parametrize("layout", ["text", "junit", "json"])
def test_private_values_are_shown_only_when_asked_for(layout: str, rules: Path, run: Run) -> None:
    asked = ("test", "--rules", "rules", "--format", layout)
    _, told, messages = run(*asked)
    assert "to counsel" not in told + messages
    _, told, _ = run(*asked, "--show-values")
    assert "Letter to counsel" in told


def test_update_mends_the_cases_and_only_them(rules: Path, run: Run) -> None:
    status, told, _ = run("test", "--rules", "rules", "--update")
    assert 0 == status
    assert "3 written anew" in told
    assert "Rate: 0.00" in (rules / "soluno/cases/no_charge.yaml").read_text(encoding="utf-8")
    for name in ("narrative_trimmed", "unknown_file", "billable"):
        place = Path("soluno") / "cases" / f"{name}.yaml"
        assert (RULES / place).read_text("utf-8") == (rules / place).read_text("utf-8")


def test_a_pack_that_does_not_check_cannot_be_tested(rules: Path, run: Run) -> None:
    change(rules / "soluno" / "time_entry.yaml", "WorkingHours: hours_worked", "WorkingHours: hour")
    status, _, messages = run("test", "soluno", "--rules", "rules")
    assert 2 == status
    assert 1 == messages.count("error[M402]")


def test_a_pack_that_is_not_there_is_said(run: Run) -> None:
    status, told, messages = run("test", "solunno")
    assert (2, "no cases\n") == (status, told)
    assert "did you mean `soluno`?" in messages
