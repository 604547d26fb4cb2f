"""
A wrong account of a shipped firm is told: each case changes one thing in the files of a firm.
"""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from mapping_engine.workbench.checking import check

RULES = Path(__file__).parents[1] / "rules"
XERO = "kauri-law/xero.yaml"
ONLINE = "bluff-street/quickbooks_online.yaml"


@pytest.mark.parametrize(
    "file, before, after, expected",
    [
        ("kauri-law/xero_accounts.csv", "1-1200,095", "1-1200,090", ["M556"]),
        ("kauri-law/xero_accounts.csv", "1-1200,095", "1-1200,840", ["M560"]),
        ("kauri-law/xero_accounts.csv", "1-1000,090", "1-1000,099", ["M551"]),
        ("kauri-law/xero_chart.csv", "LIABILITY,BANK,ACTIVE", "LIABILITY,BANK,ARCHIVED", ["M552"]),
        ("kauri-law/xero_tax_rates.csv", "Income,15,", "Income,12.5,", ["M836"]),
        ("kauri-law/practice_accounts.csv", "type,role", "type,job", ["M837"]),
        (XERO, 'bank_operating: "090"', 'bank_operating: "095"', ["M556"]),
        (XERO, 'rounding: "860"', 'rounding: "090"', ["M553"]),
        (XERO, '  trust_liability: "840"\n', "", ["M830"]),
        (XERO, "base_currency: NZD", "base_currency: AUD", ["M561"]),
        (ONLINE, 'bank_operating: "35"', 'bank_operating: "45"', ["M553", "M556"]),
        ("bluff-street/quickbooks_items.csv", "79,1", "79,11", ["M551"]),
    ],
)
def test_it_is_told(
    file: str, before: str, after: str, expected: list[str], tmp_path: Path
) -> None:
    firm = tmp_path / file.partition("/")[0]
    shutil.copytree(RULES / "examples" / firm.name, firm)
    changed = tmp_path / file
    text = changed.read_text("utf-8")
    assert text.count(before) == 1
    changed.write_text(text.replace(before, after), "utf-8")

    found = check([str(firm)], rules=[RULES], today=date(2026, 11, 26)).report

    assert sorted({each.code.number for each in found}) == expected
