"""
Ours against programs written by hand: whole processes, file to file, interleaved.

First the outputs must be equal, then time is taken: each round runs every program once, the
figure is the median of the rounds, the ratio is taken to the hand-written Python with orjson.

    python tests/bench/speed.py --scale 0.2 --rounds 3 --only time
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from child import Spent, pin, spend
from equality import demand_equal
from firm_files import write_firm

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PACK_OF = {"time": "legal_accounting", "contact": "accounting", "invoice": "accounting"}
BY_HAND = ("orjson", "msgspec", "stdlib")
ENGINE = {
    "payloads only, trusted": ("--trusted-input", "--payloads-only"),
    "outcome lines, trusted": ("--trusted-input",),
    "payloads only, strict": ("--payloads-only",),
    "outcome lines, strict": (),
}


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the data, the firm and the outputs of one benchmark are."""

    folder: Path

    @property
    def tables(self) -> Path:
        """The look-up tables of the hand-written programs."""
        return self.folder / "tables.json"

    def records(self, mapping: str) -> Path:
        """The records of a mapping."""
        return self.folder / f"{mapping}.ndjson"

    def hand(self, mapping: str, program: str) -> Spent:
        """Run a hand-written program."""
        script = HERE / "by_hand" / f"with_{program}.py"
        output = self.folder / f"{mapping}.by_hand_{program}.ndjson"
        words = [str(script), mapping, str(self.tables), str(self.records(mapping)), str(output)]
        return self._spend(words)

    def engine(self, mapping: str, options: tuple[str, ...]) -> Spent:
        """Run our engine as a person would."""
        words = ["-m", "mapping_engine", "run", PACK_OF[mapping], mapping]
        words += [str(self.records(mapping)), "--rules", str(HERE / "packs")]
        words += ["--firm", str(self.folder / "firm"), "--out", str(self.run(mapping)), "--force"]
        return self._spend([*words, *options], allowed=1)

    def run(self, mapping: str) -> Path:
        """The folder of a run of the engine."""
        return self.folder / f"{mapping}.run"

    def _spend(self, words: list[str], allowed: int = 0) -> Spent:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return spend(
            [sys.executable, *words], environment, self.folder / "messages.txt", allowed=allowed
        )


def prepared(folder: Path, scale: float) -> Bench:
    """Write the data and the firm."""
    command = [sys.executable, str(HERE / "generate.py"), str(folder), "--scale", str(scale)]
    subprocess.run(command, check=True)
    write_firm(folder / "tables.json", folder / "firm")
    return Bench(folder)


def compare(bench: Bench, mapping: str) -> None:
    """Stop unless every way of running makes the same of every record."""
    bench.hand(mapping, "orjson")
    by_hand = bench.folder / f"{mapping}.by_hand_orjson.ndjson"
    for name, options in ENGINE.items():
        bench.engine(mapping, options)
        count = demand_equal(by_hand, bench.run(mapping))
        print(f"{mapping}: {count:,} records equal ({name})", flush=True)


def measure(bench: Bench, mapping: str, rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each program in each round."""
    seconds: dict[str, list[float]] = {}
    for _ in range(rounds):
        for program in BY_HAND:
            spent = bench.hand(mapping, program)
            seconds.setdefault(f"by hand, {program}", []).append(spent.seconds)
        for name, options in ENGINE.items():
            spent = bench.engine(mapping, options)
            seconds.setdefault(name, []).append(spent.seconds)
    return seconds


def main() -> None:
    """Read the options, compare, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=PACK_OF, action="append")
    given = parser.parse_args()
    pin()
    with tempfile.TemporaryDirectory() as folder:
        bench = prepared(Path(folder), given.scale)
        for mapping in given.only or PACK_OF:
            compare(bench, mapping)
            seconds = measure(bench, mapping, given.rounds)
            base = median(seconds["by hand, orjson"])
            for name, each in seconds.items():
                print(f"{mapping:8} {name:24} {median(each):7.2f} s  {base / median(each):5.2f}")


if __name__ == "__main__":
    main()
