"""
Pick one record out of an input, and have it explained by the mappers of a job.

A record is known by its id: with `--from` both the id that the vendor gave and the one of
the canonical record count. The whole input is read, so that it can be said how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from mapping_engine.batch.items import Entry, Item, Unreadable
from mapping_engine.batch.job import Job
from mapping_engine.runtime.compose import Composed, Mapper, given_id, record_id
from mapping_engine.runtime.outcome import Mapped, Outcome, Reason, Rejected
from mapping_engine.runtime.trace import TracingMapper
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.value import Value
from mapping_engine.workbench.explain import Explanation, Stage, explain, untraced
from mapping_engine.workbench.problems import field_not_filled, record_not_found

__all__ = ["Picked", "explained", "pick"]

_MOST_IDS = 20_000  # so many are compared for a near one


class Picked(Struct, frozen=True):
    """A record that was picked, its id, and of how many it is one."""

    item: Item
    id: str | None
    count: int


def pick(
    job: Job, items: Iterable[Item], name: str, report: Report,
    *, id: str | None = None, line: int | None = None,
) -> Picked | None:  # fmt: skip
    """Return the record of that id or line, else the first; None when the report says why not."""
    found: tuple[Item, str | None] | None = None
    count = 0
    seen: list[str] = []
    for item in items:
        count += 1
        if found is not None:
            continue
        ids = _ids(job.mapper, item) if id is not None else []
        if id in ids or (id is None and line in (None, item.line)):
            found = item, _ids(job.mapper, item)[0] if isinstance(item, Entry) else None
        elif len(seen) < _MOST_IDS:
            seen.extend(each for each in ids if each is not None)
    if found is None:
        asked = f"on line {line}" if line is not None else id
        report.add(record_not_found(None, name, asked, seen, count))
        return None
    return Picked(*found, count)


def _ids(mapper: Mapper, item: Item) -> list[str | None]:
    """Return the ids of a record, the one first under which a run accounts for it."""
    if isinstance(item, Unreadable):
        return []
    if not isinstance(mapper, Composed):
        return [given_id(mapper, item.record)]
    own = given_id(mapper.first, item.record)
    read = mapper.first.map(item.record)
    canonical = record_id(read.payloads[0].payload) if isinstance(read, Mapped) else None
    return [canonical or own, own]


def explained(
    job: Job, item: Item, report: Report, *, only: str | None = None, redact: bool = False
) -> Explanation:
    """Return why a record became what it became; report an `only` that no rule is about."""
    if isinstance(item, Unreadable):
        return untraced(job.pack.name, Rejected((Reason("unreadable_input", item.told),)))
    stages, outcome = _stages(job.mapper, item.record)
    if outcome is not None:
        return untraced(job.pack.name, outcome)
    told = explain(stages, only=only, redact=redact)
    if only is not None and isinstance(told.outcome, Mapped) and not (told.fields or told.left_out):
        names = {each.name: None for each in stages[-1].trace.steps if each.kind != "decision"}
        report.add(field_not_filled(None, stages[-1].pack, only, names))
    return told


def _stages(mapper: Mapper, record: Value) -> tuple[list[Stage], Outcome | None]:
    """Return what each pack did; and the outcome where a pack only says that it takes none."""
    stages: list[Stage] = []
    for each in (mapper.first, mapper.second) if isinstance(mapper, Composed) else (mapper,):
        if not isinstance(each, TracingMapper):
            return stages, each.map(record)
        trace = each.explain(record)
        mapping = each.mapping
        kind = mapping.kind if mapping.direction == "out" else mapping.payloads[0].object
        stages.append(Stage(each.program, kind, trace))
        if not isinstance(trace.outcome, Mapped):
            break
        record = trace.outcome.payloads[0].payload
    return stages, None
