"""Each mistake in a pack gives the message that its file shows, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from small_pack import messages

FOLDER = Path(__file__).parent / "mistakes"


@pytest.mark.parametrize("name", sorted(each.stem for each in FOLDER.glob("*.yaml")))
def test_a_mistake_says(name: str) -> None:
    case = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))

    assert case["says"].rstrip("\n") == messages(case["files"])
