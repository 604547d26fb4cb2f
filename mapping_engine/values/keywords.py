"""
One part of a schema: which keywords may stand in it, and what each may say.

A keyword that is not understood in its place and a value that a keyword cannot have are
problems; they gather in one list and the reader goes on without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.source.suggest import did_you_mean
from mapping_engine.values.pattern import PatternError, compile_pattern
from mapping_engine.values.problems import schema_keyword_unknown, schema_value_unknown

__all__ = ["Part", "Schema", "as_list"]

Schema: TypeAlias = Mapping[str, object]

_IGNORED: Final = frozenset({
    "$schema", "$id", "$comment", "$defs", "title", "description", "examples", "default",
    "deprecated", "readOnly", "writeOnly", "x-private", "x-unique", "x-invariants",
})  # fmt: skip
_KEYWORDS: Final[Mapping[str, frozenset[str]]] = {
    kind: frozenset(words.split())
    for kind, words in {
        "text": "type enum const format pattern minLength maxLength",
        "moment": "type format",
        "number": "type const minimum maximum exclusiveMinimum exclusiveMaximum multipleOf"
        " x-scale x-unit x-decimal",
        "boolean": "type",
        "null": "type const",
        "array": "type items minItems maxItems uniqueItems",
        "object": "type properties required additionalProperties anyOf",
        "choice": "anyOf oneOf",
        "reference": "$ref",
    }.items()
}
_KNOWN: Final = sorted(_IGNORED.union(*_KEYWORDS.values()))
_FORMATS: Final = ("date", "date-time", "time", "email", "uri", "uuid")


class Part(Struct, frozen=True):
    """A schema inside a schema file, with what led to it and a name for people."""

    schema: Schema
    root: Schema
    place: str
    name: str
    problems: list[Diagnostic]
    private: bool = False
    references: tuple[str, ...] = ()

    def inside(self, schema: Schema, *steps: str, name: str | None = None) -> Part:
        """Return a part below this one."""
        place = "/".join((self.place, *steps))
        return replace(self, schema=schema, place=place, name=name or self.name)

    @property
    def type_names(self) -> frozenset[str]:
        """The names that stand under `type`."""
        return frozenset(each for each in as_list(self.schema.get("type")) if isinstance(each, str))

    def demand_known(self, kind: str) -> None:
        """Report every keyword that is not understood for this kind of type."""
        for keyword in self.schema:
            if keyword not in _IGNORED and keyword not in _KEYWORDS[kind]:
                hint = None if keyword in _KNOWN else did_you_mean(keyword, _KNOWN)
                self.problems.append(schema_keyword_unknown(None, self.place, keyword, hint))

    def wrong(self, keyword: str, expected: str) -> None:
        """Report a keyword whose value is not what it must be."""
        self.problems.append(schema_value_unknown(None, self.place, keyword, expected))

    def choices(self) -> tuple[str, ...] | None:
        """Return the texts of `enum` or `const`, in their order."""
        if "const" in self.schema:
            given = [self.schema["const"]]
        elif "enum" in self.schema:
            given = [each for each in as_list(self.schema["enum"]) if each is not None]
        else:
            return None
        choices = tuple(dict.fromkeys(each for each in given if isinstance(each, str)))
        if not choices or len(choices) != len(given):
            keyword = "const" if "const" in self.schema else "enum"
            self.wrong(keyword, "texts, each only once")
        return choices

    def pattern(self) -> str | None:
        """Return the pattern, if it can be used."""
        pattern = self.word("pattern")
        try:
            if pattern is not None:
                compile_pattern(pattern)
        except PatternError as mistake:
            self.wrong("pattern", f"a pattern that can be used: {mistake}")
            return None
        return pattern

    def format(self) -> str | None:
        """Return the format, if it is one that is tested."""
        given = self.word("format")
        if given is not None and given not in _FORMATS:
            self.wrong("format", f"one of {', '.join(_FORMATS)}")
            return None
        return given

    def scale(self) -> int | None:
        """Return the most decimal places that `x-scale`, `multipleOf` and `integer` leave."""
        scales = [self.count("x-scale"), 0 if "integer" in self.type_names else None]
        step = self.decimal("multipleOf")
        if step is not None:
            places = next((n for n in range(13) if step == Decimal(1).scaleb(-n)), None)
            if places is None:
                self.wrong("multipleOf", "1, 0.1, 0.01 and so on")
            scales.append(places)
        return min((each for each in scales if each is not None), default=None)

    def bound(self, with_it: str, without_it: str) -> tuple[Decimal | None, bool]:
        """Return a bound and whether the bound itself is excluded."""
        included, excluded = self.decimal(with_it), self.decimal(without_it)
        if included is not None and excluded is not None:
            self.wrong(without_it, f"left out beside `{with_it}`")
        return (included, False) if excluded is None else (excluded, True)

    def decimal(self, keyword: str) -> Decimal | None:
        """Return an exact number."""
        given = self.schema.get(keyword)
        if given is None or isinstance(given, Decimal):
            return given
        if isinstance(given, int) and not isinstance(given, bool):
            return Decimal(given)
        self.wrong(keyword, "an exact number")
        return None

    def count(self, keyword: str) -> int | None:
        """Return a whole number from 0."""
        given = self.decimal(keyword)
        if given is None:
            return None
        if given < 0 or given != given.to_integral_value():
            self.wrong(keyword, "a whole number from 0")
            return None
        return int(given)

    def flag(self, keyword: str) -> bool:
        """Return true or false; false when the keyword is not there."""
        given = self.schema.get(keyword, False)
        if not isinstance(given, bool):
            self.wrong(keyword, "true or false")
        return given is True

    def word(self, keyword: str) -> str | None:
        """Return a text."""
        given = self.schema.get(keyword)
        if given is None or isinstance(given, str):
            return given
        self.wrong(keyword, "a text")
        return None

    def names(self, given: object, keyword: str, known: Mapping[str, object]) -> Iterator[str]:
        """Yield the names of a list that are known."""
        for name in as_list(given):
            if isinstance(name, str) and name in known:
                yield name
            else:
                self.wrong(keyword, "a list of names that stand under `properties`")


def as_list(value: object) -> list[object]:
    """Return a list as it is and anything else as a list of one."""
    return list(value) if isinstance(value, (list, tuple)) else [value]
