"""
The mappings by hand with msgspec: records decoded into Structs, payloads encoded from Structs.

The fastest that we know how to write by hand; decimals are read exactly from the text.
Usage: with_msgspec.py MAPPING TABLES INPUT OUTPUT
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import msgspec
from mappings import (
    ADDRESSES,
    BEHAVIOUR,
    CENT,
    NON_BILLABLE,
    PHONES,
    STATUS,
    ZERO,
    Record,
    money,
)
from msgspec import UNSET
from structs import (
    AddressOut,
    ContactIn,
    ContactOut,
    ContactRef,
    InvoiceIn,
    InvoiceOut,
    LineOut,
    PhoneOut,
    Reject,
    Sales,
    Terms,
    TimeIn,
    TimeOut,
)


def time(tables: Record) -> Callable[[TimeIn], TimeOut | Reject]:
    """Return the mapping of a time entry."""
    users, matters = tables["users"], tables["matters"]

    def mapped(r: TimeIn) -> TimeOut | Reject:
        user = users.get(r.user_email.strip().lower())
        if user is None:
            return Reject("user", r.id)
        matter = matters.get(r.matter_ref)
        if matter is None:
            return Reject("matter", r.id)
        work = BEHAVIOUR.get((True, r.bill_behaviour)) if r.billable else NON_BILLABLE
        if work is None:
            return Reject("behaviour", r.id)
        units = int((r.hours * 10).to_integral_value(ROUND_CEILING))
        rate = ZERO if work[1] else r.rate
        code = (r.activity_code or "").strip()
        narrative = (r.narrative or "").strip()
        narrative = narrative or (r.description or "").strip() or code or "No description"
        day, stamp = r.date, r.updated_at
        return TimeOut(
            r.id,
            matter["file_number"],
            matter["client_code"].strip().upper(),
            user["id"],
            user["initials"],
            f"{day[8:10]}/{day[5:7]}/{day[:4]}",
            units,
            f"{units // 10}.{units % 10}",
            money(rate),
            money(rate * units / 10),
            work[0],
            narrative[:250],
            f"{stamp[:10]} {stamp[11:19]}",
            activity_code=code.upper() or UNSET,
        )

    return mapped


def contact(tables: Record) -> Callable[[ContactIn], ContactOut]:
    """Return the mapping of a contact."""
    countries = tables["countries"]

    def mapped(r: ContactIn) -> ContactOut:
        name = r.name.strip()
        status = "ARCHIVED" if r.archived else "ACTIVE"
        out = ContactOut(r.id, name[:60], status, r.is_client, r.is_supplier, [], [])
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
        seen: dict[str, Any] = {}
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
                    country = countries.get((a.country or "").upper(), "Australia")
                    made = AddressOut(kind, a.line1, a.city, country, a.line2 or UNSET)
                    made.region = a.region or UNSET
                    made.postal_code = (a.postcode or "").upper() or UNSET
                    out.addresses.append(made)
                    break
        if r.is_supplier and r.bank_account:
            out.bank_account_details = r.bank_account
        if r.terms_days is not None:
            out.payment_terms = Terms(Sales(r.terms_days))
        return out

    return mapped


def invoice(tables: Record) -> Callable[[InvoiceIn], InvoiceOut | Reject]:
    """Return the mapping of an invoice; the first line that has no account or tax decides."""
    gl, tax = tables["gl"], tables["tax"]
    rates = {code: Decimal(row["rate"]) for code, row in tax.items()}

    def mapped(r: InvoiceIn) -> InvoiceOut | Reject:
        groups: dict[tuple[str, str], list[Any]] = {}
        for line in r.lines:
            g = gl.get(line.gl_code)
            if g is None:
                return Reject("gl_account", r.id)
            t = tax.get(line.tax_code)
            if t is None:
                return Reject("tax_code", r.id)
            amount = (line.quantity * line.unit_price).quantize(CENT, ROUND_HALF_UP) + ZERO
            key = (g["account"], t["type"])
            group = groups.get(key)
            if group is None:
                groups[key] = [amount, 1, g["name"], rates[line.tax_code]]
            else:
                group[0] += amount
                group[1] += 1
        items, net, total_tax = [], ZERO, ZERO
        for (account, kind), (amount, n, name, rate) in groups.items():
            taxed = (amount * rate).quantize(CENT, ROUND_HALF_UP) + ZERO
            net += amount
            total_tax += taxed
            s = str(amount)
            items.append(LineOut(account, kind, f"{name} ({n})", s, s, str(taxed)))
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
            str(net),
            str(total_tax),
            str(net + total_tax),
        )

    return mapped


MAPPINGS: dict[str, tuple[Callable[[Record], Any], type]] = {
    "time": (time, TimeIn),
    "contact": (contact, ContactIn),
    "invoice": (invoice, InvoiceIn),
}


def main() -> None:
    """Map a file."""
    mapping, tables, records, output = sys.argv[1:5]
    make, kind = MAPPINGS[mapping]
    mapped = make(msgspec.json.decode(Path(tables).read_bytes()))
    decode = msgspec.json.Decoder(kind).decode
    encode, buffer = msgspec.json.Encoder().encode_into, bytearray()
    with open(records, "rb") as source, open(output, "wb") as target:
        for line in source:
            encode(mapped(decode(line)), buffer)
            buffer += b"\n"
            target.write(buffer)


main()
