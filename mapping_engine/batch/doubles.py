"""
Find records of one run that are one: surely, by their match key, or likely, by what they say.

A second record with the match key of another would overwrite it in the target: it is rejected.
Likely doubles and links without a record are listed for a clean-up, when that is asked for,
by their ids and never by their values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from mapping_engine.batch.job import Job
from mapping_engine.batch.links import KnownLinks
from mapping_engine.batch.owners import Owner, Owners
from mapping_engine.runtime.likeness import likenesses
from mapping_engine.runtime.outcome import Mapped, Outcome, Payload, Reason, Rejected
from mapping_engine.runtime.payloads import MADE_ONCE, Kind, key_of
from mapping_engine.runtime.problems_of_updates import match_key_taken
from mapping_engine.source.text import Span
from mapping_engine.values.value import Value

if TYPE_CHECKING:
    from mapping_engine.runtime.quick import QuickRun

__all__ = ["Collisions", "Doubles"]


class Collisions:
    """The match keys of a run, and which record each belongs to."""

    def __init__(self, job: Job, owners: Owners) -> None:
        self._job, self._owners = job, owners

    def judged(self, outcome: Outcome, line: int, id: str | None) -> Outcome:
        """Return the outcome, or the rejection of a record whose match key is taken."""
        if not isinstance(outcome, Mapped):
            return outcome
        made = [each for each in outcome.payloads if each.operation in MADE_ONCE and each.match]
        keys = [((each.object, tuple(each.match)), key_of(each.match)) for each in made]
        for kind, key in keys:
            self._owners.recall(kind, [key])
        taken = self._take(keys, line if id is None else id)
        if taken is None:
            self._owners.put_aside()
            return outcome
        (kind, key), payload = keys[taken], made[taken]
        return Rejected((self._reason(payload, self._owners.late[kind][key]),), outcome.totals)

    def takes(self, run: QuickRun) -> int:
        """Return for how many lines, from the first on, the match keys are free; they are taken."""
        self._recall(run)
        free = self._take_lines(run)
        self._owners.put_aside()
        return free

    def _recall(self, run: QuickRun) -> None:
        asked: defaultdict[Kind, list[Hashable]] = defaultdict(list)
        for payloads in run.payloads if self._owners.has_file else ():
            for kind, key, _ in payloads:
                asked[kind].append(key)
        for kind, keys in asked.items():
            self._owners.recall(kind, keys)

    def _take_lines(self, run: QuickRun) -> int:
        known = self._owners.late
        for at, (id, payloads) in enumerate(zip(run.ids, run.payloads, strict=True)):
            owner = run.numbers[at] if id is None else id
            if len(payloads) == 1:
                kind, key, _ = payloads[0]
                if key is not None and known[kind].setdefault(key, owner) != owner:
                    return at
                continue
            keys = [(kind, key) for kind, key, _ in payloads if key is not None]
            if self._take(keys, owner) is not None:
                return at
        return len(run.lines)

    def _take(self, keys: Sequence[tuple[Kind, Hashable]], owner: Owner) -> int | None:
        """Take keys for a record; return the place of the first that another has, if one has."""
        for at, (kind, key) in enumerate(keys):
            if self._owners.late[kind].get(key, owner) != owner:
                return at
        for kind, key in keys:
            self._owners.late[kind][key] = owner
        return None

    def _reason(self, payload: Payload, owner: Owner) -> Reason:
        names = " + ".join(f"`{name}`" for name in payload.match)
        other = f"`{owner}`" if isinstance(owner, str) else f"line {owner}"
        told = match_key_taken(self._span(payload), None, names, other)
        return Reason("duplicate_match_key", told, next(iter(payload.match)))

    def _span(self, payload: Payload) -> Span | None:
        """Return where the pack names the match key."""
        names = tuple(payload.match)
        for mapping in self._job.pack.mappings.values():
            for rule in mapping.payloads:
                if (rule.name, rule.object.value) == (payload.mapping, payload.object):
                    keys = [each for each in rule.match if tuple(n.value for n in each) == names]
                    return keys[0][0].span if keys else None
        return None


class Doubles:
    """What the records of a run have in common, for the section `duplicates` of its report."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._alike: dict[tuple[str, bytes], dict[str, None]] = {}
        self._met: set[str] = set()

    def take(self, record: Value, line: int, id: str | None) -> None:
        """Note one record, whatever became of it."""
        named = id if id is not None else f"line {line}"
        self._met.add(named)
        for name, text in likenesses(self._job.mapper, record).items():
            key = name, blake2b(text.encode(), digest_size=16).digest()
            self._alike.setdefault(key, {})[named] = None

    def as_json(self) -> dict[str, Value]:
        """Return likely doubles, and ids of the other system whose record did not come."""
        return {
            "likely": [
                {"by": name, "records": list(records)}
                for (name, _), records in self._alike.items()
                if len(records) > 1
            ],
            "orphans": [{"object": each, "record": id} for each, id in self._orphans()],
        }

    def _orphans(self) -> Iterator[tuple[str, str]]:
        references = self._job.options.references
        kind = self._job.pack.mappings.get(self._job.kind)
        mappings = [each for each in self._job.pack.mappings.values()
                    if each is kind or each.record.value == self._job.kind]  # fmt: skip
        objects = {rule.object.value for each in mappings for rule in each.payloads}
        if isinstance(references, KnownLinks):
            for name, id in references.ids():
                if name in objects and id not in self._met:
                    yield name, id
