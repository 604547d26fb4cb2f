"""
Whether a run made the same payloads, and rejected the same records, as a hand-written program.

Numbers are compared as the decimals that are written, the order of lists counts, that of members
does not. A record is known by its place: the hand-written programs write a line for each, the
engine writes mapped and rejected apart, in the order of the records.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

__all__ = ["Different", "demand_equal", "rejected_of"]

_DECODER = json.JSONDecoder(parse_float=Decimal)


class Different(Exception):
    """The outputs differ; says where first."""


def demand_equal(by_hand: Path, run: Path) -> int:
    """Compare a hand-written program's file with a run's folder; return how many were equal."""
    payloads = _lines(run / "mapped.ndjson")
    rejected = rejected_of(run / "rejected.ndjson")
    count = 0
    for count, wanted in enumerate(_lines(by_hand), start=1):
        if "_reject" in wanted:
            reason = rejected.pop(wanted["ExternalId"], "not rejected")
            if reason != wanted["_reject"]:
                raise Different(f"record {count}: {wanted} became {reason}")
            continue
        found = next(payloads, None)
        if found is not None and "payloads" in found:
            (only,) = found["payloads"]
            found = only["payload"]
        if wanted != found:
            raise Different(f"record {count}\nby hand  {wanted}\nengine   {found}")
    more = next(payloads, None)
    if more is not None or rejected:
        raise Different(f"not made by hand: {more or rejected}")
    return count


def rejected_of(path: Path) -> dict[str, str]:
    """Return the first reason of each rejected record by its id."""
    return {each["id"]: each["reasons"][0]["reason"] for each in _lines(path)}


def _lines(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8") as file:
        yield from map(_DECODER.decode, file)
