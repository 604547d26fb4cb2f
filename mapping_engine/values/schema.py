"""
JSON Schema (2020-12, with our `x-` keywords) to types.

Every keyword is either understood or a problem: what a schema says and nobody reads
could not be proved. Problems are collected, their place becomes `UNKNOWN`, and all come
out together in one `SchemaError`. Schemas must have been read with exact numbers.

`x-scale` decimal places, `x-unit` unit, `x-private` never shown (with all inside it),
`x-decimal` a number that is or may be written as a text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Final, TypeAlias

from msgspec.structs import replace

from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.values.keywords import Part, Schema, as_list
from mapping_engine.values.problems import schema_reference_unknown, schema_types_mixed
from mapping_engine.values.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    NULL,
    UNKNOWN,
    List,
    Number,
    Object,
    Text,
    Type,
)

__all__ = ["Resolve", "SchemaError", "member", "type_of_schema"]

Resolve: TypeAlias = Callable[[str], Schema]

_TYPES: Final = ("string", "number", "integer", "boolean", "object", "array", "null")
_NULL: Final = {"type": "null"}


class SchemaError(ValueError):
    """A schema cannot be turned into a type; `diagnostics` say why, each without a span."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        more = f" and {len(diagnostics) - 1} more" if len(diagnostics) > 1 else ""
        super().__init__(f"{diagnostics[0].message}{more}")


def type_of_schema(schema: Schema, name: str, resolve: Resolve) -> Type:
    """Return the type that a schema describes, called `name` in messages.

    `resolve` returns the whole schema of another file by its name as written before the
    `#` of a `$ref`, or raises `LookupError`; references within a file are followed here.
    Raises `SchemaError` with everything that is not understood.
    """
    whole = Part(schema, schema, "#", name, [])
    found = _Reader(resolve).read(whole)
    if whole.problems:
        raise SchemaError(tuple(whole.problems))
    return found


def member(type: Type, path: str) -> Type | None:
    """Return the type of a member by its dotted path, going through lists (`phones.kind`)."""
    for step in path.split("."):
        while isinstance(type, List):
            type = type.item
        if not isinstance(type, Object):
            return None
        inner = type.fields.get(step, type.others)
        if inner is None:
            return None
        type = inner
    return type


class _Reader:
    """Reads parts of schemas; the other files come from `resolve`."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve

    def read(self, part: Part) -> Type:
        """Return the type of one part; what is wrong with it is collected in the part."""
        if part.flag("x-private") and not part.private:
            part = replace(part, private=True)
        if not part.schema:
            return UNKNOWN.with_states(False, False, part.private)
        if "$ref" in part.schema:
            return self._reference(part)
        if "type" not in part.schema and part.schema.keys() & {"anyOf", "oneOf"}:
            return self._choice(part)
        names = _type_names(part)
        null = "null" in names and None in as_list(part.schema.get("enum", [None]))
        found = self._of_kind(_kind(names - {"null"}, part.schema), part)
        return found.with_states(found.absent, null or found.null, part.private)

    def _of_kind(self, kind: str | None, part: Part) -> Type:
        match kind:
            case "object":
                return self._object(part)
            case "array":
                return self._list(part)
            case "text":
                return _text(part)
            case "number":
                return _number(part)
            case "boolean" | "null":
                part.demand_known(kind)
                return BOOLEAN if kind == "boolean" else NULL
            case _:
                types = " and ".join(sorted(part.type_names))
                part.problems.append(schema_types_mixed(None, part.place, types))
                return UNKNOWN

    def _below(self, schema: object, part: Part, *steps: str, name: str) -> Type:
        if schema is True:
            schema = {}
        if not isinstance(schema, Mapping):
            part.wrong(steps[-1], "a schema")
            return UNKNOWN
        return self.read(part.inside(schema, *steps, name=name))

    def _list(self, part: Part) -> Type:
        part.demand_known("array")
        return List(
            item=self._below(part.schema.get("items", True), part, "items", name=_one(part.name)),
            min_items=part.count("minItems") or 0,
            max_items=part.count("maxItems"),
            unique=part.flag("uniqueItems"),
        )

    def _object(self, part: Part) -> Type:
        part.demand_known("object")
        properties = part.schema.get("properties", {})
        if not isinstance(properties, Mapping):
            part.wrong("properties", "an object of schemas")
            properties = {}
        required = frozenset(part.names(part.schema.get("required", ()), "required", properties))
        fields = {}
        for name, schema in properties.items():
            found = self._below(schema, part, "properties", name, name=name)
            absent = found.absent or name not in required
            fields[name] = found.with_states(absent, found.null, found.private)
        return Object(
            name=part.name,
            fields=fields,
            others=self._others(part),
            needs_one_of=tuple(_groups(part, properties)),
        )

    def _others(self, part: Part) -> Type | None:
        schema = part.schema.get("additionalProperties", True)
        if schema is False:
            return None
        return self._below(schema, part, "additionalProperties", name=_one(part.name))

    def _choice(self, part: Part) -> Type:
        """Read `anyOf: [schema, {type: null}]`: a schema whose value may also be null."""
        part.demand_known("choice")
        keyword = "anyOf" if "anyOf" in part.schema else "oneOf"
        branches = as_list(part.schema[keyword])
        others = [each for each in branches if each != _NULL]
        if len(others) != 1 or len(branches) > 2 or {"anyOf", "oneOf"} <= part.schema.keys():
            part.wrong(keyword, "one schema, and `type: null` when it may be null")
            return UNKNOWN
        at = str(branches.index(others[0]))
        found = self._below(others[0], part, keyword, at, name=part.name)
        return replace(found, null=found.null or len(branches) == 2)

    def _reference(self, part: Part) -> Type:
        part.demand_known("reference")
        reference = part.word("$ref") or ""
        try:
            root, schema, place = self._target(reference, part)
        except LookupError:
            return _no_reference(part, reference, "leads nowhere")
        if place in part.references:
            return _no_reference(part, reference, "leads back to itself")
        references = (*part.references, place)
        return self.read(
            replace(part, schema=schema, root=root, place=place, references=references)
        )

    def _target(self, reference: str, part: Part) -> tuple[Schema, Schema, str]:
        """Return the file, the schema in it and its place, or raise `LookupError`."""
        file, _, pointer = reference.partition("#")
        root = self._resolve(file) if file else part.root
        found: object = root
        for step in pointer.split("/")[1:]:
            if not isinstance(found, Mapping):
                raise LookupError(reference)
            found = found[step.replace("~1", "/").replace("~0", "~")]
        if not isinstance(found, Mapping):
            raise LookupError(reference)
        home = file or part.place.partition("#")[0]
        return root, found, f"{home}#{pointer}"


def _text(part: Part) -> Type:
    if part.schema.get("format") in ("date", "date-time"):
        part.demand_known("moment")
        return DATE if part.schema["format"] == "date" else DATETIME
    part.demand_known("text")
    choices = part.choices()
    least = part.count("minLength") or 0
    return Text(
        choices=choices,
        blank=least == 0 if choices is None else any(not each.strip() for each in choices),
        min_length=least,
        max_length=part.count("maxLength"),
        pattern=part.pattern(),
        format=part.format(),
        reads_scalars=bool({"number", "integer", "boolean"} & part.type_names),
    )


def _number(part: Part) -> Type:
    part.demand_known("number")
    constant = part.decimal("const")
    low, above = part.bound("minimum", "exclusiveMinimum")
    high, below = part.bound("maximum", "exclusiveMaximum")
    reads_text = "string" in part.type_names
    return Number(
        scale=part.scale(),
        minimum=low if constant is None else constant,
        maximum=high if constant is None else constant,
        above=above,
        below=below,
        unit=part.word("x-unit"),
        reads_text=reads_text,
        as_text=reads_text and not {"number", "integer"} & part.type_names,
    )


def _groups(part: Part, known: Schema) -> Iterator[tuple[str, ...]]:
    """Yield the names of each `{required: […]}` that stands under `anyOf`."""
    for branch in as_list(part.schema.get("anyOf", ())):
        if isinstance(branch, Mapping) and set(branch) == {"required"}:
            yield tuple(part.names(branch["required"], "anyOf", known))
        else:
            part.wrong("anyOf", "a list of `required` lists beside `properties`")


def _type_names(part: Part) -> frozenset[str]:
    names = part.type_names if "type" in part.schema else frozenset(_implied(part.schema))
    if names and names <= set(_TYPES):
        return names
    part.wrong("type", f"one of {', '.join(_TYPES)}, or a list of them")
    return frozenset({"string"})


def _kind(names: frozenset[str], schema: Schema) -> str | None:
    """Return the kind of type that some names of JSON Schema mean together."""
    if not names:
        return "null"
    if names <= {"number", "integer"}:
        return "number"
    if names <= {"string", "number", "integer"} and schema.get("x-decimal") is True:
        return "number"
    if "string" in names and names <= {"string", "number", "integer", "boolean"}:
        return "text"
    return next(iter(names)) if len(names) == 1 else None


def _implied(schema: Schema) -> Iterator[str]:
    """Yield the types that a schema without `type` must mean, as far as that is clear."""
    if "properties" in schema or "additionalProperties" in schema:
        yield "object"
    elif "items" in schema:
        yield "array"
    else:
        for each in as_list(schema.get("const", schema.get("enum", ()))):
            match each:
                case None:
                    yield "null"
                case str():
                    yield "string"
                case Decimal():
                    yield "number"
                case _:
                    yield "of an unknown kind"


def _no_reference(part: Part, reference: str, why: str) -> Type:
    part.problems.append(schema_reference_unknown(None, part.place, reference, why))
    return UNKNOWN


def _one(name: str) -> str:
    """Return what one item of a list is called: `lines` → `line`, `entries` → `entry`."""
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    if name.endswith(("sses", "xes")):
        return name[:-2]
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name
