"""
Advice about formulas as written: the same part twice, paths in quotes, habits of templates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mapping_engine.functions import CATALOGUE
from mapping_engine.language import nodes
from mapping_engine.language.parser import parse
from mapping_engine.packs.formulas import written
from mapping_engine.packs.model import Formula, RecordMapping
from mapping_engine.runtime.walking import fields_of
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.node import ScalarNode, Style
from mapping_engine.source.text import SourceText
from mapping_engine.values.types import List, Object, Text, Type
from mapping_engine.workbench import problems_of_advice as problems
from mapping_engine.workbench.subject import Subject, inside

__all__ = ["habits", "quoted_paths", "repeated"]

#: A part with fewer operations and literals is easier read where it stands than under a name.
_LEAST_WEIGHT = 2
_OPERATIONS = (
    nodes.Call | nodes.Arithmetic | nodes.Conditional | nodes.Fallback | nodes.Choose
    | nodes.Compute | nodes.Logic
)  # fmt: skip
_PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")
_CALL = re.compile(r"[a-z_]\w*\(.*\)")
_TWO_BRACES = re.compile(r"\{\{\s*([A-Za-z_][\w.]*(?:\s*\|\s*\w+)*)\s*\}\}")


def repeated(subject: Subject) -> Iterator[Diagnostic]:
    """Yield parts of formulas that stand in one file more than once, the largest ones."""
    for mapping in subject.pack.mappings.values():
        yield from _repeated(mapping, subject)


def _repeated(mapping: RecordMapping, subject: Subject) -> Iterator[Diagnostic]:
    seen: dict[tuple[int, nodes.Expression], nodes.Expression] = {}
    told: set[tuple[int, nodes.Expression]] = set()
    for each in written(mapping):
        if each.job == "sentence" or each.formula.broken:
            continue
        waiting = [subject.tree(each.formula)]
        while waiting:
            node = waiting.pop()
            key = (each.room, node)
            if not _is_weighty(node):
                waiting += _here(node)
            elif key not in seen:
                seen[key] = node
                waiting += _here(node)
            elif key not in told:
                told.add(key)
                text = " ".join(node.span.text.split())
                found = problems.repeated_part(node.span, text)
                yield found.with_label(seen[key].span, "the first time")


def _is_weighty(node: nodes.Expression) -> bool:
    if not isinstance(node, _OPERATIONS):
        return False
    weight = sum(isinstance(each, _OPERATIONS | nodes.Literal) for each in inside(node))
    # `amount ?? 0` is short enough to stand twice.
    least = _LEAST_WEIGHT + isinstance(node, nodes.Fallback)
    return weight >= least


def _here(node: nodes.Expression) -> list[nodes.Expression]:
    """Return the nodes directly inside one that read the same names as it does."""
    if isinstance(node, nodes.Compute | nodes.Choose):
        return [node.of]
    return list(nodes.children(node))


def quoted_paths(subject: Subject) -> Iterator[Diagnostic]:
    """Yield texts that are exactly the path of a field, or a call."""
    for mapping, program in subject.programs():
        for each, node in subject.formulas(mapping):
            if each.job != "sentence" and isinstance(node, nodes.Literal):
                yield from _quoted(node, program.reads, bare=False)
        for step in fields_of(program):
            body = step.rule.body
            plain = isinstance(step.target, Text) and step.target.choices is None
            tree = subject.tree(body) if plain and isinstance(body, Formula) else None
            if isinstance(tree, nodes.Literal) and isinstance(body, Formula) and body.is_text:
                yield from _quoted(tree, program.reads, bare=True)


def _quoted(node: nodes.Literal, reads: Object, *, bare: bool) -> Iterator[Diagnostic]:
    text = node.value if isinstance(node.value, str) else ""
    is_path = _PATH.fullmatch(text) is not None and _leads_somewhere(text, reads)
    if is_path or (bare and text in reads.fields):
        yield problems.path_in_quotes(node.span, text, f"a field of `{reads.name}`")
    elif _CALL.fullmatch(text) and _is_call(text):
        yield problems.path_in_quotes(node.span, text, "a call")


def _leads_somewhere(path: str, reads: Object) -> bool:
    kind: Type | None = reads
    words = path.split(".")
    if words[0] == "record":
        words = words[1:]
    for word in words:
        if isinstance(kind, List):
            kind = kind.item
        kind = kind.fields.get(word) if isinstance(kind, Object) else None
    return kind is not None


def _is_call(text: str) -> bool:
    source = SourceText("text", text)
    found = Report()
    tree = parse(ScalarNode(source.span(), text, Style.PLAIN, text), found)
    known = isinstance(tree, nodes.Call) and tree.function in CATALOGUE.functions
    return known and not found.has_errors


def habits(subject: Subject) -> Iterator[Diagnostic]:
    """Yield texts with `{{ … }}`."""
    for mapping in subject.pack.mappings.values():
        texts = [each.formula.node for each in written(mapping) if each.formula.is_text]
        for node in texts:
            for found in _TWO_BRACES.finditer(node.text):
                yield problems.template_habit(node.part(*found.span()), found.group(1))
