"""
Make records that get far into a mapping, without knowing the pack.

Single values come from the record's type (`generate_records`) and, where the program compares,
looks up or converts a field, from what it compares with, finds and converts. Whole records
come from records that did well before: a few of their members are changed. So most are mapped
and the others are refused late, each for a reason of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeAlias, TypeGuard

from generate_records import RecordGenerator, text_like
from mended_records import Mender
from shipped_packs import GivenLinks

from mapping_engine.functions.catalogue import Function
from mapping_engine.language import typed
from mapping_engine.language.environment import Environment
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.language.typed import Typed, inner
from mapping_engine.packs.lookups import Answered, Backward, Lookup
from mapping_engine.packs.tables import TypedTable
from mapping_engine.runtime.mapper import RunOptions
from mapping_engine.runtime.outcome import Mapped, Outcome, Reason, Rejected, Skipped
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
from mapping_engine.values.types import TEXT, Date, DateTime, Object, Text, Type
from mapping_engine.values.types import List as ListType
from mapping_engine.values.value import MISSING, Value

__all__ = [
    "FirmValues", "Likely", "SteeredRecords", "firm_values", "likely_values", "steps_of",
]  # fmt: skip

#: Names of members; `[]` stands for any item of a list.
Path: TypeAlias = tuple[str, ...]
Likely: TypeAlias = dict[Path, list[Value]]
_KEPT = 200
_DONORS = 500
#: So many records of each kind, which did well with another firm, are tried with the next.
_AGAIN = 20


def _kind_of(outcome: Outcome) -> str:
    """Return which payloads were made, or why none was."""
    match outcome:
        case Mapped(payloads=payloads):
            return " ".join(sorted({each.mapping for each in payloads}))
        case Rejected(reasons=reasons):
            return " ".join(sorted({each.reason for each in reasons}))
        case Skipped(reason=reason):
            return reason


def _miss_by_a_cent(record: dict[str, Any], name: str) -> None:
    """Let a document say a cent more than its lines."""
    for each in (name, "gross_total"):
        if isinstance(record.get(each), Decimal):
            record[each] += Decimal("0.01")


class SteeredRecords:
    """Gives records, and takes in what became of them. The same for a seed."""

    def __init__(
        self, mapping: MappingProgram, likely: Likely, random: Random,
        before: SteeredRecords | None = None, examples: Sequence[dict[str, Any]] = (),
        firm: FirmValues | None = None,
    ) -> None:  # fmt: skip
        """Begin with `examples` of somebody who knows, and with records that did well `before`.

        Those were records of the same mapping with another firm. Each is tried as it is and as one
        of the `firm`, which knows other ids and may have begun later.
        """
        self._random, self._reads = random, mapping.reads
        generator = RecordGenerator(mapping.reads, random)
        self._donors = [_plain(generator.record()) for _ in range(_DONORS)]
        self._likely = [(path, values) for path, values in likely.items() if values]
        self._each_likely = [(path, each) for path, values in self._likely for each in values]
        self._skips = [each.rule.reason.value for each in mapping.skip]
        self._rejects = {each.rule.reason.value for each in mapping.reject}
        self._examples = [_plain(each) for each in examples]
        #: The best records, by what they became.
        self._kept = dict(before._kept) if before is not None else {"": list(self._donors)}
        self._best = -1_000_000
        self._beginnings = list(self._examples)
        for alike in before._kept.values() if before is not None else ():
            self._beginnings += random.sample(alike, min(_AGAIN, len(alike)))
        if firm is not None:
            self._beginnings += [self._settled(each, firm) for each in self._beginnings]
        self._waiting = [_copied(each) for each in self._beginnings]
        random.shuffle(self._waiting)
        self._mapped = self._made = 0
        # Chances of their own: the other records are the same with and without them.
        self._stripping = Random(mapping.name)
        kind = mapping.kind if mapping.direction == "out" else ""
        self._mender, self._mending = Mender(kind, mapping.reads), Random(mapping.name)
        self._bare: dict[str, Any] | None = None

    def next(self) -> dict[str, Any]:
        """Return the next record; it fits the type, and mostly what must hold of its kind."""
        record = self._changed()
        if self._mending.random() >= 0.9:
            return record
        self._mender.mend(record)
        if "gross_total" in record and self._mending.random() < 0.08:
            _miss_by_a_cent(record, self._mending.choice(("net_total", "tax_total")))
        return record

    def _changed(self) -> dict[str, Any]:
        if self._stripping.random() < 0.03:
            self._bare = self._stripped(_copied(self._best_of(self._stripping)))
            return self._bare
        self._made += 1
        if self._waiting:
            return self._waiting.pop()
        if self._random.random() < 0.1:
            return _copied(self._random.choice(self._donors))
        is_begun = not self._beginnings or self._mapped > 0 or self._random.random() < 0.3
        best = self._best_of(self._random) if is_begun else self._random.choice(self._beginnings)
        record = _copied(best)
        for _ in range(self._random.choice(self._changes())):
            if self._likely and self._random.random() < (0.5 if self._mapped else 0.8):
                path, value = self._likely_value()
                if record.get(path[0]) is None:  # there must be something to put it into
                    record |= self._member_of(self._random.choice(self._donors), path[0])
                self._put(record, path, value)
            else:
                examples = self._examples if self._random.random() < 0.5 else []
                self._graft(record, self._random.choice(examples or self._donors))
        return record

    def _likely_value(self) -> tuple[Path, Value]:
        """Return a value of any field, or any of all values: a field may have very many."""
        if self._random.random() < 0.5:
            return self._random.choice(self._each_likely)
        path, values = self._random.choice(self._likely)
        return path, self._random.choice(values)

    def _member_of(self, donor: dict[str, Any], name: str) -> dict[str, Any]:
        return {name: _copied(donor[name])} if donor.get(name) is not None else {}

    def _settled(self, record: dict[str, Any], firm: FirmValues) -> dict[str, Any]:
        """Return a record as one of the firm's own."""
        settled: dict[str, Any] = _on(record, self._reads, firm.today)
        for path, values in firm.values.items():
            _put_all(settled, path, self._random.choice(values))
        return settled

    def _stripped(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return a record with hardly more than what its type demands."""
        kinds = self._reads.fields
        return {
            name: value
            for name, value in record.items()
            if name not in kinds or not kinds[name].absent or self._stripping.random() < 0.2
        }

    def learn(self, record: dict[str, Any], outcome: Outcome) -> None:
        """Keep a record that came as far as the best so far; a bare one is no good beginning."""
        if record is self._bare:
            return
        self._mapped += isinstance(outcome, Mapped)
        score = self._score(outcome)
        if score < self._best:
            return
        if score > self._best:
            self._best, self._kept = score, {}
        alike = self._kept.setdefault(_kind_of(outcome), [])
        if len(alike) < _KEPT:
            alike.append(record)
        else:
            alike[self._random.randrange(_KEPT)] = record

    def _best_of(self, random: Random) -> dict[str, Any]:
        """Return one of the best records, of each kind of outcome as often as of any other."""
        return random.choice(random.choice(list(self._kept.values())))

    def _changes(self) -> tuple[int, ...]:
        """Return how many members may be changed: few when too few records were mapped."""
        if not self._mapped:
            return (1, 1, 2, 3, 4)
        return (2, 3, 5) if self._mapped * 20 > self._made * 13 else (0, 0, 1)

    def _score(self, outcome: Outcome) -> int:
        match outcome:
            case Mapped():
                return 0
            case Rejected(reasons=reasons):
                return -len(reasons) - max(map(self._lag, reasons), default=0)
            case Skipped(reason=reason):
                order = self._skips.index(reason) if reason in self._skips else 0
                return -1000 + order

    def _lag(self, reason: Reason) -> int:
        """Return how early a record failed: while it was decided about, by a decision, later."""
        if reason.field is not None:
            return 0
        return 500 if reason.reason in self._rejects else 900

    def _graft(self, record: dict[str, Any], donor: dict[str, Any]) -> None:
        """Replace one member by that of another record, also when that is nothing."""
        name = self._random.choice(list({**record, **donor}))
        mine, theirs = record.get(name), donor.get(name)
        if isinstance(mine, dict) and isinstance(theirs, dict) and self._random.random() < 0.5:
            for each in theirs:
                if self._random.random() < 0.5:
                    mine[each] = _copied(theirs[each])
        elif _holds_objects(mine) and _holds_objects(theirs) and self._random.random() < 0.5:
            mine[self._random.randrange(len(mine))] = _copied(self._random.choice(theirs))
        elif name in donor:
            record[name] = _copied(theirs)
        else:
            del record[name]

    def _put(self, value: Any, path: Path, likely: Value) -> None:
        if isinstance(value, dict) and len(path) == 1 and likely is MISSING:
            # Of a reference the last key stays: without any it would be none.
            if {*value} - {path[0], "label"}:
                value.pop(path[0], None)
        elif isinstance(value, dict) and len(path) == 1:
            value[path[0]] = likely
        elif isinstance(value, dict):
            self._put(value.get(path[0]), path[1:], likely)
        elif isinstance(value, list) and value and path[0] == "[]":
            if len(path) == 1:
                value[self._random.randrange(len(value))] = likely
            else:
                self._put(self._random.choice(value), path[1:], likely)


@dataclass(frozen=True)
class FirmValues:
    """What the records of a firm say: its currency and the like, ids that are known; a day."""

    values: Likely
    today: date


def firm_values(mapping: MappingProgram, options: RunOptions) -> FirmValues:
    """Return for the fields that a mapping reads what they are with the firm it is made for."""
    return FirmValues(_Reader(mapping, options).of_firm(), options.as_of)


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
                case PartStep(each=each, item_key=key) if each is not None:
                    self._items[key] = each
                case typed.ForEach(of=of, key=key) | typed.Filter(of=of, key=key):
                    self._items[key] = of

    def likely(self) -> Likely:
        """Return the values by path; each fits the type of its field."""
        return self._found(self._offers)

    def of_firm(self) -> Likely:
        """Return the values that a record of the firm has, but not an id of its own."""
        found = self._found(self._offers_of_firm)
        return {path: values for path, values in found.items() if path != ("id",)}

    def _found(self, offers: Callable[[object], Iterator[tuple[Typed, Value]]]) -> Likely:
        found: Likely = {}
        for step in self._steps:
            for node, value in offers(step):
                for path in self._sources(node):
                    type = _type_at(self._mapping.reads, path)
                    read = _read_as(value, type)
                    if path and type is not None and _fits(read, type):
                        found.setdefault(path, []).append(_plain(read))
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
                    yield from self._known_ids(arguments[-1])
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
                    yield from self._known_ids(of, str(object))

    def _known_ids(
        self, reference: Typed, object: str | None = None
    ) -> Iterator[tuple[Typed, Value]]:
        """Yield the ids of ours whose counterpart is known, for the id of a reference.

        What a record became several of is linked as `id#1`, `id#2`; then the id alone is offered.
        """
        references = self._options.references
        all_known = references.known if isinstance(references, GivenLinks) else {}
        known = [ids for name, ids in all_known.items() if object in (None, name)]
        of_id = typed.Get(of=reference, name="id", span=reference.span, type=TEXT)
        yield from ((of_id, ours.partition("#")[0]) for ids in known for ours in ids)

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
            case typed.Get(of=typed.Variable(key=key), name=name) if key in self._items:
                return set(self._members(key, name))
            case typed.Get(of=typed.Variable(key=key), name=name) if key in self._objects:
                steps = [each.build for each in self._objects[key] if each.path == (name,)]
                made = [each.expression for each in steps if isinstance(each, Compute)]
                return {path for each in made for path in self._sources(each)}
            case typed.MakeText(parts=parts):
                return {path for each in parts for path in self._sources(each)}
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
            case typed.IfElse(yes=yes, no=no):
                return self._sources(yes) | self._sources(no)
            case typed.MakeText(parts=parts):
                holes = [each for each in parts if not isinstance(each, str)]
                return {path for each in holes for path in self._sources(each)}
            case _:
                return set()

    def _members(self, key: str, name: str) -> Iterator[Path]:
        """Yield where a member of the items of a list may come from."""
        match _listed(self._items[key]):
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


def _listed(node: Typed) -> Typed:
    """Return the list behind a choice of its items."""
    return _listed(node.of) if isinstance(node, typed.Filter) else node


def _holds_objects(value: object) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and bool(value) and all(isinstance(e, dict) for e in value)


def _put_all(value: Any, path: Path, likely: Value) -> None:
    """Put a value wherever a path leads in a record; it makes no object that is not there."""
    if isinstance(value, list):
        for each in value:
            _put_all(each, path[1:], likely)
    elif isinstance(value, dict) and len(path) == 1:
        value[path[0]] = likely
    elif isinstance(value, dict):
        _put_all(value.get(path[0]), path[1:], likely)


def steps_of(step: object) -> Iterator[object]:
    """Yield every step and expression inside a step, itself included."""
    if isinstance(step, typed.Checked):
        yield step
        for each in inner(step):  # type: ignore[arg-type]
            yield from steps_of(each)
    elif isinstance(step, tuple):
        for each in step:
            yield from steps_of(each)
    elif is_dataclass(step) and type(step).__module__.endswith("runtime.program"):
        yield step
        for member in fields(step):
            if member.name not in ("rule", "reads", "target", "type", "guard", "span"):
                yield from steps_of(getattr(step, member.name))


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
    """Yield a text that is just too long for a field."""
    if isinstance(step.build, Compute) and isinstance(step.guard, Text) and step.guard.max_length:
        yield step.build.expression, "x" * (step.guard.max_length + 1)


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


def _type_at(type: Type | None, path: Path) -> Type | None:
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


def _on(value: Any, type: Type | None, day: date) -> Any:
    """Return a record with every date and time of it on one day."""
    match type:
        case Object() if isinstance(value, dict):
            fields, others = type.fields, type.others
            return {each: _on(value[each], fields.get(each, others), day) for each in value}
        case ListType() if isinstance(value, list):
            return [_on(each, type.item, day) for each in value]
        case Date() if value is not None:
            return _plain(day)
        case DateTime() if value is not None:
            return _plain(datetime.combine(day, time(12), UTC))
        case _:
            return value


def _plain(value: Value) -> Any:
    return plain_value(value)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(each) for name, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value
