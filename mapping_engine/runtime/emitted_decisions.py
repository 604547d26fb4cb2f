"""Write rejects and warnings as Python: all are asked, and what cannot be told waits its turn."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TypeAlias

from mapping_engine.language.emitter import Emitter
from mapping_engine.language.python import Code, attribute, call, is_, name
from mapping_engine.runtime.program import DecisionStep

__all__ = ["write_rejects", "write_warnings"]

#: A decision, and the two parts of the answer that it gives.
Answered: TypeAlias = tuple[DecisionStep, str, int | str]


def write_rejects(
    rejects: Sequence[Answered], answer: Callable[[str, ast.expr], None], emitter: Emitter
) -> None:
    """Write rejects, each with its answer: the first that holds; else one not to be told."""
    if not rejects:
        return
    code = emitter.code
    failed = code.fresh("failed")
    code.assign(failed, ast.Constant(None))
    for reject, word, value in rejects:
        with code.block() as body, code.when(emitter.test(reject.condition)):
            answer(word, ast.Constant(value))
        with code.block() as otherwise:
            kept = ast.BoolOp(ast.Or(), [name(failed), name("error")])
            code.assign(failed, kept)
        handler = ast.ExceptHandler(name("REFUSALS"), "error", otherwise)
        code.add(ast.Try(body, [handler], [], []))
    with code.when(is_(name(failed), ast.Constant(None), negated=True)):
        code.add(ast.Raise(name(failed)))


def write_warnings(warnings: Sequence[DecisionStep], emitter: Emitter) -> ast.expr:
    """Write the warnings, and return the list of those that hold with their sentences."""
    if not warnings:
        return ast.List([], ast.Load())
    code = emitter.code
    warned = code.fresh("warned")
    code.assign(warned, ast.List([], ast.Load()))
    for place, warning in enumerate(warnings):
        with code.when(emitter.test(warning.condition)):
            pair = ast.Tuple([ast.Constant(place), _sentence(warning, emitter)], ast.Load())
            code.run(call(attribute(name(warned), "append"), pair))
    return name(warned)


def _sentence(step: DecisionStep, emitter: Emitter) -> ast.expr:
    """Write the sentence of a decision; nothing where it cannot be filled in."""
    if step.because is None:
        return ast.Constant(None)
    code = emitter.code
    sentence = code.fresh("because")
    with code.block() as body:
        code.assign(sentence, emitter.value(step.because))
    _try(body, sentence, code)
    return name(sentence)


def _try(body: list[ast.stmt], result: str, code: Code) -> None:
    """Write `try:` with a body; what is refused in it makes `result` absent."""
    with code.block() as otherwise:
        code.assign(result, name("MISSING"))
    handler = ast.ExceptHandler(name("REFUSALS"), None, otherwise)
    code.add(ast.Try(body, [handler], [], []))
