"""
Map lines of JSON to the bytes of their payloads without a detour: the fast way of a run.

`QuickMapper` joins the quick reader, code compiled for its records and a writer of bytes. Of lines
that are refused it says why, and goes on up to one that it cannot vouch for: that is left to the
exact way through `CompiledMapper`, which gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterator, Sequence
from decimal import DecimalException
from typing import Any, Self, TypeAlias

import msgspec

from mapping_engine.language.compiled import function_of
from mapping_engine.language.python import member_name
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.compose import Followed
from mapping_engine.runtime.emission import quick_code
from mapping_engine.runtime.emitted_lines import Lines, Mixed, Unfit, writes_texts
from mapping_engine.runtime.linking import LinkBook, needs_of
from mapping_engine.runtime.occasions import OWN_NAMES
from mapping_engine.runtime.outcome import Need, Sides, Warned
from mapping_engine.runtime.payloads import MADE_ONCE, Kind, idempotency_key, key_of, match_of
from mapping_engine.runtime.program import Occasion, PayloadProgram
from mapping_engine.runtime.reading import QuickReader, as_dict, quick_reader
from mapping_engine.values.conform import Conformed, as_written
from mapping_engine.values.kept import Kept
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.textform import text_of
from mapping_engine.values.types import UNKNOWN, List, Number, Object, Text, Type, Unknown
from mapping_engine.values.value import MISSING, Value, is_empty

__all__ = ["QuickMapper", "QuickPayload", "QuickRun", "code_of", "linked"]

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_ENCODER_OF_TEXTS = msgspec.json.Encoder(decimal_format="string")
_encode = _ENCODER.encode

#: What a payload is; the values of its match key (see `key_of`), where no second record of a run
#: may have the same; the payload as JSON, or all that the line of an outcome says of it.
QuickPayload: TypeAlias = tuple[Kind, Hashable, bytes]


#: The name of a control total, and the currency it is counted under.
TotalKey: TypeAlias = tuple[str, str | None]


class QuickRun(msgspec.Struct, gc=False):
    """What lines one after the other became: the mapped ones in columns, and the refused ones.

    `places` are those of the mapped lines among all that were given, `numbers` their numbers;
    `ids` are those of the records; `totals` and `warnings` are empty where the mapping has none.
    `refused` says by their places what became of the others. `end` is the place of the next line;
    where it `waits`, that can be told as soon as these have been handed on.
    """

    places: Sequence[int] = ()
    numbers: Sequence[int] = ()
    lines: list[bytes] = []
    ids: list[str | None] = []
    payloads: list[list[QuickPayload]] = []
    totals: list[list[tuple[TotalKey, Sides]]] = []
    warnings: list[list[Warned]] = []
    refused: list[tuple[int, Followed]] = []
    end: int = 0
    waits: bool = False

    def part(self, start: int, end: int | None = None) -> QuickRun:
        """Return some of the mapped lines, counted from 0."""
        part = slice(start, end)
        return QuickRun(self.places[part], self.numbers[part], self.lines[part], self.ids[part],
                        self.payloads[part], self.totals[part], self.warnings[part])  # fmt: skip


class _Before:
    """What earlier records of a run became. Of those at hand it is not known yet."""

    def __init__(self, made: Container[tuple[str, str]]) -> None:
        self.made, self.at_hand = made, set[tuple[str, str]]()

    def __contains__(self, made: object) -> bool:
        if made in self.at_hand:
            raise Unfit
        return made in self.made


class QuickMapper:
    """Maps lines with the rules of a `CompiledMapper`. It is shared by threads.

    With `strict` a line in which a name stands twice is left to the exact way.
    """

    def __init__(
        self, mapper: CompiledMapper, read: QuickReader, code: Callable[..., Any], asks_links: bool
    ) -> None:
        self._mapper, self._read, self._code, self.asks_links = mapper, read, code, asks_links
        self._finds_more = bool(mapper.mapping.totals or mapper.mapping.warn)
        #: The names of control totals by their place and the currency of the record.
        self._total_keys = Kept(lambda asked: mapper.total_key(*asked))
        self._id_of = _id_of(mapper.mapping.reads, mapper.known_by)

    @classmethod
    def of(cls, mapper: object, *, payloads_only: bool = False, strict: bool = True) -> Self | None:
        """Return the quick way of a mapper; None where it has none."""
        if type(mapper) is not CompiledMapper or mapper.standing or mapper.options.drop_unknown:
            return None
        mapping = mapper.mapping
        read = quick_reader(mapping.reads, mapper.options.limits, strict=strict,
                            blank_is_null=mapper.blank_is_null)  # fmt: skip
        texts = writes_texts(mapping)
        encode = (_ENCODER_OF_TEXTS if texts else _ENCODER).encode
        write = lambda each: _writer(each, mapper, encode, payloads_only)  # noqa: E731
        code = code_of(mapper, Lines(mapping, write, texts))
        return None if read is None or code is None else cls(mapper, read, *code)

    def runs(
        self, numbers: Sequence[int], lines: list[bytes]
    ) -> Iterator[tuple[QuickRun, int | None]]:
        """Yield what lines become, and each time the place of one that must go the exact way."""
        at = 0
        while at < len(lines):
            run = self.map(numbers, lines, at)
            at = run.end
            stops = at < len(lines) and not run.waits
            yield run, at if stops else None
            at += stops

    def map(self, numbers: Sequence[int], lines: list[bytes], start: int = 0) -> QuickRun:
        """Return what lines become from a place on, up to the first that must go the exact way."""
        before = _Before(self._mapper.options.made) if self.asks_links else None
        code = self._code if before is None else linked(self._code, self._mapper, before)
        read, id_of = self._read, self._id_of
        run = QuickRun()
        ids, payloads, refused = run.ids, run.payloads, run.refused
        for line in lines[start:] if start else lines:
            try:
                record = read(line)
                made = code(record)
            except Unfit:
                break
            except (Refusal, DecimalException):
                made = False
            if not made:
                run.waits = before is not None and bool(before.at_hand)
                if run.waits:  # the interpreter may ask more of earlier records than the code did
                    break
                why = self._mapper.explained(Conformed(as_dict(record), ()))
                refused.append((start + len(ids) + len(refused), Followed(why, id_of(record))))
                continue
            id = id_of(record)
            ids.append(id)
            payloads.append(made[0])
            if before is not None and id is not None:
                before.at_hand.update([(kind[0], id) for kind, _, _ in made[0]])
            if self._finds_more:
                self._find_more(record, made, run)
        run.end = start + len(ids) + len(refused)
        others = {place for place, _ in refused}
        run.places = [each for each in range(start, run.end) if each not in others]
        run.numbers = [numbers[each] for each in run.places]
        run.lines = [lines[each] for each in run.places]
        return run

    def _find_more(self, record: Any, made: Sequence[Any], run: QuickRun) -> None:
        """Take the totals and the warnings of a record."""
        currency, keys = getattr(record, "currency", None), self._total_keys
        currency = currency if isinstance(currency, str) else None
        run.totals.append([(keys[place, currency], sides) for place, sides in made[1]])
        if len(made) > 2:
            run.warnings.append([self._mapper.warned(*each) for each in made[2]])


def code_of(mapper: CompiledMapper, lines: Lines) -> tuple[Callable[..., Any], bool] | None:
    """Return the code of a mapping for records that were read, and whether it asks links."""
    mapping = mapper.mapping
    if not all(_is_plain(each.target) for each in mapping.payloads):
        return None
    try:
        code, asks_links = quick_code(mapping, mapper.options.limits, lines)
    except Mixed:
        return None
    code.objects |= zip(("run", "roles", "references"), mapper.given, strict=True)
    arguments = ("record", "linker", "occasion") if asks_links else ("record",)
    return function_of(code, arguments, "map_record", mapping.span.source.name), asks_links


def linked(
    code: Callable[..., Any], mapper: CompiledMapper, made: Container[tuple[str, str]]
) -> Callable[[Any], Any]:
    """Return code that asks links as a function of the record; `made` is what others become."""
    mapping, references = mapper.mapping, mapper.options.references
    links, id_of = mapper.program.pack.links, _id_of(mapping.reads, ("id",))

    def map_record(record: Any) -> Any:
        book = LinkBook(links, references, id_of(record), made)
        known_by: dict[str, Value] = {}

        def occasion(place: int) -> Occasion:
            if not known_by:
                known_by.update((each, as_dict(getattr(record, each, MISSING)))
                                for each in OWN_NAMES)  # fmt: skip
            return mapper.occasion(mapping.payloads[place], known_by, book)

        return code(record, book, occasion)

    return map_record


def _id_of(type: Object, names: Sequence[str]) -> Callable[[Any], str | None]:
    """Return what reads the id of a record: the first of some members that is filled."""
    kinds = {name: type.fields[name] for name in names if name in type.fields}
    first = next(iter(kinds), None)
    if first == "id" and isinstance(kinds["id"], Text) and not kinds["id"].can_be_empty:
        return lambda record: record.id
    members = [member_name(name) for name, kind in kinds.items()
               if not isinstance(kind, Object | List)]  # fmt: skip

    def id_of(record: Any) -> str | None:
        values = (getattr(record, each) for each in members)
        return next((text_of(each) for each in values if not is_empty(each)), None)

    return id_of


def _is_plain(type: Type) -> bool:
    """Whether values of a type are written by msgspec as we write them."""
    match type:
        case Object():
            is_open = type.others is not None and not isinstance(type.others, Text)
            return not is_open and all(map(_is_plain, type.fields.values()))
        case List(item=Number()):  # in a list, a negative zero has no colon before it
            return False
        case List():
            return _is_plain(type.item)
        case _:
            return not isinstance(type, Unknown)


def _writer(
    program: PayloadProgram,
    mapper: CompiledMapper,
    encode: Callable[[object], bytes],
    payloads_only: bool,
) -> Callable[..., QuickPayload]:
    """Return the function that writes a payload, with the links of its record.

    It raises `Refusal` or `Unfit`.
    """
    limit = mapper.options.limits.payload_size
    name, operation, object = program.rule.name, program.operation, mapper.object_of(program)
    before = (f'{{"mapping":{_text(name)},"object":{_text(object)},'
              f'"operation":{_text(operation)},"match":').encode()  # fmt: skip
    identity = _encode([*mapper.identity, name, operation])[:-1] + b","
    matched = _matched(program, object)

    def write(payload: Value, links: LinkBook | None = None) -> QuickPayload:
        needs: Sequence[Need] = ()
        if links is not None and links.pending:
            payload, needs = needs_of(payload, links.pending)
        assert isinstance(payload, dict)
        try:
            text = encode(payload)
        except TypeError:  # an absent member of something that was copied whole
            raise Unfit from None
        if len(text) > limit:
            raise Unfit
        kind, key = matched(payload)
        if payloads_only:
            return kind, key, text
        if key.__class__ is str:
            match = b"{%b:%b}" % (_encode(kind[1][0]), _encode(key))
        else:
            match = _encode({name: payload[name] for name in kind[1]})
        digest = idempotency_key(identity + match + b"]", text).encode()
        told = b'%b%b,"idempotency_key":"%b","payload":%b' % (before, match, digest, text)
        return kind, key, told + (b',"needs":%b}' % _encode(needs) if needs else b"}")

    return write


def _matched(
    program: PayloadProgram, object: str
) -> Callable[[dict[str, Value]], tuple[Kind, Hashable]]:
    """Return the function that gives what a payload is and its key; it raises `Refusal`."""
    is_once = program.operation in MADE_ONCE

    def matched(payload: dict[str, Value]) -> tuple[Kind, Hashable]:
        match = match_of(program, payload)
        key = key_of({name: as_written(each, UNKNOWN) for name, each in match.items()})
        return (object, tuple(match)), key if is_once else None

    names = program.match[0] if program.match else ()
    if len(names) != 1:
        return matched
    kind, only = (object, tuple(names)), names[0]

    def single(payload: dict[str, Value]) -> tuple[Kind, Hashable]:
        value = payload.get(only)
        if value.__class__ is str and value and not value.isspace():
            return kind, value if is_once else None
        return matched(payload)

    return single


def _text(word: str) -> str:
    return _encode(word).decode()
