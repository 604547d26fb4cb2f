"""
Open a pack once for all command lines that name the same files.

Many tests call verbs on packs that nobody changes, and opening is nearly all that a verb
costs. What was opened is kept under everything that it was made from: the names and contents
of the pack's files, of the firm's folder and of the schemas. A file that changes is another key.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import pytest

from mapping_engine.batch import job
from mapping_engine.packs.files import shown
from mapping_engine.packs.finder import RulesPath, find_pack
from mapping_engine.runtime import opening
from mapping_engine.runtime.opening import Opened
from mapping_engine.source.diagnostic import Report

__all__ = ["open_packs_once"]

_open = opening.open_pack
_KEPT: dict[object, tuple[Opened | None, Report]] = {}


def open_packs_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let verbs share what they open, for one test."""
    monkeypatch.setattr(opening, "open_pack", _opened)
    monkeypatch.setattr(job, "open_pack", _opened)


def _opened(
    name: str | Path,
    report: Report,
    *,
    rules: Sequence[str | Path] = (),
    schemas: Sequence[str | Path] = (),
    firm: str | Path | None = None,
) -> Opened | None:
    path = RulesPath.of(rules, schemas)
    folder = find_pack(str(name), path.rules, Report())
    if folder is None:
        return _open(name, report, rules=rules, schemas=schemas, firm=firm)
    files = tuple((file, source.name) for file, source in folder.sources.items())
    shapes = tuple(_contents(each) for each in (*path.schemas, folder.path / "schemas"))
    key = (str(name), files, folder.hash, _of_firm(firm), shapes)
    if key not in _KEPT:
        said = Report()
        _KEPT[key] = _open(name, said, rules=rules, schemas=schemas, firm=firm), said
    found, said = _KEPT[key]
    report.extend(said)
    return found


def _of_firm(firm: str | Path | None) -> tuple[str, ...]:
    """Return how a firm is called and named in messages, and what it and its folder say."""
    if firm is None:
        return ()
    place = Path(firm)
    return str(firm), shown(place), _contents(place if place.is_dir() else place.parent)


def _contents(folder: Path) -> str:
    """Return a digest of the names and contents of all files below a folder."""
    digest = blake2b(digest_size=20)
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        digest.update(f"{file.resolve()}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()
