"""
Ours against programs written by hand: equal outputs first, then how long each takes.

Prints the page that `--page FILE` writes. At scale 1 the program by hand with orjson takes about
five seconds a mapping, and all of it about half an hour; `--scale 0.1 --rounds 3` is a quick look.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from equality import Different
from generate import write_records
from measuring import figures_of, memory_of
from page import page
from processes import pin
from programs import ENGINE, INTERPRETER, PACK_OF, Bench, prepared
from shipped import shipped_of

#: Records at scale 1.
RECORDS = {"time": 300_000, "contact": 300_000, "invoice": 90_000}
INTERPRETED = 5_000
#: Records of each shipped mapping at scale 1.
SHIPPED = 100_000


def main() -> None:
    """Compare, measure, print."""
    given = _arguments()
    mappings = given.only or list(PACK_OF)
    counts = {name: max(int(RECORDS[name] * given.scale), 10) for name in mappings}
    if not pin():
        _say("this system cannot keep a process on one core")
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        bench = prepared(Path(folder), counts)
        for name in mappings:
            _demand_equal(bench, name, min(counts[name], INTERPRETED))
        if given.equal:
            return
        found = []
        for name in mappings:
            both = counts[name], min(counts[name], INTERPRETED)
            found.append(figures_of(bench, name, both, given.rounds))
            _say(f"{name}: measured")
        memory = None
        if given.memory_records:
            write_records(bench.folder, "time", given.memory_records)
            memory = memory_of(bench, given.memory_records)
        sent = shipped_of(bench.folder, max(int(SHIPPED * given.scale), 300), given.rounds)
    text = page(found, memory, sent, given.rounds)
    print(text)
    if given.page:
        given.page.write_text(text, "utf-8")


def _demand_equal(bench: Bench, mapping: str, few: int) -> None:
    whole, first = bench.records(mapping), bench.records(mapping, few)
    ways = {name: (way, whole) for name, way in ENGINE.items()}
    for name, (way, records) in (ways | {"interpreter": (INTERPRETER, first)}).items():
        try:
            count = bench.demand_equal(mapping, way, records)
        except Different as difference:
            raise SystemExit(f"{mapping}, {name}: {difference}") from None
        _say(f"{mapping}: {count:,} records equal ({name})")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--scale", type=float, default=1.0, help="how many records, 1 by default")
    parser.add_argument("--rounds", type=int, default=5, help="how often each program runs")
    parser.add_argument("--only", choices=PACK_OF, action="append", help="one mapping; repeatable")
    parser.add_argument("--equal", action="store_true", help="compare and measure nothing")
    parser.add_argument("--page", type=Path, help="write the page there")
    parser.add_argument(
        "--memory-records", type=int, default=1_000_000, metavar="N",
        help="time entries of the memory run; 0 leaves it out",
    )  # fmt: skip
    return parser.parse_args(words)


if __name__ == "__main__":
    main()
