"""
Make a pack of its texts: read, judge the shape, take over what stands there.

Every file is read even when another is wrong, so that all mistakes come out at once. The
pack that results may be incomplete when the report has errors; it is complete when it has
none. Which file is which follows from where it stands, not from what it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mapping_engine.packs import problems
from mapping_engine.packs.agreement import check_agreement
from mapping_engine.packs.finder import PackFolder
from mapping_engine.packs.mapping_files import record_mapping
from mapping_engine.packs.model import Pack, RecordMapping, Row, Table
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
from mapping_engine.source.text import SourceText

__all__ = ["load", "load_texts"]

_PACK_FILE = "pack.yaml"
_TABLES = "tables/"
#: Words after `rows:` that name somebody else than a file.
_BRINGERS = ("firm", "connector")


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
    head = sources.get(_PACK_FILE) or SourceText(_PACK_FILE, "")
    documents = {
        each: read(source, report, limits)
        for each, source in {_PACK_FILE: head, **sources}.items()
        if each.endswith(".yaml")
    }
    document = documents.pop(_PACK_FILE)
    check_shape(document, "pack", report)
    pack = pack_head(document, name, Reading.of(document, report))
    pack = replace(
        pack,
        mappings=_mappings(documents, report),
        tables=_tables(documents, sources, report, limits),
    )
    check_agreement(pack, report)
    return pack


def _mappings(documents: Mapping[str, Document], report: Report) -> dict[str, RecordMapping]:
    """Return the mapping files by their names without the ending."""
    found: dict[str, RecordMapping] = {}
    for path, document in sorted(documents.items()):
        if "/" in path:
            continue
        if _holds(document, "table", "record"):
            _misplaced(document, "table", "a table", "the folder `tables/`", report)
            continue
        check_shape(document, "mapping", report)
        name = path.removesuffix(".yaml")
        mapping = record_mapping(name, document.root, Reading.of(document, report))
        if mapping is not None:
            found[name] = mapping
    return found


def _tables(
    documents: Mapping[str, Document],
    sources: Mapping[str, SourceText],
    report: Report,
    limits: Limits,
) -> dict[str, Table]:
    """Return the tables by name, with the rows of the files that they name."""
    found: dict[str, Table] = {}
    for path, document in sorted(documents.items()):
        if not path.startswith(_TABLES):
            continue
        if _holds(document, "record", "table"):
            _misplaced(document, "record", "a mapping file", "the pack's own folder", report)
            continue
        check_shape(document, "table", report)
        read_table = table(document.root, Reading.of(document, report))
        if read_table is None:
            continue
        if read_table.name in found:
            doubled = problems.table_twice(read_table.origin.span, read_table.name)
            first = found[read_table.name].origin.span
            report.add(doubled.with_label(first, "the first"))
            continue
        folder = path.rpartition("/")[0]
        rows = _file_rows(read_table, folder, sources, report, limits)
        found[read_table.name] = replace(read_table, rows=(*read_table.rows, *rows))
    return found


def _file_rows(
    wanted: Table,
    folder: str,
    sources: Mapping[str, SourceText],
    report: Report,
    limits: Limits,
) -> tuple[Row, ...]:
    """Return the rows of the CSV file that a table names; none when somebody else brings them."""
    named = wanted.rows_from
    if named is None or named.value in _BRINGERS:
        return ()
    path = f"{folder}/{named.value}"
    source = sources.get(path)
    if source is None or not path.endswith(".csv"):
        if named.value.startswith("/") or ".." in named.value.split("/"):
            report.add(path_leaves_folder(named.span, named.value))
            return ()
        known = [each.removeprefix(f"{folder}/") for each in sources if each.endswith(".csv")]
        near = did_you_mean(named.value, [*known, *_BRINGERS])
        report.add(file_not_found(named.span, named.value, near))
        return ()
    sheet = read_csv(source, report, limits)
    return sheet_rows(sheet, wanted, report) if sheet is not None else ()


def _holds(document: Document, key: str, other: str) -> bool:
    """Whether a file is plainly of the other kind: it has that kind's key and not its own."""
    root = document.root
    return isinstance(root, MappingNode) and bool(root.entry(key)) and not root.entry(other)


def _misplaced(document: Document, key: str, what: str, folder: str, report: Report) -> None:
    entry = document.root.entry(key) if isinstance(document.root, MappingNode) else None
    span = entry.key.span if entry else document.source.span(0, 0)
    report.add(problems.wrong_place(span, what, folder))
