"""The verb `explain`: whole explanations as people read them, and what they never say."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from command_line import Run
from syrupy.assertion import SnapshotAssertion

ROOT = Path(__file__).parents[2]
FIRM = "rules/examples/harbour-legal"
SAMPLE = f"{FIRM}/samples/time_entries.ndjson"
BOTH = ("--from", "actionstep", "--firm", FIRM, "--as-of", "2026-07-31")
#: Sample entries by what becomes of them.
HELD_AND_CODED = "880004"
NOTHING_SAID = "880005"
NO_TIMEKEEPER = "880003"
NO_REFERENCE = "880013"
STILL_RUNNING = "880020"
UNKNOWN_MATTER = "880008"


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def explain(run: Run, entry: str, *options: str) -> tuple[int, str, str]:
    return run("explain", "soluno", "time_entry", SAMPLE, *BOTH, "--id", entry, *options)


def test_a_mapped_entry_is_followed_through_both_packs(
    run: Run, snapshot: SnapshotAssertion
) -> None:
    status, told, messages = explain(run, NOTHING_SAID)
    assert (0, "") == (status, messages)
    assert told == snapshot


@pytest.mark.parametrize(
    "entry",
    [STILL_RUNNING, NO_TIMEKEEPER, NO_REFERENCE, UNKNOWN_MATTER],
    ids=["skipped", "rejected by the first", "rejected by the second", "no row"],
)
def test_what_is_not_mapped_says_what_decided_and_what_would_change_it(
    entry: str, run: Run, snapshot: SnapshotAssertion
) -> None:
    status, told, messages = explain(run, entry)
    assert (1, "") == (status, messages)
    assert told == snapshot


def test_one_field_alone(run: Run, snapshot: SnapshotAssertion) -> None:
    _, told, _ = explain(run, HELD_AND_CODED, "--field", "Rate")
    assert told == snapshot


def test_a_field_that_is_left_out_says_why(run: Run) -> None:
    _, told, _ = explain(run, NOTHING_SAID, "--field", "ActivityCode")
    assert "left out `activity_code.code` is empty" in told
    assert "left out `links.utbmsActivityCode is present` does not hold" in told


@pytest.fixture
def own_firm(tmp_path: Path) -> Path:
    """Return the sample firm with a rule and a table row of its own."""
    folder = tmp_path / "firm"
    shutil.copytree(FIRM, folder)
    with (folder / "soluno.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "overrides:\n"
            "  time_entry:\n"
            "    fields:\n"
            "      Explanation:\n"
            '        value: "{matter.number} {narrative}"\n'
            "        because: the partners want to see the matter first\n"
        )
    return folder


def test_a_rule_of_the_firm_names_what_it_replaced(
    own_firm: Path, run: Run, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own_firm.parent)
    _, told, _ = run("explain", "soluno", "time_entry", "firm/samples/time_entries.ndjson",
                     "--from", "actionstep", "--firm", "firm", "--field", "Explanation",
                     "--id", NOTHING_SAID)  # fmt: skip
    assert told.replace(f"{ROOT}/", "").replace(" " * 20, " ") == snapshot


def test_the_first_record_is_told_when_none_is_named(run: Run) -> None:
    status, told, _ = run("explain", "soluno", "time_entry", SAMPLE, *BOTH)
    assert 0 == status
    assert "on line 1, one of " in told


def test_both_ids_of_a_record_find_it(run: Run) -> None:
    by_vendor = explain(run, NOTHING_SAID)
    assert by_vendor == explain(run, f"actionstep-timeentry-{NOTHING_SAID}")


def test_data_says_the_same_in_full(run: Run) -> None:
    _, told, _ = explain(run, NOTHING_SAID, "--format", "json")
    data = json.loads(told, parse_float=Decimal)
    fields = {each["name"]: each for each in data["fields"]}
    assert ("mapped", NOTHING_SAID) == (data["outcome"], data["id"].rpartition("-")[2])
    assert Decimal("365.50") == fields["Rate"]["value"]
    places = [each.get("at", "") for each in everything(fields["Rate"])]
    assert any(each.startswith("rules/soluno/time_entry.yaml:") for each in places)
    assert any(each.startswith("rules/actionstep/time_entry.yaml:") for each in places)
    assert ["ActivityCode"] == [each["name"] for each in data["left_out"]]


def everything(told: dict[str, object]) -> list[dict[str, object]]:
    """Return all lines below a field."""
    lines = told.get("lines", [])
    assert isinstance(lines, list)
    return [line for each in lines for line in (each, *everything(each))]


@pytest.mark.parametrize("layout", ["text", "json"])
@pytest.mark.parametrize("entry", [NOTHING_SAID, NO_REFERENCE, UNKNOWN_MATTER])
def test_redacted_explanations_hold_no_private_value(entry: str, layout: str, run: Run) -> None:
    _, told, messages = explain(run, entry, "--redact", "--format", layout)
    lines = (ROOT / SAMPLE).read_text(encoding="utf-8").splitlines()
    record = next(json.loads(line) for line in lines if entry in line)
    assert record["description"]
    assert record["description"][:20] not in told + messages
    assert "@harbourlegal" not in told + messages


@pytest.mark.parametrize(
    "options, word",
    [
        (("--id", "88000"), "did you mean"),
        (("--line", "100000"), "it holds"),
        (("--id", NOTHING_SAID, "--field", "Rat"), "did you mean `Rate`?"),
        (("--id", NOTHING_SAID, "--line", "1"), "exclude each other"),
    ],
)
def test_what_cannot_be_told_is_said_on_stderr(
    options: tuple[str, ...], word: str, run: Run
) -> None:
    status, told, messages = run("explain", "soluno", "time_entry", SAMPLE, *BOTH, *options)
    assert (2, "") == (status, told)
    assert word in messages


def test_a_line_that_is_no_record_is_told_as_rejected(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ndjson"
    broken.write_text('{"id": 1, \n', encoding="utf-8")
    status, told, _ = run("explain", "soluno", "time_entry", str(broken), *BOTH)
    assert 1 == status
    assert told.startswith("rejected as `unreadable_input`")


def test_a_payload_is_known_by_the_field_it_is_matched_by(run: Run, tmp_path: Path) -> None:
    payloads = [{"Id": "4000", "ContactType": "Group"},
                {"ExternalId": "7", "ContactType": "Person", "DisplayName": "Jo"}]  # fmt: skip
    given = tmp_path / "contacts.ndjson"
    given.write_text("".join(f"{json.dumps(each)}\n" for each in payloads))

    for known in ("4000", "7"):
        found = run("explain", "soluno", "contact", str(given), "--in", "--id", known)
        assert (1, True) == (found[0], f"record `{known}`" in found[1])
