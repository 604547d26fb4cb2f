"""The payloads of every case of a pack as its target would get them, with all ids filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mapping_engine.batch.links import known_links
from mapping_engine.packs.finder import RulesPath
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.runtime.outcome import Mapped, Payload
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.value import Value
from mapping_engine.workbench.case_packs import open_case_pack
from mapping_engine.workbench.case_runs import cases_of
from mapping_engine.workbench.cases import Case, given_record

__all__ = ["SomePayload", "payloads_of_cases", "whole"]

#: What the sender fills in for an id that an earlier payload gets.
AN_ID = "5f2c9a10-0000-4000-8000-00000000abcd"


@dataclass(frozen=True)
class SomePayload:
    """A payload, and what it was made of."""

    origin: str
    object: str
    operation: str
    payload: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.origin} ({self.object})"


def payloads_of_cases(pack: str) -> Iterator[SomePayload]:
    """Yield the payloads of each case of a shipped pack that is mapped."""
    report = Report()
    opened = open_case_pack(pack, RulesPath.of(), report)
    report.raise_if_errors()
    assert opened is not None
    for case in cases_of(opened, Report()):
        assert isinstance(case, Case), case
        program = opened.program(case, report)
        mapping = program.mappings.get(case.mapping.value) if program is not None else None
        if program is None or mapping is None:
            continue
        options = RunOptions(case.as_of, case.parameters, known_links(program.pack, None, report))
        record = given_record(case, mapping.reads, report)
        outcome = InterpretedMapper(program, mapping, options).map(record)
        if isinstance(outcome, Mapped):
            for each in outcome.payloads:
                yield SomePayload(case.file, each.object, each.operation, whole(each))


def whole(payload: Payload) -> dict[str, Any]:
    """Return a payload with the ids filled in that its sender still waits for."""
    made = _filled(payload.payload, {each.place for each in payload.needs}, "")
    assert isinstance(made, dict)
    return made


def _filled(value: Value, places: set[str], at: str) -> Value:
    if isinstance(value, list):
        return [_filled(each, places, f"{at}[{place}]") for place, each in enumerate(value)]
    if not isinstance(value, dict):
        return value
    inside = {name: f"{at}.{name}".lstrip(".") for name in value}
    made = {name: _filled(each, places, inside[name]) for name, each in value.items()}
    for place in places:
        below = place.removeprefix(f"{at}.") if at else place
        steps = below.split(".")
        if (not at or below != place) and steps[0] not in value and "[" not in steps[0]:
            made[steps[0]] = _nested(steps[1:])
    return made


def _nested(steps: list[str]) -> Value:
    return {steps[0]: _nested(steps[1:])} if steps else AN_ID
