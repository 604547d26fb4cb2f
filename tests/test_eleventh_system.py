"""
Add a system that nobody has heard of: it takes YAML and JSON Schema, and no line of Python.

Everything that is done with a shipped pack is done with this one: it is checked strictly, its
cases run, its records are mapped, refused and accounted for, and its refusals are read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mapping_engine import Mapped, Rejected, Skipped, load_pack
from mapping_engine.batch.links import known_links
from mapping_engine.packs.finder import RulesPath
from mapping_engine.source.diagnostic import Report
from mapping_engine.workbench.case_runs import Wanted, run_cases
from mapping_engine.workbench.checking import check

RULES = Path(__file__).parent / "eleventh_system" / "rules"
FIRM = """\
extends: tallybook
firm: {id: acme, currency: EUR, time_zone: Europe/Dublin}
tables: {accounts: [{from: 4-1000, to: fees}]}
links: {Party: {C-1: P-9}}
"""


def bill(**changes: Any) -> dict[str, Any]:
    line = {"line_id": "1", "kind": "fee", "net_amount": 60, "account": {"code": "4-1000"}}
    return {
        "id": "I-1", "number": "B-7", "contact": {"id": "C-1"}, "issued_on": "2026-07-10",
        "status": "open", "currency": "EUR", "amounts_are": "no_tax", "lines": [line],
        "net_total": 60, "tax_total": 0, "gross_total": 60, **changes,
    }  # fmt: skip


def test_the_system_is_data() -> None:
    kinds = {each.suffix for each in RULES.rglob("*") if each.is_file()}
    assert {".yaml", ".json"} == kinds


def test_it_is_checked_like_any_other() -> None:
    assert [] == [each.message for each in check([], rules=[RULES]).report if
                  "eleventh_system" in str(each.span)]  # fmt: skip


def test_its_cases_run() -> None:
    report = Report()
    found = list(run_cases(Wanted(("tallybook",)), RulesPath.of([RULES]), report))
    assert ["passed"] == [each.status for each in found]
    assert not report.has_errors


def test_its_records_are_mapped_skipped_and_refused(tmp_path: Path) -> None:
    firm = tmp_path / "tallybook.yaml"
    firm.write_text(FIRM, "utf-8")
    pack = load_pack("tallybook", firm=firm, rules=[RULES])
    known = known_links(pack.opened.pack, None, Report())
    mapper = pack.mapper("invoice", references=known)

    made, draft, unknown, long = (
        mapper.map(bill(**changes))
        for changes in ({}, {"status": "draft"}, {"contact": {"id": "C-2"}}, {"number": "B" * 13})
    )

    assert isinstance(made, Mapped)
    assert ("Sale", {"no": "B-7"}) == (made.payloads[0].object, dict(made.payloads[0].match))
    assert isinstance(draft, Skipped)
    assert "not_approved" == draft.reason
    assert isinstance(unknown, Rejected)
    assert [("contact_not_found", True)] == [(e.reason, e.retry) for e in unknown.reasons]
    assert isinstance(long, Rejected)
    assert ["too_long"] == [each.reason for each in long.reasons]
    assert mapper.answer({"code": "busy"}).retry
    assert "duplicate_match_key" == mapper.answer({"message": "B-7 is Already Used"}).reason
