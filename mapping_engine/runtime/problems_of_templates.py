"""Wordings for `template:` fields: M430–M433 when a pack is read, M721 when a record is run."""

from __future__ import annotations

from collections.abc import Iterable

from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.suggest import did_you_mean

__all__ = [
    "template_mistake", "template_not_allowed", "template_refused", "template_too_large",
    "template_unknown_name",
]  # fmt: skip


@problem("M430", "template-unreadable")
def template_mistake(line: int, why: str) -> Wording:
    """A template cannot be read: a bracket is missing, or a block has no end."""
    return Wording(
        message=f"line {line} of the template cannot be read: {why}",
        hint="`{{ name }}` prints a value; `{% if … %}` needs its `{% endif %}`",
    )


@problem("M431", "template-not-allowed")
def template_not_allowed(line: int, what: str) -> Wording:
    """A template does more than print, choose and loop: it calls, computes or includes."""
    return Wording(
        message=f"a template may not use {what} (line {line})",
        hint="compute it under `let` and print the helper",
    )


@problem("M432", "template-unknown-name")
def template_unknown_name(line: int, owner: str, name: str, known: Iterable[str]) -> Wording:
    """A template prints a name that cannot be read here."""
    return Wording(
        message=f"line {line} of the template: `{owner}` has no field `{name}`",
        hint=did_you_mean(name, known),
    )


@problem("M433", "template-too-large")
def template_too_large(limit: int) -> Wording:
    """A template is longer, or nests deeper, than a template may."""
    return Wording(
        message=f"this template is too large: {limit:,} characters and 20 blocks in each other "
        "are allowed",
        hint="split it into several fields or helpers",
    )


@problem("M721", "template-refused", reason="conversion_failed")
def template_refused(value: str | None, why: str) -> Wording:
    """A template cannot be filled in for this record."""
    return Wording(message=f"the template cannot be filled in: {why}")
