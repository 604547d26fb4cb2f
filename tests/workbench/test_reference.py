"""The generated reference: fresh, and nothing declared is missing from it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from mapping_engine.functions import CATALOGUE
from mapping_engine.workbench.reference import declared_codes, page

REFERENCE = Path(__file__).parents[2] / "rules" / "REFERENCE.md"


def test_the_page_is_what_the_declarations_say() -> None:
    """Run `make docs` when this fails, and read what changed."""
    assert page() == REFERENCE.read_text(encoding="utf-8")


def test_every_function_and_every_code_has_its_section() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    functions = [f"\n#### `{each.signature}`\n" for each in CATALOGUE]
    codes = [f"\n### {each.number} {each.name}\n" for each in declared_codes()]
    assert [] == [each.strip() for each in (*functions, *codes) if each not in text]


def test_every_link_leads_to_one_heading() -> None:
    text = re.sub(r"^```.*?^```$", "", REFERENCE.read_text(encoding="utf-8"), flags=re.M | re.S)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    anchors = Counter(re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings)
    assert [each for each in re.findall(r"\]\(#([^)]*)\)", text) if anchors[each] != 1] == []
