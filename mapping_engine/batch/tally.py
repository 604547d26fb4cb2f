"""Count what becomes of the records of a run, and keep a few refusals of each reason to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from mapping_engine.batch.states import SyncState, state_of
from mapping_engine.batch.totals import Totals
from mapping_engine.runtime.outcome import Mapped, Outcome, Rejected, Skipped
from mapping_engine.source.diagnostic import Diagnostic

if TYPE_CHECKING:
    from mapping_engine.runtime.quick import QuickRun

__all__ = ["Tally"]

_SHOWN_OF_EACH: Final = 3


class Tally:
    """The counts of a run. A record with several reasons counts once, under its first."""

    def __init__(self, totals: Iterable[tuple[str, str | None]] = ()) -> None:
        self.read = self.mapped = self.skipped = self.rejected = 0
        self.skipped_by_reason: Counter[str] = Counter()
        self.rejected_by_reason: Counter[str] = Counter()
        self.payloads: Counter[str] = Counter()
        self.warnings: Counter[str] = Counter()
        self._states: Counter[SyncState] = Counter()
        self._pending = 0
        self.totals = Totals(totals)
        #: The first few refusals of each reason, for people.
        self.shown: dict[str, list[Diagnostic]] = {}

    def take(self, line: int, id: str | None, outcome: Outcome) -> None:
        """Count one record."""
        self.read += 1
        self.totals.take(outcome)
        self._states[state_of(outcome)] += 1
        match outcome:
            case Mapped():
                self.mapped += 1
                self.payloads.update(each.object for each in outcome.payloads)
                self.warnings.update(each.reason for each in outcome.warnings)
            case Skipped():
                self.skipped += 1
                self.skipped_by_reason[outcome.reason] += 1
            case Rejected():
                self.rejected += 1
                self._reject(line, id, outcome)

    def take_run(self, run: QuickRun) -> None:
        """Count the records of lines that were mapped on the quick way."""
        count = len(run.lines)
        self.read += count
        self.mapped += count
        self._pending += count
        self.payloads.update([kind[0] for made in run.payloads for kind, _, _ in made])
        self.warnings.update([each.reason for found in run.warnings for each in found])
        self.totals.take_mapped(run.totals)

    @property
    def states(self) -> Counter[SyncState]:
        """How many records are in which state."""
        return self._states + Counter({SyncState.PENDING: self._pending})

    def _reject(self, line: int, id: str | None, outcome: Rejected) -> None:
        reason = first_reason(outcome)
        self.rejected_by_reason[reason] += 1
        shown = self.shown.setdefault(reason, [])
        if len(shown) == _SHOWN_OF_EACH:
            return
        named = f"{id}, line {line}" if id is not None else f"line {line}"
        for each in outcome.reasons[:1]:
            told = each.diagnostic.with_note("record", named).with_note("reason", reason)
            shown.append(told.with_note("read", each.read) if each.read else told)

    @property
    def adds_up(self) -> bool:
        """Whether every record is accounted for, and every control total."""
        return self.read == self.mapped + self.skipped + self.rejected and self.totals.add_up


def first_reason(outcome: Rejected) -> str:
    """Return the word under which a rejected record is counted."""
    return outcome.reasons[0].reason if outcome.reasons else "unreadable_input"
