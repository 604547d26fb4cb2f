"""
What advice is given about: a pack in force, its formulas parsed, and its texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct, field

from mapping_engine.language import nodes
from mapping_engine.language.parser import parse, parse_text
from mapping_engine.packs.formulas import Written, written
from mapping_engine.packs.model import Formula, Pack, RecordMapping
from mapping_engine.runtime.opening import Opened
from mapping_engine.runtime.program import MappingProgram, Program
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.node import Document
from mapping_engine.source.text import SourceText

__all__ = ["Subject", "inside"]


class Subject(Struct, frozen=True, eq=False):
    """A pack, as it is in force (`opened`) and as no firm has fixed anything (`program`).

    `sources` are the texts that may be spoken of; `cases` are those of them that are examples,
    read.
    What grows old is asked only when `today` is given.
    """

    opened: Opened
    program: Program
    sources: Mapping[str, SourceText]
    cases: Mapping[str, Document]
    today: date | None = None
    _more: dict[int, nodes.Expression] = field(default_factory=dict)
    _formulas: dict[str, list[tuple[Written, nodes.Expression]]] = field(default_factory=dict)

    @property
    def pack(self) -> Pack:
        """The pack in force."""
        return self.opened.pack

    @property
    def of_pack(self) -> bool:
        """Whether the pack itself is spoken of, not what a firm wrote."""
        return self.opened.layer is None

    def tree(self, formula: Formula) -> nodes.Expression:
        """Return a formula parsed; what is wrong with it has been reported."""
        key = id(formula.node)
        known = self.program.trees.get(key) or self._more.get(key)
        if known is None:
            read = parse_text if formula.is_text else parse
            known = self._more[key] = read(formula.node, Report())
        return known

    def texts(self) -> Iterator[SourceText]:
        """Yield the YAML texts that may be spoken of, cases included."""
        yield from (each for each in self.sources.values() if each.name.endswith(".yaml"))

    def formulas(self, mapping: RecordMapping) -> list[tuple[Written, nodes.Expression]]:
        """Return every formula of a mapping file with every node in it."""
        if mapping.name not in self._formulas:
            found = [(each, node) for each in written(mapping)
                     for node in inside(self.tree(each.formula))]  # fmt: skip
            self._formulas[mapping.name] = found
        return self._formulas[mapping.name]

    def programs(self) -> Iterator[tuple[RecordMapping, MappingProgram]]:
        """Yield every mapping with its program; ways back were written by nobody."""
        for name, program in self.program.mappings.items():
            if name in self.pack.mappings:
                yield self.pack.mappings[name], program


def inside(tree: nodes.Expression) -> Iterator[nodes.Expression]:
    """Yield a node and all nodes in it, the outer ones first."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(nodes.children(node)))
