"""Write texts with holes as Python; the first hole that is empty makes the whole text nothing."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mapping_engine.language import typed as t
from mapping_engine.language.python import call, is_, name
from mapping_engine.values import number
from mapping_engine.values.textform import text_of
from mapping_engine.values.types import Number, Text, Type

if TYPE_CHECKING:
    from mapping_engine.language.emitter import Emitter

__all__ = ["make_text"]

_MISSING = name("MISSING")


def make_text(node: t.MakeText, emitter: Emitter) -> ast.expr:
    """Write a text with holes."""
    result = emitter.code.fresh("text")
    _parts(node.parts, [], result, emitter)
    return name(result)


def _parts(
    parts: tuple[str | t.Typed, ...], written: list[ast.expr], result: str, emitter: Emitter
) -> None:
    """Write hole after hole; the first that is empty makes the whole text that nothing."""
    if not parts:
        emitter.code.assign(result, ast.JoinedStr(written))
        return
    part, *rest = parts
    if isinstance(part, str):
        _parts(tuple(rest), [*written, ast.Constant(part)], result, emitter)
        return
    value = emitter.value(part)
    shown = ast.FormattedValue(_text(value, part.type, emitter), -1, None)
    empty = emitter.empty(value, part.type)
    if isinstance(empty, ast.Constant) and not empty.value:
        _parts(tuple(rest), [*written, shown], result, emitter)
        return
    none = ast.Constant(None)
    if isinstance(value, ast.Constant):
        emitter.code.assign(result, none if value.value is None else _MISSING)
        return
    with emitter.code.block() as then:
        emitter.code.assign(result, ast.IfExp(is_(value, none), none, _MISSING))
    with emitter.code.block() as otherwise:
        _parts(tuple(rest), [*written, shown], result, emitter)
    emitter.code.add(ast.If(empty, then, otherwise))


def _text(value: ast.expr, kind: Type, emitter: Emitter) -> ast.expr:
    match kind:
        case Text():
            return value
        case Number():
            plain = name("str") if kind.is_flat else emitter.code.bound("plain", number.plain)
            return call(plain, value)
        case _:
            return call(emitter.code.bound("text_of", text_of), value)
