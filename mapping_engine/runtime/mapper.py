"""
Map records with the interpreter: from a record as decoded to its outcome.

A `Mapper` holds a program, a mapping of it, and what a run fixes: date, parameters and
look-ups. It keeps nothing between records, so it can be shared by threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct, field
from msgspec.structs import replace

from mapping_engine.language.environment import MADE_KEY, Environment
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.language.places import first_place
from mapping_engine.language.typed import Typed
from mapping_engine.runtime.interpreter import Interpreter, Refused
from mapping_engine.runtime.linking import LinkBook
from mapping_engine.runtime.occasions import occasion_of
from mapping_engine.runtime.outcome import (
    Mapped,
    Outcome,
    Payload,
    Reason,
    Rejected,
    Skipped,
    Totals,
    Warned,
)
from mapping_engine.runtime.ownership import standing
from mapping_engine.runtime.payloads import finished
from mapping_engine.runtime.problems import (
    declared,
    nothing_applies,
    skipped_here,
    wrong_record,
)
from mapping_engine.runtime.program import (
    DecisionStep,
    MappingProgram,
    Occasion,
    PayloadProgram,
    Program,
)
from mapping_engine.runtime.references import NoReferences, References
from mapping_engine.runtime.sums import compared, record_side
from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.values.conform import Conformed, conform
from mapping_engine.values.misfit import Misfit
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.textform import text_of
from mapping_engine.values.value import MISSING, Value, is_empty

__all__ = ["InterpretedMapper", "RunOptions", "identity_of"]


class RunOptions(Struct, frozen=True):
    """What a run fixes for all its records."""

    as_of: date
    parameters: Mapping[str, str] = field(default_factory=dict)
    references: References = field(default_factory=NoReferences)
    limits: Limits = DEFAULT_LIMITS
    drop_unknown: bool = False
    #: Objects that earlier records of the run become: (object, record id).
    made: dict[tuple[str, str], None] = field(default_factory=dict)
    #: Whether messages may hold private values.
    show_values: bool = False
    #: Unknown members that were left out so far, by record kind.
    dropped: dict[str, int] = field(default_factory=dict)
    #: Whether every record is known to be in the target already: it is changed, never made.
    updates: bool = False


class _Round(Struct, eq=False):
    """One record on its way: its environment, its links, and how it is computed."""

    environment: Environment
    links: LinkBook
    evaluator: Evaluator


class _Made(Struct, frozen=True):
    """What was made of one record: payloads, the objects of each by name, and refusals."""

    payloads: list[Payload] = field(default_factory=list)
    objects: dict[str, list[Value]] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)


class InterpretedMapper:
    """Maps one record at a time; the meaning of a pack."""

    def __init__(self, program: Program, mapping: MappingProgram, options: RunOptions) -> None:
        self.program = program
        self.mapping = mapping
        self.options = options
        #: Why every record is skipped, if every one is.
        self.standing = standing(program.pack, mapping)

    def map(self, record: Value) -> Outcome:
        """Return what becomes of a record, as decoded from JSON (numbers exact)."""
        return self.run(record, Evaluator(self.options.limits))

    def map_all(self, records: Iterable[Value]) -> Iterator[Outcome]:
        """Yield the outcome of each record, in order."""
        return map(self.map, records)

    def run(self, record: Value, evaluator: Evaluator) -> Outcome:
        """Return the outcome of a record, computed by `evaluator`."""
        return self.outcome(self.conformed(record), evaluator)

    def outcome(self, read: Conformed, evaluator: Evaluator) -> Outcome:
        """Return the outcome of a record that was read."""
        if self.standing is not None:
            return self.standing
        typed, misfits, dropped = read
        self.count_dropped(dropped)
        if misfits or not isinstance(typed, dict):
            return Rejected(tuple(_misfit(each) for each in misfits))
        return self._decided(self.begin(typed, evaluator))

    @property
    def known_by(self) -> tuple[str, ...]:
        """The fields under which people know what is mapped, the first that is filled.

        A payload of a system that says no `id` is known by the fields it is matched by there.
        """
        if self.mapping.direction == "out":
            return ("id",)
        sent = self.program.mappings[self.mapping.name].payloads[0]
        return ("id", *(key[0] for key in sent.match if len(key) == 1))

    def conformed(self, record: Value) -> Conformed:
        """Return a record as typed values, with everything in which it does not fit its schema."""
        return conform(
            record,
            self.mapping.reads,
            self.options.limits,
            drop_unknown=self.options.drop_unknown,
            blank_is_null=self.blank_is_null,
        )

    @property
    def blank_is_null(self) -> bool:
        """Whether the system that is read writes a blank text for nothing."""
        return self.mapping.direction == "in" and self.program.pack.blank_is_null

    def count_dropped(self, dropped: int) -> None:
        """Count members that were left out of a record because its schema does not know them."""
        if dropped:
            known = self.options.dropped
            known[self.mapping.name] = known.get(self.mapping.name, 0) + dropped

    def begin(self, record: dict[str, Value], evaluator: Evaluator) -> _Round:
        """Return the environment of one record, with its helpers known but not computed."""
        links = LinkBook(self.program.pack.links, self.options.references, identity_of(record),
                         self.options.made)  # fmt: skip
        roles = {name: each.value for name, each in self.program.pack.given_roles.items()}
        parameters: dict[str, Value] = dict(self.options.parameters)
        environment = Environment({
            self.mapping.input_key: record,
            "run": {"date": self.options.as_of, "parameters": parameters},
            "@linker": links, "@roles": roles, "@references": self.options.references,
            "@settings": None,
        })  # fmt: skip
        self._interpreter(evaluator).add_helpers(self.mapping.helpers, environment)
        return _Round(environment, links, evaluator)

    def _interpreter(self, evaluator: Evaluator, occasion: Occasion = "create") -> Interpreter:
        return Interpreter(evaluator, occasion)

    def _decided(self, round: _Round) -> Outcome:
        deciding = self._interpreter(round.evaluator)
        try:
            skip = next(deciding.decide(self.mapping.skip, round.environment), None)
            if skip is not None:
                return self._skipped(skip, round)
            reasons = self._rejects(self.mapping.reject, deciding, round)
            if reasons:
                return Rejected(reasons, self._record_side(round))
        except Refusal as refusal:
            return self._refused(refusal, round)
        return self._payloads(round)

    def _rejects(
        self, steps: Sequence[DecisionStep], deciding: Interpreter, round: _Round
    ) -> tuple[Reason, ...]:
        """Return all reasons that hold; where none does, the conditions that cannot be told."""
        held: list[Reason] = []
        refused: list[Refused] = []
        for step in steps:
            try:
                if deciding.holds_decision(step, round.environment):
                    held.append(self._declared(step, round))
            except Refusal as refusal:
                refused.append(Refused(refusal, None))
        return tuple(held) or self._distinct(refused, round)

    def _skipped(self, step: DecisionStep, round: _Round) -> Skipped:
        reason = step.rule.reason.value
        public = self._sentence(step, round, public=True)
        told = skipped_here(step.rule.when.node.span, None, reason, public)
        return Skipped(reason, self._sentence(step, round), told, self._record_side(round))

    def _sentence(self, step: DecisionStep, round: _Round, public: bool = False) -> str | None:
        """Return the `because` of a decision filled in, else the sentence of its reason.

        What is `public` goes into messages: a sentence with a private value in it does not.
        """
        hides = public and not self.options.show_values
        if step.because is not None and not (hides and step.because.type.private):
            try:
                text = round.evaluator.value(step.because, round.environment)
            except Refusal:
                text = MISSING
            if isinstance(text, str):
                return text
        known = self.program.reason(step.rule.reason.value)
        return known.because if known else None

    def _declared(self, step: DecisionStep, round: _Round) -> Reason:
        reason = step.rule.reason.value
        known = self.program.reason(reason)
        sentence = self._sentence(step, round, public=True) or f"refused as `{reason}`"
        told = declared(step.rule.when.node.span, None, sentence, known.do if known else None)
        return Reason(reason, told, read=_read(step.condition, round.environment))

    def reason_of(self, refused: Refused) -> Reason:
        """Return the reason that a refusal is, in the pack's words."""
        refusal = refused.refusal
        told = refusal.diagnostic(show_values=self.options.show_values)
        reason = refusal.reason or told.code.reason or told.code.name.replace("-", "_")
        known = self.program.reason(refusal.reason) if refusal.reason else None
        if known and known.do and reason != told.code.reason:
            # A table that names its own reason: what to do about that reason helps more.
            told = replace(told, hint=known.do)
        return Reason(reason, told, refused.field, refusal.read, refusal.retry)

    def _warnings(self, round: _Round, made: _Made) -> tuple[Warned, ...]:
        """Return the warnings that hold; one that cannot be told refuses like a field."""
        deciding = self._interpreter(round.evaluator)
        held: list[Warned] = []
        for step in self.mapping.warn:
            try:
                if deciding.holds_decision(step, round.environment):
                    held.append(Warned(step.rule.reason.value, self._sentence(step, round)))
            except Refusal as refusal:
                made.refused.append(Refused(refusal, None))
        return tuple(held)

    def _payloads(self, round: _Round) -> Outcome:
        made = _Made()
        for program in self.mapping.payloads:
            objects = made.objects.setdefault(program.rule.name, [])
            interpreter = self._interpreter(round.evaluator, self._occasion(program, round))
            for whole in self._made(program, interpreter, round):
                objects.append(whole)
                payload = self._finished(program, whole, round, interpreter)
                made.payloads.extend(payload)
            made.refused.extend(interpreter.refused)
            if objects or interpreter.refused:
                round.links.own[program.object] = None
        return self._closed(round, self._warnings(round, made), made)

    def _made(
        self, program: PayloadProgram, interpreter: Interpreter, round: _Round
    ) -> list[dict[str, Value]]:
        name = program.rule.name if len(self.mapping.payloads) > 1 else ""
        try:
            items = interpreter.items(program.part, round.environment, name, 0, bare=True)
        except Refusal as refusal:
            interpreter.refused.append(Refused(refusal, name or None))
            return []
        return [each for each in items if isinstance(each, dict)]

    def _finished(
        self, program: PayloadProgram, whole: dict[str, Value], round: _Round,
        interpreter: Interpreter,
    ) -> tuple[Payload, ...]:  # fmt: skip
        """Return the payload of what was made; none when something of it was refused."""
        if interpreter.refused:
            return ()
        firm = self.program.pack.firm
        identity = self.program.pack.name, firm.id if firm else ""
        try:
            payload = finished(program, whole, round.links, identity=identity,
                               limits=self.options.limits)  # fmt: skip
        except Refusal as refusal:
            interpreter.refused.append(Refused(refusal, None))
            return ()
        return (self.as_sent(payload),)

    def as_sent(self, payload: Payload) -> Payload:
        """Return a payload; what is made of a system's payload is a record, known by its kind."""
        is_record = self.mapping.direction == "in"
        return replace(payload, object=self.mapping.kind) if is_record else payload

    def object_of(self, program: PayloadProgram) -> str:
        """Return what a payload is, as it is sent."""
        return self.mapping.kind if self.mapping.direction == "in" else program.object

    def _closed(self, round: _Round, warnings: tuple[Warned, ...], made: _Made) -> Outcome:
        if made.refused:
            return Rejected(self._distinct(made.refused, round), self._record_side(round))
        if not made.payloads:
            refusal = Refusal(nothing_applies)
            refusal.span = self.mapping.span
            return self._refused(refusal, round)
        single = len(self.mapping.payloads) == 1 and self.mapping.payloads[0].part.each is None
        sent: Value = next(iter(made.objects.values()))[0] if single else made.objects
        broken = self._broken(sent, round)
        if broken:
            return Rejected(broken, self._record_side(round))
        try:
            totals = compared(self.mapping.totals, round.environment, sent, round.evaluator,
                              currency=self._currency(round))  # fmt: skip
        except Refusal as refusal:
            return self._refused(refusal, round)
        return Mapped(tuple(made.payloads), warnings, totals)

    def _broken(self, sent: Value, round: _Round) -> tuple[Reason, ...]:
        """Return why a record that was made is none of its kind."""
        inside = replace(round, environment=round.environment.inside(MADE_KEY, sent))
        return self._rejects(self.mapping.broken, self._interpreter(round.evaluator), inside)

    def _refused(self, refusal: Refusal, round: _Round) -> Rejected:
        """Return the rejection for one thing that was refused."""
        return Rejected((self.reason_of(Refused(refusal, None)),), self._record_side(round))

    def _distinct(self, refused: list[Refused], round: _Round) -> tuple[Reason, ...]:
        """Return each refusal once, though several fields may need the same helper."""
        seen: dict[int, Refused] = {}
        for each in refused:
            seen.setdefault(id(each.refusal), each)
        return tuple(self.reason_of(each) for each in seen.values())

    def _occasion(self, program: PayloadProgram, round: _Round) -> Occasion:
        record = round.environment.read(self.mapping.input_key)
        return self.occasion(program, record, round.links)

    def occasion(self, program: PayloadProgram, record: Value, links: LinkBook) -> Occasion:
        """Return whether the target has the record already, as far as it and the links tell."""
        if self.options.updates and program.operation != "create":
            return "compare"
        alone = len(self.mapping.payloads) == 1
        return occasion_of(program, record, links, system=self.program.pack.name if alone else None)

    def _currency(self, round: _Round) -> str | None:
        return self.currency(round.environment.read(self.mapping.input_key))

    def currency(self, record: Value) -> str | None:
        """Return the currency of a record, else the firm's."""
        return self.currency_or_own(record.get("currency") if isinstance(record, dict) else None)

    def currency_or_own(self, named: Value) -> str | None:
        """Return the currency that a record names; the firm's when it names none."""
        firm = self.program.pack.firm
        if isinstance(named, str):
            return named
        return firm.values["currency"].value if firm and "currency" in firm.values else None

    def _record_side(self, round: _Round) -> Totals:
        return record_side(
            self.mapping.totals,
            round.environment,
            round.evaluator,
            currency=self._currency(round),
        )


def _misfit(misfit: Misfit) -> Reason:
    return Reason("unreadable_input", wrong_record(None, None, misfit), read=misfit.path or None)


def identity_of(record: Mapping[str, Value]) -> str | None:
    """Return the id of a record as a text, or None when it has none."""
    value = record.get("id", MISSING)
    return None if is_empty(value) or isinstance(value, dict | list) else text_of(value)


def _read(condition: Typed, environment: Environment) -> str | None:
    """Return the first field that a condition reads, as a place in the record."""
    return first_place(condition, environment)
