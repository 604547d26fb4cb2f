"""
Write helpers as Python: each is computed once, and only where somebody needs it.

Asked first in the block in which it is known, a helper is computed there. Asked first inside a
condition, it is written there if nobody else asks it, computed beforehand if that is nothing
more than a look into the record, and else becomes a function that computes it when it is asked.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mapping_engine.language import typed as t
from mapping_engine.language.python import call, is_, name
from mapping_engine.values.types import Boolean, Date, DateTime, Number, Text

if TYPE_CHECKING:
    from mapping_engine.language.emitter import Emitter

__all__ = ["Slot", "asked", "is_light"]

_LIGHT: Final = (t.Constant, t.Variable, t.Get, t.IsEmpty, t.Equal, t.Opposite, t.All, t.Any)
_SINGLE: Final = Text | Number | Boolean | Date | DateTime
_MOST_NODES: Final = 8


class Slot(Struct):
    """A helper on its way into code: where its value will stand, and how it is written.

    `depth` is the block in which it is known. `asked_once` says that one place asks it;
    `expression` is what it computes, where that is all it does.
    """

    variable: str
    write: Callable[[], ast.expr]
    depth: int = 1
    asked_once: bool = False
    expression: t.Typed | None = None
    is_done: bool = False
    function: str | None = None


def is_light(node: t.Typed, emitter: Emitter) -> bool:
    """Whether a node only looks at single values of a record: never refused, at once done."""
    waiting, count = [node], 0
    while waiting:
        each = waiting.pop()
        count += 1
        if not isinstance(each, _LIGHT) or count > _MOST_NODES:
            return False
        if isinstance(each, t.Variable) and each.key in emitter.helpers:
            return False
        if isinstance(each, t.Equal) and not isinstance(each.left.type, _SINGLE):
            return False
        waiting.extend(t.inner(each))
    return True


def asked(slot: Slot, emitter: Emitter) -> ast.expr:
    """Write what a helper needs where it is asked, and return its value."""
    code = emitter.code
    if slot.is_done:
        return name(slot.variable)
    if slot.function is None and slot.asked_once and not code.repeats_since(slot.depth):
        return slot.write()
    is_at_once = code.depth == slot.depth or (
        slot.expression is not None and is_light(slot.expression, emitter)
    )
    if slot.function is None and is_at_once:
        with code.outside(slot.depth):
            _computed(slot, emitter)
        slot.is_done = True
        return name(slot.variable)
    if slot.function is None:
        slot.function = code.fresh("get")
        with code.outside(slot.depth):
            _function(slot, slot.function, emitter)
    value = code.value("helper", call(name(slot.function)))
    return emitter.as_held(value, name(slot.variable))


def _computed(slot: Slot, emitter: Emitter) -> None:
    value = slot.write()
    emitter.code.assign(slot.variable, value)
    emitter.as_held(name(slot.variable), value)


def _function(slot: Slot, word: str, emitter: Emitter) -> None:
    """Write the function that computes a helper when it is first asked."""
    code = emitter.code
    code.assign(slot.variable, name("UNSET"))
    with code.block() as body:
        code.add(ast.Nonlocal([slot.variable, *emitter.counted]))
        with code.when(is_(name(slot.variable), name("UNSET"))):
            _computed(slot, emitter)
        code.add(ast.Return(name(slot.variable)))
    code.define(word, body)
