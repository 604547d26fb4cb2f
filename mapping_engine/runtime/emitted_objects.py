"""Write an object as Python: one display for the members that are always there, then the others."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct, field

from mapping_engine.language.python import Code, attribute, call, name

__all__ = ["ObjectBeingMade"]

Shown: TypeAlias = "dict[str, ast.expr | Shown]"


class ObjectBeingMade(Struct):
    """An object on its way into code.

    As long as members are put outside of conditions they gather in `shown`. The first other
    one makes a display of these, `{"Hours": billed, …}`, and is stored into it.
    """

    code: Code
    depth: int
    shown: Shown = field(default_factory=dict)
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
        place: ast.expr | Shown = self.shown
        for word in path[:-1]:
            place = place.setdefault(word, {}) if isinstance(place, dict) else place
        if not isinstance(place, dict):
            return False
        place[path[-1]] = value
        return True

    def value(self) -> ast.expr:
        """Return the name of the object."""
        if self.written is None:
            word = self.code.fresh("object")
            with self.code.outside(self.depth):
                self.code.assign(word, _display(self.shown))
            self.written = name(word)
        return self.written


def _display(shown: Shown) -> ast.expr:
    values = [_display(each) if isinstance(each, dict) else each for each in shown.values()]
    return ast.Dict([ast.Constant(each) for each in shown], values)
