"""A firm's account map against lists of its systems, beyond what `tests/problems` shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeAlias

import pytest

Advised: TypeAlias = Callable[[dict[str, str]], list[str]]

FIRM = "extends: demo\nfirm: {id: harbour-legal}\n"
PACK = """\
pack: demo
title: Demo
version: 1.0.0
roles:
  trust_bank: {is_trust: true}
  rounding: {is_trust: false}
"""
FILES = {
    "rules/demo/pack.yaml": PACK,
    "rules/demo/tables/accounts.yaml": (
        "table: accounts\ninputs: {from: text}\noutputs: {to: text}\n"
        "catalogue: {from: our_accounts, to: accounts}\nrows: firm\n"
    ),
    "rules/demo/time_entry.yaml": (
        "record: time_entry\nobject: Entry\nfields:\n  Id: id\n  Hours: hours_worked\n"
        '  Note: if id == "x" then role("trust_bank") else role("rounding")\n'
        "  Matter.Id: accounts(id)\n"
    ),
    "firm/ours.csv": "code,is_trust\noffice,no\nclients,yes\ncosts,no\n",
}
LISTS = "catalogue: {accounts: chart.json, our_accounts: ours.csv}\n"


def chart(*accounts: dict[str, object], **around: object) -> str:
    return json.dumps({**around, "Accounts": list(accounts)})


def account(code: str, **said: object) -> dict[str, object]:
    return {"Code": code, "Name": f"Account {code}", "Status": "ACTIVE", **said}


CHART = chart(account("200"), account("090"), account("091", IsTrust=True))
ROLES = 'roles: {trust_bank: "091", rounding: "200"}\n'
ROWS = 'tables:\n  accounts:\n    - {from: office, to: "090"}\n    - {from: costs, to: "200"}\n'
TRUST = '    - {from: clients, to: "%s"%s}\n'


@pytest.mark.parametrize(
    "ours",
    [
        "code,is_trust\noffice,no\nclients,yes\ncosts,no\n",
        "code,role\noffice,bank_operating\nclients,bank_trust\ncosts,expense\n",
    ],
)
@pytest.mark.parametrize(
    "row, expected",
    [
        (TRUST % ("091", ""), []),
        (TRUST % ("090", ""), ["M556 8"]),
        (TRUST % ("090", ", because: the bank has one account"), []),
        (TRUST % ("092", ""), ["M551 8"]),
    ],
)
def test_trust_money_goes_to_trust_accounts(
    ours: str, row: str, expected: list[str], advised: Advised
) -> None:
    said = {"firm/demo.yaml": FIRM + ROLES + ROWS + row + LISTS, "firm/ours.csv": ours}
    assert expected == advised({**FILES, "firm/chart.json": CHART, **said})


def test_several_of_ours_may_go_to_one_of_theirs_but_none_to_two(advised: Advised) -> None:
    rows = ROWS + TRUST % ("091", "") + '    - {from: fees, to: "200"}\n'
    good = {**FILES, "firm/demo.yaml": FIRM + ROLES + rows}
    assert [] == advised(good)
    twice = rows + '    - {from: fees, to: "090"}\n'
    assert ["M502 10"] == advised({**good, "firm/demo.yaml": FIRM + ROLES + twice})


def test_a_trust_role_and_an_office_role_do_not_share_an_account(advised: Advised) -> None:
    roles = 'roles: {trust_bank: "091", rounding: "091"}\n'
    assert ["M556 3"] == advised({**FILES, "firm/demo.yaml": FIRM + roles + ROWS})


@pytest.mark.parametrize(
    "about, around, expected",
    [
        ("", {}, []),
        ("", {"tenant": "harbour-legal"}, []),
        ("", {"tenant": "seaview"}, ["M550 9"]),
        (", tenant: seaview", {"tenant": "seaview"}, []),
        (", taken_on: 2026-06-30", {}, []),
        (", taken_on: 2026-01-31", {}, ["M835 9", "M835 9"]),
    ],
)
def test_lists_are_the_firms_own_and_fresh(
    about: str, around: dict[str, object], expected: list[str], advised: Advised
) -> None:
    lists = LISTS.replace("}", about + "}")
    accounts = (account("200"), account("090"), account("091", IsTrust=True))
    firm = FIRM + ROLES + ROWS + TRUST % ("091", "") + lists
    found = advised(
        {**FILES, "firm/demo.yaml": firm, "firm/chart.json": chart(*accounts, **around)}
    )
    assert expected == found


def test_what_is_mapped_nowhere_is_listed_once_for_each_side(advised: Advised) -> None:
    more = chart(
        account("200"), account("090"), account("091", IsTrust=True), account("400"),
        account("500"), account("600", Status="ARCHIVED"),
    )  # fmt: skip
    firm = FIRM + ROLES + ROWS + LISTS
    found = advised({**FILES, "firm/demo.yaml": firm, "firm/chart.json": more})
    assert ["M833 8", "M833 8"] == found


def test_a_chart_of_theirs_that_says_nothing_of_trust_money_is_told(advised: Advised) -> None:
    silent = chart(account("200"), account("090"), account("091"))
    firm = FIRM + ROLES + ROWS + TRUST % ("091", "") + LISTS
    assert ["M837 9"] == advised({**FILES, "firm/demo.yaml": firm, "firm/chart.json": silent})


def test_a_role_that_no_switch_asks_for_is_missed_when_a_rule_asks_for_it(
    advised: Advised,
) -> None:
    roles = 'roles: {trust_bank: "091"}\n'
    assert ["M830 3"] == advised({**FILES, "firm/demo.yaml": FIRM + roles + ROWS})


CLASSES = "code,is_trust,type\noffice,no,Bank\nclients,yes,Bank\ncosts,no,Expense\n"


@pytest.mark.parametrize(
    "accounts, row, expected",
    [
        # A bank account is an asset, and so is a current asset.
        ((account("090", Class="ASSET"), account("200", Class="EXPENSE")), "", []),
        ((account("090", Type="CURRENT"), account("200", Type="DIRECTCOSTS")), "", []),
        # A class says more than a type; a type that nobody knows says nothing.
        ((account("090", Class="ASSET", Type="REVENUE"), account("200", Type="PAGA")), "", []),
        ((account("090", Class="LIABILITY"), account("200", Class="ASSET")), "", ["M560"] * 2),
        # What no other row names goes the way of the rest: here the account of trust money.
        ((account("090"), account("200", IsTrust=False)), "otherwise", ["M556"]),
        ((account("090"), account("200", Type="SALES")), "otherwise", ["M556", "M560"]),
        ((account("090", IsTrust=False), account("200")), "both", ["M556"]),
    ],
)
def test_every_way_through_the_map_is_asked(
    accounts: tuple[dict[str, object], ...], row: str, expected: list[str], advised: Advised
) -> None:
    rows = ROWS
    if row == "otherwise":
        rows = 'tables:\n  accounts:\n    rows:\n      - {from: office, to: "090"}\n'
        rows += '    otherwise: {to: "200"}\n'
    elif row == "both":
        rows = ROWS.replace("from: office", "from: [clients, office]")
    firm = FIRM + rows + LISTS
    files = {**FILES, "firm/ours.csv": CLASSES, "firm/chart.json": chart(*accounts)}
    found = advised({**files, "firm/demo.yaml": firm})
    assert expected == [each[:4] for each in found if each[:2] == "M5"]


@pytest.mark.parametrize(
    "about, around, expected",
    [
        ("", {"BaseCurrency": "AUD"}, []),
        ("", {"BaseCurrency": "NZD"}, ["M561 7"]),
        (", base_currency: aud", {}, []),
        (", base_currency: NZD", {}, ["M561 7"]),
    ],
)
def test_books_are_kept_in_the_firms_currency(
    about: str, around: dict[str, object], expected: list[str], advised: Advised
) -> None:
    firm = FIRM.replace("}", ", currency: AUD}") + ROWS + LISTS.replace("}", about + "}")
    accounts = chart(account("200"), account("090"), **around)
    found = advised({**FILES, "firm/demo.yaml": firm, "firm/chart.json": accounts})
    assert expected == [each for each in found if each.startswith("M561")]
