"""
What the ledgers of accounting systems share: they take payloads, give ids and book.

A `VendorBooks` is also the connector's memory: it answers `link( )` with the ids that it has
given, as a sender would. What its system would refuse raises `VendorRefusal`, with its words.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from books.ledger import Entries, Ledger

from mapping_engine.runtime.outcome import Payload

__all__ = ["VendorBooks", "VendorRefusal", "cents"]

Body = Mapping[str, Any]


class VendorRefusal(AssertionError):
    """The accounting system would not take the payload."""


def cents(amount: Decimal) -> Decimal:
    """Return an amount rounded to cents, half up."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def demand(holds: bool, words: str) -> None:
    """Refuse what does not hold."""
    if not holds:
        raise VendorRefusal(words)


class VendorBooks(Ledger, ABC):
    """The books of an accounting system, by its accounts, and the ids that it has given."""

    def __init__(self) -> None:
        super().__init__()
        #: (object, our key, its value) → id, version.
        self.links: dict[tuple[str, str, str], str] = {}
        self.versions: dict[str, int] = {}
        #: What stands there: id → the body as it was last taken.
        self.bodies: dict[str, dict[str, Any]] = {}
        self.given = 0
        #: Everything that was taken, with what it booked.
        self.log: list[tuple[Payload, dict[str, Any], Entries]] = []
        #: Of documents that are owed or of credits: id → what is open.
        self.open: dict[str, Decimal] = {}
        #: Nothing may be dated up to this day, or changed that is.
        self.locked = ""

    # -- what a mapper asks

    def link(self, object: str, reference: Mapping[str, str]) -> str | None:
        """Return the id of what a record became."""
        keys = (self.links.get((object, key, value)) for key, value in reference.items())
        return next((each for each in keys if each), None)

    def link_version(self, object: str, reference: Mapping[str, str]) -> str | None:
        """Return the version that stands there."""
        known = self.link(object, reference)
        return None if known is None else str(self.versions[known])

    def rows(self, table: str) -> Iterable[Mapping[str, str]] | None:
        """Return None: the firm's maps are files."""
        return None

    # -- what a sender does

    def take(self, record: Body, payloads: Iterable[Payload]) -> list[dict[str, Any]]:
        """Take the payloads of a record in their order; return their bodies as sent."""
        count: dict[str, int] = {}
        sent = []
        for payload in payloads:
            body = self._filled(payload)
            self._demand_open_period(payload, body)
            count[payload.object] = count.get(payload.object, 0) + 1
            given = self.deliver(payload, body)
            self.log.append((payload, body, self.documents.get(given or "", [])))
            self._remember(payload, record, given, count[payload.object])
            sent.append(body)
        return sent

    @abstractmethod
    def deliver(self, payload: Payload, body: dict[str, Any]) -> str | None:
        """Book a payload and return its id; None when it is gone now."""

    @abstractmethod
    def open_receivable(self) -> Decimal:
        """Return what is open of invoices, less what of credits and payments is not applied."""

    def new_id(self) -> str:
        """Return an id that nothing has had."""
        self.given += 1
        return str(self.given)

    def known(self, id: str | None) -> dict[str, Any]:
        """Return the body that has an id."""
        demand(id in self.bodies, f"object {id} not found")
        return self.bodies[str(id)]

    def _filled(self, payload: Payload) -> dict[str, Any]:
        """Return the payload with the ids that earlier payloads have been given."""
        body = deepcopy(dict(payload.payload))
        for need in payload.needs:
            given = self.link(need.object, {"id": need.record})
            demand(given is not None, f"the id of {need.object} {need.record} is not there")
            _put(body, need.place, given)
        return body

    def _demand_open_period(self, payload: Payload, body: Body) -> None:
        known = self.bodies.get(str(body.get("Id") or next(iter(payload.match.values()), "")), {})
        days = [
            each[name] for each in (body, known) for name in ("Date", "TxnDate") if name in each
        ]
        demand(all(day > self.locked for day in days), f"the books are locked up to {self.locked}")

    def _remember(self, payload: Payload, record: Body, given: str | None, nth: int) -> None:
        """Keep the id of what a record became; what became several is numbered from 1."""
        keys = [("id", f"{record['id']}#{nth}")]
        if nth == 1:
            keys.append(("id", record["id"]))
        if nth == 1 and record.get("number"):
            keys.append(("number", record["number"]))
        if given is None:
            theirs = {self.links.get((payload.object, *key)) for key in keys}
            self.links = {key: each for key, each in self.links.items() if each not in theirs}
            return
        self.versions[given] = self.versions.get(given, -1) + 1
        for key in keys:
            self.links[payload.object, *key] = given

    def _pay_off(self, id: str | None, amount: Decimal, words: str) -> None:
        """Take an amount off what is open of a document."""
        self.known(id)
        demand(amount > 0, "the amount must be above 0")
        demand(amount <= self.open[str(id)], words)
        self.open[str(id)] -= amount


def _put(body: Any, place: str, value: Any) -> None:
    """Set the value at a place such as `Line[1].LinkedTxn[0].TxnId`."""
    steps: list[str | int] = [
        int(number) if number else name
        for name, number in re.findall(r"([^.\[\]]+)(?!\])|(\d+)", place)
    ]
    *inside, last = steps
    for step in inside:
        body = body.setdefault(step, {}) if isinstance(body, dict) else body[step]
    body[last] = value


Rule = Callable[[Payload, dict[str, Any]], "str | None"]
