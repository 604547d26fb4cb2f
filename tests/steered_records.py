"""
Make records that get far into a mapping, without knowing the pack.

Single values come from the record's type (`generate_records`) and from the program
(`likely_values`). Whole records come from records that did well before: a few of their members
are changed. So most are mapped and the others are refused late, each for a reason of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeGuard

from generate_records import RecordGenerator
from likely_values import UNKNOWN_ID, Hints, Likely, Path, type_at
from mended_records import Mender

from mapping_engine.runtime.outcome import Mapped, Outcome, Reason, Rejected, Skipped
from mapping_engine.runtime.payloads import plain_value
from mapping_engine.runtime.program import (
    MappingProgram,
)
from mapping_engine.values.guard import breaches
from mapping_engine.values.moment import parse_date
from mapping_engine.values.types import Date, DateTime, Object, Text, Type
from mapping_engine.values.types import List as ListType
from mapping_engine.values.value import MISSING, Value

__all__ = ["SteeredRecords"]

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


class SteeredRecords:
    """Gives records, and takes in what became of them. The same for a seed."""

    def __init__(
        self, mapping: MappingProgram, likely: Likely, random: Random,
        before: SteeredRecords | None = None, examples: Sequence[dict[str, Any]] = (),
        hints: Hints | None = None,
    ) -> None:  # fmt: skip
        """Begin with `examples` of somebody who knows, and with records that did well `before`.

        Those were records of the same mapping with another firm. With `hints` each is tried as it
        is and as one of the firm, which knows other ids and may have begun later.
        """
        self._random, self._reads = random, mapping.reads
        generator = RecordGenerator(mapping.reads, random)
        self._donors = [_plain(generator.record()) for _ in range(_DONORS)]
        self._likely = [(path, values) for path, values in likely.items() if values]
        self._deck: list[tuple[Path, Value]] = []
        self._compared = hints.compared if hints is not None else []
        self._skips = [each.rule.reason.value for each in mapping.skip]
        self._rejects = {each.rule.reason.value for each in mapping.reject}
        self._examples = [_plain(each) for each in examples]
        #: The best records, by what they became.
        self._kept = dict(before._kept) if before is not None else {"": list(self._donors)}
        self._best = -1_000_000
        self._beginnings = list(self._examples)
        for alike in before._kept.values() if before is not None else ():
            self._beginnings += random.sample(alike, min(_AGAIN, len(alike)))
        if hints is not None:
            settled = [self._settled(each, hints) for each in self._beginnings]
            self._beginnings += settled + [self._unsent(each) for each in settled]
        self._waiting = [_copied(each) for each in self._beginnings]
        random.shuffle(self._waiting)
        self._mapped = self._made = 0
        self._news: list[dict[str, Any]] = []
        # Chances of their own: the other records are the same with and without them.
        self._stripping = Random(mapping.name)
        kind = mapping.kind if mapping.direction == "out" else ""
        self._mender, self._mending = Mender(kind, mapping.reads), Random(mapping.name)
        self._bare: dict[str, Any] | None = None
        self._spare = list(_spare(mapping.reads))

    def next(self) -> dict[str, Any]:
        """Return the next record; it fits the type, and mostly what must hold of its kind."""
        record = self._changed()
        chance = self._mending.random()
        if chance < 0.9:
            self._mender.mend(record, self._mending if chance < 0.08 else None)
        return record

    def _changed(self) -> dict[str, Any]:
        chance = self._stripping.random()
        if chance < 0.02:
            return self._leaner(_copied(self._best_of(self._stripping)))
        if chance < 0.05:
            self._bare = self._stripped(_copied(self._best_of(self._stripping)))
            return self._bare
        self._made += 1
        if self._waiting:
            return self._waiting.pop()
        if self._random.random() < (0.1 if self._is_ahead else 0.03):
            return _copied(self._random.choice(self._donors))
        is_begun = not self._beginnings or self._mapped > 0 or self._random.random() < 0.3
        best = self._best_of(self._random) if is_begun else self._random.choice(self._beginnings)
        record = _copied(best)
        for _ in range(self._random.choice(self._changes())):
            if self._compared and self._random.random() < 0.1:
                self._meet(record, *self._random.choice(self._compared))
            elif self._likely and self._random.random() < (0.5 if self._mapped else 0.8):
                self._put(record, *self._likely_value(), self._random.choice(self._donors))
            else:
                examples = self._examples if self._random.random() < 0.5 else []
                self._graft(record, self._random.choice(examples or self._donors))
        return record

    def _likely_value(self) -> tuple[Path, Value]:
        """Return a value of any field, or the next of all values: a field may have very many."""
        if self._random.random() < 0.5:
            if not self._deck:
                self._deck = [(path, each) for path, values in self._likely for each in values]
                self._random.shuffle(self._deck)
            return self._deck.pop()
        path, values = self._random.choice(self._likely)
        return path, self._random.choice(values)

    def _meet(self, record: dict[str, Any], path: Path, other: Path) -> None:
        """Let one field be what another is, or the day or cent beside it."""
        beside, steps = _at(record, other), self._random.choice((-1, 0, 1))
        if isinstance(beside, Decimal):
            number, kind = beside + steps * Decimal("0.01"), type_at(self._reads, path)
            if kind is not None and not breaches(number, kind):
                self._put(record, path, number)
        elif isinstance(beside, str) and "0001-01-01" < beside < "9999-12-31":
            self._put(record, path, _plain(parse_date(beside) + timedelta(steps)))

    def _settled(self, record: dict[str, Any], hints: Hints) -> dict[str, Any]:
        """Return a record as one of the firm's own."""
        settled: dict[str, Any] = _on(record, self._reads, hints.today)
        for path, values in hints.of_firm.items():
            _put_all(settled, path, self._random.choice(values))
        return settled

    def _unsent(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return a record under an id that nobody knows."""
        other = {"id": f"{record.get('id')}{UNKNOWN_ID}"}
        is_text = isinstance(self._reads.fields.get("id"), Text)
        return record | other if is_text else record

    def _stripped(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return a record with hardly more than what its type demands."""
        kinds = self._reads.fields
        return {
            name: value
            for name, value in record.items()
            if name not in kinds or not kinds[name].absent or self._stripping.random() < 0.2
        }

    def _leaner(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return a record without half of the texts that it can do without."""
        for path in self._stripping.sample(self._spare, len(self._spare) // 2):
            holder = _at(record, path[:-1])
            kind = type_at(self._reads, path[:-1]) if len(path) > 1 else self._reads
            if isinstance(holder, dict) and isinstance(kind, Object):
                left = holder.keys() - {path[-1]}
                needed = kind.needs_one_of
                if not needed or any(left >= {*group} for group in needed):
                    holder.pop(path[-1], None)
        return record

    def learn(self, record: dict[str, Any], outcome: Outcome, *, is_news: bool = False) -> None:
        """Keep a record that came as far as the best so far; a bare one is no good beginning.

        One that `is_news` met what none has met before, and is kept whatever it became.
        """
        if is_news:
            self._news.append(record)
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
        """Return one of the best records, of each kind of outcome as often as of any other.

        Sometimes one that met something new: what is beside it has been met seldom, too.
        """
        if self._news and random.random() < (0.2 if self._is_ahead else 0.07):
            return random.choice(self._news)
        return random.choice(random.choice(list(self._kept.values())))

    def _changes(self) -> tuple[int, ...]:
        """Return how many members may be changed: few when too few records were mapped."""
        if not self._mapped:
            return (1, 1, 2, 3, 4)
        return (2, 3, 5) if self._is_ahead else (0, 0, 1)

    @property
    def _is_ahead(self) -> bool:
        """Whether enough records were mapped, so that bolder ones may be tried."""
        return not self._mapped or self._mapped * 20 > self._made * 13

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
        elif _holds_objects(mine) and _holds_objects(theirs) and self._random.random() < 0.7:
            item, other = self._random.choice(mine), self._random.choice(theirs)
            if self._random.random() < 0.5:
                mine[mine.index(item)] = _copied(other)
            else:
                each = self._random.choice(list(other))
                item[each] = _copied(other[each])
        elif name in donor:
            record[name] = _copied(theirs)
        else:
            del record[name]

    def _put(self, value: Any, path: Path, likely: Value, donor: Any = None) -> None:
        """Put a value where a path leads; what it leads through comes of a donor if need be."""
        if isinstance(value, dict) and len(path) == 1 and likely is MISSING:
            # Of a reference the last key stays: without any it would be none.
            if {*value} - {path[0], "label"}:
                value.pop(path[0], None)
        elif isinstance(value, dict) and len(path) == 1:
            value[path[0]] = likely
        elif isinstance(value, dict):
            theirs = donor.get(path[0]) if isinstance(donor, dict) else None
            if value.get(path[0]) is None and theirs is not None:
                value[path[0]] = _copied(theirs)
            self._put(value.get(path[0]), path[1:], likely, theirs)
        elif isinstance(value, list) and value and len(path) == 1:
            value[self._random.randrange(len(value))] = likely
        elif isinstance(value, list) and value:
            theirs = self._random.choice(donor) if isinstance(donor, list) and donor else None
            for each in value if self._random.random() < 0.3 else [self._random.choice(value)]:
                self._put(each, path[1:], likely, theirs)


def _spare(type: Object, path: Path = ()) -> Iterator[Path]:
    """Yield the texts that a record can do without, also those of what it refers to."""
    for name, kind in type.fields.items():
        if isinstance(kind, Object) and not path:
            yield from _spare(kind, (name,))
        elif isinstance(kind, Text) and kind.absent:
            yield *path, name


def _holds_objects(value: object) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and bool(value) and all(isinstance(e, dict) for e in value)


def _at(value: Any, path: Path) -> Any:
    """Return what stands in a record at a path that leads through objects only."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _put_all(value: Any, path: Path, likely: Value) -> None:
    """Put a value wherever a path leads in a record; it makes no object that is not there."""
    if isinstance(value, list):
        for each in value:
            _put_all(each, path[1:], likely)
    elif isinstance(value, dict) and len(path) == 1:
        value[path[0]] = likely
    elif isinstance(value, dict):
        _put_all(value.get(path[0]), path[1:], likely)


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
