"""
Known ids of the other system, as the first implementation of the look-up port.

They stand in the firm's file under `links:`, and in a table `links.csv` beside it with the columns
`object`, `target_id`, perhaps `version`, and the keys by which our records are named:
`record_id`, `number`, `code`, `email`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mapping_engine.batch.problems import links_column_missing
from mapping_engine.packs.files import read_source
from mapping_engine.packs.model import Pack
from mapping_engine.packs.sheets import read_csv
from mapping_engine.source.diagnostic import Report

__all__ = ["LINKS_FILE", "KnownLinks", "known_links"]

LINKS_FILE = "links.csv"
_OWN = ("object", "target_id", "version")
_ASKED = ("id", "number", "code", "email")


class KnownLinks:
    """Answers look-ups from a list: (object, key, value) → (the target's id, its version)."""

    def __init__(self, known: Mapping[tuple[str, str, str], tuple[str, str | None]]) -> None:
        self._known = known
        listed: dict[str, set[str]] = {}
        for object, key, _ in known:
            listed.setdefault(object, set()).add(key)
        #: The keys by which records are listed, of each object, in the order they are asked.
        self._keys = {object: sorted(keys, key=_turn) for object, keys in listed.items()}

    def link(self, object: str, reference: Mapping[str, str]) -> str | None:
        """Return the target's id, by the first key that is listed: `id`, `number`, `code`, …"""
        found = self._find(object, reference)
        return found[0] if found else None

    def link_version(self, object: str, reference: Mapping[str, str]) -> str | None:
        """Return the target's version of the record."""
        found = self._find(object, reference)
        return found[1] if found else None

    def rows(self, table: str) -> Iterable[Mapping[str, str]] | None:
        """Return None: tables with rows of a connector need a connector."""
        return None

    def ids(self) -> Iterable[tuple[str, str]]:
        """Yield the object and our id of everything that is linked by our id."""
        return ((object, value) for object, key, value in self._known if key == "id")

    def _find(self, object: str, reference: Mapping[str, str]) -> tuple[str, str | None] | None:
        for key in self._keys.get(object, ()):
            found = self._known.get((object, key, reference.get(key, "")))
            if found is not None:
                return found
        return None


def _turn(key: str) -> tuple[int, str]:
    """Return when a key is asked, whatever the order in which a record has its members."""
    return (_ASKED.index(key) if key in _ASKED else len(_ASKED)), key


def known_links(pack: Pack, table: Path | None, report: Report) -> KnownLinks:
    """Return the ids that a firm gives for a pack, with those of a table, if there is one."""
    known: dict[tuple[str, str, str], tuple[str, str | None]] = {}
    for name, ids in pack.given_links.items():
        for ours, theirs in ids.items():
            known[name, "id", ours] = theirs.value, theirs.version or None
    if table is not None:
        known.update(_rows(table, report))
    return KnownLinks(known)


def _rows(
    table: Path, report: Report
) -> Iterable[tuple[tuple[str, str, str], tuple[str, str | None]]]:
    source = read_source(table, report)
    sheet = read_csv(source, report) if source is not None else None
    if source is None or sheet is None:
        return
    names = [each.value for each in sheet.header]
    missing = [name for name in _OWN[:2] if name not in names]
    for name in missing:
        report.add(links_column_missing(sheet.span, source.name, name))
    for row in () if missing else sheet.rows:
        cells = {name: cell.value for name, cell in zip(names, row, strict=True) if cell.value}
        target = cells.get("target_id")
        for name, value in cells.items():
            if name not in _OWN and target is not None:
                key = "id" if name == "record_id" else name
                yield (cells.get("object", ""), key, value), (target, cells.get("version"))
