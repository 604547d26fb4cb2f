"""
Advice about names that a pack declares and nothing uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from mapping_engine.language import nodes
from mapping_engine.language.typed import Apply, Constant
from mapping_engine.packs.agreement import used_reasons
from mapping_engine.packs.formulas import helpers_of, templates_of
from mapping_engine.packs.model import Column, Origin, Pack, RecordMapping
from mapping_engine.packs.reasons import ENGINE_REASONS
from mapping_engine.runtime.walking import typed_of
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.source.node import MappingNode, Node, ScalarNode
from mapping_engine.source.text import Located, Span
from mapping_engine.values.types import Text
from mapping_engine.workbench.problems_of_advice import unused_name
from mapping_engine.workbench.subject import Subject, inside

__all__ = ["unused"]

_WORD = re.compile(r"[A-Za-z_]\w*")
_HINT = {
    "helper": "take it away",
    "table": "ask it in a rule, or take its file away",
    "setting": "read it with `settings.…`, or take it away",
    "switch": "name it under `switch:` in a mapping file, or take it away",
    "role": "read it with `role(…)`, or take it away",
    "link": "read it with `link(…)`, or take it away",
    "reason": "name it in a rule, or take it away",
}


class _Used(Struct):
    """The names that a pack's formulas use; `words` are those of templates and of `format:`."""

    calls: set[str] = field(default_factory=set)
    members: dict[str, set[str]] = field(default_factory=dict)
    links: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)

    def take(self, found: Iterable[nodes.Expression]) -> None:
        """Take in the names of the nodes of formulas."""
        for node in found:
            match node:
                case nodes.Call(function=function, arguments=arguments):
                    self.calls.add(function)
                    self.links |= _literals(arguments) if function.startswith("link") else set()
                case nodes.Member(of=nodes.Name(name=root), name=name):
                    self.members.setdefault(root, set()).add(name)

    def has(self, root: str, name: str) -> bool:
        """Whether `root.name` is read somewhere."""
        return name in self.members.get(root, ()) or name in self.words


def unused(subject: Subject) -> Iterator[Diagnostic]:
    """Yield tables, settings, switches, roles, links, reasons and helpers that nothing uses."""
    for mapping in subject.pack.mappings.values():
        yield from _helpers(mapping, subject)
    if not subject.of_pack:
        return
    pack, used = subject.pack, _used(subject)
    reasons = {each.value for each in used_reasons(pack)} | set(ENGINE_REASONS)
    switches = {each.switch.value for each in pack.mappings.values() if each.switch}
    yield from _idle("table", _origins(pack.tables), used.calls | used.words)
    settings = {each for each in pack.settings if used.has("settings", each)} | _filled(pack)
    yield from _idle("setting", _origins(pack.settings), settings)
    switches |= {each for each in pack.switches if used.has("switches", each)}
    yield from _idle("switch", _origins(pack.switches), switches)
    yield from _idle("role", _origins(pack.roles), _roles(subject))
    yield from _idle("link", _origins(pack.links), used.links)
    yield from _idle("reason", _origins(pack.reasons), reasons)


def _idle(what: str, declared: Mapping[str, Span], used: Iterable[str]) -> Iterator[Diagnostic]:
    known = set(used)
    for name, span in declared.items():
        if name not in known:
            yield unused_name(span, what, name, _HINT[what])


def _origins(declared: Mapping[str, object]) -> dict[str, Span]:
    found = {}
    for name, each in declared.items():
        origin = getattr(each, "origin", None)
        if isinstance(origin, Origin):
            found[name] = origin.span
    return found


def _used(subject: Subject) -> _Used:
    used = _Used()
    for mapping in subject.pack.mappings.values():
        used.take(node for _, node in subject.formulas(mapping))
        for template in templates_of(mapping):
            used.words |= set(_WORD.findall(template.node.text))
    for role in subject.pack.roles.values():
        if role.needed_when is not None:
            used.take(inside(subject.tree(role.needed_when)))
    for check in subject.pack.preflight.values():
        used.take(inside(subject.tree(check.when)))
    used.words |= {word for text in _words(subject.pack.format) for word in _WORD.findall(text)}
    return used


def _helpers(mapping: RecordMapping, subject: Subject) -> Iterator[Diagnostic]:
    """Yield helpers whose name no formula of the file mentions."""
    helpers = [each for each in helpers_of(mapping) if each.key.source.name in subject.sources]
    if not helpers:
        return
    nodes_of = (node for _, node in subject.formulas(mapping))
    names = {node.name for node in nodes_of if isinstance(node, nodes.Name)}
    for template in templates_of(mapping):
        names |= set(_WORD.findall(template.node.text))
    for rule in helpers:
        if rule.name not in names:
            yield unused_name(rule.key, "helper", rule.name, _HINT["helper"])


def _filled(pack: Pack) -> set[str]:
    """Return the settings that fill a column of a table by themselves."""
    columns: list[Column] = [each for table in pack.tables.values() for each in table.inputs]
    words = (each.type.value for each in columns if isinstance(each.type, Located))
    return {word.removeprefix("settings.") for word in words if word.startswith("settings.")}


def _roles(subject: Subject) -> set[str]:
    """Return the roles that `role(…)` can be asked for."""
    found: set[str] = set()
    for _, program in subject.programs():
        for node in typed_of(program):
            if not isinstance(node, Apply) or node.function.name != "role":
                continue
            asked = node.arguments[-1]
            if isinstance(asked, Constant) and isinstance(asked.value, str):
                found.add(asked.value)
            elif isinstance(asked.type, Text) and asked.type.choices is not None:
                found |= set(asked.type.choices)
            else:
                return set(subject.pack.roles)
    return found


def _literals(arguments: tuple[nodes.Argument, ...]) -> set[str]:
    values = (each.value.value for each in arguments if isinstance(each.value, nodes.Literal))
    return {each for each in values if isinstance(each, str)}


def _words(node: Node | None) -> list[str]:
    """Return every scalar below a node."""
    if node is None:
        return []
    if isinstance(node, ScalarNode):
        return [node.text]
    below = (
        [each.value for each in node] if isinstance(node, MappingNode) else list(node.items)
    )  # fmt: skip
    return [text for each in below for text in _words(each)]
