"""Test on a value what could not be proved of its rule; a misfit is a refusal with its reason."""

from __future__ import annotations

import re

from mapping_engine.runtime.linking import Pending
from mapping_engine.runtime.problems import required_value_missing
from mapping_engine.runtime.program import Compute, FieldStep, PayloadProgram
from mapping_engine.values.guard import breaches
from mapping_engine.values.misfit import Misfit
from mapping_engine.values.problems import bad_pattern, out_of_range, too_long
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.value import Value

__all__ = ["guard", "guard_payload"]

_COUNT = re.compile("[0-9]+")
_ONE_OF = "an object with "


def guard(value: Value, step: FieldStep) -> None:
    """Raise `Refusal` when a value breaks what its target field asks for."""
    if step.guard is None or isinstance(value, Pending):
        return
    for misfit in breaches(value, step.guard):
        refusal = _refusal(misfit)
        build = step.build
        refusal.span = build.expression.span if isinstance(build, Compute) else step.rule.key
        refusal.private = step.type.private or step.target.private
        raise refusal


def guard_payload(value: Value, program: PayloadProgram) -> None:
    """Raise `Refusal` when a payload breaks what is asked of its members together."""
    if program.part.guard is None:
        return
    for misfit in breaches(value, program.part.guard):
        refusal = _refusal(misfit)
        refusal.span = program.rule.object.span
        raise refusal


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
