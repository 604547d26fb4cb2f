"""
The benchmark's records and look-up tables: the same seed gives the same bytes on every machine.

Decimals appear on purpose both as JSON texts and as JSON numbers, blanks and nulls where real
systems write them, and a few records that cannot be mapped. Only the standard library is needed.

    python tests/bench/generate.py FOLDER --scale 0.1
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

__all__ = ["RECORDS", "tables", "write_records", "write_tables"]

Record = dict[str, Any]


def _listed(words: str) -> list[str]:
    return words.split()


_FIRST: Final = _listed(
    "Jane Omar Priya Liam Chloe Noah Mei Tariq Olivia Ewan Sofia Kofi Ana Bruno Ruth Ivan Zoë Seán"
)
_LAST: Final = _listed(
    "Doe Nguyen Smith O'Brien Patel Garcia Kowalski Tanaka Okafor Müller Rossi Jones Brown Wong"
    " Silva Cohen"
)
_MIDDLE: Final = ("", "", "", " Mary", " J.", " van der")
_WORDS: Final = _listed(
    "review draft letter client advice contract settlement disclosure call email conference counsel"
    " affidavit court filing research attendance trust transfer lease will probate title search"
)
_COMPANY: Final = ("Pty Ltd", "Limited", "LLP", "& Sons", "Holdings Pty Ltd", "Trust")
_CITIES: Final = (
    ("Sydney", "NSW", "2000", "AU"), ("Melbourne", "VIC", "3000", "AU"),
    ("Auckland", "AUK", "1010", "NZ"), ("London", None, "ec1a 1bb", "GB"),
    ("Denver", "CO", "80202", "US"), ("Toronto", "ON", "m5h 2n2", "CA"),
    ("Dublin", None, "d02 x285", "IE"), ("Brisbane", "QLD", "4000", "AU"),
    ("Nowhere", None, None, "ZZ"),
)  # fmt: skip
_COUNTRIES: Final = {
    "AU": "Australia", "NZ": "New Zealand", "GB": "United Kingdom", "US": "United States",
    "CA": "Canada", "IE": "Ireland", "FR": "France", "DE": "Germany", "IT": "Italy", "ES": "Spain",
    "SG": "Singapore", "HK": "Hong Kong", "ZA": "South Africa", "IN": "India", "JP": "Japan",
    "CN": "China", "FJ": "Fiji", "PG": "Papua New Guinea", "MY": "Malaysia", "PH": "Philippines",
}  # fmt: skip
_TAXES: Final = (
    ("GST", "OUTPUT", "0.10"), ("GSTFREE", "EXEMPTOUTPUT", "0"), ("BAS", "BASEXCLUDED", "0"),
    ("VAT20", "OUTPUT2", "0.20"), ("VAT5", "RROUTPUT", "0.05"), ("VAT0", "ZERORATEDOUTPUT", "0"),
    ("NZGST", "OUTPUT3", "0.15"), ("HST13", "HST", "0.13"), ("TX825", "TAX001", "0.0825"),
    ("CO4", "TAX002", "0.0455"), ("NONE", "NONE", "0"), ("EXP", "GSTONEXPORT", "0"),
)  # fmt: skip
_TAXES_OF_LINES: Final = ("GST", "GST", "GST", "GSTFREE", "VAT20", "TX825", "CO4", "NONE")


def tables() -> dict[str, Any]:
    """Return the look-up tables: 200 users, 5,000 matters, accounts, taxes, countries."""
    random = Random(7)
    users = {}
    for i in range(200):
        first, last = random.choice(_FIRST), random.choice(_LAST)
        initials = f"{first[0]}{last[0]}{i % 10}".upper()
        users[f"user{i:03d}@firm.example"] = {"id": 5000 + i, "initials": initials}
    matters = {}
    for i in range(5000):
        matters[f"M-{i:05d}"] = {
            "file_number": f"F{i:04d}/{random.randint(1, 24):02d}",
            "client_code": f" {random.choice(_LAST)[:3].lower()}{random.randint(0, 999):03d} ",
        }
    accounts = {
        f"4-{1000 + 10 * i:04d}": {"account": str(200 + i // 2), "name": f"Income account {i // 2}"}
        for i in range(120)
    }
    taxes = {code: {"type": kind, "rate": rate} for code, kind, rate in _TAXES}
    return {
        "users": users, "matters": matters, "gl": accounts, "tax": taxes, "countries": _COUNTRIES,
    }  # fmt: skip


def _words(random: Random, least: int, most: int) -> str:
    return " ".join(random.choice(_WORDS) for _ in range(random.randint(least, most)))


def _number(random: Random, digits: str) -> str | float:
    """Return a decimal, half the time as a text and half the time as a number of JSON."""
    return digits if random.random() < 0.5 else float(digits)


def _day(random: Random) -> str:
    return (date(2022, 1, 1) + timedelta(days=random.randint(0, 1400))).isoformat()


def _user(random: Random) -> str:
    return f"user{random.randrange(200):03d}@firm.example"


def time_entry(random: Random, i: int) -> Record:
    """Return one recorded time; one in a hundred is of a user whom nobody knows."""
    day, billable = _day(random), random.random() < 0.85
    some = f"{random.uniform(0.01, 9.5):.2f}"
    hours = random.choice(["0.1", "0.2", "0.25", "0.3", "0.5", "0.7", "1.1", "1.25", "2.3", some])
    entry: Record = {
        "id": f"te-{i:07d}",
        "kind": "time_entry",
        "matter_ref": f"M-{random.randrange(5000):05d}",
        "user_email": _user(random),
        "date": day,
        "hours": _number(random, hours),
        "rate": _number(random, _rate(random)),
        "currency": "AUD",
        "billable": billable,
        "bill_behaviour": random.choice(
            ["Bill", "Bill", "Bill", "Hide", "No Charge"] if billable else [None, "Bill"]
        ),
        "updated_at": f"{day}T{_two(random, 24)}:{_two(random, 60)}:{_two(random, 60)}Z",
        "tags": [random.choice(_WORDS) for _ in range(random.randint(0, 3))],
        "custom": {
            "utbms_task": f"L{100 + 10 * random.randint(0, 20)}",
            "office": random.choice(["SYD", "MEL", None]),
        },
    }
    if random.random() < 0.2:
        entry["user_email"] = f" {entry['user_email'].title()} "
    if random.random() < 0.01:
        entry["user_email"] = "gone@firm.example"
    return entry | _texts_of_time(random)


def _rate(random: Random) -> str:
    return f"{random.randint(120, 790)}.{random.choice([0, 0, 50, 25, 55, 35]):02d}"


def _two(random: Random, below: int) -> str:
    return f"{random.randrange(below):02d}"


def _texts_of_time(random: Random) -> Record:
    texts: Record = {}
    chance = random.random()
    if chance < 0.6:
        texts["narrative"] = f"  {_words(random, 3, 60)} "
    elif chance < 0.75:
        texts["narrative"] = None
    elif chance < 0.8:
        texts["narrative"] = "   "
    if random.random() < 0.7:
        texts["description"] = _words(random, 2, 12)
    if random.random() < 0.8:
        texts["activity_code"] = random.choice([" a101 ", "A102", "b110", " c200"])
    return texts


def contact(random: Random, i: int) -> Record:
    """Return one person or organisation, with up to five phones and three addresses."""
    is_person = random.random() < 0.6
    made: Record = {
        "id": f"ct-{i:06d}",
        "kind": "contact",
        "type": "person" if is_person else "organisation",
    }
    made |= _person(random) if is_person else _organisation(random)
    if random.random() < 0.85:
        made["email"] = random.choice(
            [None, " ", f"Info{i}@Client.Example ", f"billing{i}@client.example"]
        )
    made["phones"] = [_phone(random) for _ in range(random.randint(0, 5))]
    addresses = [_address(random) for _ in range(random.randint(0, 3))]
    if random.random() < 0.95:
        made["addresses"] = addresses
    if random.random() < 0.4:
        digits = [random.randrange(most) for most in (100, 1000, 1000, 1000)]
        number = "{:02d} {:03d} {:03d} {:03d}".format(*digits)
        made["tax_number"] = random.choice([None, number])
    made["is_client"] = random.random() < 0.8
    made["is_supplier"] = random.random() < 0.2
    made["archived"] = random.random() < 0.1
    return made | _account_of_contact(random, i)


def _person(random: Random) -> Record:
    first, middle, last = random.choice(_FIRST), random.choice(_MIDDLE), random.choice(_LAST)
    named: Record = {"name": f" {first}{middle} {last}" if random.random() < 0.95 else first}
    if random.random() < 0.5:
        named |= {"first_name": first, "last_name": last if random.random() < 0.9 else None}
    return named


def _organisation(random: Random) -> Record:
    last = random.choice(_LAST)
    return {"name": f"{last} {_words(random, 1, 7).title()} {random.choice(_COMPANY)}"}


def _phone(random: Random) -> Record:
    kind = random.choice(["work", "mobile", "fax", "home", "main"])
    area, first = random.randint(2, 9), random.randrange(10000)
    return {"type": kind, "number": f"+61 {area} {first:04d} {random.randrange(10000):04d}"}


def _address(random: Random) -> Record:
    city, region, postcode, country = random.choice(_CITIES)
    made: Record = {
        "kind": random.choice(["postal", "street", "billing", "physical"]),
        "line1": f"{random.randint(1, 400)} {random.choice(_WORDS).title()} St",
        "city": city,
        "region": region,
        "postcode": postcode,
    }
    if random.random() < 0.3:
        made["line2"] = f"Level {random.randint(1, 60)}"
    if random.random() < 0.9:
        made["country"] = country if random.random() < 0.9 else country.lower()
    return made


def _account_of_contact(random: Random, i: int) -> Record:
    made: Record = {}
    if random.random() < 0.5:
        made["account_number"] = f"ACC-{i}-{random.choice(['', 'LONG-SUFFIX-TO-CUT-OFF'])}"
    if random.random() < 0.5:
        made["terms_days"] = random.choice([7, 14, 30, None])
    if random.random() < 0.3:
        branch, bank = random.randrange(1000), random.randrange(1000)
        made["bank_account"] = f"{branch:03d}-{bank:03d} {random.randrange(10**8):08d}"
    made["notes"] = _words(random, 0, 25)
    return made


def invoice(random: Random, i: int) -> Record:
    """Return one bill of up to twelve lines; one in two hundred has an unknown account."""
    day = _day(random)
    codes = [f"4-{1000 + 10 * random.randrange(120):04d}" for _ in range(random.randint(1, 5))]
    taxes = [random.choice(_TAXES_OF_LINES) for _ in range(random.randint(1, 2))]
    lines = [_line(random, n + 1, codes, taxes) for n in range(random.randint(1, 12))]
    if random.random() < 0.005:
        lines[0]["gl_code"] = "9-9999"
    return {
        "id": f"inv-{i:06d}",
        "kind": "invoice",
        "number": f"INV-{i:06d}",
        "contact_id": f"ct-{random.randrange(50000):06d}",
        "matter_ref": f"M-{random.randrange(5000):05d}",
        "date": day,
        "terms_days": random.choice([None, 0, 7, 14, 30, 45]),
        "currency": random.choice(["AUD", "AUD", "NZD", "USD"]),
        "status": random.choice(["approved", "approved", "draft", "void"]),
        "reference": random.choice([None, f"PO {random.randrange(99999)}"]),
        "lines": lines,
    }


def _line(random: Random, number: int, codes: list[str], taxes: list[str]) -> Record:
    words = _words(random, 2, 14)
    code, tax = random.choice(codes), random.choice(taxes)
    some = ["1", "1", "0.5", "1.37", "2.25", "0.1", f"{random.uniform(0.01, 20):.2f}"]
    quantity = _number(random, random.choice(some))
    price = f"{random.uniform(-50 if random.random() < 0.05 else 1, 900):.2f}"
    return {
        "line_no": number,
        "description": words,
        "gl_code": code,
        "tax_code": tax,
        "quantity": quantity,
        "unit_price": _number(random, price),
        "timekeeper": _user(random),
    }


#: Each mapping's records: what makes one, how many there are at scale 1, and the seed.
RECORDS: Final[dict[str, tuple[Callable[[Random, int], Record], int, int]]] = {
    "time": (time_entry, 100_000, 11),
    "contact": (contact, 50_000, 12),
    "invoice": (invoice, 30_000, 13),
}


def write_tables(folder: Path) -> Path:
    """Write `tables.json`; return its path."""
    path = folder / "tables.json"
    path.write_text(json.dumps(tables(), ensure_ascii=False), "utf-8")
    return path


def write_records(folder: Path, mapping: str, count: int) -> Path:
    """Write the first `count` records of a mapping, one a line; return the path."""
    make, _, seed = RECORDS[mapping]
    random, path = Random(seed), folder / f"{mapping}.ndjson"
    with path.open("w", encoding="utf-8") as file:
        for i in range(count):
            line = json.dumps(make(random, i), ensure_ascii=False, separators=(",", ":"))
            file.write(f"{line}\n")
    return path


def main() -> None:
    """Write the tables and all records into a folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=1.0)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    write_tables(given.folder)
    for mapping, (_, count, _) in RECORDS.items():
        write_records(given.folder, mapping, int(count * given.scale))


if __name__ == "__main__":
    main()
