"""Wordings of M4xx that concern a target field: what reaches it, what it misses."""

from __future__ import annotations

from collections.abc import Iterable

from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.suggest import did_you_mean

__all__ = [
    "field_twice", "helper_circle", "helper_hides_field", "id_written_back", "key_of_a_field",
    "link_not_declared", "no_way_to_send", "not_wanted", "required_field_missing",
    "unknown_target_field",
]  # fmt: skip


@problem("M416", "unknown-target-field")
def unknown_target_field(target: str, name: str, fields: Iterable[str]) -> Wording:
    """A rule fills a field that the target does not have."""
    return Wording(
        message=f"`{target}` has no field `{name}` to fill",
        label=f"not a field of `{target}`",
        hint=did_you_mean(name, fields),
    )


@problem("M417", "required-field-missing")
def required_field_missing(target: str, names: Iterable[str]) -> Wording:
    """A field that the target demands has no rule."""
    listed = list(names)
    shown = ", ".join(f"`{name}`" for name in listed)
    return Wording(
        message=f"`{target}` needs {shown}, and no rule fills "
        + ("it" if len(listed) == 1 else "them"),
        hint=f"add a rule for {shown}",
    )


@problem("M418", "does-not-fit-target")
def not_wanted(target: str, wanted: str, given: str, hint: str | None = None) -> Wording:
    """What a rule yields is of another type than its target field."""
    return Wording(
        message=f"`{target}` takes {wanted}, but this is {given}", label=f"is {given}", hint=hint
    )


@problem("M419", "helper-hides-field")
def helper_hides_field(name: str, owner: str) -> Wording:
    """A helper, or the name of an item, has the name of a field that can be read here."""
    return Wording(
        message=f"`{name}` is already a field of `{owner}`",
        label="a second meaning",
        hint="give the helper another name",
    )


@problem("M420", "helper-circle")
def helper_circle(names: Iterable[str]) -> Wording:
    """Helpers need each other to be computed, so none of them ever is."""
    chain = " needs ".join(f"`{name}`" for name in names)
    return Wording(message=f"these helpers go round in a circle: {chain}")


@problem("M421", "field-filled-twice")
def field_twice(name: str, other: str) -> Wording:
    """Two rules fill the same field, or one fills a part of what another fills whole."""
    return Wording(
        message=f"`{name}` is filled twice"
        if name == other
        else f"`{name}` is part of `{other}`, which has a rule of its own",
        hint="keep one of the two rules",
    )


@problem("M422", "link-not-declared")
def link_not_declared(name: str, links: Iterable[str]) -> Wording:
    """`link( )` names an object that `links:` in `pack.yaml` does not have."""
    return Wording(
        message=f"`links` in `pack.yaml` does not name `{name}`",
        label="not a declared link",
        hint=did_you_mean(name, links)
        or f"add `{name}: {{record: …, missing: reject}}` to `links`",
    )


@problem("M423", "nothing-to-send")
def no_way_to_send(names: Iterable[str]) -> Wording:
    """Every payload of a mapping hangs on a condition, so a record could become nothing.

    One payload must always apply, or a `skip` must say what happens to the rest.
    """
    shown = ", ".join(f"`{name}`" for name in names)
    return Wording(
        message="a record can end without any payload and without a reason",
        label=f"each of {shown} has a `when`",
        hint="add a `skip` for the records that none of them takes",
    )


@problem("M426", "id-written-back")
def id_written_back() -> Wording:
    """`write_back` gives the record another id, under which nobody would find it again."""
    return Wording(
        message="the `id` of a record is its own and never comes from an answer",
        label="would rename the record",
        hint="keep the target's id under `external_ids`",
    )


@problem("M427", "key-of-a-field")
def key_of_a_field(helper: str, key: str) -> Wording:
    """A helper says when or how it is sent, but only fields are sent.

    A helper is computed for decisions, totals and every payload alike, and no field stands
    behind it that could be left out, or that is new in one payload and known in another.
    """
    hints = {
        "when": "write `if … then … else null`, or put the `when` on the fields that use it",
        "on_empty": "put it on the fields that use the helper, or write `??` with what stands in",
    }
    return Wording(
        message=f"`{key}` means nothing on the helper `{helper}`",
        label="a helper is computed, not sent",
        hint=hints.get(key, "put it on the fields that use the helper"),
    )
