"""
Merge what a firm says into a pack.

Merging is pure and goes by names, never by position. Every rule keeps its origin, so that
a message can show the firm's line and the line it replaced. An empty layer changes
nothing; merging the same layer again changes nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b
from typing import TypeVar

from msgspec.structs import replace

from mapping_engine.packs import problems_of_firms as problems
from mapping_engine.packs.agreement import check_agreement
from mapping_engine.packs.catalogue import snapshots
from mapping_engine.packs.firm import FirmFile, FirmLayer
from mapping_engine.packs.model import Firm, KnownId, Pack, ReasonRule, RecordMapping
from mapping_engine.packs.overrides import changed_mapping
from mapping_engine.packs.pack_file import reason_rule
from mapping_engine.packs.reading import Reading, entries, word
from mapping_engine.packs.rule_changes import Change
from mapping_engine.packs.settings import check_settings, is_time_zone
from mapping_engine.packs.table_changes import changed_tables
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.node import Entry, MappingNode, Node, ScalarNode
from mapping_engine.source.text import Located, Span

__all__ = ["merge"]

T = TypeVar("T")

_REQUIRES = re.compile(r"([A-Za-z_][\w-]*)\s*(>=|<=|==|=|>|<)\s*([0-9]+(?:\.[0-9]+)*)")
_COMPARE: Mapping[str, Callable[[list[int], list[int]], bool]] = {
    ">=": lambda one, other: one >= other,
    "<=": lambda one, other: one <= other,
    "==": lambda one, other: one == other,
    "=": lambda one, other: one == other,
    ">": lambda one, other: one > other,
    "<": lambda one, other: one < other,
}


def merge(base: Pack, layer: FirmLayer, report: Report) -> Pack:
    """Return the pack with a firm's layer merged in; everything that does not fit is reported."""
    if layer.hash in base.layers:
        return base
    found = Report()
    layer = replace(layer, readings=tuple(replace(each, report=found) for each in layer.readings))
    for file, _ in layer:
        _check_requires(base, file, found)
    catalogue = _catalogue(base, layer)
    merged = replace(
        base,
        firm=_firm(base, layer, found),
        given_settings=_given(base.given_settings, base.settings, layer, "settings", read=_setting),
        given_switches=_given(base.given_switches, base.switches, layer, "switches", read=_switch),
        given_roles=_given(base.given_roles, base.roles, layer, "roles", read=_role),
        given_links=_links(base, layer),
        catalogue=catalogue,
        snapshots={**base.snapshots, **snapshots(catalogue, layer.sheets, found)},
        reasons=_reasons(base, layer),
        tables=changed_tables(base, layer),
        mappings=_mappings(base, layer),
    )
    own = layer.own
    given = (entry.key.text for file, _ in layer for entry in entries(file.get("settings")))
    unknown = [name for name in given if name not in base.settings]
    check_settings(merged, own.extends if own else None, found, unknown)
    check_agreement(merged, found)
    report.extend(found)
    if not any(_says_something(file) for file in layer.files):
        return base
    return replace(merged, layers=(*base.layers, layer.hash), hash=_hash(base, layer))


def _says_something(file: FirmFile) -> bool:
    return any(each.key.text not in ("extends", "requires") for each in file.root)


def _hash(base: Pack, layer: FirmLayer) -> str:
    return blake2b(f"{base.hash}+{layer.hash}".encode(), digest_size=20).hexdigest()


def _check_requires(base: Pack, file: FirmFile, report: Report) -> None:
    said = word(file.get("requires"))
    if said is None:
        return
    found = _REQUIRES.fullmatch(said.value.strip())
    if found is None or found[1] != base.name:
        report.add(problems.requires_unreadable(said.span, base.name))
        return
    wanted, have = _numbers(found[3]), _numbers(base.version)
    size = max(len(wanted), len(have))
    padded = [each + [0] * (size - len(each)) for each in (have, wanted)]
    if not _COMPARE[found[2]](padded[0], padded[1]):
        report.add(problems.pack_too_old(said.span, base.name, said.value, base.version))


def _numbers(version: str) -> list[int]:
    return [int(each) for each in re.findall(r"[0-9]{1,9}", version.partition("-")[0])]


def _firm(base: Pack, layer: FirmLayer, report: Report) -> Firm | None:
    values = dict(base.firm.values) if base.firm else {}
    origin = base.firm.origin if base.firm else None
    for file, reading in layer:
        entry = file.root.entry("firm")
        if entry is None:
            continue
        origin = reading.origin(entry.key.span)
        for each in entries(entry.value):
            said = word(each.value)
            if said is not None:
                values[each.key.text] = said
    if origin is None:
        return base.firm
    zone = values.get("time_zone")
    if zone is not None and not is_time_zone(zone.value):
        report.add(problems.unknown_time_zone(zone.span, zone.value))
        values["time_zone"] = Located("UTC", zone.span)  # so that this is told once
    name = values.get("id")
    return Firm(name.value if name else "", values, origin)


def _given(
    before: Mapping[str, T],
    declared: Mapping[str, object],
    layer: FirmLayer,
    key: str,
    *,
    read: Callable[[Entry, Report], T | None],
) -> Mapping[str, T]:
    """Return the values of a block by name. What all packs share may name what this one lacks."""
    given = dict(before)
    for entry, reading in _known(layer, key, declared, _UNKNOWN[key]):
        said = read(entry, reading.report)
        if said is not None:
            given[entry.key.text] = said
    return given


def _known(
    layer: FirmLayer,
    key: str,
    declared: Mapping[str, object],
    unknown: Callable[..., Diagnostic],
) -> Iterator[tuple[Entry, Reading]]:
    """Yield what stands below a key and is declared; report what is not, in the pack's own file."""
    for file, reading in layer:
        for entry in entries(file.get(key)):
            if entry.key.text in declared:
                yield entry, reading
            elif file.extends is not None:
                reading.report.add(unknown(entry.key.span, entry.key.text, declared))


def _unknown_link(span: Span, name: str, links: Mapping[str, object]) -> Diagnostic:
    return problems.override_of_nothing(span, "link", name, "the pack", links)


_UNKNOWN: Mapping[str, Callable[..., Diagnostic]] = {
    "settings": problems.unknown_setting,
    "switches": problems.unknown_switch_given,
    "roles": problems.unknown_role,
}


def _setting(entry: Entry, report: Report) -> Located[Node] | None:
    return Located(entry.value, entry.key.span)


def _switch(entry: Entry, report: Report) -> Located[bool] | None:
    node = entry.value
    said = node.text if isinstance(node, ScalarNode) else ""
    known = {"on": True, "true": True, "off": False, "false": False}
    if said not in known:
        report.add(problems.value_misfit(node.span, entry.key.text, "`on` or `off`"))
        return None
    return Located(known[said], node.span)


def _role(entry: Entry, report: Report) -> Located[str] | None:
    return word(entry.value)


def _links(base: Pack, layer: FirmLayer) -> Mapping[str, Mapping[str, KnownId]]:
    """Return the ids known already: object → our id → theirs."""
    links = dict(base.given_links)
    for entry, _ in _known(layer, "links", base.links, _unknown_link):
        links[entry.key.text] = {**links.get(entry.key.text, {}), **_ids(entry.value, layer)}
    return links


def _ids(node: Node, layer: FirmLayer) -> Mapping[str, KnownId]:
    if isinstance(node, MappingNode):
        said = ((each.key.text, _id(each.value)) for each in node)
        return {ours: theirs for ours, theirs in said if theirs is not None}
    name = word(node)
    sheet = layer.sheets.get(name.value) if name else None
    rows = ([cell.value for cell in line] for line in (sheet.rows if sheet else ()))
    return {ours: KnownId(theirs, *more[:1]) for ours, theirs, *more in rows if theirs}


def _id(node: Node) -> KnownId | None:
    """Return an id, alone or as `id` with its `version`."""
    if isinstance(node, MappingNode):
        theirs, version = word(node.get("id")), word(node.get("version"))
        return KnownId(theirs.value, version.value if version else None) if theirs else None
    theirs = word(node)
    return KnownId(theirs.value) if theirs else None


def _catalogue(base: Pack, layer: FirmLayer) -> Mapping[str, Located[str]]:
    lists = dict(base.catalogue)
    for file, _ in layer:
        for entry in entries(file.get("catalogue")):
            said = word(entry.value)
            if said is not None:
                lists[entry.key.text] = said
    return lists


def _reasons(base: Pack, layer: FirmLayer) -> Mapping[str, ReasonRule]:
    reasons = dict(base.reasons)
    for file, reading in layer:
        for entry in entries(file.get("reasons")):
            reasons[entry.key.text] = reason_rule(entry, reading)
    return reasons


def _mappings(base: Pack, layer: FirmLayer) -> Mapping[str, RecordMapping]:
    mappings = dict(base.mappings)
    for file, reading in layer:
        for entry in entries(file.get("overrides")):
            name = entry.key.text
            if name not in mappings:
                _unknown_mapping(base, entry, file, reading)
            elif isinstance(entry.value, MappingNode):
                change = Change(reading, f"`{name}`")
                mappings[name] = changed_mapping(mappings[name], entry.value, change)
    return mappings


def _unknown_mapping(base: Pack, entry: Entry, file: FirmFile, reading: Reading) -> None:
    if file.extends is None:
        return
    reading.report.add(
        problems.override_of_nothing(
            entry.key.span, "mapping file", entry.key.text, f"the pack `{base.name}`",
            base.mappings,
        )
    )  # fmt: skip
