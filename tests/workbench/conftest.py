"""What is said of a small pack and its firm: each code with its line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias

import pytest

from mapping_engine.workbench.checking import check

BASE = Path(__file__).parents[1] / "problems" / "_base"
Advised: TypeAlias = Callable[[dict[str, str]], list[str]]


@pytest.fixture
def advised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Advised:
    def advise(files: dict[str, str]) -> list[str]:
        """Return code and line of all that is said of the small pack with these files."""
        shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
        monkeypatch.chdir(tmp_path)
        quiet = {
            "rules/demo/cases/hours.yaml": "case: a case\nmapping: time_entry\n"
            "given: {record: {id: T-1}}\nexpect: {reject: unreadable_input}\n"
        }
        for name, text in (quiet | files).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        found = check(rules=[Path("rules")], firm=Path("firm"), today=date(2026, 7, 1))
        return [
            f"{each.code.number} {each.span.place.line if each.span else 0}"
            for each in found.report
        ]

    return advise
