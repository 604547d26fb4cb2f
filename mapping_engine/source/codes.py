"""
The one table of diagnostic codes.

A code and its words are declared in one act, by `@problem` over the function
that words it, in the `problems.py` of the floor that detects it. The function's
docstring is the explanation printed by `mapping-engine code`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from msgspec import Struct

from mapping_engine.source.diagnostic import Code, Diagnostic, Severity
from mapping_engine.source.text import Span

__all__ = ["CODES", "Wording", "problem"]

P = ParamSpec("P")

#: All declared codes by number.
CODES: dict[str, Code] = {}
_NAMES: set[str] = set()


class Wording(Struct, frozen=True):
    """The words of one diagnostic: message and label say what, the hint says how to fix it."""

    message: str
    label: str | None = None
    hint: str | None = None


def problem(
    number: str,
    name: str,
    *,
    severity: Severity | None = None,
    reason: str | None = None,
) -> Callable[[Callable[P, Wording]], Callable[Concatenate[Span | None, P], Diagnostic]]:
    """Declare a code; the decorated function then takes the span first and gives a `Diagnostic`.

    Severity follows the family when not given: M7xx is `rejected`, M8xx `warning`, else `error`.
    Raises `ValueError` when the number or the name is taken or the docstring is missing.
    """

    def declare(word: Callable[P, Wording]) -> Callable[Concatenate[Span | None, P], Diagnostic]:
        family = {"7": Severity.REJECTED, "8": Severity.WARNING}.get(number[1], Severity.ERROR)
        explanation = inspect.cleandoc(word.__doc__ or "")
        if not explanation or number in CODES or name in _NAMES:
            raise ValueError(f"code {number} {name} is declared twice or not explained")
        _NAMES.add(name)
        code = Code(number, name, severity or family, explanation, reason)
        CODES[number] = code

        def diagnose(span: Span | None, /, *args: P.args, **kwargs: P.kwargs) -> Diagnostic:
            words = word(*args, **kwargs)
            return Diagnostic(code, span, words.message, words.label, words.hint)

        diagnose.__name__, diagnose.__doc__ = word.__name__, word.__doc__
        return diagnose

    return declare
