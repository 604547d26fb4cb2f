"""A mapper is shared by threads and sent to other processes, and says the same everywhere."""

from __future__ import annotations

import pickle
import shutil
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from mapping_engine import load_pack
from mapping_engine.runtime.door import PackMapper
from mapping_engine.values.json import decode

ROOT = Path(__file__).parents[2]
FIRM = ROOT / "rules" / "examples" / "harbour-legal"
SAMPLE = FIRM / "samples" / "time_entries.ndjson"
THREADS = 8


def records() -> list[Any]:
    return [decode(line) for line in SAMPLE.read_text("utf-8").splitlines()[:60]]


def inward(folder: Path | None = None) -> PackMapper:
    pack = load_pack(folder or "actionstep", firm=FIRM)
    return pack.mapper("time_entry", direction="in", parameters={"a": "b"})


def told(mapper: PackMapper) -> list[str]:
    """Return what becomes of the records, to the last digit."""
    return [repr(mapper.map(record)) for record in records()]


def test_threads_that_share_a_mapper_say_the_same() -> None:
    mapper = inward()
    alone = told(mapper)
    with ThreadPoolExecutor(THREADS) as pool:
        assert [alone] * THREADS == list(pool.map(told, [mapper] * THREADS))


def test_a_mapper_travels_as_its_recipe_and_is_made_once() -> None:
    mapper = inward()
    sent = pickle.dumps(mapper)
    assert len(sent) < 1500
    with ThreadPoolExecutor(THREADS) as pool:
        arrived = list(pool.map(pickle.loads, [sent] * THREADS))
    assert 1 == len({id(each) for each in arrived})
    assert arrived[0] is not mapper
    assert mapper.recipe == arrived[0].recipe
    assert sent == pickle.dumps(arrived[0])


def test_another_process_says_the_same() -> None:
    mapper = inward()
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert told(mapper) == pool.submit(told, mapper).result()


def test_a_pack_that_has_changed_is_not_taken_for_the_one_that_was_sent(tmp_path: Path) -> None:
    folder = tmp_path / "actionstep"
    shutil.copytree(ROOT / "rules" / "actionstep", folder)
    sent = pickle.dumps(inward(folder))
    with (folder / "pack.yaml").open("a", encoding="utf-8") as file:
        file.write("# a word more\n")
    with pytest.raises(pickle.UnpicklingError, match="pack `actionstep` is another one"):
        pickle.loads(sent)
