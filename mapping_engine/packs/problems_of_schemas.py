"""Words for schema files that are missing or cannot be read (M162 to M166)."""

from __future__ import annotations

from collections.abc import Iterable

from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.suggest import did_you_mean

__all__ = ["schema_not_an_object", "schema_not_json", "unknown_kind", "unknown_object"]


@problem("M162", "schema-not-json")
def schema_not_json(why: str) -> Wording:
    """
    A schema file is not JSON.
    """
    return Wording(f"the schema cannot be read: {why}", "here")


@problem("M163", "unknown-record-kind")
def unknown_kind(kind: str, kinds: Iterable[str]) -> Wording:
    """
    A mapping takes a record kind for which there is no canonical schema.

    The kinds are the files `schemas/canonical/<kind>.schema.json`.
    """
    return Wording(f"there is no record kind `{kind}`", "no schema", did_you_mean(kind, kinds))


@problem("M164", "unknown-object")
def unknown_object(name: str, system: str, objects: Iterable[str]) -> Wording:
    """
    A mapping builds or reads an object of which the system has no schema.

    The objects are the files `schemas/targets/<system>/<object>.schema.json`.
    """
    hint = did_you_mean(name, objects) or f"add `schemas/targets/{system}/{name}.schema.json`"
    return Wording(f"`{system}` has no object `{name}`", "no schema", hint)


@problem("M165", "schema-not-an-object")
def schema_not_an_object() -> Wording:
    """
    A schema of a record or a payload does not describe an object.
    """
    return Wording("the schema of a record or payload must describe an object", "from here")
