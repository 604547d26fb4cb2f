"""Words for what is asked of the workbench and is not there (M196 to M199)."""

from __future__ import annotations

from collections.abc import Iterable

from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.suggest import did_you_mean, nearest

__all__ = ["field_not_filled", "record_not_found"]


@problem("M196", "record-not-found")
def record_not_found(input: str, asked: str | None, ids: Iterable[str], count: int) -> Wording:
    """The input has no record of the id that was asked for, none on that line, or none at all."""
    if asked is None or not count:
        return Wording(f"there is nothing to explain: `{input}` holds no record")
    near = nearest(asked, ids)
    holds = "it holds 1 record" if count == 1 else f"it holds {count:,} records"
    return Wording(
        message=f"`{input}` has no record {asked}",
        hint=f"did you mean `{near}`?" if near else holds,
    )


@problem("M197", "field-not-filled")
def field_not_filled(pack: str, name: str, names: Iterable[str]) -> Wording:
    """An explanation is asked for a field that no rule of the pack is about."""
    return Wording(f"no rule of `{pack}` fills `{name}`", hint=did_you_mean(name, names))
