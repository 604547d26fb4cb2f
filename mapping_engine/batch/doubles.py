"""
Find records of one run that are one: surely, by their match key, or likely, by what they say.

A second record with the match key of another would overwrite it in the target: it is rejected.
Likely doubles and links without a record are listed for a clean-up, when that is asked for,
by their ids and never by their values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING

from mapping_engine.batch.job import Job
from mapping_engine.batch.links import KnownLinks
from mapping_engine.runtime.likeness import likenesses
from mapping_engine.runtime.outcome import Mapped, Outcome, Payload, Reason, Rejected
from mapping_engine.runtime.payloads import is_made_once
from mapping_engine.runtime.problems_of_updates import match_key_taken
from mapping_engine.source.text import Span
from mapping_engine.values.json import compact
from mapping_engine.values.value import Value

if TYPE_CHECKING:
    from mapping_engine.runtime.quick import QuickMapped

__all__ = ["Collisions", "Doubles"]


class Collisions:
    """The match keys of a run, and which record each belongs to."""

    def __init__(self, job: Job) -> None:
        self._job = job
        #: By object, match key as JSON: the id or line of its record.
        self._known: defaultdict[str, dict[bytes, str]] = defaultdict(dict)

    def judged(self, outcome: Outcome, line: int, id: str | None) -> Outcome:
        """Return the outcome, or the rejection of a record whose match key is taken."""
        if not isinstance(outcome, Mapped):
            return outcome
        named = f"`{id}`" if id is not None else f"line {line}"
        made = (each for each in outcome.payloads if is_made_once(each.operation, each.match))
        keys = {(each.object, compact(dict(each.match)).encode()): each for each in made}
        for (object, key), payload in keys.items():
            other = self._known[object].get(key, named)
            if other != named:
                return Rejected((self._reason(payload, other),), outcome.totals)
        for object, key in keys:
            self._known[object][key] = named
        return outcome

    def takes(self, done: QuickMapped) -> bool:
        """Whether the match keys of a line are free; then they are its own."""
        named = f"`{done.id}`" if done.id is not None else f"line {done.line}"
        keys = [(self._known[object], key) for object, key, _, _ in done.payloads if key]
        for known, key in keys:
            if known.get(key, named) != named:
                return False
        for known, key in keys:
            known[key] = named
        return True

    def _reason(self, payload: Payload, other: str) -> Reason:
        names = " + ".join(f"`{name}`" for name in payload.match)
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
