"""
Open a pack: find it, load it, lay the firm over it, and make it a program.

Every step adds to one report and goes on as far as it can, so that all mistakes are told
at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from mapping_engine.packs.finder import PackFolder, RulesPath, find_pack
from mapping_engine.packs.firm import FirmLayer, load_firm
from mapping_engine.packs.loader import load
from mapping_engine.packs.model import Pack
from mapping_engine.packs.overlay import merge
from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.runtime.assemble import build
from mapping_engine.runtime.program import Program
from mapping_engine.source.diagnostic import Report

__all__ = ["Opened", "open_folder", "open_pack", "with_firm"]


class Opened(Struct, frozen=True, eq=False):
    """A pack in force: as written with its firm's layer, its schemas, and as a program."""

    pack: Pack
    folder: PackFolder
    schemas: SchemaStore
    program: Program
    layer: FirmLayer | None = None


def open_pack(
    name: str | Path,
    report: Report,
    *,
    rules: Sequence[str | Path] = (),
    schemas: Sequence[str | Path] = (),
    firm: str | Path | None = None,
) -> Opened | None:
    """Return the pack of a name on the rules path, or of a folder; None when there is none.

    With errors in the report the program must not be run.
    """
    path = RulesPath.of(rules, schemas)
    folder = find_pack(str(name), path.rules, report)
    return None if folder is None else open_folder(folder, path, report, firm)


def open_folder(
    folder: PackFolder, path: RulesPath, report: Report, firm: str | Path | None = None,
    *, shared: SchemaStore | None = None,
) -> Opened:  # fmt: skip
    """Return the pack of a folder whose texts have been gathered.

    `shared` are the schemas of the path, if they are held: a pack without own ones reads them.
    """
    pack = load(folder, report)
    layer = load_firm(firm, pack.name, report) if firm is not None else None
    if layer is not None:
        pack = merge(pack, layer, report)
    store = None if folder.schema_dirs else shared
    store = store or SchemaStore(path.schemas, folder.schema_dirs)
    return Opened(pack, folder, store, build(pack, store, report), layer)


def with_firm(right: Opened, firm: str | Path, report: Report) -> Opened:
    """Lay a firm over a pack that is open and has no mistake, without reading it again."""
    layer = load_firm(firm, right.pack.name, report)
    pack = merge(right.pack, layer, report) if layer is not None else right.pack
    program = build(pack, right.schemas, report, trees=right.program.trees)
    return Opened(pack, right.folder, right.schemas, program, layer)
