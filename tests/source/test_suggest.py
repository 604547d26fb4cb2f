"""What somebody probably meant, and what to say when nobody knows."""

from __future__ import annotations

import time

import pytest

from mapping_engine.source.suggest import did_you_mean, nearest

FIELDS = ["number", "name", "status", "opened_on", "assigned_lawyer", "billing_behavior"]


@pytest.mark.parametrize(
    "name, near",
    [
        ("nunber", "number"),
        ("numbre", "number"),
        ("NUMBER", "number"),
        ("nmae", "name"),
        ("statuses", "status"),
        ("opened", "opened_on"),
        ("open_on", "opened_on"),
        ("billing_behaviour", "billing_behavior"),
        ("xyz", None),
        ("", None),
        ("n" * 500, None),
    ],
)
def test_only_a_near_name_is_suggested(name: str, near: str | None) -> None:
    assert near == nearest(name, FIELDS)


def test_the_same_name_in_other_letters_wins_over_a_nearer_one() -> None:
    assert nearest("Name", ["Names", "NAME"]) == "NAME"


def test_of_equally_near_names_the_first_wins() -> None:
    assert nearest("rate", ["date", "late", "rats"]) == "date"


def test_swapped_letters_are_one_mistake() -> None:
    assert nearest("ab", ["ba", "xb"]) is None
    assert nearest("form", ["from", "fork"]) == "from"


@pytest.mark.parametrize(
    "name, candidates, hint",
    [
        ("nunber", FIELDS, "did you mean `number`?"),
        ("xyz", ["a", "b", "c"], "one of `a`, `b`, `c`"),
        ("xyz", ["only"], "only `only` is known here"),
        ("xyz", FIELDS, None),
        ("xyz", [], None),
    ],
)
def test_a_hint_is_a_sentence(name: str, candidates: list[str], hint: str | None) -> None:
    assert hint == did_you_mean(name, candidates)


def test_five_thousand_names_are_compared_in_a_moment() -> None:
    names = [f"{n:05d}_matter_reference" for n in range(5_000)]
    started = time.perf_counter()
    assert nearest("01000_mater_reference", names)
    assert time.perf_counter() - started < 3
