"""
Map records with compiled code; ask the interpreter why one is not mapped.

The code is compiled once per mapper and keeps nothing between records, so a mapper can be
shared by threads. A record that the code refuses is run again by the interpreter, which
explains it; should that map it, the fault is ours (M901) and the record is rejected.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import DecimalException
from functools import cached_property
from typing import Any, NamedTuple

from mapping_engine.language.compiled import function_of
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.runtime.emission import ARGUMENTS, mapping_code
from mapping_engine.runtime.linking import LinkBook
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions, identity_of
from mapping_engine.runtime.outcome import Mapped, Outcome, Payload, Reason, Rejected, Sides, Warned
from mapping_engine.runtime.payloads import finished
from mapping_engine.runtime.problems import engines_differ
from mapping_engine.runtime.program import MappingProgram, Program
from mapping_engine.runtime.sums import total_currency
from mapping_engine.values.conform import Conformed
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.value import Value

__all__ = ["CompiledMapper"]

Verdict = tuple[str, object]


class Found(NamedTuple):
    """What the code made: objects by payload, warnings that hold, totals with both sides."""

    objects: dict[str, list[dict[str, Value]]]
    warned: list[tuple[int, Value]]
    totals: list[tuple[int, Sides]]


class CompiledMapper(InterpretedMapper):
    """The same outcomes as the interpreter's, faster."""

    def __init__(self, program: Program, mapping: MappingProgram, options: RunOptions) -> None:
        super().__init__(program, mapping, options)
        roles = {name: each.value for name, each in program.pack.given_roles.items()}
        run = {"date": options.as_of, "parameters": dict(options.parameters)}
        #: What code is given besides the record, the same for all records.
        self.given = run, roles, options.references
        firm = program.pack.firm
        self.identity = program.pack.name, firm.id if firm else ""

    @cached_property
    def _code(self) -> Callable[..., Any]:
        code = mapping_code(self.mapping, self.options.limits)
        return function_of(code, ARGUMENTS, "map_record", self.mapping.span.source.name)

    def map(self, record: Value) -> Outcome:
        """Return what becomes of a record, as decoded from JSON (numbers exact)."""
        read = self.conformed(record)
        mapped = self._verdict(read)
        if isinstance(mapped, Mapped):
            self.count_dropped(read.dropped)
            return mapped
        return self.explained(read)

    def explained(self, read: Conformed) -> Outcome:
        """Return why a record is not mapped that the code refuses."""
        outcome = self.outcome(read, Evaluator(self.options.limits))
        if not isinstance(outcome, Mapped):
            return outcome
        known = identity_of(read.value) if isinstance(read.value, dict) else None
        return Rejected((Reason("engines_differ", engines_differ(None, known or "?")),))

    def verdict(self, record: Value) -> Mapped | Verdict:
        """Return the outcome, or what stands in the way, by the code alone."""
        return self._verdict(self.conformed(record))

    def _verdict(self, read: Conformed) -> Mapped | Verdict:
        if self.standing is not None:
            return "skip", self.standing.reason
        typed = read.value
        if read.misfits or not isinstance(typed, dict):
            return "refused", "unreadable_input"
        links = LinkBook(self.program.pack.links, self.options.references, identity_of(typed),
                         self.options.made)  # fmt: skip
        try:
            word, found = self._code(
                typed,
                *self.given,
                links,
                lambda place: self.occasion(self.mapping.payloads[place], typed, links),
            )
            return self._mapped(typed, Found(*found), links) if word == "made" else (word, found)
        except Refusal as refusal:
            return "refused", refusal.reason or refusal.diagnostic().code.reason
        except DecimalException:
            return "refused", "overflow"

    def _mapped(self, record: dict[str, Value], found: Found, links: LinkBook) -> Mapped:
        payloads: list[Payload] = []
        for program in self.mapping.payloads:
            payloads.extend(
                self.as_sent(finished(program, each, links, identity=self.identity,
                                      limits=self.options.limits))
                for each in found.objects[program.rule.name]
            )  # fmt: skip
        totals = self.totals_of(record.get("currency"), found.totals)
        warnings = tuple(self.warned(place, sentence) for place, sentence in found.warned)
        return Mapped(tuple(payloads), warnings, totals)

    def totals_of(
        self, named: Value, found: list[tuple[int, Sides]]
    ) -> dict[tuple[str, str | None], Sides | None]:
        """Return the control totals of a record by name and currency; `named` is its own."""
        return {self.total_key(place, named): sides for place, sides in found}

    def total_key(self, place: int, named: Value) -> tuple[str, str | None]:
        """Return the name of a control total, and the currency it is counted under."""
        total = self.mapping.totals[place]
        return total.rule.name, total_currency(total, self.currency_or_own(named))

    def warned(self, place: int, sentence: Value) -> Warned:
        """Return a warning by its place in the mapping, with its sentence where it has its own."""
        rule = self.mapping.warn[place].rule
        if isinstance(sentence, str):
            return Warned(rule.reason.value, sentence)
        known = self.program.reason(rule.reason.value)
        return Warned(rule.reason.value, known.because if known else None)
