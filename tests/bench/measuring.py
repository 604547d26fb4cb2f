"""
Take the figures of the benchmark: interleaved rounds, medians, ratios to orjson by hand.

Each round runs every program once, so that a slower hour of the machine touches all alike. The
same programs run on one record too: what they need before the first record weighs in every short
run, and the reader sees it apart.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from processes import Spent, spend
from programs import BY_HAND, ENGINE, INTERPRETER, Bench, Way

__all__ = ["Figures", "Memory", "Row", "figures_of", "memory_of"]

BASE = "by hand, orjson"
_STAGES = Path(__file__).parent / "stages.py"


@dataclass(frozen=True, slots=True)
class Row:
    """One program over many records: medians of whole runs, and of runs over one record."""

    name: str
    records: int
    seconds: float
    start: float
    spread: float
    memory: int

    @property
    def rate(self) -> float:
        """Records a second, start-up not counted."""
        return self.records / max(self.seconds - self.start, 1e-9)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was found for one mapping."""

    mapping: str
    records: int
    rows: tuple[Row, ...]
    shell: float
    stages: dict[str, float]

    @property
    def base(self) -> Row:
        """The program that the ratios are taken to."""
        return next(row for row in self.rows if row.name == BASE)


@dataclass(frozen=True, slots=True)
class Memory:
    """The largest memory of runs in bytes, by what was run."""

    records: int
    few: int
    runs: dict[str, int] = field(default_factory=dict)


def figures_of(bench: Bench, mapping: str, counts: tuple[int, int], rounds: int) -> Figures:
    """Measure everything about one mapping; `counts`: records, and records of the interpreter."""
    one = bench.records(mapping, 1)
    programs = dict(_programs(bench, mapping, counts))
    runs: dict[str, list[Spent]] = {name: [] for name in programs}
    starts: dict[str, list[float]] = {name: [] for name in programs}
    shells, stages = [], []
    for _ in range(rounds):
        for name, (run, records, _) in programs.items():
            runs[name].append(run(records))
            starts[name].append(run(one).seconds)
        shells.append(bench.shell(mapping, one).seconds)
        stages.append(_stages(bench, mapping, min(counts[0], 20_000)))
    rows = [_row(name, count, runs[name], starts[name]) for name, (_, _, count) in programs.items()]
    stage = {name: median(each[name] for each in stages) for name in stages[0]}
    return Figures(mapping, counts[0], tuple(rows), median(shells), stage)


Timed = tuple[Callable[[Path], Spent], Path, int]


def _programs(bench: Bench, mapping: str, counts: tuple[int, int]) -> Iterator[tuple[str, Timed]]:
    whole = bench.records(mapping)
    for program in BY_HAND:

        def by_hand(records: Path, program: str = program) -> Spent:
            return bench.hand(mapping, program, records)

        yield f"by hand, {program}", (by_hand, whole, counts[0])
    for name, way in ENGINE.items():

        def engine(records: Path, way: Way = way) -> Spent:
            return bench.engine(mapping, way, records)

        yield name, (engine, whole, counts[0])

    def interpreter(records: Path) -> Spent:
        return bench.engine(mapping, INTERPRETER, records)

    yield "interpreter, payloads only", (interpreter, bench.records(mapping, counts[1]), counts[1])


def _row(name: str, count: int, runs: list[Spent], starts: list[float]) -> Row:
    seconds = [each.seconds for each in runs]
    middle = median(seconds)
    spread = (max(seconds) - min(seconds)) / middle
    memory = max(each.memory for each in runs)
    return Row(name, count, middle, median(starts), spread, memory)


def _stages(bench: Bench, mapping: str, count: int) -> dict[str, float]:
    messages = bench.folder / "stages.json"
    spend([str(_STAGES), str(bench.folder), mapping, str(count)], messages)
    found: dict[str, float] = json.loads(messages.read_text("utf-8"))
    return found


def memory_of(bench: Bench, records: int, few: int = 1000) -> Memory:
    """Measure the memory of time entries: very many, few, and few with hardly any table."""
    some, many = bench.records("time", few), bench.records("time", records)
    bare = bench.engine("time", ENGINE["payloads only"], some, firm="small_firm")
    runs = {"few records, tables of five rows": bare.memory}
    for name in ("payloads only", "outcome lines, totals, guards"):
        runs[f"few records, {name}"] = bench.engine("time", ENGINE[name], some).memory
        runs[f"all records, {name}"] = bench.engine("time", ENGINE[name], many).memory
    runs["all records, by hand, orjson"] = bench.hand("time", "orjson", many).memory
    return Memory(records, few, runs)
