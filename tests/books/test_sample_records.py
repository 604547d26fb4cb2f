"""
The sample records of the example firms are what their script writes, and can be sent.

Each file is mapped with the ids that the firm knows; what is left out is left out for a reason that a
practice knows, and nearly everything that the firm sends goes through.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from functools import lru_cache

import pytest
from books.firms import FIRMS, firm
from books.records import KINDS
from books.sending import loaded
from books.write_samples import COUNT, files
from target_judge import judge_of

from mapping_engine.batch.links import known_links
from mapping_engine.runtime.outcome import Outcome, Rejected, Skipped
from mapping_engine.source.diagnostic import Report
from mapping_engine.values.json import decode

FILES = {kind: f"samples/{kind[:-1]}ies.ndjson" if kind.endswith("y") else f"samples/{kind}s.ndjson"
         for kind in (*KINDS, "contact")}  # fmt: skip


@lru_cache
def written(name: str) -> dict[str, str]:
    return files(name)


@pytest.mark.parametrize("name", FIRMS)
def test_the_files_are_what_the_script_writes(name: str) -> None:
    folder = firm(name).folder
    now = {place: (folder / place).read_text(encoding="utf-8") for place in written(name)}
    different = [place for place, text in written(name).items() if now[place] != text]
    assert [] == different, "run python tests/books/write_samples.py"


@pytest.mark.parametrize("name", FIRMS)
@pytest.mark.parametrize("kind", FILES)
def test_there_are_three_hundred_of_a_kind_and_they_fit_it(name: str, kind: str) -> None:
    lines = written(name)[FILES[kind]].splitlines()
    records = [json.loads(line, parse_float=Decimal, parse_int=Decimal) for line in lines]
    assert COUNT == len({each["id"] for each in records})
    assert [] == [fault for each in records for fault in judge_of("canonical", kind).faults(each)]


#: Why records of the samples are not sent, by what they are.
LEFT = {
    "not_approved", "pre_integration", "foreign_currency", "wrong_division", "deleted",
    "never_sent", "unsupported_transaction", "switch_off", "no_ledger_effect", "trust_overdraw",
    "invoice_not_linked", "overpaid", "no_role_here", "carried_by_payment", "carried_by_trust",
}  # fmt: skip


@pytest.mark.parametrize("name", FIRMS)
def test_the_samples_go_through(name: str) -> None:
    pack, left = loaded(firm(name)), Counter[str]()
    links = known_links(pack.opened.pack, firm(name).folder / "links.csv", Report())
    for kind, file in FILES.items():
        if kind in pack.opened.pack.unsupported:
            continue
        mapper = pack.mapper(kind, as_of=date(2027, 6, 30), references=links)
        lines = written(name)[file].splitlines()
        outcomes = [mapper.map(decode(line)) for line in lines]
        reasons = Counter(each for each in map(reason_of, outcomes) if each)
        assert "switch_off" in reasons or COUNT - reasons.total() > COUNT * 8 // 10, reasons
        left += reasons
    assert LEFT >= {*left}


def reason_of(outcome: Outcome) -> str:
    """Return why a record is not sent; blank when it is."""
    if isinstance(outcome, Skipped):
        return outcome.reason
    return outcome.reasons[0].reason if isinstance(outcome, Rejected) else ""
