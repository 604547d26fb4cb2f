"""
Write the end of the quick way: payloads as the system wants them, handed to what makes bytes.

msgspec writes a `Decimal` as `str` does, so what it gets must be plain already: no exponent, no
negative zero, and a text where the system takes numbers as texts. Stamps are made texts, too.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

from msgspec import Struct

from mapping_engine.language.emitted_numbers import exact
from mapping_engine.language.emitter import Emitter
from mapping_engine.language.python import Code, attribute, call, first_of, is_, item, name
from mapping_engine.runtime.emitted_guards import lacks_members
from mapping_engine.runtime.guards import guard_payload
from mapping_engine.runtime.program import (
    Build,
    Compute,
    FieldStep,
    MakeItems,
    MappingProgram,
    PayloadProgram,
)
from mapping_engine.values.conform import as_written
from mapping_engine.values.moment import datetime_text
from mapping_engine.values.number import plain
from mapping_engine.values.types import DateTime, List, Number, Object, Type, Unknown
from mapping_engine.values.value import MISSING

__all__ = ["Lines", "Mixed", "Unfit", "writes_texts"]


#: What is added to it is the same, but for a negative zero.
_ZERO = Decimal(0)


class Unfit(Exception):
    """A line that the quick way cannot vouch for; it may be right all the same."""


class Mixed(Exception):
    """Numbers are looked at and copied on, and are texts for the system: that has no quick way."""


class Lines(Struct, frozen=True):
    """How what was made of a record leaves the code: each payload through `write`.

    The function gives what `write` gives, payload by payload, the totals, and the warnings that
    hold; False for a record that is skipped or rejected. With links, `write` is given the linker.
    """

    mapping: MappingProgram
    write: Callable[[PayloadProgram], Callable[[Any], object]]
    #: Whether `write` makes texts of numbers (see `writes_texts`).
    texts: bool

    def value(self, step: FieldStep, value: ast.expr, emitter: Emitter) -> ast.expr:
        """Return what a field holds: a value as the system wants it (see `as_written`).

        Where somebody looks at the payload, that waits until the end.
        """
        given = step.build.type
        match step.target:
            case Object() | List() if _copies(step.build) and any(_others_in(step.target)):
                return self._copied(step, value, emitter)
            case DateTime() if not self.looks_at_made:
                written = call(emitter.code.bound("datetime_text", datetime_text), value)
                nothing = emitter.nothing(value, given)
                return written if nothing is None else ast.IfExp(nothing, value, written)
            case Number(as_text=as_text) if isinstance(given, Number):
                is_text = as_text and not self.texts
                if is_text and self.looks_at_made:
                    return value
                written = (_plain if is_text else _tidy)(value, given, emitter.code)
                nothing = emitter.nothing(value, given)
                return written if nothing is None else ast.IfExp(nothing, value, written)
            case Number() if not isinstance(value, ast.Constant):
                raise Mixed
            case _:
                return value

    def _copied(self, step: FieldStep, value: ast.expr, emitter: Emitter) -> ast.expr:
        """Return something with numbers in it that was copied whole."""
        if isinstance(value, ast.Constant):
            return value
        if not self.looks_at_made:
            target = Unknown() if self.texts else step.target
            write = lambda value: _tidied_inside(as_written(value, target))  # noqa: E731
        elif self._holds_texts(step.target):
            raise Mixed
        else:  # a date is still a date for who looks at it
            write = _tidied_inside
        return call(emitter.code.bound("written", write), value)

    def finish(
        self, made: Sequence[ast.expr], found: Sequence[ast.expr], emitter: Emitter, links: bool
    ) -> None:
        """Write the end of the function; `made` are the lists of payloads, `found` what else is."""
        code = emitter.code
        given = [name("linker")] if links else []
        if self.looks_at_made:
            self._ready(made, emitter)
        written: list[ast.expr] = []
        for payload, listed in zip(self.mapping.payloads, made, strict=True):
            write = code.bound("write", self.write(payload))
            if payload.part.each is None and payload.part.when is None:
                written.append(call(write, first_of(listed), *given))
                continue
            each = code.fresh("payload")
            rounds = ast.comprehension(ast.Name(each, ast.Store()), listed, [], 0)
            all_of = ast.ListComp(call(write, name(each), *given), [rounds])
            written.append(ast.Starred(all_of, ast.Load()))
        code.add(ast.Return(ast.Tuple([ast.List(written, ast.Load()), *found], ast.Load())))

    @property
    def looks_at_made(self) -> bool:
        """Whether somebody looks at whole payloads before they are ready to be written."""
        guarded = any(each.part.guard is not None for each in self.mapping.payloads)
        return guarded or bool(self.mapping.totals or self.mapping.broken)

    def _ready(self, made: Sequence[ast.expr], emitter: Emitter) -> None:
        """Test whole payloads, and write numbers as the texts that they are for the system."""
        code = emitter.code
        for payload, listed in zip(self.mapping.payloads, made, strict=True):
            each = code.fresh("each")
            with code.block() as body:
                _guarded(name(each), payload, code)
                self._texts_in(name(each), payload.target, payload.part.build.type, code)
            if not isinstance(body[0], ast.Pass):
                code.add(ast.For(ast.Name(each, ast.Store()), listed, body, []))

    def _texts_in(self, of: ast.expr, type: Object, made: Type, code: Code) -> None:
        """Write what is inside an object as the texts that the system takes for it.

        `made` is the type of what was made, which may say more than the system's.
        """
        members = made.fields if isinstance(made, Object) else {}
        for word, kind in type.fields.items():
            if not self._holds_texts(kind):
                continue
            place, inner = item(of, ast.Constant(word)), members.get(word, Unknown(absent=True))
            if inner.absent:
                there = ast.Compare(ast.Constant(word), [ast.In()], [of])
                with code.when(there):
                    self._texts_of(place, kind, inner, code)
            else:
                self._texts_of(place, kind, inner, code)

    def _texts_of(self, place: ast.expr, kind: Type, made: Type, code: Code) -> None:
        value = code.value("made", place)
        match kind:
            case Number() if isinstance(made, Number) and not made.null:
                code.put(place, _plain(value, made, code))
            case Number():
                with code.when(is_(attribute(value, "__class__"), name("Decimal"))):
                    code.put(place, call(code.bound("plain", plain), value))
            case DateTime():
                with code.when(is_(value, ast.Constant(None), negated=True)):
                    code.put(place, call(code.bound("datetime_text", datetime_text), value))
            case Object():
                with code.when(is_(value, ast.Constant(None), negated=True)):
                    self._texts_in(value, kind, made, code)
            case List(item=Object() as inner):
                each = code.fresh("each")
                with code.block() as body:
                    items = made.item if isinstance(made, List) else Unknown()
                    self._texts_in(name(each), inner, items, code)
                listed = ast.BoolOp(ast.Or(), [value, ast.Tuple([], ast.Load())])
                code.add(ast.For(ast.Name(each, ast.Store()), listed, body, []))
            case _:
                raise Mixed

    def _holds_texts(self, type: Type) -> bool:
        """Whether the system takes texts for numbers of a type, or for stamps in it."""
        return any(isinstance(each, DateTime) or (each.as_text and not self.texts)
                   for each in _others_in(type))  # fmt: skip


def _guarded(each: ast.expr, payload: PayloadProgram, code: Code) -> None:
    """Write the guard of a whole payload, where it has one, asked where members are lacking."""
    asked = payload.part.guard
    if not isinstance(asked, Object):
        return
    guard = call(code.bound("guard_payload", guard_payload), each, code.bound("payload", payload))
    with code.when(lacks_members(each, asked) or ast.Constant(True)):
        code.run(guard)


def _tidy(value: ast.expr, kind: Number, code: Code) -> ast.expr:
    """Return a number whose own writing is the plain one: no exponent, no negative zero."""
    if kind.is_flat:
        return value
    if kind.has_plain_places:
        return call(exact("+", code), value, code.bound("zero", _ZERO))
    return call(code.bound("tidy", _tidied), value)


def _plain(value: ast.expr, kind: Number, code: Code) -> ast.expr:
    """Return the plain text of a number."""
    if kind.has_plain_places:
        return call(name("str"), _tidy(value, kind, code))
    return call(code.bound("plain", plain), value)


def _copies(build: Build) -> bool:
    """Whether what a rule makes may hold objects or numbers that no field of it has made."""
    parts = build.parts if isinstance(build, MakeItems) else ()
    return isinstance(build, Compute) or any(_copies(part.build) for part in parts)


def _others_in(type: Type) -> Iterator[Number | DateTime]:
    """Yield the types of what msgspec would write otherwise: all numbers and stamps in a type."""
    match type:
        case Number() | DateTime():
            yield type
        case Object():
            yield from chain.from_iterable(map(_others_in, type.fields.values()))
        case List():
            yield from _others_in(type.item)


def writes_texts(mapping: MappingProgram) -> bool:
    """Whether numbers are texts wherever payloads have some, so that `write` can see to it.

    A match key is looked at before, so a number in it must be what it is then.
    """
    others = chain.from_iterable(_others_in(each.target) for each in mapping.payloads)
    numbers = [each for each in others if isinstance(each, Number)]
    keys = [each.target.fields.get(name) for each in mapping.payloads
            for names in each.match for name in names]  # fmt: skip
    are_texts = all(each.as_text for each in numbers)
    return are_texts and not any(isinstance(key, Number) for key in keys)


def _tidied(number: Decimal) -> Decimal:
    if "E" in str(number):
        raise Unfit
    return number or abs(number)


def _tidied_inside(value: Any) -> Any:
    """Return a value in which every number is one that msgspec writes as we do."""
    match value:
        case Decimal():
            return _tidied(value)
        case dict():
            return {
                name: _tidied_inside(each) for name, each in value.items() if each is not MISSING
            }
        case list():
            return [_tidied_inside(each) for each in value]
        case _:
            return value
