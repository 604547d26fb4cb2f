"""`validate` for build servers: each format as it is, what is denied, and names of files."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from syrupy.assertion import SnapshotAssertion

from mapping_engine.cli.validate import FORMATS

Run = Callable[..., tuple[int, str, str]]

BASE = Path(__file__).parents[1] / "problems" / "_base"
#: An unknown field, a field given twice, and (advice) curly quotes.
WRONG = """\
record: time_entry
object: Entry
direction: out
skip:
  - when: sent_at is present
    reason: already_sent
    because: “sent” before, 100%
fields:
  Id: id
  Hours: hours_wroked
  Note: narrative
  Note: internal_note
"""


PACK = """\
pack: {}
title: A small pack
version: 1.0.0
"""
CASE = """\
case: the hours are sent
mapping: time_entry
given: {record: {id: T-1, hours_worked: 1.5}}
expect: {payload: {Hours: 1.5}}
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A rules folder with two packs, and a firm of the first with a table below it."""
    rules = tmp_path / "rules"
    for name in ("demo", "other"):
        shutil.copytree(BASE / "rules" / "demo", rules / name)
        shutil.rmtree(rules / name / "cases", ignore_errors=True)
        (rules / name / "cases").mkdir()
        (rules / name / "cases" / "hours.yaml").write_text(CASE, encoding="utf-8")
        (rules / name / "pack.yaml").write_text(PACK.format(name), encoding="utf-8")
    (rules / "other" / "schemas" / "targets" / "demo").rename(rules / "other/schemas/targets/other")
    firm = rules / "examples" / "harbour-legal"
    shutil.copytree(BASE / "firm", firm)
    (firm / "people.csv").write_text("email\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


MAPPING = "rules/demo/time_entry.yaml"


def write(place: Path, text: str) -> None:
    (place / MAPPING).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_tells_the_same_mistakes(
    form: str, place: Path, run: Run, snapshot: SnapshotAssertion
) -> None:
    write(place, WRONG)
    status, out, err = run("validate", "--rules", "rules", MAPPING, "--format", form)
    out = re.sub(r'("semanticVersion": )"[^"]+"', r'\1"…"', out)
    assert 1 == status
    assert "2 errors, 1 warning" in err
    assert snapshot == (err if form == "text" else out)


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_can_say_that_nothing_is_wrong(form: str, place: Path, run: Run) -> None:
    status, out, err = run("validate", "--rules", "rules", "demo", "--format", form)
    assert (0, form in ("text", "github")) == (status, out == "")
    assert "no errors" in err


CURLY = WRONG.replace("hours_wroked", "hours_worked").replace("  Note: internal_note\n", "")


def test_a_denied_warning_is_an_error_in_every_format(place: Path, run: Run) -> None:
    write(place, CURLY)
    wanted = ["validate", "--rules", "rules", "demo", "--deny", "M1"]
    assert "error[M120]" in run(*wanted)[2]
    assert run(*wanted, "--format", "github")[1].startswith("::error ")
    sarif = json.loads(run(*wanted, "--format", "sarif")[1])
    assert ["error"] == [each["level"] for each in sarif["runs"][0]["results"]]
    data = json.loads(run(*wanted, "--format", "json")[1])
    assert (1, 0) == (data["errors"], data["warnings"])
    suite = ElementTree.fromstring(run(*wanted, "--format", "junit")[1])
    assert "1" == suite.get("failures")


@pytest.mark.parametrize(
    "options, status",
    [
        ([], 0),
        (["--strict"], 1),
        (["--deny", "M120"], 1),
        (["--deny", "m1"], 1),
        (["--deny", "M8", "--deny", "M12"], 1),
        (["--deny", "M8"], 0),
    ],
)
def test_warnings_pass_unless_they_are_denied(
    options: list[str], status: int, place: Path, run: Run
) -> None:
    write(place, CURLY)
    assert status == run("validate", "--rules", "rules", "demo", *options)[0]


@pytest.mark.parametrize("code", ["M899", "8", "", "unknown-field"])
def test_to_deny_a_code_that_is_not_there_cannot_run(code: str, place: Path, run: Run) -> None:
    status, _, err = run("validate", "--rules", "rules", "--deny", code)
    assert 2 == status
    assert f"there is no code `{code.upper()}`" in err


FIRM = "rules/examples/harbour-legal"
DEMO = ["`demo`", f"`{FIRM}`"]


@pytest.mark.parametrize(
    "files, checked",
    [
        (["rules/demo/schemas/targets/demo/Entry.schema.json"], DEMO),
        ([f"{FIRM}/people.csv"], DEMO),
        ([f"{FIRM}/people.csv", f"{FIRM}/demo.yaml"], DEMO),
        ([MAPPING, "rules/demo/pack.yaml", "notes.csv"], DEMO),
        (["rules/other/time_entry.yaml"], ["`other`"]),
    ],
)
def test_file_names_stand_for_what_they_belong_to(
    files: list[str], checked: list[str], place: Path, run: Run
) -> None:
    """A hook of pre-commit hands over the names of the files that changed."""
    (place / "notes.csv").write_text("a,b\n", encoding="utf-8")
    status, _, err = run("validate", "--rules", "rules", *files)
    assert 0 == status
    assert f"checked {', '.join(checked)}: no errors" in err


def test_a_file_that_belongs_to_nothing_is_named(place: Path, run: Run) -> None:
    (place / "notes.csv").write_text("a,b\n", encoding="utf-8")
    status, _, err = run("validate", "--rules", "rules", "notes.csv")
    assert 2 == status
    assert "`notes.csv` belongs to no pack and no firm" in err


@pytest.mark.parametrize(
    "file, checked",
    [
        ("schemas/targets/soluno/TimeEntry.schema.json", ("soluno",)),
        (
            "schemas/canonical/time_entry.schema.json",
            ("actionstep", "quickbooks_online", "soluno", "xero"),
        ),
        ("rules/examples/harbour-legal/soluno_files.csv", ("actionstep", "soluno")),
        ("rules/soluno/cases/approved.yaml", ("soluno",)),
        ("rules/soluno/cases/samples/time_entry.json", ("soluno",)),
    ],
)
def test_files_of_this_project_stand_for_its_packs(
    file: str, checked: tuple[str, ...], run: Run
) -> None:
    root = Path(__file__).parents[2]
    data = json.loads(run("validate", str(root / file), "--format", "json")[1])
    assert set(checked) <= set(data["packs"])
    users = {
        firm.parent.relative_to(root).as_posix()
        for pack in checked
        for firm in (root / "rules" / "examples").glob(f"*/{pack}.yaml")
    }
    own = Path(file).parent.as_posix()
    assert ({own} if own in users else users) == set(data["firms"])


def test_the_hook_is_called_for_the_files_of_packs_and_firms_only() -> None:
    """Tried with pre-commit 4.7 in a repository of its own, by installing and as `system`."""
    root = Path(__file__).parents[2]
    [hook] = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert ("mapping-engine validate", "python") == (hook["entry"], hook["language"])
    called = re.compile(hook["files"])
    for each in ("rules/soluno/time_entry.yaml", f"{FIRM}/people.csv", "schemas/a.schema.json"):
        assert called.search(each)
    for each in ("rules/README.md", "rules/examples/make_samples.py", ".github/workflows/ci.yaml"):
        assert not called.search(each)
