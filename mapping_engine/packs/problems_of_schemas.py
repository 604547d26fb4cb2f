"""Words for schema files that are missing or cannot be read (M162 to M167)."""

from __future__ import annotations

from collections.abc import Iterable

from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.suggest import did_you_mean
from mapping_engine.values.words import choice_words

__all__ = [
    "invariant_unclear", "schema_not_an_object", "schema_not_json", "unknown_kind",
    "unknown_object", "unknown_tolerance",
]  # fmt: skip


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


@problem("M166", "invariant-unclear")
def invariant_unclear() -> Wording:
    """
    A canonical schema says under `x-invariants` something that cannot be understood.

    Each stands under its name: `is`, what a field (or, dotted, a field of each item of a list)
    must be, or `holds`, a condition; `because`, the sentence; and, if needed, `when` and `reason`.
    """
    return Wording(
        message="what must hold of every record is not said clearly",
        label="not understood",
        hint="say `is` (under the name of a field) or `holds`, and `because`",
    )


@problem("M167", "unknown-tolerance")
def unknown_tolerance(name: str, kind: str, known: Iterable[str]) -> Wording:
    """
    A mapping says how far something may differ that is not demanded of the record kind.

    What is demanded stands under `x-invariants` of the kind's schema.
    """
    known = tuple(known)
    return Wording(
        message=f"nothing called `{name}` is demanded of every `{kind}`",
        label="not demanded",
        hint=did_you_mean(name, known) or (f"it can be {choice_words(known)}" if known else None),
    )
