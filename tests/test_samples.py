"""
The sample files of the invented firm are what their script writes, and hold what they promise.

A sample that was edited by hand, or a script that was changed without running it, fails here.
"""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

FIRM = Path(__file__).parent.parent / "rules" / "examples" / "harbour-legal"


@pytest.fixture(scope="module")
def script() -> Mapping[str, Any]:
    """Return what the script defines, without running it."""
    return runpy.run_path(str(FIRM / "make_samples.py"))


@pytest.mark.parametrize("name", ["time_entries.ndjson", "time_entry.json", "users.json"])
def test_samples_are_what_their_script_writes(name: str, script: Mapping[str, Any]) -> None:
    files: Callable[[int], Mapping[str, str]] = script["files"]
    assert files(script["COUNT"])[name] == (FIRM / "samples" / name).read_text(encoding="utf-8")


def test_contacts_and_matters_are_what_their_script_writes() -> None:
    files = runpy.run_path(str(FIRM / "make_contacts.py"))["files"]()
    assert files == {name: (FIRM / name).read_text(encoding="utf-8") for name in files}


def test_every_sample_entry_has_an_id_of_its_own() -> None:
    lines = (FIRM / "samples" / "time_entries.ndjson").read_text(encoding="utf-8").splitlines()
    ids = [str(json.loads(line, parse_float=Decimal)["id"]) for line in lines]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("count", [60, 200])
def test_every_count_holds_every_behaviour_and_every_refusal(
    count: int, script: Mapping[str, Any]
) -> None:
    special = [*script["BEHAVIOURS"], *script["QUIRKS"], *script["SKIPPED"], *script["REFUSED"]]
    made = list(script["entries"](count))
    assert count == len(made)
    missing = [each for each in special if not any(_has(entry, each) for entry in made)]
    assert [] == missing


def _has(entry: Mapping[str, Any], changes: Mapping[str, object]) -> bool:
    flat = {**entry, **{f"links.{name}": value for name, value in entry["links"].items()}}
    return all(flat.get(name) == value for name, value in changes.items())
