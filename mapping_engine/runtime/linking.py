"""
Answer `link( )` and `linked( )` for one record: a known id, an id still to come, or a refusal.

An id that the target has not given yet stands in the payload as a `Pending` text, which no
record can contain; `needs_of` takes these out again and names them under `needs`.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

from msgspec import Struct, field

from mapping_engine.packs.model import LinkRule
from mapping_engine.runtime.outcome import Need
from mapping_engine.runtime.problems import link_missing, pending_id_used
from mapping_engine.runtime.references import References
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.textform import text_of
from mapping_engine.values.value import MISSING, Value, is_empty

__all__ = ["LinkBook", "Pending", "link_reason", "needs_of"]

_MARK = "\ue000"


class Pending(str):
    """The place of an id that the sender fills in from the answer to an earlier payload."""

    __slots__ = ("need_object", "need_record")
    need_object: str
    need_record: str

    @classmethod
    def of(cls, object: str, record: str) -> Pending:
        """Return the stand-in for the id of what `record` becomes as `object`."""
        made = cls(f"{_MARK}{object}:{record}{_MARK}")
        made.need_object, made.need_record = object, record
        return made


class LinkBook(Struct, eq=False):
    """What one record may ask. `made` holds objects that earlier payloads of the run become."""

    links: Mapping[str, LinkRule]
    references: References
    record_id: str | None
    made: Mapping[tuple[str, str], None] = field(default_factory=dict)
    own: MutableMapping[str, None] = field(default_factory=dict)
    pending: bool = False

    def link(self, object: str, reference: Mapping[str, Value]) -> Value:
        """Return the target's id, a `Pending`, or raise `Refusal` when it is not to be had."""
        keys = _keys(reference)
        known = self.references.link(object, keys)
        if _is_answer(known):
            return known
        record = keys.get("id")
        is_own = record is not None and record == self.record_id and object in self.own
        if record is not None and (is_own or (object, record) in self.made):
            self.pending = True
            return Pending.of(object, record)
        raise self._missing(object, keys)

    def linked(self, object: str, reference: Mapping[str, Value]) -> bool:
        """Return whether the target has the record, or gets it from an earlier one of the run."""
        keys = _keys(reference)
        known = self.references.link(object, keys)
        return _is_answer(known) or (object, keys.get("id")) in self.made

    def link_version(self, object: str, reference: Mapping[str, Value]) -> Value:
        """Return the target's version of a record, or absent."""
        version = self.references.link_version(object, _keys(reference))
        return version if _is_answer(version) else MISSING

    def _missing(self, object: str, keys: Mapping[str, str]) -> Refusal:
        rule = self.links.get(object)
        shown = keys.get("number") or keys.get("code") or keys.get("id")
        reason = link_reason(rule)
        hint = f"send the `{rule.record.value}` first" if rule else None
        refusal = Refusal(link_missing, shown, object, hint, reason=reason)
        refusal.retry = rule is not None and rule.missing == "hold"
        return refusal


def _is_answer(answer: object) -> bool:
    """Whether a connector has told an id; a blank text, or anything but a text, is none."""
    return isinstance(answer, str) and not is_empty(answer)


_REASONS = {"contact": "contact_not_found", "matter": "matter_not_found", "user": "user_not_found"}


def link_reason(rule: LinkRule | None) -> str:
    """Return the reason under which a record is refused that names an unknown one."""
    if rule is not None and rule.reason is not None:
        return rule.reason.value
    return _REASONS.get(rule.record.value if rule else "", "invoice_not_linked")


def _keys(reference: Mapping[str, Value]) -> dict[str, str]:
    """Return the single values of a reference as texts; a look-up compares texts."""
    return {
        name: text_of(value)
        for name, value in reference.items()
        if not is_empty(value) and not isinstance(value, list | dict)
    }


def needs_of(payload: Value) -> tuple[Value, tuple[Need, ...]]:
    """Return the payload without the ids still to come, and where they belong.

    An object that holds nothing else is left out, but as an item of a list: places count.
    Raises `Refusal` when such an id has become part of another text.
    """
    needs: list[Need] = []
    return _without(payload, "", needs), tuple(needs)


def _without(value: Value, place: str, needs: list[Need]) -> Value:
    if isinstance(value, Pending):
        needs.append(Need(place, value.need_object, value.need_record))
        return MISSING
    if isinstance(value, str) and _MARK in value:
        raise Refusal(pending_id_used, None, value.partition(_MARK)[2].partition(":")[0])
    if isinstance(value, dict):
        inside = {
            name: _without(each, f"{place}.{name}" if place else name, needs)
            for name, each in value.items()
        }
        kept = {name: each for name, each in inside.items() if each is not MISSING}
        is_item = place.endswith("]") or not place
        return kept if kept or not value or is_item else MISSING
    if isinstance(value, list):
        inner = (_without(each, f"{place}[{i}]", needs) for i, each in enumerate(value))
        return [each for each in inner if each is not MISSING]
    return value
