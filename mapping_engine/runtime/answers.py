"""
Write back what the target answered: a change of our record, made by the rules of `write_back`.

An answer holds what was sent and what the target added: an id, a number, a status. It may be
partial, and may have members that no schema knows. The interpreter runs the rules for every
mapper, since there is one answer for many computed fields.
"""

from __future__ import annotations

from collections.abc import Mapping

from mapping_engine.language.evaluator import Evaluator
from mapping_engine.runtime.differences import at, changes, with_value
from mapping_engine.runtime.interpreter import Interpreter
from mapping_engine.runtime.mapper import InterpretedMapper, identity_of
from mapping_engine.runtime.outcome import Mapped, Outcome, Payload, Reason, Rejected, Skipped
from mapping_engine.runtime.payloads import identity_of_pack, keyed
from mapping_engine.runtime.problems import wrong_record
from mapping_engine.runtime.problems_of_updates import wrong_answer
from mapping_engine.runtime.program import PayloadProgram
from mapping_engine.runtime.targets import ANSWER_KEY, answer_of
from mapping_engine.values.conform import as_written, conform
from mapping_engine.values.value import Value

__all__ = ["write_back"]

_NOTHING_NEW = "the answer says nothing that the record does not say already"


def write_back(
    mapper: InterpretedMapper, record: Value, answer: Value, payload: str | None = None
) -> Outcome:
    """Return the change of a record that the target's answer to one of its payloads makes.

    `payload` is the name of the payload, where a mapping has several. Raises `LookupError`
    when there is none of that name, or nothing is written back.
    """
    program = _program(mapper, payload)
    typed, misfits, _ = mapper.conformed(record)
    if misfits or not isinstance(typed, dict):
        told = (wrong_record(None, None, each) for each in misfits)
        return Rejected(tuple(Reason("unreadable_input", each) for each in told))
    read = conform(answer, answer_of(program.target), mapper.options.limits, drop_unknown=True,
                   blank_is_null=mapper.program.pack.blank_is_null)  # fmt: skip
    if read.misfits or not isinstance(read.value, dict):
        span = program.rule.object.span
        told = (wrong_answer(span, None, program.object, each) for each in read.misfits)
        return Rejected(tuple(Reason("unreadable_input", each) for each in told))
    return _changed(mapper, program, typed, read.value)


def _changed(
    mapper: InterpretedMapper, program: PayloadProgram, record: dict[str, Value],
    answer: dict[str, Value],
) -> Outcome:  # fmt: skip
    evaluator = Evaluator(mapper.options.limits)
    round = mapper.begin(record, evaluator)
    round.environment.bind(ANSWER_KEY, answer)
    interpreter = Interpreter(evaluator, "compare")
    made = interpreter.members(program.write_back, round.environment, "")
    if interpreter.refused:
        return Rejected(tuple(mapper.reason_of(each) for each in interpreter.refused))
    new = as_written(made, mapper.mapping.reads) if isinstance(made, dict) else {}
    old = as_written(record, mapper.mapping.reads)
    update: dict[str, Value] = {}
    assert isinstance(new, dict)
    assert isinstance(old, dict)
    for path in changes(old, new):
        update = with_value(update, path, at(new, path))
    if not update:
        return Skipped("unchanged", _NOTHING_NEW)
    match: Mapping[str, Value] = {"id": identity_of(record)}
    change = Payload(program.rule.name, mapper.mapping.kind, "update", match, "", update)
    return Mapped((keyed(change, identity_of_pack(mapper.program.pack)),))


def _program(mapper: InterpretedMapper, payload: str | None) -> PayloadProgram:
    """Return the payload that was answered."""
    writing = {each.rule.name: each for each in mapper.mapping.payloads if each.write_back}
    if payload is None and len(writing) == 1:
        return next(iter(writing.values()))
    if payload in writing:
        return writing[payload]
    names = ", ".join(f"`{name}`" for name in writing) or "none"
    raise LookupError(f"`{mapper.mapping.name}` writes back for these payloads: {names}")
