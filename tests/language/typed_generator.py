"""
Write random expressions over a record that mostly check, the same for a seed.

Each is written for a kind (a number, a condition, a list of texts, …) from the fields and the
functions that give it; now and then something of another kind slips in. One record type has
everything that a type can say: optional parts, enums, units, bounds, lists in lists.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random

from msgspec.structs import replace

from mapping_engine.functions import CATALOGUE
from mapping_engine.functions.catalogue import REQUIRED, Function, Parameter
from mapping_engine.values.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    TEXT,
    Boolean,
    Date,
    DateTime,
    List,
    Number,
    Object,
    Text,
    Type,
)

__all__ = ["ENTRY", "TypedGenerator"]


def optional(type: Type, *, absent: bool = True, null: bool = False) -> Type:
    return replace(type, absent=absent, null=null)


_CENTS = Number(scale=2)
_MONEY = Number(scale=2, unit="currency")
_LINE = Object(
    name="line",
    fields={
        "kind": Text(choices=("fee", "cost", ""), blank=True),
        "net": _MONEY,
        "tax": optional(Number(scale=2, minimum=Decimal(0))),
        "text": optional(Text(max_length=9), null=True),
        "labels": List(item=TEXT),
        "sent": optional(BOOLEAN),
    },
)
_CLIENT = Object(
    name="client",
    fields={
        "name": TEXT,
        "mail": optional(Text(format="email")),
        "code": Text(pattern="^[A-Z]{2}$"),
    },
)
#: A record with everything that a type can say.
ENTRY = Object(
    name="entry",
    fields={
        "id": Text(blank=False, min_length=1),
        "note": optional(Text(private=True), null=True),
        "word": Text(max_length=6),
        "status": Text(choices=("open", "closed", "pending"), blank=False),
        "tone": optional(Text(choices=("low", "high", "")), null=True),
        "hours": Number(scale=2, minimum=Decimal(0), maximum=Decimal(100), unit="hours"),
        "minutes": optional(Number(scale=0, minimum=Decimal(0), below=True,
                                   maximum=Decimal(6000), unit="minutes")),
        "rate": optional(Number(scale=2, minimum=Decimal(0), maximum=Decimal("999.99"),
                                unit="currency")),
        "amount": optional(_MONEY, absent=False, null=True),
        "factor": Number(scale=4, minimum=Decimal(-1), maximum=Decimal(1), above=True, below=True),
        "free_part": Number(scale=0, minimum=Decimal(0), maximum=Decimal(0)),
        "big": Number(scale=0, minimum=Decimal(-(10**18)), maximum=Decimal(10**18)),
        "any_number": optional(Number(), null=True),
        "percent": Number(scale=2, minimum=Decimal(0), unit="percent"),
        "free": BOOLEAN,
        "done": optional(BOOLEAN, null=True),
        "worked_on": DATE,
        "due": optional(DATE, null=True),
        "created_at": DATETIME,
        "sent_at": optional(DATETIME),
        "matter": optional(Object(name="matter", fields={
            "number": TEXT, "rate": optional(_CENTS), "client": optional(_CLIENT, null=True),
            "clients": List(item=_CLIENT),
        })),
        "client": _CLIENT,
        "lines": List(item=_LINE, max_items=5),
        "more": optional(List(item=_LINE), null=True),
        "sure": List(item=_LINE, min_items=1),
        "tags": optional(List(item=TEXT)),
        "flags": List(item=BOOLEAN, min_items=2, max_items=3),
        "sizes": List(item=Number(maximum=Decimal(10**18), minimum=Decimal(-5)), max_items=10_000),
        "days": List(item=DATE),
        "gaps": List(item=optional(_CENTS, absent=False, null=True), min_items=1),
        "phone1Label": optional(TEXT), "phone1Number": optional(TEXT, null=True),
        "phone2Label": TEXT, "phone2Area": optional(Number(scale=0)),
    },
)  # fmt: skip

_KINDS: dict[type, str] = {
    Text: "text", Number: "number", Boolean: "yes", Date: "date", DateTime: "datetime",
    Object: "object",
}  # fmt: skip
#: What is written where a function wants something particular, by the parameter's name.
_WRITTEN = {
    "zone": ('"Australia/Sydney"', '"UTC"', '"America/St_Johns"'),
    "currency": ('"AUD"', '"JPY"', '"KWD"', "word"),
    "places": ("0", "2", "4", "12", "13", "count(lines)"),
    "to": ("0.1", "0.25", "5", "0.05", "rate", "factor"),
    "length": ("1", "3", "40", "count(sure)"),
    "place": ("1", "2", "count(sure)"),
    "days": ("1", "-30", "count(lines)", "big"),
    "months": ("1", "-13", "count(lines)"),
    "separator": ('"; "', '""', '","', "word"),
    "fill": ('"0"', '" "', '"ab"', '""', "word"),
    "old": ('"a"', '" "', '""', "word"),
    "new": ('"-"', '""', '"abc"', "word"),
    "percent": ("15", "12.5", "-100", "percent"),
}
_PATTERNS = {
    "format_date": ('"yyyy-MM-dd"', '"d MMM yy"', '"dd/MM/yyyy"'),
    "parse_date": ('"dd/MM/yyyy"', '"yyyyMMdd"'),
    "": ('"[0-9]+"', '"^(.)(.*)$"', '" *"', '"a|b"'),
}
_AMONG = (
    ("status", '["open", "closed"]'), ("tone", '["low", ""]'),
    ("record.tone", '["high"]'), ("record.word", '["a", "x"]'),
)  # fmt: skip
_NEW_PARTS = ('"$1"', '""', '"x"')


def kind_of(type: Type) -> str:
    if isinstance(type, List):
        return f"list of {kind_of(type.item)}"
    return _KINDS.get(type.__class__, "any")


class TypedGenerator:
    """Writes expressions over a record type: `expression(depth)` is of any kind."""

    def __init__(self, random: Random, record: Object = ENTRY, slips: float = 0.01) -> None:
        self._random = random
        self._choice = random.choice
        self._slips = slips
        self._paths = self._paths_of(record, "", 3)
        self._functions: dict[str, list[Function]] = {}
        for each in CATALOGUE:
            known = kind_of(each.parameters[0].type)
            for kind in _results(each.name, known):
                self._functions.setdefault(kind, []).append(each)
        self._items = {
            path: self._paths_of(found.item, "", 2) for path, found in self._lists(record, "", 3)
        }
        self._scopes = [self._paths]

    def expression(self, depth: int) -> str:
        """Return an expression of any kind."""
        kinds = ("number", "number", "text", "text", "yes", "yes", "date", "datetime",
                 "list of number", "list of text", "list of object")  # fmt: skip
        return self.of(self._choice(kinds), depth)

    def of(self, kind: str, depth: int) -> str:
        """Return an expression of a kind."""
        if self._random.random() < self._slips:
            kind = self._choice(("number", "text", "yes", "date", "list of text", "object"))
        if depth <= 1 or self._random.random() < 0.15:
            return self._leaf(kind)
        ways = [self._leaf, self._choose_one, self._fallback, self._call, self._call]
        own: dict[str, list[Callable[[int], str]]] = {
            "number": [self._arithmetic] * 4,
            "text": [self._filled] * 3,
            "yes": [self._compare, self._compare, self._equal, self._among, self._empty,
                    self._logic, self._logic, self._not, self._not, self._guarded, self._guarded],
        }  # fmt: skip
        if kind.startswith("list of "):
            own[kind] = [lambda deep: self._each(kind, deep)] * 2
            own[kind].append(lambda deep: self._filter(kind, deep))
            own[kind].append(lambda deep: self._listed(kind, deep))
        way = self._choice([*ways, *own.get(kind, ()), *own.get(kind, ())])
        if way in own.get(kind, ()):
            return way(depth - 1)
        return self._leaf(kind) if way == self._leaf else way(kind, depth - 1)  # type: ignore

    def _leaf(self, kind: str) -> str:
        scope = self._choice(self._scopes)
        known = [each for each in scope.get(kind, ()) if len(self._scopes) == 1 or "#" not in each]
        if known and self._random.random() < 0.8:
            path = self._choice(known)
            is_inner = scope is not self._paths or len(self._scopes) == 1
            return path if is_inner else f"record.{path}"
        return self._literal(kind)

    def _literal(self, kind: str) -> str:
        match kind:
            case "number":
                return self._choice(("0", "1", "(-1)", "0.1", "2.50", "0.005", "3", "100", "60"))
            case "text":
                return self._choice(('""', '"a"', '"open"', '"12.50"', '" x "', '"2026-01-31"'))
            case "yes":
                return self._choice(("true", "false"))
            case "date":
                return self._choice(("2026-01-31", "2024-02-29"))
            case "datetime":
                return 'parse_datetime("2026-01-31T14:00:00Z")'
            case _ if kind.startswith("list of "):
                return f"[{self._literal(kind.removeprefix('list of '))}]"
            case _:
                return "null"

    def _arithmetic(self, depth: int) -> str:
        if self._random.random() < 0.15:
            return f"(-{self.of('number', depth)})"
        left, right = self.of("number", depth), self.of("number", depth)
        return f"({left} {self._choice('+-**/')} {right})"

    def _filled(self, depth: int) -> str:
        kind = self._choice(("text", "number", "date", "datetime", "yes"))
        hole = self.of(kind, min(depth, 2))
        return '"' + self._choice(("", "No. ", " ")) + "{" + _escaped(hole) + "}" + '"'

    def _compare(self, depth: int) -> str:
        kind = self._choice(("number", "number", "date", "datetime"))
        left, right = self.of(kind, depth), self.of(kind, depth)
        return f"({left} {self._choice(('<', '<=', '>', '>='))} {right})"

    def _equal(self, depth: int) -> str:
        kind = self._choice(("number", "text", "date", "yes", "list of text", "object"))
        left = self.of(kind, depth)
        right = "null" if self._random.random() < 0.1 else self.of(kind, depth)
        return f"({left} {self._choice(('==', '!='))} {right})"

    def _among(self, depth: int) -> str:
        word = self._choice(("in", "not in"))
        if self._random.random() < 0.4:
            known = self._choice(_AMONG)
            if known[0].startswith("record.") or len(self._scopes) == 1:
                return f"({known[0]} {word} {known[1]})"
        kind = self._choice(("number", "text", "date"))
        return f"({self.of(kind, depth)} {word} {self.of(f'list of {kind}', depth)})"

    def _empty(self, depth: int) -> str:
        kind = self._choice(("text", "number", "object", "list of text", "date", "yes"))
        return f"({self.of(kind, depth)} is {self._choice(('present', 'empty'))})"

    def _guarded(self, depth: int) -> str:
        """Ask first, then compare: what narrowing is for."""
        kind = self._choice(("number", "date", "text", "yes", "object"))
        path, inner = self._leaf(kind), self._condition_on
        shape = self._random.randrange(4)
        if shape == 0:
            return f"({path} is present and {inner(kind, path, depth)})"
        if shape == 1:
            return f"({path} is empty or {inner(kind, path, depth)})"
        if shape == 2:
            return f"(if {path} is present then {inner(kind, path, depth)} else free)"
        return f"(not ({path} is empty) and ({path} != null and {inner(kind, path, depth)}))"

    def _condition_on(self, kind: str, path: str, depth: int) -> str:
        match kind:
            case "number" | "date":
                return f"{path} {self._choice(('<', '>='))} {self.of(kind, depth)}"
            case "text":
                return f'contains({path}, "a")'
            case "yes":
                return path
            case _:
                return f"{path} == {path}"

    def _logic(self, depth: int) -> str:
        word = self._choice((" and ", " or "))
        return f"({word.join(self.of('yes', depth) for _ in range(self._choice((2, 2, 3))))})"

    def _not(self, depth: int) -> str:
        return f"(not {self.of('yes', depth)})"

    def _choose_one(self, kind: str, depth: int) -> str:
        parts = self.of("yes", depth), self.of(kind, depth), self.of(kind, depth)
        return "(if {} then {} else {})".format(*parts)

    def _fallback(self, kind: str, depth: int) -> str:
        count = self._choice((2, 2, 3))
        return f"({' ?? '.join(f'({self.of(kind, depth)})' for _ in range(count))})"

    def _listed(self, kind: str, depth: int) -> str:
        item = kind.removeprefix("list of ")
        return f"[{', '.join(self.of(item, depth) for _ in range(self._choice((1, 2, 3))))}]"

    def _entered(self) -> str:
        return self._choice(sorted(self._items))

    def _each(self, kind: str, depth: int) -> str:
        path = self._entered()
        item = self._choice((kind, kind.removeprefix("list of ")))
        return f"{self._outward(path)}.({self._inside(path, item, depth)})"

    def _filter(self, kind: str, depth: int) -> str:
        path = self._entered()
        chosen = f"{self._outward(path)}[{self._inside(path, 'yes', depth)}]"
        wanted = kind.removeprefix("list of ")
        known = self._items[path].get(wanted, ())
        return chosen if wanted == "object" or not known else f"{chosen}.{self._choice(known)}"

    def _outward(self, path: str) -> str:
        return path if len(self._scopes) == 1 else f"record.{path}"

    def _inside(self, path: str, kind: str, depth: int) -> str:
        self._scopes.append(self._items[path])
        try:
            return self.of(kind, depth)
        finally:
            self._scopes.pop()

    def _call(self, kind: str, depth: int) -> str:
        functions = self._functions.get(kind)
        if not functions:
            return self._leaf(kind)
        function = self._choice(functions)
        arguments = []
        for position, parameter in enumerate(function.parameters):
            if parameter.default is not REQUIRED and self._random.random() < 0.5:
                continue
            first = kind if _gives_its_item(function.name) else None
            written = self._argument(function, parameter, depth, first if not position else None)
            arguments.append(f"{parameter.name}={written}" if position else written)
        if function.name.startswith("round_") and len(arguments) == 1:
            arguments.append("places=2")
        return f"{function.name}({', '.join(arguments)})"

    def _argument(
        self, function: Function, parameter: Parameter, depth: int, kind: str | None
    ) -> str:
        name = parameter.name
        if name == "pattern":
            return self._choice(_PATTERNS.get(function.name, _PATTERNS[""]))
        if name == "new" and parameter.constant:
            return self._choice(_NEW_PARTS)
        if name in _WRITTEN and (parameter.constant or len(function.parameters) > 1):
            written = self._choice(_WRITTEN[name])
            if len(self._scopes) == 1 or written[0] in '"-0123456789':
                return written
            return written.replace("(", "(record.") if "(" in written else f"record.{written}"
        if kind is not None:
            return self.of(kind if kind.startswith("list of ") else f"list of {kind}", depth)
        wanted = kind_of(parameter.type)
        if "any" in wanted:
            wanted = wanted.replace("any", self._choice(("text", "number", "date", "yes")))
        return self.of(wanted, depth)

    def _paths_of(self, type: Type, path: str, depth: int) -> dict[str, list[str]]:
        """Return by kind what can be read of a type, members of members and over lists too."""
        found: dict[str, list[str]] = {}
        for name, each in self._members(type, path, depth):
            found.setdefault(kind_of(each), []).append(name)
        if not path and type is ENTRY:
            found["list of object"].append("phone#")
            found["list of text"].append("phone#.Number")
            found["list of number"].append("phone#.Area")
        return found

    def _members(self, type: Type, path: str, depth: int) -> list[tuple[str, Type]]:
        of = type.item if isinstance(type, List) else type
        if not isinstance(of, Object) or not depth:
            return []
        found: list[tuple[str, Type]] = []
        for name, each in of.fields.items():
            place = f"{path}.{name}" if path else name
            is_over = isinstance(type, List) and not isinstance(each, List)
            found.append((place, List(item=each) if is_over else each))
            found += self._members(each, place, depth - 1)
        return found

    def _lists(self, type: Type, path: str, depth: int) -> list[tuple[str, List]]:
        return [
            (name, each)
            for name, each in self._members(type, path, depth)
            if isinstance(each, List) and isinstance(each.item, Object)
        ]


def _escaped(hole: str) -> str:
    """Return an expression as it is written inside a text."""
    return hole.replace("\\", "\\\\").replace('"', '\\"')


def _gives_its_item(name: str) -> bool:
    return name in ("first", "last", "nth", "rest", "unique")


def _results(name: str, taken: str) -> tuple[str, ...]:
    """Return the kinds that a function gives."""
    if name in ("first", "last", "nth"):
        return ("text", "number", "date", "yes", "object")
    if name in ("rest", "unique"):
        return ("list of text", "list of number", "list of object", "list of date")
    return {
        "min": ("number",), "max": ("number",), "split": ("list of text",), "sum": ("number",),
    }.get(name) or _RESULTS.get(name, (taken,))  # fmt: skip


_RESULTS: dict[str, tuple[str, ...]] = {
    name: (kind,)
    for kind, names in {
        "number": "length count days_between to_number minor_units",
        "text": "to_text format_number format_date join utbms_set extract",
        "yes": "any all is_midnight to_boolean starts_with ends_with contains matches",
        "date": "date_of parse_date",
        "datetime": "midnight_of parse_datetime",
    }.items()
    for name in names.split()
}
