"""
Find what else can keep a record from being sent, besides the rules that say so themselves.

Tables without a row, ids that are not known yet, roles without an account, values that do
not fit: each has a reason, and the page says of it what a person does then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from mapping_engine.language.typed import Apply, Constant, Typed, Variable, inner
from mapping_engine.packs.model import RecordMapping
from mapping_engine.packs.table_rows import TypedRow
from mapping_engine.packs.tables import TypedTable
from mapping_engine.runtime.linking import link_reason
from mapping_engine.runtime.ownership import standing
from mapping_engine.runtime.program import Compute, MappingProgram
from mapping_engine.runtime.walking import fields_of, typed_of
from mapping_engine.values.types import Number, Text, Type
from mapping_engine.values.words import count_words, range_words
from mapping_engine.workbench.page_fields import named_rules
from mapping_engine.workbench.page_records import DecisionLine
from mapping_engine.workbench.page_view import View, sentence
from mapping_engine.workbench.page_words import Word, Words, human, joined

__all__ = ["can_miss", "engine_refusals", "standing_skips"]


def standing_skips(
    view: View, mapping: RecordMapping, program: MappingProgram
) -> Iterator[DecisionLine]:
    """Yield why every record of a mapping may be left out: its switch, and its owner."""
    source, pack = view.source(mapping.origin), view.opened.pack
    if mapping.switch is not None:
        switch = pack.switches.get(mapping.switch.value)
        title = switch.title if switch and switch.title else human(mapping.switch.value)
        when: Words = (Word("the switch "), Word(title, "name"), Word(" is off"))
        yield replace(view.refusal("switch_off", when, source), says_when=True)
    skipped = standing(pack, replace(program, switched_off=None))
    if skipped is not None:
        yield view.refusal(skipped.reason, sentence("always"), source, skipped.because or "")


def engine_refusals(
    view: View, mapping: RecordMapping, program: MappingProgram
) -> Iterator[DecisionLine]:
    """Yield what tables, links, roles, totals and the target's limits refuse, each once."""
    found = {(each.reason, each.when): each for each in _refusals(view, mapping, program)}
    yield from found.values()


def _refusals(
    view: View, mapping: RecordMapping, program: MappingProgram
) -> Iterator[DecisionLine]:
    calls = list(_refusing_calls(program))
    asked = {each.function.name.partition("<-")[0] for each in calls}
    for name, table in view.opened.program.tables.items():
        if name in asked:
            yield from _of_table(view, table)
    yield from _of_links(view, calls, program)
    if "role" in asked:
        yield from _of_roles(view, mapping)
    yield from _of_fields(view, mapping, program)
    yield from _of_match_keys(view, program)
    if program.totals:
        names = ", ".join(human(each.rule.name) for each in program.totals)
        when = sentence(f"a control total differs between the two sides: {names}")
        yield view.refusal("invariant_failed", when, view.source(program.totals[0].rule.origin))


def can_miss(table: TypedTable) -> bool:
    """Whether a value may come that no row of a table fits."""
    return table.rest is None and any(each.choices is None for each in table.inputs)


def _refusing_calls(program: MappingProgram) -> Iterator[Apply]:
    """Yield the calls whose refusal refuses the record, and is not left out by the rule."""
    passed_over: set[int] = set()
    for step in fields_of(program):
        if step.rule.on_error == "omit" and isinstance(step.build, Compute):
            passed_over |= {id(each) for each in _inside(step.build.expression)}
    for node in typed_of(program):
        if isinstance(node, Apply) and id(node) not in passed_over:
            yield node


def _inside(node: Typed) -> Iterator[Typed]:
    yield node
    for each in inner(node):
        yield from _inside(each)


def _of_table(view: View, table: TypedTable) -> Iterator[DecisionLine]:
    name = Word(human(table.name), "name")
    for row in (*table.rows, *filter(None, [table.rest])):
        if row.reject is not None:
            when = (*_cells(table, row), Word(" (table "), name, Word(")"))
            source = view.source(row.row.origin)
            yield view.refusal(row.reject.value, when, source, row.row.because or "")
    if can_miss(table):
        missed = (Word("the table "), name, Word(" has no row for it"))
        yield view.refusal(table.reason, missed, view.source(table.table.origin))


def _cells(table: TypedTable, row: TypedRow) -> Words:
    """Return what a row asks of its inputs."""
    cells = ((each.name, row.row.cells.get(each.name)) for each in table.inputs)
    said = (
        (Word(human(name), "name"), Word(" is "), Word(" or ".join(cell.words), "value"))
        for name, cell in cells
        if cell is not None and cell.words
    )
    return joined(said, " and ") or sentence("no other row fits")


def _of_links(
    view: View, calls: Iterable[Apply], program: MappingProgram
) -> Iterator[DecisionLine]:
    asked = (each.arguments[-2:] for each in calls if each.function.name == "link")
    found = {
        (str(object.value), _is_itself(reference, program))
        for object, reference in asked
        if isinstance(object, Constant)
    }
    for name, is_itself in sorted(found):
        rule = view.opened.pack.links.get(name)
        if rule is None:
            continue
        kind = view.kind_title(rule.record.value).lower()
        what = "the record itself is" if is_itself else f"the {kind} it names is"
        waits = "; it waits, and a later run takes it up again" if rule.missing == "hold" else ""
        when = sentence(f"{what} not known there{waits}")
        yield view.refusal(link_reason(rule), when, view.source(rule.origin))


def _is_itself(reference: Typed, program: MappingProgram) -> bool:
    """Whether `link( )` asks for the record that is being mapped."""
    return isinstance(reference, Variable) and reference.key == program.input_key


def _of_roles(view: View, mapping: RecordMapping) -> Iterator[DecisionLine]:
    when = sentence("the firm has given no account to a role that the record needs")
    found = view.refusal("unmapped_account", when, view.source(mapping.origin))
    yield replace(found, do="name the account under `roles` in the firm file")


def _of_fields(
    view: View, mapping: RecordMapping, program: MappingProgram
) -> Iterator[DecisionLine]:
    """Yield the limits of fields that are tested on every record."""
    steps = {id(each.rule): each for each in fields_of(program)}
    for payload in mapping.payloads:
        for name, rule in named_rules(payload.fields):
            said, source = Word(name, "name"), view.source(rule.origin)
            if rule.on_empty == "reject":
                when = (said, Word(" is empty"))
                yield view.refusal("required_value_missing", when, source)
            guard = steps[id(rule)].guard if id(rule) in steps else None
            for reason, limit in _limits(guard) if guard is not None else ():
                yield view.refusal(reason, (said, Word(limit)), source)


def _limits(guard: Type) -> Iterator[tuple[str, str]]:
    """Yield in which ways a value can break the limits of a type, with the reason of each."""
    if isinstance(guard, Text) and guard.choices is None:
        if guard.max_length is not None:
            yield "too_long", f" is longer than {count_words(guard.max_length, 'character')}"
        if guard.pattern is not None:
            yield "bad_pattern", f" is not written as it must be there ({guard.pattern})"
    if isinstance(guard, Number) and (guard.minimum is not None or guard.maximum is not None):
        yield "out_of_range", f" is not {range_words(guard)}"


def _of_match_keys(view: View, program: MappingProgram) -> Iterator[DecisionLine]:
    for payload in program.payloads:
        if payload.match and payload.operation != "create":
            keys = [" with ".join(names) for names in payload.match]
            when = sentence(f"{payload.object}: none of {', '.join(keys)} is filled in")
            yield view.refusal("missing_match_key", when, view.source(payload.rule.origin))
