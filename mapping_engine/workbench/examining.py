"""
Examine packs: open each by itself and with every firm that extends it, and give advice.

What comes back is data: what was found, and the texts that it was found in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct

from mapping_engine.packs.finder import PackFolder, RulesPath, case_sources
from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.packs.shape import check_shape
from mapping_engine.runtime.opening import Opened, open_folder, with_firm
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.node import Document
from mapping_engine.source.text import SourceText
from mapping_engine.workbench.advice import advise, advised_texts

__all__ = ["Asked", "Examined", "examine"]


class Asked(Struct, frozen=True, eq=False):
    """A pack to be examined: with each of `firms`, and by itself when `alone` says so."""

    folder: PackFolder
    path: RulesPath
    firms: tuple[Path, ...]
    alone: bool
    today: date | None


class Examined(Struct, frozen=True, eq=False):
    """What was found in a pack, by itself or with a firm.

    `firm` is its name. `texts` are those that advice is about, by name; `files` all that were
    read. `guarded` are the fields, of so many `fields`, that are tested when a record runs: each
    with the mapping file that it stands in.
    """

    pack: str
    firm: str | None
    found: Report
    texts: Mapping[str, SourceText]
    files: tuple[str, ...]
    guarded: tuple[tuple[str, str], ...]
    fields: int

    @property
    def is_right(self) -> bool:
        """Whether there is no error."""
        return not self.found.has_errors


def examine(asked: Asked, shared: SchemaStore) -> Iterator[Examined]:
    """Yield what is found in a pack by itself, then with each firm.

    `shared` are the schemas of the path, read once for all packs.
    """
    right: Opened | None = None
    if asked.alone:
        report = Report()
        cases = _cases(asked.folder, report)
        opened = open_folder(asked.folder, asked.path, report, shared=shared)
        right = None if report.has_errors else opened
        yield _examined(asked, None, opened, (report, cases))
    for firm in asked.firms:
        report = Report()
        if right is not None:
            opened = with_firm(right, firm, report)
        else:
            opened = open_folder(asked.folder, asked.path, report, firm, shared=shared)
        yield _examined(asked, firm, opened, (report, {}))


def _examined(
    asked: Asked, firm: Path | None, opened: Opened, given: tuple[Report, Mapping[str, Document]]
) -> Examined:
    """Return what was found, with the advice about it."""
    report, cases = given
    found = Report(report.without_echoes())
    found.extend(advise(opened, cases, report, asked.today))
    texts = advised_texts(opened) | {name: each.source for name, each in cases.items()}
    files = () if firm else (*(each.name for each in asked.folder.sources.values()), *cases)
    pack, program = opened.pack, opened.program
    named = pack.firm.id if pack.firm is not None else firm.name if firm is not None else None
    guarded = tuple((Path(each.rule.key.source.name).stem, each.name) for each in program.guarded)
    return Examined(pack.name, named, found, texts, files, guarded, program.fields)


def _cases(folder: PackFolder, report: Report) -> dict[str, Document]:
    """Return the pack's case files, read and judged, by the names that people see."""
    cases = [read(each, report) for each in case_sources(folder, report).values()]
    return {each.source.name: check_shape(each, "case", report) for each in cases}
