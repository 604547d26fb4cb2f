"""
Read what holds of every record of a kind: `x-invariants` of its canonical schema.

Each becomes a reject like those of a mapping file, so that both engines judge it, it is told
in the same words, and no pack has to repeat it. There are two forms, by name:

- `net_total: {is: …}`: the field is what the expression gives; `lines.net_amount: {is: …}`
  says it of the field of each item, whose names the expressions read.
- `due_on: {holds: …}`: the condition holds.

`when` limits where it is asked, `because` is the sentence, `reason` what it is counted under
(`invariant_failed` when not written). What a field that is not there should be is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final

from msgspec import Struct

from mapping_engine.packs.model import Decision, Formula, Origin
from mapping_engine.packs.reasons import ENGINE_REASONS
from mapping_engine.source.node import ScalarNode, Style
from mapping_engine.source.text import Located, SourceText, Span
from mapping_engine.values.schema import member
from mapping_engine.values.types import Object

__all__ = ["INVARIANTS", "Invariant", "invariants_of"]

#: The keyword of a canonical schema.
INVARIANTS: Final = "x-invariants"
_WORDS: Final = frozenset({"is", "holds", "when", "because", "reason"})


class Invariant(Struct, frozen=True):
    """What holds of every record of a kind, as its schema says it; `span` is where."""

    name: str
    span: Span
    because: str
    holds: str | None = None
    value: str | None = None
    when: str | None = None
    reason: str = "invariant_failed"
    #: Whether the field that should have a value may be missing.
    can_be_nothing: bool = False

    @property
    def items(self) -> str:
        """The list whose every item it is about; blank where it is about the record."""
        return self.name.rpartition(".")[0] if self.value is not None else ""

    @property
    def field(self) -> str:
        """The field that should have a value, as the record or the item calls it."""
        return self.name.rpartition(".")[2]

    def missed(self, tolerance: Decimal | None = None) -> str:
        """Return the condition of it not holding, as the record or the item would ask it."""
        condition = f"not ({self.holds})" if self.value is None else self._differs(tolerance)
        return condition if self.when is None else f"({self.when}) and ({condition})"

    def broken(self, tolerance: Decimal | None = None) -> Decision:
        """Return the reject of records of which it does not hold, by more than a tolerance."""
        return _broken(self, tolerance)

    def _differs(self, tolerance: Decimal | None) -> str:
        there = f"{self.field} is present and " if self.can_be_nothing else ""
        if tolerance is None:
            return f"{there}{self.field} != ({self.value})"
        return f"{there}abs({self.field} - ({self.value})) > {tolerance:f}"


@lru_cache(maxsize=1_000)
def _broken(rule: Invariant, tolerance: Decimal | None) -> Decision:
    """Return a reject, the same for every mapping of the kind, so that it is read once."""
    condition = rule.missed(tolerance)
    because = _formula(rule, rule.because, is_text=True)
    if rule.items:
        chosen = f'{rule.items}[{condition}].("{rule.because}")'
        because = _formula(rule, f"first({chosen})")
        condition = f"any({rule.items}.({condition}))"
    reason = Located(rule.reason, rule.span)
    return Decision(_formula(rule, condition), reason, because, Origin(rule.span))


def _formula(rule: Invariant, text: str, *, is_text: bool = False) -> Formula:
    return Formula(ScalarNode(rule.span, text, Style.PLAIN, text), is_text)


def invariants_of(
    schema: Mapping[str, object], type: Object, source: SourceText
) -> Iterator[Invariant | Span]:
    """Yield the invariants of a schema; the place of one that cannot be understood."""
    given = schema.get(INVARIANTS, {})
    if not isinstance(given, Mapping):
        yield _span(INVARIANTS, source)
        return
    for name, said in given.items():
        yield _invariant(str(name), said, type, source) or _span(str(name), source)


def _invariant(name: str, said: object, type: Object, source: SourceText) -> Invariant | None:
    if not isinstance(said, Mapping) or not said.keys() <= _WORDS or "because" not in said:
        return None
    words = {key: each for key, each in said.items() if isinstance(each, str)}
    field = member(type, name) if "is" in said else None
    if len(words) < len(said) or ("is" in said) == ("holds" in said):
        return None
    if "is" in said and (field is None or name.count(".") > 1):
        return None
    if words.get("reason", "invariant_failed") not in ENGINE_REASONS:
        return None
    rule = words.get("is") or words["holds"]
    return Invariant(
        name, _span(rule, source), words["because"], words.get("holds"), words.get("is"),
        words.get("when"), words.get("reason", "invariant_failed"),
        field is not None and field.can_be_nothing,
    )  # fmt: skip


def _span(text: str, source: SourceText) -> Span:
    """Return where a text of the schema stands; the start of the file if it is escaped there."""
    at = source.text.find(f'"{text}"') + 1
    return source.span(at, at + len(text)) if at else source.span(0, 0)
