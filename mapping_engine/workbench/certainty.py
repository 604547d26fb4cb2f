"""
Ask whether a condition always holds, or never, by what is known before a record is seen.

Known are the types (with what earlier conditions have narrowed) and, for a decision, the
conditions of the skips before it, which no longer hold when it is asked. `None` means that
it depends on the record.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.language.typed import (
    All,
    Any,
    Compare,
    Constant,
    Equal,
    IsEmpty,
    OneOf,
    Opposite,
    Typed,
)
from mapping_engine.values.types import Boolean, Date, DateTime, Nothing, Number, Text, Type
from mapping_engine.values.value import is_empty
from mapping_engine.workbench.intervals import interval_of

__all__ = ["Certainty"]


class Certainty(Struct, frozen=True):
    """What is known of conditions: those that are known not to hold (or to hold)."""

    known: tuple[tuple[Typed, bool], ...] = ()

    def after(self, condition: Typed) -> Certainty:
        """Return what is known once `condition` has not held."""
        return replace(self, known=(*self.known, *_told(condition, False)))

    def of(self, condition: Typed) -> bool | None:
        """Return whether a condition always holds (true) or never (false)."""
        node, turned = _plain(condition)
        told = next((holds for known, holds in self.known if known == node), None)
        answer = told if told is not None else self._answer(node)
        return answer if answer is None else answer is not turned

    def _answer(self, node: Typed) -> bool | None:
        match node:
            case Constant(value=bool(value), type=Boolean()):
                return value
            case All(operands=operands):
                return self._several(operands, closing=False)
            case Any(operands=operands):
                return self._several(operands, closing=True)
            case IsEmpty(operand=operand):
                return _is_empty(operand)
            case Equal(left=left, right=right):
                return _is_equal(left.type, right.type)
            case OneOf(item=item, items=Constant(value=list() as words)):
                return _is_among(item.type, words)
            case Compare():
                answer = _compares(node)
                return self._by_bounds(node) if answer is None else answer
            case _:
                return None

    def _by_bounds(self, node: Compare) -> bool | None:
        """Return what is known of a comparison by others of the same value."""
        asked = interval_of(node)
        for condition, holds in self.known if asked is not None else ():
            known = interval_of(condition, holds)
            if asked is None or known is None or known.of != asked.of:
                continue
            if known.leaves_out(asked):
                return False
            if known.lies_in(asked) and (holds or not asked.of.type.can_be_nothing):
                return True
        return None

    def _several(self, operands: Sequence[Typed], *, closing: bool) -> bool | None:
        answers, known = [], self
        for each in operands:
            answers.append(known.of(each))
            known = replace(known, known=(*known.known, *_told(each, not closing)))
        if closing in answers:
            return closing
        return None if None in answers else not closing


def _plain(node: Typed) -> tuple[Typed, bool]:
    """Return a condition without its `not`, and whether that turned it round."""
    match node:
        case Opposite(operand=operand):
            inner, turned = _plain(operand)
            return inner, not turned
        case IsEmpty(negated=True) | Equal(negated=True) | OneOf(negated=True):
            return replace(node, negated=False), True
        case _:
            return node, False


def _told(condition: Typed, holds: bool) -> list[tuple[Typed, bool]]:
    """Return what follows when a condition holds, or does not: of itself and of its parts."""
    node, turned = _plain(condition)
    holds = holds is not turned
    told = [(node, holds)]
    if (isinstance(node, Any) and not holds) or (isinstance(node, All) and holds):
        for each in node.operands:
            told += _told(each, holds)
    return told


def _is_empty(operand: Typed) -> bool | None:
    if isinstance(operand, Constant):
        return None  # a setting, or a mistake
    if isinstance(operand.type, Nothing):
        return True
    return False if _is_there(operand.type) else None


def _is_there(kind: Type) -> bool:
    return not kind.can_be_empty and isinstance(
        kind, Text | Number | Boolean | Date | DateTime
    )  # fmt: skip


def _is_equal(left: Type, right: Type) -> bool | None:
    if isinstance(left, Text) and isinstance(right, Text):
        return _same_words(left, right)
    if isinstance(left, Number) and isinstance(right, Number):
        apart = _is_below(left, right) or _is_below(right, left)
        return False if apart and not (left.can_be_nothing and right.can_be_nothing) else None
    return None


def _same_words(left: Text, right: Text) -> bool | None:
    if left.choices is None or right.choices is None:
        return None
    if left.can_be_nothing and right.can_be_nothing:
        return None
    if not set(left.choices) & set(right.choices):
        return False
    sure = left.choices == right.choices and len(left.choices) == 1
    return True if sure and not left.can_be_nothing and not right.can_be_nothing else None


def _is_among(item: Type, words: Sequence[object]) -> bool | None:
    if not isinstance(item, Text) or item.choices is None:
        return None
    if any(is_empty(word) for word in words) and item.can_be_empty:
        return None
    if not set(item.choices) & {word for word in words if isinstance(word, str)}:
        return False
    sure = not item.can_be_empty and set(item.choices) <= set(words)
    return True if sure else None


def _compares(node: Compare) -> bool | None:
    left, right = node.left.type, node.right.type
    if not isinstance(left, Number) or not isinstance(right, Number):
        return None
    if left.can_be_nothing or right.can_be_nothing:
        return None
    if node.operator in (">", ">="):
        left, right = right, left
    strict = node.operator in ("<", ">")
    if _is_below(left, right, touching=not strict):
        return True
    return False if _is_below(right, left, touching=strict) else None


def _is_below(left: Number, right: Number, *, touching: bool = False) -> bool:
    """Whether every number of `left` is less than every one of `right` (or, `touching`, equal)."""
    if left.maximum is None or right.minimum is None:
        return False
    if left.maximum == right.minimum:
        return touching or left.below or right.above
    return left.maximum < right.minimum
