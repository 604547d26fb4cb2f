"""
Give advice about a pack: what is no mistake, but hardly meant.

Each piece of advice is one generator that yields warnings. A pack is looked at as no firm
has fixed anything, so that what a setting closes is not called useless; with a firm, only
what the firm wrote is spoken of. Advice is held back where an error could explain it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TypeAlias

from mapping_engine.runtime.assemble import build
from mapping_engine.runtime.opening import Opened
from mapping_engine.runtime.preflight import preflight_warnings
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.node import Document
from mapping_engine.source.text import SourceText
from mapping_engine.workbench.advice_on_accounts import (
    nameless,
    outdated,
    rates,
    roles,
    trust_untold,
    unmapped,
    zero_rates,
)
from mapping_engine.workbench.advice_on_conditions import (
    conditions,
    fallbacks,
    literal_conditions,
    policies,
)
from mapping_engine.workbench.advice_on_fields import unread
from mapping_engine.workbench.advice_on_formulas import habits, quoted_paths, repeated
from mapping_engine.workbench.advice_on_names import unused
from mapping_engine.workbench.advice_on_tables import idle_columns
from mapping_engine.workbench.advice_on_texts import people, secrets
from mapping_engine.workbench.laws import lost_values
from mapping_engine.workbench.problems_of_advice import no_cases
from mapping_engine.workbench.subject import Subject

__all__ = ["advise", "advised_texts"]

Advice: TypeAlias = Callable[[Subject], Iterator[Diagnostic]]


def advised_texts(opened: Opened) -> dict[str, SourceText]:
    """Return the texts that advice is about: those of the pack, or those that a firm wrote."""
    if opened.layer is None:
        return {each.name: each for each in opened.folder.sources.values()}
    texts = (each.document.source for each in opened.layer.files)
    return {each.name: each for each in texts}


def advise(
    opened: Opened, cases: Mapping[str, Document], report: Report, today: date | None = None
) -> Report:
    """Return the advice about a pack, or about what a firm wrote, given what is wrong already.

    `cases` are the pack's examples; what they fill is asked for, and they are read for secrets.
    """
    program, looked_at = opened.program, _is_looked_at(opened)
    if not report.has_errors and looked_at:
        program = build(opened.pack, opened.schemas, Report(), like=opened.program)
    sources = advised_texts(opened) | {name: each.source for name, each in cases.items()}
    subject = Subject(opened, program, sources, cases, today)
    wrong = {each.span.source.name for each in report.errors if each.span is not None}
    asked = _OF_TEXTS
    if not report.has_errors:
        asked += (_OF_RULES if looked_at else ()) + _OF_PACKS
    found = Report()
    for advice in asked:
        for each in advice(subject):
            name = each.span.source.name if each.span is not None else None
            if name is None or (name in subject.sources and name not in wrong):
                found.add(each)
    return found


def _is_looked_at(opened: Opened) -> bool:
    """Whether rules are looked at: those of a pack, or those that a firm changes."""
    return opened.layer is None or any(
        file.get("overrides") is not None for file in opened.layer.files
    )


def _without_cases(subject: Subject) -> Iterator[Diagnostic]:
    """Yield a pack without examples."""
    pack = subject.pack
    if subject.of_pack and pack.mappings and not subject.cases:
        yield no_cases(pack.origin.span, pack.name)


def _preflight(subject: Subject) -> Iterator[Diagnostic]:
    """Yield what a firm should know before it sends anything."""
    if not subject.of_pack:
        yield from preflight_warnings(subject.pack, subject.opened.program.preflight)


#: What can be said of a text whatever is wrong elsewhere.
_OF_TEXTS: tuple[Advice, ...] = (secrets, people)
#: What can be said of rules that are right, at the rules themselves.
_OF_RULES: tuple[Advice, ...] = (
    conditions, literal_conditions, fallbacks, policies, repeated, quoted_paths, habits, unread,
    _without_cases,
)  # fmt: skip
#: What can be said of a pack that is right, or of a firm's own tables and settings.
_OF_PACKS: tuple[Advice, ...] = (
    unused,
    idle_columns,
    roles,
    unmapped,
    nameless,
    rates,
    trust_untold,
    zero_rates,
    outdated,
    _preflight,
    lost_values,
)
