"""
Find what a schema says of a member in words, by the member's dotted name.

Only `title` and `description` are read; types are read in `schema.py`. A member's own
description wins over that of what it refers to. Where nothing is said, nothing is found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

from mapping_engine.values.keywords import Schema, as_list

__all__ = ["description", "title"]

Resolve: TypeAlias = Callable[[str], Schema]

#: So many references may lead to one another.
_DEEPEST = 20


def title(schema: Schema) -> str | None:
    """Return what a schema calls what it describes."""
    said = schema.get("title")
    return said if isinstance(said, str) else None


def description(schema: Schema, path: str, resolve: Resolve) -> str | None:
    """Return the description of a member, going through lists (`phones.kind`), or of the whole.

    `resolve` returns the whole schema of another file, or raises `LookupError`.
    """
    root, part, said = _followed(schema, schema, resolve)
    for step in path.split(".") if path else ():
        properties = part.get("properties")
        inner = properties.get(step) if isinstance(properties, Mapping) else None
        if not isinstance(inner, Mapping):
            return None
        root, part, said = _followed(root, inner, resolve)
    return said


def _followed(root: Schema, part: Schema, resolve: Resolve) -> tuple[Schema, Schema, str | None]:
    """Return the object that a part stands for, with its file and its first description."""
    said: str | None = None
    for _ in range(_DEEPEST):
        found = part.get("description")
        said = said or (found if isinstance(found, str) else None)
        reference, items = part.get("$ref"), part.get("items")
        branches = [each for each in as_list(part.get("anyOf")) if each != {"type": "null"}]
        if isinstance(reference, str):
            root, part = _target(reference, root, resolve)
        elif isinstance(items, Mapping):
            part = items
        elif len(branches) == 1 and isinstance(branches[0], Mapping):
            part = branches[0]
        else:
            break
    return root, part, said


def _target(reference: str, root: Schema, resolve: Resolve) -> tuple[Schema, Schema]:
    file, _, pointer = reference.partition("#")
    root = resolve(file) if file else root
    found: object = root
    for step in pointer.split("/")[1:]:
        found = found.get(step, {}) if isinstance(found, Mapping) else {}
    return root, cast("Schema", found) if isinstance(found, Mapping) else {}
