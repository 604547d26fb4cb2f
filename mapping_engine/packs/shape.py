"""
Judge the shape of a pack's YAML against `schemas/rules/*.schema.json`, in our own words.

The schemas are the law (an editor completes from the same files, and a test holds this
walk equal to jsonschema); the walk here exists for its messages: one mistake gives one
message, at the key or value that is wrong. It knows exactly the keywords that those
schemas use. Where the reader has already reported a value cut in pieces, it is silent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.packs import problems
from mapping_engine.packs.cuts import Cuts
from mapping_engine.packs.files import read_source
from mapping_engine.packs.finder import shipped_path
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.node import Document, Entry, MappingNode, Node, ScalarNode, SequenceNode
from mapping_engine.source.suggest import nearest
from mapping_engine.source.text import Span

__all__ = ["SHAPE_CODES", "check_shape", "kind_of", "rule_schema"]

#: A JSON Schema, as decoded; its keywords are as varied as JSON.
Schema: TypeAlias = Mapping[str, Any]

#: After so many problems of one file the rest is left for the next time.
_MOST_PROBLEMS = 200

#: The codes of a wrong shape: a file without one of these fits its schema.
SHAPE_CODES = frozenset(f"M20{number}" for number in range(1, 9))


@cache
def rule_schema(name: str) -> Schema:
    """Return the schema of that file name (`mapping.schema.json`); it travels with the package."""
    report = Report()
    source = read_source(shipped_path().schemas[0] / "rules" / name, report)
    report.raise_if_errors()
    return json.loads(source.text) if source else {}


def check_shape(document: Document, kind: str, report: Report) -> Document:
    """Report every place where a document is not shaped like a `pack`, `mapping`, `table`, …

    Returns the document with misspelt keys read as the ones that were meant, so that one
    wrong letter in `reject` does not make every field below look unproved.
    """
    home = f"{kind}.schema.json"
    schema = rule_schema(home)
    if document.root is None:
        spans = [each.span for each in report.errors]
        if not any(span and span.source is document.source for span in spans):
            start = document.source.span(0, 0)
            report.add(problems.empty_file(start, schema["title"]))
        return document
    walk = _Walk(report, Cuts.of(document, report))
    walk.check(document.root, schema, home, _Where(schema["title"], _first(document.root)))
    return replace(document, root=_as_meant(document.root, walk.meant)) if walk.meant else document


def _as_meant(node: Node, meant: Mapping[ScalarNode, str]) -> Node:
    """Return a node with misspelt keys replaced by the ones that were meant."""
    match node:
        case MappingNode(entries=entries):
            return replace(node, entries=tuple(_meant_entry(each, meant) for each in entries))
        case SequenceNode(items=items):
            return replace(node, items=tuple(_as_meant(each, meant) for each in items))
        case _:
            return node


def _meant_entry(entry: Entry, meant: Mapping[ScalarNode, str]) -> Entry:
    key = replace(entry.key, text=meant[entry.key]) if entry.key in meant else entry.key
    return Entry(key, _as_meant(entry.value, meant))


def kind_of(node: Node) -> str:
    """Return the words for what stands at a place."""
    match node:
        case MappingNode():
            return "a block of keys"
        case SequenceNode():
            return "a list"
        case ScalarNode(value=None):
            return "nothing"
        case ScalarNode(value=bool()):
            return "true or false"
        case ScalarNode(value=str()):
            return "a text"
        case _:
            return "a number"


class _Where(Struct, frozen=True):
    """How a message names a place, and the smallest span that shows it."""

    words: str
    span: Span


class _Walk:
    """One walk over one document."""

    def __init__(self, report: Report, cuts: Cuts) -> None:
        self.report, self.cuts = report, cuts
        self.most = len(report) + _MOST_PROBLEMS
        #: What misspelt keys were meant to be.
        self.meant: dict[ScalarNode, str] = {}

    def check(self, node: Node, schema: Schema, home: str, where: _Where) -> None:
        """Report what is wrong with `node`, and go on below it where that makes sense."""
        if self.cuts.covers(node) or len(self.report) > self.most:
            return
        while "$ref" in schema:
            schema, home = _resolved(schema["$ref"], home)
        for branch in schema.get("anyOf", ()):
            plain, place = _resolved_all(branch, home)
            if _fits_kind(node, plain):
                # The title of the whole choice says more than that of one branch.
                self.check(node, plain, place, where)
                return
        if "anyOf" in schema or not _fits_kind(node, schema):
            self._wrong_kind(node, schema, where)
        elif isinstance(node, ScalarNode):
            self._scalar(node, schema, where)
        elif isinstance(node, SequenceNode):
            self._list(node, schema, home, where)
        else:
            self._block(node, schema, home, where)

    def _wrong_kind(self, node: Node, schema: Schema, where: _Where) -> None:
        needed = schema.get("title", "another value")
        if isinstance(node, ScalarNode) and node.value is None:
            self.report.add(problems.nothing_written(where.span, where.words, needed))
            return
        if needed == where.words:
            needed = "keys with values"
        hint = _hint(node, schema, needed)
        self.report.add(problems.wrong_kind(_short(node), where.words, needed, kind_of(node), hint))

    def _scalar(self, node: ScalarNode, schema: Schema, where: _Where) -> None:
        words = schema.get("enum", [schema["const"]] if "const" in schema else None)
        if words is not None and node.value is None and not node.text:
            self.report.add(problems.nothing_written(where.span, where.words, "a word"))
        elif words is not None and not any(_same(node.value, each) for each in words):
            shown = [each or "null" for each in words if each is None or isinstance(each, str)]
            shown = shown or ["true"]
            self.report.add(problems.unknown_word(node.span, where.words, node.text, shown))
        elif isinstance(node.value, str):
            if len(node.value) < schema.get("minLength", 0):
                self.report.add(
                    problems.nothing_written(node.span, where.words, schema.get("title", "a text"))
                )
            elif "pattern" in schema and not re.search(schema["pattern"], node.value):
                self.report.add(problems.not_a_name(node.span, node.text, schema["title"]))

    def _list(self, node: SequenceNode, schema: Schema, home: str, where: _Where) -> None:
        if len(node.items) < schema.get("minItems", 0):
            self.report.add(problems.nothing_written(node.span, where.words, schema["title"]))
        for item in node.items:
            if "items" in schema:
                place = _Where(f"an item of {where.words}", _first(item))
                self.check(item, schema["items"], home, place)

    def _block(self, node: MappingNode, schema: Schema, home: str, where: _Where) -> None:
        if len(node.entries) < schema.get("minProperties", 0):
            needed = schema.get("title", "a key")
            self.report.add(problems.nothing_written(where.span, where.words, needed))
            return
        known: Mapping[str, Schema] = schema.get("properties", {})
        others = schema.get("additionalProperties", True)
        unknown = [each for each in node if each.key.text not in known] if others is False else []
        self._unknown_keys(node, unknown, schema, where)
        if not unknown or len(unknown) < len(node.entries):
            self._missing_keys(node, unknown, schema, where)
        for entry in node:
            self._entry(entry, known.get(entry.key.text, others), schema, home)

    def _entry(self, entry: Entry, schema: Schema | bool, block: Schema, home: str) -> None:
        if "propertyNames" in block:
            rule, _ = _resolved_all(block["propertyNames"], home)
            if not re.search(rule.get("pattern", ""), entry.key.text) or len(
                entry.key.text
            ) < rule.get("minLength", 0):
                self.report.add(problems.not_a_name(entry.key.span, entry.key.text, rule["title"]))
        if not isinstance(schema, bool):
            self.check(entry.value, schema, home, _Where(f"`{entry.key.text}`", entry.key.span))

    def _unknown_keys(
        self, node: MappingNode, unknown: Sequence[Entry], schema: Schema, where: _Where
    ) -> None:
        known = list(schema.get("properties", {}))
        is_rule = "value" in known and "fields" in known
        if unknown and is_rule and len(unknown) == len(node.entries):
            first = unknown[0].key
            self.report.add(problems.members_need_fields(first.span, where.words, first.text))
            return
        for entry in unknown[:_MOST_PROBLEMS]:
            owner = _owner(schema, where)
            self.report.add(problems.unknown_key(entry.key.span, entry.key.text, owner, known))
            near = nearest(entry.key.text, known)
            if near is not None and node.entry(near) is None:
                self.meant[entry.key] = near

    def _missing_keys(
        self, node: MappingNode, unknown: Sequence[Entry], schema: Schema, where: _Where
    ) -> None:
        missing = [each for each in schema.get("required", ()) if node.entry(each) is None]
        if not missing:
            return
        # A key under another name is one mistake: it is not missing as well.
        known = list(schema.get("properties", {}))
        guesses = [nearest(entry.key.text, known) for entry in unknown[:_MOST_PROBLEMS]]
        missing = [each for each in missing if each not in guesses]
        if len(missing) > guesses.count(None):
            for name in missing:
                self.report.add(problems.missing_key(where.span, name, where.words))


#: What JSON Schema calls the kinds of nodes, and of the values of scalars that are no numbers.
_JSON_KINDS = {
    MappingNode: "object", SequenceNode: "array", type(None): "null", bool: "boolean",
    str: "string",
}  # fmt: skip


def _fits_kind(node: Node, schema: Schema) -> bool:
    """Whether a node is of the kind (text, list, block, …) that a schema is about."""
    words = schema.get("enum", (True,) if "const" in schema else None)
    if words is not None:
        return isinstance(node, ScalarNode) and (node.value is not None or None in words)
    types = schema.get("type")
    if types is None:
        return True
    name = _JSON_KINDS.get(type(node.value if isinstance(node, ScalarNode) else node), "number")
    return name == types or (isinstance(types, list) and name in types)


def _same(value: object, word: object) -> bool:
    return type(value) is type(word) and value == word


@cache
def _resolved(ref: str, home: str) -> tuple[Schema, str]:
    """Return what a `$ref` points at, and the file in which it stands."""
    name, _, path = ref.partition("#")
    schema = rule_schema(name or home)
    for step in path.strip("/").split("/"):
        schema = schema[step] if step else schema
    return schema, name or home


def _resolved_all(schema: Schema, home: str) -> tuple[Schema, str]:
    while "$ref" in schema:
        schema, home = _resolved(schema["$ref"], home)
    return schema, home


def _hint(node: Node, schema: Schema, needed: str) -> str | None:
    """Return how the value at a place would be written in the kind that is needed."""
    wanted = schema.get("type")
    if isinstance(node, ScalarNode):
        if "list" in needed and re.fullmatch(r"[\w.]+", node.text):
            return f"write `[{node.text}]`"
        if wanted == "object" and schema.get("required"):
            return f"write a block with {problems.listed(schema['required'], 'and')}"
        if not isinstance(node.value, str) and "string" in (wanted or ()):
            return "put it in quotes"
    if isinstance(node, SequenceNode) and "string" in (wanted or ()) and "list" not in needed:
        return "put the whole expression in ( )" if "expression" in needed else None
    is_dashed = isinstance(node, SequenceNode) and node.span.text[:1] != "["
    return "take the dashes away" if wanted == "object" and is_dashed else None


def _owner(schema: Schema, where: _Where) -> str:
    """Return what a message calls the block that a key stands in."""
    title: str = schema.get("title", "`")
    return where.words if title.startswith("`") else title.partition(" with ")[0]


def _short(node: Node) -> Span:
    """Return the whole span of a node that stands on one line, else its beginning."""
    return node.span if "\n" not in node.span.text else _first(node)


def _first(node: Node) -> Span:
    """Return the smallest span that shows where a node is."""
    if isinstance(node, MappingNode) and node.entries:
        return node.entries[0].key.span
    if isinstance(node, SequenceNode) and node.items:
        return _first(node.items[0])
    return node.span
