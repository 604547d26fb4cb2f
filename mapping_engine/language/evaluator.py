"""
What an expression means.

This is the specification: the compiled mapper is only faster. A checked tree and an
environment give a value, or raise a `Refusal` that knows its place. Absent and null are
values and travel; nothing here decides what becomes of them. The evaluator never branches
on whether it is traced: `Tracer` wraps it from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any as Whatever

from mapping_engine.language import typed
from mapping_engine.language.environment import Environment
from mapping_engine.language.places import first_place
from mapping_engine.language.problems_of_values import too_much_work
from mapping_engine.language.typed import Typed
from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.source.text import Span
from mapping_engine.values import number
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.textform import text_of
from mapping_engine.values.value import MISSING, Value, is_empty, is_nothing, same

__all__ = ["Evaluator", "Tracer"]

_OPERATIONS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": number.add,
    "-": number.subtract,
    "*": number.multiply,
    "/": number.divide,
}
_ORDERS: Mapping[str, Callable[[Whatever, Whatever], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


class Evaluator:
    """Computes checked trees."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits

    def value(self, node: Typed, environment: Environment) -> Value:
        """Return the value of `node`, or raise a `Refusal` placed where it arose."""
        return _RULES[type(node)](self, node, environment)

    def holds(self, node: Typed, environment: Environment) -> bool:
        """Return whether a condition holds."""
        return self.value(node, environment) is True

    def constant(self, node: typed.Constant, environment: Environment) -> Value:
        return node.value

    def variable(self, node: typed.Variable, environment: Environment) -> Value:
        return environment.read(node.key)

    def get(self, node: typed.Get, environment: Environment) -> Value:
        of = self.value(node.of, environment)
        return of.get(node.name, MISSING) if isinstance(of, dict) else of

    def gather(self, node: typed.Gather, environment: Environment) -> Value:
        of = self.value(node.of, environment)
        if not isinstance(of, dict):
            return of
        found = []
        for _, members in node.slots:
            item = {rest: of[name] for rest, name in members if name in of}
            if any(not is_empty(value) for value in item.values()):
                found.append(item)
        return found

    def for_each(self, node: typed.ForEach, environment: Environment) -> Value:
        items = self.value(node.of, environment)
        if not isinstance(items, list):
            return items
        self.count(len(items), node.span, environment)
        results: list[Value] = []
        for index, item in enumerate(items):
            inside = environment.inside(node.key, item, node.of, index)
            result = self.value(node.body, inside)
            if node.joins and isinstance(result, list):
                results.extend(result)
            elif not is_nothing(result):
                results.append(result)
        return results

    def filter(self, node: typed.Filter, environment: Environment) -> Value:
        items = self.value(node.of, environment)
        if not isinstance(items, list):
            return items
        self.count(len(items), node.span, environment)
        return [
            item
            for index, item in enumerate(items)
            if self.holds(node.condition, environment.inside(node.key, item, node.of, index))
        ]

    def count(self, items: int, span: Span, environment: Environment) -> None:
        """Count list items visited for this record; raises `Refusal` when they are too many."""
        environment.steps[0] += items
        if environment.steps[0] > self._limits.steps:
            refusal = Refusal(too_much_work, None, self._limits.steps)
            refusal.span = span
            raise refusal

    def apply(self, node: typed.Apply, environment: Environment) -> Value:
        values = [self.value(each, environment) for each in node.arguments]
        context = len(node.function.context)
        for parameter, value in zip(node.function.parameters, values[context:], strict=True):
            if (value is None or value is MISSING) and not (
                parameter.takes_nothing or parameter.default is value
            ):
                return value
        try:
            return node.function.body(*values)
        except Refusal as refusal:
            raise _placed(refusal, node, environment) from None

    def calculate(self, node: typed.Calculate, environment: Environment) -> Value:
        left = self.value(node.left, environment)
        right = self.value(node.right, environment)
        if not isinstance(left, Decimal):
            return left
        if not isinstance(right, Decimal):
            return right
        try:
            return _OPERATIONS[node.operator](left, right)
        except Refusal as refusal:
            raise _placed(refusal, node, environment) from None

    def negate(self, node: typed.Negate, environment: Environment) -> Value:
        operand = self.value(node.operand, environment)
        return number.negate(operand) if isinstance(operand, Decimal) else operand

    def compare(self, node: typed.Compare, environment: Environment) -> Value:
        left = self.value(node.left, environment)
        right = self.value(node.right, environment)
        if is_nothing(left):
            return left
        if is_nothing(right):
            return right
        return _ORDERS[node.operator](left, right)

    def equal(self, node: typed.Equal, environment: Environment) -> Value:
        left = self.value(node.left, environment)
        return same(left, self.value(node.right, environment)) is not node.negated

    def one_of(self, node: typed.OneOf, environment: Environment) -> Value:
        item = self.value(node.item, environment)
        items = self.value(node.items, environment)
        found = isinstance(items, list) and any(same(item, each) for each in items)
        return found is not node.negated

    def is_empty(self, node: typed.IsEmpty, environment: Environment) -> Value:
        return is_empty(self.value(node.operand, environment)) is not node.negated

    def opposite(self, node: typed.Opposite, environment: Environment) -> Value:
        return not self.holds(node.operand, environment)

    def all(self, node: typed.All, environment: Environment) -> Value:
        return all(self.holds(each, environment) for each in node.operands)

    def any(self, node: typed.Any, environment: Environment) -> Value:
        return any(self.holds(each, environment) for each in node.operands)

    def first(self, node: typed.First, environment: Environment) -> Value:
        for each in node.operands[:-1]:
            value = self.value(each, environment)
            if not is_empty(value):
                return value
        return self.value(node.operands[-1], environment)

    def if_else(self, node: typed.IfElse, environment: Environment) -> Value:
        chosen = node.yes if self.holds(node.condition, environment) else node.no
        return self.value(chosen, environment)

    def make_list(self, node: typed.MakeList, environment: Environment) -> Value:
        values = (self.value(each, environment) for each in node.items)
        return [value for value in values if not is_nothing(value)]

    def make_text(self, node: typed.MakeText, environment: Environment) -> Value:
        parts: list[str] = []
        for part in node.parts:
            if isinstance(part, str):
                parts.append(part)
                continue
            value = self.value(part, environment)
            if is_empty(value):
                return None if value is None else MISSING
            parts.append(text_of(value))
        return "".join(parts)


def _placed(refusal: Refusal, node: Typed, environment: Environment) -> Refusal:
    """Return a refusal that knows where it arose first, and what it may show."""
    if refusal.span is None:
        refusal.span = node.span
        refusal.private = any(each.type.private for each in typed.inner(node))
        refusal.read = first_place(node, environment)
    return refusal


class Tracer(Evaluator):
    """The same evaluator, telling a listener every node with its value as it is known."""

    def __init__(
        self, listener: Callable[[Typed, Value], None], limits: Limits = DEFAULT_LIMITS
    ) -> None:
        super().__init__(limits)
        self._listener = listener

    def value(self, node: Typed, environment: Environment) -> Value:
        """Return the value of `node` and tell it to the listener."""
        value = super().value(node, environment)
        self._listener(node, value)
        return value


#: The rule of each kind of node. A test holds it equal to the union `Typed`.
_RULES: Mapping[type, Callable[[Evaluator, Whatever, Environment], Value]] = {
    typed.Constant: Evaluator.constant,
    typed.Variable: Evaluator.variable,
    typed.Get: Evaluator.get,
    typed.Gather: Evaluator.gather,
    typed.ForEach: Evaluator.for_each,
    typed.Filter: Evaluator.filter,
    typed.Apply: Evaluator.apply,
    typed.Calculate: Evaluator.calculate,
    typed.Negate: Evaluator.negate,
    typed.Compare: Evaluator.compare,
    typed.Equal: Evaluator.equal,
    typed.OneOf: Evaluator.one_of,
    typed.IsEmpty: Evaluator.is_empty,
    typed.Opposite: Evaluator.opposite,
    typed.All: Evaluator.all,
    typed.Any: Evaluator.any,
    typed.First: Evaluator.first,
    typed.IfElse: Evaluator.if_else,
    typed.MakeList: Evaluator.make_list,
    typed.MakeText: Evaluator.make_text,
}
