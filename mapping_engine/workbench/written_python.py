"""
Print the Python that is made of a mapping, for whoever wants to know what runs.

Each statement stands below the line of the pack that it comes from; the objects that the code
names are listed first. The text is for reading: what runs is the tree it was printed from.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from decimal import Decimal
from textwrap import indent

from mapping_engine.language.compiled import tree_of
from mapping_engine.language.python import Code
from mapping_engine.runtime.emission import ARGUMENTS, mapping_code
from mapping_engine.runtime.program import MappingProgram, Program

__all__ = ["python_of"]


def python_of(program: Program, record: str | None) -> str:
    """Return the code of the mappings of a record kind, or of all; empty when there is none."""
    wanted = (each for each in program.mappings.values() if record in (None, each.kind, each.name))
    return "\n\n".join("\n".join(_lines(each)) for each in wanted)


def _lines(mapping: MappingProgram) -> Iterator[str]:
    way = "record to payload" if mapping.direction == "out" else "payload to record"
    yield f"# {mapping.kind}, {way}: {mapping.span.source.name}"
    code = mapping_code(mapping)
    yield from _objects(code)
    function = tree_of(code, ARGUMENTS, "map_record").body[0]
    assert isinstance(function, ast.FunctionDef)
    yield f"def map_record({', '.join(ARGUMENTS)}):"
    line = 0
    for statement in function.body:
        if statement.lineno != line:
            line = statement.lineno
            yield f"    # line {line}"
        yield indent(_statement(statement), "    ")


def _statement(statement: ast.stmt) -> str:
    """Return a statement as text; an object with a line for each member, and that of its rule."""
    match statement:
        case ast.Assign([ast.Name(word)], ast.Dict([_, _, *_] as keys, values)):
            members = [
                f"    {ast.unparse(key)}: {ast.unparse(value)},  # line {key.lineno}"
                for key, value in zip(keys, values, strict=True)
                if key is not None
            ]
            return "\n".join([f"{word} = {{", *members, "}"])
        case _:
            return ast.unparse(statement)


def _objects(code: Code) -> Iterator[str]:
    """Yield what the names of the code stand for."""
    for name, value in code.objects.items():
        if isinstance(value, str | Decimal | frozenset | list | tuple | dict):
            yield f"# {name} = {_shortened(repr(value))}"


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
