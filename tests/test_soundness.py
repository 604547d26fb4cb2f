"""
What validates is sound: no record makes a payload that its target's schema refuses.

For every mapping of every shipped pack, with its firm, other settings and a strange connector:
each of many generated records becomes valid payloads, or is skipped or rejected under a reason
that is declared. Most are mapped, and every part of the pack is met; what is not stands in
`GAPS` with its reason. `MAPPING_ENGINE_DEEP=10` takes ten times as many records.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from dataclasses import replace as changed
from pathlib import Path
from random import Random
from typing import Any

import pytest
from case_records import case_links, case_records
from likely_values import hints_for, likely_values, steps_of
from msgspec.structs import replace
from shipped_packs import MAPPINGS, GivenLinks, InForce, in_force
from steered_records import SteeredRecords
from target_judge import judge_of
from vendors.case_payloads import whole

from mapping_engine.language import typed
from mapping_engine.language.environment import Environment
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.packs.lookups import Backward, Lookup
from mapping_engine.packs.table_rows import TypedRow
from mapping_engine.packs.tables import TypedTable
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.interpreter import Interpreter
from mapping_engine.runtime.mapper import InterpretedMapper
from mapping_engine.runtime.outcome import Mapped, Outcome, Payload, Skipped
from mapping_engine.runtime.program import (
    Build,
    Compute,
    DecisionStep,
    FieldStep,
    MakeItems,
    MakeObject,
    MappingProgram,
)
from mapping_engine.values.conform import Conformed
from mapping_engine.values.value import MISSING, Value

ROOT = Path(__file__).parents[1]
DEEP = int(os.environ.get("MAPPING_ENGINE_DEEP") or 1)
RECORDS = 10_000 * DEEP
#: With another firm, with other settings and with a connector.
FEWER = 2_000 * DEEP
#: How often that many are made again with each, until nothing is missing.
MORE = 8
#: One payload in so many is judged by the reference implementation too.
SAMPLE = 50

#: What no record can meet, and why.
GAPS: dict[str, str] = {
    "refused: rules/actionstep/action.yaml:74:5 clients":
        "without a client the matter is refused first",
    "left out: rules/actionstep/action.yaml:83:5 parties":
        "without parties there is no client, and the matter is refused first",
    "row rules/actionstep/tables/matter_status.yaml:11:5":
        "a template is skipped before its status is read",
    "refused: rules/quickbooks_online/contact.yaml:83:7 BillAddr.Country":
        "a country of ours is two letters, which always fit",
    "refused: rules/quickbooks_online/contact.yaml:90:7 ShipAddr.Country":
        "a country of ours is two letters, which always fit",
    "refused: rules/quickbooks_online/contact.yaml:115:7 PrintOnCheckName":
        "the name is cleaned and cut to what fits",
    "refused: rules/quickbooks_online/contact.yaml:136:7 BillAddr.Country":
        "a country of ours is two letters, which always fit",
    "left out: rules/quickbooks_online/credit_note.yaml:100:7 Line":
        "a credit without lines is refused first",
    "left out: rules/quickbooks_online/invoice.yaml:107:7 Line":
        "a bill without lines is skipped or refused first",
    "left out: rules/quickbooks_online/supplier_bill.yaml:99:7 Line":
        "a bill without lines is refused first",
    "left out: rules/quickbooks_online/supplier_credit.yaml:96:7 Line":
        "a credit without lines is refused first",
    "left out: rules/quickbooks_online/supplier_payment.yaml:74:7 Line":
        "a payment of no bill is refused first",
    "decision rules/quickbooks_online/time_entry.yaml:25:13":
        "where time is sent the books close before the start; the case `time_period_closed` is",
    "refused: rules/quickbooks_online/trust_transaction.yaml:100:13 "
    "JournalEntryLineDetail.AccountRef.value":
        "hardly any record takes an advance back to an account that has no place there",
    "refused: rules/quickbooks_online/trust_transaction.yaml:175:13 "
    "AccountBasedExpenseLineDetail.AccountRef.value":
        "between two banks it is the account of a role, which the firm has given",
    "refused: rules/quickbooks_online/trust_transaction.yaml:195:13 "
    "DepositLineDetail.AccountRef.value":
        "between two banks it is the account of a role, which the firm has given",
    "refused: rules/soluno/casefile.yaml:125:11 share_percent":
        "shares above 100 are refused first, and none is below 0",
    "decision rules/soluno/time_entry.yaml:28:13":
        "no batch is chosen of generated records; the cases `batch_…` choose some",
    "left out: rules/xero/bank_transaction.yaml:81:7 Contact":
        "where nobody else is part of it, the firm's own contact is named",
    "left out: rules/xero/bank_transaction.yaml:90:7 LineItems":
        "what has no line left is skipped",
    "refused: rules/xero/contact.yaml:62:9 Country":
        "a country of ours is two letters, which always fit",
    "refused: rules/xero/contact.yaml:74:9 Country":
        "a country of ours is two letters, which always fit",
    "left out: rules/xero/credit_note.yaml:103:7 LineItems":
        "a credit is above 0, so a line is left",
    "left out: rules/xero/invoice.yaml:100:7 LineItems":
        "what has no line left is skipped",
    "left out: rules/xero/supplier_bill.yaml:126:7 LineItems":
        "what has no line left is skipped",
    "left out: rules/xero/supplier_bill.yaml:144:7 LineItems":
        "what has no line left is skipped",
    "left out: rules/xero/supplier_credit.yaml:129:7 LineItems":
        "a credit is above 0, so a line is left",
    "left out: rules/xero/supplier_credit.yaml:146:7 LineItems":
        "a credit is above 0, so a line is left",
    "left out: rules/xero/trust_transaction.yaml:72:7 Contact":
        "where nobody else is part of it, the firm's own contact is named",
    "left out: rules/xero/trust_transaction.yaml:98:7 Contact":
        "where nobody else is part of it, the firm's own contact is named",
    "refused: rules/xero/trust_transaction.yaml:111:13 AccountCode":
        "the accounts of roles are those of the firm, and none is too long",
}  # fmt: skip


@dataclass
class Met:
    """What has been met while records were mapped."""

    things: set[str] = field(default_factory=set)


class Watching(Evaluator):
    """An evaluator that notes the rows that answer."""

    def __init__(self, met: Met) -> None:
        super().__init__()
        self.met = met

    def value(self, node: typed.Typed, environment: Environment) -> Value:
        body = node.function.body if type(node) is typed.Apply else None
        if isinstance(body, Lookup | Backward):
            assert isinstance(node, typed.Apply)
            given = [super(Watching, self).value(each, environment) for each in node.arguments]
            row = body.find(*given)
            if row is not None:
                self.met.things.add(f"row {row.row.origin.span}")
        return super().value(node, environment)


class ReadingMapper(CompiledMapper):
    """A mapper that remembers how it has read the last record."""

    read: Conformed

    def conformed(self, record: Value) -> Conformed:
        self.read = super().conformed(record)
        return self.read


class WatchingMapper(InterpretedMapper):
    """A mapper whose interpreter notes every decision that holds and what becomes of fields.

    It maps what `fast` has just read.
    """

    met: Met
    fast: ReadingMapper

    def conformed(self, record: Value) -> Conformed:
        return self.fast.read

    def map(self, record: Value) -> Outcome:
        return self.run(record, Watching(self.met))

    def _interpreter(self, evaluator: Evaluator, occasion: Any = "create") -> Interpreter:
        made = _WatchingInterpreter(evaluator, occasion)
        made.met = self.met
        return made


class _WatchingInterpreter(Interpreter):
    met: Met

    def holds_decision(self, step: DecisionStep, environment: Environment) -> bool:
        held = super().holds_decision(step, environment)
        if held:
            self.met.things.add(f"decision {step.rule.origin.span}")
        return held

    def field(self, step: FieldStep, environment: Environment, place: str) -> Value:
        before = len(self.refused)
        value = super().field(step, environment, place)
        fate = (
            "refused" if len(self.refused) > before else "left out" if value is MISSING else "set"
        )
        self.met.things.add(f"{fate}: {step.rule.key} {step.name}")
        return value


def demanded(mapping: MappingProgram) -> set[str]:
    """Return everything that records should meet."""
    decisions = (*mapping.skip, *mapping.reject, *mapping.warn)
    found = {f"decision {each.rule.origin.span}" for each in decisions}
    for payload in mapping.payloads:
        found.add(f"payload {mapping.span.source.name} {payload.rule.name}")
        for step in _fields(payload.part.build):
            found.add(f"set: {step.rule.key} {step.name}")
            if step.type.absent:
                found.add(f"left out: {step.rule.key} {step.name}")
            if step.rule.on_empty == "reject" or (step.guard is not None and not _is_fixed(step)):
                found.add(f"refused: {step.rule.key} {step.name}")
    return found


def _is_fixed(step: FieldStep) -> bool:
    """Whether a field is the same for every record, such as an account that the firm names."""
    read = [each.key for each in steps_of(step.build) if isinstance(each, typed.Variable)]
    return isinstance(step.build, Compute) and all(key.startswith("@") for key in read)


def rows_of(mapping: MappingProgram) -> set[str]:
    """Return the rows of the tables that a mapping asks, forwards or backwards."""
    found: set[str] = set()
    for node in steps_of(mapping):
        body = node.function.body if isinstance(node, typed.Apply) else None
        table = body.table if isinstance(body, Lookup | Backward) else None
        if table is not None:
            assert isinstance(node, typed.Apply)
            rows = [each for each in table.rows if _can_answer(each, table, node.arguments)]
            rows = rows if isinstance(body, Lookup) else list(table.rows_back)
            found |= {f"row {each.row.origin.span}" for each in rows}
            found |= {f"row {table.rest.row.origin.span}"} if table.rest else set()
    return found


def _can_answer(row: TypedRow, table: TypedTable, arguments: tuple[typed.Typed, ...]) -> bool:
    """Whether a row fits what a rule always asks with, such as `"sales"`."""
    tests = (row.tests[table.inputs.index(each)] for each in table.asked)
    return all(
        test.fits(column.key(argument.value))
        for test, column, argument in zip(tests, table.asked, arguments, strict=True)
        if isinstance(argument, typed.Constant)
    )


def _fields(build: Build) -> list[FieldStep]:
    match build:
        case MakeObject(fields=fields):
            return [each for step in fields for each in (step, *_fields(step.build))]
        case MakeItems(parts=parts):
            return [each for part in parts for each in _fields(part.build)]
        case _:
            return []


def faults(outcome: Outcome, pack: InForce, mapping: MappingProgram, twice: bool) -> list[str]:
    """Return what is wrong with an outcome."""
    if isinstance(outcome, Mapped):
        return [each for p in outcome.payloads for each in _payload_faults(p, pack, mapping, twice)]
    reasons = (
        [outcome.reason] if isinstance(outcome, Skipped) else [r.reason for r in outcome.reasons]
    )
    undeclared = [each for each in reasons if pack.program.reason(each) is None]
    return [f"reason `{each}`" for each in (*undeclared, *([] if reasons else ["none"]))]


def _payload_faults(
    payload: Payload, pack: InForce, mapping: MappingProgram, twice: bool
) -> list[str]:
    inward = mapping.direction == "in"
    system = "canonical" if inward else pack.program.pack.name
    return judge_of(system, payload.object).faults(whole(payload, "1"), twice=twice)


def outcomes(
    pack: InForce, mapping: MappingProgram, records: SteeredRecords, met: Met, count: int
) -> Counter[str]:
    """Map records; return how many became what. Fails at the first payload that is wrong."""
    fast = ReadingMapper(pack.program, mapping, pack.options)
    watching = WatchingMapper(pack.program, mapping, pack.options)
    watching.met, watching.fast = met, fast
    found: Counter[str] = Counter()
    for number in range(count):
        record = records.next()
        before = len(met.things)
        outcome = fast.verdict(record)
        if not isinstance(outcome, Mapped) or number % 4 == 0:
            is_mapped, outcome = isinstance(outcome, Mapped), watching.map(record)
            assert is_mapped == isinstance(outcome, Mapped), f"{pack.name}: {record}"
        records.learn(record, outcome, is_news=len(met.things) > before)
        found[_word(outcome)] += 1
        wrong = faults(outcome, pack, mapping, number % SAMPLE == 0)
        assert wrong == [], f"{pack.name}: {record} became {outcome}"
        if isinstance(outcome, Mapped):
            file = mapping.span.source.name
            met.things.update(f"payload {file} {each.mapping}" for each in outcome.payloads)
    return found


def _word(outcome: Outcome) -> str:
    if isinstance(outcome, Mapped):
        return "mapped"
    return outcome.reason if isinstance(outcome, Skipped) else outcome.reasons[0].reason


def variants(pack: str) -> Iterator[InForce]:
    """Yield a pack in every variant, each with the ids that the cases of the pack know, too."""
    known = case_links(pack)
    for each in in_force(pack):
        assert isinstance(each.options.references, GivenLinks)
        options = replace(each.options, references=each.options.references.beside(known))
        yield changed(each, options=options)


@pytest.mark.parametrize("pack, file", MAPPINGS, ids=lambda each: each)
def test_every_record_becomes_valid_payloads_or_has_a_reason(pack: str, file: str) -> None:
    met = Met()
    wanted: set[str] = set()
    runs: list[tuple[InForce, MappingProgram, SteeredRecords]] = []
    for variant in variants(pack):
        for mapping in variant.mappings(file):
            if mapping.switched_off:  # every record is skipped, and nothing is met
                continue
            before = [each for _, m, each in runs if m.direction == mapping.direction]
            records = steered(pack, file, variant, mapping, before[-1] if before else None)
            runs.append((variant, mapping, records))
            wanted |= demanded(mapping) | (set() if before else rows_of(mapping))
            count = FEWER if before else RECORDS

            found = outcomes(variant, mapping, records, met, count)

            assert found["unreadable_input"] == 0
            if variant.name != "switched":
                assert found["mapped"] >= found.total() / 2, found
    for run in runs * MORE:  # what is rare needs more records
        if not wanted - met.things <= set(GAPS):
            outcomes(*run, met, FEWER)
    missing = wanted - met.things
    listed = {each for each in GAPS if each in wanted or f"rules/{pack}/{file}.yaml" in each}
    assert sorted(missing - listed) == []
    assert sorted(listed - missing) == [] or DEEP > 1


def steered(
    pack: str, file: str, variant: InForce, mapping: MappingProgram, before: SteeredRecords | None
) -> SteeredRecords:
    """Return a maker of records that begins with the cases, and with those of another variant."""
    return SteeredRecords(
        mapping, likely_values(mapping, variant.options), Random(variant.name), before,
        case_records(pack, file, mapping), hints_for(mapping, variant.options),
    )  # fmt: skip


def test_every_gap_is_one_of_a_shipped_file() -> None:
    places = {each: re.search(r"rules/[^ :]+", each) for each in GAPS}
    gone = [each for each, place in places.items() if not place or not (ROOT / place[0]).is_file()]
    assert gone == []
