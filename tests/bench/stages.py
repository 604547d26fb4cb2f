"""
What happens before the first record, and the library's own door, in a process of its own.

Prints one JSON object: milliseconds of importing, of loading and checking a pack, of making a
mapper; and records a second for records that are decoded already, by hand and with the engine.

    python tests/bench/stages.py FOLDER MAPPING RECORDS
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.append(str(Path(__file__).parent / "by_hand"))
sys.modules["interegular"] = None  # type: ignore[assignment]


def seconds_of(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long something took, and what it gave."""
    start = perf_counter()
    given = work()
    return perf_counter() - start, given


def per_second(mapped: Callable[[Any], object], records: Sequence[Any]) -> float:
    """Return how many records a function maps in a second."""

    def work() -> None:
        for record in records:
            mapped(record)

    return len(records) / seconds_of(work)[0]


def main() -> None:
    """Measure and print."""
    folder, mapping, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    importing, load = seconds_of(lambda: __import__("mapping_engine").load_pack)

    from decimal import Decimal

    from mappings import MAPPINGS
    from programs import PACK_OF, PACKS, Bench

    bench = Bench(folder)
    name, firm = PACK_OF[mapping], folder / "firm"
    loading, pack = seconds_of(lambda: load(name, rules=[PACKS], firm=firm))
    again, _ = seconds_of(lambda: load(name, rules=[PACKS], firm=firm))
    mapper = pack.mapper(mapping)
    compiling, _ = seconds_of(lambda: mapper._code)
    by_hand = MAPPINGS[mapping](json.loads(bench.tables.read_text("utf-8")), Decimal)
    with bench.records(mapping, count).open(encoding="utf-8") as file:
        records = [json.loads(line, parse_float=Decimal) for line in file]
    found = {
        "import": importing * 1000,
        "load and check, first": loading * 1000,
        "load and check, again": again * 1000,
        "compile": compiling * 1000,
        "by hand": per_second(by_hand, records),
        "engine": per_second(mapper.map, records),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
