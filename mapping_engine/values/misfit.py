"""
One place where a value, or a type, does not fit what is asked for.

Used in three ways: a record against its schema (`conform`), a rule's type against a
field (`fit`), a payload value against a field (`guard`). A private value is never kept.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from msgspec import Struct

from mapping_engine.values.number import plain
from mapping_engine.values.types import Type
from mapping_engine.values.value import Value

__all__ = ["Misfit", "inside", "shown"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_#]*").fullmatch
_LONGEST_SHOWN: Final = 60
_ARTICLES: Final = {
    "date": "a date", "datetime": "a datetime", "list": "a list", "number": "a number",
    "object": "an object",
}  # fmt: skip


class Misfit(Struct, frozen=True):
    """What is wrong at `path`, such as `lines[1].account.code`; an empty path is the whole.

    `kind` is a stable word (wrong_type, missing, null, …); `expected` and `got` are for
    people. `value` is there only when it is short, simple and not private; `near` is the
    name that an unknown member may have meant.
    """

    path: str
    kind: str
    expected: str
    got: str
    value: str | None = None
    near: str | None = None

    @property
    def sentence(self) -> str:
        """The misfit in one sentence for a person."""
        place = f"`{self.path}`" if self.path else "the value"
        if self.kind == "missing":
            return f"{place} is missing"
        if self.kind == "unknown_member":
            meant = f"; did you mean `{self.near}`?" if self.near else ""
            return f"{place} is not a field of {self.expected}{meant}"
        return f"{place} must be {self.expected}, but is {self.found}"

    @property
    def found(self) -> str:
        """What was found, as a sentence needs it."""
        if self.value is None:
            return _ARTICLES.get(self.got, self.got)
        noun = f"the {self.got}" if self.got in ("number", "text") else self.got
        return f"{noun} `{self.value}`"


def inside(path: str, step: str | int) -> str:
    """Return the path of a member or of a list item (counted from 0) below `path`."""
    if isinstance(step, int):
        return f"{path}[{step}]"
    return (path + _named(step)).removeprefix(".")


@lru_cache(maxsize=1024)
def _named(step: str) -> str:
    """Return how a member is written after its object."""
    if not _NAME(step):
        return f"[{json.dumps(_short(step), ensure_ascii=False)}]"
    return f".{_short(step)}"


def shown(value: Value, type: Type) -> str | None:
    """Return a simple value for a message, or None when it is private, blank or not simple."""
    if type.private:
        return None
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < _LONGEST_SHOWN:
        return _short(plain(value))
    if isinstance(value, str) and value.isprintable():
        return _short(value) or None
    return None


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
