"""
Write a mapping as one Python function: decisions, fields, lists, payloads, totals.

The function gives a verdict: which skip or reject holds, or what was made of the record.
Whatever is refused raises; the interpreter is then asked why. A field's policy, its guard
and its target have been settled in the program, so what stands here is only their order.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, DecimalException
from itertools import groupby
from typing import Any, cast

from mapping_engine.language.emitter import Emitter, Slot
from mapping_engine.language.environment import MADE_KEY
from mapping_engine.language.python import (
    Code,
    attribute,
    both,
    call,
    first_of,
    is_,
    name,
    negation,
)
from mapping_engine.language.typed import Typed, Variable
from mapping_engine.packs.model import PayloadRule
from mapping_engine.runtime.emitted_decisions import write_rejects, write_warnings
from mapping_engine.runtime.emitted_groups import gathered, ordered
from mapping_engine.runtime.emitted_guards import write_guard
from mapping_engine.runtime.emitted_lines import Lines
from mapping_engine.runtime.emitted_objects import ObjectBeingMade
from mapping_engine.runtime.emitted_totals import write_totals
from mapping_engine.runtime.interpreter import put
from mapping_engine.runtime.problems import required_value_missing
from mapping_engine.runtime.program import (
    Build,
    Compute,
    FieldStep,
    Grouping,
    HelperStep,
    MakeItems,
    MakeObject,
    MappingProgram,
    PartStep,
    PayloadProgram,
)
from mapping_engine.runtime.reading import as_dict
from mapping_engine.runtime.walking import fields_of, typed_of
from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import List, Type

__all__ = ["ARGUMENTS", "mapping_code", "quick_code"]

#: What the function is given: the record, and what a run fixes.
ARGUMENTS = ("record", "run", "roles", "references", "linker", "occasion")
_REFUSALS = (Refusal, DecimalException)


def mapping_code(mapping: MappingProgram, limits: Limits = DEFAULT_LIMITS) -> Code:
    """Return the code of a mapping's function, with the objects it names.

    The function gives a word (`skip`, `reject`, `refused`, `made`), and the place of the decision
    or what was made.
    """
    writer = _Writer(mapping, limits, None)
    writer.write()
    return writer.code


def quick_code(mapping: MappingProgram, limits: Limits, lines: Lines) -> tuple[Code, bool]:
    """Return the code of the quick way, which gives what `lines` says, and whether it asks links.

    Raises `Mixed` where there is none.
    """
    writer = _Writer(mapping, limits, lines)
    writer.write()
    return writer.code, writer.asks_links or writer.asks_occasion


@dataclass
class _Writer:
    mapping: MappingProgram
    limits: Limits
    lines: Lines | None
    code: Code = field(default_factory=Code)

    def __post_init__(self) -> None:
        variables = {self.mapping.input_key: "record", "run": "run", "@linker": "linker",
                     "@roles": "roles", "@references": "references"}  # fmt: skip
        self.emitter = Emitter(self.code, variables, most_steps=self.limits.steps)
        if self.lines is not None:
            self.emitter.structs.add("record")
            self.emitter.as_dict = as_dict
        nodes = typed_of(self.mapping)
        #: How many places ask for a name.
        self.asked = Counter(each.key for each in nodes if isinstance(each, Variable))
        self.asks_links = "@linker" in self.asked
        self.asks_occasion = any(each.occasions for each in fields_of(self.mapping))
        self.code.objects |= {"REFUSALS": _REFUSALS, "Decimal": Decimal}

    def write(self) -> None:
        """Write the whole function, in the order in which a record is decided."""
        self.helpers(self.mapping.helpers)
        for place, skip in enumerate(self.mapping.skip):
            with self.code.when(self.emitter.test(skip.condition)):
                self._answer("skip", ast.Constant(place))
        rejects = [(each, "reject", place) for place, each in enumerate(self.mapping.reject)]
        write_rejects(rejects, self._answer, self.emitter)
        made: list[tuple[str, ast.expr]] = []
        for place, payload in enumerate(self.mapping.payloads):
            made.append((payload.rule.name, self._payload(place, payload)))
        warned = write_warnings(self.mapping.warn, self.emitter)
        self._finish(made, warned)

    def _finish(self, made: Sequence[tuple[str, ast.expr]], warned: ast.expr) -> None:
        objects = ast.Dict([ast.Constant(each) for each, _ in made], [each for _, each in made])
        self._refuse_nothing(made)
        single = len(made) == 1 and self.mapping.payloads[0].part.each is None
        if self.mapping.broken or self.mapping.totals:
            self.emitter.variables[MADE_KEY] = "sent"
            self.code.assign("sent", first_of(made[0][1]) if single else objects)
        broken = [(each, "refused", each.rule.reason.value) for each in self.mapping.broken]
        write_rejects(broken, self._answer, self.emitter)
        totals = write_totals(self.mapping.totals, self.emitter)
        if self.lines is None:
            self._answer("made", ast.Tuple([objects, warned, totals], ast.Load()))
        else:
            found = [totals, warned] if self.mapping.warn else [totals]
            self.lines.finish([each for _, each in made], found, self.emitter, self.asks_links)

    def _answer(self, word: str, value: ast.expr) -> None:
        if self.lines is not None:
            self.code.add(ast.Return(ast.Constant(False)))
            return
        self.code.add(ast.Return(ast.Tuple([ast.Constant(word), value], ast.Load())))

    def _refuse_nothing(self, made: Sequence[tuple[str, ast.expr]]) -> None:
        conditional = all(each.part.when or each.part.each for each in self.mapping.payloads)
        if conditional:
            with self.code.when(both([negation(each) for _, each in made])):
                self._answer("refused", ast.Constant("no_ledger_effect"))

    def helpers(self, helpers: Sequence[HelperStep]) -> None:
        """Make helpers known; each is written where it is first needed."""
        for helper in helpers:
            slot = Slot(
                self.code.fresh(helper.name),
                lambda build=helper.build: self.build(build),  # type: ignore[misc]
                self.code.depth,
                self.asked[helper.key] == 1,
                helper.build.expression if isinstance(helper.build, Compute) else None,
            )
            self.emitter.helpers[helper.key] = slot

    def build(self, step: Build) -> ast.expr:
        """Write what a rule makes, and return it."""
        match step:
            case Compute(expression=expression):
                return self.emitter.held(expression)
            case MakeObject(fields=fields):
                made = ObjectBeingMade(self.code, self.code.depth)
                for when, together in groupby(fields, key=_condition):
                    self._fields(when, list(together), made)
                absent = ast.BoolOp(ast.Or(), [made.value(), name("MISSING")])
                return self.code.value("object", absent) if step.type.absent else made.value()
            case MakeItems(parts=parts):
                items = self.code.value("items", ast.List([], ast.Load()))
                for part in parts:
                    self._part(part, items)
                return items

    def _payload(self, place: int, payload: PayloadProgram) -> ast.expr:
        if self.asks_occasion:
            self.code.assign("occasion_now", call(name("occasion"), ast.Constant(place)))
        part = payload.part
        if part.each is None and part.when is None and not part.build.type.absent:
            with self.emitter.inside():
                self.helpers(part.helpers)
                made: ast.expr = ast.List([self.build(part.build)], ast.Load())
        else:
            made = self.code.value("made", ast.List([], ast.Load()))
            self._part(part, made)
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
            listed = ordered(part, listed, variable, self.emitter)
        if part.group is not None:
            self._each_group(part, part.group, listed, items)
            return
        self._numbered(part, ast.Name(variable, ast.Store()), listed, items)

    def _numbered(
        self, part: PartStep, target: ast.expr, listed: ast.expr, items: ast.expr
    ) -> None:
        """Write the loop over items or groups, with their places where somebody asks for them."""
        place, position = self.code.fresh("place"), self.code.fresh("position")
        self.emitter.variables["@position"] = position
        with self.code.block(repeats=True) as body, self.emitter.inside():
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

    def _each_group(
        self, part: PartStep, group: Grouping, listed: ast.expr, items: ast.expr
    ) -> None:
        groups = gathered(group, listed, self.emitter.variables[part.item_key], self.emitter)
        keys_name, items_name = self.code.fresh("keys"), self.code.fresh("group")
        self.emitter.as_held(name(items_name), listed)
        self.emitter.variables[group.keys_key] = keys_name
        self.emitter.variables[group.items_key] = items_name
        target = ast.Tuple(
            [ast.Name(keys_name, ast.Store()), ast.Name(items_name, ast.Store())], ast.Store()
        )
        self._numbered(part, target, call(attribute(groups, "values")), items)

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

    def _fields(
        self, when: Typed | None, steps: Sequence[FieldStep], made: ObjectBeingMade
    ) -> None:
        """Write fields one after the other; what is the `when` of all is asked once."""
        if when is None:
            for each in steps:
                with self.code.at(each.rule.key):
                    self._tried(each, made)
            return
        with self.code.at(steps[0].rule.key), self.code.when(self.emitter.test(when)):
            self._fields(None, steps, made)

    def _tried(self, step: FieldStep, made: ObjectBeingMade) -> None:
        if step.rule.on_error == "omit":
            with self.code.block() as body:
                self._applied(step, made)
            handler = ast.ExceptHandler(name("REFUSALS"), None, [ast.Pass()])
            self.code.add(ast.Try(body, [handler], [], []))
            return
        self._applied(step, made)

    def _applied(self, step: FieldStep, made: ObjectBeingMade) -> None:
        if step.occasions is not None:
            held = ast.Constant(cast("Any", step.occasions))
            with self.code.when(ast.Compare(name("occasion_now"), [ast.In()], [held])):
                self._asked(step, made)
            return
        self._asked(step, made)

    def _asked(self, step: FieldStep, made: ObjectBeingMade) -> None:
        if step.when is None or _condition(step) is not None:
            self._filled(step, made)
            return
        with self.code.when(self.emitter.test(step.when)):
            self._filled(step, made)

    def _filled(self, step: FieldStep, made: ObjectBeingMade) -> None:
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
        otherwise = self._when_empty(step, made, value, kind)
        nothing_to_do = isinstance(otherwise[0], ast.Pass)
        self.code.add(ast.If(negation(empty), there, [] if nothing_to_do else otherwise))

    def _when_empty(
        self, step: FieldStep, made: ObjectBeingMade, value: ast.expr, kind: Type
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

    def _stored(self, step: FieldStep, made: ObjectBeingMade, value: ast.expr) -> None:
        if step.guard is not None:
            write_guard(step, value, self.code)
        self._put(step, made, value)

    def _put(self, step: FieldStep, made: ObjectBeingMade, value: ast.expr) -> None:
        if self.lines is not None:
            value = self.lines.value(step, value, self.emitter)
        if step.slots:
            bound = self.code.bound("put", put), self.code.bound("step", step)
            self.code.run(call(bound[0], made.value(), bound[1], value))
            return
        made.put(step.path, value)


def _condition(step: FieldStep) -> Typed | None:
    """Return the condition of a field that nothing else is asked before."""
    is_first = step.occasions is None and step.rule.on_error != "omit"
    return step.when if is_first else None


def _refuse_empty(place: str) -> None:
    raise Refusal(required_value_missing, None, place)
