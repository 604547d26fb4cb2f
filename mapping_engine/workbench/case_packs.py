"""
Make the pack of a case ready to run: with the firm that the case describes.

What a case says about the firm is a layer like any firm's file. Many cases say the same,
so a program is built once for each layer that differs in its words.
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct, field

from mapping_engine.packs.files import locate, read_bytes
from mapping_engine.packs.finder import PackFolder, RulesPath, find_pack
from mapping_engine.packs.firm import FirmFile, layer_of, load_firm
from mapping_engine.packs.loader import load
from mapping_engine.packs.model import Pack
from mapping_engine.packs.overlay import merge
from mapping_engine.packs.reading import word
from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.runtime.assemble import build
from mapping_engine.runtime.program import Program
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.node import Document, MappingNode, ScalarNode
from mapping_engine.source.text import Located
from mapping_engine.workbench.cases import Case

__all__ = ["CasePack", "open_case_pack"]

#: What a case says about its firm.
_LAYER = ("firm", "settings", "switches", "roles", "tables", "links")


class CasePack(Struct, eq=False):
    """A pack as it is written, and what cases asked of it: programs of one mapping each."""

    folder: PackFolder
    pack: Pack
    schemas: SchemaStore
    _built: dict[tuple[str, ...], tuple[Program, Report]] = field(default_factory=dict)

    def program(self, case: Case, report: Report) -> Program | None:
        """Return the program with the firm of a case; None when it cannot run."""
        name = case.mapping.value
        key = (name, *self._words(case))
        known = self._built.get(key)
        if known is None:
            found = Report()
            merged = self._merged(case, found)
            program = build(merged, self.schemas, found, only=[name])
            known = self._built[key] = program, found.without_echoes()
        program, found = known
        report.extend(found.errors)
        return None if found.has_errors else program

    def _words(self, case: Case) -> list[str]:
        """Return the words by which the firm of a case differs from another."""
        said = [case.root.entry(name) for name in _LAYER]
        words = [each.value.span.text if each is not None else "" for each in said]
        for name in _table_files(case):
            content = read_bytes(name, Report(), root=case.folder)
            words.append(str(hash(content)))
        return words

    def _merged(self, case: Case, report: Report) -> Pack:
        pack = self.pack
        firm = case.root.get("firm")
        named = word(firm) if isinstance(firm, ScalarNode) else None
        if named is not None:
            place = locate(named.value, self.folder.path.parent, report, named.span)
            layer = load_firm(place, pack.name, report) if place is not None else None
            pack = merge(pack, layer, report) if layer is not None else pack
        keys = [name for name in _LAYER if name != "firm" or named is None]
        entries = tuple(each for each in case.root if each.key.text in keys)
        root = MappingNode(case.root.span, entries)
        extends = Located(pack.name, case.mapping.span)
        path = case.folder / Path(case.file).name
        file = FirmFile(path, Document(case.source, root), extends)
        return merge(pack, layer_of(pack.name, (file,), report), report)


def _table_files(case: Case) -> list[str]:
    """Return the table files that a case names."""
    tables = case.root.get("tables")
    found = []
    for each in tables if isinstance(tables, MappingNode) else ():
        rows = each.value.get("rows") if isinstance(each.value, MappingNode) else each.value
        name = word(rows) if isinstance(rows, ScalarNode) else None
        if name is not None:
            found.append(name.value)
    return found


def open_case_pack(name: str, path: RulesPath, report: Report) -> CasePack | None:
    """Return a pack for its cases; None when there is none or it cannot be read."""
    folder = find_pack(name, path.rules, report)
    if folder is None:
        return None
    before = len(report.errors)
    pack = load(folder, report)
    if len(report.errors) > before:
        return None
    return CasePack(folder, pack, SchemaStore(path.schemas, [folder.path / "schemas"]))
