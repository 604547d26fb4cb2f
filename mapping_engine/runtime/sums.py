"""
Control totals of one record: what it says against what its payloads say.

An amount of money is counted under its currency; hours and other measured amounts have
none. A total whose `when` does not hold is not counted for the record at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from mapping_engine.language.environment import MADE_KEY, Environment
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.runtime.outcome import Totals
from mapping_engine.runtime.problems import totals_differ
from mapping_engine.runtime.program import SideStep, TotalStep
from mapping_engine.values.number import add, plain
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.textform import text_of
from mapping_engine.values.types import Number
from mapping_engine.values.value import Value, is_empty

__all__ = ["compared", "record_side", "total_currency"]

_ZERO = Decimal(0)


def compared(
    totals: Sequence[TotalStep], environment: Environment, sent: Value, evaluator: Evaluator,
    *, currency: str | None,
) -> Totals:  # fmt: skip
    """Return every total with its two equal sides. Raises `Refusal` where they differ."""
    inside = environment.inside(MADE_KEY, sent)
    found: dict[tuple[str, str | None], tuple[Decimal, Decimal]] = {}
    for total in totals:
        if total.when is not None and not evaluator.holds(total.when, environment):
            continue
        record = _amounts(total.read, environment, evaluator)
        payload = _amounts(total.made, inside, evaluator)
        for key in (*record, *(each for each in payload if each not in record)):
            if record.get(key, _ZERO) != payload.get(key, _ZERO):
                raise _difference(total, key, record, payload)
        name = total.rule.name, total_currency(total, currency)
        found[name] = _whole(record), _whole(payload)
    return found


def record_side(
    totals: Sequence[TotalStep], environment: Environment, evaluator: Evaluator,
    *, currency: str | None,
) -> Totals:  # fmt: skip
    """Return what the record says, for one that is not sent; None where it cannot be told."""
    found: dict[tuple[str, str | None], tuple[Decimal, Decimal] | None] = {}
    for total in totals:
        name = total.rule.name, total_currency(total, currency)
        try:
            if total.when is not None and not evaluator.holds(total.when, environment):
                continue
            found[name] = _whole(_amounts(total.read, environment, evaluator)), _ZERO
        except Refusal:
            found[name] = None
    return found


def total_currency(total: TotalStep, currency: str | None) -> str | None:
    """Return the currency a total is counted under; hours and their like have none."""
    kind = total.read.amount.type
    return None if isinstance(kind, Number) and kind.unit is not None else currency


def _amounts(side: SideStep, environment: Environment, evaluator: Evaluator) -> dict[str, Decimal]:
    """Return the amounts of one side by key; the empty key is the plain total."""
    if side.each is None:
        return {"": _amount(evaluator.value(side.amount, environment))}
    items = evaluator.value(side.each, environment)
    sums: dict[str, Decimal] = {}
    for item in items if isinstance(items, list) else ():
        inside = environment.inside(side.item_key, item)
        key = evaluator.value(side.by, inside) if side.by is not None else ""
        word = "" if is_empty(key) else text_of(key)
        amount = _amount(evaluator.value(side.amount, inside))
        sums[word] = add(sums.get(word, _ZERO), amount)
    return sums


def _amount(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else _ZERO


def _whole(amounts: dict[str, Decimal]) -> Decimal:
    total = _ZERO
    for amount in amounts.values():
        total = add(total, amount)
    return total


def _difference(
    total: TotalStep, key: str, record: dict[str, Decimal], payload: dict[str, Decimal]
) -> Refusal:
    name = f"{total.rule.name} of {key}" if key else total.rule.name
    sides = plain(record.get(key, _ZERO)), plain(payload.get(key, _ZERO))
    refusal = Refusal(totals_differ, None, name, *sides)
    refusal.span = total.rule.origin.span
    return refusal
