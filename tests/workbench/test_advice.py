"""Advice beyond what the folders of `tests/problems` show: when it is given, and when held back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

HEAD = "record: time_entry\nobject: Entry\ndirection: out\n"
FIELDS = "fields:\n  Id: id\n  Hours: hours_worked\n"
CASE = "rules/demo/cases/hours.yaml"
ENTRY = "rules/demo/time_entry.yaml"
PACK = "rules/demo/pack.yaml"
SETTINGS = (
    "pack: demo\ntitle: Demo\nversion: 1.0.0\n"
    "settings:\n  edition: {type: [AU, NZ], default: AU}\n  note: {type: text, default: none}\n"
)

Advised: TypeAlias = Callable[[dict[str, str]], list[str]]


@pytest.mark.parametrize(
    "rules, expected",
    [
        ("skip:\n  - {when: bill_status == \"draft\", reason: locked}\n"
         "  - {when: bill_status == \"draft\", reason: already_sent}\n", ["M802 6"]),
        ("skip:\n  - {when: sent_at is present or rate == 5, reason: locked}\n"
         "  - {when: rate == 5, reason: already_sent}\n", ["M802 6"]),
        ("skip:\n  - {when: sent_at is present, reason: locked}\n"
         "reject:\n  - {when: sent_at is present and rate == 5, reason: locked}\n", ["M802 7"]),
        ("skip:\n  - {when: sent_at is present and rate == 5, reason: locked}\n"
         "  - {when: sent_at is present, reason: already_sent}\n", []),
        ("skip:\n  - {when: hours_worked < 0, reason: locked}\n", ["M803 5"]),
        ("skip:\n  - {when: rate is present and id is empty, reason: locked}\n", ["M803 5"]),
        ("skip:\n  - {when: rate == rate, reason: locked}\n", ["M803 5"]),
        ("let:\n  idle: rate\n", ["M801 5"]),
    ],
)  # fmt: skip
def test_what_can_never_be_is_said_at_its_place(
    rules: str, expected: list[str], advised: Advised
) -> None:
    assert expected == advised({ENTRY: HEAD + rules + FIELDS})


def test_what_a_setting_closes_for_one_firm_is_not_called_useless(advised: Advised) -> None:
    rules = (
        '  Code: if settings.edition == "AU" then "AU" else "NZ"\n  Note: settings.note ?? "x"\n'
    )
    assert [] == advised({PACK: SETTINGS, ENTRY: HEAD + FIELDS + rules})


def test_a_firm_is_told_of_its_own_rules_alone(advised: Advised) -> None:
    firm = (
        "extends: demo\noverrides:\n  time_entry:\n    because: so it is\n"
        "    fields:\n      Hours: hours_worked ?? 1\n"
    )
    rules = (
        'let:\n  shown: round_up(hours_worked, to=1)\nfields:\n  Id: id ?? "x"\n  Hours: shown\n'
    )
    found = advised({"firm/demo.yaml": firm, ENTRY: HEAD + rules})
    assert ["M808 6", "M808 7"] == found


def test_advice_is_held_back_where_an_error_could_explain_it(advised: Advised) -> None:
    broken = HEAD + "let:\n  rounded: round_up(hours_worked, to=1)\n" + FIELDS + "  Rate: ratte\n"
    assert ["M402 9"] == advised({ENTRY: broken})


def test_a_secret_is_told_even_where_something_else_is_wrong(advised: Advised) -> None:
    firm = "extends: demo\nfirm: {id: x, api_key: 9f3c51d0aa7Kq2}\nsettings: {no: 1}\n"
    found = advised(
        {"firm/demo.yaml": firm, "firm/firm.yaml": "firm: {token: ghp_" + "a1" * 18 + "}\n"}
    )
    assert ["M620 3", "M806 1"] == found


@pytest.mark.parametrize(
    "text",
    [
        "ann@firm.example",
        "ann@example.com",
        "+1 212 555 0123",
        "880017",
        "2026-07-03T10:00:00+10:00",
    ],
)
def test_invented_people_are_nobodys_data(text: str, advised: Advised) -> None:
    case = (
        f'case: "{text}"\nmapping: time_entry\ngiven: {{record: {{id: T-1}}}}\n'
        "expect: {reject: unreadable_input}\n"
    )
    assert [] == advised({CASE: case})


@pytest.mark.parametrize(
    "text",
    ["ann@harbourlegal.com.au", "+61 2 9374 4000", "51 824 753 556", "GB82 WEST 1234 5698 7654 32",
     "4111 1111 1111 1111", "078-05-1120"],
)  # fmt: skip
def test_the_data_of_a_person_is_told(text: str, advised: Advised) -> None:
    case = (
        f'case: "{text}"\nmapping: time_entry\ngiven: {{record: {{id: T-1}}}}\n'
        "expect: {reject: unreadable_input}\n"
    )
    assert ["M807 1"] == advised({CASE: case})


def test_an_ignore_on_the_line_before_may_have_more_comment_below_it(advised: Advised) -> None:
    comment = "  # ignore M808: the next schema lets it be absent\n  # (asked in May)\n"
    rules = "fields:\n  Id: id\n" + comment + "  Hours: hours_worked ?? 0\n"
    assert [] == advised({ENTRY: HEAD + rules})


def test_an_error_cannot_be_ignored(advised: Advised) -> None:
    rules = "fields:\n  Id: id\n  Hours: houres_worked   # ignore M402: I know\n"
    assert ["M402 6"] == advised({ENTRY: HEAD + rules})
