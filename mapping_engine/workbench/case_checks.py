"""
Compare what a case expects with what came out, field by field.

Only what the case names is compared, unless it says `exactly`; of an update or a change the
whole is, since what it does not name stays. Lists are compared item by item. Numbers are the
same when their values are, so `0` expects `0.00` too; a text is compared with the characters
as they are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from mapping_engine.packs.reading import word
from mapping_engine.runtime.outcome import Mapped, Outcome, Payload, Rejected, Skipped
from mapping_engine.runtime.program import MappingProgram
from mapping_engine.source.node import MappingNode, Node, ScalarNode, SequenceNode
from mapping_engine.source.suggest import nearest
from mapping_engine.source.text import Span
from mapping_engine.values.json import encode
from mapping_engine.values.privacy import holds_private
from mapping_engine.values.types import UNKNOWN, List, Object, Type
from mapping_engine.values.value import MISSING, Value
from mapping_engine.workbench.cases import OUTCOMES

__all__ = ["Difference", "differences"]


class Difference(Struct, frozen=True):
    """One place where something else came out.

    `node` is what the case says there, None where it says nothing; `wanted` is that in words.
    `field` is the place in the payload, None when the outcome itself differs.
    """

    field: str | None
    wanted: str
    got: str
    span: Span
    node: Node | None = None
    value: Value = MISSING
    private: bool = False
    note: str | None = None


def differences(
    expect: MappingNode, outcome: Outcome, mapping: MappingProgram | None, *, whole: bool = False
) -> list[Difference]:
    """Return every difference between what is expected and what came out, in order.

    What comes out is compared as a `whole` unless the case says something else.
    """
    said = next((each for each in expect if each.key.text in OUTCOMES), None)
    warned = expect.get("warn")
    found: list[Difference] = []
    if said is not None:
        match said.key.text:
            case "skip":
                found += _reasons("skip", said.value, outcome)
            case "reject":
                found += _reasons("reject", said.value, outcome)
            case _:
                found += _payloads(said.key.text, said.value, outcome,
                                   _Way(expect, mapping, whole))  # fmt: skip
    elif not isinstance(outcome, Mapped):
        found.append(_other_outcome("a payload", outcome, expect.span, None))
    if warned is not None and isinstance(outcome, Mapped):
        got = list(dict.fromkeys(each.reason for each in outcome.warnings))
        found += _words("warn", warned, got)
    return found


def _came_out(outcome: Outcome) -> str:
    match outcome:
        case Mapped(payloads=payloads):
            made = ", ".join(each.object for each in payloads)
            return f"it is mapped to {made}"
        case Skipped(reason=reason):
            return f"it is skipped as `{reason}`"
        case Rejected(reasons=reasons):
            told = [f"`{each.reason}`: {each.diagnostic.message}" for each in reasons]
            return "it is rejected as " + "; and as ".join(told)


def _other_outcome(wanted: str, outcome: Outcome, span: Span, node: Node | None) -> Difference:
    return Difference(None, wanted, _came_out(outcome), span, node)


def _reasons(kind: str, node: Node, outcome: Outcome) -> Iterator[Difference]:
    match outcome:
        case Skipped(reason=reason) if kind == "skip":
            yield from _words(kind, node, [reason])
        case Rejected(reasons=reasons) if kind == "reject":
            yield from _words(kind, node, list(dict.fromkeys(each.reason for each in reasons)))
        case _:
            wanted = _named(kind, _written(node))
            yield _other_outcome(wanted, outcome, node.span, node)


def _words(kind: str, node: Node, got: Sequence[str]) -> Iterator[Difference]:
    """Yield a difference when other reasons were given; their order means nothing."""
    wanted = _written(node)
    if sorted(wanted) != sorted(got):
        value: Value = got[0] if isinstance(node, ScalarNode) and len(got) == 1 else list(got)
        yield Difference(None, _named(kind, wanted), _named(kind, got),
                         node.span, node, value)  # fmt: skip


def _written(node: Node) -> list[str]:
    nodes = node.items if isinstance(node, SequenceNode) else (node,)
    return [said.value for said in map(word, nodes) if said is not None]


def _named(kind: str, words: Iterable[str]) -> str:
    noun = {"skip": "skip", "reject": "rejection", "warn": "warning"}[kind]
    listed = ", ".join(f"`{each}`" for each in words)
    return f"a {noun} as {listed}" if listed else f"no {noun}"


class _Way(Struct, frozen=True):
    """How payloads are compared: all fields or those named, and the types they have."""

    expect: MappingNode
    mapping: MappingProgram | None
    whole: bool

    @property
    def exactly(self) -> bool:
        """Whether a payload may have no other fields."""
        node = self.expect.get("exactly")
        return node.value is True if isinstance(node, ScalarNode) else self.whole

    def type_of(self, payload: Payload) -> Type:
        """Return what the target says of a payload, or our schema of a changed record."""
        if self.mapping is not None and self.expect.get("patch") is not None:
            return self.mapping.reads
        programs = self.mapping.payloads if self.mapping else ()
        found = (each.target for each in programs if each.rule.name == payload.mapping)
        return next(found, UNKNOWN)


def _payloads(kind: str, node: Node, outcome: Outcome, way: _Way) -> Iterator[Difference]:
    if not isinstance(outcome, Mapped):
        wanted = {"record": "a record", "patch": "a change of the record"}.get(kind, "a payload")
        yield _other_outcome(wanted, outcome, node.span, None)
        return
    made = outcome.payloads
    if kind != "payloads":
        if len(made) > 1:
            yield Difference(None, "one payload", _came_out(outcome), node.span)
        yield from _compared(node, made[0].payload, _Place("", way.type_of(made[0]), way.exactly))
    elif isinstance(node, SequenceNode):
        yield from _one_by_one(node, made, "payloads", way)
    elif isinstance(node, MappingNode):
        for entry in node:
            name, expected = entry.key.text, entry.value
            found = [each for each in made if each.mapping == name]
            nodes = expected if isinstance(expected, SequenceNode) else None
            if nodes is not None:
                yield from _one_by_one(nodes, found, name, way)
            elif len(found) != 1:
                got = f"{len(found)} payloads" if found else "none"
                yield Difference(name, "one payload", got, entry.key.span)
            else:
                place = _Place(name, way.type_of(found[0]), way.exactly)
                yield from _compared(expected, found[0].payload, place)


def _one_by_one(
    node: SequenceNode, made: Sequence[Payload], name: str, way: _Way
) -> Iterator[Difference]:
    if len(node.items) != len(made):
        yield Difference(name, _counted(len(node.items), "payload"), _counted(len(made), "payload"),
                         node.span)  # fmt: skip
    for at, (expected, payload) in enumerate(zip(node.items, made, strict=False)):
        place = _Place(f"{name}[{at}]", way.type_of(payload), way.exactly)
        yield from _compared(expected, payload.payload, place)


def _counted(number: int, word: str) -> str:
    return f"1 {word}" if number == 1 else f"{number} {word}s"


class _Place(Struct, frozen=True):
    """Where in a payload a comparison stands."""

    name: str
    type: Type
    exactly: bool
    is_inside_private: bool = False

    @property
    def private(self) -> bool:
        """Whether what stands here, or is inside it, may not be shown."""
        return self.is_inside_private or holds_private(self.type)

    def member(self, name: str) -> _Place:
        """Return the place of a member."""
        type: Type = UNKNOWN
        if isinstance(self.type, Object):
            type = self.type.fields.get(name) or self.type.others or UNKNOWN
        whole = f"{self.name}.{name}" if self.name else name
        return _Place(whole, type, self.exactly, self.is_inside_private or type.private)

    def item(self, at: int) -> _Place:
        """Return the place of an item."""
        type = self.type.item if isinstance(self.type, List) else UNKNOWN
        return _Place(
            f"{self.name}[{at}]", type, self.exactly, self.is_inside_private or type.private
        )


def _compared(node: Node, value: Value, place: _Place) -> Iterator[Difference]:
    if isinstance(node, MappingNode) and isinstance(value, dict):
        yield from _members(node, value, place)
    elif isinstance(node, SequenceNode) and isinstance(value, list):
        if len(node.items) != len(value):
            yield Difference(place.name, _counted(len(node.items), "item"),
                             _counted(len(value), "item"), node.span)  # fmt: skip
        for at, (each, item) in enumerate(zip(node.items, value, strict=False)):
            yield from _compared(each, item, place.item(at))
    elif not (isinstance(node, ScalarNode) and _is_same(node, value)):
        yield Difference(place.name, _words_of(node), _shown(value), node.span, node, value,
                         place.private)  # fmt: skip


def _members(node: MappingNode, value: dict[str, Value], place: _Place) -> Iterator[Difference]:
    named: dict[str, Value] = {}
    for each in node:
        first, *path = each.key.text.split(".")
        inside = value.get(first, MISSING)
        at = place.member(first)
        named[first] = None
        for name in path:
            inside = inside.get(name, MISSING) if isinstance(inside, dict) else MISSING
            at = at.member(name)
        if inside is MISSING:
            is_known = not isinstance(place.type, Object) or first in place.type.fields
            note = None if path or is_known else _unknown(first, place.type)
            yield Difference(at.name, _words_of(each.value), "nothing", each.value.span,
                             private=at.private, note=note)  # fmt: skip
        else:
            yield from _compared(each.value, inside, at)
    for name in value if place.exactly else ():
        if name not in named:
            at = place.member(name)
            yield Difference(at.name, "nothing", _shown(value[name]), node.span, private=at.private)


def _unknown(name: str, type: Type) -> str:
    near = nearest(name, type.fields) if isinstance(type, Object) else None
    return f"there is no such field; did you mean `{near}`?" if near else "there is no such field"


def _is_same(node: ScalarNode, value: Value) -> bool:
    if isinstance(value, str):
        return node.text == value and (node.value is not None or node.is_quoted)
    if isinstance(value, bool) or value is None:
        return not node.is_quoted and node.value is value
    if isinstance(value, Decimal):
        return isinstance(node.value, Decimal) and node.value == value
    return False


def _words_of(node: Node) -> str:
    return " ".join(node.span.text.split())


def _shown(value: Value) -> str:
    return "nothing" if value is MISSING else encode(value)
