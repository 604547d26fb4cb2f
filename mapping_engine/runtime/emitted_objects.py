"""Write an object as Python: one display for the members that are always there, then the others."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from msgspec import Struct, field

from mapping_engine.language.python import Code, attribute, call, name

__all__ = ["ObjectBeingMade"]


class _Display(Struct):
    """The members of an object by their names, each with the place of its rule."""

    members: dict[str, tuple[ast.expr, ast.expr | _Display]] = field(default_factory=dict)

    def written(self) -> ast.expr:
        """Return the display as an expression."""
        members = self.members.values()
        values = [each.written() if isinstance(each, _Display) else each for _, each in members]
        return ast.Dict([key for key, _ in members], values)


class ObjectBeingMade(Struct):
    """An object on its way into code.

    As long as members are put outside of conditions they gather in `shown`. The first other
    one makes a display of these, `{"Hours": billed, …}`, and is stored into it.
    """

    code: Code
    depth: int
    shown: _Display = field(default_factory=_Display)
    written: ast.expr | None = None

    def put(self, path: Sequence[str], value: ast.expr) -> None:
        """Write the value of a member; a longer path leads through objects inside."""
        if self.written is None and self.code.depth == self.depth and self._shows(path, value):
            return
        made = self.value()
        for word in path[:-1]:
            inside = call(attribute(made, "setdefault"), ast.Constant(word), ast.Dict([], []))
            made = self.code.value("inner", inside)
        self.code.store(made, path[-1], value)

    def _shows(self, path: Sequence[str], value: ast.expr) -> bool:
        """Put a member into the display, unless its path leads through what is no display."""
        place = self.shown
        for word in path[:-1]:
            _, inner = place.members.setdefault(word, (self._key(word), _Display()))
            if not isinstance(inner, _Display):
                return False
            place = inner
        place.members[path[-1]] = self._key(path[-1]), value
        return True

    def _key(self, word: str) -> ast.expr:
        key = ast.Constant(word)
        self.code.place(key)
        return key

    def value(self) -> ast.expr:
        """Return the name of the object."""
        if self.written is None:
            word = self.code.fresh("object")
            with self.code.outside(self.depth):
                self.code.assign(word, self.shown.written())
            self.written = name(word)
        return self.written
