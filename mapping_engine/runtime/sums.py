"""
Control totals of one record: what it says against what its payloads say.

An amount of money is counted under its currency; hours and other measured amounts have
none. A total whose `when` does not hold is not counted for the record at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from mapping_engine.language.environment import MADE_KEY, Environment
from mapping_engine.language.evaluator import Evaluator
from mapping_engine.runtime.outcome import Sides, Totals
from mapping_engine.runtime.problems import totals_differ
from mapping_engine.runtime.program import SideStep, TotalStep
from mapping_engine.values.number import add, plain
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.textform import text_of
from mapping_engine.values.types import unit_of
from mapping_engine.values.units import MONEY, alike
from mapping_engine.values.value import Value, is_empty

__all__ = ["agreed", "amount_of", "compared", "count_in", "record_side", "total_currency"]

_ZERO = Decimal(0)

#: Amounts by key; the empty key is the plain total.
Amounts: TypeAlias = dict[str, Decimal]


def compared(
    totals: Sequence[TotalStep], environment: Environment, sent: Value, evaluator: Evaluator,
    *, currency: str | None,
) -> Totals:  # fmt: skip
    """Return every total with its sides. Raises `Refusal` where they differ undeclared."""
    inside = environment.inside(MADE_KEY, sent)
    found: dict[tuple[str, str | None], Sides] = {}
    for total in totals:
        if total.when is not None and not evaluator.holds(total.when, environment):
            continue
        record = _amounts(total.read, environment, evaluator)
        payload = _amounts(total.made, inside, evaluator)
        declared = {name: _amounts(side, environment, evaluator) for name, side in total.declared}
        sides = agreed(total, record, payload, declared)
        found[total.rule.name, total_currency(total, currency)] = sides
    return found


def agreed(
    total: TotalStep, record: Amounts, payload: Amounts, declared: Mapping[str, Amounts]
) -> Sides:
    """Return the sides of a total as sums. Raises `Refusal` where they differ undeclared."""
    _agree(total, record, payload, _joined(declared.values()))
    wholes = {name: _whole(amounts) for name, amounts in declared.items()}
    return Sides(_whole(record), _whole(payload), wholes)


def record_side(
    totals: Sequence[TotalStep], environment: Environment, evaluator: Evaluator,
    *, currency: str | None,
) -> Totals:  # fmt: skip
    """Return what the record says, for one that is not sent; None where it cannot be told."""
    found: dict[tuple[str, str | None], Sides | None] = {}
    for total in totals:
        name = total.rule.name, total_currency(total, currency)
        try:
            if total.when is not None and not evaluator.holds(total.when, environment):
                continue
            found[name] = Sides(_whole(_amounts(total.read, environment, evaluator)))
        except Refusal:
            found[name] = None
    return found


def total_currency(total: TotalStep, currency: str | None) -> str | None:
    """Return the currency a total is counted under; hours and their like have none."""
    return currency if alike(unit_of(total.read.amount.type), MONEY) else None


def _amounts(side: SideStep, environment: Environment, evaluator: Evaluator) -> Amounts:
    """Return the amounts of one side by key."""
    if side.each is None:
        return {"": amount_of(evaluator.value(side.amount, environment))}
    items = evaluator.value(side.each, environment)
    sums: Amounts = {}
    for item in items if isinstance(items, list) else ():
        inside = environment.inside(side.item_key, item)
        key = evaluator.value(side.by, inside) if side.by is not None else ""
        count_in(sums, key, evaluator.value(side.amount, inside))
    return sums


def count_in(sums: Amounts, key: Value, amount: Value) -> None:
    """Add an amount under its key; nothing counts as zero."""
    word = "" if is_empty(key) else text_of(key)
    sums[word] = add(sums.get(word, _ZERO), amount_of(amount))


def amount_of(value: Value) -> Decimal:
    """Return an amount; nothing counts as zero."""
    return value if isinstance(value, Decimal) else _ZERO


def _whole(amounts: Amounts) -> Decimal:
    total = _ZERO
    for amount in amounts.values():
        total = add(total, amount)
    return total


def _joined(several: Iterable[Amounts]) -> Amounts:
    together: Amounts = {}
    for amounts in several:
        for key, amount in amounts.items():
            together[key] = add(together.get(key, _ZERO), amount)
    return together


def _agree(total: TotalStep, record: Amounts, payload: Amounts, declared: Amounts) -> None:
    """Raise `Refusal` unless what the payloads say and what is declared is what the record says."""
    for key in dict.fromkeys((*record, *payload, *declared)):
        sides = [amounts.get(key, _ZERO) for amounts in (record, payload, declared)]
        if sides[0] != add(sides[1], sides[2]):
            hides = any(side.by is not None and side.by.type.private for side in total.sides)
            name = f"{total.rule.name} of {key}" if key and not hides else total.rule.name
            refusal = Refusal(totals_differ, None, name, tuple(map(plain, sides)))
            refusal.span = total.rule.origin.span
            raise refusal
