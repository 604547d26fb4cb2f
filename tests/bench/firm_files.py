"""
The look-up tables of the benchmark as the files of a firm.

The hand-written programs read `tables.json`; the packs are given the same rows as CSV files,
which a firm's file names. Both are written into a temporary folder before anything is measured.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

__all__ = ["write_firm"]

_SHARED = "firm: {id: bench, name: Bench, region: AU, currency: AUD, time_zone: Australia/Sydney}\n"
_FILES = {
    "firm.yaml": _SHARED,
    "legal_accounting.yaml": (
        "extends: legal_accounting\ntables: {users: users.csv, matters: matters.csv}\n"
    ),
    "accounting.yaml": (
        "extends: accounting\n"
        "tables: {accounts: accounts.csv, taxes: taxes.csv, countries: countries.csv}\n"
    ),
}


def write_firm(tables: Path, folder: Path, *, most: int | None = None) -> Path:
    """Write the firm whose tables have the rows of `tables.json`, or the first `most` of each."""
    given = {
        name: dict(islice(rows.items(), most))
        for name, rows in json.loads(tables.read_text("utf-8")).items()
    }
    folder.mkdir(exist_ok=True)
    for name, text in _FILES.items():
        (folder / name).write_text(text, "utf-8")
    _rows(folder / "users.csv", ("email", "id", "initials"), given["users"])
    _rows(folder / "matters.csv", ("reference", "file_number", "client_code"), given["matters"])
    _rows(folder / "accounts.csv", ("gl_code", "code", "name"), given["gl"])
    _rows(folder / "taxes.csv", ("tax_code", "type", "rate"), given["tax"])
    countries = {code: {"name": name} for code, name in given["countries"].items()}
    _rows(folder / "countries.csv", ("code", "name"), countries)
    return folder


def _rows(path: Path, columns: Sequence[str], rows: dict[str, dict[str, object]]) -> None:
    lines: Iterable[Sequence[object]] = ((key, *row.values()) for key, row in rows.items())
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(lines)
