"""
The door to the language for those who have one expression and one record.

Packs do not come through here: they bind helpers, tables and settings first.
"""

from __future__ import annotations

from collections.abc import Mapping

from mapping_engine.functions import CATALOGUE
from mapping_engine.functions.catalogue import Function
from mapping_engine.language.checker import check
from mapping_engine.language.environment import RECORD_KEY, Environment
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.language.parser import parse_source
from mapping_engine.language.scope import Binding, Scope
from mapping_engine.language.typed import Typed
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.source.text import SourceText
from mapping_engine.values.types import Type
from mapping_engine.values.value import Value

__all__ = ["compile_expression", "evaluate"]


def compile_expression(
    source: SourceText,
    record: Type | None,
    report: Report,
    *,
    functions: Mapping[str, Function] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Typed | None:
    """Return the checked expression that reads a record of type `record`.

    None when it cannot be used; the report says why.
    """
    tree = parse_source(source, report, limits)
    if report.has_errors:
        return None
    binding = Binding(RECORD_KEY, record) if record is not None else None
    names = {"record": binding} if binding else {}
    known = CATALOGUE.functions if functions is None else functions
    checked = check(tree, Scope(reading=binding, names=names, functions=known), report)
    return None if report.has_errors else checked


def evaluate(node: Typed, record: Value, limits: Limits = DEFAULT_LIMITS) -> Value:
    """Return the value of a checked expression for one record; raises `Refusal`."""
    return Evaluator(limits).value(node, Environment({RECORD_KEY: record}))
