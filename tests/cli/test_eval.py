"""`eval`: one expression, its value and its type."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]

ENTRY = {
    "id": "T-1", "matter": {"number": "1001"}, "timekeeper": {"email": "ann@example.com"},
    "worked_on": "2026-07-02", "hours_worked": 1.25, "billing_behavior": "billable",
    "bill_status": "unbilled",
}  # fmt: skip


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    path = tmp_path / "entry.json"
    # Written as text, so that the rate keeps its two decimals.
    path.write_text(json.dumps(ENTRY)[:-1] + ', "rate": 300.00}', encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "expression, value, type",
    [
        ("round_up(1.23, to=0.1)", "1.3", "number with 1 decimal"),
        ("0.1 + 0.2", "0.3", "number with 1 decimal"),
        ("1 == 2", "false", "yes or no"),
        ('" x "', '" x "', "` x `"),
        ("2026-01-31", "2026-01-31", "date"),
        ("[1, 2]", "[1, 2]", "list of whole numbers"),
        ("null", "null", "null"),
    ],
)
def test_value_and_type_are_printed(expression: str, value: str, type: str, run: Run) -> None:
    assert (0, f"{value}\n{type}\n", "") == run("eval", expression)


def test_a_record_is_read_by_the_schema_of_its_kind(entry: Path, run: Run) -> None:
    expression = "round_half_up(hours_worked * rate, places=2)"
    status, out, _ = run("eval", expression, str(entry), "--record", "time_entry")
    assert (0, "375.00\nnumber with 2 decimals (currency), absent or null\n") == (status, out)


def test_without_a_kind_the_types_are_those_of_the_input(entry: Path, run: Run) -> None:
    assert (0, '"1001"\ntext\n', "") == run("eval", "matter.number", str(entry))


def test_stdin_is_an_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b'{"a": 123456789012345678.10}'))
    monkeypatch.setattr("sys.stdin", stdin)
    assert (0, "123456789012345678.10\nnumber with 2 decimals\n", "") == run("eval", "a", "-")


def test_without_a_record_an_expression_is_only_checked(run: Run) -> None:
    status, out, _ = run("eval", "worked_on", "--record", "time_entry")
    assert (0, "date\n") == (status, out)


def test_a_typo_gives_one_diagnostic_with_the_near_name(entry: Path, run: Run) -> None:
    status, out, err = run("eval", "hours_wroked * rate", str(entry), "--record", "time_entry")
    assert (1, "") == (status, out)
    assert 1 == err.count("error[")
    assert "did you mean `hours_worked`?" in err


def test_ten_mistakes_give_ten_diagnostics(entry: Path, run: Run) -> None:
    expression = " + ".join(f"rate{number}" for number in range(10))
    _, _, err = run("eval", expression, str(entry), "--record", "time_entry")
    assert 10 == err.count("error[M402]")


@pytest.mark.parametrize(
    "text, words",
    [
        ('{"a": 1,}', "a comma stands before a closing bracket (line 1, column 8)"),
        ('{"a": 1, "a": 2}', "M710"),
        ("", "M710"),
    ],
)
def test_a_record_that_cannot_be_read_is_refused(
    text: str, words: str, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text, encoding="utf-8")
    status, out, err = run("eval", "a", str(path))
    assert (1, "") == (status, out)
    assert words in err


def test_a_record_that_does_not_fit_its_kind_says_where_and_shows_nothing_private(
    tmp_path: Path, run: Run
) -> None:
    path = tmp_path / "entry.json"
    wrong = ENTRY | {"narrative": ["Jane Doe"], "timekeeper": {"email": "x", "emial": "Jane Doe"}}
    path.write_text(json.dumps(wrong), encoding="utf-8")
    status, _, err = run("eval", "id", str(path), "--record", "time_entry")
    assert 1 == status
    assert "`narrative`" in err
    assert "`timekeeper.emial`" in err
    assert "Jane" not in err


@pytest.mark.parametrize(
    "arguments", [("x", "nowhere.json"), ("x", "--record", "time_entri"), ("x", ".")]
)
def test_what_is_not_there_cannot_run(arguments: tuple[str, ...], run: Run) -> None:
    status, out, err = run("eval", *arguments)
    assert (2, "") == (status, out)
    assert "error[M1" in err


PACK = ["--pack", "soluno", "--record", "time_entry", "--firm", "rules/examples/harbour-legal"]


@pytest.mark.parametrize(
    "expression, value",
    [
        ("behaviour(billing_behavior).work_type", '"BillableWork"'),
        ("billed", "1.3"),
        ("task", '"BW"'),
        ("settings.start_date", "2026-07-01"),
    ],
)
def test_inside_a_pack_its_tables_helpers_and_settings_are_known(
    expression: str, value: str, entry: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    status, out, err = run("eval", expression, str(entry), *PACK)
    assert (0, "") == (status, err)
    assert out.startswith(f"{value}\n")


def test_a_table_without_the_row_refuses_and_points_into_the_expression(
    entry: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    status, out, err = run("eval", "matters(matter.number).status", str(entry), *PACK)
    assert (1, "") == (status, out)
    assert "rejected[M703]" in err
    assert "--> expression:1:1" in err


def test_a_pack_with_several_mappings_asks_which_is_meant(run: Run) -> None:
    status, _, err = run("eval", "1", "--pack", "actionstep")
    assert 2 == status
    assert "`time_entry`, `user`" in err
