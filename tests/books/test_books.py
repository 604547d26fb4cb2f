"""
What arrives leaves the ledger of the accounting system as the practice system's.

Random sequences of transactions of all kinds are sent as a connector would, one by one, with ids
answered. A ledger by the vendor's rules books every payload; account by account, through the
firm's account map, it must say what the practice system's own journal says, to the cent.
`MAPPING_ENGINE_DEEP=10` takes ten times as many sequences.
"""

from __future__ import annotations

import os
from collections import Counter
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from books.firms import FIRMS, firm
from books.ledger import totals
from books.records import KINDS, Practice, sequence
from books.sending import Sending, differences

from mapping_engine.runtime.outcome import Mapped, Rejected

SEQUENCES = 2 * int(os.environ.get("MAPPING_ENGINE_DEEP") or 1)
LENGTH = 200
TRUSTED = tuple(each for each in FIRMS if firm(each).trust)
#: Kinds that a firm's system takes none of, each record a counted skip.
NOT_TAKEN = {
    "xero": {"journal_entry"}, "quickbooks_online": {"journal_entry", "bank_transaction"},
}  # fmt: skip
SWITCHED_OFF = {
    "harbour-legal": {"trust_transaction", "bank_transfer"}, "kauri-law": set[str](),
    "pemberton-lane": {"trust_transaction"}, "bluff-street": set[str](),
}  # fmt: skip
#: Why else records of the sequences are not sent.
REASONS = {"overpaid", "never_sent", "deleted", "no_ledger_effect", "carried_by_trust"}


def sent(name: str, seed: int, longest: int = 6) -> tuple[Sending, Practice]:
    """Return what became of a sequence of transactions, and the practice that made it."""
    practice, sending = Practice(firm(name), Random(f"{name} {seed}"), longest), Sending(firm(name))
    sending.send(sequence(practice, LENGTH))
    return sending, practice


@pytest.mark.parametrize("name", FIRMS)
def test_the_books_agree_account_by_account(name: str) -> None:
    mapped, left = Counter[str](), Counter[tuple[str, str]]()
    for seed in range(SEQUENCES):
        sending, _ = sent(name, seed)

        assert {} == differences(sending), seed
        assert LENGTH == sending.mapped.total() + sending.left.total()
        assert receivable(sending) == open_of_clients(sending)
        check_ends_at_zero(sending)
        mapped += sending.mapped
        left += sending.left
    not_taken = NOT_TAKEN[firm(name).pack] | SWITCHED_OFF[name]
    assert {*KINDS} - not_taken == {*mapped}
    assert REASONS >= {reason for kind, reason in left if kind not in not_taken}
    assert sum(each for (kind, _), each in left.items() if kind not in not_taken) < LENGTH // 5


def receivable(sending: Sending) -> Decimal:
    """Return what clients owe by the books of the accounting system."""
    account = sending.vendor.own["accounts_receivable"]
    return sending.vendor.balances().get(account, Decimal(0))


def open_of_clients(sending: Sending) -> Decimal:
    """Return what is open of invoices, less what of credits and payments is not applied."""
    return sending.vendor.open_receivable()


def check_ends_at_zero(sending: Sending) -> None:
    """Clearing accounts end at zero, and trust money in banks is what is owed to clients."""
    accounts, to = sending.firm.accounts, sending.account_map
    balances = sending.vendor.balances()
    for job in ("bank_transfer_clearing", "trust_transfers"):
        assert balances.get(to.get(accounts[job][0], ""), 0) == 0, job
    banks = [balances.get(to[code], Decimal(0)) for code in accounts["bank_trust"] if code in to]
    held = balances.get(to.get(accounts["trust_liability"][0], ""), Decimal(0))
    assert sum(banks, Decimal(0)) == -held


@pytest.mark.parametrize("name", TRUSTED)
def test_ten_thousand_in_and_two_and_a_half_out_leave_seven_and_a_half(name: str) -> None:
    sending = Sending(firm(name))
    sending.send_one(trust(name, 1, "receipt", "10000.00", "0.00", "10000.00"))
    sending.send_one(trust(name, 2, "payment", "2500.00", "10000.00", "7500.00"))
    held = sending.vendor.balances()
    bank, owed = (sending.account_map[firm(name).account(job)]
                  for job in ("bank_trust", "trust_liability"))  # fmt: skip
    assert {bank: Decimal("7500.00"), owed: Decimal("-7500.00")} == held

    refused = sending.send_one(trust(name, 3, "payment", "8000.00", "7500.00", "-500.00"))
    assert isinstance(refused, Rejected)
    assert "trust_overdraw" in [each.reason for each in refused.reasons]
    assert held == sending.vendor.balances()


def trust(name: str, number: int, kind: str, amount: str, before: str, after: str) -> Any:
    """Return a trust transaction of one matter."""
    return {
        "entity": "trust_transaction", "id": f"tt-{number}", "kind": kind, "date": "2026-07-02",
        "amount": Decimal(amount), "trust_account": {"code": firm(name).account("bank_trust")},
        "matter": {"number": "M-1001"}, "contact": {"id": "c-1001", "number": "C-1001"},
        "balance_before": Decimal(before), "balance_after": Decimal(after),
        "posted_at": f"2026-07-02T10:00:00{firm(name).offset}",
    }  # fmt: skip


@pytest.mark.parametrize("name", FIRMS)
def test_totals_of_invoices_of_up_to_fifty_lines_survive(name: str) -> None:
    practice = Practice(firm(name), Random(name), longest=50)
    sending = Sending(firm(name))
    to, own = sending.account_map, sending.vendor.own
    longest = 0
    for _ in range(60 * SEQUENCES):
        record = {"entity": "invoice", **(practice.make("invoice") or {})}
        assert isinstance(sending.send_one(record), Mapped), record
        id = str(sending.vendor.link("Invoice", {"id": record["id"]}))
        booked = totals(sending.vendor.documents[id])
        cent = sending.computed[record["id"]]
        expected = totals(
            (to[code], amount)
            for code, amount in [
                *sending.practice.documents[record["id"]],
                (firm(name).account("sales_tax"), cent), (firm(name).account("rounding"), -cent),
            ]
        )  # fmt: skip

        assert expected == booked, record
        assert record["gross_total"] == booked[own["accounts_receivable"]]
        longest = max(longest, len(record["lines"]))
    assert longest > 40


def scenario(name: str) -> tuple[Sending, Practice]:
    """Return a firm that has sent nothing yet."""
    return Sending(firm(name)), Practice(firm(name), Random(name), longest=2)


def invoice(practice: Practice, number: int, gross: str) -> dict[str, Any]:
    """Return a plain invoice of the first client, outside the tax system."""
    amount = Decimal(gross)
    line = {"line_id": "1", "kind": "fee", "net_amount": amount, "tax_amount": Decimal(0),
            "tax_code": {"code": "none"}, "description": "Advice",
            "account": {"code": practice.firm.account("income_fees")}}  # fmt: skip
    return {
        "entity": "invoice", "id": f"inv-{number}", "number": f"INV-{number}",
        "contact": {"id": "c-1001", "number": "C-1001"}, "issued_on": "2026-07-01",
        "due_on": "2026-07-15", "status": "open", "currency": practice.firm.currency,
        "amounts_are": "tax_exclusive", "lines": [line], "net_total": amount,
        "tax_total": Decimal(0), "gross_total": amount, "posted_at": f"2026-07-01T10:00:00{practice.firm.offset}",
    }  # fmt: skip


def payment(practice: Practice, number: int, **parts: str) -> dict[str, Any]:
    """Return a payment of invoices: `inv_1="50.00"`."""
    allocations = [
        {"invoice": {"id": key.replace("_", "-"), "number": key.upper().replace("_", "-")},
         "amount": Decimal(each)} for key, each in parts.items()
    ]  # fmt: skip
    return {
        "entity": "payment", "id": f"pay-{number}", "number": f"R-{number}",
        "contact": {"id": "c-1001", "number": "C-1001"}, "received_on": "2026-07-05",
        "amount": sum((each["amount"] for each in allocations), Decimal(0)),
        "currency": practice.firm.currency, "source": "client",
        "deposit_account": {"code": practice.firm.account("bank_operating")},
        "allocations": allocations, "posted_at": f"2026-07-05T10:00:00{practice.firm.offset}",
    }  # fmt: skip


def still_open(sending: Sending, *numbers: int) -> list[Decimal]:
    """Return what is open of invoices there."""
    ids = [sending.vendor.link("Invoice", {"id": f"inv-{each}"}) for each in numbers]
    return [sending.vendor.open[str(each)] for each in ids]


@pytest.mark.parametrize("name", FIRMS)
def test_part_of_an_invoice_is_paid_and_then_the_rest(name: str) -> None:
    sending, practice = scenario(name)
    sending.send([invoice(practice, 1, "100.00"), payment(practice, 1, inv_1="30.01")])
    assert [Decimal("69.99")] == still_open(sending, 1)
    sending.send_one(payment(practice, 2, inv_1="69.99"))
    assert [Decimal("0.00")] == still_open(sending, 1)
    assert {} == differences(sending)


@pytest.mark.parametrize("name", FIRMS)
def test_one_payment_pays_several_invoices(name: str) -> None:
    sending, practice = scenario(name)
    sending.send(invoice(practice, number, "100.00") for number in (1, 2, 3))
    sending.send_one(payment(practice, 1, inv_1="100.00", inv_2="40.00", inv_3="60.00"))
    assert [Decimal("0.00"), Decimal("60.00"), Decimal("40.00")] == still_open(sending, 1, 2, 3)
    assert {} == differences(sending)


@pytest.mark.parametrize("name", FIRMS)
def test_a_credit_larger_than_the_invoice_leaves_the_rest_as_credit(name: str) -> None:
    sending, practice = scenario(name)
    bill = invoice(practice, 1, "100.00")
    applied = {"invoice": {"id": "inv-1", "number": "INV-1"}, "amount": Decimal("100.00"),
               "applied_on": "2026-07-02"}  # fmt: skip
    note = {**invoice(practice, 2, "130.00"), "entity": "credit_note", "id": "cn-1",
            "number": "CN-1", "remaining": Decimal("30.00"), "status": "open",
            "applications": [applied]}  # fmt: skip
    del note["due_on"]
    sending.send([bill, note])
    assert [Decimal("0.00")] == still_open(sending, 1)
    assert {} == differences(sending)
    assert Decimal("-30.00") == receivable(sending) == open_of_clients(sending)


@pytest.mark.parametrize("name", FIRMS)
def test_a_payment_of_an_invoice_from_before_the_integration_waits(name: str) -> None:
    sending, practice = scenario(name)
    old = {**invoice(practice, 1, "100.00"), "issued_on": "2026-06-01",
           "posted_at": "2026-06-01T10:00:00+10:00"}  # fmt: skip
    paid = payment(practice, 1, inv_1="40.00")
    sending.send([old, paid])
    assert {("invoice", "pre_integration"): 1, ("payment", "invoice_not_linked"): 1} == sending.left

    # Posted again: it goes, whatever its date, and so does what pays it.
    sending.send([{**old, "posted_at": "2026-07-03T10:00:00+10:00"}, paid])
    assert [Decimal("60.00")] == still_open(sending, 1)
    assert {} == differences(sending)


@pytest.mark.parametrize("name", TRUSTED)
def test_trust_money_pays_an_invoice(name: str) -> None:
    sending, practice = scenario(name)
    paid = {**trust(name, 2, "invoice_payment", "80.00", "500.00", "420.00"),
            "invoice": {"id": "inv-1", "number": "INV-1"},
            "to_account": {"code": firm(name).account("bank_operating")}}  # fmt: skip
    sending.send([invoice(practice, 1, "100.00"),
                  trust(name, 1, "receipt", "500.00", "0.00", "500.00"), paid])  # fmt: skip
    assert [Decimal("20.00")] == still_open(sending, 1)
    assert {} == differences(sending)
    check_ends_at_zero(sending)
