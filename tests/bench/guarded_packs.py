"""
The same packs with control totals, and with a bound for everything that is sent.

The packs of the benchmark hold what the mappings by hand do. In earnest a pack keeps totals, and
the schemas of its system say how long each text and how large each amount may be, so that the
engine tests every value. A copy of the packs says both, for the runs that are measured with them.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

__all__ = ["write_guarded"]

_TOTALS = {
    "legal_accounting/time.yaml": """
totals:
  hours: {record: billed, payload: Hours}
  amount: {record: worth, payload: Amount}
""",
    "accounting/contact.yaml": """
totals:
  suppliers:
    record: if is_supplier then 1 else 0
    payload: if IsSupplier then 1 else 0
""",
    "accounting/invoice.yaml": """
totals:
  net:
    record: sum(lines.(round_half_up(quantity * unit_price, places=2)))
    payload: sum(LineItems.LineAmount)
  gross: {record: net + tax_total, payload: Total}
""",
}
_LONGEST = 4000
_LARGEST = 100_000_000


def write_guarded(packs: Path, folder: Path) -> Path:
    """Copy packs into a folder and add totals and bounds; return the folder."""
    shutil.copytree(packs, folder)
    for name, totals in _TOTALS.items():
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(totals)
    for path in folder.glob("*/schemas/targets/*/*.json"):
        bounded = _bounded(json.loads(path.read_text("utf-8")))
        path.write_text(json.dumps(bounded), "utf-8")
    return folder


def _bounded(schema: Any) -> Any:
    """Return a schema in which every text has a length, and every number that is sent a range."""
    if isinstance(schema, list):
        return [_bounded(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _bounded(each) for name, each in schema.items()}
    if found.get("x-decimal") is True:
        return {"minimum": -_LARGEST, "maximum": _LARGEST} | found
    if found.get("type") == "string" and not {"enum", "format"} & found.keys():
        return {"maxLength": _LONGEST} | found
    return found
