"""
Write a mapping as one Python function: decisions, fields, lists, payloads, totals.

The function gives a verdict: which skip or reject holds, or what was made of the record.
Whatever is refused raises; the interpreter is then asked why. A field's policy, its guard
and its target have been settled in the program, so what stands here is only their order.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, DecimalException
from typing import Any, cast

from mapping_engine.language.emitter import Emitter, Mixed, Slot
from mapping_engine.language.environment import MADE_KEY
from mapping_engine.language.python import (
    Code,
    attribute,
    both,
    call,
    is_,
    item,
    name,
    negation,
)
from mapping_engine.language.typed import Variable
from mapping_engine.packs.model import PayloadRule
from mapping_engine.runtime.emitted_totals import write_totals
from mapping_engine.runtime.guards import guard, guard_payload
from mapping_engine.runtime.interpreter import put
from mapping_engine.runtime.ordering import group_key, rank
from mapping_engine.runtime.problems import required_value_missing
from mapping_engine.runtime.program import (
    Build,
    Compute,
    DecisionStep,
    FieldStep,
    Grouping,
    HelperStep,
    MakeItems,
    MakeObject,
    MappingProgram,
    PartStep,
    PayloadProgram,
)
from mapping_engine.runtime.walking import fields_of, typed_of
from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.values.conform import holds_texts
from mapping_engine.values.kept import Kept
from mapping_engine.values.number import plain
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import List, Number, Object, Text, Type

__all__ = ["ARGUMENTS", "Unfit", "mapping_code"]

#: What the function is given: the record, and what a run fixes.
ARGUMENTS = ("record", "run", "roles", "references", "linker", "occasion")
_MOST_FLAT = 6
_REFUSALS = (Refusal, DecimalException)


def mapping_code(
    mapping: MappingProgram, limits: Limits = DEFAULT_LIMITS, *, lines: bool = False
) -> Code:
    """Return the code of a mapping's function, with the objects it names.

    With `lines` it is the code of the quick way: the record is held by attributes, and the
    payloads are ready to be written. Raises `Mixed` where the rules do more with a part of the
    record than to read it, or copy what would have to be written otherwise.
    """
    writer = _Writer(mapping, limits, lines)
    writer.write()
    return writer.code


class Unfit(Exception):
    """A line that the quick way cannot vouch for; it may be right all the same."""


@dataclass
class _Writer:
    mapping: MappingProgram
    limits: Limits
    lines: bool
    code: Code = field(default_factory=Code)

    def __post_init__(self) -> None:
        variables = {self.mapping.input_key: "record", "run": "run", "@linker": "linker",
                     "@roles": "roles", "@references": "references"}  # fmt: skip
        self.emitter = Emitter(self.code, variables, most_steps=self.limits.steps)
        if self.lines:
            self.emitter.structs.add("record")
        nodes = typed_of(self.mapping)
        self.asks_links = any(isinstance(n, Variable) and n.key == "@linker" for n in nodes)
        self.asks_occasion = any(each.occasions for each in fields_of(self.mapping))
        self.code.objects |= {"REFUSALS": _REFUSALS, "Decimal": Decimal}

    def write(self) -> None:
        """Write the whole function, in the order in which a record is decided."""
        self.helpers(self.mapping.helpers)
        for place, skip in enumerate(self.mapping.skip):
            with self.code.when(self.emitter.test(skip.condition)):
                self._answer("skip", ast.Constant(place))
        self._rejects([(each, "reject", place) for place, each in enumerate(self.mapping.reject)])
        made: list[tuple[str, ast.expr]] = []
        for place, payload in enumerate(self.mapping.payloads):
            made.append((payload.rule.name, self._payload(place, payload)))
        warned = self._warnings()
        objects = ast.Dict([ast.Constant(each) for each, _ in made], [each for _, each in made])
        sent = self.code.value("objects", objects)
        self._refuse_nothing(made)
        self.emitter.variables[MADE_KEY] = "sent"
        single = len(made) == 1 and self.mapping.payloads[0].part.each is None
        self.code.assign("sent", item(made[0][1], ast.Constant(0)) if single else sent)
        broken = self.mapping.broken
        self._rejects([(each, "refused", each.rule.reason.value) for each in broken])
        totals = write_totals(self.mapping.totals, self.emitter)
        if self.looks_at_made:
            self._ready(made)
        self._answer("made", ast.Tuple([sent, warned, totals], ast.Load()))

    @property
    def looks_at_made(self) -> bool:
        """Whether somebody looks at whole payloads before they are ready to be written."""
        guarded = any(each.part.guard is not None for each in self.mapping.payloads)
        asks = bool(self.mapping.totals or self.mapping.broken)
        return self.lines and (guarded or asks)

    def _ready(self, made: Sequence[tuple[str, ast.expr]]) -> None:
        """Test whole payloads, and write numbers as the texts that they are for the system."""
        for payload, (_, listed) in zip(self.mapping.payloads, made, strict=True):
            each = self.code.fresh("each")
            with self.code.block() as body:
                if payload.part.guard is not None:
                    test = self.code.bound("guard_payload", guard_payload)
                    self.code.run(call(test, name(each), self.code.bound("payload", payload)))
                self._texts_in(name(each), payload.target)
            self.code.add(ast.For(ast.Name(each, ast.Store()), listed, body, []))

    def _texts_in(self, of: ast.expr, type: Object) -> None:
        for word, kind in type.fields.items():
            if not holds_texts(kind):
                continue
            there = ast.Compare(ast.Constant(word), [ast.In()], [of])
            with self.code.when(there):
                value = self.code.value("made", item(of, ast.Constant(word)))
                if isinstance(kind, Number):
                    is_number = is_(attribute(value, "__class__"), name("Decimal"))
                    with self.code.when(is_number):
                        text = call(self.code.bound("plain", plain), value)
                        self.code.store(of, word, text)
                elif isinstance(kind, Object):
                    with self.code.when(is_(value, ast.Constant(None), negated=True)):
                        self._texts_in(value, kind)
                elif isinstance(kind, List) and isinstance(kind.item, Object):
                    each = self.code.fresh("each")
                    with self.code.block() as body:
                        self._texts_in(name(each), kind.item)
                    items = ast.BoolOp(ast.Or(), [value, ast.Tuple([], ast.Load())])
                    self.code.add(ast.For(ast.Name(each, ast.Store()), items, body, []))
                else:
                    raise Mixed

    def _answer(self, word: str, value: ast.expr) -> None:
        self.code.add(ast.Return(ast.Tuple([ast.Constant(word), value], ast.Load())))

    def _refuse_nothing(self, made: Sequence[tuple[str, ast.expr]]) -> None:
        conditional = all(each.part.when or each.part.each for each in self.mapping.payloads)
        if conditional:
            with self.code.when(both([negation(each) for _, each in made])):
                self._answer("refused", ast.Constant("no_ledger_effect"))

    def _rejects(self, rejects: Sequence[tuple[DecisionStep, str, int | str]]) -> None:
        """Write rejects, each with its answer: the first that holds; else one not to be told."""
        if not rejects:
            return
        failed = self.code.fresh("failed")
        self.code.assign(failed, ast.Constant(None))
        for reject, word, answer in rejects:
            with self.code.block() as body, self.code.when(self.emitter.test(reject.condition)):
                self._answer(word, ast.Constant(answer))
            with self.code.block() as otherwise:
                kept = ast.BoolOp(ast.Or(), [name(failed), name("error")])
                self.code.assign(failed, kept)
            handler = ast.ExceptHandler(name("REFUSALS"), "error", otherwise)
            self.code.add(ast.Try(body, [handler], [], []))
        with self.code.when(is_(name(failed), ast.Constant(None), negated=True)):
            self.code.add(ast.Raise(name(failed)))

    def _warnings(self) -> ast.expr:
        """Write the warnings, and return the list of those that hold with their sentences."""
        warned = self.code.fresh("warned")
        self.code.assign(warned, ast.List([], ast.Load()))
        for place, warn in enumerate(self.mapping.warn):
            with self.code.when(self.emitter.test(warn.condition)):
                pair = ast.Tuple([ast.Constant(place), self._sentence(warn)], ast.Load())
                self.code.run(call(attribute(name(warned), "append"), pair))
        return name(warned)

    def _sentence(self, step: DecisionStep) -> ast.expr:
        """Write the sentence of a decision; nothing where it cannot be filled in."""
        if step.because is None:
            return ast.Constant(None)
        sentence = self.code.fresh("because")
        with self.code.block() as body:
            self.code.assign(sentence, self.emitter.value(step.because))
        self._try(body, sentence)
        return name(sentence)

    def _try(self, body: list[ast.stmt], result: str) -> None:
        """Write `try:` with a body; what is refused in it makes `result` absent."""
        with self.code.block() as otherwise:
            self.code.assign(result, name("MISSING"))
        handler = ast.ExceptHandler(name("REFUSALS"), None, otherwise)
        self.code.add(ast.Try(body, [handler], [], []))

    def helpers(self, helpers: Sequence[HelperStep]) -> None:
        """Make helpers known; each is written where it is first needed."""
        for helper in helpers:
            slot = Slot(
                self.code.fresh(helper.name),
                lambda build=helper.build: self.build(build),  # type: ignore[misc]
                self.code.depth,
            )
            self.emitter.helpers[helper.key] = slot

    def build(self, step: Build) -> ast.expr:
        """Write what a rule makes, and return it."""
        match step:
            case Compute(expression=expression):
                return self.emitter.held(expression)
            case MakeObject(fields=fields):
                made = self.code.value("object", ast.Dict([], []))
                for each in fields:
                    self._field(each, made, name("occasion_now"))
                absent = ast.BoolOp(ast.Or(), [made, name("MISSING")])
                return self.code.value("object", absent) if step.type.absent else made
            case MakeItems(parts=parts):
                items = self.code.value("items", ast.List([], ast.Load()))
                for part in parts:
                    self._part(part, items)
                return items

    def _payload(self, place: int, payload: PayloadProgram) -> ast.expr:
        if self.asks_occasion:
            self.code.assign("occasion_now", call(name("occasion"), ast.Constant(place)))
        made = self.code.value("made", ast.List([], ast.Load()))
        self._part(payload.part, made)
        if self.asks_links:
            with self.code.when(made):
                own = attribute(name("linker"), "own")
                self.code.store(own, payload.object, ast.Constant(None))
        return made

    def _part(self, part: PartStep, items: ast.expr) -> None:
        """Write one part of a list: an item for each of something, or one item."""
        if part.when is not None:
            with self.code.when(self.emitter.test(part.when)):
                self._rounds(part, items)
        else:
            self._rounds(part, items)

    def _rounds(self, part: PartStep, items: ast.expr) -> None:
        if part.each is None:
            with self.emitter.inside():
                self._item(part, items)
            return
        listed = self.emitter.held(part.each)
        nothing = self.emitter.nothing(listed, part.each.type)
        if nothing is None:
            self._each(part, listed, items)
        else:
            with self.code.when(negation(nothing)):
                self._each(part, listed, items)

    def _each(self, part: PartStep, listed: ast.expr, items: ast.expr) -> None:
        variable = self.emitter.variables[part.item_key] = self.code.fresh("item")
        self.emitter.as_held(name(variable), listed)
        self.emitter.count(listed)
        if part.order_by:
            listed = self._ordered(part, listed, variable)
        if part.group is not None:
            groups = self._gathered(part.group, listed, variable)
            self._each_group(part, part.group, groups, listed, items)
            return
        self._numbered(part, ast.Name(variable, ast.Store()), listed, items)

    def _numbered(
        self, part: PartStep, target: ast.expr, listed: ast.expr, items: ast.expr
    ) -> None:
        """Write the loop over items or groups, with their places where somebody asks for them."""
        place, position = self.code.fresh("place"), self.code.fresh("position")
        self.emitter.variables["@position"] = position
        with self.code.block() as body, self.emitter.inside():
            self._item(part, items)
        uses = any(
            isinstance(node, ast.Name) and node.id == position
            for statement in body
            for node in ast.walk(statement)
        )
        if uses:
            number = call(name("Decimal"), name(place))
            with self.code.block() as first:
                self.code.assign(position, number)
            body[:0] = first
            target = ast.Tuple([ast.Name(place, ast.Store()), target], ast.Store())
            listed = call(name("enumerate"), listed, ast.Constant(1))
        self.code.add(ast.For(target, listed, body, []))

    def _ordered(self, part: PartStep, listed: ast.expr, variable: str) -> ast.expr:
        ranked = self.code.value("ranked", ast.List([], ast.Load()))
        rank_of = self.code.bound("rank", rank)
        with self.code.block() as body:
            ranks = [
                call(rank_of, self.emitter.value(key), self.code.bound("key", key))
                for key in part.order_by
            ]
            pair = ast.Tuple([ast.Tuple(ranks, ast.Load()), name(variable)], ast.Load())
            self.code.run(call(attribute(ranked, "append"), pair))
        self.code.add(ast.For(ast.Name(variable, ast.Store()), listed, body, []))
        ordered = self.code.value("ordered", call(self.code.bound("sorted", _sorted), ranked))
        return self.emitter.as_held(ordered, listed)

    def _gathered(self, group: Grouping, listed: ast.expr, variable: str) -> ast.expr:
        """Write the loop that gathers items by their keys; return the groups, first seen first."""
        groups = self.code.value("groups", ast.Dict([], []))
        found = self.code.fresh("group")
        with self.code.block() as body:
            values = [(word, self.emitter.value(key), key.type) for word, key in group.keys]
            identity = self.code.value(
                "key", ast.Tuple([self._hashed(v, kind) for _, v, kind in values], ast.Load())
            )
            self.code.assign(found, call(attribute(groups, "get"), identity))
            with self.code.when(is_(name(found), ast.Constant(None))):
                keys = ast.Dict(
                    [ast.Constant(word) for word, _, _ in values], [v for _, v, _ in values]
                )
                empty = ast.List([], ast.Load())
                self.code.assign(found, ast.Tuple([keys, empty], ast.Load()))
                self.code.add(
                    ast.Assign([ast.Subscript(groups, identity, ast.Store())], name(found))
                )
            inside = item(name(found), ast.Constant(1))
            self.code.run(call(attribute(inside, "append"), name(variable)))
        self.code.add(ast.For(ast.Name(variable, ast.Store()), listed, body, []))
        return groups

    def _each_group(
        self, part: PartStep, group: Grouping, groups: ast.expr, listed: ast.expr, items: ast.expr
    ) -> None:
        keys_name, items_name = self.code.fresh("keys"), self.code.fresh("group")
        self.emitter.as_held(name(items_name), listed)
        self.emitter.variables[group.keys_key] = keys_name
        self.emitter.variables[group.items_key] = items_name
        target = ast.Tuple(
            [ast.Name(keys_name, ast.Store()), ast.Name(items_name, ast.Store())], ast.Store()
        )
        self._numbered(part, target, call(attribute(groups, "values")), items)

    def _hashed(self, value: ast.expr, kind: Type) -> ast.expr:
        if isinstance(kind, Text | Number) and not kind.can_be_nothing:
            return value
        if isinstance(value, ast.Name) and value.id in self.emitter.answers:
            answers, key = self.emitter.answers[value.id]
            keys = Kept(lambda key: group_key(answers[key]))
            return item(self.code.bound("key_of", keys), key)
        return call(self.code.bound("group_key", group_key), value)

    def _item(self, part: PartStep, items: ast.expr) -> None:
        self.helpers(part.helpers)
        value = self.emitter.plain(self.build(part.build))
        kind = part.build.type
        empty = self.emitter.empty(value, kind)
        word = "extend" if part.joins and isinstance(kind, List) else "append"
        add = call(attribute(items, word), value)
        if isinstance(part.rule, PayloadRule) or isinstance(part.build, MakeObject):
            empty = is_(value, name("MISSING")) if kind.absent else ast.Constant(False)
        if isinstance(empty, ast.Constant) and not empty.value:
            self.code.run(add)
            return
        with self.code.when(negation(empty)):
            self.code.run(add)

    def _field(self, step: FieldStep, made: ast.expr, occasion: ast.expr) -> None:
        with self.code.at(step.rule.key):
            self._tried(step, made, occasion)

    def _tried(self, step: FieldStep, made: ast.expr, occasion: ast.expr) -> None:
        if step.rule.on_error == "omit":
            with self.code.block() as body:
                self._applied(step, made, occasion)
            handler = ast.ExceptHandler(name("REFUSALS"), None, [ast.Pass()])
            self.code.add(ast.Try(body, [handler], [], []))
            return
        self._applied(step, made, occasion)

    def _applied(self, step: FieldStep, made: ast.expr, occasion: ast.expr) -> None:
        if step.occasions is not None:
            held = ast.Constant(cast("Any", step.occasions))
            with self.code.when(ast.Compare(occasion, [ast.In()], [held])):
                self._asked(step, made)
            return
        self._asked(step, made)

    def _asked(self, step: FieldStep, made: ast.expr) -> None:
        if step.when is None:
            self._filled(step, made)
            return
        with self.code.when(self.emitter.test(step.when)):
            self._filled(step, made)

    def _filled(self, step: FieldStep, made: ast.expr) -> None:
        """Write a field's value into its place, as its policies say."""
        value = self.emitter.plain(self.build(step.build))
        kind = step.build.type
        empty = self.emitter.empty(value, kind)
        if step.sends_blank:
            empty = self.emitter.nothing(value, kind) or ast.Constant(False)
        if isinstance(step.build, MakeObject):
            empty = is_(value, name("MISSING")) if kind.absent else ast.Constant(False)
        if isinstance(empty, ast.Constant) and not empty.value:
            self._stored(step, made, value)
            return
        with self.code.block() as there:
            self._stored(step, made, value)
        self.code.add(ast.If(negation(empty), there, self._when_empty(step, made, value, kind)))

    def _when_empty(
        self, step: FieldStep, made: ast.expr, value: ast.expr, kind: Type
    ) -> list[ast.stmt]:
        with self.code.block() as otherwise:
            match step.rule.on_empty:
                case "reject":
                    refuse = self.code.bound("refuse_empty", _refuse_empty)
                    self.code.run(call(refuse, ast.Constant(step.name)))
                case "null":
                    self._put(step, made, ast.Constant(None))
                case None if step.target.null and kind.null:
                    with self.code.when(is_(value, ast.Constant(None))):
                        self._put(step, made, value)
                case _:
                    pass
        return otherwise

    def _stored(self, step: FieldStep, made: ast.expr, value: ast.expr) -> None:
        if step.guard is not None:
            tested = self.code.bound("guard", guard), value, self.code.bound("step", step)
            self.code.run(call(*tested))
        self._put(step, made, value)

    def _written(self, step: FieldStep, value: ast.expr) -> ast.expr:
        """Return a value as the system wants it written (see `as_written`), or as it is so far."""
        given = step.build.type
        match step.target:
            case Object() | List() if _copies(step.build) and _holds_numbers(step.target):
                raise Mixed
            case Number(as_text=as_text) if isinstance(given, Number):
                text = as_text and not self.looks_at_made
                written = self._plain(value, given) if text else self._tidy(value, given)
                nothing = self.emitter.nothing(value, given)
                return written if nothing is None else ast.IfExp(nothing, value, written)
            case Number() if not isinstance(value, ast.Constant):
                raise Mixed
            case _:
                return value

    def _tidy(self, value: ast.expr, kind: Number) -> ast.expr:
        """Return a number whose own writing is the plain one: no exponent, no negative zero."""
        if _is_flat(kind):
            is_sure = kind.minimum is not None and kind.minimum >= 0
            return value if is_sure else ast.BoolOp(ast.Or(), [value, call(name("abs"), value)])
        return call(self.code.bound("tidy", _tidy), value)

    def _plain(self, value: ast.expr, kind: Number) -> ast.expr:
        """Return the plain text of a number."""
        if _is_flat(kind) and kind.minimum is not None and kind.minimum >= 0:
            return call(name("str"), value)
        return call(self.code.bound("plain", plain), value)

    def _put(self, step: FieldStep, made: ast.expr, value: ast.expr) -> None:
        if self.lines:
            value = self._written(step, value)
        if step.slots:
            bound = self.code.bound("put", put), self.code.bound("step", step)
            self.code.run(call(bound[0], made, bound[1], value))
            return
        for word in step.path[:-1]:
            inner = call(attribute(made, "setdefault"), ast.Constant(word), ast.Dict([], []))
            made = self.code.value("inner", inner)
        self.code.store(made, step.path[-1], value)


def _copies(build: Build) -> bool:
    """Whether what a rule makes may hold objects or numbers that no field of it has made."""
    parts = build.parts if isinstance(build, MakeItems) else ()
    return isinstance(build, Compute) or any(_copies(part.build) for part in parts)


def _holds_numbers(type: Type) -> bool:
    match type:
        case Object():
            return any(map(_holds_numbers, type.fields.values()))
        case List():
            return _holds_numbers(type.item)
        case _:
            return isinstance(type, Number)


def _is_flat(kind: Number) -> bool:
    """Whether `str` writes every number of a type without an exponent.

    It writes one for more than six decimal places, and for whole numbers that a quotient left
    without their zeros; a quotient has no scale.
    """
    return kind.scale is not None and kind.scale <= _MOST_FLAT


def _tidy(number: Decimal) -> Decimal:
    if "E" in str(number):
        raise Unfit
    return number or abs(number)


def _refuse_empty(place: str) -> None:
    raise Refusal(required_value_missing, None, place)


def _sorted(ranked: list[tuple[object, object]]) -> list[object]:
    ranked.sort(key=lambda each: each[0])  # type: ignore[arg-type,return-value]
    return [each for _, each in ranked]
