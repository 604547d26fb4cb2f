"""
Judge JSON payloads by the XML schemas that a vendor publishes, walked over the JSON.

The JSON form has the same names as the XML form: elements and attributes are members, an
element that may come often is a list, and a type with simple content (a reference) is an
object whose text is its member `value`. Asked are unknown members, the kind of each value,
enumerations, members of which only one may be there, and members that must be. The files are
the vendor's and are read from the folder named by `MAPPING_ENGINE_SPECS`.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

__all__ = ["XsdJudge"]

_XS = "{http://www.w3.org/2001/XMLSchema}"
_PATTERNS = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "dateTime": re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}([.]\d+)?(Z|[+-]\d{2}:\d{2})?"),
}
_TEXTS = ("string", "anyURI", "normalizedString", "token", "base64Binary")
_WHOLE = {"int": None, "integer": None, "long": None, "short": None,
          "nonNegativeInteger": 0, "positiveInteger": 1}  # fmt: skip


@dataclass
class _Member:
    """One member of an object. Members of the same `choice` exclude each other."""

    type: str
    is_list: bool = False
    is_demanded: bool = False
    choice: int | None = None


@dataclass
class _Shape:
    """The members of a complex type; `open` when any others may be there."""

    members: dict[str, _Member] = field(default_factory=dict)
    open: bool = False


class XsdJudge:
    """Knows the types of all schema files of a folder."""

    def __init__(self, folder: Path) -> None:
        files = sorted(folder.glob("*.xsd"))
        assert files, f"{folder} holds no XML schemas"
        roots = [ET.parse(each).getroot() for each in files]
        self._named = {
            (each.tag.removeprefix(_XS), each.get("name", "")): each
            for root in roots for each in root
        }  # fmt: skip
        self._shapes: dict[str, _Shape] = {}
        self._choices = 0

    def faults(self, object: str, payload: Mapping[str, Any]) -> list[str]:
        """Return what is wrong with a payload, each with its place."""
        return list(self._value(object, payload, object))

    def schema_faults(self, object: str, schema: Mapping[str, Any]) -> list[str]:
        """Return where a closed JSON Schema without references says other than the vendor."""
        return list(self._schema(object, schema, object))

    def _value(self, type: str, value: Any, place: str) -> Iterator[str]:
        shape = self._shape(type)
        if shape is None:
            fault = self._simple_fault(type, value)
            if fault:
                yield f"{place}: {fault}"
            return
        if not isinstance(value, Mapping):
            yield f"{place}: not an object"
            return
        yield from self._names(shape, value, place)
        for name, inside in value.items():
            member = shape.members.get(name)
            if member is None:
                continue
            at = f"{place}.{name}"
            if member.is_list is not isinstance(inside, list):
                yield f"{at}: {'not a list' if member.is_list else 'a list'}"
                continue
            for number, each in enumerate(inside if member.is_list else [inside]):
                yield from self._value(
                    member.type, each, f"{at}[{number}]" if member.is_list else at
                )

    def _names(self, shape: _Shape, value: Mapping[str, Any], place: str) -> Iterator[str]:
        """Yield members that are unknown, missing, or exclude each other."""
        chosen: dict[int, str] = {}
        for name in value:
            member = shape.members.get(name)
            if member is None:
                if not shape.open:
                    yield f"{place}.{name}: no such member"
            elif member.choice is not None:
                other = chosen.setdefault(member.choice, name)
                if other != name:
                    yield f"{place}: `{name}` beside `{other}`"
        for name, member in shape.members.items():
            if member.is_demanded and name not in value:
                yield f"{place}.{name}: missing"
        detail = value.get("DetailType")
        if detail in shape.members and detail not in value:
            yield f"{place}.{detail}: missing, though DetailType names it"

    def _simple_fault(self, type: str, value: Any) -> str | None:
        base, words = self._simple(type)
        if base == "boolean":
            return None if isinstance(value, bool) else "not a boolean"
        if base in ("decimal", "double", "float", *_WHOLE):
            return _number_fault(base, value)
        if not isinstance(value, str):
            return "not a text"
        if words and value not in words:
            return f"`{value}` is none of {', '.join(sorted(words))}"
        pattern = _PATTERNS.get(base)
        if pattern is not None and pattern.fullmatch(value) is None:
            return f"`{value}` is no {base}"
        assert pattern is not None or base in _TEXTS, f"unknown type {base}"
        return None

    def _simple(self, type: str) -> tuple[str, frozenset[str]]:
        """Return the built-in type behind a simple type, and its enumeration."""
        if type.startswith("xs:"):
            return type[3:], frozenset()
        node = self._named[("simpleType", type)]
        restriction = node.find(f"{_XS}restriction")
        assert restriction is not None
        base, words = self._simple(restriction.get("base", ""))
        found = frozenset(e.get("value", "") for e in restriction.iter(f"{_XS}enumeration"))
        return base, found or words

    def _shape(self, type: str) -> _Shape | None:
        """Return the members of a complex type; None for a simple one."""
        node = self._named.get(("complexType", type))
        if node is None:
            return None
        if type not in self._shapes:
            self._shapes[type] = shape = _Shape()
            self._read(node, shape, None)
        return self._shapes[type]

    def _read(self, node: ET.Element, shape: _Shape, choice: int | None) -> None:
        for each in node:
            kind = each.tag.removeprefix(_XS) if isinstance(each.tag, str) else ""
            if kind == "element":
                self._read_element(each, shape, choice)
            elif kind == "attribute":
                shape.members[each.get("name", "")] = _Member(each.get("type", "xs:string"))
            elif kind == "extension":
                self._read_base(each.get("base", ""), shape)
                self._read(each, shape, choice)
            elif kind == "choice":
                self._choices += 1
                self._read(each, shape, self._choices)
            elif kind == "group":
                self._read(self._named[("group", each.get("ref", ""))], shape, choice)
            elif kind == "any":
                shape.open = True
            elif kind in ("sequence", "all", "complexContent", "simpleContent"):
                self._read(each, shape, choice)

    def _read_element(self, node: ET.Element, shape: _Shape, choice: int | None) -> None:
        name = node.get("name") or node.get("ref", "")
        known = self._named.get(("element", name))
        type = node.get("type") or (known.get("type") if known is not None else None)
        assert type, f"the element {name} has no type"
        shape.members[name] = _Member(
            type,
            is_list=node.get("maxOccurs", "1") != "1",
            is_demanded=choice is None and node.get("minOccurs") == "1",
            choice=choice,
        )

    def _read_base(self, base: str, shape: _Shape) -> None:
        node = self._named.get(("complexType", base))
        if node is None:  # simple content: the text is the member `value`
            shape.members["value"] = _Member(base)
        else:
            self._read(node, shape, None)

    def _schema(self, type: str, schema: Mapping[str, Any], place: str) -> Iterator[str]:
        shape = self._shape(type)
        if shape is None:
            yield from self._simple_schema(type, schema, place)
            return
        if schema.get("type") != "object":
            yield f"{place}: an object"
        for name, inside in schema.get("properties", {}).items():
            at, member = f"{place}.{name}", shape.members.get(name)
            if member is None:
                yield f"{at}: no such member"
            elif member.is_list is not (inside.get("type") == "array"):
                yield f"{at}: {'a list' if member.is_list else 'no list'}"
            else:
                yield from self._schema(
                    member.type, inside["items"] if member.is_list else inside, at
                )

    def _simple_schema(self, type: str, schema: Mapping[str, Any], place: str) -> Iterator[str]:
        base, words = self._simple(type)
        said, kind = schema.get("type"), _kind(base)
        if said != kind and not (said == "integer" and kind == "number"):
            yield f"{place}: {kind}, not {said}"
        if base in _PATTERNS and schema.get("format") not in ("date", "date-time"):
            yield f"{place}: a {base}"
        unknown = sorted(set(schema.get("enum", ())) - words) if words else []
        if unknown or (words and "enum" not in schema):
            yield f"{place}: {unknown or 'no enumeration'}; known are {', '.join(sorted(words))}"


def _kind(base: str) -> str:
    if base in _WHOLE:
        return "integer"
    return {"boolean": "boolean", "decimal": "number"}.get(base, "string")


def _number_fault(base: str, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return "not an exact number"
    if base in _WHOLE:
        least = _WHOLE[base]
        if value != int(value) or (least is not None and value < least):
            return f"{value} is no {base}"
    return None
