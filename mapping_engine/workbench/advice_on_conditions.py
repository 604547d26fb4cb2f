"""
Advice about conditions and fallbacks: what is always so, and what can never be reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from mapping_engine.language import nodes
from mapping_engine.language.scope import path_of
from mapping_engine.language.typed import (
    All,
    Any,
    Compare,
    Constant,
    Equal,
    Filter,
    First,
    IfElse,
    IsEmpty,
    OneOf,
    Opposite,
    Typed,
)
from mapping_engine.packs.formulas import written
from mapping_engine.runtime.program import DecisionStep, MappingProgram
from mapping_engine.runtime.walking import fields_of, parts_of, typed_of
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.source.text import Span
from mapping_engine.values.types import Nothing, Unknown
from mapping_engine.workbench import problems_of_advice as problems
from mapping_engine.workbench.certainty import Certainty
from mapping_engine.workbench.subject import Subject

__all__ = ["conditions", "fallbacks", "literal_conditions", "policies"]


def conditions(subject: Subject) -> Iterator[Diagnostic]:
    """Yield decisions that an earlier skip decides, and conditions that are always so."""
    for _, program in subject.programs():
        shadowed = list(_shadowed(program))
        yield from shadowed
        told = {each.span for each in shadowed}
        for condition in _asked(program):
            if condition.span not in told:
                yield from _constant(condition)


def _shadowed(program: MappingProgram) -> Iterator[Diagnostic]:
    skipped: list[DecisionStep] = []
    known = Certainty()
    for what, steps in (("skip", program.skip), ("reject", program.reject)):
        for step in steps:
            never = known.of(step.condition) is False
            deciding = (each for each in skipped if never and _decides(each, step))
            first = next(deciding, None)
            if first is not None:
                reason = first.rule.reason.value
                found = problems.shadowed_decision(step.condition.span, what, reason)
                yield found.with_label(first.condition.span, "decides before it")
            if what == "skip" and Certainty().of(step.condition) is None:
                known = known.after(step.condition)
                skipped.append(step)


def _decides(first: DecisionStep, step: DecisionStep) -> bool:
    """Whether an earlier skip is why a condition can no longer hold: both ask the same."""
    if Certainty().after(first.condition).of(step.condition) is False:
        own = Certainty().of(step.condition)
        return own is None or bool(_paths(first.condition) & _paths(step.condition))
    return False


def _paths(condition: Typed) -> set[str]:
    """Return the paths that a condition asks for words or emptiness, which is what narrows."""
    match condition:
        case All(operands=operands) | Any(operands=operands):
            return set().union(*map(_paths, operands))
        case Opposite(operand=operand):
            return _paths(operand)
        case IsEmpty(operand=asked) | OneOf(item=asked):
            path = path_of(asked)
            return {path} if path else set()
        case Equal(left=left, right=right) | Compare(left=left, right=right):
            return {path for path in map(path_of, (left, right)) if path}
        case _:
            return set()


def _asked(program: MappingProgram) -> Iterator[Typed]:
    """Yield every condition of a mapping: of decisions, fields, parts, totals and expressions."""
    yield from (each.condition for each in (*program.skip, *program.reject, *program.warn))
    whens = [each.when for each in parts_of(program)]
    whens += [each.when for each in fields_of(program)]
    whens += [each.when for each in program.totals]
    yield from (each for each in whens if each is not None)
    for node in typed_of(program):
        if isinstance(node, IfElse | Filter):
            yield node.condition


def _constant(condition: Typed) -> Iterator[Diagnostic]:
    """Yield the smallest parts of a condition that are always so."""
    match condition:
        case All(operands=operands) | Any(operands=operands):
            found = [each for part in operands for each in _constant(part)]
            answer = Certainty().of(condition) if not found else None
            yield from found
            if answer is not None:  # the parts contradict each other
                yield problems.constant_condition(condition.span, answer)
        case Opposite(operand=operand):
            yield from _constant(operand)
        case _:
            answer = None if isinstance(condition, Constant) else Certainty().of(condition)
            if answer is not None:
                yield problems.constant_condition(condition.span, answer)


def literal_conditions(subject: Subject) -> Iterator[Diagnostic]:
    """Yield conditions that ask nothing: neither a field nor a setting nor a helper."""
    for mapping in subject.pack.mappings.values():
        whens = (each.formula for each in written(mapping) if each.job == "condition")
        yield from _literal([subject.tree(each) for each in whens])
        for _, node in subject.formulas(mapping):
            if isinstance(node, nodes.Conditional | nodes.Choose):
                yield from _literal([node.condition])
            elif isinstance(node, nodes.Logic):
                yield from _literal(node.operands)


def _literal(asked: Iterable[nodes.Expression]) -> Iterator[Diagnostic]:
    for condition in asked:
        if isinstance(condition, nodes.Literal) and isinstance(condition.value, bool):
            yield problems.constant_condition(condition.span, condition.value)
        elif isinstance(condition, nodes.Comparison) and condition.left == condition.right:
            holds = condition.operator in ("==", "<=", ">=")
            yield problems.constant_condition(condition.span, holds)


def fallbacks(subject: Subject) -> Iterator[Diagnostic]:
    """Yield `a ?? b` where `a` is never empty."""
    for _, program in subject.programs():
        for node in typed_of(program):
            if isinstance(node, First):
                yield from _never_used([(each.span, _is_there(each)) for each in node.operands])
    for mapping in subject.pack.mappings.values():
        for _, tree in subject.formulas(mapping):
            if isinstance(tree, nodes.Fallback):
                yield from _never_used([(part.span, _is_literal(part)) for part in tree.operands])


def _never_used(operands: list[tuple[Span, bool]]) -> Iterator[Diagnostic]:
    for (span, is_there), (following, _) in pairwise(operands):
        if is_there:
            found = problems.fallback_never_used(following)
            yield found.with_label(span, "never empty")
            return


def _is_literal(tree: nodes.Expression) -> bool:
    value = tree.value if isinstance(tree, nodes.Literal) else None
    return value is not None and not (isinstance(value, str) and not value.strip())


def _is_there(node: Typed) -> bool:
    kind = node.type
    return not isinstance(kind, Unknown | Nothing) and not kind.can_be_empty


def policies(subject: Subject) -> Iterator[Diagnostic]:
    """Yield `on_empty` of fields whose value is never empty."""
    for _, program in subject.programs():
        for step in fields_of(program):
            kind, policy = step.build.type, step.rule.on_empty
            if policy is not None and not isinstance(kind, Unknown) and not kind.can_be_empty:
                yield problems.policy_never_used(step.rule.key, step.name, policy)
