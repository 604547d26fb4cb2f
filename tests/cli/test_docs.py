"""`docs`: what it prints and writes, and what it says when it cannot."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import Run

PACKS = Path(__file__).parents[1] / "workbench" / "page_pack"
RULES = ("--rules", str(PACKS / "rules"))
FIRM = ("--firm", str(PACKS / "firm"))


@pytest.mark.parametrize(
    "form, start",
    [
        ("md", "# Ledger \\<"),
        ("html", "<!doctype html>\n<html lang="),
        ("csv", "system,firm,kind,"),
    ],
)
def test_a_page_is_printed_or_written(form: str, start: str, run: Run, tmp_path: Path) -> None:
    status, printed, err = run("docs", "ledger", *RULES, *FIRM, "--format", form)
    assert (0, "") == (status, err)
    assert printed.startswith(start)
    folder = tmp_path / "a" / "b"
    status, out, err = run("docs", "ledger", *RULES, *FIRM, "--format", form, "-o", str(folder))
    path = folder / f"ledger-harbour-legal.{form}"
    assert (0, "", f"wrote {path}\n") == (status, out, err)
    assert [path] == list(folder.iterdir())
    mark = "\ufeff" if form == "csv" else ""  # spreadsheets take a CSV without it for Latin 1
    assert mark + printed == path.read_text(encoding="utf-8")


def test_a_page_is_written_anew(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "ledger.md"
    path.write_text("old", encoding="utf-8")
    assert 0 == run("docs", "ledger", *RULES, "-o", str(tmp_path))[0]
    assert path.read_text(encoding="utf-8").startswith("# Ledger")


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("docs", "ledgr", *RULES), "there is no pack `ledgr`\n   = hint: did you mean `ledger`?"),
        (("docs",), "Missing argument 'PACK'"),
        (("docs", "ledger", *RULES, "--firm", "nowhere"), "Path 'nowhere' does not exist"),
        (("docs", "soluno", "--firm", str(PACKS)), "holds no firm file for the pack `soluno`"),
        (("docs", "ledger", *RULES, "--format", "pdf"), "'pdf' is not one of 'md', 'html', 'csv'"),
        (("docs", "ledger", *RULES, "-o", __file__), "is a file"),
        (("docs", "ledger", *RULES, "-o", f"{__file__}/below"), "is not a folder"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: tuple[str, ...], said: str, run: Run) -> None:
    status, out, err = run(*arguments)
    assert (2, "") == (status, out)
    assert said in err
    assert "Traceback" not in err


def test_a_pack_with_a_mistake_has_no_page(run: Run, tmp_path: Path) -> None:
    shutil.copytree(PACKS / "rules", tmp_path / "rules")
    file = tmp_path / "rules" / "ledger" / "time_entry.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("Day: worked_on", "Day: worked_in"),
        encoding="utf-8",
    )
    wanted = ("--rules", str(tmp_path / "rules"), "-o", str(tmp_path / "out"))
    status, out, err = run("docs", "ledger", *wanted)
    assert (2, "") == (status, out)
    assert "error[M402]: `time_entry` has no field `worked_in`" in err
    assert not (tmp_path / "out").exists()
