"""
Map the records of an input, account for every one, and hand each outcome on.

Nothing is kept but the counts, so that an input may be as long as it likes; and the ids of what
was made, where the mapping asks for them by `link( )`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mapping_engine.batch.items import Done, Item, Unreadable
from mapping_engine.batch.job import Job
from mapping_engine.batch.outcomes import Line, QuickLines, as_line
from mapping_engine.batch.output import Output
from mapping_engine.batch.tally import Tally
from mapping_engine.runtime.compose import Followed, follow
from mapping_engine.runtime.outcome import Mapped, Payload, Reason, Rejected
from mapping_engine.runtime.quick import QuickPayload
from mapping_engine.values.value import Value

__all__ = ["run"]


def run(
    job: Job,
    items: Iterable[Item | Done],
    output: Output,
    beat: Callable[[int], None] | None = None,
) -> Tally:  # fmt: skip
    """Map every item and return the counts; `beat` is told how many records were read so far."""
    tally = Tally(job.totals)
    quick_line = QuickLines(job.pack.name, job.kind)
    for item in items:
        if isinstance(item, Done):
            tally.take_done(item.mapped)
            output.take_done(quick_line, item)
            _remember(job, item.mapped.id, item.mapped.payloads)
            if beat is not None:
                beat(tally.read)
            continue
        followed, source = _outcome(job, item)
        tally.take(item.line, followed.id, followed.outcome)
        line = Line(item.line, followed.id, job.pack.name, job.kind, source)
        output.take(as_line(followed.outcome, line))
        if isinstance(followed.outcome, Mapped):
            _remember(job, followed.id, followed.outcome.payloads)
        if beat is not None:
            beat(tally.read)
    return tally


def _outcome(job: Job, item: Item) -> tuple[Followed, Value]:
    if isinstance(item, Unreadable):
        reason = Reason("unreadable_input", item.told)
        return Followed(Rejected((reason,)), None), item.source
    return follow(job.mapper, item.record), item.record


def _remember(job: Job, id: str | None, payloads: Iterable[Payload | QuickPayload]) -> None:
    """Note what the record becomes, where a later record of the run can refer to it."""
    if id is not None and job.linked:
        for each in payloads:
            if each.object in job.linked:
                job.options.made[each.object, id] = None
