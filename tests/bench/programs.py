"""
The programs that are measured, and the folder with the data that all of them read.

Ours is run as a person would run it, the others by their script; each reads a file of records and
the look-up tables, and writes files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from equality import demand_equal
from firm_files import write_firm
from generate import write_records, write_tables
from guarded_packs import write_guarded
from processes import COLD, Spent, spend

__all__ = ["BY_HAND", "ENGINE", "INTERPRETER", "PACKS", "PACK_OF", "Bench", "Way", "prepared"]

PACKS = Path(__file__).parent / "packs"
PACK_OF = {"time": "legal_accounting", "contact": "accounting", "invoice": "accounting"}
BY_HAND = ("orjson", "msgspec", "stdlib")


class Way(NamedTuple):
    """One way of running our engine: its options, and whether totals and guards are kept."""

    options: tuple[str, ...]
    guarded: bool = False


#: The ways in which our engine is run, by what is printed for them.
ENGINE = {
    "payloads only": Way(("--payloads-only", "--trusted-input")),
    "payloads only, strict": Way(("--payloads-only",)),
    "outcome lines": Way(("--trusted-input",)),
    "outcome lines, totals, guards": Way(("--trusted-input",), guarded=True),
    "outcome lines, totals, guards, strict": Way((), guarded=True),
}
INTERPRETER = Way(("--payloads-only", "--trusted-input", "--engine", "interpreter"))


@dataclass(frozen=True, slots=True)
class Bench:
    """The folder of one benchmark: tables, firm, records, and what the programs write."""

    folder: Path

    @property
    def tables(self) -> Path:
        """The look-up tables, as the hand-written programs read them."""
        return self.folder / "tables.json"

    def records(self, mapping: str, count: int | None = None) -> Path:
        """Return the records of a mapping, or a file with the first `count` of them."""
        whole = self.folder / f"{mapping}.ndjson"
        if count is None:
            return whole
        first = self.folder / f"{mapping}.{count}.ndjson"
        if not first.exists():
            with whole.open("rb") as source, first.open("wb") as target:
                target.writelines(islice(source, count))
        return first

    def hand(self, mapping: str, program: str, records: Path) -> Spent:
        """Run a hand-written program."""
        script = Path(__file__).parent / "by_hand" / f"with_{program}.py"
        output = self.folder / f"{mapping}.by_hand.ndjson"
        return self._spend([script, mapping, self.tables, records, output])

    def engine(self, mapping: str, way: Way, records: Path, *, firm: str = "firm") -> Spent:
        """Run our engine, into files."""
        out = "--out", self.folder / f"{mapping}.run", "--force"
        words = self.words(mapping, way, records, firm)
        return self._spend(["-c", COLD, *words, *out], allowed=1)

    def shell(self, mapping: str, records: Path) -> Spent:
        """Run our engine as a filter: records in, payloads on stdout."""
        words = self.words(mapping, Way(("--payloads-only",)), records)
        return self._spend(["-c", COLD, *words], allowed=1)

    def words(
        self, mapping: str, way: Way, records: Path, firm: str = "firm"
    ) -> tuple[str | Path, ...]:
        """Return the command line of a run of our engine, without where it writes."""
        rules = self.folder / "guarded" if way.guarded else PACKS
        where = "--rules", rules, "--firm", self.folder / firm
        return ("run", PACK_OF[mapping], mapping, records, *where, *way.options)

    def demand_equal(self, mapping: str, way: Way, records: Path) -> int:
        """Run the engine and orjson by hand, and stop where their outputs differ."""
        self.hand(mapping, "orjson", records)
        self.engine(mapping, way, records)
        by_hand = self.folder / f"{mapping}.by_hand.ndjson"
        return demand_equal(by_hand, self.folder / f"{mapping}.run")

    def _spend(self, words: Sequence[str | Path], allowed: int = 0) -> Spent:
        messages = self.folder / "messages.txt"
        return spend([str(word) for word in words], messages, allowed=allowed)


def prepared(folder: Path, counts: dict[str, int]) -> Bench:
    """Write tables, firms, packs and so many records of each mapping into an empty folder."""
    tables = write_tables(folder)
    write_guarded(PACKS, folder / "guarded")
    write_firm(tables, folder / "firm")
    write_firm(tables, folder / "small_firm", most=5)
    for mapping, count in counts.items():
        write_records(folder, mapping, count)
    return Bench(folder)
