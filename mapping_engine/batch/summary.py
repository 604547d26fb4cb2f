"""
Say how a run went to people: a page of 80 columns that can be ticked off line by line.

It holds counts, sums and the words of the packs, never a value of a record.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from mapping_engine.batch.job import Job
from mapping_engine.batch.tally import Tally
from mapping_engine.batch.totals import TotalLine
from mapping_engine.packs.model import Pack, Table
from mapping_engine.packs.reasons import ENGINE_REASONS
from mapping_engine.source.excerpt import visible

__all__ = ["summary_of"]

_WIDTH = 80


def summary_of(job: Job, tally: Tally) -> str:
    """Return the summary of a run."""
    blocks = (
        _head(job),
        _counted(job, tally),
        _forgotten(job, tally),
        _reasons("skipped", tally.skipped_by_reason, job),
        _reasons("rejected", tally.rejected_by_reason, job),
        _reasons("warnings", tally.warnings, job),
        _totals(tally.totals.lines),
    )
    texts = ("\n".join(block) for block in blocks)
    return "\n\n".join(text for text in texts if text) + "\n"


def _head(job: Job) -> Iterator[str]:
    packs = " to ".join(f"{each.name} {each.version}" for each in job.packs)
    values = job.pack.firm.values if job.pack.firm else {}
    name = f" for {values['name'].value}" if "name" in values else ""
    yield visible(f"{job.kind}: {packs}{name}, as of {job.options.as_of.isoformat()}")


def _counted(job: Job, tally: Tally) -> Iterator[str]:
    made = ", ".join(f"{count:,} {name}" for name, count in tally.payloads.items())
    rows = [
        ("read", tally.read, ""),
        ("mapped", tally.mapped, f"  {made}" if made else ""),
        ("skipped", tally.skipped, ""),
        ("rejected", tally.rejected, ""),
    ]
    width = len(f"{tally.read:,}")
    yield from (f"  {name:<9}{count:>{width},}{note}" for name, count, note in rows)
    if job.options.dropped:
        count = sum(job.options.dropped.values())
        told = (
            "1 unknown member of a record was" if count == 1 else f"{count:,} unknown members were"
        )
        yield f"  {told} left out"
    if tally.read != tally.mapped + tally.skipped + tally.rejected:
        yield "  these counts do not add up, which is our fault"


def _forgotten(job: Job, tally: Tally) -> Iterator[str]:
    """Say what was probably left out of the command, when no record was mapped."""
    if tally.mapped or not tally.read:
        return
    if job.source is None and tally.rejected_by_reason["unreadable_input"] == tally.read:
        said = f"no record could be read as `{job.kind}`; are they those of another system? "
        yield from textwrap.wrap(f"{said}name it with `--from`", _WIDTH)
    for pack in job.packs:
        waiting = [f"`{each.name}`" for each in pack.tables.values() if _waits(each)]
        if pack.firm is None and waiting:
            tables = ", ".join(waiting)
            told = f"`{pack.name}` has no rows for the tables {tables}: a firm brings them"
            yield from textwrap.wrap(f"{told}; name it with `--firm`", _WIDTH)


def _waits(table: Table) -> bool:
    return table.rows_from is not None and table.rows_from.value == "firm" and not table.rows


def _reasons(title: str, counts: Counter[str], job: Job) -> Iterator[str]:
    if not counts:
        return
    yield title
    width = max(len(f"{count:,}") for count in counts.values())
    for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        because, todo = _words(name, job.packs)
        start = f"  {count:>{width},}  {name}"
        margin = " " * (width + 4)
        if because:
            yield from _wrapped(f"{start}: {because}", margin)
        else:
            yield start
        if todo:
            yield from _wrapped(f"{margin}-> {todo}", margin + "   ")


def _wrapped(text: str, margin: str) -> list[str]:
    return textwrap.wrap(visible(text), _WIDTH, subsequent_indent=margin, drop_whitespace=True,
                         replace_whitespace=False)  # fmt: skip


def _words(name: str, packs: Iterable[Pack]) -> tuple[str | None, str | None]:
    """Return why and what to do, from the pack that declares the reason, else from the engine."""
    for pack in packs:
        own = pack.reasons.get(name)
        if own is not None:
            return own.because, own.do
    known = ENGINE_REASONS.get(name)
    return (known.because, known.do) if known else (None, None)


def _totals(lines: Sequence[TotalLine]) -> Iterator[str]:
    if not lines:
        return
    rows = [("control totals", "read", "mapped", "skipped", "rejected", "sent", "")]
    rows += [_total(line) for line in lines]
    widths = [max(len(row[place]) for row in rows) for place in range(7)]
    for row in rows:
        amounts = (f"{each:>{width}}" for each, width in zip(row[1:6], widths[1:6], strict=True))
        yield "  ".join([f"{row[0]:<{widths[0]}}", *amounts, row[6]]).rstrip()
    for line in lines:
        yield from (
            f"  {_title(line)}: {line.text(amount, ',')} declared as {name}"
            for name, amount in line.declared.items()
        )
        if line.uncounted:
            records = "1 record is" if line.uncounted == 1 else f"{line.uncounted:,} records are"
            yield f"  {_title(line)}: {records} not in these sums, the amount is not known"


def _total(line: TotalLine) -> tuple[str, str, str, str, str, str, str]:
    amounts = line.read, line.mapped, line.skipped, line.rejected, line.payload
    read, mapped, skipped, rejected, sent = (line.text(each, ",") for each in amounts)
    told = "agrees" if line.adds_up else f"DIFFERS by {line.text(line.difference, ',')}"
    return f"  {_title(line)}", read, mapped, skipped, rejected, sent, told


def _title(line: TotalLine) -> str:
    return f"{line.name} {line.currency}" if line.currency else line.name
