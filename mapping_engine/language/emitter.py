"""
Write a checked expression as Python: the same meaning as `evaluator`, without the walk.

Types decide what is written: a test for nothing only where a type allows it, one dictionary
look-up for a table of words, plain operators where their traps suffice. Every step gets a
name of its own instead of a deep nest. A value that is refused raises, and the interpreter
says why; so nothing here keeps what only a message needs.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from mapping_engine.language import (
    emitted_calls,
    emitted_helpers,
    emitted_lists,
    emitted_numbers,
    emitted_tests,
    emitted_texts,
)
from mapping_engine.language import typed as t
from mapping_engine.language.emitted_helpers import Slot
from mapping_engine.language.problems_of_values import too_much_work
from mapping_engine.language.python import (
    Code,
    attribute,
    call,
    either,
    is_,
    item,
    member_name,
    name,
    negation,
    word_of,
)
from mapping_engine.values import number, types
from mapping_engine.values.kept import Kept
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import List, Text, Type
from mapping_engine.values.value import MISSING, is_empty

__all__ = ["Emitter", "Slot"]

_STEPS = "steps"
_MISSING = name("MISSING")
_NONE = ast.Constant(None)
_TRUE = ast.Constant(True)
_FALSE = ast.Constant(False)


@dataclass
class Emitter:
    """Writes expressions into a `Code`. `variables` are the Python names of keys.

    `most_steps` bounds the list items that the code may visit for one record; None does not
    count them. `structs` are the Python names of what is held by attributes (`member_name`)
    instead of in a dictionary, and of lists of such: it is read and passed on as it is, and for
    all else copied into dictionaries by `as_dict`.
    """

    code: Code = field(default_factory=Code)
    variables: dict[str, str] = field(default_factory=dict)
    helpers: dict[str, Slot] = field(default_factory=dict)
    most_steps: int | None = None
    structs: set[str] = field(default_factory=set)
    as_dict: Callable[[object], object] | None = None
    #: The names of answers that were looked up among those kept: the keeper, and the key.
    answers: dict[str, tuple[Kept, ast.expr]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.code.objects |= {"MISSING": MISSING, "UNSET": object()}
        if self.most_steps is not None:
            self.code.assign(_STEPS, ast.Constant(0))

    @property
    def counted(self) -> list[str]:
        """The names of what is counted all over the code."""
        return [] if self.most_steps is None else [_STEPS]

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Keep what becomes known inside a part of a list from what comes after it."""
        variables, helpers = dict(self.variables), dict(self.helpers)
        try:
            yield
        finally:
            self.variables, self.helpers = variables, helpers

    def value(self, node: t.Typed) -> ast.expr:
        """Write what computes `node`, and return its value: a name or a constant."""
        return self.plain(self.held(node))

    def held(self, node: t.Typed) -> ast.expr:
        """Return the value of `node` for one who only reads it: it may be held by attributes."""
        with self.code.at(node.span):
            return self._value(node)

    def plain(self, value: ast.expr) -> ast.expr:
        """Return a value that goes anywhere: a copy of what is held by attributes."""
        if isinstance(value, ast.Name) and self.is_struct(value):
            return self.code.read(f"{value.id} copied", "copied", self._copied(value))
        return value

    def _copied(self, value: ast.expr) -> ast.expr:
        return call(self.code.bound("as_dict", self.as_dict), value)

    def is_struct(self, value: ast.expr) -> bool:
        """Whether a value is held by attributes, or is a list of what is."""
        return isinstance(value, ast.Name) and value.id in self.structs

    def as_held(self, value: ast.expr, source: ast.expr) -> ast.expr:
        """Return a value that was taken out of another, and is held as that is."""
        if self.is_struct(source) and isinstance(value, ast.Name):
            self.structs.add(value.id)
        return value

    def _value(self, node: t.Typed) -> ast.expr:
        match node:
            case t.Constant():
                return self.constant(node.value)
            case t.Variable():
                return self._variable(node)
            case t.Get():
                return self._get(node)
            case t.Gather():
                return emitted_lists.gather(node, self)
            case t.ForEach():
                return emitted_lists.for_each(node, self)
            case t.Filter():
                return emitted_lists.chosen(node, self)
            case t.Apply():
                return emitted_calls.apply(node, self)
            case t.Calculate() | t.Negate():
                return self._calculate(node)
            case t.IfElse() | t.First():
                return self._choice(node)
            case t.Compare() if node.type.can_be_nothing:
                return emitted_tests.compared(node, self)
            case t.MakeList():
                return emitted_lists.make_list(node, self)
            case t.MakeText():
                return emitted_texts.make_text(node, self)
            case _:
                return self.code.value("is", self.test(node))

    def test(self, node: t.Typed) -> ast.expr:
        """Write what a condition needs, and return the test itself, fit for `if`."""
        return emitted_tests.test(node, self)

    def constant(self, value: object) -> ast.expr:
        """Return a value that is known: written out, or bound to a name."""
        if value is MISSING:
            return _MISSING
        if value is None or isinstance(value, str | bool):
            return ast.Constant(value)
        return self.code.bound("known", value)

    def nothing(self, value: ast.expr, kind: Type) -> ast.expr | None:
        """Return the test whether a value is nothing; None when its type says it never is."""
        if isinstance(value, ast.Constant):
            return None if value.value is not None else _TRUE
        if isinstance(kind, types.Unknown):
            return either([is_(value, _NONE), is_(value, _MISSING)])
        if kind.null and kind.absent and isinstance(kind, Text) and not kind.blank:
            return negation(value)
        tests = [is_(value, _NONE)] * kind.null + [is_(value, _MISSING)] * kind.absent
        return either(tests) if tests else None

    def empty(self, value: ast.expr, kind: Type) -> ast.expr:
        """Return the test whether a value is empty; a constant where that is known."""
        if isinstance(value, ast.Constant):
            return ast.Constant(is_empty(value.value))
        if isinstance(kind, types.Unknown | types.Nothing):
            return call(self.code.bound("is_empty", is_empty), value)
        if isinstance(kind, Text) and kind.blank:  # null and absent are false, as "" is
            return either([negation(value), call(attribute(value, "isspace"))])
        if isinstance(kind, List) and not kind.min_items:
            return negation(value)
        return self.nothing(value, kind) or _FALSE

    def _variable(self, node: t.Variable) -> ast.expr:
        slot = self.helpers.get(node.key)
        if slot is not None:
            return emitted_helpers.asked(slot, self)
        known = self.variables.get(node.key)
        return name(known) if known else _MISSING

    def _get(self, node: t.Get) -> ast.expr:
        of = self.held(node.of)
        if self.is_struct(of) and isinstance(node.of.type, types.Object):
            return self._attribute(node, node.of.type, of)
        of = self.plain(of)
        read = call(attribute(of, "get"), ast.Constant(node.name), _MISSING)
        if _is_sure(node):
            read = item(of, ast.Constant(node.name))
        nothing = self.nothing(of, node.of.type)
        if nothing is not None:
            read = ast.IfExp(nothing, of, read)
        return self._read(of, node.name, read)

    def _read(self, of: ast.expr, member: str, read: ast.expr) -> ast.expr:
        if isinstance(of, ast.Name):
            return self.code.read(of.id, member, read)
        return self.code.value(word_of(member), read)

    def _attribute(self, node: t.Get, owner: types.Object, of: ast.expr) -> ast.expr:
        member = owner.fields.get(node.name)
        read = _MISSING if member is None else attribute(of, member_name(node.name))
        nothing = self.nothing(of, owner)
        if nothing is not None:
            read = ast.IfExp(nothing, of, read)
        value = self._read(of, node.name, read)
        return self.as_held(value, of) if member and _by_attributes(member) else value

    def count(self, items: ast.expr) -> None:
        """Write the count of list items visited, as the interpreter counts them."""
        if self.most_steps is None:
            return
        many, most = call(name("len"), items), ast.Constant(self.most_steps)
        self.code.add(ast.AugAssign(ast.Name(_STEPS, ast.Store()), ast.Add(), many))
        with self.code.when(ast.Compare(name(_STEPS), [ast.Gt()], [most])):
            self.code.run(call(self.code.bound("refuse_work", _refuse_work), most))

    def unless(
        self, nothing: ast.expr | None, result: str, otherwise: ast.expr, inner: list[ast.stmt]
    ) -> None:
        """Write `inner`, which makes `result`; where `nothing` holds it is `otherwise`."""
        if nothing is None:
            self.code.extend(inner)
            return
        with self.code.block() as then:
            self.code.assign(result, otherwise)
        self.code.add(ast.If(nothing, then, inner))

    def _calculate(self, node: t.Calculate | t.Negate) -> ast.expr:
        operands = [self.value(each) for each in t.inner(node)]
        if isinstance(node, t.Negate):
            computed = call(self.code.bound("negate", number.negate), *operands)
        elif node.operator == "/":
            computed = call(self.code.bound("divide", number.divide), *operands)
        else:
            computed = call(emitted_numbers.exact(node.operator, self.code), *operands)
        for operand, part in reversed(list(zip(operands, t.inner(node), strict=True))):
            nothing = self.nothing(operand, part.type)
            if nothing is not None:
                computed = ast.IfExp(nothing, operand, computed)
        return self.code.value("number", computed)

    def _choice(self, node: t.IfElse | t.First) -> ast.expr:
        result = self.code.fresh("choice")
        if isinstance(node, t.IfElse):
            test = self.test(node.condition)
            with self.code.block() as yes:
                chosen = [self._choose(node.yes, result)]
            with self.code.block() as no:
                chosen.append(self._choose(node.no, result))
            self.code.add(ast.If(test, yes, no))
        else:
            chosen = self._first(node.operands, result)
        return self._held_alike(result, chosen)

    def _choose(self, node: t.Typed, result: str) -> ast.expr:
        value = self.held(node)
        self.code.assign(result, value)
        return value

    def _first(self, operands: tuple[t.Typed, ...], result: str) -> list[ast.expr]:
        chosen = [self._choose(operands[0], result)]
        if len(operands) > 1:
            with self.code.when(self.empty(name(result), operands[0].type)):
                chosen += self._first(operands[1:], result)
        return chosen

    def _held_alike(self, result: str, chosen: list[ast.expr]) -> ast.expr:
        """Return what was chosen from several values, held in the same way whichever it is."""
        there = [each for each in chosen if not _is_nothing(each)]
        structs = [each for each in there if self.is_struct(each)]
        if structs and len(structs) < len(there):
            self.code.assign(result, self._copied(name(result)))
            return name(result)
        return self.as_held(name(result), structs[0]) if structs else name(result)


def _by_attributes(kind: Type) -> bool:
    """Whether what is in a record that is held by attributes is, or a list of what is."""
    if isinstance(kind, List):
        return _by_attributes(kind.item)
    return isinstance(kind, types.Object) and kind.others is None


def _is_sure(node: t.Get) -> bool:
    """Whether the object, where there is one, always has the member."""
    owner = node.of.type
    member = owner.fields.get(node.name) if isinstance(owner, types.Object) else None
    return member is not None and not isinstance(member, types.Unknown) and not member.absent


def _is_nothing(value: ast.expr) -> bool:
    """Whether a value is written out as null or absent."""
    is_null = isinstance(value, ast.Constant) and value.value is None
    return is_null or (isinstance(value, ast.Name) and value.id == "MISSING")


def _refuse_work(most: int) -> None:
    raise Refusal(too_much_work, None, most)
