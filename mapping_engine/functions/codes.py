"""
Work on the code sets of the legal trade.

Codes of a firm or a client are tables of a pack; here are only the sets that a standard
fixes for everybody.
"""

from __future__ import annotations

import re

from mapping_engine.functions.arguments import constant
from mapping_engine.functions.catalogue import Arguments, Example, Parameter
from mapping_engine.functions.registry import CATALOGUE
from mapping_engine.values.types import TEXT, Text
from mapping_engine.values.value import MISSING, Value

__all__ = ["utbms_set"]

_EXPENSE = re.compile(r"E1[0-9]{2}").fullmatch
_ACTIVITY = re.compile(r"A1[0-9]{2}").fullmatch
_TASK = re.compile(r"[A-Z]{1,2}[0-9]{3}").fullmatch


def _set(code: str) -> Value:
    if _EXPENSE(code):
        return "expense"
    if _ACTIVITY(code):
        return "activity"
    return "task" if _TASK(code) else MISSING


def _sets(arguments: Arguments) -> Text:
    code = constant(arguments, "code")
    known = _set(code) if isinstance(code, str) else MISSING
    choices = (known,) if isinstance(known, str) else ("task", "activity", "expense")
    lengths = [len(each) for each in choices]
    absent = not isinstance(known, str)
    return Text(
        choices=choices, blank=False, min_length=min(lengths), max_length=max(lengths),
        absent=absent,
    )  # fmt: skip


@CATALOGUE.function(
    Parameter("code", TEXT, "A code such as L110, A102 or E101."),
    returns=_sets,
    examples=(
        Example('utbms_set("L110")', '"task"'),
        Example('utbms_set("A102")', '"activity"'),
        Example('utbms_set("E101")', '"expense"'),
        Example('utbms_set("BW")', "absent"),
        Example("utbms_set(110)", error="M404"),
    ),
    reads="the UTBMS set of {code}",
    used_for="ledes invoice: a column for each code set",
)
def utbms_set(code: str) -> Value:
    """Return which UTBMS set a code belongs to: task, activity or expense; else nothing."""
    return _set(code)
