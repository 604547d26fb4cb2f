"""
Advice about fields that records bring and no rule of a mapping reads.

What records bring is known from the pack's own cases: what they fill, somebody fills.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from mapping_engine.packs.files import read_source
from mapping_engine.packs.model import RecordMapping
from mapping_engine.runtime.program import MappingProgram
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.node import Document
from mapping_engine.source.tree import find, plain
from mapping_engine.workbench.paths import read_paths
from mapping_engine.workbench.problems_of_advice import unread_fields
from mapping_engine.workbench.subject import Subject

__all__ = ["unread"]

#: What says which record it is and how it stands; everybody is free not to read it.
_ENVELOPE = ("entity", "schema_version", "source_system", "id", "sync_status")


def unread(subject: Subject) -> Iterator[Diagnostic]:
    """Yield, once for each mapping, the fields that its cases fill and no rule reads."""
    if not subject.of_pack or not subject.cases:
        return
    samples: dict[str, object] = {}
    cases: dict[str, list[Document]] = {}
    for case in subject.cases.values():
        if _text(case, "direction") in ("", "out"):
            cases.setdefault(_text(case, "mapping"), []).append(case)
    for mapping, program in subject.programs():
        filled: dict[str, None] = {}
        for case in cases.get(mapping.name, ()):
            filled |= dict.fromkeys(_paths(_given(case, subject, samples)))
        yield from _unread(mapping, program, list(filled))


def _unread(
    mapping: RecordMapping, program: MappingProgram, filled: list[str]
) -> Iterator[Diagnostic]:
    used = read_paths(program)
    missing: dict[str, None] = {}
    for path in filled:
        words = path.split(".")
        prefixes = [".".join(words[: place + 1]) for place in range(len(words))]
        if words[0] in _ENVELOPE or words[-1] == "id" or used.intersection(prefixes):
            continue
        inside = any(each.startswith(f"{words[0]}.") for each in used)
        missing[path if inside else words[0]] = None
    names = [each for each in missing if not _is_ours(each, program)]
    if names:
        yield unread_fields(mapping.record.span, program.reads.name, names)


def _is_ours(path: str, program: MappingProgram) -> bool:
    """Whether the schema of what is read does not know the field at all (a case shows so)."""
    return path.split(".")[0] not in program.reads.fields


def _text(case: Document, key: str) -> str:
    found = find(case.root, [key])
    return str(plain(found)) if found is not None else ""


def _given(case: Document, subject: Subject, samples: dict[str, object]) -> object:
    """Return the record of a case: its sample file with what the case changes, or its own."""
    given = plain(find(case.root, ["given"]))
    if not isinstance(given, dict):
        return {}
    if isinstance(given.get("record"), dict):
        return given["record"]
    name = given.get("file")
    if isinstance(name, str) and name not in samples:
        samples[name] = _sample(name, subject)
    sample = samples.get(str(name))
    changes = given.get("with")
    merged = dict(sample) if isinstance(sample, Mapping) else {}
    merged |= changes if isinstance(changes, dict) else {}
    return merged


def _sample(name: str, subject: Subject) -> object:
    folder = subject.opened.folder.path / "cases"
    source = read_source(name, Report(), root=folder)
    try:
        return json.loads(source.text) if source is not None else {}
    except ValueError:
        return {}  # the case itself says so


def _paths(value: object, above: str = "") -> Iterator[str]:
    """Yield the dotted names of everything filled in a record; items of lists have no number."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _paths(inner, f"{above}.{name}" if above else str(name))
    elif isinstance(value, list):
        for item in value:
            yield from _paths(item, above)
    elif value is not None and value != "" and above:
        yield above
