"""
Check packs and firms: everything that can be known before a record moves.

A path stands for the packs and firms it belongs to: a pack's folder or file for the pack and
every firm that extends it, a firm's folder or file for the packs it extends, a schema for the
packs that it describes, any other folder for all that lies below. Without a path it is
everything on the rules path. All mistakes of all of them come out in one report, each once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct, field

from mapping_engine.packs.files import missing_file, read_source, shown
from mapping_engine.packs.finder import (
    PackFolder,
    RulesPath,
    find_pack,
    folders_below,
    is_pack,
    pack_folders,
)
from mapping_engine.packs.firm import FirmFile, check_extends, firm_files
from mapping_engine.packs.problems_of_files import pack_not_found
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.text import SourceText
from mapping_engine.workbench.advice_on_texts import hiding_secrets
from mapping_engine.workbench.examining import Asked, Examined
from mapping_engine.workbench.ignoring import without_ignored
from mapping_engine.workbench.sharing import examine_all

__all__ = ["Checked", "check"]

_EXTENDS = re.compile(r"^extends:", re.MULTILINE)


class Checked(Struct, frozen=True):
    """What was checked, and all that is wrong with it; `strays` belong to no pack or firm."""

    report: Report
    packs: tuple[str, ...]
    firms: tuple[str, ...]
    examined: tuple[Examined, ...]
    files: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()


class _Work(Struct):
    """What is to be checked: packs by their folder, firms by theirs."""

    path: RulesPath
    report: Report
    packs: dict[Path, PackFolder] = field(default_factory=dict)
    firms: dict[Path, None] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)
    files: dict[str, None] = field(default_factory=dict)
    strays: dict[str, None] = field(default_factory=dict)
    #: The texts about which advice was given, by name.
    advised: dict[str, SourceText] = field(default_factory=dict)
    #: The names of those about which there was no reason to hold advice back.
    settled: set[str] = field(default_factory=set)
    _seen: set[tuple[str, str, str]] = field(default_factory=set)

    def take(self, found: Report) -> None:
        """Take in what one opening found; a file that is opened twice is reported once."""
        for each in found:
            key = (each.code.number, str(each.span), each.message)
            if key not in self._seen:
                self._seen.add(key)
                self.report.add(each)

    def add_examined(self, examined: Examined) -> None:
        """Take in what was found in a pack, by itself or with a firm."""
        self.take(examined.found)
        self.files |= dict.fromkeys(examined.files)
        self.advised |= examined.texts
        if examined.is_right:
            self.settled |= set(examined.texts)

    def add_pack(self, folder: Path) -> None:
        """Take in the pack of a folder, known by its full path."""
        folder = folder.absolute()
        if folder not in self.packs:
            found = find_pack(str(folder), (), self.report)
            if found is not None:
                self.packs[folder] = found

    def add_pack_with_firms(self, folder: Path) -> None:
        """Take in the pack of a folder; the firms that extend it are looked for later, once."""
        self.add_pack(folder)
        found = self.packs.get(folder.absolute())
        if found is not None:
            self.wanted.add(found.name)

    def add_below(self, folder: Path) -> None:
        """Take in every pack and every firm below a folder."""
        for each in folders_below(folder):
            if is_pack(each):
                self.add_pack(each)
        self.firms |= dict.fromkeys(_firms_below(folder))


def check(
    paths: Sequence[str] = (), *, rules: Sequence[Path] = (), firm: Path | None = None,
    today: date | None = None, processes: int = 1,
) -> Checked:  # fmt: skip
    """Check what `paths` stand for; with `firm`, that firm instead of those found.

    With `today`, lists of the target are asked how old they are. Several packs are examined
    beside each other, in as many `processes`.
    """
    work = _Work(RulesPath.of(rules), Report())
    known = pack_folders(work.path.rules, work.report)
    for each in paths:
        _add(each, known, work)
    if not paths:
        for folder in work.path.rules:
            work.add_below(folder)
    work.firms = _without_members({**work.firms, **dict.fromkeys(_firms_of(work.wanted, work))})
    if firm is not None:
        work.firms = {firm: None}
    alone = list(work.packs)
    extending = {place: list(_extended_by(place, known, work)) for place in work.firms}
    asked = [
        Asked(
            pack, work.path, tuple(each for each in extending if folder in extending[each]),
            folder in alone, today,
        )
        for folder, pack in work.packs.items()
    ]  # fmt: skip
    examined = [each for one in examine_all(asked, processes) for each in one]
    # A pack by itself comes before all firms: what is wrong with it is told as the pack's.
    examined.sort(key=lambda each: each.firm is not None)
    for found in examined:
        work.add_examined(found)
    names = tuple(dict.fromkeys(each.pack for each in examined))
    firms = tuple(shown(each) for each in work.firms)
    report = without_ignored(work.report, work.advised.values(), work.settled)
    report = hiding_secrets(report)
    return Checked(
        report, names, firms, tuple(examined), tuple(sorted(work.files)), tuple(work.strays)
    )


def _add(written: str, known: dict[str, Path], work: _Work) -> None:
    """Take in what a pack's name, a folder or a file stands for."""
    path = Path(written)
    if written in known:
        work.add_pack_with_firms(known[written])
    elif not path.exists() and (path.suffix or len(path.parts) > 1):
        work.report.add(missing_file(path))
    elif not path.exists():
        work.report.add(pack_not_found(None, written, known))
    elif (home := _nearest(path, is_pack)) is not None:
        work.add_pack_with_firms(home)
    elif path.is_dir() and not _is_firm(path):
        work.add_below(path)
    elif path.is_file() and path.suffix != ".yaml":
        _add_by_content(path, known, work)
    else:
        work.firms[path] = None


def _add_by_content(path: Path, known: dict[str, Path], work: _Work) -> None:
    """Take in what a firm's table or a schema belongs to."""
    firm = _nearest(path, _is_firm)
    described = _described(path, known, work)
    if firm is not None:
        work.firms[Path(shown(firm))] = None
    for name in described:
        work.add_pack_with_firms(known[name])
    if firm is None and not described:
        work.strays[shown(path)] = None


def _described(path: Path, known: dict[str, Path], work: _Work) -> list[str]:
    """Return the packs that a shared schema is about: those of its system, else all."""
    for root in work.path.schemas:
        if path.resolve().is_relative_to(root.resolve()):
            steps = path.resolve().relative_to(root.resolve()).parts
            return [each for each in known if steps[0] != "targets" or steps[1:2] == (each,)]
    return []


def _nearest(path: Path, fits: Callable[[Path], bool]) -> Path | None:
    """Return the folder at or above a path that fits, the nearest first."""
    above = path.absolute().parents
    return next((each for each in ([path, *above] if path.is_dir() else above) if fits(each)), None)


def _without_members(firms: dict[Path, None]) -> dict[Path, None]:
    """Drop the files of firms whose whole folder is checked anyway."""
    folders = {each.resolve() for each in firms}
    return {each: None for each in firms if each.resolve().parent not in folders}


def _extended_by(place: Path, known: dict[str, Path], work: _Work) -> Iterator[Path]:
    """Yield the folders of the packs that a firm extends; its own files are judged."""
    report = Report()
    files = firm_files(place, report)
    check_extends(files, known, report)
    work.take(report)
    work.files |= {each.document.source.name: None for each in files}
    for name in _extended(files):
        if name in known:
            work.add_pack(known[name])
            yield known[name].absolute()


def _extended(files: Iterable[FirmFile]) -> list[str]:
    return list(dict.fromkeys(each.extends.value for each in files if each.extends is not None))


def _firms_of(packs: set[str], work: _Work) -> Iterator[Path]:
    """Yield the firms on the rules path that extend one of `packs`."""
    for folder in work.path.rules if packs else ():
        for firm in _firms_below(folder):
            if packs & set(_extended(firm_files(firm, Report()))):
                yield firm


def _firms_below(folder: Path) -> list[Path]:
    return [each for each in folders_below(folder) if _is_firm(each)]


def _is_firm(folder: Path) -> bool:
    """Whether a folder holds a file that extends a pack."""
    texts = (read_source(each, Report()) for each in sorted(folder.glob("*.yaml")))
    return any(text is not None and _EXTENDS.search(text.text) for text in texts)
