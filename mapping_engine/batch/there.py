"""
Compare what would be sent with what the other system holds: a field that differs is told.

What is held comes from a file of that system's payloads. A record is found there by the match
keys of the mapping, in their order. A difference is a warning that names the fields and never
their values; only fields that both sides fill are compared, since what a record does not speak
of is left as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from mapping_engine.batch.items import Item, Unreadable
from mapping_engine.batch.problems import before_unreadable
from mapping_engine.runtime.compose import Composed, Mapper
from mapping_engine.runtime.differences import Path, at, changes
from mapping_engine.runtime.mapper import InterpretedMapper
from mapping_engine.runtime.outcome import Mapped, Outcome, Payload, Warned
from mapping_engine.runtime.patch import SinceMapper
from mapping_engine.runtime.program import PayloadProgram
from mapping_engine.runtime.targets import answer_of
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.conform import as_written, conform
from mapping_engine.values.json import compact
from mapping_engine.values.value import Value, is_empty

__all__ = ["There", "writing"]

DRIFT = "drift"
_Key = tuple[str, tuple[str, ...], bytes]


def writing(mapper: Mapper) -> InterpretedMapper | None:
    """Return the mapper that makes the payloads; None where nothing is made."""
    if isinstance(mapper, SinceMapper):
        return writing(mapper.mapper)
    if isinstance(mapper, Composed):
        return writing(mapper.second)
    return mapper if isinstance(mapper, InterpretedMapper) else None


class There:
    """What the other system holds, by the match keys under which a payload finds it."""

    def __init__(self, mapper: Mapper) -> None:
        self._mapper = writing(mapper)
        self._held: dict[_Key, Mapping[str, Value]] = {}
        self.held = self.unfit = self.compared = self.not_found = 0
        #: How many records differ, by field.
        self.differing: Counter[str] = Counter()

    def read(self, name: str, items: Iterable[Item], report: Report) -> None:
        """Take in the payloads of a file; a line that is none is reported."""
        for item in items:
            if isinstance(item, Unreadable):
                report.add(before_unreadable(None, "--there", name, item.line))
                return
            self.held += 1
            taken = [self._takes(each, item.record) for each in self._programs()]
            self.unfit += not any(taken)

    def judged(self, outcome: Outcome) -> Outcome:
        """Return the outcome, with a warning for each payload that differs from what is held."""
        if not isinstance(outcome, Mapped):
            return outcome
        warned = (each for payload in outcome.payloads for each in self._warned(payload))
        return replace(outcome, warnings=(*outcome.warnings, *warned))

    def as_json(self) -> dict[str, Value]:
        """Return how many were compared, and in which fields they differ.

        What is `unfit` is no payload of this mapping, such as an object of another kind.
        """
        fields = sorted(self.differing.items(), key=lambda each: (-each[1], each[0]))
        counts = {name: getattr(self, name) for name in ("held", "unfit", "compared", "not_found")}
        return {**counts, "differing": dict(fields)}

    def _programs(self) -> tuple[PayloadProgram, ...]:
        return self._mapper.mapping.payloads if self._mapper is not None else ()

    def _takes(self, program: PayloadProgram, given: Value) -> bool:
        """Whether something held fits a payload; then its match keys are known."""
        assert self._mapper is not None
        read = conform(given, answer_of(program.target), self._mapper.options.limits,
                       drop_unknown=True, blank_is_null=True)  # fmt: skip
        if read.misfits or not isinstance(read.value, dict):
            return False
        held = as_written(read.value, program.target)
        assert isinstance(held, dict)
        for key in _keys(program, held):
            self._held.setdefault(key, held)
        return True

    def _warned(self, payload: Payload) -> Iterator[Warned]:
        program = next(each for each in self._programs() if each.rule.name == payload.mapping)
        known = (self._held.get(key) for key in _keys(program, payload.payload))
        held = next((each for each in known if each is not None), None)
        if held is None:
            self.not_found += 1
            return
        self.compared += 1
        differing = [".".join(path) for path in _differing(held, payload.payload)]
        self.differing.update(differing)
        if differing:
            names = ", ".join(f"`{each}`" for each in differing)
            yield Warned(DRIFT, f"the other side holds something else in {names}")


def _keys(program: PayloadProgram, payload: Mapping[str, Value]) -> Iterator[_Key]:
    """Yield the match keys that are filled; a record that is read is known by its id."""
    for names in program.match or (("id",),):
        values = [payload.get(name) for name in names]
        if not any(map(is_empty, values)):
            yield program.rule.name, names, compact(values).encode()


def _differing(held: Mapping[str, Value], sent: Mapping[str, Value]) -> Iterator[Path]:
    """Yield the places that both fill, and fill with something else."""
    for path in changes(held, sent):
        if not is_empty(at(held, path)) and not is_empty(at(sent, path)):
            yield path
