"""Make one checked expression a Python function: the door to the emitter for a single value."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from decimal import DecimalException
from types import CodeType

from mapping_engine.language.emitter import Emitter, Slot
from mapping_engine.language.environment import RECORD_KEY
from mapping_engine.language.python import Code
from mapping_engine.language.typed import Typed
from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.values.problems import overflow
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.value import Value

__all__ = ["compile_expression_tree", "function_of", "tree_of"]


def function_of(
    code: Code, arguments: tuple[str, ...], word: str, file: str
) -> Callable[..., Value]:
    """Return the function whose body has been written; `file` is the pack that it shows."""
    module: CodeType = compile(tree_of(code, arguments, word), file, "exec")
    space = dict(code.objects)
    exec(module, space)
    made = space[word]
    assert callable(made)
    return made


def tree_of(code: Code, arguments: tuple[str, ...], word: str) -> ast.Module:
    """Return the module with the one function, as a tree."""
    parameters = ast.arguments([], [ast.arg(each) for each in arguments], None, [], [], None, [])
    made = ast.FunctionDef(word, parameters, code.top(), [], None, None)
    module = ast.Module([made], [])
    Code().place(module)
    return module


def compile_expression_tree(
    node: Typed, helpers: Mapping[str, Typed] | None = None, limits: Limits = DEFAULT_LIMITS
) -> Callable[[Value], Value]:
    """Return a function from a record to the value of `node`; it raises `Refusal`.

    `helpers` are the definitions of the helpers that the node asks, by key.
    """
    code = Code()
    emitter = Emitter(code, {RECORD_KEY: "record"}, most_steps=limits.steps)
    for key, helper in (helpers or {}).items():
        slot = Slot(code.fresh("helper"), lambda helper=helper: emitter.value(helper))  # type: ignore[misc]
        emitter.helpers[key] = slot
    result = emitter.value(node)
    code.add(ast.Return(result))
    made = function_of(code, ("record",), "compute", "expression")

    def compute(record: Value) -> Value:
        try:
            return made(record)
        except DecimalException:
            raise Refusal(overflow) from None

    return compute
