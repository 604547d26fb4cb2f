"""
Map the records of an input, account for every one, and hand each outcome on.

Nothing is kept but the counts, so that an input may be as long as it likes: match keys go into a
file (`owners`). Ids of what was made are kept only where the mapping asks for them by `link( )`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import TYPE_CHECKING

from msgspec import Struct

from mapping_engine.batch.doubles import Collisions, Doubles
from mapping_engine.batch.items import Entry, Item, Stretch, Unreadable
from mapping_engine.batch.job import Job
from mapping_engine.batch.outcomes import Line, QuickLines, as_line
from mapping_engine.batch.output import Output
from mapping_engine.batch.owners import Owners
from mapping_engine.batch.tally import Tally
from mapping_engine.batch.there import There
from mapping_engine.runtime.compose import Followed, follow
from mapping_engine.runtime.outcome import Mapped, Reason, Rejected
from mapping_engine.values.json import decode
from mapping_engine.values.value import Value

if TYPE_CHECKING:
    from mapping_engine.runtime.quick import QuickRun

__all__ = ["run"]


def run(
    job: Job, items: Iterable[Item | Stretch], output: Output,
    beat: Callable[[int], None] | None = None, *, doubles: Doubles | None = None,
    there: There | None = None,
) -> Tally:  # fmt: skip
    """Map every item and return the counts; `beat` is told how many records were read so far.

    `doubles` takes in what the records have in common; `there` is what the other system holds.
    """
    lines = QuickLines(job.pack.name, job.kind)
    with closing(Owners()) as owners:
        collisions = Collisions(job, owners)
        going = _Run(job, output, Tally(job.totals), collisions, doubles, there, lines)
        for each in items:
            if isinstance(each, Entry | Unreadable):
                going.take(each)
            else:
                going.take_stretch(each)
            if beat is not None:
                beat(going.tally.read)
    return going.tally


class _Run(Struct):
    """A run under way: where outcomes are counted, compared and written."""

    job: Job
    output: Output
    tally: Tally
    collisions: Collisions
    doubles: Doubles | None
    there: There | None
    lines: QuickLines

    def take(self, item: Item) -> None:
        """Map one record on the exact way, count it and hand it on."""
        job = self.job
        followed, source = _outcome(job, item)
        outcome = followed.outcome
        if self.there is not None:
            outcome = self.there.judged(outcome)
        outcome = self.collisions.judged(outcome, item.line, followed.id)
        if self.doubles is not None and isinstance(item, Entry):
            self.doubles.take(item.record, item.line, followed.id)
        self.tally.take(item.line, followed.id, outcome)
        line = Line(item.line, followed.id, job.pack.name, job.kind, source)
        self.output.take(as_line(outcome, line))
        if isinstance(outcome, Mapped) and job.linked:
            _remember(job, followed.id, [each.object for each in outcome.payloads])

    def take_stretch(self, stretch: Stretch) -> None:
        """Count what went the quick way and hand it on, what is refused in its turn.

        A record whose match key is taken goes the exact way, which says whose it is.
        """
        run, others = stretch.run, deque(stretch.others)
        while True:
            free = self.collisions.takes(run)
            is_all = free == len(run.lines)
            self._hand_on(run if is_all else run.part(0, free))
            while others and (is_all or others[0][0] < run.places[free]):
                _, item = others.popleft()
                self.take(item)
            if is_all:
                return
            self.take(Entry(run.numbers[free], decode(run.lines[free], strict=False)))
            run = run.part(free + 1)

    def _hand_on(self, run: QuickRun) -> None:
        self.tally.take_run(run)
        self.output.take_run(self.lines, run)
        if self.job.linked:
            for id, made in zip(run.ids, run.payloads, strict=True):
                _remember(self.job, id, [kind[0] for kind, _, _ in made])


def _outcome(job: Job, item: Item) -> tuple[Followed, Value]:
    if isinstance(item, Unreadable):
        reason = Reason("unreadable_input", item.told)
        return Followed(Rejected((reason,)), None), item.source
    return item.followed or follow(job.mapper, item.record), item.record


def _remember(job: Job, id: str | None, objects: Iterable[str]) -> None:
    """Note what the record becomes, where a later record of the run can refer to it."""
    if id is not None:
        for each in objects:
            if each in job.linked:
                job.options.made[each, id] = None
