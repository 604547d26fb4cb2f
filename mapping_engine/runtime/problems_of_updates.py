"""Wordings of M7xx that arise between records: updates, answers, two records that are one."""

from __future__ import annotations

from mapping_engine.source.codes import Wording, problem
from mapping_engine.values.misfit import Misfit

__all__ = ["cannot_be_cleared", "match_key_taken", "not_recognised", "wrong_answer"]


@problem("M740", "cannot-be-cleared", reason="cannot_be_cleared")
def cannot_be_cleared(value: str | None, field: str) -> Wording:
    """
    A record clears a field that the target cannot hold empty.

    What a record does not speak of is never cleared. What it says is empty is cleared with
    null; a target that takes no null there would go on showing the old value.
    """
    return Wording(
        message=f"`{field}` is empty now, and the target cannot be told so",
        label="made by this rule",
        hint="clear it in the target by hand; with `on_empty: omit` the old value stays",
    )


@problem("M741", "update-without-match", reason="missing_match_key")
def not_recognised(value: str | None, payload: str) -> Wording:
    """A record changed, and the payload has no field by which the target recognises it."""
    return Wording(
        message=f"`{payload}` has no `match`, so that a change has no record to go to",
        label="sent once and never changed",
        hint="name the fields that recognise the record under `match`",
    )


@problem("M742", "wrong-answer", reason="unreadable_input")
def wrong_answer(value: str | None, object: str, misfit: Misfit) -> Wording:
    """What the target answered does not fit its own schema, so nothing is written back."""
    return Wording(
        message=f"the answer is no `{object}`: {misfit.sentence}",
        label="answered for this",
        hint="look at what the connector hands back: the object inside the vendor's envelope",
    )


@problem("M743", "match-key-taken", reason="duplicate_match_key")
def match_key_taken(value: str | None, names: str, other: str) -> Wording:
    """
    Two records of one run would be the same record of the target.

    The second would overwrite what the first has just made there, so it is rejected.
    """
    return Wording(
        message=f"{names} is the same as in {other}: both would be one record of the target",
        label="recognises the record",
        hint="merge the two, or give one of them a number of its own",
    )
