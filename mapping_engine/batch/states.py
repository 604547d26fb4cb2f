"""
Say how a record stands with the other system: the five states that people know as colours.

A run knows what it decided, not what the target answers later: what is mapped is pending.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from mapping_engine.runtime.outcome import Mapped, Outcome, Rejected, Skipped

__all__ = ["SyncState", "state_of"]


class SyncState(Enum):
    """How a record stands with the other system, by the word of `sync_status`."""

    SYNCHRONIZED = "synchronized"
    UNSYNCHRONIZED = "unsynchronized"
    PENDING = "pending"
    UNKNOWN = "unknown"
    ERROR = "error"

    @property
    def colour(self) -> str:
        """The colour under which people know the state."""
        return _COLOURS[self]

    @property
    def opens_link(self) -> bool:
        """Whether people can jump to the record on the other side: only when both are in step."""
        return self is SyncState.SYNCHRONIZED


_COLOURS: Final = {
    SyncState.SYNCHRONIZED: "green",
    SyncState.UNSYNCHRONIZED: "gray",
    SyncState.PENDING: "light blue",
    SyncState.UNKNOWN: "yellow",
    SyncState.ERROR: "red",
}
#: Skips of records that the other system has as they are.
_IN_STEP: Final = ("unchanged", "already_sent", "locked")


def state_of(outcome: Outcome) -> SyncState:
    """Return how a record stands after a run: a held one waits, an unreadable one is unknown."""
    match outcome:
        case Mapped():
            return SyncState.PENDING
        case Skipped(reason=reason):
            return SyncState.SYNCHRONIZED if reason in _IN_STEP else SyncState.UNSYNCHRONIZED
        case Rejected(reasons=reasons):
            if reasons and all(each.retry for each in reasons):
                return SyncState.PENDING
            if any(each.reason == "unreadable_input" for each in reasons):
                return SyncState.UNKNOWN
            return SyncState.ERROR
