"""Say how a run went as data: `report.json`, the same for the same run but for its times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from mapping_engine.batch.doubles import Doubles
from mapping_engine.batch.job import Job
from mapping_engine.batch.states import SyncState
from mapping_engine.batch.tally import Tally
from mapping_engine.batch.there import There
from mapping_engine.packs.model import Pack
from mapping_engine.values.value import Value

__all__ = ["report_of"]


def report_of(
    job: Job,
    tally: Tally,
    *,
    strict: bool,
    milliseconds: int,
    doubles: Doubles | None = None,
    there: There | None = None,
) -> dict[str, Value]:
    """Return the report of a run that read its input to the end. It holds no private value."""
    firm = job.pack.firm
    report: dict[str, Value] = {
        "format": 1,
        "pack": _pack(job.pack),
        "from": _pack(job.source) if job.source else None,
        "record": job.kind,
        "firm": firm.id if firm else None,
        "as_of": job.options.as_of,
        "complete": True,
        "read": tally.read,
        "mapped": tally.mapped,
        "skipped": tally.skipped,
        "rejected": tally.rejected,
        "skipped_by_reason": _counts(tally.skipped_by_reason),
        "rejected_by_reason": _counts(tally.rejected_by_reason),
        "sync_states": _states(tally),
        "payloads": dict(tally.payloads),
        "totals": [line.as_json() for line in tally.totals.lines],
        "warnings": [{"reason": n, "count": c} for n, c in _counts(tally.warnings).items()],
        "duplicate_keys": "refused" if strict else "not_checked",
        "seconds": Decimal(milliseconds).scaleb(-3),
        "records_per_second": tally.read * 1000 // max(milliseconds, 1),
    }
    if job.options.drop_unknown:
        report["dropped_members"] = sum(job.options.dropped.values())
    if there is not None:
        report["there"] = there.as_json()
    if doubles is not None:
        report["duplicates"] = doubles.as_json()
    return report


def _states(tally: Tally) -> dict[str, Value]:
    """Return how many records stand how, with the colour that people know."""
    return {
        each.value: {
            "colour": each.colour,
            "opens_link": each.opens_link,
            "records": tally.states[each],
        }
        for each in SyncState
    }


def _pack(pack: Pack) -> Mapping[str, str]:
    return {"name": pack.name, "version": pack.version, "hash": pack.hash}


def _counts(counter: Counter[str]) -> dict[str, int]:
    """Return counts by name, the largest first."""
    return dict(sorted(counter.items(), key=lambda each: (-each[1], each[0])))
