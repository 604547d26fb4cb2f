"""
Go through all that a mapping computes: its parts, its fields, its checked expressions.
"""

from __future__ import annotations

from collections.abc import Iterator

from mapping_engine.language.typed import Apply, Constant, Get, Typed, Variable, inner
from mapping_engine.runtime.program import (
    Build,
    Compute,
    FieldStep,
    HelperStep,
    MakeItems,
    MakeObject,
    MappingProgram,
    PartStep,
)  # fmt: skip

__all__ = [
    "fields_of", "linked_objects", "parameters_of", "parts_of", "typed_of", "typed_roots",
]  # fmt: skip


def linked_objects(program: MappingProgram) -> frozenset[str]:
    """Return the objects whose ids a mapping asks for by `link( )` or `linked( )`: constants."""
    calls = (each for each in typed_of(program) if isinstance(each, Apply))
    objects = (
        each.arguments[len(each.function.context)] for each in calls
        if each.function.name in ("link", "linked")
    )  # fmt: skip
    return frozenset(str(each.value) for each in objects if isinstance(each, Constant))


def parameters_of(program: MappingProgram) -> frozenset[str] | None:
    """Return the parameters of a run that a mapping reads; None where it may read any."""
    found: set[str] = set()
    for node in typed_of(program):
        match node:
            case Get(of=Get(of=Variable(key="run"), name="parameters"), name=name):
                found.add(name)
            case Apply() if any(map(_holds_parameters, node.arguments)):
                return None  # a template, which reads them by itself
    return frozenset(found)


def _holds_parameters(node: Typed) -> bool:
    """Whether a node is all parameters, or what holds them."""
    whole = node.of if isinstance(node, Get) and node.name == "parameters" else node
    return isinstance(whole, Variable) and whole.key == "run"


def typed_of(program: MappingProgram) -> Iterator[Typed]:
    """Yield every checked node of a mapping, the outer ones first."""
    waiting = list(typed_roots(program))
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(inner(node))


def typed_roots(program: MappingProgram) -> Iterator[Typed]:
    """Yield every checked expression of a mapping."""
    for decision in (*program.skip, *program.reject, *program.warn, *program.broken):
        yield decision.condition
        if decision.because is not None:
            yield decision.because
    for part in parts_of(program):
        yield from (each for each in (part.when, part.each, *part.order_by) if each is not None)
        yield from (key for _, key in (part.group.keys if part.group else ()))
    for step in fields_of(program):
        if step.when is not None:
            yield step.when
    for build in _builds(program):
        if isinstance(build, Compute):
            yield build.expression
    yield from (each for _, each in program.duplicates)
    for total in program.totals:
        if total.when is not None:
            yield total.when
        for side in total.sides:
            yield from (each for each in (side.each, side.amount, side.by) if each is not None)


def fields_of(program: MappingProgram) -> Iterator[FieldStep]:
    """Yield every field that a mapping fills, also those inside objects and lists."""
    for build in _builds(program):
        if isinstance(build, MakeObject):
            yield from build.fields
    for payload in program.payloads:
        yield from payload.write_back


def parts_of(program: MappingProgram) -> Iterator[PartStep]:
    """Yield every payload, and every part of a list."""
    yield from (payload.part for payload in program.payloads)
    for build in _builds(program):
        if isinstance(build, MakeItems):
            yield from build.parts


def _builds(program: MappingProgram) -> Iterator[Build]:
    waiting: list[Build] = [each.build for each in program.helpers]
    for payload in program.payloads:
        waiting += [payload.part.build, *_helping(payload.part.helpers)]
        waiting += [step.build for step in payload.write_back]
    while waiting:
        build = waiting.pop()
        yield build
        if isinstance(build, MakeObject):
            waiting += [step.build for step in build.fields]
        elif isinstance(build, MakeItems):
            for part in build.parts:
                waiting += [part.build, *_helping(part.helpers)]


def _helping(helpers: tuple[HelperStep, ...]) -> list[Build]:
    return [each.build for each in helpers]
