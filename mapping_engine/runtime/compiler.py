"""
Map records with compiled code; ask the interpreter why one is not mapped.

The code is compiled once per mapper and keeps nothing between records, so a mapper can be
shared by threads. A record that the code refuses is run again by the interpreter, which
explains it; should that map it, the fault is ours (M901) and the record is rejected.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import DecimalException
from typing import Any, NamedTuple, cast

from mapping_engine.language.compiled import Counter, arguments_asked, function_of
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
        code = mapping_code(mapping)
        self._code = function_of(code, ARGUMENTS, "map_record", mapping.span.source.name)
        #: The arguments that the code asks for.
        self.code_names = arguments_asked(code, ARGUMENTS)
        self._roles = {name: each.value for name, each in program.pack.given_roles.items()}
        parameters: dict[str, Value] = dict(options.parameters)
        self._run = {"date": options.as_of, "parameters": parameters}
        firm = program.pack.firm
        self.identity = program.pack.name, firm.id if firm else ""

    def map(self, record: Value) -> Outcome:
        """Return what becomes of a record, as decoded from JSON (numbers exact)."""
        read = self.conformed(record)
        mapped = self._verdict(read)
        if isinstance(mapped, Mapped):
            self.count_dropped(read.dropped)
            return mapped
        outcome = super().map(record)
        if not isinstance(outcome, Mapped):
            return outcome
        known = identity_of(record) if isinstance(record, dict) else None
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
            word, found = self.outcome_of(
                typed, links, Counter(self.options.limits),
                lambda place: self._makes_new(place, typed, links),
            )  # fmt: skip
            return self._mapped(typed, found, links) if isinstance(found, Found) else (word, found)
        except Refusal as refusal:
            return "refused", refusal.reason or refusal.diagnostic().code.reason
        except DecimalException:
            return "refused", "overflow"

    def outcome_of(
        self, record: dict[str, Value], links: LinkBook | None, count: Counter | None,
        creates: Callable[[int], bool] | None = None,
    ) -> tuple[str, Any]:  # fmt: skip
        """Return what the code says: a word, and the place of a decision or what was made.

        What the code does not ask (`code_names`) may be None. Raises `Refusal` or
        `DecimalException` when the code refuses the record.
        """
        word, found = cast(
            tuple[str, Any],
            self._code(
                record, self._run, links, self._roles, self.options.references,
                count, creates,
            ),
        )  # fmt: skip
        return word, Found(*found) if word == "made" else found

    def _makes_new(self, place: int, record: dict[str, Value], links: LinkBook) -> bool:
        return self.creates(self.mapping.payloads[place], record, links)

    def _mapped(self, record: dict[str, Value], found: Found, links: LinkBook) -> Mapped:
        payloads: list[Payload] = []
        for program in self.mapping.payloads:
            payloads.extend(
                self.as_sent(finished(program, each, links, identity=self.identity,
                                      limits=self.options.limits))
                for each in found.objects[program.rule.name]
            )  # fmt: skip
        totals = self.totals_of(record, found.totals)
        warnings = tuple(self._warned(place, sentence) for place, sentence in found.warned)
        return Mapped(tuple(payloads), warnings, totals)

    def totals_of(
        self, record: dict[str, Value], found: list[tuple[int, Sides]]
    ) -> dict[tuple[str, str | None], Sides | None]:
        """Return the control totals of a record by name and currency."""
        currency = self.currency(record)
        totals: dict[tuple[str, str | None], Sides | None] = {}
        for place, sides in found:
            total = self.mapping.totals[place]
            totals[total.rule.name, total_currency(total, currency)] = sides
        return totals

    def _warned(self, place: int, sentence: Value) -> Warned:
        rule = self.mapping.warn[place].rule
        if isinstance(sentence, str):
            return Warned(rule.reason.value, sentence)
        known = self.program.reason(rule.reason.value)
        return Warned(rule.reason.value, known.because if known else None)
