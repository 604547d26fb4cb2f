"""
A ledger that books what is sent to QuickBooks Online, by its rules.

A sales line books to the income account of its item; tax is computed and rounded line by line
unless the document says its own total; a payment of 0 that links a credit and an invoice books
nothing; a journal books what it says. Source: the vendor's reference, as far as the lists of a
firm (`quickbooks_chart.csv`, items, tax codes) say what stands in its company.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from books.firms import Firm, rows
from books.ledger import Entries, opposite
from books.vendor_books import VendorBooks, cents, demand

from mapping_engine.runtime.outcome import Payload

__all__ = ["QuickBooksBooks"]

_ZERO = Decimal(0)
#: Types of account on which the line of a deposit may stand (a liability is unconfirmed).
_DEPOSITED = ("Income", "Other Income", "Expense", "Other Expense", "Other Current Asset",
              "Equity", "Cost of Goods Sold")  # fmt: skip
#: How a bill is paid → where the account it is paid from stands.
_PAID_BY = {"Check": ("CheckPayment", "BankAccountRef"),
            "CreditCard": ("CreditCardPayment", "CCAccountRef")}  # fmt: skip


class QuickBooksBooks(VendorBooks):
    """The books of one company, by the ids of its accounts."""

    def __init__(self, firm: Firm) -> None:
        super().__init__()
        self.chart = {each["code"]: each for each in rows(firm.folder / "quickbooks_chart.csv")}
        items = rows(firm.folder / "quickbooks_items.csv")
        self.items = {each["item"]: each["account"] for each in items}
        codes = rows(firm.folder / "quickbooks_taxes.csv")
        self.rates = {each["code_there"]: Decimal(each["rate"]) for each in codes}
        #: Id → what kind of object it is.
        self.objects: dict[str, str] = {}
        self.us = firm.currency == "USD"
        named = {each["name"].partition(" ")[0]: code for code, each in self.chart.items()}
        types = {each["type"]: code for code, each in self.chart.items()}
        self.receivable, self.payable = types["Accounts Receivable"], types["Accounts Payable"]
        self.tax = named["Sales" if self.us else "VAT"]

    @property
    def own(self) -> dict[str, str]:
        """Our jobs of the accounts that QuickBooks books by itself, which no map need name."""
        return {"accounts_receivable": self.receivable, "sales_tax": self.tax,
                "accounts_payable": self.payable}  # fmt: skip

    def deliver(self, payload: Payload, body: dict[str, Any]) -> str | None:
        """Book one payload; its id is what the answer would say."""
        if payload.operation in ("void", "delete"):
            return self._gone(payload, body)
        body = self._merged(body)
        match payload.object:
            case "Invoice" | "CreditMemo":
                entries = self._sale(payload.object, body)
            case "Bill" | "VendorCredit":
                entries = self._purchase_document(payload.object, body)
            case "Payment" | "BillPayment":
                entries = self._payment(payload.object, body)
            case "JournalEntry":
                entries = self._journal(body)
            case "Purchase":
                entries = self._purchase(body)
            case "Deposit":
                entries = self._deposit(body)
            case "Transfer":
                source, target = (body[f"{each}AccountRef"]["value"] for each in ("From", "To"))
                entries = [(source, -body["Amount"]), (target, body["Amount"])]
            case _:
                entries = []
        id = body.setdefault("Id", self.new_id())
        self.bodies[id] = body
        self.objects[id] = payload.object
        if payload.object in ("Invoice", "CreditMemo", "Bill", "VendorCredit"):
            self._owed(id, body, entries)
        elif payload.object == "Payment":  # what of it links no invoice
            linked = sum(each if kind == "Invoice" else -each for kind, each in self._kinds(body))
            body["total"] = self.open[id] = body["TotalAmt"] - linked
        for account, _ in entries:
            self._account(account)
        self.book(id, entries)
        return str(id)

    def open_receivable(self) -> Decimal:
        """Return what is open of invoices, less open credit memos and unapplied payments."""
        signs = {"Invoice": 1, "CreditMemo": -1, "Payment": -1}
        parts = (signs.get(self.objects[id], 0) * each for id, each in self.open.items())
        return sum(parts, _ZERO)

    def _merged(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the document as it stands after a sparse update."""
        if "Id" not in body:
            return body
        before = self.known(body["Id"])
        now = str(self.versions[body["Id"]])
        demand(body.get("SyncToken") == now, f"stale object (5010): {body.get('SyncToken')}, {now}")
        if not body.get("sparse"):
            return body
        # Tax is computed again from the new lines unless it is said again.
        kept = {name: each for name, each in before.items() if name != "TxnTaxDetail"}
        return {**kept, **body}

    def _owed(self, id: str, body: dict[str, Any], entries: Entries) -> None:
        """Keep what is open of a document; what was paid of it before stays paid."""
        systems = (self.receivable, self.payable)
        total = abs(sum((each for account, each in entries if account in systems), _ZERO))
        paid = body.get("total", total) - self.open.get(id, total)
        body["total"], self.open[id] = total, total - paid
        demand(self.open[id] >= 0, "more was paid than is owed")

    def _gone(self, payload: Payload, body: dict[str, Any]) -> str | None:
        """Void or delete: what it booked is gone, and what it paid is open again."""
        before = self.known(body["Id"])
        for link, amount in self._links(before):
            self.open[link] = self.open.get(link, _ZERO) + amount
        if body["Id"] in self.open:
            demand(self.open[body["Id"]] == before["total"], "it is paid in part")
            self.open[body["Id"]] = _ZERO
        self.strike(body["Id"])
        if payload.operation == "delete":
            del self.bodies[body["Id"]]
            return None
        return str(body["Id"])

    def _account(self, id: str) -> str:
        demand(id in self.chart, f"invalid reference id (2500): account {id}")
        return id

    def _sale(self, object: str, body: dict[str, Any]) -> Entries:
        """Dr receivable; Cr the items' income accounts and tax; a credit memo the opposite."""
        demand("CustomerRef" in body, "a customer is required")
        entries: Entries = []
        computed = _ZERO
        for line in body["Line"]:
            detail = line["SalesItemLineDetail"]
            quantity, price = detail.get("Qty", Decimal(1)), detail.get("UnitPrice", line["Amount"])
            demand(
                cents(quantity * price) == line["Amount"], "amount is not quantity x price (6070)"
            )
            demand(detail["ItemRef"]["value"] in self.items, "invalid reference id (2500): item")
            entries.append((self.items[detail["ItemRef"]["value"]], -line["Amount"]))
            computed += self._tax(line["Amount"], detail)
        tax = body.get("TxnTaxDetail", {}).get("TotalTax", computed)
        if body.get("GlobalTaxCalculation") == "NotApplicable":
            tax = _ZERO
        entries.append((self.tax, -tax))
        entries.append((self.receivable, -sum((each for _, each in entries), _ZERO)))
        return entries if object == "Invoice" else opposite(entries)

    def _tax(self, amount: Decimal, detail: dict[str, Any]) -> Decimal:
        code = detail.get("TaxCodeRef", {}).get("value", "TAX" if self.us else None)
        demand(code in self.rates, f"invalid reference id (2500): tax code {code}")
        if "TaxInclusiveAmt" in detail:
            gross = detail["TaxInclusiveAmt"]
            return cents(gross * self.rates[code] / (100 + self.rates[code]))
        return cents(amount * self.rates[code] / 100)

    def _purchase_document(self, object: str, body: dict[str, Any]) -> Entries:
        """Dr the lines' accounts and tax; Cr payable; a vendor credit the opposite."""
        demand("VendorRef" in body, "a vendor is required")
        entries, tax = self._cost_lines(body)
        entries.append((self.tax, tax))
        payable = body.get("APAccountRef", {}).get("value", self.payable)
        entries.append((payable, -sum((each for _, each in entries), _ZERO)))
        return entries if object == "Bill" else opposite(entries)

    def _cost_lines(self, body: dict[str, Any]) -> tuple[Entries, Decimal]:
        entries: Entries = []
        computed = _ZERO
        for line in body["Line"]:
            detail = line["AccountBasedExpenseLineDetail"]
            entries.append((detail["AccountRef"]["value"], line["Amount"]))
            if "TaxCodeRef" in detail:
                computed += detail.get("TaxAmount", self._tax(line["Amount"], detail))
        if body.get("GlobalTaxCalculation") == "NotApplicable":
            computed = _ZERO
        return entries, body.get("TxnTaxDetail", {}).get("TotalTax", computed)

    def _links(self, body: dict[str, Any]) -> list[tuple[str, Decimal]]:
        """Return the documents that the lines of a payment link, with their amounts."""
        return [
            (linked["TxnId"], line["Amount"])
            for line in body.get("Line", ())
            for linked in line.get("LinkedTxn", ())
        ]

    def _kinds(self, body: dict[str, Any]) -> list[tuple[str, Decimal]]:
        """Return the kinds of the documents that a payment links, with their amounts."""
        return [(self.objects[id], amount) for id, amount in self._links(body)]

    def _payment(self, object: str, body: dict[str, Any]) -> Entries:
        """Money against what is owed; credits that are linked lower the money that is needed."""
        needed = _ZERO
        for line in body.get("Line", ()):
            for linked in line["LinkedTxn"]:
                credit = linked["TxnType"] in ("CreditMemo", "VendorCredit")
                needed += -line["Amount"] if credit else line["Amount"]
                self._pay_off(linked["TxnId"], line["Amount"], "more than is open is paid")
        total = body["TotalAmt"]
        exact = object == "BillPayment"
        demand(total == needed if exact else total >= needed, f"{total} of {needed} is paid")
        if object == "BillPayment":
            kind, account = _PAID_BY[body["PayType"]]
            bank = body[kind][account]["value"]
            return [(self.payable, total), (bank, -total)]
        if not total:
            return []
        return [(body["DepositToAccountRef"]["value"], total), (self.receivable, -total)]

    def _journal(self, body: dict[str, Any]) -> Entries:
        """What the lines say, debits and credits alike."""
        entries: Entries = []
        for line in body["Line"]:
            detail = line["JournalEntryLineDetail"]
            account = detail["AccountRef"]["value"]
            named = account not in (self.receivable, self.payable) or "Entity" in detail
            demand(line["Amount"] >= 0 and named, "a journal line (6000)")
            debit = detail["PostingType"] == "Debit"
            entries.append((account, line["Amount"] if debit else -line["Amount"]))
        demand(sum(each for _, each in entries) == 0, "debits and credits differ (6000)")
        return entries

    def _purchase(self, body: dict[str, Any]) -> Entries:
        """Dr the lines' accounts; Cr the bank."""
        demand(body["PaymentType"] in ("Cash", "Check", "CreditCard"), "a payment type (2170)")
        entries, tax = self._cost_lines(body)
        entries.append((self.tax, tax))
        return [*entries, (body["AccountRef"]["value"], -sum((x for _, x in entries), _ZERO))]

    def _deposit(self, body: dict[str, Any]) -> Entries:
        """Dr the bank; Cr the lines' accounts."""
        entries: Entries = []
        for line in body["Line"]:
            account = line["DepositLineDetail"]["AccountRef"]["value"]
            kind = self.chart[self._account(account)]["type"]
            demand(kind in _DEPOSITED, f"a deposit line on {kind}")
            entries.append((account, -line["Amount"]))
        return [*entries, (body["DepositToAccountRef"]["value"], -sum(x for _, x in entries))]
