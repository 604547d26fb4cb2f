"""
Read the lists that a firm takes from its systems: accounts, tax codes, users, items.

A list is a CSV, XLSX or JSON file with a line for each code. Columns are known by name,
whatever their case and blanks: `code` (of users `email`), `name`, `class` and `type`,
`active` (or `status`), `accepts_payments`, `is_trust` (else it follows from a `role` of ours),
`rate` in percent, `tax_codes` (those allowed, separated by blanks or commas), `tenant`,
`base_currency`, `taken_on`. Others are passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from mapping_engine.packs import problems_of_catalogues as problems
from mapping_engine.packs.account_classes import class_of, holds_trust
from mapping_engine.packs.sheets import Sheet
from mapping_engine.packs.snapshots import Listed, Snapshot
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.text import Located
from mapping_engine.values.number import parse_number

__all__ = ["ABOUT_LISTS", "json_sheet", "snapshots"]

#: Keys of `catalogue:` that name no file.
ABOUT_LISTS = ("tenant", "base_currency", "taken_on")
_SAME = {
    "email": "code", "id": "id", "status": "active", "isactive": "active",
    "enablepayments": "acceptspayments", "enablepaymentstoaccount": "acceptspayments",
    "istrust": "trust", "taxcode": "taxcodes", "taxtype": "taxcodes", "organisation": "tenant",
    "tenantid": "tenant", "asof": "takenon", "classification": "class", "accounttype": "type",
    "homecurrency": "basecurrency",
}  # fmt: skip
_YES = ("true", "yes", "y", "t", "1", "on", "active", "enabled")
_NO = ("false", "no", "n", "f", "0", "off", "archived", "inactive", "disabled", "deleted")
_FLAGS = ("active", "acceptspayments", "trust")
_RATES = ("rate", "ratepercent")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].*)?")
_SEPARATOR = re.compile(r"[\s,;|]+")


def snapshots(
    files: Mapping[str, Located[str]], sheets: Mapping[str, Sheet | None], report: Report
) -> dict[str, Snapshot]:
    """Return the lists by name; what cannot be read has been reported."""
    found: dict[str, Snapshot] = {}
    dated = files.get("taken_on")
    for name, file in files.items():
        sheet = sheets.get(file.value) if name not in ABOUT_LISTS else None
        if sheet is not None:
            snapshot = _snapshot(file, sheet, dated.value if dated else None, report)
            found |= {name: snapshot} if snapshot is not None else {}
    return found


def _snapshot(
    file: Located[str], sheet: Sheet, dated: str | None, report: Report
) -> Snapshot | None:
    columns = [_plain(each.value) for each in sheet.header]
    if "code" not in columns:
        report.add(problems.list_without_code(file.span, file.value))
        return None
    lines: dict[str, Listed] = {}
    nameless: list[str] = []
    tenants: set[str] = set()
    currencies: set[str] = set()
    for row in sheet.rows:
        said = {name: cell.value for name, cell in zip(columns, row, strict=True) if cell.value}
        tenants |= {said["tenant"]} if "tenant" in said else set()
        currencies |= {said["basecurrency"].upper()} if "basecurrency" in said else set()
        dated = said.get("takenon", dated)
        report.extend(_odd(dict(zip(columns, row, strict=True)), lines))
        if "code" in said:
            lines[said["code"]] = _listed(said)
        else:
            nameless.append(said.get("name", "?"))
    return Snapshot(
        file, lines, tuple(nameless), frozenset(tenants), frozenset(currencies), dated
    )  # fmt: skip


def _odd(row: Mapping[str, Located[str]], lines: Mapping[str, Listed]) -> Iterator[Diagnostic]:
    """Yield the cells of a line that say nothing: no yes, no rate, no day, a code again."""
    for name, cell in row.items():
        said, why = cell.value.strip(), None
        if name == "code" and cell.value in lines:
            why = "stands in the list twice"
        elif name in _FLAGS and _flag(said) is None:
            why = "is neither yes nor no"
        elif name in _RATES and parse_number(said.strip(" %")) is None:
            why = "is no rate in percent"
        elif name == "takenon" and not _DAY.fullmatch(said):
            why = "is no day such as 2026-01-31"
        if said and why is not None:
            yield problems.list_cell_odd(cell.span, said, why)


def _plain(header: str) -> str:
    word = re.sub(r"[^a-z0-9]", "", header.lower())
    return _SAME.get(word, word)


def _listed(said: Mapping[str, str]) -> Listed:
    words = [said[each].strip().lower() for each in ("class", "type") if each in said]
    family = class_of(*words)
    taxes, trust = said.get("taxcodes"), _flag(said.get("trust"))
    return Listed(
        said["code"],
        said.get("name", ""),
        _flag(said.get("active")) is not False,
        frozenset((*words, family) if family else words),
        family,
        _flag(said.get("acceptspayments")),
        holds_trust(said.get("role", "")) if trust is None else trust,
        frozenset(_SEPARATOR.split(taxes.strip())) if taxes else None,
        parse_number(said.get("rate", said.get("ratepercent", "")).strip(" %")),
    )


def _flag(said: str | None) -> bool | None:
    word = (said or "").strip().lower()
    return True if word in _YES else False if word in _NO else None


def json_sheet(content: bytes, name: Located[str], report: Report) -> Sheet | None:
    """Return the first list of objects in a JSON text as a sheet; its places are the name's."""
    try:
        # Numbers stay as they are written: a code is a text.
        read = json.loads(content.decode("utf-8-sig"), parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        report.add(problems.list_unreadable(name.span, name.value))
        return None
    lines = next(_lists(read), None)
    if lines is None:
        report.add(problems.list_unreadable(name.span, name.value))
        return None
    around = {key: _text(value) for key, value in read.items()} if isinstance(read, dict) else {}
    around = {key: value for key, value in around.items() if value}
    header = list(dict.fromkeys([*(key for line in lines for key in line), *around]))
    cells = [[_text(line.get(key)) or around.get(key, "") for key in header] for line in lines]
    rows = tuple(tuple(Located(cell, name.span) for cell in row) for row in cells)
    return Sheet(tuple(Located(key, name.span) for key in header), rows)


def _lists(value: object, depth: int = 0) -> Iterator[list[dict[str, object]]]:
    """Yield the lists of objects inside a value, the outer ones first."""
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        yield value
    elif isinstance(value, dict) and depth < 4:
        for each in value.values():
            yield from _lists(each, depth + 1)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(each for each in value if isinstance(each, str))
    return value if isinstance(value, str) else ""
