"""
What values get a record of a mapping far, found in its program without knowing the pack.

Where the program compares, looks up or converts a field, that is what it compares with, finds
and converts; and what the records of a firm say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import product
from random import Random
from typing import TypeAlias

from generate_records import text_like
from msgspec import Struct
from msgspec.structs import replace
from shipped_packs import GivenLinks

from mapping_engine.functions.catalogue import Function
from mapping_engine.language import typed
from mapping_engine.language.environment import Environment
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.language.typed import Typed, inner
from mapping_engine.packs.lookups import Answered, Backward, Lookup
from mapping_engine.packs.tables import TypedTable
from mapping_engine.runtime.mapper import RunOptions
from mapping_engine.runtime.payloads import plain_value
from mapping_engine.runtime.program import (
    Compute,
    FieldStep,
    HelperStep,
    MakeItems,
    MakeObject,
    MappingProgram,
    PartStep,
)
from mapping_engine.values.guard import breaches
from mapping_engine.values.moment import parse_date
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import TEXT, Date, DateTime, Number, Object, Text, Type
from mapping_engine.values.types import List as ListType
from mapping_engine.values.value import MISSING, Value

__all__ = [
    "UNKNOWN_ID",
    "Hints",
    "Likely",
    "Path",
    "hints_for",
    "likely_values",
    "steps_of",
    "type_at",
]

#: Names of members; `[]` stands for any item of a list.
Path: TypeAlias = tuple[str, ...]
Likely: TypeAlias = dict[Path, list[Value]]
#: What makes another id of one that is known.
UNKNOWN_ID = "-new"


@dataclass(frozen=True)
class Hints:
    """What the records of a firm say, and which of their fields are compared.

    `of_firm` has its currency and the like, ids that are known and codes that are mapped;
    `today` is a day on which it works; `compared` are pairs of fields of the record itself.
    """

    of_firm: Likely
    today: date
    compared: list[tuple[Path, Path]]


def hints_for(mapping: MappingProgram, options: RunOptions) -> Hints:
    """Return what is known of the fields that a mapping reads with the firm it is made for."""
    reader = _Reader(mapping, options)
    return Hints(reader.of_firm(), options.as_of, list(dict.fromkeys(reader.compared())))


def likely_values(mapping: MappingProgram, options: RunOptions) -> Likely:
    """Return for the fields that a mapping reads what its rules compare, find and convert."""
    return _Reader(mapping, options).likely()


class _Reader:
    """Goes through every expression of a mapping."""

    def __init__(self, mapping: MappingProgram, options: RunOptions) -> None:
        self._mapping = mapping
        self._options = options
        self._evaluator = Evaluator()
        run: Value = {"date": options.as_of, "parameters": {}}
        self._environment = Environment({"run": run})
        self._steps = list(steps_of(mapping))
        self._definitions: dict[str, Typed] = {}
        self._items: dict[str, Typed] = {}
        self._grouped: dict[str, Typed] = {}
        self._keys: dict[str, dict[str, Typed]] = {}
        self._lists: dict[str, tuple[PartStep, ...]] = {}
        self._objects: dict[str, tuple[FieldStep, ...]] = {}
        for step in self._steps:
            match step:
                case HelperStep(key=key, build=Compute(expression=expression)):
                    self._definitions[key] = expression
                case HelperStep(key=key, build=MakeItems(parts=parts)):
                    self._lists[key] = parts
                case HelperStep(key=key, build=MakeObject(fields=members)):
                    self._objects[key] = members
                case PartStep(each=each, item_key=key, group=group) if each is not None:
                    self._items[key] = each
                    if group is not None:
                        self._grouped[group.items_key] = each
                        self._keys[group.keys_key] = dict(group.keys)
                case typed.ForEach(of=of, key=key) | typed.Filter(of=of, key=key):
                    self._items[key] = of

    def likely(self) -> Likely:
        """Return the values by path; each fits the type of its field."""
        return self._found(self._offers)

    def of_firm(self) -> Likely:
        """Return the values that a record of the firm has, but not an id of its own."""
        found = self._found(self._offers_of_firm)
        return {path: values for path, values in found.items() if path != ("id",)}

    def compared(self) -> Iterator[tuple[Path, Path]]:
        """Yield pairs of days or numbers of the record, of which one is compared with the other."""
        for step in self._steps:
            if isinstance(step, typed.Compare):
                sides = [sorted(self._sources(each)) for each in (step.left, step.right)]
                for pair in (*product(*sides), *product(*reversed(sides))):
                    kinds = [type_at(self._mapping.reads, each) for each in pair]
                    days, numbers = (all(isinstance(k, t) for k in kinds) for t in (Date, Number))
                    if (days or numbers) and not any("[]" in each for each in pair):
                        yield pair

    def _found(self, offers: Callable[[object], Iterator[tuple[Typed, Value]]]) -> Likely:
        found: Likely = {}
        for step in self._steps:
            for node, value in offers(step):
                for path in sorted(self._sources(node)):  # the same in every process
                    type = type_at(self._mapping.reads, path)
                    read = _read_as(value, type)
                    if path and type is not None and _fits(read, type):
                        found.setdefault(path, []).append(plain_value(read))
        return {path: list({repr(each): each for each in found[path]}.values()) for path in found}

    def _offers(self, step: object) -> Iterator[tuple[Typed, Value]]:
        match step:
            case FieldStep(build=Compute(expression=given), guard=Text(pattern=str(pattern))):
                yield from (
                    (given, each) for each in (text_like(pattern, Random(0)), "* *", MISSING)
                )
                yield from _too_long(step)
            case FieldStep(build=Compute(), guard=Text()):
                yield from _too_long(step)
            case FieldStep(build=Compute(expression=typed.Variable(key=key)), guard=ListType()):
                yield from _too_long_inside(self._lists.get(key, ()), step.guard)
            case typed.Compare(left=left, right=right) | typed.Equal(left=left, right=right):
                yield from ((left, each) for each in self._near(right))
                yield from ((right, each) for each in self._near(left))
            case typed.OneOf(item=item, items=items):
                known = self._known(items)
                yield from ((item, each) for each in (known if isinstance(known, list) else ()))
            case typed.Apply(function=function, arguments=arguments):
                yield from _answers_back(function, arguments, self._options)
                table = _table_of(function.body, self._options)
                for place, argument in enumerate(arguments[len(function.context) :]):
                    if table is not None and place < len(table.asked):
                        name = table.asked[place].name
                        yield from ((argument, each) for each in _cells(table, name))
                if function.name in ("link", "linked"):
                    object = self._known(arguments[-2])
                    yield from self._known_ids(arguments[-1], str(object), others=True)
                if function.name in ("matches", "extract") and isinstance(
                    arguments[1], typed.Constant
                ):
                    pattern = str(arguments[1].value)
                    yield from ((arguments[0], text_like(pattern, Random(n))) for n in range(9))
                    return
                for example in function.examples:
                    given = re.match(rf'{function.name}\("([^"]*)"', example.expression)
                    if given and arguments:
                        yield arguments[0], given[1]

    def _offers_of_firm(self, step: object) -> Iterator[tuple[Typed, Value]]:
        match step:
            case typed.Equal(left=given, right=typed.Constant(value=str(value), origin=str())):
                yield given, value
            case typed.Apply(function=function, arguments=(_, typed.Constant(value=object), of)):
                if function.name in ("link", "linked"):
                    yield from self._known_ids(of, str(object), others=False)
            case typed.Apply(function=function, arguments=arguments):
                table = _table_of(function.body, self._options)
                given = arguments[len(function.context) :]
                for column, argument in zip(table.asked if table else (), given, strict=False):
                    if table and isinstance(column.type, Text) and not column.type.choices:
                        cells = _cells(table, column.name)
                        yield from ((argument, each) for each in cells if each is not None)

    def _known_ids(
        self, reference: Typed, object: str, *, others: bool
    ) -> Iterator[tuple[Typed, Value]]:
        """Yield the ids of ours whose counterpart is known, and others, for the id of a reference.

        What a record became several of is linked as `id#1`, `id#2`; then the id alone is offered.
        """
        references = self._options.references
        known = references.known.get(object, {}) if isinstance(references, GivenLinks) else {}
        of_id = typed.Get(of=reference, name="id", span=reference.span, type=TEXT)
        ids = [ours.partition("#")[0] for ours in known]
        yield from ((of_id, each) for each in ids)
        if others:
            yield from ((of_id, f"{each}{UNKNOWN_ID}") for each in ids)

    def _known(self, node: Typed) -> Value:
        """Return what a node gives without any record, if it gives anything then."""
        try:
            return self._evaluator.value(node, self._environment)
        except Refusal:
            return MISSING

    def _near(self, node: Typed) -> Iterator[Value]:
        value = self._known(node)
        match value:
            case date():
                yield from (value + timedelta(days) for days in (-1, 0, 1, 40))
            case Decimal():
                yield from (value + each for each in (Decimal(-1), Decimal(0), Decimal("0.01")))
            case str() | bool():
                yield value

    def _sources(self, node: Typed) -> set[Path]:
        """Return the fields of the record that a value may come from."""
        match node:
            case typed.Variable(key=key) if key == self._mapping.input_key:
                return {()}
            case typed.Variable(key=key) if key in self._definitions:
                return self._sources(self._definitions[key])
            case typed.Variable(key=key) if key in self._items:
                return {(*path, "[]") for path in self._sources(self._items[key])}
            case typed.Variable(key=key) if key in self._grouped:
                return self._sources(self._grouped[key])
            case typed.Get(of=typed.Variable(key=key), name=name) if key in self._keys:
                return self._sources(self._keys[key][name])
            case typed.ForEach(body=body):
                return self._sources(body)
            case typed.Get(of=typed.Variable(key=key), name=name) if key in self._items:
                return set(self._members(key, name))
            case typed.Get(of=typed.Variable(key=key), name=name) if key in self._objects:
                steps = [each.build for each in self._objects[key] if each.path == (name,)]
                made = [each.expression for each in steps if isinstance(each, Compute)]
                return {path for each in made for path in self._sources(each)}
            case typed.Get(of=of, name=name):
                return {(*path, name) for path in self._sources(of)}
            case typed.Apply(function=function, arguments=arguments) if arguments:
                if _table_of(function.body, self._options) is not None:
                    return set()
                found = self._sources(arguments[0])
                picks = function.name in ("first", "last", "nth")
                return {(*path, "[]") for path in found} if picks else found
            case typed.Filter(of=of):
                return self._sources(of)
            case typed.First(operands=operands):
                return {path for each in operands for path in self._sources(each)}
            case typed.Calculate(left=left, right=right):
                return self._sources(left) | self._sources(right)
            case typed.IfElse(yes=yes, no=no):
                return self._sources(yes) | self._sources(no)
            case typed.MakeText(parts=parts):
                holes = [each for each in parts if not isinstance(each, str)]
                return {path for each in holes for path in self._sources(each)}
            case _:
                return set()

    def _listed(self, node: Typed) -> Typed:
        """Return the list behind a choice of its items."""
        match node:
            case typed.Filter(of=of):
                return self._listed(of)
            case typed.Variable(key=key) if key in self._definitions:
                return self._listed(self._definitions[key])
            case _:
                return node

    def _members(self, key: str, name: str) -> Iterator[Path]:
        """Yield where a member of the items of a list may come from."""
        match self._listed(self._items[key]):
            case typed.Gather(of=of, slots=slots):
                full = [each for _, members in slots for member, each in members if member == name]
                yield from ((*path, each) for path in self._sources(of) for each in full)
            case typed.Variable(key=helper) if helper in self._lists:
                for part in self._lists[helper]:
                    for step in part.build.fields if isinstance(part.build, MakeObject) else ():
                        if step.path == (name,) and isinstance(step.build, Compute):
                            yield from self._sources(step.build.expression)
            case _:
                yield from ((*path, "[]", name) for path in self._sources(self._items[key]))


def steps_of(step: object) -> Iterator[object]:
    """Yield every step and expression inside a step, itself included."""
    if isinstance(step, typed.Checked):
        yield step
        for each in inner(step):  # type: ignore[arg-type]
            yield from steps_of(each)
    elif isinstance(step, tuple):
        for each in step:
            yield from steps_of(each)
    elif isinstance(step, Struct) and type(step).__module__.endswith("runtime.program"):
        yield step
        for member in step.__struct_fields__:
            if member not in ("rule", "reads", "target", "type", "guard", "span"):
                yield from steps_of(getattr(step, member))


def _table_of(body: object, options: RunOptions) -> TypedTable | None:
    match body:
        case Lookup(table=table):
            return table
        case Answered(column=None):
            answered = body.body(options.references)
            return answered.table if isinstance(answered, Lookup) else None
        case _:
            return None


def _too_long(step: FieldStep) -> Iterator[tuple[Typed, Value]]:
    """Yield a text that just fits a field, and one that is just too long for it."""
    if isinstance(step.build, Compute) and isinstance(step.guard, Text) and step.guard.max_length:
        yield step.build.expression, "x" * step.guard.max_length
        yield step.build.expression, "x" * (step.guard.max_length + 1)


def _too_long_inside(
    parts: tuple[PartStep, ...], type: Type | None
) -> Iterator[tuple[Typed, Value]]:
    """Yield texts that are just too long for fields of the items of a list."""
    items = type.item if isinstance(type, ListType) else None
    for part in parts:
        for step in part.build.fields if isinstance(part.build, MakeObject) else ():
            kind = type_at(items, step.path)
            yield from _too_long(replace(step, guard=kind))
            if isinstance(step.build, MakeItems):
                yield from _too_long_inside(step.build.parts, kind)


def _answers_back(
    function: Function, arguments: tuple[Typed, ...], options: RunOptions
) -> Iterator[tuple[Typed, Value]]:
    """Yield what a table that is asked backwards has an answer for."""
    body = function.body
    if isinstance(body, Answered) and body.column is not None:
        body = body.body(options.references)
    if isinstance(body, Backward):
        given = arguments[len(function.context) :]
        for argument, column in zip(given, body.asked, strict=False):
            rows = [each for each in body.table.rows_back if column.name in each.outputs]
            yield from ((argument, row.outputs[column.name]) for row in rows)


def _cells(table: TypedTable, name: str) -> Iterator[Value]:
    """Yield what the rows of a table ask of one input, and an empty value where they take it."""
    place = next(at for at, each in enumerate(table.inputs) if each.name == name)
    for row in table.rows:
        cell = row.row.cells.get(name)
        test = row.tests[place]
        yield from cell.words if cell is not None else ()
        yield from (each for each in (test.low, test.high) if each is not None)
        if cell is not None and (cell.kind == "empty" or cell.or_empty):
            yield None


def _fits(value: Value, type: Type) -> bool:
    if value is MISSING:
        return type.absent
    return value is not None and not breaches(value, type)


def type_at(type: Type | None, path: Path) -> Type | None:
    """Return the type of what stands at a path; None where there is nothing."""
    for step in path:
        if isinstance(type, Object) and step != "[]":
            type = type.fields.get(step, type.others)
        elif isinstance(type, ListType) and step == "[]":
            type = type.item
        else:
            return None
    return type


def _read_as(value: Value, type: Type | None) -> Value:
    """Return a word of a table or of an example, or a day, as the field would have it."""
    if isinstance(type, Date) and isinstance(value, str):
        try:
            return parse_date(value)
        except Refusal:
            return None
    if isinstance(type, DateTime) and isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(12), UTC)
    return value
