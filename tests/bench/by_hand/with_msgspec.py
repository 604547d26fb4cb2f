"""(b2) msgspec: typed Struct decoding of the input (Decimal fields parsed exactly from text), Struct encoding of the output.
usage: hand_msgspec.py MAPPING TABLES IN OUT"""

import sys
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Optional

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

from maps import ADDRESSES, BEHAVIOUR, CENT, NON_BILLABLE, PHONES, STATUS, ZERO

U = UnsetType


class TimeIn(Struct, gc=False):
    id: str
    matter_ref: str
    user_email: str
    date: str
    hours: Decimal
    rate: Decimal
    billable: bool
    updated_at: str
    bill_behaviour: Optional[str] = None
    narrative: Optional[str] = None
    description: Optional[str] = None
    activity_code: Optional[str] = None


class TimeOut(Struct, rename="pascal", gc=False, omit_defaults=False):
    external_id: str
    file_number: str
    client_code: str
    timekeeper_id: int
    timekeeper_initials: str
    work_date: str
    units: int
    hours: str
    rate: str
    amount: str
    billing_type: str
    narrative: str
    modified: str
    source: str = "actionstep"
    activity_code: str | U = UNSET


class Reject(Struct, gc=False):
    reject: str = field(name="_reject")
    external_id: str = field(name="ExternalId")


class Phone(Struct, gc=False):
    type: str
    number: str


class Address(Struct, gc=False):
    kind: str
    line1: str
    city: Optional[str] = None
    line2: Optional[str] = None
    region: Optional[str] = None
    postcode: Optional[str] = None
    country: Optional[str] = None


class ContactIn(Struct):
    id: str
    type: str
    name: str
    is_client: bool
    is_supplier: bool
    archived: bool
    first_name: Optional[str] = None
    last_name: Optional[str] = None
    email: Optional[str] = None
    phones: list[Phone] = []
    addresses: list[Address] = []
    tax_number: Optional[str] = None
    account_number: Optional[str] = None
    terms_days: Optional[int] = None
    bank_account: Optional[str] = None


class PhoneOut(Struct, rename="pascal", gc=False):
    phone_type: str
    phone_number: str


class AddressOut(Struct, rename="pascal", gc=False):
    address_type: str
    address_line1: str = field(name="AddressLine1")
    city: Optional[str]
    country: str
    address_line2: str | U = field(name="AddressLine2", default=UNSET)
    region: str | U = UNSET
    postal_code: str | U = UNSET


class Sales(Struct, rename="pascal", gc=False):
    day: int
    type: str = "DAYSAFTERBILLDATE"


class Terms(Struct, rename="pascal", gc=False):
    sales: Sales


class ContactOut(Struct, rename="pascal"):
    contact_number: str
    name: str
    contact_status: str
    is_customer: bool
    is_supplier: bool
    phones: list[PhoneOut]
    addresses: list[AddressOut]
    first_name: str | U = UNSET
    last_name: str | U = UNSET
    email_address: str | U = UNSET
    account_number: str | U = UNSET
    tax_number: str | U = UNSET
    bank_account_details: str | U = UNSET
    payment_terms: Terms | U = UNSET


class Line(Struct, gc=False):
    gl_code: str
    tax_code: str
    quantity: Decimal
    unit_price: Decimal


class InvoiceIn(Struct):
    id: str
    number: str
    contact_id: str
    matter_ref: str
    date: str
    currency: str
    status: str
    lines: list[Line]
    terms_days: Optional[int] = None
    reference: Optional[str] = None


class LineOut(Struct, rename="pascal", gc=False):
    account_code: str
    tax_type: str
    description: str
    unit_amount: str
    line_amount: str
    tax_amount: str
    quantity: str = "1"


class ContactRef(Struct, rename="pascal", gc=False):
    contact_number: str


class InvoiceOut(Struct, rename="pascal"):
    invoice_number: str
    contact: ContactRef
    date: str
    due_date: str
    status: str
    currency_code: str
    reference: str
    line_items: list[LineOut]
    sub_total: str
    total_tax: str
    total: str
    type: str = "ACCREC"
    line_amount_types: str = "Exclusive"


def main():
    mapping, tables, src, dst = sys.argv[1:5]
    t = msgspec.json.decode(open(tables, "rb").read())
    users, matters, gl, tax, countries = (
        t[k] for k in ("users", "matters", "gl", "tax", "countries")
    )
    rates = {k: Decimal(v["rate"]) for k, v in tax.items()}

    def money(d):
        return str(d.quantize(CENT, ROUND_HALF_UP) + ZERO)

    def time(r):
        user = users.get(r.user_email.strip().lower())
        if user is None:
            return Reject("user", r.id)
        matter = matters.get(r.matter_ref)
        if matter is None:
            return Reject("matter", r.id)
        outcome = BEHAVIOUR.get((True, r.bill_behaviour)) if r.billable else NON_BILLABLE
        if outcome is None:
            return Reject("behaviour", r.id)
        units = int((r.hours * 10).to_integral_value(ROUND_CEILING))
        rate = ZERO if outcome[1] else r.rate
        code = (r.activity_code or "").strip()
        narrative = (
            (r.narrative or "").strip() or (r.description or "").strip() or code or "No description"
        )
        d, u = r.date, r.updated_at
        return TimeOut(
            r.id,
            matter["file_number"],
            matter["client_code"].strip().upper(),
            user["id"],
            user["initials"],
            f"{d[8:10]}/{d[5:7]}/{d[:4]}",
            units,
            f"{units // 10}.{units % 10}",
            money(rate),
            money(rate * units / 10),
            outcome[0],
            narrative[:250],
            f"{u[:10]} {u[11:19]}",
            activity_code=code.upper() or UNSET,
        )

    def contact(r):
        name = r.name.strip()
        out = ContactOut(
            r.id,
            name[:60],
            "ARCHIVED" if r.archived else "ACTIVE",
            r.is_client,
            r.is_supplier,
            [],
            [],
        )
        if r.type == "person":
            last = r.last_name
            if last is not None:
                first = r.first_name
            else:
                parts = name.split()
                first, last = (" ".join(parts[:-1]), parts[-1]) if len(parts) > 1 else (name, None)
            out.first_name, out.last_name = first or UNSET, last or UNSET
        out.email_address = (r.email or "").strip().lower() or UNSET
        if r.account_number:
            out.account_number = r.account_number[:20]
        if r.tax_number:
            out.tax_number = r.tax_number.replace(" ", "")
        seen = {}
        for p in r.phones:
            seen.setdefault(p.type, p)
        for kind, wanted in PHONES:
            for w in wanted:
                if w in seen:
                    out.phones.append(PhoneOut(kind, seen[w].number.replace(" ", "")))
                    break
        seen = {}
        for a in r.addresses:
            seen.setdefault(a.kind, a)
        for kind, wanted in ADDRESSES:
            for w in wanted:
                a = seen.get(w)
                if a is not None:
                    out.addresses.append(
                        AddressOut(
                            kind,
                            a.line1,
                            a.city,
                            countries.get((a.country or "").upper(), "Australia"),
                            a.line2 or UNSET,
                            a.region or UNSET,
                            (a.postcode or "").upper() or UNSET,
                        )
                    )
                    break
        if r.is_supplier and r.bank_account:
            out.bank_account_details = r.bank_account
        if r.terms_days is not None:
            out.payment_terms = Terms(Sales(r.terms_days))
        return out

    def invoice(r):
        groups = {}
        for ln in r.lines:
            g = gl.get(ln.gl_code)
            if g is None:
                return Reject("gl_account", r.id)
            x = tax.get(ln.tax_code)
            if x is None:
                return Reject("tax_code", r.id)
            amount = (ln.quantity * ln.unit_price).quantize(CENT, ROUND_HALF_UP) + ZERO
            key = (g["account"], x["type"])
            acc = groups.get(key)
            if acc is None:
                groups[key] = [amount, 1, g["name"], rates[ln.tax_code]]
            else:
                acc[0] += amount
                acc[1] += 1
        items, sub, total = [], ZERO, ZERO
        for (account, kind), (amount, n, name, rate) in groups.items():
            x = (amount * rate).quantize(CENT, ROUND_HALF_UP) + ZERO
            sub += amount
            total += x
            s = str(amount)
            items.append(LineOut(account, kind, f"{name} ({n})", s, s, str(x)))
        due = date.fromisoformat(r.date) + timedelta(30 if r.terms_days is None else r.terms_days)
        ref = r.reference
        return InvoiceOut(
            r.number,
            ContactRef(r.contact_id),
            r.date,
            due.isoformat(),
            STATUS[r.status],
            r.currency,
            f"{r.matter_ref} / {ref}" if ref and ref.strip() else r.matter_ref,
            items,
            str(sub),
            str(total),
            str(sub + total),
        )

    fn, kind = {
        "time": (time, TimeIn),
        "contact": (contact, ContactIn),
        "invoice": (invoice, InvoiceIn),
    }[mapping]
    decode = msgspec.json.Decoder(kind).decode
    enc = msgspec.json.Encoder()
    buf = bytearray()
    with open(src, "rb") as f, open(dst, "wb") as o:
        for line in f:
            enc.encode_into(fn(decode(line)), buf)
            buf += b"\n"
            o.write(buf)


main()
