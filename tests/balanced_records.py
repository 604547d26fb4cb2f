"""
Make the sums of a generated document agree, as those of a real one do.

A random total is never that of random lines, so nothing of a document would be met behind the
first question whether it adds up. What is set here are the invariants of the canonical model:
net, tax and gross of a document, the parts of a payment, the applications of a credit.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from mapping_engine.values.guard import breaches
from mapping_engine.values.types import Object

__all__ = ["balance"]

_CENT = Decimal("0.01")
_TOTALS = ("net_total", "tax_total", "gross_total")


def balance(record: dict[str, Any], type: Object) -> None:
    """Change the sums of a record of that type so that they agree, where they then fit it."""
    lines = record.get("lines")
    if isinstance(lines, list) and all(name in type.fields for name in _TOTALS):
        _balance_totals(record, lines, type)
    for name in ("allocations", "applications"):
        parts = record.get(name)
        if isinstance(parts, list) and parts:
            _balance_parts(record, parts, type)


def _balance_totals(record: dict[str, Any], lines: Sequence[dict[str, Any]], type: Object) -> None:
    if not _set_totals(record, lines, type):
        for line in lines:
            for name in ("net_amount", "tax_amount"):
                line[name] = abs(line.get(name) or Decimal(0))
        _set_totals(record, lines, type)


def _set_totals(record: dict[str, Any], lines: Sequence[dict[str, Any]], type: Object) -> bool:
    """Set the totals that follow from the lines; whether they fit the type."""
    net = _sum(lines, "net_amount") - (record.get("discount_amount") or 0)
    tax = _sum(lines, "tax_amount")
    totals = dict(zip(_TOTALS, (net, tax, net + tax), strict=True))
    if any(breaches(each, type.fields[name]) for name, each in totals.items()):
        return False
    record.update(totals)
    return True


def _balance_parts(record: dict[str, Any], parts: Sequence[dict[str, Any]], type: Object) -> None:
    """Let the amount of a payment be that of its parts; share a credit's total among its parts."""
    if "amount" in record:
        amount = _sum(parts, "amount") + (record.get("unapplied_amount") or 0)
        if not breaches(amount, type.fields["amount"]):
            record["amount"] = amount
    elif isinstance(record.get("gross_total"), Decimal):
        share = (record["gross_total"] / len(parts)).quantize(_CENT, ROUND_DOWN)
        for each in parts:
            each["amount"] = max(share, _CENT)


def _sum(parts: Sequence[dict[str, Any]], name: str) -> Decimal:
    return sum((each.get(name) or Decimal(0) for each in parts), Decimal(0))
