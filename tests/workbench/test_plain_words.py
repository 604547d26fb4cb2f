"""Expressions in words: every part is said, and nothing can be read in two ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from mapping_engine.functions import CATALOGUE
from mapping_engine.language.nodes import Expression
from mapping_engine.language.parser import parse
from mapping_engine.runtime.opening import open_pack
from mapping_engine.source.diagnostic import Report
from mapping_engine.source.document import read
from mapping_engine.source.node import MappingNode, ScalarNode
from mapping_engine.source.text import SourceText
from mapping_engine.workbench.page_words import plain
from mapping_engine.workbench.plain_words import Speaker

SMALL = Path(__file__).parent / "page_pack"


@pytest.fixture(scope="module")
def speaker() -> Speaker:
    report = Report()
    found = open_pack("ledger", report, rules=[SMALL / "rules"], firm=SMALL / "firm")
    assert found is not None
    return Speaker.of(found.pack).about(found.program.mappings["time_entry"])


def tree(text: str) -> Expression:
    root = read(SourceText("rule", f"rule: >-\n  {text}\n"), Report()).root
    assert isinstance(root, MappingNode)
    node = root.get("rule")
    assert isinstance(node, ScalarNode)
    report = Report()
    found = parse(node, report)
    report.raise_if_errors()
    return found


@pytest.mark.parametrize(
    "expression, words",
    [
        ("hours_worked", "hours worked"),
        ("matter.number", "matter › number"),
        ("record.matter.number", "the record's matter › number"),
        ('"Matter {matter.number}"', "“Matter {matter › number}”"),
        ('join(names, ", ")', "names, put together with “, ” between"),
        ('join(names, "")', "names, put together with nothing between"),
        ("a ?? b ?? 0", "a, or if that is empty b, or if that is empty 0"),
        ("(a + b) * 2 - c", "((a + b) × 2) − c"),
        ("narrative | trim | truncate(40)",
         "narrative, without blanks around it, cut to 40 characters"),
        ("trim(a ?? b)", "(a, or if that is empty b), without blanks around it"),
        ("sum(lines.amount)", "the sum of lines › amount"),
        ("round_up(sum(lines.amount), to=0.1)",
         "the sum of lines › amount, rounded up to steps of 0.1"),
        ("sum(round_up(lines.amount, to=0.1))",
         "the sum of (lines › amount, rounded up to steps of 0.1)"),
        ("sum(lines.(hours * rate))", "the sum of ((hours × rate) for each of lines)"),
        ('first(mails[kind == "work"]).address',
         "address of the first of mails where kind is “work”"),
        ("if free then 0 else if flat then a else b ?? 1",
         "if free is yes: 0; otherwise if flat is yes: a; otherwise (b, or if that is empty 1)"),
        ('kinds(billing_behavior)', "from the table kinds for billing behavior"),
        ('kinds(kind="Free")', "from the table kinds, backwards, for “Free”"),
        ('taxes(tax_kind="sales").code', "code, in the table taxes for “sales”"),
        ('link("Person", matter)', "the “Person” id of matter"),
        ('role("rounding")', "the account for the role “rounding”"),
        ("settings.edition", "the setting edition (“AU”)"),
        ("firm.currency", "the firm's currency (AUD)"),
        ("run.date", "the day of the run"),
        ("-hours", "minus hours"),
        ("phone#", "phone 1, 2, …"),
        ("[a, b]", "a, b"),
        ("null", "an emptied value"),
        ("rate > 1", "whether rate is more than 1"),
        ('contains(name, "Ltd")', "whether name contains “Ltd”"),
        ("any(lines.(rate is empty))", "whether for at least one of lines: rate is empty"),
        ("any(list)", "whether one of these is yes: list"),
    ],
)  # fmt: skip
def test_a_value_is_said_in_words(expression: str, words: str, speaker: Speaker) -> None:
    assert words == plain(speaker.value(tree(expression)))


@pytest.mark.parametrize(
    "expression, words",
    [
        ("narrative is present", "narrative is filled in"),
        ("not narrative is present", "narrative is empty"),
        ("is_deleted", "is deleted is yes"),
        ("is_deleted != true", "is deleted is no"),
        ('kind in ["a", "b"]', "kind is one of “a”, “b”"),
        ('not kind in ["a", "b"]', "kind is none of “a”, “b”"),
        ("rate >= 1", "rate is at least 1"),
        ("not rate >= 1", "rate is less than 1"),
        ("worked_on < settings.start_date",
         "worked on is before the setting start date (2026-01-01)"),
        ("worked_on >= 2026-01-31", "worked on is on or after 2026-01-31"),
        ("a and (b or c)", "a is yes and (b is yes or c is yes)"),
        ("not (a and b)", "a is no or b is no"),
        ("any(lines.(rate is empty))", "for at least one of lines: rate is empty"),
        ("not any(lines.(rate is empty))", "for every one of lines: rate is filled in"),
        ("all(lines.(rate is empty))", "for every one of lines: rate is empty"),
        ('contains(name, "Ltd")', "name contains “Ltd”"),
        ('not contains(name, "Ltd")', "it is not so that name contains “Ltd”"),
        ("switches.time", "the switch send time is on"),
        ("not switches.time", "the switch send time is off"),
        ('count(phones[kind == "sms"]) > 0',
         "(the number of phones where kind is “sms”) is more than 0"),
    ],
)  # fmt: skip
def test_a_condition_is_said_in_words(expression: str, words: str, speaker: Speaker) -> None:
    assert words == plain(speaker.condition(tree(expression)))


@pytest.mark.parametrize("name", CATALOGUE.functions)
def test_a_call_says_each_of_its_arguments(name: str, speaker: Speaker) -> None:
    function = CATALOGUE.functions[name]
    arguments = ", ".join(f"{each.name}=v{at}" for at, each in enumerate(function.parameters))
    said = plain(speaker.value(tree(f"{name}({arguments})")))
    assert [] == [at for at, _ in enumerate(function.parameters) if f"v{at}" not in said]
    assert "{" not in said
    assert "[" not in said
