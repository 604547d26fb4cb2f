"""
Turn the formulas, rules and lists of a pack into typed steps.

A `Builder` knows the pack's functions and writes to one report. Every method takes what
the model holds and the scope it reads in, and returns the step that both engines run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType

from msgspec.structs import replace

from mapping_engine.language import nodes
from mapping_engine.language.checker import Checker, counts_anyway
from mapping_engine.language.operators import learned
from mapping_engine.language.parser import parse, parse_text
from mapping_engine.language.problems_of_types import no_mixed_kinds
from mapping_engine.language.scope import ROOTS, Binding, Scope
from mapping_engine.language.typed import Constant, Typed
from mapping_engine.packs.formulas import formulas_in
from mapping_engine.packs.model import (
    Body,
    Decision,
    FieldRule,
    Formula,
    ListBody,
    ListPart,
    NestedBody,
    PayloadRule,
    TemplateBody,
)
from mapping_engine.runtime import fitting, targets
from mapping_engine.runtime import problems_of_targets as problems
from mapping_engine.runtime.lookups import POSITION
from mapping_engine.runtime.makers import Makers
from mapping_engine.runtime.parts import item_type, sure_items, unlike_places
from mapping_engine.runtime.program import (
    Build,
    Compute,
    DecisionStep,
    FieldStep,
    Grouping,
    HelperStep,
    MakeItems,
    MakeObject,
    PartStep,
)
from mapping_engine.runtime.templates import template_call
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.source.text import Located, Span
from mapping_engine.values import types
from mapping_engine.values.types import List, Object, Type, union
from mapping_engine.values.words import phrase, unlike

__all__ = ["Builder"]

_MAY_BE_EMPTY = "M403"
#: What a helper is made for: nothing is known of it, and nobody demands its members.
_NO_TARGET = types.Unknown(absent=True)


@dataclass
class Builder:
    """Builds the steps of one pack."""

    report: Report
    limits: Limits = DEFAULT_LIMITS
    #: What has been parsed, by the identity of the formula's node in YAML.
    trees: dict[int, nodes.Expression] = field(default_factory=dict)

    #: Every field built for a target, for the count of what is guarded.
    built: list[FieldStep] = field(default_factory=list)
    #: The system whose own fields are left to it, once it has the record.
    other_side: str | None = None

    def __post_init__(self) -> None:
        self._checker = Checker(self.report)
        self._makers = Makers()

    def tree(self, formula: Formula) -> nodes.Expression:
        """Return the parsed formula; parsed once, so that a mistake is reported once."""
        if formula.broken:  # the loader has said so already
            return nodes.Unreadable(span=formula.node.span)
        key = id(formula.node)
        if key not in self.trees:
            read = parse_text if formula.is_text else parse
            self.trees[key] = read(formula.node, self.report, self.limits)
        return self.trees[key]

    def formula(self, formula: Formula, scope: Scope) -> Typed:
        """Return a formula checked in `scope`."""
        return self._checker.check(self.tree(formula), scope)

    def condition(self, formula: Formula | None, scope: Scope) -> Typed | None:
        """Return a checked condition, if there is one."""
        return self._checker.condition(self.tree(formula), scope) if formula else None

    def decisions(
        self, rules: tuple[Decision, ...], scope: Scope, narrows: bool
    ) -> tuple[tuple[DecisionStep, ...], Scope]:
        """Return decisions, and the scope of what comes after none of them has held."""
        steps = []
        for rule in rules:
            condition = self._checker.condition(self.tree(rule.when), scope)
            because = None
            if rule.because is not None:
                holding = scope.knowing(learned(condition, True, scope))
                because = self.formula(rule.because, holding)
            steps.append(DecisionStep(rule, condition, because))
            if narrows:
                scope = scope.knowing(learned(condition, False, scope))
        return tuple(steps), scope

    def helpers(
        self, rules: Mapping[str, FieldRule], scope: Scope
    ) -> tuple[tuple[HelperStep, ...], Scope]:
        """Return helpers in the order in which they need each other, and the scope with them."""
        if not rules:
            return (), scope
        steps = []
        made = {name: rule.key for name, rule in rules.items()}
        scope = replace(scope, helpers={**scope.helpers, **made})
        order, circling = self._in_order(rules)
        for name in circling:  # reported; nobody stumbles over them again
            scope = scope.naming(name, Binding(scope.keys.new("let"), types.UNKNOWN))
        for name in order:
            rule = rules[name]
            if name in scope.fields or name in ROOTS:
                self.report.add(problems.helper_hides_field(rule.key, name, scope.words))
                continue
            targets.check_helper(rule, self.report)
            build = self._build(rule.body, scope, None, rule.key)
            key = scope.keys.new("let")
            definition = build.expression if isinstance(build, Compute) else None
            binding = Binding(key, build.type, definition=definition, span=rule.key)
            if isinstance(definition, Constant):
                binding = replace(binding, constant=definition.value)
            else:
                self._makers.note_helper(key, build)
                steps.append(HelperStep(key, name, build, rule.key))
            scope = scope.naming(name, binding)
        return tuple(steps), scope

    def _in_order(self, rules: Mapping[str, FieldRule]) -> tuple[list[str], set[str]]:
        needs = {
            name: {each.name: each.span for each in self._names(rule.body) if each.name in rules}
            for name, rule in rules.items()
        }
        done, circling = dict[str, None](), set[str]()

        def visit(name: str, chain: tuple[str, ...]) -> None:
            if name in chain:
                circle = (*chain[chain.index(name) :], name)
                circling.update(circle)
                found = problems.helper_circle(rules[name].key, circle)
                for one, next_one in pairwise(circle):
                    found = found.with_label(needs[one][next_one], f"asks `{next_one}`")
                self.report.add(found)
                return
            for other in needs[name]:
                if other not in done:
                    visit(other, (*chain, name))
            done[name] = None

        for name in rules:
            if name not in done:
                visit(name, ())
        return list(done), circling

    def _names(self, body: Body) -> Iterator[nodes.Name]:
        for formula in formulas_in(body):
            waiting = [self.tree(formula)]
            while waiting:
                node = waiting.pop()
                if isinstance(node, nodes.Name):
                    yield node
                waiting.extend(nodes.children(node))

    def members(
        self, rules: Mapping[str, FieldRule], scope: Scope, target: Object | None, span: Span
    ) -> MakeObject:
        """Return the object that `rules` make, checked against what the target demands."""
        name = target.name if target else "object"
        steps: list[FieldStep] = []
        is_numbered = any("#" in each for each in rules)
        alike: dict[str, list[FieldStep]] = {}  # those that may fill the same field
        for rule in rules.values():
            near = alike.setdefault("" if is_numbered else rule.name.partition(".")[0], [])
            if targets.is_double(rule, near, self.report):
                continue
            member = targets.target_of(rule, target, self.report)
            if member is not None or target is None:
                step, slots = self._field(rule, scope, member), targets.slots_of(rule, target)
                steps.append(replace(step, slots=slots) if slots else step)
                near.append(steps[-1])
        if target is not None and len(steps) == len(rules):
            fitting.check_members(steps, target, span, self.report)
        return MakeObject(tuple(steps), fitting.object_of(steps, name))

    def loose_field(self, rule: FieldRule, scope: Scope, target: Object) -> tuple[FieldStep, ...]:
        """Return one field that stands alone: nothing is demanded of the object around it."""
        member = targets.target_of(rule, target, self.report)
        return () if member is None else (self._field(rule, scope, member),)

    def amount(self, formula: Formula, scope: Scope) -> Typed:
        """Return a checked number; nothing counts as zero."""
        checked = self.formula(formula, scope)
        if not isinstance(checked.type, types.Number | types.Unknown | types.Nothing):
            given = phrase(checked.type)
            self.report.add(problems.not_wanted(checked.span, "a total", "a number", given))
        return checked

    def names_of(self, rules: tuple[Decision, ...], helpers: Mapping[str, FieldRule]) -> set[str]:
        """Return the helpers that decisions ask, and those that these need in turn."""
        if not helpers:
            return set()
        formulas = [each.when for each in rules]
        formulas += [each.because for each in rules if each.because is not None]
        waiting = [each.name for formula in formulas for each in self._names(formula)]
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in helpers and name not in found:
                found.add(name)
                waiting.extend(each.name for each in self._names(helpers[name].body))
        return found

    def _field(self, rule: FieldRule, scope: Scope, target: Type | None) -> FieldStep:
        path = tuple(rule.name.split("."))
        when = self.condition(rule.when, scope)
        if when is not None:
            scope = scope.knowing(learned(when, True, scope))
        if isinstance(when, Constant) and when.value is False:
            self._pass_over(rule, scope, target)
            kind: Type = types.ABSENT
            build: Build = Compute(Constant(value=None, span=rule.key, type=kind))
            return self._checked_field(FieldStep(path, rule, build, target or kind, kind, when))
        build = self._asking(when, lambda: self._build(rule.body, scope, target, rule.key))
        occasions = targets.occasions_of(rule, target, self.other_side)
        always = when is None and occasions is None
        always = always or (isinstance(when, Constant) and when.value is True)
        kind = fitting.settled(build.type, rule, target, always)
        step = FieldStep(path, rule, build, target or _NO_TARGET, kind, when, occasions=occasions)
        return self._checked_field(step) if target is not None else step

    def _pass_over(self, rule: FieldRule, scope: Scope, target: Type | None) -> None:
        """Report what cannot be read or does not exist in a field that is never filled."""
        outer, count = self.report, len(self.built)
        self.report = self._checker.report = Report()
        self._build(rule.body, scope, target, rule.key)
        found = self.report
        self.report = self._checker.report = outer
        del self.built[count:]
        outer.extend(each for each in found if counts_anyway(each))

    def _asking(self, when: Typed | None, make: Callable[[], Build]) -> Build:
        """Return what is made under a condition; what can be empty then points at it, too."""
        if when is None or isinstance(when, Constant):
            return make()
        outer, self.report = self.report, Report()
        made = make()
        found, self.report = self.report, outer
        asked = when.span, "this condition does not rule that out"
        for each in found:
            outer.add(each.with_label(*asked) if each.code.number == _MAY_BE_EMPTY else each)
        return made

    def _checked_field(self, step: FieldStep) -> FieldStep:
        """Return the step with its guard; what does not fit is reported, here and nowhere else."""
        made = step.build.expression if isinstance(step.build, Compute) else None
        span = made.span if made is not None else step.rule.key
        asked = fitting.Asked(step.name, span, step.target, fitting.left_out(step), made)
        found = Report()
        guard = fitting.check_fit(fitting.given_to(step), asked, found)
        label = self._makers.misfit_of(step) if len(found) else None
        self.report.extend(each.with_label(*label) if label else each for each in found)
        if len(found):
            step = replace(step, type=step.target)
        if isinstance(step.build, MakeItems):
            if any(each.guard for each in step.build.parts):
                guard = step.target
            guard = guard and fitting.asked_of_items(step.build, guard)
        self.built.append(replace(step, guard=guard))
        return self.built[-1]

    def _build(self, body: Body, scope: Scope, target: Type | None, at: Span) -> Build:
        match body:
            case Formula():
                return Compute(self.formula(body, scope))
            case TemplateBody(node=node):
                return Compute(template_call(node, scope, self.report, self.limits))
            case NestedBody(fields=fields):
                inside = target if isinstance(target, Object) else None
                return self.members(fields, scope, inside, at)
            case ListBody(parts=parts):
                return self._items(parts, scope, target)

    def _items(self, parts: tuple[ListPart, ...], scope: Scope, target: Type | None) -> MakeItems:
        wanted = target.item if isinstance(target, List) else None
        steps = tuple(self.part(each, scope, wanted) for each in parts)
        kinds = [item_type(each) for each in steps]
        item: Type | None = types.ABSENT
        for kind in kinds:
            item = union(item, kind) if item is not None else None
        if item is None and wanted is None:
            self._report_unlike(steps, kinds)
        # What is empty is left out, so that an item is always there.
        item = types.UNKNOWN if item is None or isinstance(item, types.Nothing) else item.present()
        sure = sum(sure_items(each) for each in steps)
        private = any(each.build.type.private for each in steps)
        return MakeItems(steps, List(item=item, min_items=sure, private=private))

    def _report_unlike(self, steps: Sequence[PartStep], kinds: Sequence[Type]) -> None:
        """Report the part that mixes with the fewest others; with a target each was held to it."""
        mixes = [sum(union(kind, other) is not None for other in kinds) for kind in kinds]
        odd = mixes.index(min(mixes))
        usual = next(i for i, each in enumerate(kinds) if union(each, kinds[odd]) is None)
        words = unlike(kinds[usual], kinds[odd])
        at, other = unlike_places(steps[odd], steps[usual])
        self.report.add(no_mixed_kinds(at, *words).with_label(other, f"is {words[0]}"))

    def part(self, rule: ListPart | PayloadRule, scope: Scope, target: Type | None) -> PartStep:
        """Return one part of a list, or the whole of a payload, with its own scope inside."""
        when = self.condition(rule.when, scope)
        if when is not None:
            scope = scope.knowing(learned(when, True, scope))
        each: Typed | None = None
        item_key = ""
        group: Grouping | None = None
        order_by: tuple[Typed, ...] = ()
        if rule.each is not None:
            each = self.formula(rule.each, scope)
            items = self._listed(each, scope)
            scope, item_key = scope.entering(items, self._bound(rule.bound, scope, items))
            self._makers.note_items(item_key, each)
            scope = replace(scope, functions={**scope.functions, "position": POSITION})
            order_by = tuple(self.formula(formula, scope) for formula in rule.order_by)
            if rule.group_by:
                group, scope = self._grouping(rule.group_by, scope, items)
        helpers, scope = self.helpers(rule.let, scope)
        build = self._asking(when, lambda: self._part_build(rule, scope, target))
        joins = rule.each is None and isinstance(build, Compute) and isinstance(build.type, List)
        guard = self._part_guard(build, joins, target)
        return PartStep(rule, build, when, each, item_key, group, order_by, helpers, joins, guard)

    def _part_build(self, rule: ListPart | PayloadRule, scope: Scope, target: Type | None) -> Build:
        if isinstance(rule, PayloadRule):
            inside = target if isinstance(target, Object) else None
            return self.members(rule.fields, scope, inside, rule.object.span)
        return self._build(rule.body, scope, target, rule.origin.span)

    def _part_guard(self, build: Build, joins: bool, target: Type | None) -> Type | None:
        """Return what every item is tested against; what does not fit is reported."""
        if isinstance(build, MakeObject) and isinstance(target, Object):
            lacks = fitting.may_lack_all(build.fields, target)
            return fitting.asked_together(target) if lacks else None
        if not isinstance(build, Compute) or target is None:
            return None
        given = build.type.item if joins and isinstance(build.type, List) else build.type
        asked = fitting.Asked("item", build.expression.span, target)
        return fitting.check_fit(given.present(), asked, self.report)

    def _listed(self, each: Typed, scope: Scope) -> List:
        if isinstance(each.type, List):
            return each.type
        if not isinstance(each.type, types.Unknown):
            self.report.add(problems.not_wanted(each.span, "each", "a list", phrase(each.type)))
        return List()

    def _bound(self, name: Located[str] | None, scope: Scope, items: List) -> str | None:
        if name is None:
            return None
        if isinstance(items.item, Object) and name.value in items.item.fields:
            owner = items.item.name
            self.report.add(problems.helper_hides_field(name.span, name.value, owner))
        return name.value

    def _grouping(
        self, rules: tuple[tuple[Located[str], Formula], ...], scope: Scope, items: List
    ) -> tuple[Grouping, Scope]:
        keys = tuple((name.value, self.formula(formula, scope)) for name, formula in rules)
        kinds = {name: key.type for name, key in keys}
        keys_key, items_key = scope.keys.new("keys"), scope.keys.new("group")
        read = Binding(keys_key, Object(name="group", fields=MappingProxyType(kinds)))
        group = Binding(items_key, replace(items.present(), min_items=1))
        inside = replace(scope, reading=read).naming("group", group)
        return Grouping(keys, keys_key, items_key), inside
