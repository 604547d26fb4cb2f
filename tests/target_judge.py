"""
Judge a payload by its target schema, without anything of our own.

The schema file is read as JSON, closed (no member that it does not name), freed of references
and of our `x-` keywords, and given to jsonschema-rs; to jsonschema, the reference
implementation, for a sample. Decimal places (`x-scale`) and exactness are asked here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs

from mapping_engine.values.json import decode, encode

__all__ = ["Judge", "judge_of", "schema_of"]

SCHEMAS = Path(__file__).parents[1] / "schemas"
Schema = dict[str, Any]


def _is_whole(_checker: object, value: object) -> bool:
    """Whether a value is a whole number; the reference implementation knows no `Decimal`."""
    return not isinstance(value, bool) and isinstance(value, int | Decimal) and value % 1 == 0


_REFERENCE = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole),
)


class Judge:
    """Says what is wrong with payloads of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        plain = _without_our_words(schema)
        self._fast = jsonschema_rs.validator_for(plain, validate_formats=True)
        self._reference = _REFERENCE(plain, format_checker=jsonschema.FormatChecker())

    def faults(self, payload: Mapping[str, Any], *, twice: bool = False) -> list[str]:
        """Return what is wrong; `twice` asks the reference implementation too."""
        found = []
        if not self._fast.is_valid(payload):
            found += [f"{e.instance_path}: {e.message}" for e in self._fast.iter_errors(payload)]
        if twice:
            found += [f"reference: {e.message}" for e in self._reference.iter_errors(payload)]
        found += _inexact(payload, self._schema, "")
        if twice and decode(encode(payload)) != payload:
            found.append("does not survive being written")
        return found


@lru_cache
def judge_of(system: str, name: str) -> Judge:
    """Return the judge of `schemas/targets/<system>/<name>`, or of a canonical record kind."""
    return Judge(schema_of(system, name))


def schema_of(system: str, name: str) -> Schema:
    """Return a closed schema without references."""
    folder = SCHEMAS / "canonical" if system == "canonical" else SCHEMAS / "targets" / system
    path = folder / f"{name}.schema.json"
    closed = _closed(_read(path), path)
    assert isinstance(closed, dict)
    return closed


@lru_cache
def _read(path: Path) -> Schema:
    loaded = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    assert isinstance(loaded, dict)
    return loaded


def _closed(schema: Any, home: Path) -> Any:
    """Return a schema with references replaced by what they lead to, and objects closed."""
    if isinstance(schema, list):
        return [_closed(each, home) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        file, _, pointer = schema["$ref"].partition("#")
        home = home.parent / file if file else home
        found: Any = _read(home)
        for step in pointer.split("/")[1:]:
            found = found[step]
        return _closed({**found, **{k: v for k, v in schema.items() if k != "$ref"}}, home)
    closed = {key: _closed(each, home) for key, each in schema.items() if key != "$defs"}
    if "properties" in closed:
        closed.setdefault("additionalProperties", False)
    return closed


def _without_our_words(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_our_words(each) for each in schema]
    if not isinstance(schema, dict):
        return float(schema) if isinstance(schema, Decimal) else schema
    return {
        key: _without_our_words(each) for key, each in schema.items()
        if not key.startswith(("x-", "$id"))
    }  # fmt: skip


def _inexact(value: Any, schema: Any, path: str) -> Iterator[str]:
    """Yield numbers that are no exact decimals, and those with too many places."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield f"{path}: {value!r} is not exact"
    branches = [schema, *schema.get("anyOf", ())] if isinstance(schema, dict) else []
    scales = [each["x-scale"] for each in branches if "x-scale" in each]
    if isinstance(value, Decimal) and scales and _places(value) > scales[0]:
        yield f"{path}: {value} has more than {scales[0]} places"
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _inexact(each, _member(branches, name), f"{path}.{name}")
    elif isinstance(value, list):
        items = next((b["items"] for b in branches if "items" in b), {})
        for place, each in enumerate(value):
            yield from _inexact(each, items, f"{path}[{place}]")


def _member(branches: list[Schema], name: str) -> Any:
    found = (b.get("properties", {}).get(name) or b.get("additionalProperties") for b in branches)
    return next((each for each in found if each), {})


def _places(number: Decimal) -> int:
    return len(format(number, "f").partition(".")[2].rstrip("0"))
