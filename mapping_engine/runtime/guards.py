"""Test on a value what could not be proved of its rule; a misfit is a refusal with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mapping_engine.runtime.linking import Pending
from mapping_engine.runtime.problems import required_value_missing
from mapping_engine.runtime.program import Compute, FieldStep, PayloadProgram
from mapping_engine.values.guard import breaches
from mapping_engine.values.misfit import Misfit, inside
from mapping_engine.values.problems import bad_pattern, out_of_range, too_long
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.types import Type
from mapping_engine.values.value import Value

__all__ = ["guard", "guard_payload"]

_COUNT = re.compile("[0-9]+")
_ONE_OF = "an object with "


def guard(value: Value, step: FieldStep) -> None:
    """Raise `Refusal` when a value breaks what its target field asks for."""
    for misfit in _known(value, step.guard):
        refusal = _refusal(misfit)
        build = step.build
        refusal.span = build.expression.span if isinstance(build, Compute) else step.rule.key
        refusal.private = step.type.private or step.target.private
        raise refusal


def guard_payload(value: Value, program: PayloadProgram) -> None:
    """Raise `Refusal` when a payload breaks what is asked of its members together."""
    for misfit in _known(value, program.part.guard):
        refusal = _refusal(misfit)
        refusal.span = program.rule.object.span
        raise refusal


def _known(value: Value, type: Type | None) -> Iterator[Misfit]:
    """Yield what is wrong with a value; of an id that is still to come nothing is known."""
    found = breaches(value, type) if type is not None else ()
    if found:
        to_come = set(_to_come(value, ""))
        yield from (each for each in found if each.path not in to_come)


def _to_come(value: Value, path: str) -> Iterator[str]:
    """Yield the places of ids that are still to come."""
    match value:
        case Pending():
            yield path
        case dict():
            for name, each in value.items():
                yield from _to_come(each, inside(path, name))
        case list():
            for place, each in enumerate(value):
                yield from _to_come(each, inside(path, place))


def _refusal(misfit: Misfit) -> Refusal:
    match misfit.kind:
        case "too_long":
            size, most = (_COUNT.search(each) for each in (misfit.got, misfit.expected))
            counts = (size[0], most[0]) if size and most else ()
            return Refusal(too_long, misfit.value, *counts)
        case "bad_pattern" | "bad_format":
            return Refusal(bad_pattern, misfit.value, misfit.expected)
        case "needs_one_of":
            return Refusal(required_value_missing, None, misfit.expected[len(_ONE_OF) :].strip("`"))
        case _:
            return Refusal(out_of_range, misfit.value, misfit.expected)
