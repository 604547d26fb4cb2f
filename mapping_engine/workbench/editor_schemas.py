"""
Write `schemas/editor/*.schema.json`: what an editor checks and completes YAML files with.

They are made from `schemas/rules` in the older draft-07 that editors know best. Each stands
for itself, words say what a key is for, and known words (record kinds, objects, reasons, types
of columns) are offered without forbidding others: what is known depends on the pack, and
`validate` has the last word. Never edited; `make docs` writes them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeAlias, cast

from msgspec import Struct, field

from mapping_engine.workbench.known_words import Words, known_words

__all__ = ["FOLDER", "KINDS", "editor_schema", "editor_schemas", "modeline"]

Schema: TypeAlias = dict[str, object]

ROOT = Path(__file__).parents[2]
FOLDER = "schemas/editor"
KINDS = ("pack", "mapping", "table", "firm", "case")
_DRAFT = "http://json-schema.org/draft-07/schema#"
_WRITTEN_BY = "Written by `make docs` from schemas/rules; never edited."

#: Where which known words are offered: as values, and (with `/*`) as keys.
_OFFERS: Mapping[str, str] = {
    "mapping#/properties/record": "kinds",
    "mapping#/properties/object": "objects",
    "mapping#/properties/owner": "owners",
    "mapping#/$defs/payload/properties/object": "objects",
    "mapping#/$defs/block/properties/owner": "owners",
    "mapping#/$defs/decision/properties/reason": "reasons",
    "table#/properties/rows": "origins",
    "table#/properties/reason": "reasons",
    "table#/$defs/row/properties/reject": "reasons",
    "table#/$defs/columns/additionalProperties": "types",
    "pack#/properties/unsupported/*": "kinds",
    "pack#/$defs/link/properties/record": "kinds",
    "pack#/$defs/link/properties/reason": "reasons",
    "pack#/$defs/unsupported/properties/reason": "reasons",
    "pack#/$defs/answer/properties/reason": "reasons",
    "firm#/properties/extends": "packs",
    "firm#/properties/overrides/*": "kinds",
    "firm#/$defs/decision_changes/*": "reasons",
    "case#/properties/mapping": "kinds",
    "case#/$defs/expect/properties/skip": "reasons",
    "case#/$defs/expect/properties/reject/anyOf/0": "reasons",
    "case#/$defs/expect/properties/reject/anyOf/1/items": "reasons",
    "case#/$defs/expect/properties/warn/items": "reasons",
}


def editor_schemas(root: Path = ROOT) -> dict[str, str]:
    """Return the text of each file of `schemas/editor` by its name."""
    words = known_words(root)
    made = {kind: editor_schema(kind, root / "schemas" / "rules", words) for kind in KINDS}
    return {
        f"{kind}.schema.json": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for kind, schema in made.items()
    }


def editor_schema(kind: str, folder: Path, words: Words) -> Schema:
    """Return the draft-07 schema of one kind of file, with everything it needs inside."""
    making = _Making(kind, folder, words)
    whole = dict(_read(folder, kind))
    for key in ("$schema", "$id", "$defs"):
        del whole[key]
    made = cast("Schema", making.converted(whole, kind, f"{kind}#"))
    done = making.shared
    while waiting := {each: at for each, at in making.reached.items() if each not in done}:
        for each, (home, name) in waiting.items():
            source = cast("Mapping[str, object]", _read(folder, home)["$defs"])[name]
            done[each] = making.converted(source, home, f"{home}#/$defs/{name}")
    definitions = {name: done[name] for name in sorted(done)}
    return {"$schema": _DRAFT, "$comment": _WRITTEN_BY, **made, "definitions": definitions}


def modeline(kind: str, file: Path, root: Path = ROOT) -> str:
    """Return the comment by which an editor finds the schema of a file below `root`."""
    steps = len(file.relative_to(root).parts) - 1
    return f"# yaml-language-server: $schema={'../' * steps}{FOLDER}/{kind}.schema.json"


class _Making(Struct):
    """The making of one file: the definitions it reaches, and those that only it has."""

    kind: str
    folder: Path
    words: Words
    reached: dict[str, tuple[str, str]] = field(default_factory=dict)
    shared: Schema = field(default_factory=dict)

    def converted(self, node: object, home: str, pointer: str) -> object:
        """Return a part of a schema of `home` as it stands in the file."""
        if isinstance(node, list):
            return [self.converted(each, home, f"{pointer}/{n}") for n, each in enumerate(node)]
        if not isinstance(node, dict):
            return node
        inside = {
            key: self.converted(each, home, f"{pointer}/{key}")
            for key, each in node.items()
            if key != "$ref"
        }
        made = self._with_target(inside, node["$ref"], home) if "$ref" in node else inside
        if pointer in _OFFERS:
            made = self._offering(made, _OFFERS[pointer])
        if f"{pointer}/*" in _OFFERS:
            self._offer_keys(made, _OFFERS[f"{pointer}/*"], pointer.rpartition("/")[2])
        return made

    def _with_target(self, own: Schema, reference: str, home: str) -> Schema:
        """Put in what is referred to: whole when it is a scalar, else by its name.

        Beside a `$ref` draft-07 reads nothing else, so words of its own need an `allOf`.
        """
        file, _, path = reference.partition("#/$defs/")
        place = file.removesuffix(".schema.json") or home
        target = cast("Schema", cast("Schema", _read(self.folder, place)["$defs"])[path])
        if not {"anyOf", "properties", "additionalProperties", "items", "$ref"} & set(target):
            return {**target, **own}
        name = path if place == self.kind else f"{place}_{path}"
        self.reached[name] = (place, path)
        reached: Schema = {"$ref": f"#/definitions/{name}"}
        return {"allOf": [reached], **own} if own else reached

    def _offering(self, made: Schema, name: str) -> Schema:
        """Offer known words beside whatever else may stand there."""
        words = self.words[name]
        offered: Schema = {"enum": list(words)}
        if any(words.values()):
            offered["enumDescriptions"] = list(words.values())
        outside: Schema = {key: made.pop(key) for key in ("title", "description") if key in made}
        rest = cast("list[object]", made["anyOf"]) if "anyOf" in made else [made]
        return {**outside, "anyOf": [offered, *rest]}

    def _offer_keys(self, made: Schema, name: str, place: str) -> None:
        """Offer known words as keys of a block whose values are all alike."""
        self.shared[f"one_of_{place}"] = made["additionalProperties"]
        value: Schema = {"$ref": f"#/definitions/one_of_{place}"}
        made["properties"] = dict.fromkeys(self.words[name], value)
        made["additionalProperties"] = value


@cache
def _read(folder: Path, name: str) -> Schema:
    text = (folder / f"{name}.schema.json").read_text(encoding="utf-8")
    return cast("Schema", json.loads(text))


if __name__ == "__main__":
    (ROOT / FOLDER).mkdir(exist_ok=True)
    for file, content in editor_schemas().items():
        (ROOT / FOLDER / file).write_text(content, encoding="utf-8")
