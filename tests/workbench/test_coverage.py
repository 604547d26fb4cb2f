"""The page of requirements: fresh, complete, and nothing on it is claimed that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapping_engine.workbench.coverage import Number, Topic, faults, page, topics

ROOT = Path(__file__).parents[2]
RULE = "rules/soluno/contact.yaml#fields.ContactNumber"
CASE = "rules/soluno/cases/contact.yaml"


def test_the_page_is_what_the_numbers_claim() -> None:
    """Run `make docs` when this fails, and read what changed."""
    assert page(topics()) == (ROOT / "rules" / "COVERAGE.md").read_text(encoding="utf-8")


def test_what_is_claimed_is_there() -> None:
    assert list(faults(topics())) == []


def test_every_number_is_listed_once_and_said_in_words() -> None:
    found = [each for topic in topics() for each in topic.numbers]
    wanted = [*(f"S{n}" for n in range(1, 194)), *(f"X{n}" for n in range(1, 50))]
    assert [each.name for each in found] == wanted
    assert [each.name for each in found if not each.says] == []


@pytest.mark.parametrize(
    "kept, shown",
    [
        (RULE, ""),
        ("", CASE),
        ("rules/soluno/contact.yaml#fields.ContactNumbers", CASE),
        ("rules/soluno/contact.yaml#reject.no_reason_of_this_pack", CASE),
        ("rules/soluno/tables/contact_type.yaml#rows.tribe", CASE),
        ("rules/soluno/contacts.yaml", CASE),
        ("M999", CASE),
        ("report.json#no_field_of_the_report", CASE),
        ("rules/README.md#No heading of the page", CASE),
        ("schemas/canonical/common.schema.json#sync_status.enum.green", CASE),
        ("mapping_engine/batch/links.py#no_function_of_the_module", CASE),
        (RULE, "rules/soluno/cases/no_case.yaml"),
        (RULE, "tests/test_packs.py#test_that_is_not_there"),
        (RULE, "tests/problems/M999_no_code"),
        (RULE, "rules/soluno/contact.yaml"),
        (RULE, "README.md"),
    ],
)
def test_a_claim_that_does_not_hold_is_a_fault(kept: str, shown: str) -> None:
    claim = Number("S1", "words", tuple(filter(None, [kept])), tuple(filter(None, [shown])))
    found = list(faults([Topic("a topic", (claim,))]))
    assert [each.split()[0] for each in found] == ["S1"]


@pytest.mark.parametrize(
    "kept",
    [
        RULE,
        "rules/soluno/contact.yaml#fields.MainAddress.Line1",
        "rules/soluno/contact.yaml#back.skip.hidden_group",
        "rules/soluno/tables/contact_type.yaml#rows.group",
        "M805",
        "report.json#rejected_by_reason",
        "rules/README.md#2. Add a rule",
        "schemas/canonical/common.schema.json#sync_status.enum.pending",
        "mapping_engine/batch/links.py#known_links",
    ],
)
def test_a_claim_that_holds_is_no_fault(kept: str) -> None:
    assert list(faults([Topic("a topic", (Number("S1", "words", (kept,), (CASE,)),))])) == []
