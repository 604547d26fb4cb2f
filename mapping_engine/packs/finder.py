"""
Find packs, and gather the texts they are made of.

A pack is a folder with a `pack.yaml`; its name is the word after `pack:`. Names are looked
up on a rules path, later folders first. Everything is gathered as texts before anything
is understood, in sorted order, so that the loader works on texts alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct, field

from mapping_engine.packs import problems_of_files as problems
from mapping_engine.packs.files import read_source, shipped_home, shown
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.source.problems_of_files import file_too_large
from mapping_engine.source.text import SourceText

__all__ = ["PackFolder", "RulesPath", "case_sources", "find_pack", "folders_below", "is_pack",
           "pack_folders", "pack_names", "shipped_path"]  # fmt: skip

_NAME = re.compile(r"^pack:[ \t]+[\"']?([^\s\"'#]+)", re.MULTILINE)
#: A pack that is shown in a message or named in a report has a name of this shape.
_PACK_FILE = "pack.yaml"
#: The folders that a pack is made of.
_ROOMS = ("tables", "cases", "schemas")


class RulesPath(Struct, frozen=True):
    """Where packs and shared schemas are looked for; a later folder wins over an earlier one."""

    rules: tuple[Path, ...]
    schemas: tuple[Path, ...]

    @classmethod
    def of(cls, rules: Sequence[str | Path] = (), schemas: Sequence[str | Path] = ()) -> RulesPath:
        """Return the path of the folders given, else of those that travel with the package."""
        shipped = shipped_path()
        given = tuple(map(Path, rules)), tuple(map(Path, schemas))
        return cls(given[0] or shipped.rules, given[1] or shipped.schemas)


class PackFolder(Struct, frozen=True, eq=False):
    """A pack's texts by their names inside its folder (`tables/taxes.yaml`), and their hash."""

    name: str
    path: Path
    sources: Mapping[str, SourceText] = field(default_factory=dict)
    hash: str = ""

    @property
    def shown(self) -> str:
        """The folder as people see it."""
        return shown(self.path)

    @property
    def schema_dirs(self) -> tuple[Path, ...]:
        """The pack's own folder of schemas, if it has one."""
        own = self.path / "schemas"
        return (own,) if own.is_dir() else ()


def shipped_path() -> RulesPath:
    """Return the rules and schemas of the installed package, or those beside it in a checkout."""
    home = shipped_home()
    return RulesPath((home / "rules",), (home / "schemas",))


def pack_folders(rules_dirs: Iterable[Path], report: Report) -> dict[str, Path]:
    """Return the folder of every pack on the path; two of one name in one folder are reported."""
    found: dict[str, Path] = {}
    for rules in rules_dirs:
        here: dict[str, Path] = {}
        for folder in _subfolders(Path(rules)):
            name = _name_of(folder)
            if name in here:
                report.add(problems.two_packs(None, name, shown(here[name]), shown(folder)))
            else:
                here[name] = folder
        found |= here
    return dict(sorted(found.items()))


def pack_names(rules_dirs: Iterable[Path]) -> list[str]:
    """Return the names of the packs on the path, sorted."""
    return list(pack_folders(rules_dirs, Report()))


def find_pack(
    name_or_folder: str,
    rules_dirs: Iterable[Path],
    report: Report,
    limits: Limits = DEFAULT_LIMITS,
) -> PackFolder | None:
    """Return the pack of that name on the path, else the pack in that folder, with its texts."""
    found = Report()
    folders = pack_folders(rules_dirs, found)
    folder = folders.get(name_or_folder)
    if folder is not None:
        report.extend(each for each in found if f"`{name_or_folder}`" in each.message)
    else:
        folder = _named_folder(name_or_folder, folders, report)
    return _gather(folder, report, limits) if folder is not None else None


def case_sources(folder: PackFolder, report: Report) -> dict[str, SourceText]:
    """Return the pack's case files by their name inside the folder."""
    cases = folder.path / "cases"
    names = [
        each.relative_to(folder.path).as_posix() for each in _below(cases) if each.suffix == ".yaml"
    ]
    read = {name: read_source(name, report, root=folder.path) for name in names}
    return {name: source for name, source in read.items() if source is not None}


def is_pack(folder: Path) -> bool:
    """Whether a folder holds a pack."""
    return (folder / _PACK_FILE).is_file()


def folders_below(folder: Path) -> Iterator[Path]:
    """Yield a folder and those below it in which packs and firms may stand, sorted.

    The rooms of a pack hold neither, and links are not followed.
    """
    yield folder
    rooms = _ROOMS if is_pack(folder) else ()
    for each in _listed(folder):
        if each.name not in rooms and each.is_dir() and not each.is_symlink():
            yield from folders_below(each)


def _named_folder(name: str, folders: Mapping[str, Path], report: Report) -> Path | None:
    """Return the folder of that path when it holds a pack; report why not."""
    folder = Path(name)
    if not name or not _is_folder(folder):
        report.add(problems.pack_not_found(None, name, folders))
        return None
    if not is_pack(folder):
        report.add(problems.no_pack_file(None, shown(folder)))
        return None
    return folder


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # no name that a folder could have
        return False


def _gather(folder: Path, report: Report, limits: Limits) -> PackFolder | None:
    """Read every text of a pack; too many or too large is reported and nothing is read."""
    name = _name_of(folder)
    paths = [
        *_mapping_files(folder, report),
        *_below(folder / "tables"),
        *_below(folder / "schemas"),
    ]
    names = [each.relative_to(folder).as_posix() for each in paths if _belongs(each, folder)]
    if len(names) > limits.pack_files:
        report.add(problems.too_many_files(None, name, limits.pack_files))
        return None
    sources: dict[str, SourceText] = {}
    size = 0
    for each in sorted(names):
        limit = limits.table_size if each.endswith(".csv") else limits.pack_size
        source = read_source(each, report, root=folder, limit=limit)
        if source is None:
            continue
        size += 0 if each.endswith(".csv") else len(source.text)
        if size > limits.pack_size:
            report.add(file_too_large(None, shown(folder), size, limits.pack_size))
            return None
        sources[each] = source
    return PackFolder(name, folder, sources, _hash(sources))


def _mapping_files(folder: Path, report: Report) -> list[Path]:
    """Return the YAML files directly in a pack's folder; `.yml` is reported."""
    files = [each for each in _listed(folder) if not each.is_dir()]
    for each in files:
        if each.suffix == ".yml":
            report.add(problems.wrong_ending(None, shown(each)))
    return [each for each in files if each.suffix == ".yaml"]


def _belongs(path: Path, folder: Path) -> bool:
    """Whether a file below `tables` or `schemas` is one that a pack is made of."""
    top = path.relative_to(folder).parts[0]
    endings = {"tables": (".yaml", ".csv"), "schemas": (".json",)}.get(top, (".yaml",))
    return path.suffix in endings


def _below(folder: Path) -> list[Path]:
    """Return all files below a folder, sorted, without going through links to other folders."""
    files: list[Path] = []
    waiting = [folder]
    while waiting:
        for each in _listed(waiting.pop()):
            if not each.is_dir():
                files.append(each)
            elif not each.is_symlink():
                waiting.append(each)
    return sorted(files)


def _listed(folder: Path) -> list[Path]:
    """Return what stands in a folder, sorted; hidden files do not count."""
    try:
        return sorted(each for each in folder.iterdir() if not each.name.startswith("."))
    except OSError:
        return []


def _subfolders(rules: Path) -> list[Path]:
    """Return the folders of a rules folder that hold a pack."""
    return [each for each in _listed(rules) if is_pack(each)]


def _name_of(folder: Path) -> str:
    """Return the word after `pack:`, else the folder's own name."""
    source = read_source(_PACK_FILE, Report(), root=folder)
    found = _NAME.search(source.text) if source else None
    return found.group(1) if found else folder.resolve().name


def _hash(sources: Mapping[str, SourceText]) -> str:
    """Return 40 hex characters over the names and texts."""
    digest = blake2b(digest_size=20)
    for name, source in sorted(sources.items()):
        for part in (name.encode(), source.text.encode()):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()
