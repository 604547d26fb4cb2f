"""
Say whether a place that a page claims is there: a rule, a check, a report field, a heading, a test.

A place is a file of the checkout and, after `#`, a name in it; a check is its code alone, and a
field of a run's report stands after `report.json`. What a name is follows from the file: in a
pack a dotted way down its keys (list items by their reason or name, rows by their first cell), in
a schema one down its properties, in Python a function, class or constant, on a page a heading.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from mapping_engine.packs.reading import entries, items, text, word
from mapping_engine.source.codes import CODES
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.node import Node
from mapping_engine.source.text import SourceText

__all__ = ["REPORT", "is_place", "is_proof", "kind_of"]

#: The file of a run that counts what became of the records.
REPORT = "report.json"
#: A whole report of a run, as a test keeps it.
_KEPT_REPORT = "tests/cli/__snapshots__/test_run.ambr"
_CODE = re.compile(r"M\d{3}")
_PROOF = re.compile(
    r"rules/[^/]+/cases/[^/]+\.yaml|tests/(.+/)?test_\w+\.py#test_\w+|tests/problems/M\d{3}_\w+"
)
#: What names an item of a list.
_NAMES = ("reason", "name")
_KINDS = {"yaml": "rule", "json": "schema", "md": "page", "py": "engine"}


def kind_of(place: str) -> str:
    """Return what a place is: rule, check, report field, page, schema, or part of the engine."""
    if _CODE.fullmatch(place):
        return "check"
    file = place.partition("#")[0]
    return "report field" if file == REPORT else _KINDS.get(file.rpartition(".")[2], "file")


def is_place(place: str, root: Path) -> bool:
    """Whether a claimed place is there."""
    if _CODE.fullmatch(place):
        return place in CODES
    file, _, name = place.partition("#")
    if file == REPORT:
        return f'"{name}":' in _text(root / _KEPT_REPORT)
    path = root / file
    if not path.is_file():
        return False
    return not name or _has(path, name)


def is_proof(proof: str, root: Path) -> bool:
    """Whether a claimed case or test is there, and is one."""
    if not _PROOF.fullmatch(proof):
        return False
    return (root / proof).is_dir() or is_place(proof, root)


def _has(path: Path, name: str) -> bool:
    match path.suffix:
        case ".yaml":
            root = read(SourceText(path.name, _text(path)), Report()).root
            return any(True for _ in _reached(root, name))
        case ".json":
            return _in_schema(json.loads(_text(path)), name.split("."))
        case ".py":
            return name in _defined(path)
        case _:
            return name in re.findall(r"^#+ (.*)$", _text(path), re.MULTILINE)


def _reached(node: Node | None, way: str) -> Iterator[Node | None]:
    """Yield what a dotted way leads to; a key may itself hold dots."""
    if not way:
        yield node
    for name, value in _steps(node):
        if way == name or way.startswith(f"{name}."):
            yield from _reached(value, way[len(name) + 1 :])


def _steps(node: Node | None) -> Iterator[tuple[str, Node]]:
    for each in entries(node):
        yield each.key.text, each.value
    for item in items(node):
        said = [text(item, each) for each in _NAMES]
        first = next((word(each.value) for each in entries(item)), None)
        names = {*said, first.value if first else None} - {None}
        yield from ((str(name), item) for name in names)


def _in_schema(schema: object, way: list[str]) -> bool:
    if not way:
        return True
    if isinstance(schema, list):
        return way[0] in schema and len(way) == 1
    if not isinstance(schema, Mapping):
        return False
    below = [schema, *(schema[each] for each in ("properties", "$defs") if each in schema)]
    below += (
        [schema["items"].get("properties", {})] if isinstance(schema.get("items"), dict) else []
    )
    return any(way[0] in each and _in_schema(each[way[0]], way[1:]) for each in below)


@lru_cache
def _defined(path: Path) -> frozenset[str]:
    """Return the names that a module defines at its top, and the methods of its classes."""
    found: set[str] = set()
    for node in ast.parse(_text(path)).body:
        match node:
            case ast.FunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name, body=body):
                methods = [each.name for each in body if isinstance(each, ast.FunctionDef)]
                found |= {name, *(f"{name}.{each}" for each in methods)}
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
    return frozenset(found)


@lru_cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
