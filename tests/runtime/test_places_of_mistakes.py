"""A mistake points at every line that may have to change, not only at the one where it is met."""

from __future__ import annotations

import pytest
from shipped_packs import PATH

from mapping_engine.packs.loader import load_texts
from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.runtime.assemble import build
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.text import SourceText

PACK = """\
pack: soluno
title: A pack
version: 1.0.0
links: {Casefile: {missing: reject}}
"""
HEAD = """\
record: time_entry
object: TimeEntry
let:
"""


def told(code: str, rules: str) -> list[Diagnostic]:
    """Return what is said under a code of a mapping with these helpers and fields."""
    report = Report()
    texts = {"pack.yaml": PACK, "time_entry.yaml": HEAD + rules}
    sources = {name: SourceText(name, text) for name, text in texts.items()}
    build(load_texts("soluno", sources, report), SchemaStore(PATH.schemas), report)
    return [each for each in report.errors if each.code.number == code]


def places(found: list[Diagnostic]) -> list[str]:
    """Return the texts that the only diagnostic points at, its own place first."""
    (only,) = found
    assert only.span is not None
    return [only.span.text, *(label.span.text for label in only.labels)]


def test_items_that_do_not_mix_are_shown_by_the_members_that_differ() -> None:
    rules = """\
  lines:
    - name: work
      fields: {Tax: '"GST"', At: {fields: {Rate: hours_worked}}}
    - name: rounding
      fields: {Tax: '"GST"', At: {fields: {Rate: worked_on}}}
fields:
  ExternalId: id
"""
    assert {"hours_worked", "worked_on"} == set(places(told("M411", rules)))


def test_a_circle_of_helpers_is_shown_by_what_each_asks() -> None:
    rules = """\
  first: second + 1
  second: third * 2
  third: first - 1
fields:
  ExternalId: id
"""
    assert ["second", "third", "first"] == places(told("M420", rules))[1:]


def test_an_unknown_name_points_at_the_helper_that_is_nearly_called_so() -> None:
    rules = """\
  narratif: narrative
fields:
  ExternalId: narrativ
"""
    (found,) = told("M402", rules)
    assert "did you mean `narrative`?" == found.hint
    assert ["narrativ", "narratif"] == places([found])


@pytest.mark.parametrize("name", ["id", "number", "code"])
def test_what_is_linked_must_be_named(name: str) -> None:
    rules = """\
  part:
    fields: {%s: id}
fields:
  CasefileNumber: link("Casefile", part)
"""
    assert [] == told("M404", rules % name)
    assert ['link("Casefile", part)'] == places(told("M404", rules % f"{name}x"))
