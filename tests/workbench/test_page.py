"""
The page of a pack: whole pages of a small pack, and what holds for every pack that ships.

The small pack stands in `page_pack/`; its texts hold signs that a page must escape, and its
firm gives accounts, lists, a row and a rule of its own.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace
from shipped_packs import FIRMS, PACKS
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from mapping_engine.packs.formulas import rules_of
from mapping_engine.packs.model import NestedBody
from mapping_engine.runtime.opening import Opened, open_pack
from mapping_engine.source.diagnostic import Report
from mapping_engine.workbench.page import page_of
from mapping_engine.workbench.page_formats import FORMATS
from mapping_engine.workbench.page_records import Page

SMALL = Path(__file__).parent / "page_pack"
VOID = ("meta", "br")


@cache
def opened(pack: str, firm: Path | None = None, rules: Path | None = None) -> Opened:
    report = Report()
    found = open_pack(pack, report, firm=firm, rules=(rules,) if rules else ())
    report.raise_if_errors()
    assert found is not None
    return found


def small(firm: bool = True) -> Page:
    return page_of(opened("ledger", SMALL / "firm" if firm else None, SMALL / "rules"))


@dataclass
class Outline(HTMLParser):
    """What an HTML page holds, and what is wrong with it."""

    open: list[str] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.ids += [said["id"] or ""] if "id" in said else []
        self.links += [said["href"] or ""] if "href" in said else []
        outside = [each for each in said if each in ("src", "srcset", "action") or each[:2] == "on"]
        self.wrong += [f"<{tag} {each}>" for each in outside]
        if tag in ("script", "link", "img", "iframe", "object", "base", "form"):
            self.wrong.append(f"<{tag}>")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self.open and re.fullmatch("h[1-6]", self.open[-1]):
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)


def outline(html: str) -> Outline:
    found = Outline()
    found.feed(html)
    found.close()
    return found


EVERY_PACK = [
    pytest.param(name, firm, id=f"{name}-{firm.name if firm else 'alone'}")
    for name in PACKS
    for firm in (None, *FIRMS)
    if firm is None or (firm / f"{name}.yaml").is_file()
]


@cache
def shipped_page(name: str, firm: Path | None) -> tuple[Opened, Page]:
    found = opened(name, firm)
    return found, page_of(found)


@cache
def shipped_outline(name: str, firm: Path | None) -> Outline:
    return outline(FORMATS["html"](shipped_page(name, firm)[1]))


class PageSnapshots(SingleFileSnapshotExtension):
    """One page per file, as it is written."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"

    def serialize(self, data: object, **filters: object) -> str:
        """Return the page itself."""
        return str(data)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("firm", [False, True], ids=["vendor", "firm"])
def test_a_page_says_what_goes_and_what_does_not(
    form: str, firm: bool, snapshot: SnapshotAssertion
) -> None:
    page = small(firm)
    assert FORMATS[form](page) == snapshot(extension_class=PageSnapshots)


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_pack_gives_the_same_page(form: str) -> None:
    opened.cache_clear()
    first = FORMATS[form](small())
    opened.cache_clear()
    assert first == FORMATS[form](small())


def test_what_a_firm_keeps_to_itself_is_not_on_the_page() -> None:
    for write in FORMATS.values():
        assert "nobody@example.com" not in write(small())


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", " =", "\n+"])
def test_no_cell_begins_like_a_formula(sign: str) -> None:
    rows = cells(FORMATS["csv"](replace(small(), system=f"{sign}1")))
    assert {f"'{sign}1"} == {each[0] for each in rows[1:]}
    assert [] == [cell for row in rows for cell in row if re.match(r"\s*[=+@-]", cell)]


def test_a_cell_with_lines_is_one_cell() -> None:
    rows = cells(FORMATS["csv"](replace(small(), system="a\r\nb\rc")))
    assert {"a\nb\nc"} == {each[0] for each in rows[1:]}
    assert 1 == len({len(each) for each in rows})


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("name, firm", EVERY_PACK)
def test_html_is_whole_and_needs_nothing_else(name: str, firm: Path | None) -> None:
    found = shipped_outline(name, firm)
    assert [] == found.wrong
    assert [] == found.open
    assert len(set(found.ids)) == len(found.ids)
    assert [] == [each for each in found.links if each[:1] != "#" or each[1:] not in found.ids]


@pytest.mark.parametrize("name, firm", EVERY_PACK)
def test_headings_are_in_order(name: str, firm: Path | None) -> None:
    _, page = shipped_page(name, firm)
    levels = [level for level, _ in shipped_outline(name, firm).headings]
    assert 1 == levels[0]
    assert 1 == levels.count(1)
    assert [] == [step for step in pairwise(levels) if step[1] > step[0] + 1]
    marks = re.findall(r"^(#+) .", FORMATS["md"](page), re.MULTILINE)
    assert levels[1:] == [2, *map(len, marks[1:])]  # the contents have a heading in HTML only


@pytest.mark.parametrize("name, firm", EVERY_PACK)
def test_everything_of_a_pack_is_on_its_page(name: str, firm: Path | None) -> None:
    found, _ = shipped_page(name, firm)
    texts = "".join(shipped_outline(name, firm).texts)
    pack = found.pack
    named = [
        *pack.preflight, *(each.because for each in pack.preflight.values()),
        *(each.code or each.contains for each in pack.answers),
        *pack.settings, *pack.switches, *pack.reasons,
        *(each.replace("_", " ").capitalize() for each in pack.roles),
        *(each.because for each in pack.reasons.values()),
        *(each.do for each in pack.reasons.values() if each.do),
        *(found.schemas.title(f"canonical.{each}") for each in pack.unsupported),
        *(found.schemas.title(f"canonical.{each.record.value}") for each in pack.mappings.values()),
        *(each.object.value for mapping in pack.mappings.values() for each in mapping.payloads
          if mapping.direction != "in"),
        *(each.name.replace("_", " ").capitalize() for each in pack.tables.values()),
    ]  # fmt: skip
    missing = [each for each in named if str(each).replace("`", "").lower() not in texts.lower()]
    assert [] == missing


@pytest.mark.parametrize("name, firm", EVERY_PACK)
def test_every_rule_has_a_row(name: str, firm: Path | None) -> None:
    found, page = shipped_page(name, firm)
    rows = csv.DictReader(io.StringIO(FORMATS["csv"](page), newline=""))
    shown = {(each["mapping"], last(each["field"])) for each in rows}
    for mapping in found.pack.mappings.values():
        told = [each for each in rules_of(mapping) if not isinstance(each.body, NestedBody)]
        assert set() == {(mapping.name, last(each.name)) for each in told} - shown


def last(name: str) -> str:
    """Return the last word of a field's or helper's name, as people see it."""
    return re.split(r"\.|: ", name.removesuffix("[]"))[-1].replace("_", " ")
