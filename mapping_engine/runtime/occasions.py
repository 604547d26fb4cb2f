"""Tell whether a system has a record already: it came from there, has an id there, or is linked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mapping_engine.runtime.linking import LinkBook
from mapping_engine.runtime.program import Occasion, PayloadProgram
from mapping_engine.values.value import Value, is_empty

__all__ = ["OWN_NAMES", "occasion_of"]

#: The members of a record that are asked.
OWN_NAMES: Final = ("source_system", "external_ids", "number")


def occasion_of(
    program: PayloadProgram, record: Value, links: LinkBook, *, system: str | None
) -> Occasion:
    """Return whether a payload makes something or changes it; `system` made the record, perhaps."""
    if program.operation == "create":
        return "create"
    if program.operation != "upsert" or not isinstance(record, dict):
        return "update"
    if system is not None and _is_of(system, record):
        return "update"
    keys = {"id": links.record_id or ""}
    if isinstance(record.get("number"), str):
        keys["number"] = str(record["number"])
    is_known = links.references.link(program.object, keys) is not None
    return "update" if is_known else "create"


def _is_of(system: str, record: Mapping[str, Value]) -> bool:
    """Whether a record came from a system, or carries the id that it has there."""
    ids = record.get("external_ids")
    return record.get("source_system") == system or any(
        isinstance(each, dict)
        and (each.get("system"), each.get("use")) == (system, "internal")
        and not is_empty(each.get("value"))
        for each in (ids if isinstance(ids, list) else ())
    )
