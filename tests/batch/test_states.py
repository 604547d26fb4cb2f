"""Every outcome leaves a record in one of the five states that the customer shows as colours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mapping_engine.batch.states import SyncState, state_of
from mapping_engine.batch.tally import Tally
from mapping_engine.packs.reasons import ENGINE_REASONS
from mapping_engine.runtime.outcome import Mapped, Outcome, Reason, Rejected, Skipped
from mapping_engine.runtime.problems import nothing_applies
from mapping_engine.runtime.quick import QuickRun

COMMON = Path(__file__).parents[2] / "schemas" / "canonical" / "common.schema.json"
TOLD = nothing_applies(None, None)


@pytest.mark.parametrize("outcome, state, colour", [
    (Mapped(()), "pending", "light blue"),
    (Skipped("unchanged", None), "synchronized", "green"),
    (Skipped("already_sent", None), "synchronized", "green"),
    (Skipped("owner_is_other_system", None), "unsynchronized", "gray"),
    (Rejected((Reason("contact_not_found", TOLD),)), "error", "red"),
    (Rejected((Reason("contact_not_found", TOLD, retry=True),)), "pending", "light blue"),
    (Rejected((Reason("unreadable_input", TOLD),)), "unknown", "yellow"),
])  # fmt: skip
def test_an_outcome_has_a_colour(outcome: Outcome, state: str, colour: str) -> None:
    found = state_of(outcome)
    assert (found.value, found.colour) == (state, colour)


def test_the_link_opens_when_both_sides_are_in_step_only() -> None:
    assert [each.value for each in SyncState if each.opens_link] == ["synchronized"]


def test_the_states_are_those_of_the_schema() -> None:
    words = json.loads(COMMON.read_text())["$defs"]["sync_status"]["enum"]
    assert [each.value for each in SyncState] == words
    assert "unchanged" in ENGINE_REASONS


def test_the_states_count_every_record_on_either_way() -> None:
    tally = Tally()
    tally.take_run(QuickRun([0], [1], [b""], ["a"], [[]]))
    tally.take(2, "b", Mapped(()))

    assert dict(tally.states) == {SyncState.PENDING: tally.read}
