"""
The three mappings as a Python programmer would write them by hand: dicts in, dicts out.

Each function takes the look-up tables and `exact`, which turns a decimal as the JSON reader gives
it (a text or a number) into an exact `Decimal`; it returns the function that maps one record. A
record that cannot be mapped becomes `{"_reject": reason, "ExternalId": id}`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

__all__ = [
    "ADDRESSES", "BEHAVIOUR", "CENT", "MAPPINGS", "NON_BILLABLE", "PHONES", "STATUS", "ZERO",
    "Map", "Record", "money",
]  # fmt: skip

Record = dict[str, Any]
Map = Callable[[Record], Record]

CENT = Decimal("0.01")
ZERO = Decimal(0)
BEHAVIOUR = {
    (True, "Bill"): ("Billable Work", False),
    (True, "Hide"): ("On Hold", False),
    (True, "No Charge"): ("Billable Work", True),
}
NON_BILLABLE = ("Non-Billable Work", False)
STATUS = {"approved": "AUTHORISED", "draft": "DRAFT", "void": "VOIDED"}
PHONES = (("DEFAULT", ("work", "main")), ("MOBILE", ("mobile",)), ("FAX", ("fax",)))
ADDRESSES = (("POBOX", ("postal", "billing")), ("STREET", ("street", "physical")))


def money(amount: Decimal) -> str:
    """Return an amount with two decimals, rounded half up; never a negative zero."""
    return str(amount.quantize(CENT, ROUND_HALF_UP) + ZERO)


def time(tables: Record, exact: Callable[[Any], Decimal]) -> Map:
    """Return the mapping of a time entry."""
    users, matters = tables["users"], tables["matters"]

    def mapped(r: Record) -> Record:
        user = users.get(r["user_email"].strip().lower())
        if user is None:
            return {"_reject": "user", "ExternalId": r["id"]}
        matter = matters.get(r["matter_ref"])
        if matter is None:
            return {"_reject": "matter", "ExternalId": r["id"]}
        work = BEHAVIOUR.get((True, r.get("bill_behaviour"))) if r["billable"] else NON_BILLABLE
        if work is None:
            return {"_reject": "behaviour", "ExternalId": r["id"]}
        units = int((exact(r["hours"]) * 10).to_integral_value(ROUND_CEILING))
        rate = ZERO if work[1] else exact(r["rate"])
        code = (r.get("activity_code") or "").strip()
        narrative = (r.get("narrative") or "").strip()
        narrative = narrative or (r.get("description") or "").strip() or code or "No description"
        day, stamp = r["date"], r["updated_at"]
        out = {
            "ExternalId": r["id"],
            "FileNumber": matter["file_number"],
            "ClientCode": matter["client_code"].strip().upper(),
            "TimekeeperId": user["id"],
            "TimekeeperInitials": user["initials"],
            "WorkDate": f"{day[8:10]}/{day[5:7]}/{day[:4]}",
            "Units": units,
            "Hours": f"{units // 10}.{units % 10}",
            "Rate": money(rate),
            "Amount": money(rate * units / 10),
            "BillingType": work[0],
            "Narrative": narrative[:250],
        }
        if code:
            out["ActivityCode"] = code.upper()
        out["Modified"] = f"{stamp[:10]} {stamp[11:19]}"
        out["Source"] = "actionstep"
        return out

    return mapped


def contact(tables: Record, exact: Callable[[Any], Decimal]) -> Map:
    """Return the mapping of a contact."""
    countries = tables["countries"]

    def mapped(r: Record) -> Record:
        name = r["name"].strip()
        out = {"ContactNumber": r["id"], "Name": name[:60]}
        if r["type"] == "person":
            last = r.get("last_name")
            if last is not None:
                first = r.get("first_name")
            else:
                parts = name.split()
                several = len(parts) > 1
                first, last = (" ".join(parts[:-1]), parts[-1]) if several else (name, None)
            if first:
                out["FirstName"] = first
            if last:
                out["LastName"] = last
        email = (r.get("email") or "").strip().lower()
        if email:
            out["EmailAddress"] = email
        out["ContactStatus"] = "ARCHIVED" if r["archived"] else "ACTIVE"
        if r.get("account_number"):
            out["AccountNumber"] = r["account_number"][:20]
        tax_number = (r.get("tax_number") or "").replace(" ", "")
        if tax_number:
            out["TaxNumber"] = tax_number
        out["IsCustomer"] = r["is_client"]
        out["IsSupplier"] = r["is_supplier"]
        first_phone: Record = {}
        for p in r.get("phones") or ():
            first_phone.setdefault(p["type"], p)
        phones = []
        for kind, wanted in PHONES:
            for w in wanted:
                p = first_phone.get(w)
                if p is not None:
                    number = p["number"].replace(" ", "")
                    phones.append({"PhoneType": kind, "PhoneNumber": number})
                    break
        out["Phones"] = phones
        first_address: Record = {}
        for a in r.get("addresses") or ():
            first_address.setdefault(a["kind"], a)
        addresses = []
        for kind, wanted in ADDRESSES:
            for w in wanted:
                a = first_address.get(w)
                if a is not None:
                    o = {"AddressType": kind, "AddressLine1": a["line1"]}
                    if a.get("line2"):
                        o["AddressLine2"] = a["line2"]
                    o["City"] = a["city"]
                    if a.get("region"):
                        o["Region"] = a["region"]
                    if a.get("postcode"):
                        o["PostalCode"] = a["postcode"].upper()
                    o["Country"] = countries.get((a.get("country") or "").upper(), "Australia")
                    addresses.append(o)
                    break
        out["Addresses"] = addresses
        if r["is_supplier"] and r.get("bank_account"):
            out["BankAccountDetails"] = r["bank_account"]
        if r.get("terms_days") is not None:
            out["PaymentTerms"] = {"Sales": {"Day": r["terms_days"], "Type": "DAYSAFTERBILLDATE"}}
        return out

    return mapped


def invoice(tables: Record, exact: Callable[[Any], Decimal]) -> Map:
    """Return the mapping of an invoice; the first line that has no account or tax decides."""
    gl, tax = tables["gl"], tables["tax"]
    rates = {code: Decimal(row["rate"]) for code, row in tax.items()}

    def mapped(r: Record) -> Record:
        groups: dict[tuple[str, str], list[Any]] = {}
        for line in r["lines"]:
            g = gl.get(line["gl_code"])
            if g is None:
                return {"_reject": "gl_account", "ExternalId": r["id"]}
            t = tax.get(line["tax_code"])
            if t is None:
                return {"_reject": "tax_code", "ExternalId": r["id"]}
            amount = exact(line["quantity"]) * exact(line["unit_price"])
            amount = amount.quantize(CENT, ROUND_HALF_UP) + ZERO
            key = (g["account"], t["type"])
            group = groups.get(key)
            if group is None:
                groups[key] = [amount, 1, g["name"], rates[line["tax_code"]]]
            else:
                group[0] += amount
                group[1] += 1
        items, net, total_tax = [], ZERO, ZERO
        for (account, kind), (amount, n, name, rate) in groups.items():
            taxed = (amount * rate).quantize(CENT, ROUND_HALF_UP) + ZERO
            net += amount
            total_tax += taxed
            s = str(amount)
            items.append(
                {
                    "AccountCode": account,
                    "TaxType": kind,
                    "Description": f"{name} ({n})",
                    "Quantity": "1",
                    "UnitAmount": s,
                    "LineAmount": s,
                    "TaxAmount": str(taxed),
                }
            )
        terms, ref, matter = r.get("terms_days"), r.get("reference"), r["matter_ref"]
        due = date.fromisoformat(r["date"]) + timedelta(30 if terms is None else terms)
        return {
            "Type": "ACCREC",
            "InvoiceNumber": r["number"],
            "Contact": {"ContactNumber": r["contact_id"]},
            "Date": r["date"],
            "DueDate": due.isoformat(),
            "LineAmountTypes": "Exclusive",
            "Status": STATUS[r["status"]],
            "CurrencyCode": r["currency"],
            "Reference": f"{matter} / {ref}" if ref and ref.strip() else matter,
            "LineItems": items,
            "SubTotal": str(net),
            "TotalTax": str(total_tax),
            "Total": str(net + total_tax),
        }

    return mapped


MAPPINGS: dict[str, Callable[[Record, Callable[[Any], Decimal]], Map]] = {
    "time": time,
    "contact": contact,
    "invoice": invoice,
}
