"""The payloads of every case of a pack as its target would get them, with all ids filled in."""

from __future__ import annotations

import re
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
#: The steps of a place such as `Line[1].LinkedTxn[0].TxnId`.
_STEP = re.compile(r"\[\d+\]|[^.\[]+")


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


def whole(payload: Payload, id: str = AN_ID) -> dict[str, Any]:
    """Return a payload with an id wherever its sender still waits for one."""
    made: Value = dict(payload.payload)
    for need in payload.needs:
        made = _put(made, _STEP.findall(need.place), id)
    assert isinstance(made, dict)
    return made


def _put(value: Value, steps: list[str], id: str) -> Value:
    """Return a value with an id at a place in it, with the objects that lead there."""
    match value, steps:
        case _, []:
            return id
        case list(), [step, *below]:
            return [_put(e, below, id) if f"[{n}]" == step else e for n, e in enumerate(value)]
        case _, [step, *below]:
            members = value if isinstance(value, dict) else {}
            return {**members, step: _put(members.get(step), below, id)}
        case _:
            raise AssertionError(steps)
