"""
Derive the way back of a two-way mapping, as a mapping of direction `in` like any other.

Each rule is undone as far as it loses nothing. What stands under `back:` wins over what is
derived; a rule with `one_way: out` is left out; every other rule that cannot be undone is
named, unless `back:` says the field that it reads. A constant that the way out writes is
asked for: a payload that says something else there was not made by this mapping.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.language.formatter import format_expression
from mapping_engine.language.nodes import Expression
from mapping_engine.packs.formulas import written_in
from mapping_engine.packs.model import (
    Decision,
    FieldRule,
    Formula,
    Origin,
    PayloadRule,
    RecordMapping,
    WayBack,
)
from mapping_engine.packs.problems_of_reversal import no_way_back, read_back_twice
from mapping_engine.packs.reverse_nodes import Pen, formula_of
from mapping_engine.packs.reverse_parts import Gap, Payload, Told, overlap
from mapping_engine.packs.reverse_places import Item, Room
from mapping_engine.packs.reverse_rules import Reversing
from mapping_engine.packs.reverse_values import Found
from mapping_engine.packs.tables import TypedTable
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.text import Located, Span
from mapping_engine.values.types import Object

__all__ = ["Carried", "Gap", "Known", "Reversal", "report_gaps", "reverse",
           "said_of_way_back"]  # fmt: skip

#: The reason under which a payload is skipped that the way out cannot have made.
_OTHER_KIND = "other_kind"


class Carried(Struct, frozen=True):
    """A single field that both sides carry by a derived rule, by its dotted name on each."""

    record: str
    payload: str


class Reversal(Struct, frozen=True):
    """The way back as a mapping, and the rules without one.

    `derived` are the rules in it that the pack does not say itself; `carried` those of them
    that are about a single field on either side.
    """

    mapping: RecordMapping
    gaps: tuple[Gap, ...]
    derived: Mapping[str, FieldRule]
    carried: tuple[Carried, ...]


class Known(Struct, frozen=True):
    """What a mapping is reversed with: both types, the tables, and how formulas are parsed.

    `trees` takes in the derived expressions, by the identity of their nodes.
    """

    record: Object
    payload: Object
    tables: Mapping[str, TypedTable]
    tree: Callable[[Formula], Expression]
    trees: MutableMapping[int, Expression]


def reverse(mapping: RecordMapping, known: Known) -> Reversal:
    """Return the way back of a mapping with one payload."""
    payload, back = mapping.payloads[0], mapping.back or WayBack()
    helpers = {**mapping.let, **payload.let}
    reversing = Reversing(Room(known.record, helpers, known.tree), known.tables, known.trees)
    reversing.take(payload.fields, Payload(known.payload))
    derived = reversing.fields()
    kept = {
        name: rule
        for name, rule in derived.items()
        if not any(overlap(name, said) for said in back.fields)
    }
    fields = {**kept, **back.fields}
    return Reversal(
        _mapping(mapping, payload, fields, _other_kinds(reversing.constants, known)),
        tuple(each for each in reversing.gaps if _is_open(each, back.fields, fields)),
        kept,
        tuple(_carried(reversing, kept)),
    )


def report_gaps(gaps: Iterable[Gap], report: Report) -> None:
    """Report the rules that have no way back, each once, with the reason."""
    doubled: dict[Span, list[Gap]] = {}
    for gap in gaps:
        if gap.doubles is None:
            report.add(no_way_back(gap.rule.key, gap.name, gap.why))
        else:
            doubled.setdefault(gap.rule.key, []).append(gap)
    for span, several in doubled.items():
        found = read_back_twice(span, several[0].name, [each.reads[0] for each in several])
        for each in several:
            if each.doubles is not None:
                found = found.with_label(each.doubles.key, "read back from here")
        report.add(found)


def said_of_way_back(found: Diagnostic, reversal: Reversal) -> Diagnostic:
    """Return what was found in a way back, saying so; a derived rule is changed under `back:`."""
    derived = {each.formula.node.span for each in written_in(reversal.derived)}
    if found.span in derived:
        hint = "say under `back:` how it is read, or mark the rule `one_way: out` with a `because`"
        found = replace(found, hint=hint)
    return found.with_note("note", "this is about the way back; `show --back` prints its rules")


def _mapping(
    mapping: RecordMapping, payload: PayloadRule, fields: Mapping[str, FieldRule],
    skip: tuple[Decision, ...],
) -> RecordMapping:  # fmt: skip
    back = mapping.back or WayBack()
    made = PayloadRule(
        name=mapping.record.value,
        object=payload.object,
        operation=Located("create", payload.object.span),
        fields=fields,
        origin=payload.origin,
    )
    return RecordMapping(
        name=mapping.name, record=mapping.record, direction="in", payloads=(made,),
        origin=mapping.origin, envelope=mapping.envelope, switch=mapping.switch,
        owner=mapping.owner, skip=(*back.skip, *skip), reject=back.reject, warn=back.warn,
        let=back.let,
    )  # fmt: skip


def _other_kinds(constants: list[Told], known: Known) -> tuple[Decision, ...]:
    """Return the skips of payloads that say something else where the way out writes a constant."""
    found = []
    for each in constants:
        span = each.given.tree.span
        pen = Pen(span)
        other = pen.all_of(
            [pen.present(each.given.tree), pen.same(each.given.tree, each.value, same=False)]
        )
        assert other is not None
        when = formula_of(other, span, known.trees)
        reason = Located(_OTHER_KIND, span)
        found.append(Decision(when, reason, None, Origin(span, each.rule.origin.layer)))
    return tuple(found)


def _is_open(gap: Gap, said: Mapping[str, FieldRule], fields: Mapping[str, FieldRule]) -> bool:
    """Whether a gap is left: some field that its rule reads comes back from nowhere."""
    if gap.doubles is not None:
        return not any(overlap(read, name) for read in gap.reads for name in said)
    return any(not any(overlap(read, name) for name in fields) for read in gap.reads)


def _carried(reversing: Reversing, kept: Mapping[str, FieldRule]) -> list[Carried]:
    found = []
    for entry, rule in reversing.found():
        if not isinstance(entry, Found) or any(isinstance(s, Item) for s in entry.place.steps):
            continue
        if rule.one_way == "back":
            continue
        name = ".".join(each for each in entry.place.steps if isinstance(each, str))
        if name in kept:
            found.append(Carried(name, format_expression(entry.given.source)))
    return found
