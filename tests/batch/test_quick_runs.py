"""
A run of the compiled engine writes the files of a run of the interpreter, byte for byte.

Everything that the example firms send is sent, some of it twice: what a record asks of an earlier
one, and whose match key is taken, must not depend on how many lines are taken at once.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from both_ways import opened, sides

from mapping_engine.batch.job import Wanted
from mapping_engine.values.json import compact, decode
from mapping_engine.values.value import Value

FIRMS = Path(__file__).parents[2] / "rules" / "examples"
#: The files of records by their kind, and those of payloads by system and kind.
SENT = {
    "contacts": "contact", "invoices": "invoice", "credit_notes": "credit_note",
    "payments": "payment", "bank_transactions": "bank_transaction",
    "bank_transfers": "bank_transfer", "supplier_bills": "supplier_bill",
    "supplier_credits": "supplier_credit", "supplier_payments": "supplier_payment",
    "trust_transactions": "trust_transaction", "journal_entries": "journal_entry",
}  # fmt: skip
READ = {
    "time_entries": ("actionstep", "time_entry"), "actions": ("actionstep", "matter"),
    "participants": ("actionstep", "contact"), "soluno_contacts": ("soluno", "contact"),
    "soluno_files": ("soluno", "matter"),
}  # fmt: skip
PACKS = sorted((each.parent.name, each.stem) for each in FIRMS.glob("*/*.yaml")
               if each.stem != "firm")  # fmt: skip


def wanted(firm: str, pack: str) -> Iterator[tuple[Path, Wanted]]:
    """Yield what a firm may want of a pack, each with its records or payloads."""
    samples = FIRMS / firm / "samples"
    for stem, kind in SENT.items():
        yield samples / f"{stem}.ndjson", Wanted(pack, kind, firm=FIRMS / firm)
    for stem, (system, kind) in READ.items():
        ways = {"inward": True} if system == pack else {"source": system}
        yield samples / f"{stem}.ndjson", Wanted(pack, kind, firm=FIRMS / firm, **ways)  # type: ignore[arg-type]


def as_rows(lines: list[bytes]) -> bytes:
    """Return records as a table: their single values, and those of the objects in them."""
    rows = [dict(_cells(json.loads(each, parse_float=str), "")) for each in lines]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _cells(value: Any, name: str) -> Iterator[tuple[str, str]]:
    for word, each in value.items():
        if isinstance(each, dict):
            yield from _cells(each, f"{name}{word}.")
        elif not isinstance(each, list) and each is not None:
            yield f"{name}{word}", str(each).lower() if isinstance(each, bool) else str(each)


#: What may stand where something else stood: blanks, odd numbers, other kinds, odd characters.
ODD: tuple[Value, ...] = (
    "", " ", None, Decimal("0.0000001"), Decimal("-0.0"), Decimal("1.50"), Decimal(7), True, [], {},
    "\ue000x\ue000", "1.50", "x" * 300, "2026-02-30", "é\u2028", "01",
)  # fmt: skip


def odd(line: bytes, chance: Random, *, whole: bool) -> bytes:
    """Return a record in which one value is another, however deep it stands.

    With `whole` that may be an object or a list.
    """
    record = decode(line)
    inside: Any = record
    while True:
        place = chance.choice(list(inside) if isinstance(inside, dict) else range(len(inside)))
        goes_on = isinstance(inside[place], dict | list) and inside[place]
        if not goes_on or (whole and chance.random() < 0.1):
            inside[place] = chance.choice(ODD)
            return compact(record).encode() + b"\n"
        inside = inside[place]


def known_otherwise(line: bytes, number: int) -> bytes:
    """Return a record under another id: the match key of its payload may be taken then."""
    record = decode(line)
    assert isinstance(record, dict)
    return compact(record | {"id": f"other-{number}"}).encode() + b"\n"


WRITTEN = {
    "ndjson": b"".join,
    "csv": as_rows,
    "json": lambda lines: b"[" + b",".join(lines) + b"]",
}


@pytest.mark.parametrize("firm, pack", PACKS)
def test_both_engines_write_the_same_files(firm: str, pack: str, tmp_path: Path) -> None:
    met, chance = 0, Random(f"{firm} {pack}")
    for number, (path, what) in enumerate(wanted(firm, pack)):
        job = opened(what) if path.exists() else None
        if job is None:
            continue
        lines = path.read_bytes().splitlines(keepends=True)[::2]
        form = list(WRITTEN)[number % 3]
        lines += lines[:40]
        lines += [odd(each, chance, whole=form != "csv") for each in lines[:60]]
        lines += [known_otherwise(each, at) for at, each in enumerate(lines[:30])]
        lines += [b'{"id":\n'] * (3 * (form == "ndjson"))
        if number % 2:
            chance.shuffle(lines)
        interpreted, compiled = sides(job, form, WRITTEN[form](lines), tmp_path / str(number),
                                      payloads_only=number % 4 == 3)  # fmt: skip
        assert interpreted == compiled, what.record
        met += b"" != compiled["mapped.ndjson"]
    assert met > 0
