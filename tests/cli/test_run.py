"""The verb `run`: what it prints, what it writes, and what is left when it breaks off."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from mapping_engine.batch.output import FolderOutput
from mapping_engine.cli import VERBS
from mapping_engine.values.json import decode, encode

ROOT = Path(__file__).parents[2]
FIRM = ROOT / "rules" / "examples" / "harbour-legal"
SAMPLE = FIRM / "samples" / "time_entries.ndjson"
NAMES = {"mapped.ndjson", "skipped.ndjson", "rejected.ndjson", "report.json"}
JOB = ["soluno", "time_entry"]
USUAL = ["--from", "actionstep", "--firm", str(FIRM), "--as-of", "2026-07-31"]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            VERBS.main(["run", *JOB, *map(str, arguments)])
        output = capsys.readouterr()
        return int(ended.value.code or 0), output.out, output.err

    return call


def names_in(folder: str) -> set[str]:
    return {path.name for path in Path(folder).iterdir()} if Path(folder).exists() else set()


def lines_of(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def some_lines(count: int) -> Path:
    """Write the first lines of the sample into the current folder."""
    path = Path("some.ndjson")
    lines = SAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:count]), encoding="utf-8")
    return path


def steady(report: str) -> str:
    """Return a report without its times and without the hashes that every edit changes."""
    report = re.sub(r'"(seconds|records_per_second)": [0-9.]+', r'"\1": 0', report)
    return re.sub(r'"hash": "[0-9a-f]{40}"', '"hash": "…"', report)


def test_the_main_job_writes_its_files_and_a_summary(run: Run, snapshot: SnapshotAssertion) -> None:
    status, out, err = run(SAMPLE, *USUAL, "--out", "build/demo")
    assert (1, "") == (status, out)
    assert names_in("build/demo") == NAMES
    assert [] == [line for line in err.splitlines() if len(line) > 80]
    assert snapshot(name="summary") == err
    assert snapshot(name="report") == steady(Path("build/demo/report.json").read_text())


def test_the_lines_of_the_files_account_for_the_input(run: Run) -> None:
    run(SAMPLE, *USUAL, "--out", "build")
    numbers = [
        line["line"]
        for name in ("mapped", "skipped", "rejected")
        for line in lines_of(f"build/{name}.ndjson")
    ]
    assert list(range(1, len(SAMPLE.read_text().splitlines()) + 1)) == sorted(numbers)


def test_each_kind_of_line_has_what_it_promises(run: Run, snapshot: SnapshotAssertion) -> None:
    run(SAMPLE, *USUAL, "--out", "build")
    firsts: dict[str, object] = {}
    for name in ("mapped", "skipped", "rejected"):
        firsts[name] = decode(Path(f"build/{name}.ndjson").read_bytes().partition(b"\n")[0])
    assert snapshot == encode(firsts, indent=2).replace(f"{ROOT}/", "")


def test_without_out_payloads_go_to_stdout_and_the_rest_to_stderr(run: Run) -> None:
    status, out, err = run(some_lines(3), *USUAL)
    assert 1 == status
    assert 2 == len([json.loads(line) for line in out.splitlines()])
    assert "rejected[M709]: the entry names no timekeeper" in err
    assert "= record: 880003, line 3" in err
    assert "read     3" in err


def test_payloads_only_leaves_the_summary_and_the_outcome_lines_out(run: Run) -> None:
    status, out, err = run(some_lines(2), *USUAL, "--payloads-only")
    assert (0, "") == (status, err)
    run(some_lines(2), *USUAL, "--payloads-only", "--out", "build")
    assert out == Path("build/mapped.ndjson").read_text(encoding="utf-8")


def test_only_a_handful_of_refusals_is_shown_of_each_reason(run: Run) -> None:
    Path("many.ndjson").write_text(10 * "[]\n")
    _, _, err = run("many.ndjson", *USUAL)
    assert 3 == err.count("a list stands where a record must stand")
    assert "… and 7 more rejected as `unreadable_input`" in err


def test_stdin_is_read_as_lines_or_as_a_list(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()[:2]
    outputs = []
    for text in ("\n".join(lines), f" [{','.join(lines)}]"):
        stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(text.encode())))  # type: ignore[arg-type]
        monkeypatch.setattr(sys, "stdin", stdin)
        status, out, _ = run(*USUAL)
        assert 0 == status
        outputs.append(out)
    assert outputs[0] == outputs[1]


def test_an_empty_input_is_a_run_of_no_records(run: Run) -> None:
    Path("none.ndjson").touch()
    status, out, err = run("none.ndjson", *USUAL, "--out", "build")
    assert (0, "") == (status, out)
    assert "read     0" in err
    assert "hours" in err


def test_csv_gives_the_same_payloads_as_json(run: Run) -> None:
    record = {
        "id": "T-1", "matter.number": "HL-2026-0101", "hours_worked": "1.25", "rate": "400.00",
        "timekeeper.email": "amelia.hart@harbourlegal.example", "worked_on": "2026-07-03",
        "billing_behavior": "billable", "bill_status": "unbilled", "narrative": "Call; notes",
        "is_flat_amount": "FALSE",
    }  # fmt: skip
    Path("entry.csv").write_text(
        ";".join(record) + "\n" + '";"'.join(["", *record.values(), ""])[2:-2]
    )
    status, out, err = run("entry.csv", "--firm", FIRM, "--as-of", "2026-07-31")
    assert 0 == status, err
    assert (1.25, 1.3, 400, 520) == tuple(
        json.loads(out)[name] for name in ("WorkingHours", "BillableHours", "Rate", "Amount")
    )


def test_rejected_records_map_once_the_cause_is_mended(run: Run) -> None:
    firm = Path("firm")
    shutil.copytree(FIRM, firm)
    usual = ["--from", "actionstep", "--firm", firm, "--as-of", "2026-07-31"]
    run(SAMPLE, *usual, "--out", "first")
    refused = lines_of("first/rejected.ndjson")
    missing = [line for line in refused if "`5999`" in line["reasons"][0]["message"]]
    assert missing
    with (firm / "actionstep_matters.csv").open("a", encoding="utf-8") as matters:
        matters.write("5999,HL-2026-0101,\n")
    run("first/rejected.ndjson", *usual, "--retry", "--out", "second")
    mapped = {line["id"] for line in lines_of("second/mapped.ndjson")}
    assert {f"actionstep-timeentry-{line['id']}" for line in missing} <= mapped
    assert len(refused) == len(lines_of("second/rejected.ndjson")) + len(mapped)


def test_skipped_records_can_be_tried_again_too(run: Run) -> None:
    run(SAMPLE, *USUAL, "--out", "first")
    run("first/skipped.ndjson", *USUAL, "--retry", "--out", "second")
    ids = [[line["id"] for line in lines_of(f"{n}/skipped.ndjson")] for n in ("first", "second")]
    assert ids[0] == ids[1]


def test_inward_makes_canonical_records(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        VERBS.main(["run", "actionstep", "time_entry", str(some_lines(1)), "--in", *USUAL[2:]])
    record = json.loads(capsys.readouterr().out)
    assert ("time_entry", "actionstep-timeentry-880001") == (record["entity"], record["id"])


def test_another_result_is_replaced_only_when_told(run: Run) -> None:
    source = some_lines(2)
    run(source, *USUAL, "--out", "build")
    Path("build/own notes.txt").write_text("keep me")
    Path("build/mapped.ndjson.part").write_text("of a run that was killed")
    before = Path("build/mapped.ndjson").read_bytes()
    status, _, err = run(some_lines(1), *USUAL, "--out", "build")
    assert 2 == status
    assert "error[M186]: `build` holds the result of another run" in err
    assert before == Path("build/mapped.ndjson").read_bytes()
    run(some_lines(1), *USUAL, "--out", "build", "--force")
    assert {*NAMES, "own notes.txt"} == names_in("build")
    assert 1 == len(lines_of("build/mapped.ndjson"))


CANNOT = {
    "no such file": (["entrys.ndjson"], "there is no file `entrys.ndjson`"),
    "a folder": (["."], "`.` is a folder, not a file"),
    "unknown ending": (["entry.export"], "does not say how its records are written"),
    "no such pack": (["some.ndjson", "--from", "actionstop"], "did you mean `actionstep`?"),
    "no such date": (["some.ndjson", "--as-of", "31/07/2026"], "`31/07/2026` is no date"),
    "no such parameter": (
        ["some.ndjson", "--param", "batch"],
        "`batch` is no pair such as batch=7",
    ),
    "two directions": (["some.ndjson", "--in"], "`--in` and `--from` exclude each other"),
    "output is a file": (["some.ndjson", "--out", "some.ndjson"], "`some.ndjson` is a file"),
    "input in the output": (["some.ndjson", "--out", "."], "stands in the output folder `.`"),
    "output not allowed": (["some.ndjson", "--out", "/proc/x"], "cannot use `/proc/x`"),
    "broken links": (["some.ndjson", "--links", "nowhere.csv"], "there is no file `nowhere.csv`"),
}


@pytest.mark.parametrize("arguments, words", CANNOT.values(), ids=CANNOT)
def test_what_cannot_run_is_one_message(arguments: list[str], words: str, run: Run) -> None:
    some_lines(1)
    Path("entry.export").touch()
    status, out, err = run(*USUAL, *arguments)
    assert (2, "") == (status, out)
    assert words in err
    assert "Traceback" not in err
    assert 1 == len(re.findall(r"^(error\[|Error:)", err, re.MULTILINE | re.IGNORECASE))
    assert not Path("report.json").exists()


def fail_after(monkeypatch: pytest.MonkeyPatch, count: int, error: BaseException) -> None:
    """Let the output fail once it has taken `count` outcomes."""
    taken = []
    take = FolderOutput.take

    def failing(self: FolderOutput, line: Mapping[str, object]) -> None:
        if len(taken) == count:
            raise error
        taken.append(line)
        take(self, line)

    monkeypatch.setattr(FolderOutput, "take", failing)


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("count", [0, 5])
@pytest.mark.parametrize("held", [False, True], ids=["new folder", "folder with a result"])
def test_a_full_disk_leaves_nothing_half_written(
    held: bool, count: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    if held:
        run(some_lines(2), *USUAL, "--out", "build")
    before = {name: Path("build", name).read_bytes() for name in names_in("build")}
    fail_after(monkeypatch, count, FULL)
    status, out, err = run(SAMPLE, *USUAL, "--out", "build", "--force")
    assert (2, "") == (status, out)
    assert "the run broke off; `build` holds nothing of it" in err
    assert "error[M175]: cannot use the output: the disk is full" in err
    assert before == {name: Path("build", name).read_bytes() for name in names_in("build")}
    assert held == Path("build").exists()


@pytest.mark.parametrize("at", range(4))
def test_a_disk_that_fails_while_files_get_their_names_leaves_none(
    at: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, calls = os.replace, []

    def failing(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == at + 1:
            raise OSError(errno.EIO, "Input/output error")
        replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    status, _, _ = run(some_lines(2), *USUAL, "--out", "build")
    assert (2, set()) == (status, names_in("build"))


def test_interrupting_leaves_nothing_and_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_after(monkeypatch, 3, KeyboardInterrupt())
    status, out, err = run(SAMPLE, *USUAL, "--out", "build")
    assert (130, "") == (status, out)
    assert "the run broke off; `build` holds nothing of it" in err
    assert err.endswith("interrupted\n")
    assert not Path("build").exists()


def test_a_reader_that_goes_away_ends_the_run_quietly(tmp_path: Path) -> None:
    many = tmp_path / "many.ndjson"
    many.write_text(SAMPLE.read_text(encoding="utf-8") * 10, encoding="utf-8")
    command = [sys.executable, "-m", "mapping_engine", "run", *JOB, str(many), *USUAL]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        assert 141 == process.wait()
    assert b"" == err


def test_links_of_the_firm_answer_look_ups(run: Run) -> None:
    Path("links.csv").write_text("object,record_id,target_id,version\nTimeEntry,T-9,77,3\n")
    from mapping_engine.batch.links import known_links
    from mapping_engine.runtime.opening import open_pack
    from mapping_engine.source.diagnostic import Report

    opened = open_pack(ROOT / "rules" / "soluno", Report())
    assert opened is not None
    known = known_links(opened.pack, Path("links.csv"), Report())
    asked = {"number": "x", "id": "T-9"}
    assert ("77", "3") == (known.link("TimeEntry", asked), known.link_version("TimeEntry", asked))
    assert known.link("TimeEntry", {"id": "T-8"}) is None
    assert known.link("Contact", asked) is None
