"""`validate` and `show`: which packs and firms a path stands for, exit codes, formats."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]

BASE = Path(__file__).parents[1] / "problems" / "_base"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A rules folder with one pack, about which there is no advice, and a firm beside and below."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    text = (tmp_path / MAPPING).read_text(encoding="utf-8")
    head, rest = text.split("\n", 1)
    quiet = f"{head}   # ignore M805: as small as a mapping can be\n{rest}"
    (tmp_path / MAPPING).write_text(quiet, encoding="utf-8")
    shutil.copytree(tmp_path / "firm", tmp_path / "rules" / "examples" / "harbour-legal")
    monkeypatch.chdir(tmp_path)
    return tmp_path


MAPPING = "rules/demo/time_entry.yaml"


@pytest.mark.parametrize(
    "arguments, checked",
    [
        ((), ["`demo`", "`rules/examples/harbour-legal`"]),
        (("demo",), ["`demo`", "`rules/examples/harbour-legal`"]),
        (("rules/demo",), ["`demo`", "`rules/examples/harbour-legal`"]),
        ((MAPPING,), ["`demo`", "`rules/examples/harbour-legal`"]),
        (("rules/examples",), ["`demo`", "`rules/examples/harbour-legal`"]),
        (("firm/demo.yaml",), ["`demo`", "`firm/demo.yaml`"]),
        (("--firm", "firm"), ["`demo`", "`firm`"]),
    ],
)
def test_a_path_stands_for_what_it_belongs_to(
    arguments: tuple[str, ...], checked: list[str], place: Path, run: Run
) -> None:
    status, out, err = run("validate", "--rules", "rules", *arguments)
    assert (0, "") == (status, out)
    assert f"checked {', '.join(checked)}: no errors" in err


def test_a_mistake_is_told_once_however_many_firms_use_the_pack(place: Path, run: Run) -> None:
    (place / MAPPING).write_text(
        (place / MAPPING).read_text(encoding="utf-8").replace("hours_worked", "hours_wroked"),
        encoding="utf-8",
    )
    status, _, err = run("validate", "--rules", "rules")
    assert (1, 1) == (status, err.count("error["))
    assert f"{MAPPING}:6:10" in err


def test_warnings_pass_unless_they_are_denied(place: Path, run: Run) -> None:
    pack = place / "rules" / "demo" / "pack.yaml"
    pack.write_text("pack: demo\ntitle: “A pack”\nversion: 1.0.0\n", encoding="utf-8")
    wanted = ["validate", "--rules", "rules"]
    assert 0 == run(*wanted)[0]
    assert 1 == run(*wanted, "--strict")[0]
    assert 1 == run(*wanted, "--deny", "m1")[0]
    assert 0 == run(*wanted, "--deny", "M8")[0]


def test_json_is_data_on_stdout(place: Path, run: Run) -> None:
    (place / MAPPING).write_text("record: time_entri\n", encoding="utf-8")
    status, out, err = run("validate", "--rules", "rules", "--format", "json")
    assert 1 == status
    assert "checked `demo`" in err
    data = json.loads(out)
    assert ["demo"] == data["packs"]
    assert data["errors"] == len(data["diagnostics"])
    assert MAPPING == data["diagnostics"][0]["file"]


@pytest.mark.parametrize("path", ["nowhere", "empty"])
def test_nothing_to_check_cannot_run(path: str, place: Path, run: Run) -> None:
    (place / "empty").mkdir()
    assert 2 == run("validate", "--rules", "rules", path)[0]


def test_the_shipped_packs_and_firms_are_clean(run: Run) -> None:
    status, _, err = run("validate")
    assert 0 == status, err
    assert "no errors" in err


def test_show_names_the_place_of_each_line_and_what_the_firm_replaced(
    place: Path, run: Run
) -> None:
    with (place / "firm" / "demo.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "overrides:\n  time_entry:\n    because: whole hours\n    fields:\n"
            "      Hours: round_up(hours_worked, to=1)\n"
        )
    status, out, err = run("show", "demo", "--rules", "rules", "--firm", "firm")
    assert (0, "") == (status, err)
    hours = next(line for line in out.splitlines() if "Hours:" in line)
    assert "Hours: round_up(hours_worked, to=1)" in hours
    assert hours.endswith(f"# firm/demo.yaml:7:7, replaces {MAPPING}:6:3")
    assert f"# {MAPPING}:5:3" in next(line for line in out.splitlines() if "Id: id" in line)


def test_show_prints_the_code_below_the_line_of_the_pack_it_comes_from(
    place: Path, run: Run
) -> None:
    status, out, _ = run("show", "demo", "time_entry", "--python", "--rules", "rules")

    lines = out.splitlines()
    assert status == 0
    assert lines[0] == f"# time_entry, record to payload: {MAPPING}"
    compile(out, "printed", "exec")
    for name, place_of_rule in (("Id", "line 5"), ("Hours", "line 6")):
        member = next(line for line in lines if line.startswith(f"        '{name}': "))
        assert member.endswith(f",  # {place_of_rule}")
    assert out == run("show", "demo", "time_entry", "--python", "--rules", "rules")[1]


def test_show_of_a_kind_that_the_pack_does_not_take_says_which_it_takes(
    place: Path, run: Run
) -> None:
    status, out, err = run("show", "demo", "matter", "--rules", "rules")
    assert (2, "") == (status, out)
    assert "it takes `time_entry`" in err


def test_packs_and_kinds_complete(place: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_MAPPING_ENGINE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "mapping-engine show --rules rules de")
    monkeypatch.setenv("COMP_CWORD", "4")
    assert "plain,demo\n" == run()[1]
    monkeypatch.setenv("COMP_WORDS", "mapping-engine show --rules rules demo time")
    monkeypatch.setenv("COMP_CWORD", "5")
    assert "plain,time_entry\n" == run()[1]


#: The vendor's table "Contact and Matter Field Mapping": our field, theirs, and whether the way
#: back is derived from the line (else it stands under `back:`).
FIELD_TABLE = [
    ("contact", "number", "ContactNumber", True), ("contact", "salutation", "Title", True),
    ("contact", "first_name", "FirstName", True), ("contact", "middle_name", "MiddleName", True),
    ("contact", "last_name", "LastName", True), ("contact", "suffix", "Suffix", True),
    ("contact", "alias", "Alias", True), ("contact", "email", "Email", False),
    *(("contact", f"{ours}.{field}", f"{theirs}.{name}", True)
      for ours, theirs in (("physical_address", "MainAddress"),
                           ("mailing_address", "AdditionalAddress"))
      for field, name in (("line_1", "Line1"), ("line_2", "Line2"), ("city", "City"),
                          ("region", "StateProvince"), ("postal_code", "PostalCode"),
                          ("country", "Country"))),
    *(("contact", f'first(numbers[kind == "{kind}"]).text', name, False)
      for kind, name in (("work", "WorkPhone"), ("mobile", "MobilePhone"), ("home", "HomePhone"),
                         ("other", "OtherPhone"), ("fax", "Fax"))),
    ("matter", "name", "Description", True), ("matter", "number", "CasefileNumber", True),
    ("matter", "assigned_lawyer.email", "StaffAssigned", False),
    ("matter", "assigned_lawyer.email", "StaffResponsible", False),
    ("matter", "assigned_lawyer.email", "StaffLead", False),
    ("matter", "opened_on", "OpenDate", False),
    ("matter", "first(clients).contact.number", "ContactNumber", False),
    ("matter", "rest(clients).contact.number", "SplitBilling", False),
]  # fmt: skip


def test_show_prints_the_field_table_of_the_vendor_both_ways(run: Run) -> None:
    """Who looks up what a field becomes reads it in the line of that field."""
    missing = []
    for kind in ("contact", "matter"):
        there = run("show", "soluno", kind)[1].splitlines()
        back = run("show", "soluno", kind, "--back")[1].splitlines()
        for record, ours, theirs, is_derived in FIELD_TABLE:
            if record != kind:
                continue
            at = [
                place for place, line in enumerate(there) if line.lstrip().startswith(f"{theirs}:")
            ]
            lines = [line for place in at for line in there[place : place + 4]]
            if not any(ours in line for line in lines):
                missing.append(f"{ours} -> {theirs}")
            if is_derived and not any(f"{ours}: {theirs} " in f"{line} " for line in back):
                missing.append(f"{theirs} -> {ours}")

    assert [] == missing


def test_guarded_fields_are_counted_and_named_when_asked(run: Run) -> None:
    short, whole = (run("validate", "quickbooks_online", *each)[2] for each in ((), ("--guarded",)))
    told = r"quickbooks_online: guarded at run time: (\d+) of \d+ fields \((.*)\)"
    total, by_file = re.findall(told, short)[0]

    assert sum(int(each.split()[1]) for each in by_file.split(", ")) == int(total)
    assert "`DisplayName`" not in short
    assert re.search(r"\n    contact: .*`DisplayName`", whole)
