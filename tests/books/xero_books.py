"""
A ledger that books what is sent to Xero, by Xero's rules.

Tax is rounded line by line and then summed, an amount of tax that the line says is kept on
invoices and credit notes and must be right on bank transactions; allocations book nothing; a
payment is at most what is open. Source: the vendor's published description and its pages, as
far as `xero_chart.csv` and `xero_tax_rates.csv` of a firm say what stands in its organisation.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from books.firms import Firm, rows
from books.ledger import Entries, opposite
from books.vendor_books import VendorBooks, cents, demand

from mapping_engine.runtime.outcome import Payload

__all__ = ["XeroBooks"]

#: Accounts that Xero books by itself, by their names in the sample charts.
_RECEIVABLE, _PAYABLE, _TAX = "Accounts Receivable", "Accounts Payable", "GST"
#: Document type → whether its lines are credits, and which system account stands against them.
_TYPES = {
    "ACCREC": (-1, _RECEIVABLE), "ACCPAY": (1, _PAYABLE),
    "ACCRECCREDIT": (1, _RECEIVABLE), "ACCPAYCREDIT": (-1, _PAYABLE),
}  # fmt: skip


class XeroBooks(VendorBooks):
    """The books of one organisation, by account code."""

    def __init__(self, firm: Firm) -> None:
        super().__init__()
        chart = rows(firm.folder / "xero_chart.csv")
        self.chart = {each["code"]: each for each in chart}
        codes = {each["name"]: each["code"] for each in chart}
        self.system = {name: codes[name] for name in (_RECEIVABLE, _PAYABLE, _TAX)}
        rates = rows(firm.folder / "xero_tax_rates.csv")
        self.rates = {each["code"]: Decimal(each["rate"]) for each in rates}

    @property
    def own(self) -> dict[str, str]:
        """Our jobs of the accounts that Xero books by itself, which no map names."""
        return {"accounts_receivable": self.system[_RECEIVABLE], "sales_tax": self.system[_TAX],
                "accounts_payable": self.system[_PAYABLE]}  # fmt: skip

    def deliver(self, payload: Payload, body: dict[str, Any]) -> str | None:
        """Book one payload; its id is what Xero's answer would say."""
        if payload.operation in ("void", "delete"):
            return self._gone(payload, body)
        match payload.object:
            case "Invoice" | "CreditNote":
                return self._document(payload, body)
            case "Allocation":
                return self._allocation(body)
            case "Payment":
                return self._payment(body)
            case "BankTransaction":
                return self._bank_transaction(body)
            case "BankTransfer":
                return self._bank_transfer(body)
            case _:
                return self._new(payload.object, body)

    def open_receivable(self) -> Decimal:
        """Return what is open of invoices, less open credit notes and overpayments."""
        signs = {"ACCREC": 1, "ACCRECCREDIT": -1, "RECEIVE-OVERPAYMENT": -1}
        parts = ((signs.get(self.bodies[id].get("Type", ""), 0), each)
                 for id, each in self.open.items() if id in self.bodies)  # fmt: skip
        return sum((sign * each for sign, each in parts), Decimal(0))

    def _new(self, object: str, body: dict[str, Any]) -> str:
        given = f"{object}-{self.new_id()}"
        self.bodies[given] = body
        return given

    def _gone(self, payload: Payload, body: dict[str, Any]) -> str | None:
        """Take a document back; a paid one cannot go before its payments have."""
        id = body[f"{payload.object}ID"]
        before = self.known(id)
        if id in self.open:
            demand(self.open[id] == before["total"], "this document has payments or allocations")
            self.open[id] = Decimal(0)
        if payload.object == "Payment":
            self.open[before["Invoice"]["InvoiceID"]] += before["Amount"]
        if payload.object == "Allocation":
            for part, name in (
                (before["CreditNote"], "CreditNoteID"),
                (before["Invoice"], "InvoiceID"),
            ):
                self.open[part[name]] += before["Amount"]
        self.strike(id)
        del self.bodies[id]
        return None

    def _document(self, payload: Payload, body: dict[str, Any]) -> str:
        """Book an invoice, a bill or a credit of them: lines and tax against what is owed."""
        demand(body["Status"] == "AUTHORISED", f"status {body['Status']}")
        sign, against = _TYPES[body["Type"]]
        id = body.get(f"{payload.object}ID")
        if id is None:
            id = self._new(payload.object, body)
        else:
            before = self.known(id)
            demand(self.open[id] == before["total"], "a document with payments cannot be edited")
            self.bodies[id] = body = {**before, **body}
        lines = list(self._lines(body))
        net = [(code, sign * amount) for code, amount, _ in lines]
        tax = sum((tax for *_, tax in lines), Decimal(0))
        body["total"] = self.open[id] = sum((amount for _, amount, _ in lines), tax)
        demand(self.open[id] >= 0, "the total of a document cannot be below 0")
        entries: Entries = [*net, (self.system[_TAX], sign * tax)]
        entries.append((self.system[against], -sum((each for _, each in entries), Decimal(0))))
        self.book(id, entries)
        return str(id)

    def _lines(self, body: dict[str, Any]) -> Iterator[tuple[str, Decimal, Decimal]]:
        """Yield account, net amount and tax of every line, as Xero computes them."""
        for line in body["LineItems"]:
            amount = line.get("LineAmount", cents(line["Quantity"] * line["UnitAmount"]))
            demand(amount == cents(line["Quantity"] * line["UnitAmount"]),
                   "the line total does not match the expected line total")  # fmt: skip
            demand(
                amount != 0 or bool(line.get("TaxAmount")), "account must be valid (a line of 0.00)"
            )
            yield self._account(line["AccountCode"]), *self._taxed(amount, line, body)

    def _taxed(
        self, amount: Decimal, line: dict[str, Any], body: dict[str, Any]
    ) -> tuple[Decimal, Decimal]:
        demand(
            line["TaxType"] in self.rates, f"the TaxType code '{line['TaxType']}' does not exist"
        )
        rate, basis = self.rates[line["TaxType"]], body.get("LineAmountTypes", "Exclusive")
        if basis == "NoTax":
            demand(not line.get("TaxAmount"), "there is tax on a document without tax")
            return amount, Decimal(0)
        inclusive = basis == "Inclusive"
        computed = cents(amount * rate / (100 + rate if inclusive else 100))
        tax = line.get("TaxAmount", computed)
        demand("BankAccount" not in body or tax == computed, f"tax amount {tax} is incorrect")
        return amount - tax if inclusive else amount, tax

    def _account(self, code: str, *, bank: bool = False) -> str:
        """Return the code of an account that may stand there."""
        demand(code in self.chart, f"account code '{code}' is not a valid code")
        is_bank = self.chart[code]["type"] == "BANK"
        ours = code in self.system.values()
        demand(
            is_bank == bank and not ours, f"account code '{code}' is not valid for this document"
        )
        return code

    def _allocation(self, body: dict[str, Any]) -> str:
        """Apply a credit note to an invoice: nothing is booked."""
        words = "the allocation is more than what is open"
        self._pay_off(body["CreditNote"]["CreditNoteID"], body["Amount"], words)
        self._pay_off(body["Invoice"]["InvoiceID"], body["Amount"], words)
        demand("Date" in body, "an allocation needs its date")
        return self._new("Allocation", body)

    def _payment(self, body: dict[str, Any]) -> str:
        """Book a payment of an invoice or a bill."""
        invoice, code = body["Invoice"]["InvoiceID"], body["Account"]["Code"]
        demand(self.chart[code]["accepts_payments"] == "yes", f"{code} takes no payments")
        words = "payment amount exceeds the amount outstanding on this document"
        self._pay_off(invoice, body["Amount"], words)
        id = self._new("Payment", body)
        received = [(code, body["Amount"]), (self.system[_RECEIVABLE], -body["Amount"])]
        if self.known(invoice)["Type"] == "ACCPAY":
            received = [(self.system[_PAYABLE], body["Amount"]), (code, -body["Amount"])]
        self.book(id, received)
        return id

    def _bank_transaction(self, body: dict[str, Any]) -> str:
        """Book money received or spent; an overpayment stands against what clients owe."""
        demand("Contact" in body, "a contact is required")
        bank = self._account(body["BankAccount"]["Code"], bank=True)
        if body["Type"] == "RECEIVE-OVERPAYMENT":
            amount = sum((each["LineAmount"] for each in body["LineItems"]), Decimal(0))
            entries: Entries = [(bank, amount), (self.system[_RECEIVABLE], -amount)]
        else:
            lines = list(self._lines(body))
            entries = [(code, -amount) for code, amount, _ in lines]
            entries.append((self.system[_TAX], -sum((tax for *_, tax in lines), Decimal(0))))
            entries.append((bank, -sum((each for _, each in entries), Decimal(0))))
        id = body.get("BankTransactionID") or self._new("BankTransaction", body)
        if body["Type"] == "RECEIVE-OVERPAYMENT":
            body["total"] = self.open[id] = amount
        self.book(id, opposite(entries) if body["Type"] == "SPEND" else entries)
        return str(id)

    def _bank_transfer(self, body: dict[str, Any]) -> str:
        """Book a transfer between two banks."""
        source, target = (self._account(body[f"{each}BankAccount"]["Code"], bank=True)
                          for each in ("From", "To"))  # fmt: skip
        demand(source != target and body["Amount"] > 0, "a transfer between two bank accounts")
        id = self._new("BankTransfer", body)
        self.book(id, [(source, -body["Amount"]), (target, body["Amount"])])
        return id
