"""
Answer `link( )` and `linked( )` for one record: a known id, an id still to come, or a refusal.

An id that the target has not given yet stands in the payload as a `Pending` text, which no
record can contain; `needs_of` takes these out again and names them under `needs`.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, MutableMapping
from typing import Any, TypeAlias

from msgspec import Struct, field

from mapping_engine.language.python import member_name
from mapping_engine.packs.model import LinkRule
from mapping_engine.runtime.outcome import Need
from mapping_engine.runtime.problems import link_missing, pending_id_used
from mapping_engine.runtime.references import References
from mapping_engine.values.refusal import Refusal
from mapping_engine.values.textform import text_of
from mapping_engine.values.value import MISSING, Value, is_empty

__all__ = ["LinkBook", "Pending", "Reference", "link_reason", "needs_of"]

_MARK = "\ue000"

#: What names a record: a reference or a record, held in a dictionary or by attributes.
Reference: TypeAlias = Mapping[str, Value] | Struct


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
    """What one record may ask. `made` holds what earlier records of the run become."""

    links: Mapping[str, LinkRule]
    references: References
    record_id: str | None
    made: Container[tuple[str, str]] = ()
    own: MutableMapping[str, None] = field(default_factory=dict)
    #: The ids still to come that were given out.
    pending: set[str] = field(default_factory=set)

    def link(self, object: str, reference: Reference) -> Value:
        """Return the target's id, a `Pending`, or raise `Refusal` when it is not to be had."""
        keys = Keys(reference)
        known = self.references.link(object, keys)
        if _is_answer(known):
            return known
        record = keys.get("id")
        is_own = record is not None and record == self.record_id and object in self.own
        if record is not None and (is_own or (object, record) in self.made):
            made = Pending.of(object, record)
            self.pending.add(made)
            return made
        raise self._missing(object, keys)

    def linked(self, object: str, reference: Reference) -> bool:
        """Return whether the target has the record, or gets it from an earlier one of the run."""
        keys = Keys(reference)
        known = self.references.link(object, keys)
        return _is_answer(known) or (object, keys.get("id")) in self.made

    def link_version(self, object: str, reference: Reference) -> Value:
        """Return the target's version of a record, or absent."""
        version = self.references.link_version(object, Keys(reference))
        return version if _is_answer(version) else MISSING

    def _missing(self, object: str, keys: Keys) -> Refusal:
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


class Keys(Mapping[str, str]):
    """The single values of a reference as texts: what names a record. A look-up compares texts."""

    __slots__ = ("_of",)

    def __init__(self, of: Reference) -> None:
        self._of = of

    def __getitem__(self, name: str) -> str:
        text: str | None = self.get(name)
        if text is None:
            raise KeyError(name)
        return text

    def __iter__(self) -> Iterator[str]:
        of = self._of
        names = of.__struct_encode_fields__ if isinstance(of, Struct) else of
        return (name for name in names if self.get(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def get(self, name: str, default: Any = None) -> Any:
        """Return the text of a member, or `default` where it has none."""
        of = self._of
        value = (getattr(of, member_name(name), MISSING) if isinstance(of, Struct)
                 else of.get(name, MISSING))  # fmt: skip
        if is_empty(value) or isinstance(value, list | dict | Struct):
            return default
        return value if isinstance(value, str) else text_of(value)


def needs_of(payload: Value, pending: Collection[str]) -> tuple[Value, tuple[Need, ...]]:
    """Return the payload without the ids still to come, which are `pending`, and where they belong.

    An object that holds nothing else is left out, but as an item of a list: places count.
    Raises `Refusal` when such an id has become part of another text.
    """
    needs: list[Need] = []
    return _without(payload, "", needs, pending), tuple(needs)


def _without(value: Value, place: str, needs: list[Need], pending: Collection[str]) -> Value:
    if isinstance(value, str):
        if isinstance(value, Pending):
            needs.append(Need(place, value.need_object, value.need_record))
            return MISSING
        if _MARK in value and any(each in value for each in pending):
            raise Refusal(pending_id_used, None, value.partition(_MARK)[2].partition(":")[0])
        return value
    if isinstance(value, dict):
        inside = {
            name: _without(each, f"{place}.{name}" if place else name, needs, pending)
            for name, each in value.items()
        }
        kept = {name: each for name, each in inside.items() if each is not MISSING}
        is_item = place.endswith("]") or not place
        return kept if kept or not value or is_item else MISSING
    if isinstance(value, list):
        inner = (_without(each, f"{place}[{i}]", needs, pending) for i, each in enumerate(value))
        return [each for each in inner if each is not MISSING]
    return value
