"""Wordings of M7xx that only the language can raise: work without end."""

from __future__ import annotations

from mapping_engine.source.codes import Wording, problem

__all__ = ["too_much_work"]


@problem("M715", "too-much-work", reason="too_much_work")
def too_much_work(value: str | None, steps: int) -> Wording:
    """A record makes the pack visit more list items than one record may cost."""
    return Wording(
        message=f"this record needs more than {steps:,} steps",
        label="counted here",
        hint="a list inside a list multiplies; look the item up in a table instead",
    )
