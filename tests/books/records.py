"""
Make what a practice system holds: coherent records of every kind, the same for a seed.

A payment pays invoices that are open, a credit is applied to an invoice of its client, trust
money is never overdrawn. `Practice` keeps what is open; `make(kind)` gives the next record of
a kind, or None where nothing fits (no open invoice to pay). Everybody and everything is invented.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any, TypeAlias

from books.firms import Firm
from books.people import clients, suppliers
from books.trust_records import TrustLedger

__all__ = ["KINDS", "Practice", "Record", "cents", "sequence"]

Record: TypeAlias = dict[str, Any]

_CENT = Decimal("0.01")
_NONE = "none"
FIRST_DAY = date(2026, 7, 1)
_FEES = (
    "Advice on settlement",
    "Drafting of contract",
    "Attendance at hearing",
    "Review of discovery",
    "Conference with counsel",
    "Letter to the other side",
)
_EXPENSES = ("Title search", "Filing fee", "Courier", "Photocopies")
_COSTS = ("Searches", "Counsel's fee", "Rent", "Paper and toner", "Premium", "Account fee")
_RATES = tuple(map(Decimal, ("185.00", "240.00", "325.50", "410.00", "525.75")))

#: Kinds by how often they happen in a practice.
KINDS: Mapping[str, int] = {
    "invoice": 24, "payment": 20, "credit_note": 8, "supplier_bill": 14, "supplier_payment": 10,
    "supplier_credit": 4, "trust_transaction": 24, "bank_transfer": 5, "bank_transaction": 8,
    "journal_entry": 2,
}  # fmt: skip


def cents(amount: Decimal) -> Decimal:
    """Return an amount rounded to cents, half up."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


@dataclass
class Open:
    """A document that is owed: its record and what of it is open. `touched` once it was paid."""

    record: Record
    balance: Decimal
    touched: bool = False


@dataclass
class Practice:
    """The state of one firm's practice system, and the maker of its next records."""

    firm: Firm
    random: Random
    longest: int = 6
    records_a_day: int = 5
    #: How many in a hundred are paid whole.
    paid_whole: int = 65
    day: date = FIRST_DAY
    invoices: dict[str, Open] = field(default_factory=dict)
    bills: dict[str, Open] = field(default_factory=dict)
    payments: dict[str, Record] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clients, self.suppliers = clients(), suppliers()
        self.trust = TrustLedger(self.firm, self.random)
        self._makers: dict[str, Callable[[], Record | None]] = {
            "invoice": self._invoice, "payment": self._payment, "credit_note": self._credit_note,
            "supplier_bill": self._bill, "supplier_payment": self._supplier_payment,
            "supplier_credit": self._supplier_credit, "trust_transaction": self._trust,
            "bank_transfer": self._bank_transfer, "bank_transaction": self._bank_transaction,
            "journal_entry": self._journal,
        }  # fmt: skip

    def make(self, kind: str) -> Record | None:
        """Return the next record of a kind; None where nothing fits. Days go by."""
        self.day += timedelta(days=self.random.randrange(self.records_a_day) == 0)
        made = self._makers[kind]()
        return None if made is None else {key: each for key, each in made.items() if each != []}

    def revised(self) -> Record | None:
        """Return an invoice again that nobody has paid: void, or with other lines."""
        untouched = [each for each in self.invoices.values() if not each.touched]
        if not untouched:
            return None
        found = self._one(untouched)
        if self.random.random() < 0.5:
            found.balance, found.touched = Decimal(0), True
            return {**found.record, "status": "void"}
        document = self._document(self._sale_lines)
        found.record = {**found.record, **document, "posted_at": self._posted()}
        found.record.pop("discount_amount", None)
        found.balance = document["gross_total"]
        return found.record

    def taken_back(self) -> Record | None:
        """Return a payment again, deleted; its invoices are open again."""
        if not self.payments:
            return None
        payment = self.payments.pop(self._one(sorted(self.payments)))
        for part in payment["allocations"]:
            self.invoices[part["invoice"]["id"]].balance += part["amount"]
        return {**payment, "is_deleted": True}

    # -- what is common

    def _one(self, choices: Sequence[Any]) -> Any:
        return self.random.choice(choices)

    def _chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def _new(self, kind: str, first: int = 1001) -> int:
        self.counts[kind] = self.counts.get(kind, first - 1) + 1
        return self.counts[kind]

    def _posted(self) -> str:
        return f"{self.day}T10:{self.random.randrange(10, 60)}:00{self.firm.offset}"

    def _amount(self, low: int, high: int) -> Decimal:
        return cents(Decimal(self.random.randrange(low * 100, high * 100)) / 100)

    def _days(self, most: int) -> str:
        return str(self.day + timedelta(days=self.random.randrange(7, most)))

    def _operating(self) -> str:
        return str(self._one(self.firm.accounts["bank_operating"][:2]))

    # -- documents of lines

    def _document(self, lines_of: Callable[[str], list[Record]]) -> Record:
        """Return the lines and totals of a document; a few say another tax than is due."""
        basis = self._one(("tax_exclusive",) * 7 + ("tax_inclusive",) * 2 + ("no_tax",))
        while True:
            lines = lines_of(basis)
            if sum(each["net_amount"] for each in lines) > 1:
                break
        if basis != "no_tax" and self._chance(5):
            taxed = [each for each in lines if each["tax_amount"] > _CENT]
            if taxed:
                self._one(taxed)["tax_amount"] += self._one((_CENT, -_CENT))
        net = sum((each["net_amount"] for each in lines), Decimal(0))
        tax = sum((each["tax_amount"] for each in lines), Decimal(0))
        return {"currency": self.firm.currency, "amounts_are": basis, "lines": lines,
                "net_total": net, "tax_total": tax, "gross_total": net + tax}  # fmt: skip

    def _line(self, number: int, basis: str, net: Decimal, rest: Record, taxes: Any) -> Record:
        """Return a line with its tax; where prices hold tax, `net` is the price."""
        code = _NONE if basis == "no_tax" else self._one((*taxes[:1] * 4, *taxes))
        rate = self.firm.rates[code]
        tax = cents(net * rate / 100)
        if basis == "tax_inclusive":
            tax = cents(net * rate / (100 + rate))
            net -= tax
        return {"line_id": str(number), **rest, "net_amount": net, "tax_code": {"code": code},
                "tax_amount": tax}  # fmt: skip

    def _sale_lines(self, basis: str) -> list[Record]:
        most = self.longest if self._chance(50) else min(3, self.longest)
        count = self.random.randint(1, most)
        return [self._sale_line(number, basis) for number in range(1, count + 1)]

    def _sale_line(self, number: int, basis: str) -> Record:
        accounts, rest = self.firm.accounts, dict[str, Any]()
        which = self.random.randrange(100)
        if which < 70:
            hours, rate = Decimal(self.random.randrange(1, 80)) / 10, self._one(_RATES)
            net, account = cents(hours * rate), self._one(accounts["income_fees"])
            rest = {"kind": "fee", "description": self._one(_FEES)}
            if self._chance(40) and basis != "tax_inclusive":
                rest |= {"quantity": hours, "unit_price": rate}
        elif which < 90:
            net, account = self._amount(2, 300), accounts["income_disbursements"][0]
            rest = {"kind": "expense", "description": self._one(_EXPENSES)}
        elif which < 94:
            net, account = self._amount(1, 40), accounts["interest"][0]
            rest = {"kind": "interest", "description": "Interest on an overdue bill"}
        elif which < 98:
            net, account = -self._amount(5, 90), accounts["discount"][0]
            rest = {"kind": "discount", "description": "Courtesy discount"}
        else:
            net, account = Decimal("0.00"), self._one(accounts["income_fees"])
            rest = {"kind": "fee", "description": "At no charge"}
        rest["account"] = {"code": account}
        return self._line(number, basis, net, rest, self.firm.sales_taxes)

    def _cost_lines(self, basis: str) -> list[Record]:
        accounts = self.firm.accounts
        codes = (*accounts["disbursement_cost"] * 2, *accounts["expense"])
        lines = []
        for number in range(1, self.random.randint(1, 3) + 1):
            rest = {"kind": "expense", "description": self._one(_COSTS),
                    "account": {"code": self._one(codes)}}  # fmt: skip
            net = self._amount(10, 2500)
            lines.append(self._line(number, basis, net, rest, self.firm.purchase_taxes))
        return lines

    # -- sales

    def _invoice(self) -> Record:
        client = self._one(self.clients)
        number = self._new("invoice")
        document = self._document(self._sale_lines)
        if self._chance(4):  # one below the lines
            off = min(self._amount(5, 60), document["net_total"] / 2).quantize(_CENT)
            document |= {"discount_amount": off, "net_total": document["net_total"] - off,
                         "gross_total": document["gross_total"] - off}  # fmt: skip
        if self._chance(3):  # a cent that only the total has
            cent = self._one((_CENT, -_CENT))
            document["net_total"] += cent
            document["gross_total"] += cent
        record = {
            "id": f"inv-{number}", "number": f"INV-{number}", "contact": client.ref(),
            "matters": [{"number": client.matter}], "issued_on": str(self.day),
            "due_on": self._days(30), "status": "open", "posted_at": self._posted(), **document,
        }  # fmt: skip
        self.invoices[record["id"]] = Open(record, record["gross_total"])
        return record

    def _open_of_one(self, documents: Mapping[str, Open], whose: str) -> list[Open]:
        """Return the open documents of somebody who has some."""
        found = [each for each in documents.values() if each.balance > 0]
        if not found:
            return []
        who = self._one(found).record[whose]
        return [each for each in found if each.record[whose] == who]

    def _allocated(
        self, found: list[Open], limit: Decimal, most: int
    ) -> list[tuple[Open, Decimal]]:
        """Take documents off, wholly or in part, up to a limit."""
        parts = []
        for each in self.random.sample(found, min(len(found), self.random.randint(1, most))):
            amount = (
                each.balance
                if self._chance(self.paid_whole)
                else cents(each.balance * self._part())
            )
            amount = min(amount, limit)
            if amount > 0:
                limit -= amount
                each.balance -= amount
                each.touched = True
                parts.append((each, amount))
        return parts

    def _part(self) -> Decimal:
        return Decimal(self.random.randrange(10, 90)) / 100

    def _payment(self) -> Record | None:
        parts = self._allocated(self._open_of_one(self.invoices, "contact"), Decimal(10**9), 3)
        if not parts:
            return None
        number, amount = self._new("payment"), sum((each for _, each in parts), Decimal(0))
        over = self._amount(1, 80) if self._chance(4) else Decimal(0)
        record = {
            "id": f"pay-{number}", "number": f"R-{number}",
            "contact": parts[0][0].record["contact"], "received_on": str(self.day),
            "amount": amount + over, "currency": self.firm.currency,
            "method": self._one(("eft", "card", "check", "cash")),
            "deposit_account": {"code": self._operating()}, "source": "client",
            "allocations": [{"invoice": _ref(each.record), "amount": part} for each, part in parts],
            "posted_at": self._posted(),
        }  # fmt: skip
        if over:
            record["unapplied_amount"] = over
        else:
            self.payments[record["id"]] = record
        return record

    def _credit_note(self) -> Record:
        found = self._open_of_one(self.invoices, "contact") if self._chance(85) else []
        contact = found[0].record["contact"] if found else self._one(self.clients).ref()
        document = self._document(lambda basis: [
            each for each in self._sale_lines(basis) if each["net_amount"] >= 0
        ][:2])  # fmt: skip
        parts = self._allocated(found, document["gross_total"], 2) if found else []
        left = document["gross_total"] - sum((each for _, each in parts), Decimal(0))
        number = self._new("credit_note")
        return {
            "id": f"cn-{number}", "number": f"CN-{number}", "contact": contact,
            "issued_on": str(self.day), "status": "open" if left else "applied", **document,
            "posted_at": self._posted(), "remaining": left,
            "applications": [
                {"invoice": _ref(each.record), "amount": part, "applied_on": str(self.day)}
                for each, part in parts
            ],
        }  # fmt: skip

    # -- purchases

    def _bill(self) -> Record:
        number = self._new("supplier_bill")
        record = {
            "id": f"bill-{number}", "number": f"S-{number}", "kind": "invoice",
            "supplier": self._one(self.suppliers).ref(), "issued_on": str(self.day),
            "due_on": self._days(45), "status": "open", **self._document(self._cost_lines),
            "posted_at": self._posted(),
        }  # fmt: skip
        self.bills[record["id"]] = Open(record, record["gross_total"])
        return record

    def _supplier_credit(self) -> Record:
        found = self._open_of_one(self.bills, "supplier") if self._chance(85) else []
        supplier = found[0].record["supplier"] if found else self._one(self.suppliers).ref()
        document = self._document(lambda basis: self._cost_lines(basis)[:1])
        parts = self._allocated(found, document["gross_total"], 2) if found else []
        number = self._new("supplier_credit")
        return {
            "id": f"sc-{number}", "number": f"SC-{number}", "kind": "invoice",
            "supplier": supplier, "issued_on": str(self.day), "status": "open", **document,
            "posted_at": self._posted(),
            "applications": [
                {"bill": _ref(each.record), "amount": part, "applied_on": str(self.day)}
                for each, part in parts
            ],
        }  # fmt: skip

    def _supplier_payment(self) -> Record | None:
        parts = self._allocated(self._open_of_one(self.bills, "supplier"), Decimal(10**9), 3)
        if not parts:
            return None
        number, operating = self._new("supplier_payment"), self.firm.accounts["bank_operating"]
        method = self._one(("check", "eft", "card"))
        record = {
            "id": f"sp-{number}", "number": f"P-{number}",
            "supplier": parts[0][0].record["supplier"], "paid_on": str(self.day),
            "amount": sum((each for _, each in parts), Decimal(0)),
            "currency": self.firm.currency, "method": method,
            "bank_account": {"code": operating[-1] if method == "card" else self._operating()},
            "allocations": [{"bill": _ref(each.record), "amount": part} for each, part in parts],
            "posted_at": self._posted(),
        }  # fmt: skip
        if method == "check":
            record["check_number"] = str(self._new("check", 200001))
        return record

    # -- money

    def _trust(self) -> Record | None:
        number = self._new("trust_transaction")
        client = self._one(self.clients)
        owed = [each for each in self.invoices.values()
                if each.balance > 0 and each.record["contact"] == client.ref()]  # fmt: skip
        made = self.trust.make(number, client, self._one(self.clients), self._one(owed or [None]))
        return made and {**made, "date": str(self.day), "posted_at": self._posted()}

    def _bank_transfer(self) -> Record:
        number = self._new("bank_transfer")
        source, target = self.random.sample(self.firm.accounts["bank_operating"][:2], 2)
        return {
            "id": f"bt-{number}", "from_account": {"code": source},
            "to_account": {"code": target}, "date": str(self.day),
            "amount": self._amount(100, 9000), "currency": self.firm.currency,
            "involves_trust": False, "reference": f"T-{number}", "posted_at": self._posted(),
        }  # fmt: skip

    def _bank_transaction(self) -> Record:
        number, comes = self._new("bank_transaction"), self._chance(40)
        account = self.firm.account("capital") if comes else self._one(
            self.firm.accounts["expense"]
        )  # fmt: skip
        rest = {"kind": "other", "description": "Capital" if comes else self._one(_COSTS),
                "account": {"code": account}}  # fmt: skip
        taxes = (_NONE,) if comes else (*self.firm.purchase_taxes, _NONE)
        return {
            "id": f"bk-{number}", "direction": "money_in" if comes else "money_out",
            "bank_account": {"code": self._operating()}, "date": str(self.day),
            "contact": self._one(self.suppliers).ref(),
            "lines": [self._line(1, "tax_exclusive", self._amount(5, 1500), rest, taxes)],
            "currency": self.firm.currency, "reference": f"B-{number}", "instrument": "none",
            "posted_at": self._posted(),
        }  # fmt: skip

    def _journal(self) -> Record:
        number, amount = self._new("journal_entry"), self._amount(10, 900)
        first, second = self.random.sample(self.firm.accounts["expense"], 2)
        return {
            "id": f"j-{number}", "number": f"J-{number}", "date": str(self.day),
            "narration": "Costs moved", "currency": self.firm.currency, "status": "posted",
            "lines": [{"account": {"code": first}, "net_amount": amount},
                      {"account": {"code": second}, "net_amount": -amount}],
        }  # fmt: skip


def _ref(record: Record) -> Record:
    return {"id": record["id"], "number": record["number"]}


def sequence(practice: Practice, length: int) -> list[Record]:
    """Return so many records, kinds mixed as they happen; a few are changed or taken back."""
    kinds = [kind for kind, often in KINDS.items() for _ in range(often)]
    if not practice.firm.trust:
        kinds = [kind for kind in kinds if kind != "trust_transaction"]
    made: list[tuple[str, Record]] = []
    while len(made) < length:
        chance, kind = practice.random.randrange(100), practice.random.choice(kinds)
        if chance < 4:
            kind, record = "invoice", practice.revised()
        elif chance < 6:
            kind, record = "payment", practice.taken_back()
        else:
            record = practice.make(kind)
        if record is not None:
            made.append((kind, {"entity": kind, **record}))
    return [record for _, record in made]
