"""
Make a program of a pack: bind its tables, type its mappings, ask what the schemas demand.

The order is that of a record's way: what is read, skips, rejects, helpers, payloads,
totals. What an earlier step has settled is known in the later ones.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from msgspec.structs import replace

from mapping_engine.functions import CATALOGUE
from mapping_engine.functions.catalogue import Function
from mapping_engine.language.environment import MADE_KEY, PAYLOAD_KEY, RECORD_KEY
from mapping_engine.language.nodes import Expression
from mapping_engine.language.operators import learned
from mapping_engine.language.problems_of_types import unit_mismatch
from mapping_engine.language.scope import Binding, Keys, Scope
from mapping_engine.language.typed import Typed
from mapping_engine.packs.catalogue_checks import check_catalogue
from mapping_engine.packs.lookups import backward_functions, table_function
from mapping_engine.packs.model import (
    Decision,
    Formula,
    Pack,
    PayloadRule,
    RecordMapping,
    Total,
    TotalSide,
)
from mapping_engine.packs.problems_of_reversal import several_payloads_back
from mapping_engine.packs.problems_of_schemas import unknown_tolerance
from mapping_engine.packs.reverse import Known, Reversal, report_gaps, reverse, said_of_way_back
from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.packs.settings import constants
from mapping_engine.packs.tables import TypedTable, build_table
from mapping_engine.runtime import problems_of_targets as problems
from mapping_engine.runtime.build import Builder
from mapping_engine.runtime.lookups import link_functions, role_function
from mapping_engine.runtime.preflight import preflight_failed
from mapping_engine.runtime.program import (
    DecisionStep,
    FieldStep,
    MakeObject,
    MappingProgram,
    PayloadProgram,
    Program,
    SideStep,
    TotalStep,
    back_of,
)
from mapping_engine.runtime.roots import is_fixed, roots, unfixed
from mapping_engine.runtime.targets import ANSWER_KEY, answer_of, check_match, check_write_back
from mapping_engine.source.diagnostic import Report
from mapping_engine.values import types
from mapping_engine.values.types import TEXT, List, Object, Type, blanks_as_null, unlike_units
from mapping_engine.values.words import phrase

__all__ = ["build"]


def build(
    pack: Pack, schemas: SchemaStore, report: Report, *, like: Program | None = None,
    trees: Mapping[int, Expression] = MappingProxyType({}), only: Collection[str] | None = None,
) -> Program:  # fmt: skip
    """Return the program of a pack. With errors in the report it must not be run.

    With `only` it has the mappings of these names alone, and nothing is said of the others.

    `like` is the program of the same pack as it is in force: then nothing that a firm or a
    default fixes is folded, so that advice can tell what is so for every firm. `trees` are
    formulas that have been parsed without a mistake, by the identity of their nodes.
    """
    if like is not None and not is_fixed(constants(pack)):
        return like
    assembler = _Assembler(pack, schemas, report, like.trees if like else trees, like)
    programs: dict[str, MappingProgram] = {}
    for mapping in pack.mappings.values():
        if only is not None and mapping.name not in only:
            continue
        program = assembler.mapping(mapping)
        if program is not None:
            programs[mapping.name] = program
        back = assembler.way_back(mapping)
        if back is not None:
            programs[back_of(mapping.name)] = back
    needed, preflight = assembler.needed_roles(), assembler.preflight()
    if like is None:
        check_catalogue(pack, assembler.tables, report)
        report.extend(preflight_failed(pack, preflight))
    built = assembler.builder.built
    guarded = tuple(step for step in built if step.guard is not None)
    return Program(
        pack,
        programs,
        guarded,
        len(built),
        assembler.tables,
        assembler.builder.trees,
        needed,
        preflight,
        assembler.reversals,
    )


@dataclass
class _Assembler:
    pack: Pack
    schemas: SchemaStore
    report: Report
    trees: Mapping[int, Expression]
    like: Program | None = None

    def __post_init__(self) -> None:
        self.builder = Builder(self.report, trees=dict(self.trees))
        self.tables: dict[str, TypedTable] = {}
        self.reversals: dict[str, Reversal] = {}
        self._keys = Keys()
        self._constants = constants(self.pack)
        if self.like is not None:
            self._constants = unfixed(self._constants)
        self._roots = roots(self._constants)
        self._functions = self._all_functions()

    def _all_functions(self) -> Mapping[str, Function]:
        functions = dict(CATALOGUE.functions)
        bound = (*link_functions(self.pack.links), role_function())
        functions |= {each.name: each for each in bound}
        settings = self._constants["settings"]
        for table in self.pack.tables.values():
            typed = self._known_table(table.name)
            if typed is None:
                typed = build_table(table, self._column_type, settings, self.report)
            if typed is not None:
                self.tables[table.name] = typed
                functions |= {each.name: each for each in _functions_of(typed)}
        return functions

    def _known_table(self, name: str) -> TypedTable | None:
        """Return a table that is the same whatever is fixed: typed once, not twice."""
        known = self.like.tables.get(name) if self.like else None
        return None if known and any(each.setting for each in known.inputs) else known

    def _column_type(self, word: str) -> Type | None:
        """Return the type behind a column's word: `role`, or a path of a schema."""
        if word == "role":
            return types.Text(choices=tuple(self.pack.roles)) if self.pack.roles else TEXT
        return self.schemas.member(word)

    def needed_roles(self) -> dict[str, Typed]:
        """Return when which account is needed, of the roles that say so."""
        return self._standing({name: each.needed_when for name, each in self.pack.roles.items()})

    def preflight(self) -> dict[str, Typed]:
        """Return the conditions of what is asked before a record moves."""
        return self._standing({name: each.when for name, each in self.pack.preflight.items()})

    def _standing(self, asked: Mapping[str, Formula | None]) -> dict[str, Typed]:
        """Return conditions that are not about a record but about what is fixed for all."""
        scope = Scope(None, self._roots, self._functions, keys=self._keys)
        typed = {name: self.builder.condition(when, scope) for name, when in asked.items()}
        return {name: each for name, each in typed.items() if each is not None}

    def mapping(self, rule: RecordMapping) -> MappingProgram | None:
        """Return one mapping typed; None when a schema that it stands on is missing."""
        inward = rule.direction == "in"
        if inward and not rule.payloads:
            return None  # it says `payloads:`, which has been reported
        record = self.schemas.canonical(rule.record, self.report)
        targets = [
            record if inward else self.schemas.target(self.pack.name, each.object, self.report)
            for each in rule.payloads
        ]
        read = record
        if inward:
            read = self.schemas.target(self.pack.name, rule.payloads[0].object, self.report)
            read = read and self._as_read(read)
        if read is None or any(each is None for each in targets):
            return None
        known = [each for each in targets if each is not None]
        broken = self._broken(rule)
        if not inward:
            rule = replace(rule, reject=(*rule.reject, *broken))
        return self._typed_mapping(_without_read_only(rule), read, known, broken if inward else ())

    def _broken(self, rule: RecordMapping) -> tuple[Decision, ...]:
        """Return when a record of the kind is not what every one must be."""
        kind = rule.record.value
        invariants = self.schemas.invariants(kind, self.report)
        for name, allowed in rule.tolerance.items():
            if name not in invariants:
                self.report.add(unknown_tolerance(allowed.span, name, kind, invariants))
        allowed_by = {name: each.value for name, each in rule.tolerance.items()}
        return tuple(each.broken(allowed_by.get(name)) for name, each in invariants.items())

    def way_back(self, rule: RecordMapping) -> MappingProgram | None:
        """Return the way back of a two-way mapping typed; None when it has none."""
        if rule.direction != "both":
            return None
        if len(rule.payloads) > 1 or rule.payloads[0].each is not None:
            self.report.add(several_payloads_back(rule.payloads[-1].origin.span))
            return None
        record = self.schemas.canonical(rule.record, Report())
        payload = self.schemas.target(self.pack.name, rule.payloads[0].object, Report())
        if record is None or payload is None:
            return None
        known = Known(record, self._as_read(payload), self.tables, self.builder.tree,
                      self.builder.trees)  # fmt: skip
        reversal = self.like.reversals[rule.name] if self.like else reverse(rule, known)
        self.reversals[rule.name] = reversal
        report_gaps(reversal.gaps, self.report)
        return self._typed_back(reversal)

    def _typed_back(self, reversal: Reversal) -> MappingProgram | None:
        """Return a way back typed; what is said of it, and of it only, says so."""
        report, builder = self.report, self.builder
        self.report = Report()
        self.builder = Builder(self.report, trees=builder.trees, built=builder.built)
        made = self.mapping(reversal.mapping)
        told = {(each.code, each.span, each.message) for each in report}
        new = [each for each in self.report if (each.code, each.span, each.message) not in told]
        report.extend(said_of_way_back(each, reversal) for each in new)
        self.report, self.builder = report, builder
        return made

    def _as_read(self, payload: Object) -> Object:
        """Return the type of a payload that is read, blanks taken as the pack says."""
        nulled = blanks_as_null(payload) if self.pack.blank_is_null else payload
        return nulled if isinstance(nulled, Object) else payload

    def _typed_mapping(
        self, rule: RecordMapping, read: Object, targets: list[Object],
        broken: tuple[Decision, ...],
    ) -> MappingProgram:  # fmt: skip
        """Return the program of a mapping; `broken` is what may not hold of what it makes."""
        inward = rule.direction == "in"
        self.builder.other_side = None if inward else self.pack.name
        key = PAYLOAD_KEY if inward else RECORD_KEY
        binding = Binding(key, read)
        names = {**self._roots, key: binding}
        made = {name: each.key for name, each in rule.let.items()}
        scope = Scope(binding, names, self._functions, keys=self._keys, helpers=made)
        # A helper that a decision asks is typed before it; the others know what was decided.
        asked = self.builder.names_of((*rule.skip, *rule.reject), rule.let)
        early = {name: each for name, each in rule.let.items() if name in asked}
        late = {name: each for name, each in rule.let.items() if name not in asked}
        first, scope = self.builder.helpers(early, scope)
        skip, scope = self.builder.decisions(rule.skip, scope, narrows=True)
        reject, scope = self.builder.decisions(rule.reject, scope, narrows=True)
        second, scope = self.builder.helpers(late, scope)
        warn, _ = self.builder.decisions(rule.warn, scope, narrows=False)
        payloads = tuple(
            self._payload(payload, target, scope)
            for payload, target in zip(rule.payloads, targets, strict=True)
        )
        self._check_something_applies(rule, payloads)
        totals = tuple(self._total(each, payloads, scope, inward) for each in rule.totals.values())
        switch = rule.switch.value if rule.switch else None
        off = switch is not None and not _is_on(self.pack, switch)
        return MappingProgram(
            rule.name, rule.record.value, "in" if inward else "out", read, key, skip, reject, warn,
            (*first, *second), payloads, totals, rule.origin.span, switch if off else None,
            rule.envelope.value if rule.envelope else None,
            tuple((name, self._likeness(each.body, scope)) for name, each in rule.duplicates.items()
                  if isinstance(each.body, Formula)),  # anything else was told with its shape
            self._made_broken(broken, targets, scope),
        )  # fmt: skip

    def _made_broken(
        self, broken: tuple[Decision, ...], targets: list[Object], scope: Scope
    ) -> tuple[DecisionStep, ...]:
        """Return decisions about the record that a mapping makes; `record` is that one."""
        if not targets:  # a mapping that makes nothing has been told
            return ()
        binding = Binding(MADE_KEY, targets[0])
        names = {**scope.names, RECORD_KEY: binding}
        return self.builder.decisions(
            broken, replace(scope, reading=binding, names=names, facts={}), narrows=True
        )[0]

    def _payload(self, rule: PayloadRule, target: Object, scope: Scope) -> PayloadProgram:
        part = self.builder.part(rule, scope, target)
        check_match(rule, target, self.report)
        match = tuple(tuple(name.value for name in key) for key in rule.match)
        return PayloadProgram(
            rule, part, rule.object.value, rule.operation.value, match, target,
            self._write_back(rule, target, scope),
        )  # fmt: skip

    def _write_back(self, rule: PayloadRule, target: Object, scope: Scope) -> tuple[FieldStep, ...]:
        """Return the rules over the target's answer; bare names are the answer's fields.

        They make a change of the record, which may leave out what a whole record must have.
        """
        record = scope.names.get("record")
        if not rule.write_back or record is None or not isinstance(record.type, Object):
            return ()
        check_write_back(rule, self.report)
        answer = Binding(ANSWER_KEY, answer_of(target))
        inside = replace(scope, reading=answer, facts={})
        return tuple(
            step
            for each in rule.write_back.values()
            if each.name != "id"
            for step in self.builder.loose_field(each, inside, answer_of(record.type))
        )

    def _check_something_applies(
        self, rule: RecordMapping, payloads: tuple[PayloadProgram, ...]
    ) -> None:
        """Report a mapping whose every payload hangs on a condition and that has no skip."""
        conditional = [each for each in payloads if each.part.when is not None]
        if payloads and len(conditional) == len(payloads) and not rule.skip:
            first = payloads[0].rule.origin.span
            names = [each.rule.name for each in payloads]
            self.report.add(problems.no_way_to_send(first, names))

    def _total(
        self, rule: Total, payloads: tuple[PayloadProgram, ...], scope: Scope, inward: bool
    ) -> TotalStep:
        when = self.builder.condition(rule.when, scope)
        if when is not None:
            scope = scope.knowing(learned(when, True, scope))
        made = replace(scope, reading=Binding(MADE_KEY, _sent(payloads)))
        sides = (rule.payload, rule.record) if inward else (rule.record, rule.payload)
        read, made_side = self._side(sides[0], scope), self._side(sides[1], made)
        declared = tuple((name, self._side(each, scope)) for name, each in rule.declared.items())
        for side in (made_side, *(each for _, each in declared)):
            unlike = unlike_units(read.amount.type, side.amount.type)
            if unlike is not None:
                self.report.add(unit_mismatch(side.amount.span, *unlike, rule.name))
        return TotalStep(rule, read, made_side, when, declared)

    def _likeness(self, formula: Formula, scope: Scope) -> Typed:
        """Return a checked text, by which likely doubles are told."""
        checked = self.builder.formula(formula, scope)
        if not isinstance(checked.type, types.Text | types.Unknown | types.Nothing):
            given = phrase(checked.type)
            told = problems.not_wanted(checked.span, "duplicates", "a text", given)
            self.report.add(told)
        return checked

    def _side(self, rule: TotalSide, scope: Scope) -> SideStep:
        if rule.each is None:
            return SideStep(self.builder.amount(rule.formula, scope))
        each = self.builder.formula(rule.each, scope)
        items = each.type if isinstance(each.type, List) else List()
        inside, key = scope.entering(items)
        by = self.builder.formula(rule.by, inside) if rule.by else None
        return SideStep(self.builder.amount(rule.formula, inside), each, key, by)


def _without_read_only(rule: RecordMapping) -> RecordMapping:
    """Return a mapping without the fields of its payloads that are only read back."""
    payloads = tuple(
        replace(payload, fields={
            name: each for name, each in payload.fields.items() if each.one_way != "back"
        })
        for payload in rule.payloads
    )  # fmt: skip
    return replace(rule, payloads=payloads) if payloads != rule.payloads else rule


def _functions_of(table: TypedTable) -> tuple[Function, ...]:
    return (table_function(table), *backward_functions(table))


def _sent(payloads: tuple[PayloadProgram, ...]) -> Object:
    """Return what totals read on the payload side: the payload, or the lists of them by name."""
    kinds = {each.rule.name: each.part.build.type for each in payloads}
    if len(payloads) == 1 and payloads[0].part.each is None:
        only = payloads[0].part.build
        return only.type if isinstance(only, MakeObject) else Object()
    lists = {name: List(item=kind) for name, kind in kinds.items()}
    return Object(name="payloads", fields=lists)


def _is_on(pack: Pack, switch: str) -> bool:
    given = pack.given_switches.get(switch)
    declared = pack.switches.get(switch)
    return given.value if given else declared.default if declared else True
