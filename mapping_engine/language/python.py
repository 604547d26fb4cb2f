"""
Small words for building Python's syntax tree: names, tests, calls, assignments.

Trees, never text: what a pack says cannot become code by its spelling. A `Code` collects
statements and the objects that they name; everything it makes is named in order, so that
the same pack gives the same code.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from keyword import iskeyword
from typing import Final

from msgspec import Struct, field

from mapping_engine.source.text import Span
from mapping_engine.values.kept import Kept

__all__ = ["Code", "attribute", "both", "call", "either", "first_of", "is_", "item",
           "member_name", "name", "negation", "word_of"]  # fmt: skip


def name(word: str) -> ast.expr:
    """Return the use of a name."""
    return ast.Name(word, ast.Load())


def member_name(word: str) -> str:
    """Return the name of the attribute that holds a member of a record, for any member's name."""
    if word.isidentifier() and not iskeyword(word) and not word.startswith("_"):
        return word
    return f"_{word.encode().hex()}"


def word_of(text: str) -> str:
    """Return a name for a member that Python takes."""
    return text if text.isidentifier() else "member"


def attribute(of: ast.expr, word: str) -> ast.expr:
    """Return `of.word`."""
    return ast.Attribute(of, word, ast.Load())


def item(of: ast.expr, key: ast.expr) -> ast.expr:
    """Return `of[key]`."""
    return ast.Subscript(of, key, ast.Load())


def first_of(listed: ast.expr) -> ast.expr:
    """Return the first item of a list; of a list that is spelt out, the item itself."""
    return listed.elts[0] if isinstance(listed, ast.List) else item(listed, ast.Constant(0))


def call(function: ast.expr, *arguments: ast.expr) -> ast.expr:
    """Return `function(arguments)`."""
    return ast.Call(function, list(arguments), [])


def is_(left: ast.expr, right: ast.expr, negated: bool = False) -> ast.expr:
    """Return `left is right`, or `left is not right`."""
    return ast.Compare(left, [ast.IsNot() if negated else ast.Is()], [right])


def negation(of: ast.expr) -> ast.expr:
    """Return `not of`."""
    return ast.UnaryOp(ast.Not(), of)


def either(tests: Sequence[ast.expr]) -> ast.expr:
    """Return whether one of the tests holds."""
    return tests[0] if len(tests) == 1 else ast.BoolOp(ast.Or(), list(tests))


def both(tests: Sequence[ast.expr]) -> ast.expr:
    """Return whether all of the tests hold."""
    return tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), list(tests))


#: The fields of nodes in which no other node with a place stands.
_PLAIN: Final = frozenset(("arg", "attr", "conversion", "ctx", "id", "is_async", "kind", "name",
                           "names", "op", "ops", "type_comment"))  # fmt: skip


def _parts_of(kind: type[ast.AST]) -> tuple[bool, tuple[str, ...]]:
    """Return whether nodes of a kind have a place, and the fields in which others stand."""
    fields = () if kind is ast.Constant else kind._fields
    return bool(kind._attributes), tuple(each for each in fields if each not in _PLAIN)


_PARTS: Final = Kept(_parts_of)


class _Block(Struct):
    """A block being written: its statements, whether it repeats, and what is read in it."""

    statements: list[ast.stmt] = field(default_factory=list)
    repeats: bool = False
    reads: dict[tuple[str, str], ast.expr] = field(default_factory=dict)


class Code(Struct):
    """Statements being written, block by block, and the objects that they name."""

    objects: dict[str, object] = field(default_factory=dict)
    _blocks: list[_Block] = field(default_factory=lambda: [_Block()])
    _known: dict[int, str] = field(default_factory=dict)
    _count: int = 0
    _span: Span | None = None

    @property
    def depth(self) -> int:
        """How many blocks are open; 1 is the body of the function."""
        return len(self._blocks)

    def repeats_since(self, depth: int) -> bool:
        """Whether a block inside of that depth repeats."""
        return any(block.repeats for block in self._blocks[depth:])

    def fresh(self, word: str) -> str:
        """Return a name not used before, e.g. `total_7`."""
        self._count += 1
        return f"{word}_{self._count}"

    def bound(self, word: str, value: object) -> ast.expr:
        """Return the name under which the code finds an object."""
        known = self._known.get(id(value))
        if known is None:
            known = self._known[id(value)] = self.fresh(word)
            self.objects[known] = value
        return name(known)

    def add(self, statement: ast.stmt) -> None:
        """Write one statement into the block that is open."""
        self.place(statement)
        self._blocks[-1].statements.append(statement)

    def assign(self, word: str, value: ast.expr) -> None:
        """Write `word = value`."""
        self.add(ast.Assign([ast.Name(word, ast.Store())], value))

    def store(self, of: ast.expr, key: str, value: ast.expr) -> None:
        """Write `of[key] = value`."""
        target = ast.Subscript(of, ast.Constant(key), ast.Store())
        self.add(ast.Assign([target], value))

    def put(self, place: ast.expr, value: ast.expr) -> None:
        """Write a value where `place` (`a.b` or `a[b]`) was read."""
        target = copy(place)
        assert isinstance(target, ast.Attribute | ast.Subscript)
        target.ctx = ast.Store()
        self.add(ast.Assign([target], value))

    def extend(self, statements: Sequence[ast.stmt]) -> None:
        """Write statements that were written into a block of their own."""
        for each in statements:
            self.add(each)

    def run(self, value: ast.expr) -> None:
        """Write an expression for what it does."""
        self.add(ast.Expr(value))

    def value(self, word: str, value: ast.expr) -> ast.expr:
        """Write a value into a name of its own, and return the name."""
        if isinstance(value, ast.Name | ast.Constant):
            return value
        own = self.fresh(word)
        self.assign(own, value)
        return name(own)

    def read(self, of: str, member: str, read: ast.expr) -> ast.expr:
        """Write the reading of a member, unless it was read in a block that is still open."""
        for block in reversed(self._blocks):
            if (of, member) in block.reads:
                return block.reads[of, member]
        value = self._blocks[-1].reads[of, member] = self.value(word_of(member), read)
        return value

    def block(self, *, repeats: bool = False) -> _Opened:
        """Open a block, e.g. that of a loop, which repeats; what is written goes there."""
        return _Opened(self, repeats)

    def when(self, test: ast.expr) -> _Opened:
        """Write `if test:` with what is written inside."""
        return _Opened(self, test=test)

    def define(self, word: str, body: list[ast.stmt]) -> None:
        """Write a function without arguments."""
        arguments = ast.arguments([], [], None, [], [], None, [])
        self.add(ast.FunctionDef(word, arguments, body, [], None, None))

    def at(self, span: Span) -> _At:
        """Let what is written inside point at a place of the pack."""
        return _At(self, span)

    def top(self) -> list[ast.stmt]:
        """Return the statements of the function's body."""
        return self._blocks[0].statements

    @contextmanager
    def outside(self, depth: int) -> Iterator[None]:
        """Write into an outer block, before the statement that is being written there."""
        kept = self._blocks[depth:]
        del self._blocks[depth:]
        try:
            yield
        finally:
            self._blocks.extend(kept)

    def place(self, written: ast.AST) -> None:
        """Give what has no place yet, and all inside it, the place of the pack."""
        place = self._span.place if self._span else None
        line, column = (place.line, place.column - 1) if place else (1, 0)
        waiting = [written]
        for node in waiting:
            held = node.__dict__
            if "lineno" in held:
                continue  # and so has all inside it
            has_place, parts = _PARTS[type(node)]  # type: ignore[index]  # a type is hashable
            if has_place:
                held["lineno"], held["col_offset"] = line, column
            for part in parts:
                inner = held.get(part)
                if inner.__class__ is list:
                    waiting += inner
                elif inner is not None:
                    waiting.append(inner)


class _Opened(Struct):
    """A block of statements that is open while it is entered; with a test, then `if test:`."""

    code: Code
    repeats: bool = False
    test: ast.expr | None = None

    def __enter__(self) -> list[ast.stmt]:
        block = _Block(repeats=self.repeats)
        self.code._blocks.append(block)
        return block.statements

    def __exit__(self, error: type[BaseException] | None, *rest: object) -> None:
        inner = self.code._blocks.pop().statements
        if not inner:
            blank = ast.Pass()
            self.code.place(blank)
            inner.append(blank)
        if self.test is not None and error is None:
            self.code.add(ast.If(self.test, inner, []))


class _At(Struct):
    """Where code is written, while it is entered: the place of the pack that it points at."""

    code: Code
    span: Span | None

    def __enter__(self) -> None:
        self.code._span, self.span = self.span, self.code._span

    def __exit__(self, *error: object) -> None:
        self.code._span = self.span
