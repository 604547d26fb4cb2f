"""The records of the cases of shipped packs, and the ids they know: good beginnings for others."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from shipped_packs import PATH, Links

from mapping_engine.packs.model import KnownId
from mapping_engine.packs.reading import entries, text, word
from mapping_engine.runtime.program import MappingProgram
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.node import MappingNode, Node, ScalarNode
from mapping_engine.values.conform import conform
from mapping_engine.workbench.case_packs import CasePack, open_case_pack
from mapping_engine.workbench.case_runs import cases_of
from mapping_engine.workbench.cases import Case, given_record

__all__ = ["case_links", "case_records"]


@lru_cache
def _cases(pack: str) -> tuple[CasePack, list[Case]]:
    report = Report()
    opened = open_case_pack(pack, PATH, report)
    report.raise_if_errors()
    assert opened is not None
    found = [each for each in cases_of(opened, Report()) if isinstance(each, Case)]
    return opened, found


def case_records(pack: str, file: str, mapping: MappingProgram) -> list[dict[str, Any]]:
    """Return the records of the cases of a mapping file that its mapping, of one way, reads."""
    opened, cases = _cases(pack)
    rule = opened.pack.mappings[file]
    usual = "out" if rule.direction == "both" else rule.direction
    found = []
    for case in cases:
        if (case.mapping.value, case.direction or usual) == (file, mapping.direction):
            record = given_record(case, mapping.reads, Report())
            blanks = mapping.direction == "in" and opened.pack.blank_is_null
            read = conform(record, mapping.reads, blank_is_null=blanks)
            if isinstance(record, dict) and not read.misfits:
                found.append(record)
    return found


def case_links(pack: str) -> Links:
    """Return the ids that the cases of a pack say the target has given: object → ours → theirs."""
    found: dict[str, dict[str, KnownId]] = {}
    for case in _cases(pack)[1]:
        for object in entries(case.root.get("links")):
            known = ((each.key.text, _known_id(each.value)) for each in entries(object.value))
            found.setdefault(object.key.text, {}).update((o, id) for o, id in known if id)
    return found


def _known_id(node: Node) -> KnownId | None:
    if isinstance(node, MappingNode):
        return KnownId(text(node, "id") or "", text(node, "version"))
    theirs = word(node) if isinstance(node, ScalarNode) else None
    return KnownId(theirs.value) if theirs else None
