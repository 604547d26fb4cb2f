"""
Hold the types of records and payloads, read from JSON Schema files when first asked for.

A pack's own folder of schemas is looked at before the shared ones; both are laid out alike:
`canonical/<kind>.schema.json`, `targets/<system>/<object>.schema.json`. A file that
cannot be used is reported to everybody who asks for it, and gives no type.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from mapping_engine.packs import problems_of_schemas as problems
from mapping_engine.packs.files import read_source
from mapping_engine.packs.invariants import Invariant, invariants_of
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.text import Located, SourceText, Span
from mapping_engine.values.descriptions import description, title
from mapping_engine.values.json import JsonError, decode
from mapping_engine.values.schema import SchemaError, member, type_of_schema
from mapping_engine.values.types import Object, Type

__all__ = ["SchemaStore"]

_ENDING = ".schema.json"
_SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


class _Found(Struct, frozen=True):
    """What asking for one file gave: a schema and its type, or why there is none."""

    schema: Mapping[str, object] | None = None
    type: Object | None = None
    problems: tuple[Diagnostic, ...] = ()


class SchemaStore:
    """The types of all record kinds and payload objects, by name."""

    def __init__(
        self, schema_dirs: Iterable[str | Path], pack_schema_dirs: Iterable[str | Path] = ()
    ) -> None:
        shared = [Path(each) for each in schema_dirs]
        # As with rules, the folder named last wins; a pack's own comes before all.
        self._dirs = (*(Path(each) for each in pack_schema_dirs), *reversed(shared))
        self._found: dict[str, _Found] = {}
        self._invariants: dict[str, tuple[Invariant | Span, ...]] = {}

    def canonical(self, kind: str | Located[str], report: Report | None = None) -> Object | None:
        """Return the type of a record kind; None when it is reported to be unknown or unusable."""
        name, span = (kind.value, kind.span) if isinstance(kind, Located) else (kind, None)
        found = self._type(f"canonical/{name}{_ENDING}", name)
        if report is not None:
            report.extend(found.problems)
            if found.type is None and not found.problems:
                report.add(problems.unknown_kind(span, name, self.kinds()))
        return found.type

    def invariants(self, kind: str, report: Report | None = None) -> Mapping[str, Invariant]:
        """Return what holds of every record of a kind, by name; what is unclear is reported."""
        if kind not in self._invariants:
            self._invariants[kind] = tuple(self._stated(kind))
        known: dict[str, Invariant] = {}
        for each in self._invariants[kind]:
            if isinstance(each, Invariant):
                known[each.name] = each
            elif report is not None:
                report.add(problems.invariant_unclear(each))
        return known

    def _stated(self, kind: str) -> Iterator[Invariant | Span]:
        path = f"canonical/{kind}{_ENDING}"
        found, source = self._type(path, kind), self._source(path, Report())
        if found.type is not None and found.schema is not None and source is not None:
            yield from invariants_of(found.schema, found.type, source)

    def target(
        self, system: str, object_: str | Located[str], report: Report | None = None
    ) -> Object | None:
        """Return the type of a payload object of a system, as `canonical` does for records."""
        name = object_.value if isinstance(object_, Located) else object_
        span = object_.span if isinstance(object_, Located) else None
        found = self._type(f"targets/{system}/{name}{_ENDING}", name)
        if report is not None:
            report.extend(found.problems)
            if found.type is None and not found.problems:
                report.add(problems.unknown_object(span, name, system, self.objects(system)))
        return found.type

    def member(self, path: str) -> Type | None:
        """Return the type behind `canonical.contact.phones.kind` or `xero.Invoice.Status`."""
        system, _, rest = path.partition(".")
        name, _, inner = rest.partition(".")
        if not name:
            return None
        whole = self.canonical(name) if system == "canonical" else self.target(system, name)
        return member(whole, inner) if whole is not None and inner else whole

    def title(self, path: str) -> str | None:
        """Return what people call `canonical.contact` or `xero.Invoice`."""
        schema = self._file(_file_of(path)).schema
        return title(schema) if schema is not None else None

    def description(self, path: str) -> str | None:
        """Return what is said of `canonical.contact` or `canonical.contact.phones.kind`."""
        system, name, inner = (*path.split(".", 2), "", "")[:3]
        file = _file_of(f"{system}.{name}")
        schema = self._file(file).schema
        if schema is None:
            return None
        return description(schema, inner, lambda other: self._beside(file, other))

    def kinds(self) -> list[str]:
        """Return the names of all record kinds, sorted."""
        return [each for each in self._names("canonical") if self._describes(f"canonical/{each}")]

    def objects(self, system: str) -> list[str]:
        """Return the names of all payload objects of a system, sorted."""
        if not _SAFE.fullmatch(system):
            return []
        folder = f"targets/{system}"
        return [each for each in self._names(folder) if self._describes(f"{folder}/{each}")]

    def systems(self) -> list[str]:
        """Return the names of all systems that have schemas, sorted."""
        folders = (each / "targets" for each in self._dirs)
        return sorted(
            {each.name for folder in folders for each in _listed(folder) if each.is_dir()}
        )

    def _names(self, folder: str) -> list[str]:
        files = (each.name for root in self._dirs for each in _listed(root / folder))
        return sorted({each.removesuffix(_ENDING) for each in files if each.endswith(_ENDING)})

    def _describes(self, path: str) -> bool:
        """Whether a file describes something itself, and is not a collection of parts."""
        schema = self._file(path + _ENDING).schema
        return schema is not None and ("type" in schema or "$ref" in schema)

    def _type(self, path: str, name: str) -> _Found:
        if not all(_SAFE.fullmatch(step) for step in path.split("/")):
            return _Found()
        found = self._file(path)
        if found.schema is None or found.type is not None or found.problems:
            return found
        self._found[path] = self._typed(path, name, found.schema)
        return self._found[path]

    def _typed(self, path: str, name: str, schema: Mapping[str, object]) -> _Found:
        source = self._source(path, Report())
        span = source.span(0, 0) if source else None
        try:
            found = type_of_schema(schema, name, lambda other: self._beside(path, other))
        except SchemaError as error:
            placed = (each.at(span) if span else each for each in error.diagnostics)
            return _Found(schema, None, tuple(placed))
        if not isinstance(found, Object):
            return _Found(schema, None, (problems.schema_not_an_object(span),))
        return _Found(schema, found)

    def _beside(self, path: str, written: str) -> Mapping[str, object]:
        """Return the schema that another one names; raise `LookupError` when there is none."""
        folder = posixpath.dirname(path)
        beside = self._file(posixpath.normpath(posixpath.join(folder, written)))
        if beside.schema is None:
            raise LookupError(written)
        return beside.schema

    def _file(self, path: str) -> _Found:
        """Return a schema file, read once."""
        if path not in self._found:
            self._found[path] = self._read(path)
        return self._found[path]

    def _read(self, path: str) -> _Found:
        report = Report()
        source = self._source(path, report)
        if source is None:
            return _Found(problems=tuple(report))
        try:
            schema = decode(source.text)
        except JsonError as error:
            offset = _offset(source, error.line, error.column)
            place = source.span(offset, offset)
            return _Found(problems=(problems.schema_not_json(place, error.message),))
        if not isinstance(schema, dict):
            return _Found(problems=(problems.schema_not_an_object(source.span(0, 0)),))
        return _Found(schema)

    def _source(self, path: str, report: Report) -> SourceText | None:
        if path.startswith(("/", "..")) or "\\" in path:
            return None
        for root in self._dirs:
            if _is_file(root / path):
                return read_source(path, report, root=root)
        return None


def _file_of(path: str) -> str:
    """Return the name of the file that describes `canonical.contact` or `xero.Invoice`."""
    system, _, name = path.partition(".")
    folder = "canonical" if system == "canonical" else f"targets/{system}"
    return f"{folder}/{name}{_ENDING}"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # no name that a file could have
        return False


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _offset(source: SourceText, line: int, column: int) -> int:
    """Return the offset of a line and a column, both from 1."""
    lines = source.text.splitlines(keepends=True)[: line - 1]
    return min(sum(map(len, lines)) + column - 1, len(source.text))
