"""
Read what a firm says about a pack: its own file, what the folder shares, and its table files.

A firm is a file that says `extends: <pack>`, or a folder in which each pack takes the file
that names it; `firm.yaml` beside them is what they share. All reading is done here, so
that merging (`overlay.py`) is pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from mapping_engine.packs import problems_of_firms as problems
from mapping_engine.packs.catalogue import ABOUT_LISTS, json_sheet
from mapping_engine.packs.files import read_bytes, read_source, shown
from mapping_engine.packs.reading import Reading, entries, word
from mapping_engine.packs.shape import check_shape
from mapping_engine.packs.sheets import Sheet, read_csv
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.limits import DEFAULT_LIMITS
from mapping_engine.source.node import Document, MappingNode, Node, ScalarNode
from mapping_engine.source.text import Located, SourceText

__all__ = ["COMMON", "FirmFile", "FirmLayer", "check_extends", "firm_files", "layer_of",
           "load_firm"]  # fmt: skip

#: The file that all files of a firm's folder share.
COMMON = "firm.yaml"


class FirmFile(Struct, frozen=True, eq=False):
    """A firm file that has been read. `extends` is None in the file that others share."""

    path: Path
    document: Document
    extends: Located[str] | None = None

    @property
    def root(self) -> MappingNode:
        """The keys of the file."""
        root = self.document.root
        return (
            root if isinstance(root, MappingNode) else MappingNode(self.document.source.span(), ())
        )

    def get(self, key: str) -> Node | None:
        """Return what stands under a key."""
        return self.root.get(key)


class FirmLayer(Struct, frozen=True, eq=False):
    """What a firm says about one pack: the shared file first, then the pack's own.

    `sheets` are the table files named in them, None for one that could not be read. `hash`
    is taken over everything that was read.
    """

    pack: str
    files: tuple[FirmFile, ...]
    readings: tuple[Reading, ...]
    sheets: Mapping[str, Sheet | None] = field(default_factory=dict)
    hash: str = ""

    def __iter__(self) -> Iterator[tuple[FirmFile, Reading]]:
        return zip(self.files, self.readings, strict=True)

    @property
    def own(self) -> FirmFile | None:
        """The file that extends the pack, if there is one."""
        return next((each for each in self.files if each.extends is not None), None)


def load_firm(path: str | Path, pack: str, report: Report) -> FirmLayer | None:
    """Return what the firm at `path` (a file or a folder) says about a pack; None if nothing."""
    place = Path(path)
    before = len(report)
    files = firm_files(place, report)
    own = [each for each in files if each.extends is not None and each.extends.value == pack]
    common = [each for each in files if each.extends is None and each.path.name == COMMON]
    for second in own[1:]:
        if second.extends is not None:
            report.add(problems.two_firm_files(second.extends.span, pack))
    chosen = (*common[:1], *own[:1])
    if not chosen:
        if len(report) == before:
            report.add(problems.firm_file_missing(None, shown(place), pack))
        return None
    check_extends((each for each in files if each.extends is None), (), report)
    judged = (replace(each, document=check_shape(each.document, "firm", report)) for each in chosen)
    return layer_of(pack, tuple(judged), report)


def firm_files(path: Path, report: Report) -> list[FirmFile]:
    """Return the firm files of a folder, or of the folder that a file stands in.

    When a file is named, another of its folder that extends the same pack does not count.
    """
    if path.is_dir():
        return _files(sorted(path.glob("*.yaml")), report)
    named = _files([path], report)
    if not named:
        return []
    pack = named[0].extends
    beside = (each for each in sorted(path.parent.glob("*.yaml")) if each.name != path.name)
    others = _files(beside, Report())
    return named + [
        each
        for each in others
        if each.extends is None or pack is None or each.extends.value != pack.value
    ]


def check_extends(files: Iterable[FirmFile], packs: Iterable[str], report: Report) -> None:
    """Report files that extend nothing, or a pack that is not there."""
    names = list(packs)
    for each in files:
        if each.extends is None:
            if each.path.name != COMMON and each.document.root is not None:
                report.add(problems.no_extends(each.document.source.span(0, 0)))
        elif each.extends.value not in names:
            report.add(problems.unknown_pack(each.extends.span, each.extends.value, names))


def _files(paths: Iterable[Path], report: Report) -> list[FirmFile]:
    found = []
    for path in paths:
        source = read_source(path, report)
        if source is None:
            continue
        document = read(source, report)
        root = document.root
        extends = word(root.get("extends")) if isinstance(root, MappingNode) else None
        found.append(FirmFile(path, document, extends))
    return found


def layer_of(pack: str, files: tuple[FirmFile, ...], report: Report) -> FirmLayer:
    """Return what files that have been read say about a pack, with the table files they name."""
    digest = blake2b(digest_size=20)
    sheets: dict[str, Sheet | None] = {}
    for file in files:
        _add(digest, file.document.source.text.encode())
        for name in _sheet_names(file):
            if name.value not in sheets:
                sheets[name.value] = _sheet(file.path.parent, name, digest, report)
    readings = tuple(Reading.of(each.document, report, "firm") for each in files)
    return FirmLayer(pack, files, readings, sheets, digest.hexdigest())


def _add(digest: blake2b, content: bytes) -> None:
    digest.update(len(content).to_bytes(8, "big"))
    digest.update(content)


def _sheet_names(file: FirmFile) -> Iterator[Located[str]]:
    """Yield the names of table files: of tables, of links, and of lists of the target."""
    for key in ("tables", "links", "catalogue"):
        for entry in entries(file.get(key)):
            if key == "catalogue" and entry.key.text in ABOUT_LISTS:
                continue
            found = entry.value
            if isinstance(found, MappingNode) and key == "tables":
                rows = found.get("rows")
                found = rows if rows is not None else found
            name = word(found) if isinstance(found, ScalarNode) else None
            if name is not None:
                yield name


def _sheet(folder: Path, name: Located[str], digest: blake2b, report: Report) -> Sheet | None:
    file, _, sheet = name.value.partition("#")
    if file.endswith(".xlsx"):
        from mapping_engine.packs.workbooks import read_xlsx

        content = read_bytes(file, report, root=folder, at=name.span)
        if content is None:
            return None
        _add(digest, content)
        return read_xlsx(content, shown(folder / file), report, sheet or None, at=name.span)
    if file.endswith(".json"):
        content = read_bytes(file, report, root=folder, at=name.span)
        if content is None:
            return None
        _add(digest, content)
        return json_sheet(content, name, report)
    limit = DEFAULT_LIMITS.table_size
    source: SourceText | None = read_source(file, report, root=folder, at=name.span, limit=limit)
    if source is None:
        return None
    _add(digest, source.text.encode())
    return read_csv(source, report)
