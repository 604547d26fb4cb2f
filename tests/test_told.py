"""
All that a person reads about a pack with several mistakes at once: each told once, and no other.

Every file of `told/` holds files that are laid over the small pack and firm of
`problems/_base`, and the whole text that `validate` then shows. `--snapshot-update` writes the
text again; read it in review.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from mapping_engine.source.render import render_text
from mapping_engine.workbench.checking import check

TOLD = Path(__file__).parent / "told"
BASE = Path(__file__).parent / "problems" / "_base"
_SAYS = "says: |\n"


def said(files: dict[str, str], place: Path) -> str:
    """Return what is said of the small pack and firm with these files."""
    shutil.copytree(BASE, place, dirs_exist_ok=True)
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = check(rules=[Path("rules")], firm=Path("firm"), today=date(2026, 7, 1))
    return render_text(found.report)


@pytest.mark.parametrize("name", sorted(each.stem for each in TOLD.glob("*.yaml")))
def test_what_is_told(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    path = TOLD / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    case = yaml.safe_load(text)
    monkeypatch.chdir(tmp_path)

    told = said(case["files"], tmp_path)

    if request.config.getoption("update_snapshots"):
        lines = (f"  {line}".rstrip() for line in told.rstrip("\n").splitlines())
        kept = text.partition(_SAYS)[0]
        path.write_text(f"{kept}{_SAYS}" + "\n".join(lines) + "\n", encoding="utf-8")
        return
    assert case["says"].rstrip("\n") == told.rstrip("\n")
