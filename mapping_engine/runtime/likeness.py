"""Say what a record has in common with its likely doubles, by the `duplicates` of a pack."""

from __future__ import annotations

from mapping_engine.language.evaluator import Evaluator
from mapping_engine.runtime.compose import Composed, Mapper
from mapping_engine.runtime.mapper import InterpretedMapper
from mapping_engine.runtime.outcome import Mapped
from mapping_engine.runtime.patch import SinceMapper
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.value import Value, is_empty

__all__ = ["likenesses"]


def likenesses(mapper: Mapper, record: Value) -> dict[str, str]:
    """Return the texts by name that likely doubles share; nothing of what is empty or refused."""
    if isinstance(mapper, SinceMapper):
        return likenesses(mapper.mapper, record)
    if isinstance(mapper, Composed):
        read = mapper.first.map(record)
        if not isinstance(read, Mapped):
            return {}
        return likenesses(mapper.second, dict(read.payloads[0].payload))
    if not isinstance(mapper, InterpretedMapper) or not mapper.mapping.duplicates:
        return {}
    typed, misfits, _ = mapper.conformed(record)
    if misfits or not isinstance(typed, dict):
        return {}
    round = mapper.begin(typed, Evaluator(mapper.options.limits))
    found: dict[str, str] = {}
    for name, expression in mapper.mapping.duplicates:
        try:
            value = round.evaluator.value(expression, round.environment)
        except Refusal:  # it cannot be told of this record; the mapping itself says why
            continue
        if isinstance(value, str) and not is_empty(value):
            found[name] = value
    return found
