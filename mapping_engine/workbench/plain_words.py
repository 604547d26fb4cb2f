"""
Say an expression in words: what a field is filled with, and when something holds.

The words are for a page that people read who never saw an expression. They are exact: each
part of an expression is said, and parentheses stand where two readings would be possible.
What a call is called stands with its function (`reads`). Nothing is computed; a setting is
named together with the value that it has in force.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, TypeAlias, assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from mapping_engine.functions import CATALOGUE
from mapping_engine.functions.catalogue import NOT_CONSTANT, Function
from mapping_engine.language.nodes import (
    Argument,
    Arithmetic,
    Call,
    Choose,
    Comparison,
    Compute,
    Conditional,
    Emptiness,
    Expression,
    Fallback,
    ListOf,
    Literal,
    Logic,
    Member,
    Membership,
    Name,
    Negative,
    Not,
    Numbered,
    TextParts,
    Unreadable,
)
from mapping_engine.language.parser import parse, parse_text
from mapping_engine.packs.model import Formula, Pack
from mapping_engine.packs.settings import constants
from mapping_engine.runtime.lookups import POSITION, link_functions, role_function
from mapping_engine.runtime.program import MappingProgram
from mapping_engine.runtime.walking import typed_of
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.text import Span
from mapping_engine.values.textform import text_of
from mapping_engine.values.types import Date, DateTime, Object
from mapping_engine.workbench.page_words import Word, Words, constant, grouped, human, joined

__all__ = ["Speaker", "tree_of"]

#: A place in a text, by the text's name and both offsets.
Place: TypeAlias = tuple[str, int, int]

_HOLE: Final = re.compile(r"\{(\w+)\}")
_GROUP: Final = re.compile(r"\[([^\]]*)\]|([^\[]+)")
_ASKS: Final = "whether "
_SIGNS: Final = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_OPPOSITE: Final = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_AMOUNTS: Final = {
    "==": "is", "!=": "is not", "<": "is less than", "<=": "is at most", ">": "is more than",
    ">=": "is at least",
}  # fmt: skip
_DAYS: Final = _AMOUNTS | {
    "<": "is before", "<=": "is on or before", ">": "is after", ">=": "is on or after",
}  # fmt: skip


class Speaker(Struct, frozen=True):
    """Says expressions of a pack.

    `dates` are the places of those that give dates, `reads` what a record has.
    """

    pack: Pack
    reads: Object | None = None
    dates: frozenset[Place] = frozenset()
    functions: Mapping[str, Function] = field(default_factory=dict)

    @classmethod
    def of(cls, pack: Pack) -> Speaker:
        """Return who speaks for a pack, with the look-ups that it declares."""
        own = (POSITION, role_function(), *link_functions(pack.links))
        return cls(pack, functions=CATALOGUE.functions | {each.name: each for each in own})

    def about(self, program: MappingProgram) -> Speaker:
        """Return the same for the expressions of one mapping, whose types are known."""
        nodes = (each for each in typed_of(program) if isinstance(each.type, Date | DateTime))
        dates = frozenset(_place(each.span) for each in nodes)
        return replace(self, reads=program.reads, dates=dates)

    def formula(self, formula: Formula) -> Words:
        """Return what a formula gives, in words."""
        return self.value(tree_of(formula))

    def when(self, formula: Formula) -> Words:
        """Return the condition that a formula asks, in words."""
        return self.condition(tree_of(formula))

    def sentence(self, formula: Formula) -> Words:
        """Return a sentence of the pack, with what its holes are filled with."""
        return self._parts(tree_of(formula))

    def value(self, node: Expression) -> Words:
        """Return the words for what an expression gives."""
        match node:
            case Literal() | TextParts():
                return self._literal(node)
            case Name() | Numbered() | Member():
                return self._path(node)
            case Call():
                return (Word(_ASKS), *self._answer(node)) if self._asks(node) else self._call(node)
            case Compute(of=of, each=each):
                return (*self._part(each), Word(" for each of "), *self._atom(of))
            case Choose(of=of, condition=condition):
                return (*self._atom(of), Word(" where "), *self._operand(condition))
            case Fallback(operands=operands):
                return joined(map(self._part, operands), ", or if that is empty ")
            case Conditional():
                return self._choice(node)
            case ListOf(items=items):
                return joined(map(self._part, items), ", ")
            case Arithmetic(operator=sign, left=left, right=right):
                return (*self._part(left), Word(f" {_SIGNS[sign]} "), *self._part(right))
            case Negative(operand=operand):
                return (Word("minus "), *self._part(operand))
            case Unreadable(span=span):
                return (Word(span.text),)
            case Comparison() | Membership() | Emptiness() | Not() | Logic():
                return (Word(_ASKS), *self.condition(node))
            case _:
                assert_never(node)

    def condition(self, node: Expression, holds: bool = True) -> Words:
        """Return the words for an expression that says yes; or no, unless it `holds`."""
        match node:
            case Not(operand=operand):
                return self.condition(operand, not holds)
            case Logic(operator=word, operands=operands):
                both = word if holds else {"and": "or", "or": "and"}[word]
                parts = (self._operand(each, holds) for each in operands)
                return joined(parts, f" {both} ")
            case Comparison():
                return self._comparison(node, holds)
            case Membership(item=item, items=items, negated=negated):
                verb = " is one of " if holds is not negated else " is none of "
                return (*self._part(item), Word(verb), *self.value(items))
            case Emptiness(operand=operand, asks_present=asks_present):
                verb = " is filled in" if holds is asks_present else " is empty"
                return (*self._part(operand), Word(verb))
            case Member(of=Name(name="switches"), name=name):
                return (*self._switch(name), Word(" is on" if holds else " is off"))
            case Literal(value=bool() as value):
                return (Word("always" if value is holds else "never"),)
            case Call():
                return self._answer(node, holds)
            case _:
                return (*self._part(node), Word(" is yes" if holds else " is no"))

    def _answer(self, node: Call, holds: bool = True) -> Words:
        """Return the words for a call that says yes or no."""
        match node.arguments:
            case (Argument(value=Compute(of=of, each=each)),) if node.function in ("any", "all"):
                for_all = (node.function == "all") is holds
                start = "for every one of " if for_all else "for at least one of "
                asked = self.condition(each, holds)
                return (Word(start), *self._atom(of), Word(": "), *asked)
        words = self._call(node)
        if not self._asks(node):
            return (*words, Word(" is yes" if holds else " is no"))
        return words if holds else (Word("it is not so that "), *words)

    def _asks(self, node: Call) -> bool:
        """Whether a call is said as a question, which has an answer of its own."""
        function = self.functions.get(node.function)
        return function is not None and function.reads.startswith(_ASKS)

    def _comparison(self, node: Comparison, holds: bool) -> Words:
        left, right = node.left, node.right
        sign = node.operator if holds else _OPPOSITE[node.operator]
        if isinstance(right, Literal) and isinstance(right.value, bool) and sign in ("==", "!="):
            return self.condition(left, right.value is (sign == "=="))
        is_day = self._is_date(left) or self._is_date(right)
        verb = (_DAYS if is_day else _AMOUNTS)[sign]
        return (*self._part(left), Word(f" {verb} "), *self._part(right))

    def _is_date(self, node: Expression) -> bool:
        """Whether an expression gives a date, also one that settings have made needless."""
        if isinstance(node, Literal):
            return isinstance(node.value, date)
        known = self.reads and isinstance(node, Name) and self.reads.fields.get(node.name)
        return _place(node.span) in self.dates or isinstance(known, Date | DateTime)

    def _choice(self, node: Conditional) -> Words:
        """Return the words for `if … then … else …`, however long the chain is."""
        words = (Word("if "), *self.condition(node.condition), Word(": "), *self._part(node.yes))
        last = self._choice(node.no) if isinstance(node.no, Conditional) else self._part(node.no)
        return (*words, Word("; otherwise "), *last)

    def _operand(self, node: Expression, holds: bool = True) -> Words:
        """Return a condition as a part of another one."""
        words = self.condition(node, holds)
        return grouped(words) if isinstance(node, Logic) else words

    def _part(self, node: Expression) -> Words:
        """Return a value as a part of a longer sentence."""
        needs = isinstance(node, Conditional | Fallback | Arithmetic | Compute | Choose | Logic)
        needs = needs or _has_filter(node) or self._is_of_row(node)
        return grouped(self.value(node)) if needs else self.value(node)

    def _atom(self, node: Expression) -> Words:
        """Return a value inside a phrase that goes on behind it."""
        simple = Literal | TextParts | Name | Numbered | Member | Choose
        is_phrase = isinstance(node, Call) and not self._trails(node)
        words = self.value(node)
        return words if isinstance(node, simple) or is_phrase else grouped(words)

    def _is_of_row(self, node: Expression) -> bool:
        """Whether one column of a row of a table is asked for."""
        while isinstance(node, Member):
            node = node.of
            if isinstance(node, Call) and node.function in self.pack.tables:
                return True
        return False

    def _trails(self, node: Call) -> bool:
        """Whether a call is said behind its first argument: `x, in small letters`."""
        function = self.functions.get(node.function)
        return function is not None and function.reads.startswith("{")

    def _call(self, node: Call) -> Words:
        if node.function in self.pack.tables:
            return self._look_up(node)
        function = self.functions.get(node.function)
        if function is None or (not function.reads and node.arguments):
            arguments = joined((self._atom(each.value) for each in node.arguments), " and ")
            return (Word(human(node.function), "name"), Word(" of "), *arguments)
        return tuple(self._filled(function, _given(function, node)))

    def _filled(self, function: Function, given: Mapping[str, Expression]) -> Iterable[Word]:
        """Yield the words of a function, each hole filled with its argument."""
        reads = function.reads.removeprefix(_ASKS)
        for group, outside in _GROUP.findall(reads):
            names = _HOLE.findall(group)
            if names and not any(each in given for each in names):
                continue
            for place, text in enumerate(_HOLE.split(group or outside)):
                if not place % 2:
                    yield from [Word(text)] if text else []
                elif text in given:
                    opens = reads.startswith(f"{{{text}}}")
                    yield from self._opening(given[text]) if opens else self._atom(given[text])

    def _opening(self, node: Expression) -> Words:
        """Return an argument at the start of a phrase: what was done before needs no brackets."""
        return self.value(node) if isinstance(node, Call) else self._part(node)

    def _look_up(self, node: Call, start: str = "from") -> Words:
        """Return the words for asking a table, forwards or by one of its outputs."""
        table = self.pack.tables[node.function]
        outputs = [each.name for each in table.outputs]
        way = ", backwards," if any(each.name in outputs for each in node.arguments) else ""
        asked = joined((self._atom(each.value) for each in node.arguments), " and ")
        name = Word(human(table.name), "name")
        return (Word(f"{start} the table "), name, Word(f"{way} for "), *asked)

    def _path(self, node: Name | Numbered | Member) -> Words:
        steps: list[str] = []
        inner: Expression = node
        while isinstance(inner, Member):
            steps.append(human(inner.name))
            inner = inner.of
        steps.reverse()
        match inner:
            case Name(name="settings") if steps:
                return self._setting(node)
            case Name(name="switches") if steps:
                return self._switch(node.name)
            case Name(name="firm" | "run" as root) if steps:
                return self._of_run(root, steps)
            case Name(name="record" | "payload" | "group" as root):
                return self._root(root, steps)
            case Name(name=name):
                return (Word(" › ".join([human(name), *steps]), "name"),)
            case Numbered(name=name):
                return (Word(f"{human(name)} 1, 2, …", "name"),)
            case Call(function=table) if table in self.pack.tables:
                return (Word(" › ".join(steps), "name"), Word(", "), *self._look_up(inner, "in"))
            case _:
                return (Word(" › ".join(steps), "name"), Word(" of "), *self._atom(inner))

    def _setting(self, node: Name | Numbered | Member) -> Words:
        known = constants(self.pack)["settings"].get(node.name)
        words = (Word("the setting "), Word(human(node.name), "name"))
        if known is None or known.constant is NOT_CONSTANT:
            return words
        return (*words, Word(" ("), *constant(known.constant), Word(")"))

    def _switch(self, name: str) -> Words:
        switch = self.pack.switches.get(name)
        title = switch.title if switch and switch.title else human(name)
        return (Word("the switch "), Word(title, "name"))

    def _of_run(self, root: str, steps: list[str]) -> Words:
        if root == "run":
            day = steps == ["date"]
            return (
                (Word("the day of the run"),) if day
                else (Word("the run's "), Word(steps[-1], "name"))
            )  # fmt: skip
        said = self.pack.firm.values.get(steps[0].replace(" ", "_")) if self.pack.firm else None
        words = (Word("the firm's "), Word(steps[0], "name"))
        return (*words, Word(" ("), Word(said.value, "value"), Word(")")) if said else words

    def _root(self, root: str, steps: list[str]) -> Words:
        if not steps:
            return (Word(f"the {root}"),)
        return (Word(f"the {root}'s "), Word(" › ".join(steps), "name"))

    def _literal(self, node: Literal | TextParts) -> Words:
        if isinstance(node, Literal):
            return constant(node.value)
        return (Word("“", "value"), *self._parts(node), Word("”", "value"))

    def _parts(self, node: Expression) -> Words:
        """Return what stands in a text, without its quotes."""
        match node:
            case Literal(value=str(text)):
                return (Word(text),) if text else ()
            case TextParts(parts=parts):
                words = (self._hole(each) for each in parts)
                return tuple(word for part in words for word in part)
            case _:
                return self.value(node)

    def _hole(self, part: str | Expression) -> Words:
        if isinstance(part, str):
            return (Word(part),)
        if isinstance(part, Member) and part.of == Name(name="settings", span=part.of.span):
            known = constants(self.pack)["settings"].get(part.name)
            if known is not None and known.constant is not NOT_CONSTANT:
                return (Word(text_of(known.constant), "value"),)
        return (Word("{"), *self.value(part), Word("}"))


def tree_of(formula: Formula) -> Expression:
    """Return a formula parsed; what is wrong with it was reported when the pack was opened."""
    read = parse_text if formula.is_text else parse
    return read(formula.node, Report())


def _place(span: Span) -> Place:
    return span.source.name, span.start, span.end


def _has_filter(node: Expression) -> bool:
    return isinstance(node, Call) and any(isinstance(each.value, Choose) for each in node.arguments)


def _given(function: Function, node: Call) -> dict[str, Expression]:
    """Return the arguments of a call by the names of their parameters."""
    names = iter(each.name for each in function.parameters)
    return {each.name or next(names, ""): each.value for each in node.arguments}
