"""
Ask whether what a rule yields fits its target field: proved, guarded, or wrong.

Type, emptiness, enum, unit and scale must be proved. A length, range, pattern, list size or
members of which one must be there are guarded where they cannot be proved: the mapper tests
every value and a misfit is a refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from mapping_engine.language.problems_of_types import (
    may_be_empty,
    needs_rounding,
    not_in_enum,
    unit_mismatch,
)
from mapping_engine.language.typed import Constant, Typed
from mapping_engine.packs.model import FieldRule
from mapping_engine.runtime.problems_of_targets import not_wanted, required_field_missing
from mapping_engine.runtime.program import FieldStep, MakeItems, MakeObject
from mapping_engine.runtime.walking import results_of
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.text import Span
from mapping_engine.values import types
from mapping_engine.values.fit import Misfit, misfits
from mapping_engine.values.guard import breaches
from mapping_engine.values.types import List, Number, Object, Text, Type, Unknown
from mapping_engine.values.value import is_empty
from mapping_engine.values.words import phrase, state

__all__ = [
    "GUARDED", "Asked", "asked_of_items", "asked_together", "check_fit", "check_members",
    "given_to", "left_out", "may_lack_all", "object_of", "settled",
]  # fmt: skip

#: Kinds of misfit that are tested on every value instead of being proved.
GUARDED = frozenset({"length", "range", "pattern", "format", "list_size", "unique", "needs_one_of"})


def settled(kind: Type, rule: FieldRule, target: Type | None, always: bool) -> Type:
    """Return the type of a field once its policies have been followed.

    Empty values are left out, but for null where the target takes null, and for all that is
    said of a field which the target demands. `always` says that nothing leaves the field out.
    """
    if isinstance(kind, Unknown):
        return kind
    empty = kind.can_be_empty
    takes_null = target is not None and target.null
    there, private = kind.present(), kind.private
    absent = not always or rule.on_error == "omit"
    match rule.on_empty:
        case "reject":
            return there.with_states(absent, False, private)
        case "null":
            return there.with_states(absent, empty, private)
        case "omit":
            return there.with_states(absent or empty, False, private)
        case _ if always and target is not None and not target.absent:
            return kind.with_states(absent or kind.absent, kind.null, private)
        case _:
            dropped = _empty_but_null(kind) or (kind.null and not takes_null)
            return there.with_states(absent or dropped, kind.null and takes_null, private)


def _empty_but_null(kind: Type) -> bool:
    return kind.with_states(kind.absent, False, kind.private).can_be_empty


def given_to(step: FieldStep) -> Type:
    """Return the type that a field is asked to fit with; inner members were asked before."""
    given, target = step.type, step.target
    if isinstance(step.build, MakeObject) and isinstance(target, Object):
        return _members_as_asked(step.build, given, target)
    if isinstance(step.build, MakeItems) and isinstance(target, List) and isinstance(given, List):
        return replace(given, item=target.item)
    return given


def _members_as_asked(build: MakeObject, given: Type, target: Object) -> Object:
    """Return the target's own type, but for which members are there."""
    made = object_of(build.fields, target.name).fields
    fields = {
        name: replace(kind, absent=kind.absent and (name not in made or made[name].absent))
        for name, kind in target.fields.items()
    }
    return replace(target, absent=given.absent, null=given.null, fields=fields, needs_one_of=())


def may_lack_all(steps: Sequence[FieldStep], target: Object) -> bool:
    """Whether an object, or one inside it, may lack all members of which one must be there."""
    made = object_of(steps, target.name)
    there = {name for name, kind in made.fields.items() if not kind.absent}
    if target.needs_one_of and not any(there.issuperset(group) for group in target.needs_one_of):
        return True
    groups: dict[str, list[FieldStep]] = {}
    for step in steps:
        if len(step.path) > 1:
            groups.setdefault(step.path[0], []).append(_shorter(step))
    kinds = [(inner, target.fields.get(word)) for word, inner in groups.items()]
    return any(isinstance(kind, Object) and may_lack_all(inner, kind) for inner, kind in kinds)


def asked_together(target: Object) -> Object:
    """Return what a type asks of the members of an object together, and of objects inside it."""
    inside = {name: asked_together(kind) for name, kind in target.fields.items()
              if isinstance(kind, Object) and _asks_together(kind)}  # fmt: skip
    return replace(target, fields=inside, others=types.UNKNOWN)


def _asks_together(target: Object) -> bool:
    inner = (kind for kind in target.fields.values() if isinstance(kind, Object))
    return bool(target.needs_one_of) or any(map(_asks_together, inner))


def asked_of_items(build: MakeItems, target: Type) -> Type:
    """Return what is left to ask of a list whose items were made field by field."""
    made = all(isinstance(part.build, MakeObject) for part in build.parts)
    if made and isinstance(target, List) and isinstance(target.item, Object):
        return replace(target, item=asked_together(target.item))
    return target


class LeftOut(Struct, frozen=True):
    """Why a field is left out though its value is there: what to do, and the condition if any."""

    key: Span
    hint: str
    condition: tuple[Span, str] | None = None

    def told(self, found: Diagnostic) -> Diagnostic:
        """Return what is said of the value as it is said of the whole field."""
        placed = found.at(self.key)
        return placed if self.condition is None else placed.with_label(*self.condition)


def left_out(step: FieldStep) -> LeftOut | None:
    """Return what leaves a field out whose value is there; None when nothing does."""
    rule, when = step.rule, step.when
    demanded = "the target demands the field: take `{}` away"
    if isinstance(when, Constant) and when.value is False:
        words = "this never holds, so the field is left out"
        return LeftOut(rule.key, demanded.format("when:"), (when.span, words))
    if step.build.type.absent:
        return None
    if when is not None and not isinstance(when, Constant):
        words = "where this does not hold, the field is left out"
        hint = (
            "say in the value what is sent otherwise (`if … then … else …`), and take `when:` away"
        )
        return LeftOut(rule.key, hint, (when.span, words))
    if rule.only_on is not None:
        return LeftOut(rule.key, demanded.format("only_on:"))
    if rule.on_error == "omit":
        return LeftOut(rule.key, demanded.format("on_error: omit"))
    return None


class Asked(Struct, frozen=True):
    """What a rule is asked to fit: a field's name and type, where it stands, and what it yields."""

    name: str
    span: Span
    target: Type
    left_out: LeftOut | None = None
    expression: Typed | None = None

    @property
    def constants(self) -> list[Constant]:
        """The results that are known before any record is."""
        results = results_of(self.expression) if self.expression is not None else ()
        return [each for each in results if isinstance(each, Constant)]

    def place_of(self, word: str) -> Span:
        """Return where a word stands that the rule yields."""
        return next((each.span for each in self.constants if each.value == word), self.span)


def check_fit(given: Type, asked: Asked, report: Report) -> Type | None:
    """Report what is wrong; return the target type when something is left to be guarded."""
    guard = None
    reported = False
    for misfit in misfits(given, asked.target):
        if misfit.kind in GUARDED:
            guard = asked.target
        elif not reported:
            report.add(_word(given, asked, misfit))
            reported = True
    if guard is not None:
        report.extend(_never_fitting(asked))
    return guard


def _never_fitting(asked: Asked) -> Iterator[Diagnostic]:
    """Yield the constants that a guard would refuse in every record.

    What a setting says is left to the guard: a part that it turns off may hold it.
    """
    for each in asked.constants:
        if each.origin is None and not is_empty(each.value):
            for misfit in breaches(each.value, asked.target)[:1]:
                # A text is underlined, not repeated: it may be what no log should show.
                given = misfit.got if misfit.got != "text" else "another text"
                given = misfit.found if isinstance(each.value, Decimal) else given
                yield not_wanted(each.span, asked.name, misfit.expected, given)


def _word(given: Type, asked: Asked, misfit: Misfit) -> Diagnostic:
    name, span, target = asked.name, asked.span, asked.target
    shown = f"{name}.{misfit.path}" if misfit.path else name
    inner_given, inner_target = _inside(given, misfit.path), _inside(target, misfit.path)
    match misfit.kind:
        case "absent" | "null" | "blank":
            wanted = phrase(inner_target.present())
            left = asked.left_out if misfit.kind == "absent" and not misfit.path else None
            given_state, hint = state(inner_given), left.hint if left else None
            found = may_be_empty(span, shown, wanted, given_state, target.absent, hint=hint)
            return left.told(found) if left else found
        case "enum" if isinstance(inner_given, Text) and isinstance(inner_target, Text):
            known = inner_target.choices or ()
            foreign = [each for each in inner_given.choices or () if each not in known]
            if foreign:
                return not_in_enum(asked.place_of(foreign[0]), f"`{shown}`", foreign[0], known)
            hint = f"a table turns it into one of the {len(known)} words"
            return not_wanted(span, shown, phrase(inner_target), phrase(inner_given), hint)
        case "scale" if isinstance(inner_target, Number) and inner_target.scale is not None:
            places = inner_given.scale if isinstance(inner_given, Number) else None
            return needs_rounding(span, shown, inner_target.scale, places)
        case "unit" if isinstance(inner_given, Number) and isinstance(inner_target, Number):
            return unit_mismatch(span, str(inner_target.unit), str(inner_given.unit), shown)
        case "missing_member":
            return required_field_missing(span, name, [misfit.path.rpartition(".")[2]])
        case _:
            turn = _conversion(inner_given, inner_target)
            return not_wanted(
                span, shown, phrase(inner_target.present()), phrase(inner_given), turn
            )


def _conversion(given: Type, target: Type) -> str | None:
    match given, target:
        case Text(), Number():
            return "`to_number( )` reads a number from a text"
        case _, Text() if not isinstance(given, List | Object):
            return "`to_text( )` makes a text of it"
        case types.DateTime(), types.Date():
            return "`date_of(…, zone=firm.time_zone)` gives the date of a stamp"
        case List(), _ if not isinstance(target, List):
            return "`first( )` takes one of a list"
        case _:
            return None


def _inside(kind: Type, path: str) -> Type:
    """Return the type at a misfit's path: members by name, items by `[]`."""
    for word in path.replace("[", ".[").split(".") if path else ():
        if isinstance(kind, List) and word.startswith("["):
            kind = kind.item
        elif isinstance(kind, Object) and word in kind.fields:
            kind = kind.fields[word]
    return kind


def object_of(steps: Iterable[FieldStep], name: str) -> Object:
    """Return the type of the object that some fields make; absent when all of them can be."""
    groups: dict[str, list[FieldStep]] = {}
    for step in steps:
        groups.setdefault(step.path[0], []).append(step)
    fields: dict[str, Type] = {}
    for word, members in groups.items():
        if members[0].slots:
            fields |= _numbered(members[0])
        elif len(members[0].path) == 1:
            fields[word] = members[0].type
        else:
            fields[word] = object_of([_shorter(each) for each in members], f"{name}.{word}")
    absent = all(kind.absent for kind in fields.values())
    return Object(name=name, fields=fields, absent=absent)


def _numbered(step: FieldStep) -> dict[str, Type]:
    """Return the types of the numbered fields that a list is spread over."""
    item = step.type.item if isinstance(step.type, List) else types.UNKNOWN
    known = item.fields if isinstance(item, Object) else {}
    return {
        full: replace(known[name], absent=True)
        for slot in step.slots
        for name, full in slot.items()
        if name in known
    }


def check_members(steps: Sequence[FieldStep], target: Object, span: Span, report: Report) -> None:
    """Report the members that the target demands and no field fills."""
    groups: dict[str, list[FieldStep]] = {}
    for step in steps:
        groups.setdefault(step.path[0], []).append(step)
    missing = [
        name for name, kind in target.fields.items() if not kind.absent and name not in groups
    ]
    if missing:
        report.add(required_field_missing(span, target.name, missing))
    for word, members in groups.items():
        inside = target.fields.get(word)
        if len(members[0].path) > 1 and isinstance(inside, Object):
            shorter = [_shorter(each) for each in members]
            check_members(shorter, inside, members[0].rule.key, report)
            if _is_demanded(inside) and object_of(shorter, word).absent:
                span = members[0].rule.key
                report.add(may_be_empty(span, word, "an object", "absent", False))


def _is_demanded(target: Object) -> bool:
    """Whether the target demands an object, though none of its members."""
    return not target.absent and all(kind.absent for kind in target.fields.values())


def _shorter(step: FieldStep) -> FieldStep:
    return replace(step, path=step.path[1:])
