#!/usr/bin/env python3
"""Deterministic benchmark data: three NDJSON files of canonical records and one tables.json.

usage: generate.py OUT_DIR [--scale 1.0]

Only the standard library; the same seed gives the same bytes on every machine.
Decimals appear on purpose both as JSON strings and as JSON numbers.
"""

import argparse
import datetime as dt
import json
import os
import random

FIRST = "Jane Omar Priya Liam Chloe Noah Mei Tariq Olivia Ewan Sofia Kofi Ana Bruno Ruth Ivan Zoë Seán".split()
LAST = "Doe Nguyen Smith O'Brien Patel Garcia Kowalski Tanaka Okafor Müller Rossi Jones Brown Wong Silva Cohen".split()
MID = ["", "", "", " Mary", " J.", " van der"]
WORDS = (
    "review draft letter client advice contract settlement disclosure call email conference counsel "
    "affidavit court filing research attendance trust transfer lease will probate title search"
).split()
COMPANY = ["Pty Ltd", "Limited", "LLP", "& Sons", "Holdings Pty Ltd", "Trust"]
CITIES = [
    ("Sydney", "NSW", "2000", "AU"),
    ("Melbourne", "VIC", "3000", "AU"),
    ("Auckland", "AUK", "1010", "NZ"),
    ("London", None, "ec1a 1bb", "GB"),
    ("Denver", "CO", "80202", "US"),
    ("Toronto", "ON", "m5h 2n2", "CA"),
    ("Dublin", None, "d02 x285", "IE"),
    ("Brisbane", "QLD", "4000", "AU"),
    ("Nowhere", None, None, "ZZ"),
]
COUNTRIES = {
    "AU": "Australia",
    "NZ": "New Zealand",
    "GB": "United Kingdom",
    "US": "United States",
    "CA": "Canada",
    "IE": "Ireland",
    "FR": "France",
    "DE": "Germany",
    "IT": "Italy",
    "ES": "Spain",
    "SG": "Singapore",
    "HK": "Hong Kong",
    "ZA": "South Africa",
    "IN": "India",
    "JP": "Japan",
    "CN": "China",
    "FJ": "Fiji",
    "PG": "Papua New Guinea",
    "MY": "Malaysia",
    "PH": "Philippines",
}


def tables():
    r = random.Random(7)
    users = {}
    for i in range(200):
        f, l = r.choice(FIRST), r.choice(LAST)
        users["user%03d@firm.example" % i] = {
            "id": 5000 + i,
            "initials": (f[0] + l[0] + str(i % 10)).upper(),
        }
    matters = {}
    for i in range(5000):
        matters["M-%05d" % i] = {
            "file_number": "F%04d/%02d" % (i, r.randint(1, 24)),
            "client_code": " %s%03d " % (r.choice(LAST)[:3].lower(), r.randint(0, 999)),
        }
    gl = {}
    for i in range(120):
        gl["4-%04d" % (1000 + 10 * i)] = {
            "account": str(200 + i // 2),
            "name": "Income account %d" % (i // 2),
        }
    tax = {}
    for i, (code, t, rate) in enumerate(
        [
            ("GST", "OUTPUT", "0.10"),
            ("GSTFREE", "EXEMPTOUTPUT", "0"),
            ("BAS", "BASEXCLUDED", "0"),
            ("VAT20", "OUTPUT2", "0.20"),
            ("VAT5", "RROUTPUT", "0.05"),
            ("VAT0", "ZERORATEDOUTPUT", "0"),
            ("NZGST", "OUTPUT3", "0.15"),
            ("HST13", "HST", "0.13"),
            ("TX825", "TAX001", "0.0825"),
            ("CO4", "TAX002", "0.0455"),
            ("NONE", "NONE", "0"),
            ("EXP", "GSTONEXPORT", "0"),
        ]
    ):
        tax[code] = {"type": t, "rate": rate}
    return {"users": users, "matters": matters, "gl": gl, "tax": tax, "countries": COUNTRIES}


def words(r, lo, hi):
    return " ".join(r.choice(WORDS) for _ in range(r.randint(lo, hi)))


def num(r, s):
    """s: plain decimal text. Half the time a JSON string, half the time a JSON number."""
    return s if r.random() < 0.5 else float(s)


def time_entry(r, i):
    d = dt.date(2022, 1, 1) + dt.timedelta(days=r.randint(0, 1400))
    billable = r.random() < 0.85
    h = r.choice(
        [
            "0.1",
            "0.2",
            "0.25",
            "0.3",
            "0.5",
            "0.7",
            "1.1",
            "1.25",
            "2.3",
            "%.2f" % r.uniform(0.01, 9.5),
        ]
    )
    e = {
        "id": "te-%07d" % i,
        "kind": "time_entry",
        "matter_ref": "M-%05d" % r.randrange(5000),
        "user_email": "user%03d@firm.example" % r.randrange(200),
        "date": d.isoformat(),
        "hours": num(r, h),
        "rate": num(r, "%d.%02d" % (r.randint(120, 790), r.choice([0, 0, 50, 25, 55, 35]))),
        "currency": "AUD",
        "billable": billable,
        "bill_behaviour": r.choice(["Bill", "Bill", "Bill", "Hide", "No Charge"])
        if billable
        else r.choice([None, "Bill"]),
        "updated_at": "%sT%02d:%02d:%02dZ"
        % (d.isoformat(), r.randrange(24), r.randrange(60), r.randrange(60)),
        "tags": [r.choice(WORDS) for _ in range(r.randint(0, 3))],
        "custom": {
            "utbms_task": "L%d" % (100 + 10 * r.randint(0, 20)),
            "office": r.choice(["SYD", "MEL", None]),
        },
    }
    if r.random() < 0.2:
        e["user_email"] = " " + e["user_email"].title() + " "
    if r.random() < 0.01:
        e["user_email"] = "gone@firm.example"
    x = r.random()
    if x < 0.6:
        e["narrative"] = "  " + words(r, 3, 60) + " "
    elif x < 0.75:
        e["narrative"] = None
    elif x < 0.8:
        e["narrative"] = "   "
    if r.random() < 0.7:
        e["description"] = words(r, 2, 12)
    if r.random() < 0.8:
        e["activity_code"] = r.choice([" a101 ", "A102", "b110", " c200"])
    return e


def contact(r, i):
    person = r.random() < 0.6
    c = {"id": "ct-%06d" % i, "kind": "contact", "type": "person" if person else "organisation"}
    if person:
        f, m, l = r.choice(FIRST), r.choice(MID), r.choice(LAST)
        c["name"] = " %s%s %s" % (f, m, l) if r.random() < 0.95 else f
        if r.random() < 0.5:
            c["first_name"], c["last_name"] = f, (l if r.random() < 0.9 else None)
    else:
        c["name"] = "%s %s %s" % (r.choice(LAST), words(r, 1, 7).title(), r.choice(COMPANY))
    if r.random() < 0.85:
        c["email"] = r.choice(
            [None, " ", "Info%d@Client.Example " % i, "billing%d@client.example" % i]
        )
    c["phones"] = [
        {
            "type": r.choice(["work", "mobile", "fax", "home", "main"]),
            "number": "+61 %d %04d %04d"
            % (r.randint(2, 9), r.randrange(10000), r.randrange(10000)),
        }
        for _ in range(r.randint(0, 5))
    ]
    ads = []
    for _ in range(r.randint(0, 3)):
        city, region, pc, cc = r.choice(CITIES)
        a = {
            "kind": r.choice(["postal", "street", "billing", "physical"]),
            "line1": "%d %s St" % (r.randint(1, 400), r.choice(WORDS).title()),
            "city": city,
            "region": region,
            "postcode": pc,
        }
        if r.random() < 0.3:
            a["line2"] = "Level %d" % r.randint(1, 60)
        if r.random() < 0.9:
            a["country"] = cc if r.random() < 0.9 else cc.lower()
        ads.append(a)
    if r.random() < 0.95:
        c["addresses"] = ads
    if r.random() < 0.4:
        c["tax_number"] = r.choice(
            [
                None,
                "%02d %03d %03d %03d"
                % (r.randrange(100), r.randrange(1000), r.randrange(1000), r.randrange(1000)),
            ]
        )
    c["is_client"], c["is_supplier"], c["archived"] = (
        r.random() < 0.8,
        r.random() < 0.2,
        r.random() < 0.1,
    )
    if r.random() < 0.5:
        c["account_number"] = "ACC-%d-%s" % (i, r.choice(["", "LONG-SUFFIX-TO-CUT-OFF"]))
    if r.random() < 0.5:
        c["terms_days"] = r.choice([7, 14, 30, None])
    if r.random() < 0.3:
        c["bank_account"] = "%03d-%03d %08d" % (
            r.randrange(1000),
            r.randrange(1000),
            r.randrange(10**8),
        )
    c["notes"] = words(r, 0, 25)
    return c


def invoice(r, i):
    d = dt.date(2022, 1, 1) + dt.timedelta(days=r.randint(0, 1400))
    pool = ["4-%04d" % (1000 + 10 * r.randrange(120)) for _ in range(r.randint(1, 5))]
    tpool = [
        r.choice(["GST", "GST", "GST", "GSTFREE", "VAT20", "TX825", "CO4", "NONE"])
        for _ in range(r.randint(1, 2))
    ]
    lines = []
    for n in range(r.randint(1, 12)):
        ln = {
            "line_no": n + 1,
            "description": words(r, 2, 14),
            "gl_code": r.choice(pool),
            "tax_code": r.choice(tpool),
            "quantity": num(
                r, r.choice(["1", "1", "0.5", "1.37", "2.25", "0.1", "%.2f" % r.uniform(0.01, 20)])
            ),
            "unit_price": num(r, "%.2f" % r.uniform(-50 if r.random() < 0.05 else 1, 900)),
            "timekeeper": "user%03d@firm.example" % r.randrange(200),
        }
        lines.append(ln)
    if r.random() < 0.005:
        lines[0]["gl_code"] = "9-9999"
    return {
        "id": "inv-%06d" % i,
        "kind": "invoice",
        "number": "INV-%06d" % i,
        "contact_id": "ct-%06d" % r.randrange(50000),
        "matter_ref": "M-%05d" % r.randrange(5000),
        "date": d.isoformat(),
        "terms_days": r.choice([None, 0, 7, 14, 30, 45]),
        "currency": r.choice(["AUD", "AUD", "NZD", "USD"]),
        "status": r.choice(["approved", "approved", "draft", "void"]),
        "reference": r.choice([None, "PO %d" % r.randrange(99999)]),
        "lines": lines,
    }


def main():
    p = argparse.ArgumentParser()
    p.add_argument("out_dir")
    p.add_argument("--scale", type=float, default=1.0)
    a = p.parse_args()
    os.makedirs(a.out_dir, exist_ok=True)
    with open(os.path.join(a.out_dir, "tables.json"), "w", encoding="utf-8") as f:
        json.dump(tables(), f, ensure_ascii=False)
    for name, fn, n, seed in (
        ("time", time_entry, 100_000, 11),
        ("contact", contact, 50_000, 12),
        ("invoice", invoice, 30_000, 13),
    ):
        r = random.Random(seed)
        with open(os.path.join(a.out_dir, name + ".ndjson"), "w", encoding="utf-8") as f:
            for i in range(int(n * a.scale)):
                f.write(json.dumps(fn(r, i), ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
