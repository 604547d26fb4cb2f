"""
Make the page of a pack: what goes and what does not, as what, and why.

All of it comes from the pack in force, with or without a firm; no record is read and nothing
is asked of the clock or the machine, so that the same pack gives the same page. How it is
written down stands in `page_formats.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mapping_engine.runtime.opening import Opened
from mapping_engine.workbench.page_choices import lists, roles, settings, switches
from mapping_engine.workbench.page_kinds import kind_pages, not_taken
from mapping_engine.workbench.page_records import Page
from mapping_engine.workbench.page_tables import reasons, tables
from mapping_engine.workbench.page_view import View
from mapping_engine.workbench.page_words import human

__all__ = ["page_of"]


def page_of(opened: Opened) -> Page:
    """Return the page of a pack that was opened without errors."""
    view, pack = View(opened), opened.pack
    kinds, refused = tuple(kind_pages(view)), tuple(not_taken(view))
    return Page(
        system=pack.name,
        title=pack.title,
        firm=_firm(opened),
        facts=tuple(_facts(opened)),
        kinds=kinds,
        not_taken=refused,
        switches=tuple(switches(view)),
        settings=tuple(settings(view)),
        roles=tuple(roles(view)),
        lists=tuple(lists(view)),
        tables=tuple(tables(view)),
        reasons=tuple(reasons(view, kinds, refused)),
    )


def _firm(opened: Opened) -> str | None:
    firm = opened.pack.firm
    if firm is None:
        return None
    name = firm.values.get("name")
    return name.value if name else firm.id


def _facts(opened: Opened) -> Iterator[tuple[str, str]]:
    pack = opened.pack
    yield "Pack", f"{pack.name} {pack.version}"
    if pack.api:
        yield "Interface", pack.api
    for name, said in (pack.firm.values if pack.firm else {}).items():
        yield f"Firm's {human(name)}", said.value
