"""
The mappings of the benchmark mean what the programs written by hand mean, in both engines.

A few hundred records of each, in every way of running; `make bench` compares all of them before it
takes the time. The engine is called in this process, because nothing is timed here.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from equality import Different, demand_equal
from generate import RECORDS
from programs import BY_HAND, ENGINE, INTERPRETER, PACK_OF, PACKS, Bench, Way, prepared

from mapping_engine.cli import VERBS

FEW = 300
WAYS = {**ENGINE, "interpreter": INTERPRETER}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return prepared(tmp_path_factory.mktemp("bench"), dict.fromkeys(RECORDS, FEW))


def called(*arguments: object) -> int:
    """Return the exit code of a command line."""
    with pytest.raises(SystemExit) as ended:
        VERBS.main([str(each) for each in arguments])
    return int(ended.value.code or 0)


def run(bench: Bench, mapping: str, out: Path, way: Way) -> int:
    """Return the exit code of a run of our engine."""
    words = bench.words(mapping, way, bench.records(mapping))
    return called(*words, "--out", out, "--force")


def by_hand(bench: Bench, mapping: str, program: str) -> Path:
    bench.hand(mapping, program, bench.records(mapping))
    written = bench.folder / f"{mapping}.by_hand.ndjson"
    return written.rename(bench.folder / f"{mapping}.{program}")


@pytest.mark.parametrize("mapping", RECORDS)
def test_every_way_of_running_makes_what_is_made_by_hand(bench: Bench, mapping: str) -> None:
    expected, out = by_hand(bench, mapping, "orjson"), bench.folder / mapping
    for way in WAYS.values():
        assert run(bench, mapping, out, way) < 2
        assert FEW == demand_equal(expected, out)


@pytest.mark.parametrize("mapping", RECORDS)
def test_the_programs_by_hand_write_the_same(bench: Bench, mapping: str) -> None:
    expected = lines(by_hand(bench, mapping, "orjson"))
    for program in BY_HAND[1:]:
        assert expected == lines(by_hand(bench, mapping, program))


def test_a_difference_stops_the_comparison_and_shows_the_record(bench: Bench) -> None:
    """A comparison that never fails would make every ratio worthless."""
    expected, out = by_hand(bench, "time", "stdlib"), bench.folder / "broken"
    assert run(bench, "time", out, ENGINE["payloads only"]) < 2
    wrong = expected.read_text("utf-8").replace('"Units":13,', '"Units":14,', 1)
    expected.write_text(wrong, "utf-8")
    with pytest.raises(Different, match=r"record 1\n.*'Units': 14.*\n.*'Units': 13"):
        demand_equal(expected, out)


@pytest.mark.parametrize("name", sorted(set(PACK_OF.values())))
def test_the_packs_are_as_good_as_shipped_ones(bench: Bench, name: str) -> None:
    for rules in (PACKS, bench.folder / "guarded"):
        assert 0 == called("validate", name, "--strict", "--rules", rules)
        assert 0 == called("test", name, "--rules", rules)


def lines(path: Path) -> list[object]:
    """Return the records that a program wrote."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
