"""
The engine's own reasons: why a record is skipped or refused, and what a person does then.

A pack declares more under `reasons:`. Reports print both sentences, so that a list of
refusals can be worked through from the top.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["ENGINE_REASONS", "EngineReason"]


class EngineReason(NamedTuple):
    """Why, and what to do."""

    because: str
    do: str


ENGINE_REASONS: Mapping[str, EngineReason] = {
    "switch_off": EngineReason(
        "the firm has switched this family of transactions off",
        "nothing, or turn the switch on in the firm file",
    ),
    "direction_not_supported": EngineReason(
        "this kind of record does not go this way",
        "enter it in the system that owns it",
    ),
    "unsupported_transaction": EngineReason(
        "the other system does not take this kind of transaction",
        "enter it there by hand when it is needed",
    ),
    "pre_integration": EngineReason(
        "it is older than the start of the integration",
        "nothing; post it again when it must be carried over",
    ),
    "wrong_division": EngineReason(
        "it belongs to a division that is not connected",
        "check the division of the document",
    ),
    "foreign_currency": EngineReason(
        "its currency is not the firm's currency",
        "enter it by hand; the integration keeps one currency",
    ),
    "unmapped_account": EngineReason(
        "its account has no counterpart in the other system",
        "add a row to the account map of the firm file",
    ),
    "unmapped_tax": EngineReason(
        "its tax code has no counterpart in the other system",
        "add a row to the tax map of the firm file",
    ),
    "unmapped_value": EngineReason(
        "one of its values stands in no row of a table",
        "add a row to the table that is named",
    ),
    "contact_not_found": EngineReason(
        "its contact is not known in the other system",
        "send the contact first, or link the two",
    ),
    "matter_not_found": EngineReason(
        "its matter is not known in the other system",
        "make the file there, with the matter's reference as its number",
    ),
    "user_not_found": EngineReason(
        "its user is not known in the other system",
        "make the user there with the same e-mail address",
    ),
    "invoice_not_linked": EngineReason(
        "its invoice was never sent, or has been unlinked",
        "send the invoice first, or settle it by hand",
    ),
    "missing_match_key": EngineReason(
        "it has no number or id by which it could be recognised",
        "fill in the number or reference",
    ),
    "duplicate_match_key": EngineReason(
        "another record has the same number or id",
        "give one of the two another number",
    ),
    "already_sent": EngineReason(
        "it was sent before",
        "nothing; later changes are made in the other system",
    ),
    "locked": EngineReason(
        "it is locked, so a change would not be accepted",
        "unlock it first when it must change",
    ),
    "owner_is_other_system": EngineReason(
        "the other system decides about this",
        "make the change in the other system",
    ),
    "other_kind": EngineReason(
        "it says something else where this mapping always writes the same",
        "nothing; it is of another kind, and was not made by this mapping",
    ),
    "group_contact": EngineReason(
        "group contacts do not cross",
        "put the members on the matter as clients",
    ),
    "trust_overdraw": EngineReason(
        "it would overdraw trust money",
        "check the trust balance of the matter before anything else",
    ),
    "not_approved": EngineReason(
        "it has not been approved",
        "approve it; the next run takes it",
    ),
    "closed_matter": EngineReason(
        "its matter is closed",
        "open the matter again, or leave it out",
    ),
    "too_long": EngineReason(
        "a text is longer than the other system takes",
        "shorten the text",
    ),
    "bad_pattern": EngineReason(
        "a text is not written the way the other system needs it",
        "correct the text",
    ),
    "out_of_range": EngineReason(
        "a number or date is smaller or larger than the other system takes",
        "check the amount or date",
    ),
    "invariant_failed": EngineReason(
        "its parts and its total do not agree",
        "compare the lines of the document with its total",
    ),
    "ambiguous_reverse": EngineReason(
        "the value could have come from several values",
        "say in the pack which of them is meant",
    ),
    "permission_denied": EngineReason(
        "the other system does not allow it for this user",
        "ask for the permission there",
    ),
    "target_refused": EngineReason(
        "the other system refused it, and the pack does not know that refusal",
        "read what the other system said, and add a line under `answers` of the pack",
    ),
    "no_ledger_effect": EngineReason(
        "it moves nothing in the ledger",
        "nothing",
    ),
    "unreadable_input": EngineReason(
        "the input could not be read as a record",
        "correct the line, or export it again",
    ),
    "cannot_be_cleared": EngineReason(
        "it is empty now in a field that the other system cannot hold empty",
        "clear it there by hand, or fill it again",
    ),
    "drift": EngineReason(
        "the other system holds something else in a field that both sides have",
        "compare the two records, and correct the wrong one",
    ),
    "unchanged": EngineReason(
        "nothing of it that is mapped has changed since it was sent",
        "nothing; it is in step",
    ),
    "required_value_missing": EngineReason(
        "a value that must be sent is empty",
        "fill in the value",
    ),
    "division_by_zero": EngineReason(
        "a number would have to be divided by zero",
        "fill in the number it is divided by",
    ),
    "overflow": EngineReason(
        "a number is too large to be computed exactly",
        "check the amounts and rates",
    ),
    "too_much_work": EngineReason(
        "it would take more steps than one record may take",
        "split the record, or ask whether its lists can be right",
    ),
    "rejected": EngineReason(
        "a rule of the pack refuses it",
        "look at the message of the rule",
    ),
    "conversion_failed": EngineReason(
        "a text could not be read as the number or date it should be",
        "correct the text",
    ),
}
