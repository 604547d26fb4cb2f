"""
Write a tree as tidy text: `parse(format_expression(tree)) == tree`, and once is enough.

One blank around signs, double quotes where they do, and only the parentheses that the grammar
asks for. A node is written for the place it stands in; when the place does not take it, it
goes into parentheses.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Final, assert_never

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

__all__ = ["format_expression", "format_text"]

_ESCAPES: Final = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


class _Level(IntEnum):
    """The rules of the grammar, widest first. A place takes what is at its level or behind it."""

    ANYTHING = 0
    PIPE = 1
    PLAIN = 2
    NEGATION = 3
    COMPARISON = 4
    SUM = 5
    PRODUCT = 6
    SIGNED = 7
    UNIT = 8


def format_expression(tree: Expression) -> str:
    """Return the expression on one line. What could not be read is written as it was."""
    return _Writer('"').write(tree, _Level.ANYTHING)


def format_text(tree: Expression) -> str:
    """Return what stands between the quotes of a quoted text; texts in its holes stand in `'`.

    Escaping what YAML asks for is left to whoever writes YAML.
    """
    if isinstance(tree, Unreadable):
        return tree.span.text
    return _Writer('"').content(tree)


def _level(node: Expression) -> _Level:
    match node:
        case Conditional():
            return _Level.ANYTHING
        case Call(piped=True):
            return _Level.PIPE
        case Logic() | Fallback():
            return _Level.PLAIN
        case Not():
            return _Level.NEGATION
        case Comparison() | Membership() | Emptiness():
            return _Level.COMPARISON
        case Arithmetic(operator="+" | "-"):
            return _Level.SUM
        case Arithmetic():
            return _Level.PRODUCT
        case Negative():
            return _Level.SIGNED
        case Literal(value=Decimal() as number) if number.is_signed():
            return _Level.SIGNED
        case _:
            return _Level.UNIT


class _Writer:
    """Writes expressions with texts in one kind of quotes, and in the other kind inside those."""

    def __init__(self, quote: str) -> None:
        self._quote = quote
        self._other = "'" if quote == '"' else '"'

    def write(self, node: Expression, place: _Level) -> str:
        """Return a node for a place that takes nodes of a level."""
        text = self._bare(node)
        return text if _level(node) >= place else f"({text})"

    def _bare(self, node: Expression) -> str:
        match node:
            case Literal() | TextParts() | Name() | Numbered() | Unreadable():
                return self._atom(node)
            case Member() | Compute() | Choose():
                return self._behind(node)
            case Call() | ListOf():
                return self._listed(node)
            case Logic(operator=word, operands=operands):
                return f" {word} ".join(self.write(each, _Level.NEGATION) for each in operands)
            case Fallback(operands=operands):
                return " ?? ".join(self.write(each, _Level.UNIT) for each in operands)
            case Conditional(condition=condition, yes=yes, no=no):
                asked = self.write(condition, _Level.PLAIN)
                return f"if {asked} then {self._branch(yes)} else {self._branch(no)}"
            case _:
                return self._operation(node)

    def _operation(
        self, node: Arithmetic | Comparison | Membership | Emptiness | Not | Negative
    ) -> str:
        match node:
            case Arithmetic(operator=sign, left=left, right=right):
                level = _level(node)
                return f"{self.write(left, level)} {sign} {self.write(right, _Level(level + 1))}"
            case Comparison(operator=sign, left=left, right=right):
                return f"{self.write(left, _Level.SUM)} {sign} {self.write(right, _Level.SUM)}"
            case Membership(item=item, items=items, negated=negated):
                word = "not in" if negated else "in"
                return f"{self.write(item, _Level.SUM)} {word} {self.write(items, _Level.SUM)}"
            case Emptiness(operand=operand, asks_present=asks_present):
                word = "present" if asks_present else "empty"
                return f"{self.write(operand, _Level.SUM)} is {word}"
            case Not(operand=operand):
                return f"not {self.write(operand, _Level.NEGATION)}"
            case Negative(operand=operand):
                return f"-{self.write(operand, _Level.UNIT)}"
            case _:
                assert_never(node)

    def _branch(self, node: Expression) -> str:
        is_choice = isinstance(node, Conditional)
        return self.write(node, _Level.ANYTHING if is_choice else _Level.PLAIN)

    def _atom(self, node: Literal | TextParts | Name | Numbered | Unreadable) -> str:
        match node:
            case Literal(value=str()) | TextParts():
                return self._text(node)
            case Literal(value=bool() | None as value):
                return {True: "true", False: "false", None: "null"}[value]
            case Literal(value=Decimal() as number):
                return format(number, "f")
            case Literal(value=date() as day):
                return day.isoformat()
            case Name(name=name):
                return name
            case Numbered(name=name):
                return f"{name}#"
            case _:
                return node.span.text

    def _behind(self, node: Member | Compute | Choose) -> str:
        owner = self.write(node.of, _Level.UNIT)
        has_digits = isinstance(node.of, Literal) and isinstance(node.of.value, Decimal | date)
        follows_dot = isinstance(node, Compute) or (
            isinstance(node, Member) and not node.in_brackets
        )
        if has_digits and follows_dot and not owner.startswith("("):
            owner = f"({owner})"  # a dot behind digits would belong to the number
        match node:
            case Member(name=name, in_brackets=False):
                return f"{owner}.{name}"
            case Member(name=name):
                return f"{owner}[{self._quoted(_braced(name))}]"
            case Compute(each=each):
                return f"{owner}.({self.write(each, _Level.ANYTHING)})"
            case Choose(condition=Literal(value=str()) as text):
                return f"{owner}[({self._text(text)})]"  # without ( ) it would be a name
            case Choose(condition=condition):
                return f"{owner}[{self.write(condition, _Level.ANYTHING)}]"
            case _:
                assert_never(node)

    def _listed(self, node: Call | ListOf) -> str:
        match node:
            case ListOf(items=items):
                return f"[{', '.join(self.write(each, _Level.ANYTHING) for each in items)}]"
            case Call(function=name, arguments=arguments, piped=False):
                return f"{name}({', '.join(map(self._argument, arguments))})"
            case Call(function=name, arguments=(source, *more)):
                given = f"({', '.join(map(self._argument, more))})" if more else ""
                return f"{self.write(source.value, _Level.PIPE)} | {name}{given}"
            case _:
                return ""

    def _argument(self, argument: Argument) -> str:
        value = self.write(argument.value, _Level.ANYTHING)
        return value if argument.name is None else f"{argument.name}={value}"

    def _text(self, node: Literal | TextParts) -> str:
        return self._quoted(self.content(node))

    def content(self, node: Expression) -> str:
        """Return a text without its quotes and before escaping."""
        inside = _Writer(self._other)
        match node:
            case Literal(value=str(text)):
                return _braced(text)
            case TextParts(parts=parts):
                return "".join(
                    _braced(part)
                    if isinstance(part, str)
                    else f"{{{inside.write(part, _Level.ANYTHING)}}}"
                    for part in parts
                )
            case _:
                return f"{{{inside.write(node, _Level.ANYTHING)}}}"

    def _quoted(self, content: str) -> str:
        needs_other = self._quote in content and self._other not in content
        quote = self._other if needs_other else self._quote
        if content.isprintable() and "\\" not in content and quote not in content:
            return f"{quote}{content}{quote}"
        return quote + "".join(_escaped(each, quote) for each in content) + quote


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _escaped(character: str, quote: str) -> str:
    if character == quote:
        return f"\\{quote}"
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable() or ord(character) > 0xFFFF:
        return character
    return f"\\u{ord(character):04x}"
