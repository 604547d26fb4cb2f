"""
Read a line of JSON straight into a record with typed values, by code written for its schema.

`quick_reader` is the fast way for lines that are plainly right. msgspec decodes into a `Struct`
made for the schema, whose attributes are the members (`member_name` says which), an absent one
being MISSING; it checks kinds, names, enums and lengths. The rest (dates, numbers, blank texts,
names that stand twice) is checked by a function written for the type. Whatever it cannot vouch
for is `Unfit` and goes the exact way, `decode` and `conform`, which also says what is wrong. So
the two need not agree on what is refused, only on what a line means that both take.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from mapping_engine.language.compiled import function_of
from mapping_engine.language.python import (
    Code,
    attribute,
    both,
    call,
    either,
    is_,
    item,
    member_name,
    name,
    negation,
    word_of,
)
from mapping_engine.runtime.doubled_names import has_names_once
from mapping_engine.runtime.emitted_lines import Unfit
from mapping_engine.runtime.shapes import Shapes
from mapping_engine.source.limits import Limits
from mapping_engine.values.bounds import (
    in_range,
    list_misfits,
    text_misfits,
)
from mapping_engine.values.conform import is_whole
from mapping_engine.values.kept import Kept
from mapping_engine.values.moment import parse_date, parse_datetime
from mapping_engine.values.number import plain
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import Date, DateTime, List, Number, Object, Text, Type
from mapping_engine.values.value import MISSING

__all__ = ["QuickReader", "as_dict", "quick_reader", "record_reader"]

QuickReader: TypeAlias = Callable[[bytes], Any]


def quick_reader(
    type: Object, limits: Limits, *, strict: bool, blank_is_null: bool = False
) -> QuickReader | None:
    """Return the function that reads a line as a record; None for a type that it cannot read.

    With `strict` a line in which a name may stand twice is unfit. With `blank_is_null` a blank
    text is null, as `conform` has it. The function raises `Unfit`. It is shared by threads.
    """
    shape = Shapes(limits, blank_is_null).of(type)
    if shape is None:
        return None
    numerals = Kept(_Numeral)
    decode = msgspec.json.Decoder(shape, float_hook=numerals.__getitem__).decode
    settle = _Settling(limits, blank_is_null, counts=strict).function(type)
    most = min(limits.text_size, limits.record_size)

    def read(line: bytes) -> Any:
        if len(line) > most or b"\t" in line:
            raise Unfit
        try:
            record = decode(line)
            members, colons = settle(record)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, TypeError):
            # A list where a number is expected is a TypeError: it cannot be looked up.
            raise Unfit from None
        if strict and not has_names_once(line, members, colons):
            raise Unfit
        return record

    return read


def record_reader(
    type: Object, limits: Limits, *, blank_is_null: bool = False
) -> Callable[[object], Any] | None:
    """Return the function that reads what a caller has decoded; else as `quick_reader`.

    It takes exact numbers: a `Decimal` or an `int`, never a `float`.
    """
    shape = Shapes(limits, blank_is_null).of(type)
    if shape is None:
        return None
    # msgspec learns a shape where it first meets it, which two threads must not do at once.
    msgspec.json.Decoder(shape)
    settle = _Settling(limits, blank_is_null, decoded=True).function(type)

    def read(given: object) -> Any:
        try:
            if given.__class__ is not dict or not _is_json(given):
                raise Unfit
            record = msgspec.convert(given, shape)
            settle(record)
        except (ValueError, RecursionError, TypeError):  # half a character, a number too long
            raise Unfit from None
        return record

    return read


_SINGLE: Final = frozenset((int, bool, Decimal, type(None)))


def _is_json(container: Any) -> bool:
    """Whether there is nothing in a container but what JSON has, of these very classes.

    What is alike, such as a set or a word of an enum, msgspec and Python take for more than it is.
    """
    for each in container.values() if container.__class__ is dict else container:
        kind = each.__class__
        if kind is str:
            plainly = is_whole(each)
        else:
            plainly = kind in _SINGLE or (kind in (dict, list, tuple) and _is_json(each))
        if not plainly:
            return False
    return True


def as_dict(value: Any) -> Any:
    """Return a value that was read, or a list of such, as everybody else has it."""
    if isinstance(value, list):
        return [as_dict(each) for each in value]
    if not isinstance(value, Struct):
        return value
    members = zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True)
    found = ((name, getattr(value, member)) for name, member in members)
    return {name: as_dict(each) for name, each in found if each is not MISSING}


class _Numeral(str):
    """A number with a fraction or an exponent, as it is written."""

    __slots__ = ()


def _numeral(value: object) -> object:
    """Return a `Decimal` as it is written, and anything else as it is."""
    return _Numeral(value) if isinstance(value, Decimal) else value


def _colons_in(text: ast.expr) -> ast.expr:
    return call(attribute(text, "count"), ast.Constant(":"))


_RECORD: Final = "record"


class _Settling(Struct):
    """Writes the function that checks what msgspec did not, and puts typed values in place."""

    limits: Limits
    blank_is_null: bool
    #: Whether members are counted, and whether numbers are those of a caller.
    counts: bool = False
    decoded: bool = False
    code: Code = field(default_factory=lambda: Code(
        {"UNFIT": Unfit, "MISSING": MISSING}))  # fmt: skip

    def function(self, type: Object) -> Callable[[Any], tuple[int, int]]:
        """Return the function: it settles a record in place.

        It counts the members, and the colons in stamps.
        """
        self.code.assign("members", ast.Constant(0))
        self.code.assign("colons", ast.Constant(0))
        self._object(name(_RECORD), type)
        self.code.add(ast.Return(ast.Tuple([name("members"), name("colons")], ast.Load())))
        made: Any = function_of(self.code, (_RECORD,), "settle", f"schema of {type.name}")
        return made  # type: ignore[no-any-return]

    def _object(self, of: ast.expr, type: Object) -> None:
        if type.others is not None:
            self._dictionary(of, type.others)
            return
        self._count(sum(not each.absent for each in type.fields.values()))
        for word, kind in type.fields.items():
            self._member(of, word, kind)
        if type.needs_one_of:
            groups = [both([self._is_there(of, each) for each in group])
                      for group in type.needs_one_of]  # fmt: skip
            self._refuse(negation(either(groups)))

    def _dictionary(self, of: ast.expr, others: Type) -> None:
        """Settle texts under names that the type does not know."""
        if self.counts:
            self._add("members", call(name("len"), of))
        self._each(of, others, call(attribute(of, "items")))

    def _is_there(self, of: ast.expr, word: str) -> ast.expr:
        return is_(attribute(of, member_name(word)), name("MISSING"), negated=True)

    def _count(self, members: int) -> None:
        if self.counts and members:
            self._add("members", ast.Constant(members))

    def _add(self, count: str, more: ast.expr) -> None:
        self.code.add(ast.AugAssign(ast.Name(count, ast.Store()), ast.Add(), more))

    def _member(self, of: ast.expr, word: str, type: Type) -> None:
        """Settle a member where it is there."""
        place = attribute(of, member_name(word))
        with self.code.block() as body:
            value = self.code.value(word_of(word), place)
            self._settled(value, place, type)
        read, *settling = body
        if not settling and not (self.counts and type.absent):
            return
        self.code.add(read)
        if not type.absent:
            self.code.extend(settling)
            return
        with self.code.when(is_(value, name("MISSING"), negated=True)):
            self._count(1)
            self.code.extend(settling)

    def _settled(self, value: ast.expr, place: ast.expr, type: Type) -> None:
        """Write what a value that stands in `place` still needs."""
        match type:
            case Number():
                self._number(value, place, type)
            case Date():
                dates = self.code.bound("dates", Kept(self._moment_of(parse_date, type)))
                self.code.put(place, item(dates, value))
            case DateTime():
                moments = self.code.bound("moments", Kept(self._moment_of(parse_datetime, type)))
                self.code.put(place, item(moments, value))
                if self.counts:
                    self._there(value, type, lambda: self._add("colons", _colons_in(value)))
            case Text(null=True) if self.blank_is_null:
                self._there(value, type, lambda: self._text_or_null(value, place, type))
            case Text(choices=None):
                self._there(value, type, lambda: self._text(value, place, type))
            case Object():
                self._there(value, type, lambda: self._object(value, type))
            case List():
                self._there(value, type, lambda: self._list(value, type))

    def _number(self, value: ast.expr, place: ast.expr, type: Number) -> None:
        """Settle a number; those of a field are kept by their numerals, so none loses a digit."""
        if self.decoded:
            value = self.code.value("numeral", call(self.code.bound("numeral", _numeral), value))
        odd = [is_(value, ast.Constant(each)) for each in (True, False)]  # equal to 1 and to 0
        if not type.reads_text:
            odd.append(is_(attribute(value, "__class__"), name("str")))
        self._refuse(either(odd))
        numbers = self.code.bound("numbers", Kept(self._number_of(type)))
        self.code.put(place, item(numbers, value))

    def _there(self, value: ast.expr, type: Type, write: Callable[[], None]) -> None:
        """Write what a value needs unless it is null."""
        with self.code.block() as body:
            write()
        if len(body) == 1 and isinstance(body[0], ast.Pass):
            return
        if type.null:
            self.code.add(ast.If(is_(value, ast.Constant(None), negated=True), body, []))
        else:
            self.code.extend(body)

    def _text_or_null(self, value: ast.expr, place: ast.expr, type: Text) -> None:
        """Settle a text that says null by being blank."""
        tests = [negation(value), call(attribute(value, "isspace"))]
        blank = either(tests if type.choices is None else tests[:1])
        if type.reads_scalars:
            blank = both([is_(attribute(value, "__class__"), name("str")), blank])
        with self.code.block() as nulled:
            self.code.put(place, ast.Constant(None))
        with self.code.block() as otherwise:
            if type.choices is None:
                # What is not blank is as long as 1; whatever else is asked, msgspec was not.
                least = 0 if type.min_length <= 1 else type.min_length
                self._text(value, place, replace(type, blank=True, min_length=least))
        self.code.add(ast.If(blank, nulled, otherwise))

    def _text(self, value: ast.expr, place: ast.expr, type: Text) -> None:
        settled = place if type.reads_scalars else value
        if type.reads_scalars:
            is_text = is_(attribute(value, "__class__"), name("str"))
            with self.code.when(negation(is_text)):
                self.code.put(place, call(self.code.bound("text", self._text_of()), value))
            most = ast.Constant(self.limits.text_size)
            self._refuse(ast.Compare(call(name("len"), place), [ast.Gt()], [most]))
        unasked = type.reads_scalars or self.blank_is_null
        bounds = (type.min_length or None, type.max_length) if unasked else ()
        if any(each is not None for each in (*bounds, type.pattern, type.format)):
            fits = Kept(lambda text: not text_misfits(text, type, "", self.limits))
            self._refuse(negation(item(self.code.bound("fits", fits), settled)))
        elif not type.blank:
            tests = [negation(settled)] * unasked + [call(attribute(settled, "isspace"))]
            self._refuse(either(tests))

    def _text_of(self) -> Callable[[object], str]:
        """Return the function that makes a text of a number or a yes or no; it raises `Unfit`."""
        number_of, most = self._number_of(Number()), 10 ** (_short(self.limits) - 1)

        def text_of(value: object) -> str:
            if value.__class__ is int and -most < value < most:
                return str(value)
            if isinstance(value, bool):
                return "true" if value else "false"
            numeral = _numeral(value)
            number = number_of(numeral) if isinstance(numeral, int | _Numeral) else None
            if number is None:
                raise Unfit
            return plain(number)

        return text_of

    def _list(self, value: ast.expr, type: List) -> None:
        self._each(value, type.item, call(name("enumerate"), value))
        if type.unique:
            self._demand(lambda items: list_misfits(items, type, "", self.limits), value)

    def _each(self, of: ast.expr, type: Type, pairs: ast.expr) -> None:
        """Settle what is in a list or a dictionary; `pairs` are its places with their values."""
        each, place = self.code.fresh("item"), self.code.fresh("place")
        with self.code.block() as body:
            self._settled(name(each), item(of, name(place)), type)
        if len(body) == 1 and isinstance(body[0], ast.Pass):
            return
        target: ast.expr = ast.Name(each, ast.Store())
        if isinstance(type, Object | List):
            pairs = of  # nothing is put in their place
        else:
            target = ast.Tuple([ast.Name(place, ast.Store()), target], ast.Store())
        self.code.add(ast.For(target, pairs, body, []))

    def _demand(self, misfits: Callable[[Any], Any], value: ast.expr) -> None:
        """Refuse a value in which something does not fit."""
        self._refuse(call(self.code.bound("misfits", misfits), value))

    def _refuse(self, test: ast.expr) -> None:
        with self.code.when(test):
            self.code.add(ast.Raise(name("UNFIT")))

    def _number_of(self, type: Number) -> Callable[[Any], Decimal | None]:
        short, blank_is_null = _short(self.limits), self.blank_is_null
        places = short if type.scale is None else type.scale
        fraction = rf"(?:\.[0-9]{{1,{places}}})?" if places else ""
        is_numeral = re.compile(rf"-?(?:0|[1-9][0-9]*){fraction}").fullmatch
        bounded = type.minimum is not None or type.maximum is not None
        asks_spelling = type.scale is not None or self.decoded  # else it is as JSON has it

        def number_of(written: str | int | None) -> Decimal | None:
            if written is None and type.null:
                return None
            text = written if isinstance(written, str) else str(written)
            if blank_is_null and not text.strip():
                return None
            is_spelt = asks_spelling or written.__class__ is str
            fits = is_numeral(text) if is_spelt else "e" not in text.lower()
            if len(text) > short or not fits:
                raise Unfit
            number = Decimal(text)
            if bounded and not in_range(number, type):
                raise Unfit
            return number or abs(number)

        return number_of

    def _moment_of(
        self, parse: Callable[[str], date], type: Date | DateTime
    ) -> Callable[[str | None], date | None]:
        blank_is_null = self.blank_is_null

        def moment_of(text: str | None) -> date | None:
            if text is None or (blank_is_null and not text.strip()):
                return None  # msgspec takes a null only where the type does
            try:
                return parse(text)
            except Refusal:
                raise Unfit from None

        return moment_of


def _short(limits: Limits) -> int:
    """Return how long a numeral without an exponent may be to keep within limits for certain."""
    return min(limits.number_digits, limits.number_exponent_high, -limits.number_exponent_low)
