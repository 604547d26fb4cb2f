"""
One folder per code: what is wrong, what a person reads, and how it is right.

`wrong/` and `right/` hold the files that matter; they are laid over `_base/` (a small pack)
and over the folder's own `both/`, if there is one. What lies there says what is done with it:
`command.txt` a command line, `expression.txt` an expression for `eval` (reading `given.json`,
of the record kind in `record.txt`), `record.ndjson` a `run`, anything else a `validate`.
`message.txt` is the whole text a person reads. `make docs` writes it again; read it in review.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from mapping_engine.cli import VERBS
from mapping_engine.cli.problems import file_not_usable, our_fault, text_not_writable
from mapping_engine.packs.problems_of_catalogues import list_outdated
from mapping_engine.packs.problems_of_sheets import cell_is_no_text, unknown_worksheet
from mapping_engine.packs.problems_of_tables import table_too_wide, unusable_row
from mapping_engine.runtime.problems import engines_differ, skipped_here, switched_off
from mapping_engine.runtime.problems_of_updates import wrong_answer
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.problems_of_documents import too_large
from mapping_engine.source.render import render_text
from mapping_engine.values.misfit import Misfit
from mapping_engine.workbench.reference import declared_codes

PROBLEMS = Path(__file__).parent / "problems"
FOLDERS = sorted(PROBLEMS.glob("M*"))
#: What no text in a folder can show: our own mistakes, what the machine refuses, workbooks, rows
#: of a connector, and what is usually said in other words. Their folder holds the message alone.
OURS: dict[str, Diagnostic] = {
    "M121": too_large(None, 2_100_000, 2_000_000),
    "M175": file_not_usable(None, "build/run/mapped.ndjson", "the disk is full"),
    "M176": text_not_writable(None, "ascii"),
    "M515": table_too_wide(None, "rates"),
    "M526": cell_is_no_text(None, "rates", "B2", "a number"),
    "M528": unknown_worksheet(None, "Rate", ["Rates", "Users"]),
    "M722": skipped_here(None, None, "already_sent", "the entry was sent before"),
    "M723": switched_off(None, None, "time"),
    "M742": wrong_answer(
        None, None, "Contact", Misfit("Number", "wrong_type", "a text", "a number")
    ),
    "M734": unusable_row(None, "1001", "matters", "`rate` must be a number"),
    "M835": list_outdated(None, "accounts.csv", "2026-01-31", 152),
    "M901": engines_differ(None, "T-1"),
    "M902": our_fault(None, "KeyError", "mapping_engine/runtime/interpreter.py:118"),
}
SHOWN = [folder for folder in FOLDERS if folder.name[:4] not in OURS]


def name_of(folder: object) -> str:
    return folder.name if isinstance(folder, Path) else str(folder)


def command_for(folder: Path) -> list[str]:
    """Return the command line for the files that lie in `folder`."""

    def read(name: str) -> str:
        path = folder / name
        return path.read_text(encoding="utf-8").rstrip("\n") if path.exists() else ""

    if read("command.txt"):
        return shlex.split(read("command.txt"))
    if (folder / "expression.txt").exists():
        given = ["given.json"] if (folder / "given.json").exists() else []
        kind = ["--record", read("record.txt")] if read("record.txt") else []
        return ["eval", read("expression.txt"), *given, *kind]
    packs = ["--rules", "rules", "--firm", "firm"]
    if (folder / "record.ndjson").exists():
        return ["run", "demo", "time_entry", "record.ndjson", *packs, "--payloads-only"]
    return ["validate", *packs]


def lay(folder: Path, side: str, place: Path) -> None:
    """Copy the files of one side to `place`.

    `NAME.times-1000` adds its text so often to NAME; `NAME.copies-500` becomes so many files.
    """
    for layer in (PROBLEMS / "_base", folder / "both", folder / side):
        if layer.exists():
            shutil.copytree(layer, place, dirs_exist_ok=True)
    for repeated in place.rglob("*.times-*"):
        name, _, count = repeated.name.rpartition(".times-")
        with (repeated.parent / name).open("a", encoding="utf-8") as file:
            file.write(repeated.read_text(encoding="utf-8") * int(count))
        repeated.unlink()
    for copied in place.rglob("*.copies-*"):
        name, _, count = copied.name.rpartition(".copies-")
        for number in range(int(count)):
            shutil.copy(copied, copied.parent / f"{number}_{name}")
        copied.unlink()


Run: TypeAlias = Callable[[Path, str], tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(folder: Path, side: str) -> tuple[int, str]:
        """Return the exit code and what a person reads."""
        lay(folder, side, tmp_path)
        monkeypatch.chdir(tmp_path)
        with pytest.raises(SystemExit) as ended:
            VERBS.main(command_for(tmp_path))
        return int(ended.value.code or 0), capsys.readouterr().err

    return call


def diagnostics(text: str, folder: Path) -> list[str]:
    """Return the diagnostics in what a person reads: errors, refusals, and this folder's advice.

    Other advice is passed over: so small a pack has no cases, and tables that nobody asks.
    """
    blocks = [each for each in text.split("\n\n") if re.match(r"[a-z]+\[M\d{3}\]: ", each)]
    own = f"warning[{folder.name[:4]}]"
    return [each for each in blocks if each.startswith(own) or not each.startswith("warning[")]


def check_message(folder: Path, text: str, request: pytest.FixtureRequest) -> None:
    path = folder / "message.txt"
    text = text.rstrip("\n") + "\n"
    if request.config.getoption("update_snapshots"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def test_every_code_has_a_folder_of_its_name() -> None:
    expected = {f"{code.number}_{code.name.replace('-', '_')}" for code in declared_codes()}
    assert expected == {folder.name for folder in FOLDERS}


@pytest.mark.parametrize("folder", SHOWN, ids=name_of)
def test_the_wrong_one_gets_exactly_this_message(
    folder: Path, run: Run, request: pytest.FixtureRequest
) -> None:
    _, text = run(folder, "wrong")
    found = diagnostics(text, folder)
    assert [folder.name[:4]] == [each.partition("[")[2][:4] for each in found], text
    check_message(folder, found[0], request)


@pytest.mark.parametrize("folder", SHOWN, ids=name_of)
def test_the_right_one_gets_none(folder: Path, run: Run) -> None:
    status, text = run(folder, "right")
    assert (0, []) == (status, diagnostics(text, folder)), text


@pytest.mark.parametrize("number", OURS)
def test_what_no_folder_can_show_has_its_message(
    number: str, request: pytest.FixtureRequest
) -> None:
    folder = next(each for each in FOLDERS if each.name.startswith(number))
    check_message(folder, render_text(Report([OURS[number]])), request)
