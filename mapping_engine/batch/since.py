"""
Read the records as they were when they were last sent, so that a run sends what changed.

They are known by their id. Of several with the same id the last is the one that was sent last.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from mapping_engine.batch.items import Item, Unreadable
from mapping_engine.batch.job import Job
from mapping_engine.batch.problems import before_unreadable
from mapping_engine.runtime.patch import SinceMapper, known_as
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.value import Value

__all__ = ["since"]


def since(job: Job, name: str, items: Iterable[Item], report: Report) -> Job:
    """Return the job that makes updates of the records that `items` hold as they were.

    A line that cannot be read is reported: what was sent then is not known.
    """
    before: dict[str, Value] = {}
    for item in items:
        if isinstance(item, Unreadable):
            report.add(before_unreadable(None, "--since", name, item.line))
            return job
        known = known_as(job.mapper, item.record)
        if known is not None:
            before[known] = item.record
    return replace(job, mapper=SinceMapper(job.mapper, before))
