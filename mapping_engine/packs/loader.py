"""
Make a pack of its texts: read, judge the shape, take over what stands there.

Every file is read even when another is wrong, so that all mistakes come out at once. The
pack that results may be incomplete when the report has errors; it is complete when it has
none. Which file is which follows from where it stands, not from what it holds.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.packs import problems
from mapping_engine.packs.agreement import check_agreement
from mapping_engine.packs.finder import PackFolder
from mapping_engine.packs.mapping_files import record_mapping
from mapping_engine.packs.model import Pack, RecordMapping, Table
from mapping_engine.packs.pack_file import pack_head
from mapping_engine.packs.reading import Reading
from mapping_engine.packs.shape import check_shape
from mapping_engine.packs.sheet_rows import sheet_rows
from mapping_engine.packs.sheets import read_csv
from mapping_engine.packs.table_files import table
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.source.node import Document, MappingNode
from mapping_engine.source.problems_of_files import file_not_found, path_leaves_folder
from mapping_engine.source.suggest import did_you_mean
from mapping_engine.source.text import Located, SourceText

__all__ = ["load", "load_texts"]

_PACK_FILE = "pack.yaml"
_TABLES = "tables/"
#: Words after `rows:` that name somebody else than a file.
_BRINGERS = ("firm", "connector")
#: The key that says what a file is, what a person calls it, and where it belongs.
_TABLE_FILE = ("table", "a table", "the folder `tables/`")
_MAPPING_FILE = ("record", "a mapping file", "the pack's own folder")


def load(folder: PackFolder, report: Report, limits: Limits = DEFAULT_LIMITS) -> Pack:
    """Return the pack of a folder, with the hash over its files."""
    return replace(load_texts(folder.name, folder.sources, report, limits), hash=folder.hash)


def load_texts(
    name: str,
    sources: Mapping[str, SourceText],
    report: Report,
    limits: Limits = DEFAULT_LIMITS,
) -> Pack:
    """Return the pack made of texts, which go by their names inside the pack's folder."""
    loading = _Loading(sources, report, limits)
    pack = replace(loading.head(name), mappings=loading.mappings(), tables=loading.tables())
    check_agreement(pack, report)
    return pack


class _Loading(Struct, frozen=True):
    """The texts of one pack on their way to records.

    Each file has a report of its own until it is read, so that asking what the reader said
    of a file never goes through what was said of all others.
    """

    sources: Mapping[str, SourceText]
    report: Report
    limits: Limits

    def head(self, name: str) -> Pack:
        """Return what `pack.yaml` says."""
        own = Report()
        head = read(self.sources.get(_PACK_FILE) or SourceText(_PACK_FILE, ""), own, self.limits)
        head = check_shape(head, "pack", own)
        pack = pack_head(head, name, Reading.of(head, own))
        self.report.extend(own)
        return pack

    def mappings(self) -> dict[str, RecordMapping]:
        """Return the mapping files by their names without the ending."""
        found: dict[str, RecordMapping] = {}
        for path in self._yaml(in_tables=False):
            own = Report()
            document = self._read(path, "mapping", _TABLE_FILE, own)
            if document is not None:
                name = path.removesuffix(".yaml")
                mapping = record_mapping(name, document.root, Reading.of(document, own))
                found |= {name: mapping} if mapping is not None else {}
            self.report.extend(own)
        return found

    def tables(self) -> dict[str, Table]:
        """Return the tables by name, with the rows of the files that they name."""
        found: dict[str, Table] = {}
        for path in self._yaml(in_tables=True):
            own = Report()
            document = self._read(path, "table", _MAPPING_FILE, own)
            new = table(document.root, Reading.of(document, own)) if document else None
            self.report.extend(own)
            if new is None:
                continue
            if new.name in found:
                doubled = problems.table_twice(new.origin.span, new.name)
                self.report.add(doubled.with_label(found[new.name].origin.span, "the first"))
                continue
            found[new.name] = self._with_rows_of_file(new, path.rpartition("/")[0])
        return found

    def _yaml(self, *, in_tables: bool) -> list[str]:
        """Return the names of the table files, or of the mapping files, sorted."""
        names = (each for each in self.sources if each.endswith(".yaml") and each != _PACK_FILE)
        below = _TABLES if in_tables else ""
        return sorted(
            each for each in names if each.startswith(below) and (in_tables or "/" not in each)
        )

    def _read(
        self, path: str, kind: str, other: tuple[str, str, str], report: Report
    ) -> Document | None:
        """Return a file with its shape judged; None when it is a file of the other kind."""
        document = read(self.sources[path], report, self.limits)
        key, what, folder = other
        own = _MAPPING_FILE[0] if key == _TABLE_FILE[0] else _TABLE_FILE[0]
        root = document.root
        if isinstance(root, MappingNode) and not root.entry(own):
            foreign = root.entry(key)
            if foreign is not None:
                report.add(problems.wrong_place(foreign.key.span, what, folder))
                return None
        return check_shape(document, kind, report)

    def _with_rows_of_file(self, asking: Table, folder: str) -> Table:
        """Return a table with the rows of the CSV file that it names, if it names one."""
        named = asking.rows_from
        if named is None or named.value in _BRINGERS:
            return asking
        before = len(self.report)
        source = self._beside(named, folder)
        sheet = read_csv(source, self.report, self.limits) if source is not None else None
        rows = sheet_rows(sheet, asking, self.report) if sheet is not None else ()
        if not rows and len(self.report) > before:
            # What is in the file is not known, so nobody may say that the table is empty.
            return replace(asking, rows_from=Located("connector", named.span))
        return replace(asking, rows=rows)

    def _beside(self, named: Located[str], folder: str) -> SourceText | None:
        """Return the table file of that name in the table's own folder, or report it missing."""
        known = {
            each.removeprefix(f"{folder}/"): source
            for each, source in self.sources.items()
            if each.endswith(".csv") and each.startswith(f"{folder}/")
        }
        if named.value in known:
            return known[named.value]
        if named.value.startswith("/") or ".." in named.value.split("/"):
            self.report.add(path_leaves_folder(named.span, named.value))
        else:
            near = did_you_mean(named.value, [*known, *_BRINGERS])
            self.report.add(file_not_found(named.span, named.value, near))
        return None
