"""
What is unsound does not validate: no fault in a shipped pack passes and makes a wrong payload.

Seeded faults (`pack_faults`) are put into the texts of the packs, one at a time. Each is refused
by `validate`, nearly always with a place in the line that was changed; or it still makes only
payloads that the target takes, with another meaning. Such survivors are listed by kind with the
reason why no checker could know; the pack's cases are there to catch them.
What a fault cannot have changed is not asked again: schemas, firm, and the mappings that its
file does not belong to.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as varied
from functools import cache, lru_cache
from random import Random
from types import MappingProxyType
from typing import Literal as Word

import pytest
from likely_values import likely_values
from msgspec.structs import replace
from pack_faults import Fault, faults_in
from shipped_packs import PACKS, PATH, InForce, firm_of, folder_of, in_force, mappings_of
from steered_records import SteeredRecords
from test_soundness import faults

from mapping_engine.packs.finder import PackFolder, case_sources
from mapping_engine.packs.firm import FirmLayer, load_firm
from mapping_engine.packs.loader import load
from mapping_engine.packs.overlay import merge
from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.runtime.assemble import build
from mapping_engine.runtime.mapper import InterpretedMapper
from mapping_engine.runtime.program import Program
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.text import SourceText
from mapping_engine.values.value import Value
from mapping_engine.workbench.case_packs import CasePack
from mapping_engine.workbench.case_runs import run_case
from mapping_engine.workbench.cases import Case, read_case

DEEP = int(os.environ.get("MAPPING_ENGINE_DEEP") or 1)
#: All packs together; at least 500.
FAULTS = 600 * DEEP
RECORDS = 60 * DEEP

#: Kinds of fault that may pass, and why no checker could know. What they send is another
#: business value, and valid; the cases of the pack are there to catch it.
SURVIVORS = {
    "rename word": "a word of the same type, or in a part that a setting switches off",
    "rename key": "only where the key means the same in another place",
    "swap words": "another field of a fitting type",
    "swap fields": "both rules fit both fields",
    "drop field": "the target does not demand the field",
    "drop helper": "nothing asks the helper, which advice tells",
    "drop reason": "the engine knows a reason of the same name, with a sentence of its own",
    "drop row": "the rows come from elsewhere, or another row covers the rest",
    "drop decision": "the record is sent though somebody decided that it should not be",
    "drop policy": "the field fits without it, or is refused instead of left out",
    "drop setting": "nothing asks the setting, which advice tells",
    "wrong type": "a constant of the field's own type",
    "widen": "the wider value fits, or what does not fit is refused when it comes (a guard)",
    "wrong row": "another word that the target knows",
    "misspelt cell": "a sentence for people, or a word of a column that takes any text",
    "column type": "a wider type, which every cell and every use still fits",
    "lost quote": "the word is a field of a fitting type, too",
    "added quote": "a text where the target takes any text, which advice tells",
    "operator": "a condition that means something else",
    "constant": "another number that fits, or that is refused when it comes (a guard)",
    "misspelt text": "a text that the target takes as it is",
    "operation": "another operation; what is sent is the same",
    "policy": "another policy that fits the field",
    "match key": "another field that the target has",
    "setting": "another default of the same type",
}
#: How many of the survivors the cases of each pack catch at least; of all of them 78 %. The others
#: change what no case looks at: constants of a record's head, a status that no case has.
CAUGHT = 0.6


@dataclass(frozen=True)
class Tried:
    """What became of one fault."""

    pack: str
    fault: Fault
    errors: tuple[Diagnostic, ...]
    wrong: tuple[str, ...]

    @property
    def is_refused(self) -> bool:
        return bool(self.errors)

    @property
    def is_placed(self) -> bool:
        """Whether a message points into the lines that were changed."""
        text = folder_of(self.pack).sources[self.fault.file].text
        lines = self.fault.lines(text)
        for each in self.errors:
            for span in (each.span, *(label.span for label in each.labels)):
                if span is not None and span.source.name.endswith(f"/{self.fault.file}"):
                    first = span.source.text.count("\n", 0, span.start) + 1
                    last = span.source.text.count("\n", 0, span.end) + 1
                    if first <= lines[-1] and last >= lines[0]:
                        return True
        return False

    def __str__(self) -> str:
        text = folder_of(self.pack).sources[self.fault.file].text
        fault = self.fault
        line = fault.lines(text)[0]
        old = text[fault.start : fault.end].strip()
        return f"{self.pack}/{fault.file}:{line} {fault.kind}: {old!r} -> {fault.text!r}"


def changed(pack: str, fault: Fault) -> PackFolder:
    """Return the folder of a pack with a fault in one of its texts."""
    folder = folder_of(pack)
    source = folder.sources[fault.file]
    wrong = SourceText(source.name, fault.applied(source.text))
    return replace(folder, sources=MappingProxyType({**folder.sources, fault.file: wrong}))


def tried(pack: str, fault: Fault) -> Tried:
    """Validate a pack with a fault; map records with it when it passes."""
    report, only = Report(), mappings_of(pack, fault.file)
    alone = load(changed(pack, fault), report)
    program = build(merge(alone, layer_of(pack), report), schemas_of(pack), report, only=only)
    if not report.has_errors:
        build(alone, schemas_of(pack), report, only=only)
    wrong = () if report.has_errors else tuple(breaks(pack, program))
    return Tried(pack, fault, tuple(report.errors), wrong)


@lru_cache
def layer_of(pack: str) -> FirmLayer:
    """Return what the firm of a pack says."""
    found = load_firm(firm_of(pack), pack, Report())
    assert found is not None
    return found


@lru_cache
def schemas_of(pack: str) -> SchemaStore:
    """Return the schemas that a pack is checked against."""
    return SchemaStore(PATH.schemas, [folder_of(pack).path / "schemas"])


def breaks(pack: str, program: Program) -> Iterator[str]:
    """Yield what is wrong with what a faulty pack makes of records."""
    variant = varied(usual(pack), program=program)
    for mapping in program.mappings.values():
        mapper = InterpretedMapper(program, mapping, variant.options)
        for record in records(pack, mapping.direction, mapping.kind):
            yield from faults(mapper.map(record), variant, mapping, False)


@lru_cache
def usual(pack: str) -> InForce:
    """Return a pack as it is, with its firm."""
    return next(in_force(pack))


@cache
def records(pack: str, direction: Word["out", "in"], kind: str) -> list[Value]:
    """Return records of a kind that the pack, as it is, mostly maps."""
    plain = usual(pack)
    mapping = plain.program.find(kind, direction)
    if mapping is None:
        return []
    steered = SteeredRecords(mapping, likely_values(mapping, plain.options), Random(7))
    mapper = InterpretedMapper(plain.program, mapping, plain.options)
    made: list[Value] = []
    for _ in range(900):
        record = steered.next()
        steered.learn(record, mapper.map(record))
        made.append(record)
    return made[-RECORDS:]


def all_tried(pack: str) -> list[Tried]:
    """Return what became of the faults of a pack."""
    chance = Random(pack)
    found = [
        fault for name, source in sorted(folder_of(pack).sources.items()) if name.endswith(".yaml")
        for fault in faults_in(name, source.text, chance)
    ]  # fmt: skip
    count = min(len(found), FAULTS // len(PACKS))
    return [tried(pack, each) for each in chance.sample(found, count)]


@lru_cache
def cases(pack: str) -> list[Case]:
    folder = folder_of(pack)
    sources = case_sources(folder, Report())
    read = [read_case(n, each, folder.path / "cases", Report()) for n, each in sources.items()]
    return [each for each in read if each is not None]


def is_caught(survivor: Tried) -> bool:
    """Whether a case of the pack fails because of a fault."""
    folder = changed(survivor.pack, survivor.fault)
    pack = CasePack(folder, load(folder, Report()), schemas_of(survivor.pack))
    only = mappings_of(survivor.pack, survivor.fault.file)
    asked = [each for each in cases(survivor.pack) if only is None or each.mapping.value in only]
    return any(run_case(pack, each).status != "passed" for each in asked)


@pytest.mark.parametrize("pack", PACKS)
def test_a_fault_is_refused_where_it_stands_or_sends_another_valid_value(pack: str) -> None:
    found = all_tried(pack)

    survivors = [each for each in found if not each.is_refused]
    assert [] == [f"{each}: {each.wrong}" for each in survivors if each.wrong]
    assert [] == [str(each) for each in survivors if each.fault.kind not in SURVIVORS]
    # What is gone has no line; what is told of it names what is missing.
    refused = [each for each in found if each.is_refused and not each.fault.is_gone]
    elsewhere = [str(each) for each in refused if not each.is_placed]
    assert len(elsewhere) <= 0.05 * len(refused), elsewhere
    tested = survivors[: 25 * DEEP]
    missed = [str(each) for each in tested if not is_caught(each)]
    assert len(missed) <= (1 - CAUGHT) * len(tested), missed
