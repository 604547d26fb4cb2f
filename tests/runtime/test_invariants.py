"""
What must hold of every record of a kind is asked of what is read and of what is made.

An invented system takes every kind of money, saying nothing about what must hold. Both engines
tell the same, in the words of the schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.runtime.compiler import CompiledMapper
from mapping_engine.runtime.mapper import InterpretedMapper, RunOptions
from mapping_engine.runtime.opening import open_pack
from mapping_engine.runtime.outcome import Mapped, Rejected
from mapping_engine.source.diagnostic import Report

SCHEMAS = Path(__file__).parents[2] / "schemas"
STORE = SchemaStore([SCHEMAS])


def line(net: str, tax: str = "0", **more: Any) -> dict[str, Any]:
    """Return a line with its amounts."""
    plain = {"line_id": "1", "kind": "fee", "net_amount": Decimal(net), "tax_amount": Decimal(tax)}
    return {**plain, "account": {"code": "4000"}, **more}


SALE = {
    "issued_on": "2026-07-01", "status": "open", "currency": "AUD", "amounts_are": "tax_exclusive",
    "lines": [line("60.00", "6.00"), line("40.00", "4.00", line_id="2")],
    "net_total": Decimal("100.00"), "tax_total": Decimal("10.00"), "gross_total": Decimal("110.00"),
}  # fmt: skip
CLIENT, BILL = {"contact": {"number": "C-1"}}, {"bill": {"number": "S-1"}}
PART = {"invoice": {"number": "INV-1"}, "amount": Decimal(70), "applied_on": "2026-07-02"}
RECORDS: Mapping[str, dict[str, Any]] = {
    "invoice": {"number": "INV-1", **CLIENT, **SALE, "due_on": "2026-07-15"},
    "credit_note": {"number": "CN-1", **CLIENT, **SALE, "applications": [PART],
                    "remaining": Decimal("40.00")},
    "payment": {**CLIENT, "received_on": "2026-07-03", "amount": Decimal(80), "currency": "AUD",
                "deposit_account": {"code": "1000"}, "source": "client",
                "allocations": [{"invoice": {"number": "INV-1"}, "amount": Decimal(70)}],
                "unapplied_amount": Decimal(10)},
    "supplier_bill": {"number": "S-1", "kind": "invoice", "supplier": {"number": "V-1"}, **SALE},
    "supplier_credit": {"number": "SC-1", "kind": "invoice", "supplier": {"number": "V-1"}, **SALE,
                        "applications": [{**BILL, "amount": Decimal(110),
                                          "applied_on": "2026-07-02"}], "balance": Decimal(0)},
    "supplier_payment": {"supplier": {"number": "V-1"}, "paid_on": "2026-07-03",
                         "amount": Decimal(70), "currency": "AUD",
                         "bank_account": {"code": "1000"},
                         "allocations": [{**BILL, "amount": Decimal(70)}]},
    "trust_transaction": {"kind": "payment", "date": "2026-07-03", "amount": Decimal(2500),
                          "trust_account": {"code": "1200"}, "matter": {"number": "M-1"},
                          "balance_before": Decimal(10000), "balance_after": Decimal(7500)},
    "bank_transfer": {"from_account": {"code": "1000"}, "to_account": {"code": "1010"},
                      "date": "2026-07-03", "amount": Decimal(5), "currency": "AUD",
                      "involves_trust": False},
    "bank_transaction": {"direction": "money_in", "bank_account": {"code": "1000"},
                         "date": "2026-07-03", "lines": [line("5.00")], "currency": "AUD"},
    "journal_entry": {"date": "2026-07-03", "narration": "Year end", "currency": "AUD",
                      "status": "posted", "lines": [
                          {"account": {"code": "1000"}, "net_amount": Decimal(5)},
                          {"account": {"code": "1010"}, "net_amount": Decimal(-5)}]},
    "tax_code": {"code": "GST", "name": "GST", "rate_percent": Decimal(10), "kind": "both",
                 "components": [{"name": "Federal", "rate_percent": Decimal(4)},
                                {"name": "State", "rate_percent": Decimal(6)}]},
}  # fmt: skip
#: What is changed in a document of lines, and what is then said of it.
OF_LINES: list[tuple[dict[str, Any], str]] = [
    ({"net_total": Decimal("100.01")}, "the lines come to 100.00 without tax, the {} says 100.01"),
    ({"tax_total": Decimal("9.00")}, "the lines come to 10.00 tax, the {} says 9.00"),
    ({"gross_total": Decimal("111.00")}, "net and tax come to 110.00, the {} says 111.00"),
    ({"lines.1.quantity": Decimal("1.5"), "lines.1.unit_price": Decimal("33.33")},
     "line 2: quantity times price is 50.00, its net amount is 40.00"),
    ({"lines.0.gross_amount": Decimal("60.00")},
     "line 1: net and tax come to 66.00, its gross amount is 60.00"),
]  # fmt: skip
DOCUMENTS = {"invoice": "invoice", "credit_note": "credit note", "supplier_bill": "bill",
             "supplier_credit": "credit"}  # fmt: skip
LATE = {"due_on": "2026-06-30"}, "it is due on 2026-06-30, before it was issued on 2026-07-01"
BROKEN: list[tuple[str, dict[str, Any], str]] = [
    *((kind, changes, sentence.format(word))
      for kind, word in DOCUMENTS.items() for changes, sentence in OF_LINES),
    ("invoice", {"discount_amount": Decimal("5.00")},
     "the lines come to 95.00 without tax, the invoice says 100.00"),
    *((kind, *LATE) for kind in ("invoice", "supplier_bill", "supplier_credit")),
    ("invoice", {"period_start": "2026-07-01", "period_end": "2026-06-30"},
     "the work billed ends on 2026-06-30, before it begins on 2026-07-01"),
    ("invoice", {"paid_total": Decimal(60), "balance": Decimal("50.01")},
     "60 paid and 50.01 owed are more than the total of 110.00"),
    ("credit_note", {"applications.0.amount": Decimal("110.01")},
     "110.01 of a credit of 110.00 is applied"),
    ("credit_note", {"remaining": Decimal(41)},
     "of the credit 40.00 is not applied, the credit note says 41"),
    ("payment", {"amount": Decimal("69.99")}, "70 of a payment of 69.99 is allocated"),
    ("payment", {"unapplied_amount": Decimal(11)}, "10 of the payment pays no invoice, it says 11"),
    ("supplier_credit", {"applications.0.amount": Decimal("110.01")},
     "110.01 of a credit of 110.00 is applied"),
    ("supplier_credit", {"balance": Decimal(1)}, "of the credit 0.00 is not applied, it says 1"),
    ("supplier_payment", {"amount": Decimal(71)},
     "the bills are paid with 70, the payment is 71"),
    ("trust_transaction", {"matter": None}, "a trust payment must say whose money it is"),
    ("trust_transaction", {"balance_after": Decimal(12500)},
     "a payment of 2500 leaves another balance than 12500; before it there was 10000"),
    ("trust_transaction", {"balance_before": Decimal(2000), "balance_after": Decimal(-500)},
     "the matter would be overdrawn by 500"),
    ("bank_transfer", {"to_account.code": "1000"},
     "the money leaves account 1000 and reaches the same account"),
    ("bank_transaction", {"lines.0.quantity": Decimal(3), "lines.0.unit_price": Decimal(2)},
     "line 1: quantity times price is 6.00, its net amount is 5.00"),
    ("bank_transaction", {"lines.0.gross_amount": Decimal(6)},
     "line 1: net and tax come to 5.00, its gross amount is 6"),
    ("journal_entry", {"lines.0.net_amount": Decimal("5.01")}, "debits and credits differ by 0.01"),
    ("tax_code", {"rate_percent": Decimal(11)}, "its parts come to 10 percent, the code says 11"),
    ("tax_code", {"effective_from": "2026-07-01", "effective_to": "2026-06-30"},
     "the rate ends on 2026-06-30, before it begins on 2026-07-01"),
]  # fmt: skip


def of_kind(kind: str, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a record of a kind, changed at dotted places."""
    record: Any = {"id": "R-1", **deepcopy(RECORDS[kind])}
    for path, value in (changes or {}).items():
        inner, *steps = record, *path.split(".")
        for step in steps[:-1]:
            inner = inner[int(step)] if step.isdigit() else inner[step]
        inner[steps[-1]] = value
    return record


def copied(kind: str) -> str:
    """Return rules that send every field of a kind as it is."""
    schema = json.loads((SCHEMAS / f"canonical/{kind}.schema.json").read_text("utf-8"))
    return "".join(f"  {name}: {name}\n" for name in schema["properties"] if name != "entity")


def opened(folder: Path, kinds: Iterable[str], more: str = "") -> Any:
    """Return the program of a system that takes kinds as they are, and gives them back."""
    rules, targets = folder / "rules/books", folder / "schemas/targets/books"
    rules.mkdir(parents=True)
    targets.mkdir(parents=True)
    (rules / "pack.yaml").write_text("pack: books\ntitle: Books\nversion: 1.0.0\n")
    for kind in kinds:
        schema = (SCHEMAS / f"canonical/{kind}.schema.json").read_text("utf-8")
        beside = schema.replace("common.schema.json", "../../canonical/common.schema.json")
        (targets / f"{kind}.schema.json").write_text(beside)
        rule = f"record: {kind}\nobject: {kind}\n{more}fields:\n{copied(kind)}direction: "
        (rules / f"{kind}.yaml").write_text(f"{rule}out\n")
        (rules / f"{kind}_comes.yaml").write_text(f"{rule}in\n")
    report = Report()
    found = open_pack("books", report, rules=[folder / "rules"],
                      schemas=[SCHEMAS, folder / "schemas"])  # fmt: skip
    assert [] == [each.message for each in report.errors]
    assert found is not None
    return found.program


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return opened(tmp_path_factory.mktemp("books"), RECORDS)


@pytest.fixture(scope="module")
def booking_a_cent(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("booking")
    return opened(folder, ["invoice"], "tolerance: {net_total: 0.01}\n")


def outcome(program: Any, name: str, record: dict[str, Any]) -> Any:
    """Return what both engines make of a record."""
    options = RunOptions(date(2026, 8, 1))
    plain, fast = (
        each(program, program.mappings[name], options).map(record)
        for each in (InterpretedMapper, CompiledMapper)
    )
    assert repr(plain) == repr(fast)
    return plain


@pytest.mark.parametrize("way", ["", "_comes"], ids=["read", "made"])
@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_of_which_it_holds_is_mapped(program, kind, way):
    assert isinstance(outcome(program, f"{kind}{way}", of_kind(kind)), Mapped)


@pytest.mark.parametrize("way", ["", "_comes"], ids=["read", "made"])
@pytest.mark.parametrize("kind, changes, sentence", BROKEN)
def test_a_record_of_which_it_does_not_hold_is_refused(program, kind, changes, sentence, way):
    told = outcome(program, f"{kind}{way}", of_kind(kind, changes))
    assert isinstance(told, Rejected)
    assert sentence in [each.diagnostic.message for each in told.reasons]
    overdrawn = "overdrawn" in sentence
    assert told.reasons[0].reason == ("trust_overdraw" if overdrawn else "invariant_failed")


def test_every_invariant_of_the_model_is_broken_here(program):
    demanded = {each.span for kind in RECORDS for each in STORE.invariants(kind).values()}
    broken = {
        reason.diagnostic.span
        for kind, changes, _ in BROKEN
        for reason in outcome(program, kind, of_kind(kind, changes)).reasons
    }
    assert {str(each) for each in demanded} == {str(each) for each in broken}


@pytest.mark.parametrize(
    "cent, outcome_of_it",
    [("0.01", Mapped), ("-0.01", Mapped), ("0.02", Rejected), ("-0.02", Rejected)],
)
def test_a_pack_may_book_a_cent(booking_a_cent, cent, outcome_of_it):
    changes = {"net_total": 100 + Decimal(cent), "gross_total": 110 + Decimal(cent)}
    told = outcome(booking_a_cent, "invoice", of_kind("invoice", changes))
    assert isinstance(told, outcome_of_it)


@pytest.mark.parametrize(
    "keyword",
    ["5", '{"hours": 5}', '{"hours": {"is": "1"}}', '{"huors": {"is": "1", "because": "x"}}',
     '{"a": {"holds": "true", "is": "1", "because": "x"}}', '{"a": {"holds": 5, "because": "x"}}',
     '{"a.b.hours": {"is": "1", "because": "x"}}',
     '{"a": {"holds": "true", "because": "x", "reason": "made_up"}}'],
)  # fmt: skip
def test_what_cannot_be_understood_is_reported(tmp_path, keyword):
    (tmp_path / "canonical").mkdir()
    (tmp_path / "canonical/shift.schema.json").write_text(
        '{"type": "object", "additionalProperties": false,'
        f' "properties": {{"hours": {{"type": "number"}}}}, "x-invariants": {keyword}}}'
    )
    report = Report()
    assert {} == SchemaStore([tmp_path]).invariants("shift", report)
    assert ["M166"] == [each.code.number for each in report]
