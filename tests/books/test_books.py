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
from pathlib import Path
from random import Random

import pytest
from books.firms import FIRMS, firm, with_trust_in_australia
from books.ledger import totals
from books.plain_records import (
    bank_transaction,
    bank_transfer,
    bill,
    credit_note,
    invoice,
    payment,
    trust,
)
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
    places = (*accounts["bank_trust"], *accounts.get("statutory_deposit", ()))
    banks = [balances.get(to[code], Decimal(0)) for code in places if code in to]
    held = balances.get(to.get(accounts["trust_liability"][0], ""), Decimal(0))
    assert sum(banks, Decimal(0)) == -held


def test_the_books_agree_where_there_are_statutory_deposits(tmp_path: Path) -> None:
    given = with_trust_in_australia(tmp_path / "harbour-legal")
    practice, sending = Practice(given, Random(1)), Sending(given)
    sending.send(sequence(practice, LENGTH))
    more = (practice.make("trust_transaction") for _ in range(2 * LENGTH))
    sending.send({"entity": "trust_transaction", **each} for each in more if each)
    deposit = sending.account_map[given.account("statutory_deposit")]

    assert {} == differences(sending)
    assert sending.vendor.balances()[deposit] > 0
    check_ends_at_zero(sending)


#: What moves nothing between the accounts of these systems.
WITHIN_ONE_BANK = {"xero": set[str](), "quickbooks_online": {"journal", "transfer_between_matters"}}


@pytest.mark.parametrize("name", TRUSTED)
def test_trust_money_of_every_kind_leaves_nothing_on_its_way(name: str) -> None:
    sending, practice = sent(name, 1)
    gone, made = set(), set()
    for _ in range(2 * LENGTH):
        record = practice.make("trust_transaction")
        if record is not None:
            outcome = sending.send_one({"entity": "trust_transaction", **record})
            made.add(record["kind"])
            gone |= {record["kind"]} if isinstance(outcome, Mapped) else set()

    assert made >= {"receipt", "payment", "interest", "invoice_payment", "journal", "reversal",
                    "transfer_between_matters", "transfer_between_banks"}  # fmt: skip
    assert made - WITHIN_ONE_BANK[firm(name).pack] == gone
    assert {} == differences(sending)
    check_ends_at_zero(sending)
    passed_through = ["bank_transfer_clearing"]
    passed_through += ["trust_transfers"] if "transfer_between_matters" in gone else []
    used = {account for _, _, entries in sending.vendor.log for account, _ in entries}
    assert used >= {sending.account_map[firm(name).account(each)] for each in passed_through}


@pytest.mark.parametrize("name", FIRMS)
def test_nothing_reaches_books_that_are_locked(name: str, tmp_path: Path) -> None:
    given, sending = firm(name), Sending(firm(name))
    bills, paid = [invoice(given, each, "100.00") for each in (1, 2)], payment(given, 1, inv_1="40")
    sending.send([*bills, paid, bill(given, 1, "80.00")])
    booked = sending.vendor.balances()
    sending.lock("2026-07-05", tmp_path / name)
    unlocked = {"locked": False, "posted_at": "2026-07-09T10:00:00+00:00"}
    late = [
        {**bills[1], **invoice(given, 2, "90.00"), **unlocked}, {**bills[1], "status": "void"},
        {**paid, "is_deleted": True}, {**bill(given, 1, "80.00"), "status": "void"},
        invoice(given, 3, "50.00"), payment(given, 2, inv_1="10.00"), bill(given, 2, "5.00"),
        credit_note(given, 1, "30.00", "30.00"), bank_transfer(given, 1, "10.00"),
        bank_transaction(given, 1, "money_in", "interest", "3.00"),
        trust(given, 1, "receipt", "9.00"),
    ]  # fmt: skip
    for record in late:
        assert not isinstance(sending.send_one(record), Mapped), record
        assert booked == sending.vendor.balances()

    reasons = {reason for (kind, reason) in sending.left if kind not in NOT_TAKEN[given.pack]}
    assert reasons - {"switch_off"} == {"period_locked"}

    sending.send_one({**invoice(given, 3, "50.00"), "issued_on": "2026-07-06"})
    sending.send_one({**payment(given, 2, inv_1="60.00"), "received_on": "2026-07-06"})
    assert [Decimal(0), Decimal(100), Decimal(50)] == still_open(sending, 1, 2, 3)
    assert {} == differences(sending)


@pytest.mark.parametrize("name", TRUSTED)
def test_ten_thousand_in_and_two_and_a_half_out_leave_seven_and_a_half(name: str) -> None:
    given, sending = firm(name), Sending(firm(name))
    sending.send_one(trust(given, 1, "receipt", "10000.00", **held("0.00", "10000.00")))
    sending.send_one(trust(given, 2, "payment", "2500.00", **held("10000.00", "7500.00")))
    balances = sending.vendor.balances()
    bank, owed = (sending.account_map[firm(name).account(job)]
                  for job in ("bank_trust", "trust_liability"))  # fmt: skip
    assert {bank: Decimal("7500.00"), owed: Decimal("-7500.00")} == balances

    refused = sending.send_one(trust(given, 3, "payment", "8000.00", **held("7500.00", "-500.00")))
    assert isinstance(refused, Rejected)
    assert "trust_overdraw" in [each.reason for each in refused.reasons]
    assert balances == sending.vendor.balances()


def held(before: str, after: str) -> dict[str, Decimal]:
    """Return the balances that a trust transaction says."""
    return {"balance_before": Decimal(before), "balance_after": Decimal(after)}


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


def still_open(sending: Sending, *numbers: int) -> list[Decimal]:
    """Return what is open of invoices there."""
    ids = [sending.vendor.link("Invoice", {"id": f"inv-{each}"}) for each in numbers]
    return [sending.vendor.open[str(each)] for each in ids]


@pytest.mark.parametrize("name", FIRMS)
def test_part_of_an_invoice_is_paid_and_then_the_rest(name: str) -> None:
    given, sending = firm(name), Sending(firm(name))
    sending.send([invoice(given, 1, "100.00"), payment(given, 1, inv_1="30.01")])
    assert [Decimal("69.99")] == still_open(sending, 1)
    sending.send_one(payment(given, 2, inv_1="69.99"))
    assert [Decimal("0.00")] == still_open(sending, 1)
    assert {} == differences(sending)


@pytest.mark.parametrize("name", FIRMS)
def test_one_payment_pays_several_invoices(name: str) -> None:
    given, sending = firm(name), Sending(firm(name))
    sending.send(invoice(given, number, "100.00") for number in (1, 2, 3))
    sending.send_one(payment(given, 1, inv_1="100.00", inv_2="40.00", inv_3="60.00"))
    assert [Decimal("0.00"), Decimal("60.00"), Decimal("40.00")] == still_open(sending, 1, 2, 3)
    assert {} == differences(sending)


@pytest.mark.parametrize("name", FIRMS)
def test_a_batch_of_invoices_goes_without_those_that_cannot_and_only_once(name: str) -> None:
    given, sending = firm(name), Sending(firm(name))
    batch = [invoice(given, number, f"{number}0.00") for number in range(1, 11)]
    batch[3] |= {"status": "draft"}
    batch[6] |= {"currency": "SEK"}
    for _ in "once", "again after a connection that broke":
        sending.send(batch)
        assert {} == differences(sending)
        assert receivable(sending) == Decimal("550.00") - Decimal("40.00") - Decimal("70.00")
    assert {"not_approved", "foreign_currency"} == {reason for _, reason in sending.left}


@pytest.mark.parametrize("name", FIRMS)
def test_a_credit_larger_than_the_invoice_leaves_the_rest_as_credit(name: str) -> None:
    given, sending = firm(name), Sending(firm(name))
    sending.send([invoice(given, 1, "100.00"), credit_note(given, 1, "130.00", "100.00")])
    assert [Decimal("0.00")] == still_open(sending, 1)
    assert {} == differences(sending)
    assert Decimal("-30.00") == receivable(sending) == open_of_clients(sending)


@pytest.mark.parametrize("name", FIRMS)
def test_a_payment_of_an_invoice_from_before_the_integration_waits(name: str) -> None:
    given, sending = firm(name), Sending(firm(name))
    old = {**invoice(given, 1, "100.00"), "issued_on": "2026-06-01",
           "posted_at": "2026-06-01T10:00:00+00:00"}  # fmt: skip
    paid = payment(given, 1, inv_1="40.00")
    sending.send([old, paid])
    assert {("invoice", "pre_integration"): 1, ("payment", "invoice_not_linked"): 1} == sending.left

    # Posted again: it goes, whatever its date, and so does what pays it.
    sending.send([{**old, "posted_at": "2026-07-03T10:00:00+00:00"}, paid])
    assert [Decimal("60.00")] == still_open(sending, 1)
    assert {} == differences(sending)


@pytest.mark.parametrize("name", TRUSTED)
def test_trust_money_pays_an_invoice(name: str) -> None:
    given, sending = firm(name), Sending(firm(name))
    what = {"invoice": {"id": "inv-1", "number": "INV-1"},
            "to_account": {"code": given.account("bank_operating")}}  # fmt: skip
    sending.send([
        invoice(given, 1, "100.00"), trust(given, 1, "receipt", "500.00"),
        trust(given, 2, "invoice_payment", "80.00", **what),
    ])  # fmt: skip
    assert [Decimal("20.00")] == still_open(sending, 1)
    assert {} == differences(sending)
    check_ends_at_zero(sending)
