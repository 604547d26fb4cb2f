"""Wordings of M45x: arguments that a function's signature alone cannot turn away."""

from __future__ import annotations

from mapping_engine.source.codes import Wording, problem

__all__ = ["not_one_value", "one_of_two", "unknown_zone", "unreadable_layout",
           "unreadable_pattern"]  # fmt: skip


@problem("M451", "one-of-two-arguments")
def one_of_two(function: str, first: str, second: str, given: int) -> Wording:
    """A function takes one of two arguments, and was given both or neither."""
    found = "is given both" if given else "is given neither"
    return Wording(
        message=f"`{function}` needs either `{first}` or `{second}`, and {found}",
        hint=f"write `{function}(…, {first}=…)` or `{function}(…, {second}=…)`",
    )


@problem("M452", "not-one-value")
def not_one_value(function: str, given: str) -> Wording:
    """A function that takes any single value was given a list or an object."""
    hint = "put the texts of a list together with `join`" if given == "list" else "name a member"
    return Wording(
        message=f"`{function}` takes one value, but this is {_article(given)}",
        label=f"is {_article(given)}",
        hint=f"{hint}{'' if given == 'list' else ', e.g. `matter.number`'}",
    )


@problem("M453", "unreadable-pattern")
def unreadable_pattern(function: str, why: str) -> Wording:
    """A pattern cannot be read, or asks for something that needs unbounded time."""
    return Wording(
        message=f"the pattern of `{function}` cannot be read: {why}",
        hint="a pattern has no look-around and no back-references; `\\` before a sign means the "
        "sign itself",
    )


@problem("M454", "unreadable-date-pattern")
def unreadable_layout(function: str, why: str) -> Wording:
    """The pattern that says how a date is written has a part with no meaning."""
    return Wording(
        message=f"the date pattern of `{function}` cannot be read: {why}",
        hint="use `yyyy`, `MM` and `dd`, e.g. `yyyy-MM-dd` or `dd-MMM-yyyy`",
    )


@problem("M455", "unknown-time-zone")
def unknown_zone(function: str, zone: str) -> Wording:
    """A time zone is none of the time zone database."""
    return Wording(
        message=f"`{function}` does not know the time zone `{zone}`",
        hint="write it as region and city, e.g. `Australia/Sydney`",
    )


def _article(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"
