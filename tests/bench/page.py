"""Write the figures of the benchmark as a Markdown page: method, results, how to read them."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version

from measuring import Figures, Memory, Row
from shipped import Shipped

__all__ = ["machine", "page", "table"]

_HEAD = """\
# How fast it is

Written by `make bench-page`; `make bench` prints the same. Do not edit it.

{machine}. Python {python}, orjson {orjson}, msgspec {msgspec}; {rounds} rounds.

## Method

Three mappings that are typical of this work, each written four times: as a pack in
`tests/bench/packs`, and by hand in Python with orjson, with msgspec and with the standard library
(`tests/bench/by_hand`). Records ({records}) are generated; the
same seed gives the same bytes (`tests/bench/generate.py`). The look-up tables (200 users, 5,000
matters, 120 accounts, 12 tax codes, 20 countries) are written as the CSV files of a firm
(`tests/bench/firm_files.py`).

- **Equal first.** Every way of running the engine must give the payloads of the program by hand,
  numbers compared digit by digit, and reject the same records for the same reasons. The first
  difference stops everything.
- **Whole processes, file to file.** The engine is run as `mapping-engine run … --out DIR`, with
  all it does then: bounds, guards, the report. All run on one core, one after the other.
- **Interleaved.** A round runs every program once, on all records and on one; figures are medians.
- **Ratio.** Seconds of the program by hand with orjson by seconds of this one: 2 is twice as fast.
  `whole` compares whole runs. `running` leaves out what each needs for one record, that is to
  start; so it tells what a longer run comes to.

Installed for use, not for development: Lark is slower to begin where `interegular` is installed.
"""

_READING = """\
## How to read it

The program by hand with orjson is what a good programmer writes: it knows the three mappings,
checks nothing and explains nothing. The engine reads the same mapping from YAML, tests every record
and payload against its schema, and accounts for every record. All runs but the strict ones trust
the input (`--trusted-input`); `strict` refuses a record that has a name twice. `outcome lines` puts
an object around each payload, with its idempotency key. `totals, guards` runs a copy of the pack
with control totals, whose target schema bounds every text and amount
(`tests/bench/guarded_packs.py`). The interpreter is what packs mean; it explains, and the compiled
code runs.

The packs that ship are run as a firm runs them: records are read strictly, every outcome has its
line, totals are held against each other, and some records are refused, as in the samples.

Memory: a run keeps one record at a time. What remains is the program itself and the look-up
tables; the last are counted by a run whose tables have five rows. A process cannot be told to
need less than the one that measures it, some 24 MB.
"""


def page(
    figures: Sequence[Figures], memory: Memory | None, sent: Sequence[Shipped], rounds: int
) -> str:
    """Return the whole page."""
    records = ", ".join(f"{each.records:,} {each.mapping}" for each in figures)
    head = _HEAD.format(
        machine=machine(), python=platform.python_version(), orjson=version("orjson"),
        msgspec=version("msgspec"), rounds=rounds, records=records,
    )  # fmt: skip
    parts = [head, "## Results\n", _summary(figures)]
    for each in figures:
        parts += [f"### {each.mapping}\n", _rows(each), _before(each)]
    if memory is not None:
        parts += [f"### Memory over {memory.records:,} time entries\n", _memory(memory)]
    parts += ["### The packs that ship\n", _shipped(sent)]
    return "\n".join([*parts, _READING])


def machine() -> str:
    """Say in general words what it ran on."""
    cores = os.cpu_count() or 1
    return f"{platform.system()} on {platform.machine()}, one core of {cores}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table that reads well as text too: padded columns, numbers to the right."""
    lines = [list(heads), *map(list, rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(heads))]

    def joined(line: Sequence[str]) -> str:
        first, *rest = line
        cells = [first.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        return f"| {' | '.join(cells)} |"

    rule = ["-" * widths[0], *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    return "\n".join([joined(lines[0]), joined(rule), *map(joined, lines[1:])]) + "\n"


def _ratios(row: Row, base: Row) -> tuple[str, str]:
    whole = base.seconds / base.records / (row.seconds / row.records)
    return f"{whole:.2f}" if row.records == base.records else "", f"{row.rate / base.rate:.2f}"


def _summary(figures: Sequence[Figures]) -> str:
    """Return the ratios of all mappings side by side: whole runs, and running in brackets."""
    names = [row.name for row in figures[0].rows]
    lines = []
    for at, name in enumerate(names):
        ratios = [_ratios(each.rows[at], each.base) for each in figures]
        lines.append([name, *(f"{whole or '–'} ({running})" for whole, running in ratios)])
    told = "Ratio of whole runs, and in brackets of running alone:\n"
    return f"{told}\n{table(['', *(each.mapping for each in figures)], lines)}"


def _rows(figures: Figures) -> str:
    lines = []
    for row in figures.rows:
        whole, running = _ratios(row, figures.base)
        lines.append([
            row.name, f"{row.records:,}", f"{row.seconds:.2f}", f"{row.spread:.0%}",
            f"{row.start:.2f}", f"{row.rate:,.0f}", whole, running, _megabytes(row.memory),
        ])  # fmt: skip
    heads = (
        "program", "records", "seconds", "spread", "to start", "records/s", "whole", "running",
        "MB",
    )  # fmt: skip
    return table(heads, lines)


def _before(figures: Figures) -> str:
    stages = figures.stages
    lines = [[name, f"{stages[name]:,.1f} ms"] for name in list(stages)[:4]]
    lines.append(["one record from the shell", f"{figures.shell * 1000:,.0f} ms"])
    lines += [
        [f"decoded records, {name}", f"{stages[name]:,.0f} records/s"]
        for name in ("by hand", "engine")
    ]
    ratio = stages["engine"] / stages["by hand"]
    return table(("before and beside", figures.mapping), [*lines, ["ratio", f"{ratio:.2f}"]])


def _memory(memory: Memory) -> str:
    lines = [[name, _megabytes(size)] for name, size in memory.runs.items()]
    return table((f"run (few: {memory.few:,})", "MB"), lines)


def _shipped(sent: Sequence[Shipped]) -> str:
    lines = [
        [
            " ".join((each.job.pack, each.job.kind, *each.job.words)), f"{each.records:,}",
            f"{each.seconds:.2f}", f"{each.start:.2f}", f"{each.rate:,.0f}",
            f"{each.interpreter_rate:,.0f}",
        ]
        for each in sent
    ]  # fmt: skip
    return table(("run", "records", "seconds", "to start", "records/s", "interpreter"), lines)


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f}"
