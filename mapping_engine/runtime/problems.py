"""Wordings of M7xx that arise when a record is run: declared refusals, links, totals, input."""

from __future__ import annotations

from mapping_engine.source.codes import Wording, problem
from mapping_engine.values.misfit import Misfit

__all__ = [
    "declared", "engines_differ", "link_missing", "match_key_missing", "nothing_applies",
    "payload_too_large", "pending_id_used", "required_value_missing", "role_not_given",
    "skipped_here", "switched_off", "totals_differ", "unreadable_record", "wrong_record",
]  # fmt: skip


@problem("M708", "required-value-missing", reason="required_value_missing")
def required_value_missing(value: str | None, field: str) -> Wording:
    """A field that its rule marks `on_empty: reject` would be empty."""
    return Wording(
        message=f"`{field}` would be empty", label="empty for this record",
        hint="fill what this line reads, or say in the rule what to send instead",
    )  # fmt: skip


@problem("M709", "declared-refusal", reason="rejected")
def declared(value: str | None, sentence: str, todo: str | None) -> Wording:
    """A `reject` of the pack holds for this record."""
    return Wording(message=sentence, label="this holds", hint=todo)


@problem("M710", "unreadable-input", reason="unreadable_input")
def unreadable_record(value: str | None, why: str, hint: str | None = None) -> Wording:
    """A line of the input is no record: broken JSON, a key twice, a list instead of an object."""
    return Wording(message=f"this record cannot be read: {why}", hint=hint)


@problem("M711", "wrong-record", reason="unreadable_input")
def wrong_record(value: str | None, misfit: Misfit) -> Wording:
    """A record has a member that its schema does not know, or a value of another kind."""
    hint = None
    if misfit.kind == "unknown_member":
        hint = "`--drop-unknown` leaves such members out and counts them"
    return Wording(message=misfit.sentence, hint=hint)


@problem("M722", "skipped")
def skipped_here(value: str | None, reason: str, because: str | None) -> Wording:
    """A record is not sent, because a `skip` of the pack holds for it."""
    return Wording(message=f"skipped as `{reason}`: {because or 'this holds'}", label="this holds")


@problem("M723", "switched-off")
def switched_off(value: str | None, name: str) -> Wording:
    """A record is not sent, because the switch of its kind is off."""
    return Wording(
        message=f"skipped as `switch_off`: the switch `{name}` is off",
        hint=f"turn it on in the firm file: `switches: {{{name}: on}}`",
    )


@problem("M713", "link-missing", reason="invoice_not_linked")
def link_missing(value: str | None, object: str, hint: str | None) -> Wording:
    """The target's id of a record that this one refers to is not known."""
    named = f" `{value}`" if value else ""
    return Wording(
        message=f"the `{object}` of{named or ' this reference'} is not known in the target",
        label="looked up here",
        hint=hint,
    )


@problem("M714", "totals-differ", reason="invariant_failed")
def totals_differ(value: str | None, name: str, sides: tuple[str, str, str]) -> Wording:
    """
    A control total is not the same on the side of the record and of its payloads.

    A difference that is meant to be stands by its name under `declared`; nothing else may
    explain one.
    """
    record, payload, declared = sides
    differences = "" if declared.strip("-0.") == "" else f", and {declared} is declared"
    return Wording(
        message=f"the control total `{name}` differs: the record says {record}, "
        f"the payloads say {payload}{differences}",
        label="must agree for every record",
        hint="look at the fields it adds up with `explain`; a difference that is meant to be "
        "stands under `declared`",
    )


@problem("M716", "match-key-missing", reason="missing_match_key")
def match_key_missing(value: str | None, keys: str, operation: str) -> Wording:
    """None of the fields that recognise an existing target record is filled."""
    return Wording(
        message=f"`{operation}` needs one of {keys} to recognise the record, and none is filled",
        hint="give the record its number",
    )


@problem("M717", "role-not-given", reason="unmapped_account")
def role_not_given(value: str | None) -> Wording:
    """A record needs the account of a role that the firm has not given."""
    named = f" `{value}`" if value else ""
    return Wording(
        message=f"the firm has given no account to the role{named}",
        label="needed here",
        hint="name the account under `roles` in the firm file",
    )


@problem("M718", "pending-id-used", reason="missing_match_key")
def pending_id_used(value: str | None, object: str) -> Wording:
    """An id that the target has not given yet stands where it cannot be filled in later."""
    return Wording(
        message=f"the id of `{object}` is not known yet and cannot be part of something else",
        hint="let the field hold the id alone: `link(…)`",
    )


@problem("M719", "no-payload", reason="no_ledger_effect")
def nothing_applies(value: str | None) -> Wording:
    """No payload of the mapping applies to this record, and no skip says why."""
    return Wording(
        message="none of the payloads applies to this record",
        hint="add a `skip` that says what happens to such records",
    )


@problem("M720", "payload-too-large", reason="out_of_range")
def payload_too_large(value: str | None, size: int) -> Wording:
    """A payload is larger than any target takes."""
    return Wording(message=f"the payload is longer than {size:,} characters")


@problem("M901", "engines-differ")
def engines_differ(identity: str) -> Wording:
    """The compiled mapper refused a record that the interpreter maps. This is our fault."""
    return Wording(
        message=f"the two engines disagree about record `{identity}`",
        hint="run again with `--engine interpreter`, and report this with the pack and the record",
    )
