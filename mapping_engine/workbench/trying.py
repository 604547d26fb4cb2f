"""
Try one expression on one record, alone or where the rules of a pack are read.

Inside a pack the expression is one more helper of the mapping that takes the record: it sees
the tables, the settings and the other helpers, and knows what the skips and rejects have
established, just as a rule of that file would.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.language.environment import RECORD_KEY
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.language.expression import compile_expression, evaluate
from mapping_engine.language.typed import Typed, Variable, inner
from mapping_engine.packs.model import FieldRule, Formula, NestedBody, Origin, RecordMapping
from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.runtime.assemble import build
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.runtime.opening import Opened
from mapping_engine.runtime.problems import wrong_record
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.limits import DEFAULT_LIMITS
from mapping_engine.source.node import ScalarNode, Style
from mapping_engine.source.text import SourceText
from mapping_engine.values.conform import conform
from mapping_engine.values.infer import infer
from mapping_engine.values.types import Object, Type
from mapping_engine.values.value import MISSING, Value

__all__ = ["Trial", "try_alone", "try_in_pack"]

#: The helper that the expression becomes, and its one member; no pack can have such a name.
_HELPER, _VALUE = "(expression)", "value"


class Trial(Struct, frozen=True):
    """The type of an expression, and how to compute it; None without a record to read."""

    type: Type
    compute: Callable[[], Value] | None


def try_alone(
    source: SourceText, raw: Value, kind: str | None, *, schemas: SchemaStore, report: Report
) -> Trial | None:
    """Return the expression over a record of `kind`, or over what `raw` looks like.

    `raw` is the record as decoded, or absent. None when the report says why not.
    """
    wanted = schemas.canonical(kind, report) if kind else None
    if kind and wanted is None:
        return None
    record = raw if wanted is None or raw is MISSING else _fitted(raw, wanted, report)
    if report.has_errors:
        return None
    reads = infer(raw) if wanted is None and raw is not MISSING else wanted
    checked = compile_expression(source, reads, report)
    if checked is None:
        return None
    can_compute = raw is not MISSING or not _reads_record(checked)
    return Trial(checked.type, (lambda: evaluate(checked, record)) if can_compute else None)


def try_in_pack(
    source: SourceText, raw: Value, rule: RecordMapping, opened: Opened, *,
    as_of: date, report: Report,
) -> Trial | None:  # fmt: skip
    """Return the expression as one more helper of the mapping `rule`; None as above."""
    helper = _helper(source)
    wider = replace(rule, let={**rule.let, _HELPER: helper})
    pack = replace(opened.pack, mappings={rule.name: wider})
    found = Report()
    program = build(pack, opened.schemas, found)
    report.extend(each for each in found if each.span and each.span.source is source)
    mapping = program.mappings.get(rule.name)
    step = (
        next((each for each in mapping.helpers if each.name == _HELPER), None) if mapping else None
    )
    if report.has_errors or mapping is None or step is None:
        return None
    made = step.build.type
    kind = made.fields[_VALUE] if isinstance(made, Object) else made
    if raw is MISSING:
        return Trial(kind, None)
    record = _fitted(raw, mapping.reads, report)
    if not isinstance(record, dict) or report.has_errors:
        return None
    mapper = InterpretedMapper(program, mapping, RunOptions(as_of))
    environment = mapper.begin(record, Evaluator(DEFAULT_LIMITS)).environment
    return Trial(kind, lambda: _member(environment.read(step.key)))


def _helper(source: SourceText) -> FieldRule:
    """Return the expression as the only member of an object, so that it is never folded away."""
    span = source.span()
    offsets = tuple(range(len(source.text) + 1))
    node = ScalarNode(span, source.text, Style.PLAIN, source.text, offsets)
    value = FieldRule(_VALUE, span, Formula(node, is_text=False), Origin(span))
    return FieldRule(_HELPER, span, NestedBody({_VALUE: value}), Origin(span))


def _member(value: Value) -> Value:
    return value.get(_VALUE, MISSING) if isinstance(value, dict) else MISSING


def _fitted(raw: Value, wanted: Type, report: Report) -> Value:
    fitted = conform(raw, wanted)
    report.extend(wrong_record(None, None, misfit) for misfit in fitted.misfits)
    return fitted.value


def _reads_record(node: Typed) -> bool:
    if isinstance(node, Variable) and node.key == RECORD_KEY:
        return True
    return any(map(_reads_record, inner(node)))
