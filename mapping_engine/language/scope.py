"""
What the names of an expression stand for, and what is already known of them.

A scope is immutable; entering a list, a helper or a branch makes a new one. `facts` holds
what conditions have established so far (`is present`, `==`, `in`), by path.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from msgspec import Struct, field
from msgspec.structs import replace

from mapping_engine.functions.catalogue import NOT_CONSTANT, Function
from mapping_engine.language.typed import Get, Typed, Variable
from mapping_engine.source.text import Span
from mapping_engine.values.types import List, Object, Text, Type
from mapping_engine.values.value import Value

__all__ = ["ROOTS", "Binding", "Keys", "Scope", "meet", "path_of"]

#: Names that keep their meaning wherever they stand; no field hides them.
ROOTS = ("record", "payload")


class Keys:
    """Gives every bound name of one program a key of its own; the same program, the same keys."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new(self, word: str) -> str:
        """Return a key not used before, e.g. `item#3`."""
        return f"{word}#{next(self._numbers)}"


class Binding(Struct, frozen=True):
    """What a name stands for.

    `constant` is its value where that is known before a record is there (a mapping for
    `settings`, whose missing members are known only later). `definition` is what a helper
    computes, so that asking the helper tells what its own condition tells.
    """

    key: str
    type: Type
    constant: Value = NOT_CONSTANT
    definition: Typed | None = None
    span: Span | None = None


class Scope(Struct, frozen=True):
    """The names that can be read at one place of a pack."""

    reading: Binding | None
    names: Mapping[str, Binding] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    facts: Mapping[str, Type] = field(default_factory=dict)
    keys: Keys = field(default_factory=Keys)
    definitions: Mapping[str, Typed] = field(default_factory=dict)
    #: Where helpers are made, also those that are not known yet: for guessing what was meant.
    helpers: Mapping[str, Span] = field(default_factory=dict)

    @property
    def fields(self) -> Mapping[str, Type]:
        """The fields that bare names read."""
        return self.reading.type.fields if self.reading and isinstance(
            self.reading.type, Object
        ) else {}  # fmt: skip

    @property
    def words(self) -> str:
        """What a message calls the thing that bare names read."""
        kind = self.reading.type if self.reading else None
        return kind.name if isinstance(kind, Object) else "item"

    def knowing(self, facts: Mapping[str, Type]) -> Scope:
        """Return this scope with more facts; what was known before stays known."""
        if not facts:
            return self
        merged = dict(self.facts)
        for path, kind in facts.items():
            merged[path] = meet(merged[path], kind) if path in merged else kind
        return replace(self, facts=merged)

    def naming(self, name: str, binding: Binding) -> Scope:
        """Return this scope with one more name."""
        definitions = self.definitions
        if binding.definition is not None:
            definitions = {**definitions, binding.key: binding.definition}
        return replace(self, names={**self.names, name: binding}, definitions=definitions)

    def entering(self, items: List, name: str | None = None) -> tuple[Scope, str]:
        """Return the scope inside a list, and the key of its item (also named `name`)."""
        key = self.keys.new("item")
        binding = Binding(key, items.item)
        inside = replace(self, reading=binding)
        return (inside.naming(name, binding) if name else inside), key

    def known(self, node: Variable | Get) -> Type:
        """Return the type of a node, narrowed by what is known of its path."""
        path = path_of(node) if self.facts else None
        fact = self.facts.get(path) if path else None
        return node.type if fact is None else fact

    def declared(self, node: Typed) -> Type:
        """Return the type of a field or name before conditions have told anything of it."""
        match node:
            case Get(of=of, name=name):
                owner = self.declared(of)
                member = owner.fields.get(name) if isinstance(owner, Object) else None
                return member or node.type
            case Variable(key=key, name=name):
                binding = self.names.get(name)
                return binding.type if binding and binding.key == key else node.type
            case _:
                return node.type


def meet(known: Type, fact: Type) -> Type:
    """Return the type of a value of which both are known."""
    if type(known) is not type(fact):
        return fact
    absent, null = known.absent and fact.absent, known.null and fact.null
    merged = fact.with_states(absent, null, fact.private)
    if isinstance(known, Text) and isinstance(merged, Text):
        choices = merged.choices
        if known.choices is not None:
            choices = tuple(w for w in known.choices if choices is None or w in choices)
        return replace(merged, choices=choices, blank=known.blank and merged.blank)
    if isinstance(known, List) and isinstance(merged, List):
        return replace(merged, min_items=max(known.min_items, merged.min_items))
    return merged


def path_of(node: Typed) -> str | None:
    """Return the path of what a node reads, `record.matter.number`; None for anything computed."""
    if isinstance(node, Variable):
        return node.key
    if not isinstance(node, Get):
        return None
    above = path_of(node.of)
    return f"{above}.{node.name}" if above else None
