"""
Write the sample records of the example firms: 300 of every kind, the same each time.

    python tests/books/write_samples.py

Most are an ordinary half year of a practice, coherent from one file to the other: payments pay
invoices that are there. The last fifteen of each file are what a practice has besides: drafts,
purchase orders, refunds, documents from before the integration, other currencies. `links` say
what the accounting system has already: the contacts, and every document that another one pays.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from books.firms import FIRMS, Firm, firm
from books.people import contacts
from books.records import KINDS, Practice

__all__ = ["COUNT", "files"]

COUNT = 300
_SPECIAL = 15
_OLD = {"issued_on": "2026-06-02", "posted_at": "2026-06-02T10:00:00+00:00"}
_OTHER = {"division": "Conveyancing North"}
_FOREIGN = {"currency": "EUR"}
#: What a changed copy does not have.
_LEFT_OUT = object()
_NO_BALANCE = {"balance_before": _LEFT_OUT, "balance_after": _LEFT_OUT}
#: What a record of a kind may be besides; each is given to several records.
_VARIATIONS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "invoice": ({"status": "draft"}, {"status": "awaiting_approval"}, {"due_on": None, **_OLD},
                {"status": "deleted"}, _FOREIGN, _OTHER),
    "credit_note": ({"status": "draft"}, {"is_refund": True}, _OLD, _FOREIGN),
    "payment": ({"is_refund": True}, {"source": "retainer"}, _FOREIGN, _OTHER,
                {"received_on": "2026-06-02", "posted_at": "2026-06-02T10:00:00+00:00"}),
    "supplier_bill": ({"kind": "purchase_order"}, {"kind": "purchase_credit_order"},
                      {"kind": "pre_entered"}, {"status": "draft"}, {"due_on": None, **_OLD}),
    "supplier_credit": ({"kind": "purchase_credit_order"}, {"status": "draft"}, _FOREIGN),
    "supplier_payment": ({"batch_id": "B-7"}, {"is_printed_check": True, "method": "check"},
                         _FOREIGN, _OTHER),
    "trust_transaction": ({"kind": "reconciliation", **_NO_BALANCE}, _OTHER,
                          {"kind": "transfer_to_operating", **_NO_BALANCE},
                          {"balance_before": Decimal("5.00"), "balance_after": Decimal("-5.00"),
                           "kind": "payment", "amount": Decimal("10.00")}),
    "bank_transfer": (_FOREIGN, _OTHER),
    "bank_transaction": ({"instrument": "deposit_slip", "direction": "money_in"}, _FOREIGN,
                         {"linked_payment": {"id": "pay-1001", "number": "R-1001"}},
                         {"instrument": "printed_check", "direction": "money_out"}),
    "journal_entry": ({"status": "draft"}, _OTHER),
}  # fmt: skip
_COLUMNS = ("object", "target_id", "version", "record_id")
#: Our kind → what it is in each accounting system.
_OBJECTS = {
    "xero": {"client": "Contact", "supplier": "Contact", "invoice": "Invoice", "bill": "Invoice"},
    "quickbooks_online": {"client": "Customer", "supplier": "Vendor", "invoice": "Invoice",
                          "bill": "Bill"},
}  # fmt: skip


def files(name: str) -> dict[str, str]:
    """Return the text of every file of a firm, by its place in the firm's folder."""
    made = _records(firm(name))
    texts = {f"samples/{_plural(kind)}.ndjson": _lines(made[kind]) for kind in made}
    rows = [",".join(each) for each in (_COLUMNS,
                                        *_links(firm(name), made))]  # fmt: skip
    return {**texts, "links.csv": "\n".join(rows) + "\n"}


def _records(given: Firm) -> dict[str, list[dict[str, Any]]]:
    practice = Practice(given, Random(given.name), longest=4, records_a_day=18, paid_whole=12)
    made: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    ordinary = COUNT - _SPECIAL
    for kind in ("invoice", "supplier_bill"):  # something to pay
        made[kind] += [practice.make(kind) or {} for _ in range(20)]
    while wanted := [kind for kind in KINDS if len(made[kind]) < ordinary]:
        kind = practice.random.choice(wanted)
        record = practice.make(kind)
        if record is not None:
            made[kind].append(record)
    for kind, records in made.items():
        records += _special(kind, records, practice.random)
    return {"contact": [each.record() for each in contacts(COUNT)], **made}


def _special(kind: str, records: list[dict[str, Any]], random: Random) -> Iterator[dict[str, Any]]:
    """Yield changed copies of records, each a record of its own that nothing refers to."""
    plain = [each for each in records if each.get("kind") not in ("reversal", "journal")]
    for place in range(_SPECIAL):
        change = _VARIATIONS[kind][place % len(_VARIATIONS[kind])]
        record = {**random.choice(plain), "applications": _LEFT_OUT, **change}
        record["id"] = f"{kind}-x{place + 1}"
        if "number" in record:
            record["number"] = f"{record['number'].partition('-')[0]}-X{place + 1}"
        yield {name: each for name, each in record.items() if each is not _LEFT_OUT}


def _links(given: Firm, made: Mapping[str, list[dict[str, Any]]]) -> Iterator[tuple[str, ...]]:
    """Yield what the accounting system has already: object, its id and version, our id."""
    objects = _OBJECTS[given.pack]
    known = [(objects[each.roles[0]], each.id) for each in contacts(COUNT)]
    paid = {("invoice", id): None for id in _referred(made, "invoice")}
    paid |= {("bill", id): None for id in _referred(made, "bill")}
    known += [(objects[kind], id) for kind, id in sorted(paid)]
    for place, (object, id) in enumerate(known, start=1001):
        if given.pack == "xero":
            yield object, f"7e1f3c52-0000-4000-9000-{place:012d}", "", id
        else:
            yield object, str(place), "0", id


def _referred(made: Mapping[str, list[dict[str, Any]]], name: str) -> Iterator[str]:
    """Yield our ids of the documents that others refer to under a name."""
    for records in made.values():
        for record in records:
            parts = [record, *record.get("allocations", ()), *record.get("applications", ())]
            yield from (each[name]["id"] for each in parts if name in each)


def _plural(kind: str) -> str:
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"


def _lines(records: Iterable[Mapping[str, Any]]) -> str:
    return "".join(_json(each) + "\n" for each in records)


def _json(value: object) -> str:
    """Return JSON text without blanks; a decimal keeps every digit."""
    match value:
        case dict():
            members = (f"{json.dumps(name)}:{_json(each)}" for name, each in value.items())
            return "{" + ",".join(members) + "}"
        case list():
            return "[" + ",".join(map(_json, value)) + "]"
        case Decimal():
            return format(value, "f")
        case _:
            return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    for name in FIRMS:
        for place, text in files(name).items():
            path = firm(name).folder / place
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
