"""
Undo an expression: from the value that it gave, say what it was made of.

The walk goes from the outside to the inside. What stands outermost was done last, so it is
undone first; what is left in the end is a place in the record. Only what loses nothing is
undone; everything else raises `NoWay` with the reason, and the pack says under `back:` what
is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.language import nodes
from mapping_engine.language.nodes import Expression
from mapping_engine.packs.reverse_calls import Given, NoWay, call_undone, number_of
from mapping_engine.packs.reverse_nodes import Pen
from mapping_engine.packs.reverse_places import Place, Room, place_of
from mapping_engine.packs.tables import TypedTable
from mapping_engine.values.types import (
    BOOLEAN,
    NUMBER,
    TEXT,
    Boolean,
    Date,
    DateTime,
    List,
    Number,
    Text,
    Type,
)
from mapping_engine.values.value import MISSING

__all__ = ["Asked", "Found", "Undoing"]


class Found(Struct, frozen=True):
    """A place in the record, and what the payload gives for it."""

    place: Place
    given: Given


class Asked(Struct, frozen=True):
    """An output of a table; with the others of the same look-up it tells the inputs."""

    table: TypedTable
    arguments: tuple[Expression, ...]
    output: str
    given: Given


Undone: TypeAlias = Found | Asked


class Undoing(Struct, frozen=True):
    """What is known where a rule stands: its names, the tables, and where to point."""

    room: Room
    tables: Mapping[str, TypedTable]
    pen: Pen

    def values(self, tree: Expression, given: Given) -> Iterator[Undone]:
        """Yield what an expression was made of when it gave `given`. Raises `NoWay`."""
        place = place_of(tree, self.room)
        if place is not None:
            yield self._at(place, given)
            return
        match tree:
            case nodes.TextParts():
                yield from self._text(tree, given)
            case nodes.Call(function=name) if name in self.tables:
                yield from self._table(tree, None, given)
            case nodes.Member(of=nodes.Call(function=name) as call, name=output) if (
                name in self.tables
            ):
                yield from self._table(call, output, given)
            case nodes.Call(function="link" | "link_version"):
                raise NoWay("an id of the other system does not tell which record of ours it is")
            case nodes.Call():
                yield from self.values(*call_undone(tree, given, self.pen))
            case nodes.ListOf(items=(only,)):
                kind = given.type.item if isinstance(given.type, List) else TEXT
                made = given.made(self.pen.call("first", given.tree), kind)
                yield from self.values(only, made)
            case _:
                yield from self._operator(tree, given)

    def _operator(self, tree: Expression, given: Given) -> Iterator[Undone]:
        match tree:
            case nodes.Negative(operand=operand):
                negative = nodes.Negative(span=self.pen.span, operand=given.tree)
                yield from self.values(operand, given.made(negative, NUMBER))
            case nodes.Arithmetic():
                yield from self.values(*self._arithmetic(tree, given))
            case nodes.Fallback():
                yield from self._fallback(tree, given)
            case nodes.Conditional():
                yield from self._conditional(tree, given)
            case nodes.Comparison(operator="==" | "!="):
                yield from self._comparison(tree, given)
            case nodes.Not(operand=operand):
                opposite = nodes.Not(span=self.pen.span, operand=given.tree)
                yield from self.values(operand, replace(given.made(opposite, BOOLEAN), asks=True))
            case nodes.Name(name=name) if name in self.room.helpers:
                raise NoWay(f"`{name}` is a list or an object made of rules")
            case nodes.Member() | nodes.Choose() | nodes.Compute():
                raise NoWay("it is computed from a list that is made on the way out")
            case _:
                raise NoWay("it does not tell what it was made of")

    def _at(self, place: Place, given: Given) -> Found:
        if place.is_many or place.skips:
            raise NoWay("it gathers a value of each item of a list")
        return Found(place, self._fitted(given, place.type))

    def _fitted(self, given: Given, wanted: Type) -> Given:
        """Return what is given as the record has it: read from a text, or one of its words."""
        pen, tree = self.pen, given.tree
        match given.type, wanted:
            case Text(choices=words), Text(choices=tuple(known)):
                if words is None or not {*words} <= {*known}:
                    tree = pen.call("one_of", tree, pen.words([w for w in known if w.strip()]))
                return given.made(tree, wanted)
            case Text(), Number(scale=scale):
                places = {} if scale is None else {"places": pen.literal(Decimal(scale))}
                return given.made(pen.call("to_number", tree, **places), NUMBER)
            case Text(), DateTime():
                return given.made(pen.call("parse_datetime", tree), wanted)
            case Text(), Date():
                return given.made(pen.call("parse_date", tree), wanted)
            case Text(), Boolean():
                word = pen.call("one_of", tree, pen.words(["true", "false"]))
                made = given.made(pen.same(word, pen.literal("true")), BOOLEAN)
                return replace(made, asks=True)
            case Number(scale=scale), Number(scale=most):
                return self._exactly(given, scale, most)
            case _:
                return given

    def _exactly(self, given: Given, scale: int | None, most: int | None) -> Given:
        if most is None:
            if given.is_quotient:
                raise NoWay("it is divided, and nothing says how many digits the record keeps")
            return given
        if scale is not None and scale <= most:
            return given
        places = self.pen.literal(Decimal(most))
        return given.made(self.pen.call("exactly", given.tree, places=places), NUMBER)

    def _text(self, tree: nodes.TextParts, given: Given) -> Iterator[Undone]:
        holes = [each for each in tree.parts if not isinstance(each, str)]
        if len(holes) != 1:
            raise NoWay("several values stand in one text, and nothing says where each ends")
        at = tree.parts.index(holes[0])
        start = "".join(each for each in tree.parts[:at] if isinstance(each, str))
        end = "".join(each for each in tree.parts[at + 1 :] if isinstance(each, str))
        inside = given.tree
        if start:
            inside = self.pen.call("without_start", inside, self.pen.literal(start))
        if end:
            inside = self.pen.call("without_end", inside, self.pen.literal(end))
        yield from self.values(holes[0], given.made(inside, TEXT))

    def _arithmetic(self, tree: nodes.Arithmetic, given: Given) -> tuple[Expression, Given]:
        left, right = number_of(tree.left), number_of(tree.right)
        if (left is None) == (right is None):
            raise NoWay("it is computed from several values")
        inner = tree.right if right is None else tree.left
        factor = left if right is None else right
        written = tree.left if right is None else tree.right
        assert factor is not None
        match tree.operator:
            case "+":
                made = self._sign("-", given.tree, written)
            case "-" if right is not None:
                made = self._sign("+", given.tree, written)
            case "-":
                made = self._sign("-", written, given.tree)
            case "*" if factor:
                found = given.made(self._sign("/", given.tree, written), NUMBER)
                return inner, replace(found, is_quotient=not _terminates(factor))
            case "/" if right is not None and factor and _terminates(factor):
                made = self._sign("*", given.tree, written)
            case _:
                raise NoWay("a quotient is rounded, so that it does not come back")
        return inner, given.made(made, NUMBER)

    def _sign(self, operator: object, left: Expression, right: Expression) -> Expression:
        return nodes.Arithmetic(span=self.pen.span, operator=operator, left=left, right=right)  # type: ignore[arg-type]

    def _fallback(self, tree: nodes.Fallback, given: Given) -> Iterator[Undone]:
        first, *others = tree.operands
        place = place_of(first, self.room)
        words = [each.value for each in others if isinstance(each, nodes.Literal)]
        known = place.type.choices if place and isinstance(place.type, Text) else None
        foreign = known is not None and not {*words} & {*known}
        if place is None or len(words) != 1 or len(others) != 1 or not foreign:
            raise NoWay("`??` gives one of several values, and does not tell which one it was")
        asked = self.pen.same(given.source, self.pen.literal(words[0]), same=False)
        yield from self.values(first, replace(given, conditions=(*given.conditions, asked)))

    def _conditional(self, tree: nodes.Conditional, given: Given) -> Iterator[Undone]:
        match tree.yes, tree.no:
            case nodes.Literal(value=str(yes)), nodes.Literal(value=str(no)) if yes != no:
                word = self.pen.call("one_of", given.tree, self.pen.words([yes, no]))
                made = given.made(self.pen.same(word, self.pen.literal(yes)), BOOLEAN)
                yield from self.values(tree.condition, replace(made, asks=True))
            case _:
                raise NoWay("it does not tell which branch of `if` was taken")

    def _comparison(self, tree: nodes.Comparison, given: Given) -> Iterator[Undone]:
        """Undo `kind == "company"` where there are exactly two kinds."""
        place, word = place_of(tree.left, self.room), tree.right
        kind = place.type if place else None
        words = [w for w in (kind.choices if isinstance(kind, Text) else None) or () if w.strip()]
        if not isinstance(word, nodes.Literal) or kind is None or kind.can_be_nothing:
            raise NoWay("yes or no does not tell the value that was compared")
        others = [each for each in words if each != word.value]
        if len(words) != 2 or len(others) != 1:
            raise NoWay("yes or no does not tell which of several words it was")
        chosen = [word, self.pen.literal(others[0])]
        if tree.operator == "!=":
            chosen.reverse()
        made = nodes.Conditional(
            span=self.pen.span, condition=given.tree, yes=chosen[0], no=chosen[1]
        )
        yield from self.values(tree.left, replace(given.made(made, kind), asks=True))

    def _table(self, call: nodes.Call, output: str | None, given: Given) -> Iterator[Undone]:
        table = self.tables[call.function]
        outputs = [each.name for each in table.outputs]
        if any(each.name in outputs for each in call.arguments):
            yield from self._forwards(table, call, output, given)
            return
        placed: dict[str, Expression] = {}
        for each, column in zip(call.arguments, table.asked, strict=False):
            placed[each.name or column.name] = each.value
        asked = output or (outputs[0] if len(outputs) == 1 else "")
        if asked not in outputs or placed.keys() != {each.name for each in table.asked}:
            raise NoWay(f"a whole row of the table `{table.name}` is no single value")
        inputs = tuple(placed[each.name] for each in table.asked)
        yield Asked(table, inputs, asked, given)

    def _forwards(
        self, table: TypedTable, call: nodes.Call, output: str | None, given: Given
    ) -> Iterator[Undone]:
        """Undo a table that the way out asks backwards: the way back asks it forwards."""
        if len(call.arguments) != 1 or output is not None or len(table.asked) != 1:
            raise NoWay(f"several answers of the table `{table.name}` belong together")
        argument = call.arguments[0]
        column = next(each for each in table.outputs if each.name == argument.name)
        tree = self.pen.call(table.name, given.tree)
        if len(table.outputs) > 1:
            tree = self.pen.member(tree, column.name)
        made = replace(given.made(tree, column.type), asks=True)
        yield from self.values(argument.value, made)

    def inputs(self, several: Sequence[Asked]) -> Iterator[Undone]:
        """Yield what the outputs of one look-up tell of its inputs. Raises `NoWay`."""
        first = several[0]
        table = first.table
        outputs = {each.output: each.given.tree for each in several}
        answer = self.pen.call(table.name, **outputs)
        row = replace(first.given, tree=answer, asks=_asks(several))
        for column, argument in zip(table.asked, first.arguments, strict=True):
            if isinstance(argument, nodes.Literal):
                continue
            tree = answer if len(table.asked) == 1 else self.pen.member(answer, column.name)
            yield from self.values(argument, row.made(tree, column.type))


def _asks(several: Sequence[Asked]) -> bool:
    """Whether a look-up makes no sense without the field; some rows may answer to nothing."""
    return not all(
        any(row.outputs[each.output] is MISSING for row in each.table.rows_back) for each in several
    )


def _terminates(factor: Decimal) -> bool:
    """Whether dividing by a number is exact: its inverse has an end."""
    rest = abs(Fraction(factor).numerator)
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1
