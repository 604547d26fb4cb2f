"""
Tell what the parts of a list give: the type of their items, how many there surely are, and where
two parts differ that do not mix.
"""

from __future__ import annotations

from mapping_engine.runtime.program import Build, Compute, FieldStep, MakeObject, PartStep
from mapping_engine.source.text import Span
from mapping_engine.values.types import List, Type, union

__all__ = ["item_type", "sure_items", "unlike_places"]


def item_type(step: PartStep) -> Type:
    """Return the type of the items that a part gives."""
    kind = step.build.type
    return (kind.item if step.joins and isinstance(kind, List) else kind).present()


def sure_items(step: PartStep) -> int:
    """Return how many items a part surely gives."""
    if step.when is not None or step.build.type.can_be_nothing:
        return 0
    listed = step.each.type if step.each is not None else None
    if step.joins and isinstance(step.build.type, List):
        return step.build.type.min_items
    if listed is None:
        return 1
    sure = listed.min_items if isinstance(listed, List) and not listed.can_be_nothing else 0
    return min(1, sure) if step.group is not None else sure


def unlike_places(one: PartStep, other: PartStep) -> tuple[Span, Span]:
    """Return where two parts of a list make what does not mix: the member, or the whole item."""
    found = _unlike_members(one.build, other.build)
    return found or (one.rule.origin.span, other.rule.origin.span)


def _unlike_members(one: Build, other: Build) -> tuple[Span, Span] | None:
    if not isinstance(one, MakeObject) or not isinstance(other, MakeObject):
        return None
    for step in one.fields:
        for same in other.fields:
            if step.path == same.path and union(step.type, same.type) is None:
                inside = _unlike_members(step.build, same.build)
                return inside or (_place(step), _place(same))
    return None


def _place(step: FieldStep) -> Span:
    return step.build.expression.span if isinstance(step.build, Compute) else step.rule.key
