"""Hold what the quick way makes of a line against what the exact way says."""

from __future__ import annotations

from mapping_engine.batch.outcomes import Line, QuickLines, as_line
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.compose import Followed, given_id
from mapping_engine.runtime.outcome import Mapped, Outcome
from mapping_engine.runtime.quick import QuickMapper
from mapping_engine.values.json import compact
from mapping_engine.values.value import Value

__all__ = ["exact_line", "says_the_same"]


def exact_line(mapper: CompiledMapper, number: int, record: Value, outcome: Outcome) -> bytes:
    """Return the line of an outcome as the exact way writes it."""
    system = mapper.program.pack.name
    line = Line(number, given_id(mapper, record), system, mapper.mapping.kind)
    return compact(as_line(outcome, line)).encode() + b"\n"


def says_the_same(
    mapper: CompiledMapper, quick: QuickMapper, record: Value, expected: Outcome
) -> bool:
    """Whether the quick way says the same of a record, or nothing. Anything else is a failure."""
    raw = compact(record).encode()
    run = quick.map([1], [raw])
    if not run.lines:
        followed = Followed(expected, given_id(mapper, record))
        assert [why for _, why in run.refused] in ([], [followed]), record
        return bool(run.refused)
    assert isinstance(expected, Mapped), record
    written = QuickLines(mapper.program.pack.name, mapper.mapping.kind).text(run)
    assert written == exact_line(mapper, 1, record, expected), record
    assert dict(*run.totals) == (expected.totals or {}), record
    assert tuple(*run.warnings) == expected.warnings, record
    return True
