"""Packs that are examined beside each other are told of as those that are examined in turn."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from mapping_engine.source.render import render_json, render_text
from mapping_engine.workbench.checking import check

ROOT = Path(__file__).parents[2]
#: Mistakes in two packs, in a case and in a firm.
BROKEN = {
    "actionstep/pack.yaml": ("pack:", "pak:"),
    "soluno/time_entry.yaml": ("matter.number", "matter.numbr"),
    "soluno/cases/already_sent.yaml": ("mapping:", "maping:"),
    "examples/harbour-legal/soluno.yaml": ("settings:", "setings:"),
}


@pytest.mark.parametrize("broken", [{}, BROKEN], ids=["right", "wrong"])
def test_several_processes_find_what_one_finds(
    broken: dict[str, tuple[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in "actionstep", "soluno", "examples/harbour-legal":
        shutil.copytree(ROOT / "rules" / folder, tmp_path / "rules" / folder)
    (tmp_path / "rules/examples/harbour-legal/xero.yaml").unlink()  # its pack is not there
    for name, (old, new) in broken.items():
        path = tmp_path / "rules" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    one, several = (
        check(rules=[Path("rules")], today=date(2026, 7, 1), processes=processes)
        for processes in (1, 3)
    )
    assert render_text(several.report) == render_text(one.report)
    assert render_json(several.report) == render_json(one.report)
    assert (several.packs, several.firms, several.files) == (one.packs, one.firms, one.files)
    seen = [[(each.pack, each.firm, each.guarded, each.fields) for each in found.examined]
            for found in (one, several)]  # fmt: skip
    assert seen[0] == seen[1]
    told = {each.span.source.name for each in one.report if each.span is not None}
    assert told == {f"rules/{name}" for name in broken}
