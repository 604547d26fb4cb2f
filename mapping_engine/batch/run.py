"""
Map the records of an input, account for every one, and hand each outcome on.

Nothing is kept but the counts, so that an input may be as long as it likes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from mapping_engine.batch.doubles import Collisions, Doubles
from mapping_engine.batch.items import Item, Unreadable
from mapping_engine.batch.job import Job
from mapping_engine.batch.outcomes import Line, as_line
from mapping_engine.batch.output import Output
from mapping_engine.batch.tally import Tally
from mapping_engine.runtime.compose import Followed, follow
from mapping_engine.runtime.outcome import Mapped, Reason, Rejected
from mapping_engine.values.value import Value

__all__ = ["run"]


def run(
    job: Job, items: Iterable[Item], output: Output, beat: Callable[[int], None] | None = None,
    *, doubles: Doubles | None = None,
) -> Tally:  # fmt: skip
    """Map every item and return the counts; `beat` is told how many records were read so far.

    `doubles` takes in what the records have in common.
    """
    tally, collisions = Tally(job.totals), Collisions(job)
    for item in items:
        followed, source = _outcome(job, item)
        outcome = collisions.judged(followed.outcome, item.line, followed.id)
        followed = replace(followed, outcome=outcome)
        if doubles is not None and not isinstance(item, Unreadable):
            doubles.take(item.record, item.line, followed.id)
        tally.take(item.line, followed.id, followed.outcome)
        line = Line(item.line, followed.id, job.pack.name, job.kind, source)
        output.take(as_line(followed.outcome, line))
        _remember(job, followed)
        if beat is not None:
            beat(tally.read)
    return tally


def _outcome(job: Job, item: Item) -> tuple[Followed, Value]:
    if isinstance(item, Unreadable):
        reason = Reason("unreadable_input", item.told)
        return Followed(Rejected((reason,)), None), item.source
    return follow(job.mapper, item.record), item.record


def _remember(job: Job, followed: Followed) -> None:
    """Note what the record becomes, so that later records of the run can refer to it."""
    if isinstance(followed.outcome, Mapped) and followed.id is not None:
        for each in followed.outcome.payloads:
            job.options.made[each.object, followed.id] = None
