"""The three mappings by hand in plain Python (dicts in, dicts out). `make(tables, dec)` returns them by name.

`dec` turns an input decimal (string or parsed JSON number) into an exact Decimal; it depends on the JSON reader."""

from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

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


def make(tables, dec):
    users, matters, gl, tax, countries = (
        tables[k] for k in ("users", "matters", "gl", "tax", "countries")
    )

    def money(d):
        return str(d.quantize(CENT, ROUND_HALF_UP) + ZERO)  # + 0 turns -0.00 into 0.00

    def time(r):
        user = users.get(r["user_email"].strip().lower())
        if user is None:
            return {"_reject": "user", "ExternalId": r["id"]}
        matter = matters.get(r["matter_ref"])
        if matter is None:
            return {"_reject": "matter", "ExternalId": r["id"]}
        outcome = BEHAVIOUR.get((True, r.get("bill_behaviour"))) if r["billable"] else NON_BILLABLE
        if outcome is None:
            return {"_reject": "behaviour", "ExternalId": r["id"]}
        units = int((dec(r["hours"]) * 10).to_integral_value(ROUND_CEILING))
        rate = ZERO if outcome[1] else dec(r["rate"])
        code = (r.get("activity_code") or "").strip()
        narrative = (
            (r.get("narrative") or "").strip()
            or (r.get("description") or "").strip()
            or code
            or "No description"
        )
        d, u = r["date"], r["updated_at"]
        out = {
            "ExternalId": r["id"],
            "FileNumber": matter["file_number"],
            "ClientCode": matter["client_code"].strip().upper(),
            "TimekeeperId": user["id"],
            "TimekeeperInitials": user["initials"],
            "WorkDate": f"{d[8:10]}/{d[5:7]}/{d[:4]}",
            "Units": units,
            "Hours": f"{units // 10}.{units % 10}",
            "Rate": money(rate),
            "Amount": money(rate * units / 10),
            "BillingType": outcome[0],
            "Narrative": narrative[:250],
        }
        if code:
            out["ActivityCode"] = code.upper()
        out["Modified"] = f"{u[:10]} {u[11:19]}"
        out["Source"] = "actionstep"
        return out

    def contact(r):
        name = r["name"].strip()
        out = {"ContactNumber": r["id"], "Name": name[:60]}
        if r["type"] == "person":
            last = r.get("last_name")
            if last is not None:
                first = r.get("first_name")
            else:
                parts = name.split()
                first, last = (" ".join(parts[:-1]), parts[-1]) if len(parts) > 1 else (name, None)
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
        tax_no = (r.get("tax_number") or "").replace(" ", "")
        if tax_no:
            out["TaxNumber"] = tax_no
        out["IsCustomer"] = r["is_client"]
        out["IsSupplier"] = r["is_supplier"]
        first_phone = {}
        for p in r.get("phones") or ():
            first_phone.setdefault(p["type"], p)
        phones = []
        for kind, wanted in PHONES:
            for w in wanted:
                p = first_phone.get(w)
                if p is not None:
                    phones.append({"PhoneType": kind, "PhoneNumber": p["number"].replace(" ", "")})
                    break
        out["Phones"] = phones
        first_addr = {}
        for a in r.get("addresses") or ():
            first_addr.setdefault(a["kind"], a)
        addresses = []
        for kind, wanted in ADDRESSES:
            for w in wanted:
                a = first_addr.get(w)
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

    rates = {k: Decimal(v["rate"]) for k, v in tax.items()}

    def invoice(r):
        groups = {}
        for ln in r["lines"]:
            g = gl.get(ln["gl_code"])
            if g is None:
                return {"_reject": "gl_account", "ExternalId": r["id"]}
            t = tax.get(ln["tax_code"])
            if t is None:
                return {"_reject": "tax_code", "ExternalId": r["id"]}
            amount = (dec(ln["quantity"]) * dec(ln["unit_price"])).quantize(
                CENT, ROUND_HALF_UP
            ) + ZERO
            key = (g["account"], t["type"])
            acc = groups.get(key)
            if acc is None:
                groups[key] = [amount, 1, g["name"], rates[ln["tax_code"]]]
            else:
                acc[0] += amount
                acc[1] += 1
        items, sub, total_tax = [], ZERO, ZERO
        for (account, tax_type), (amount, n, name, rate) in groups.items():
            t = (amount * rate).quantize(CENT, ROUND_HALF_UP) + ZERO  # no -0.00
            sub += amount
            total_tax += t
            s = str(amount)
            items.append(
                {
                    "AccountCode": account,
                    "TaxType": tax_type,
                    "Description": f"{name} ({n})",
                    "Quantity": "1",
                    "UnitAmount": s,
                    "LineAmount": s,
                    "TaxAmount": str(t),
                }
            )
        terms = r.get("terms_days")
        ref = r.get("reference")
        return {
            "Type": "ACCREC",
            "InvoiceNumber": r["number"],
            "Contact": {"ContactNumber": r["contact_id"]},
            "Date": r["date"],
            "DueDate": (
                date.fromisoformat(r["date"]) + timedelta(30 if terms is None else terms)
            ).isoformat(),
            "LineAmountTypes": "Exclusive",
            "Status": STATUS[r["status"]],
            "CurrencyCode": r["currency"],
            "Reference": f"{r['matter_ref']} / {ref}" if ref and ref.strip() else r["matter_ref"],
            "LineItems": items,
            "SubTotal": str(sub),
            "TotalTax": str(total_tax),
            "Total": str(sub + total_tax),
        }

    return {"time": time, "contact": contact, "invoice": invoice}
