"""Words for what a firm maps, against what stands in its systems (M550 to M569, M830 to M839)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.suggest import did_you_mean

__all__ = [
    "class_differs", "code_inactive", "code_unknown", "codes_missing", "list_cell_odd",
    "list_outdated", "list_unreadable", "list_without_code", "no_row_for_setting", "no_zero_rate",
    "not_mapped", "other_currency", "other_tenant", "rate_differs", "role_missing",
    "role_not_needed", "takes_no_payments", "tax_not_allowed", "trust_meets_office",
    "trust_not_told", "wrong_class",
]  # fmt: skip

_NOUNS = {
    "accounts": "account",
    "tax_codes": "tax code",
    "users": "user",
    "items": "item",
}


def _noun(name: str) -> str:
    return _NOUNS.get(name.removeprefix("our_"), "code")


def _whose(name: str) -> str:
    return "practice management" if name.startswith("our_") else "the target"


def _some(codes: Sequence[str]) -> str:
    shown = ", ".join(f"`{each}`" for each in codes[:5])
    return f"{shown} and {len(codes) - 5} more" if len(codes) > 5 else shown


@problem("M550", "other-tenant")
def other_tenant(file: str, tenant: str, wanted: str) -> Wording:
    """A list of the target was taken from another organisation than the firm's.

    Codes mean something else there. `catalogue: {tenant: …}` says whose lists belong to the
    firm; without it, they must carry the firm's id.
    """
    return Wording(
        f"`{file}` is the list of `{tenant}`, not of `{wanted}`",
        "another organisation",
        "take the list again from the firm's own organisation",
    )


@problem("M551", "code-unknown")
def code_unknown(list_name: str, code: str, known: Iterable[str]) -> Wording:
    """A mapped code does not stand in the list that the firm took from its system."""
    return Wording(
        f"{_whose(list_name)} has no {_noun(list_name)} `{code}`",
        "not in the list",
        did_you_mean(code, known),
    )


@problem("M552", "code-inactive")
def code_inactive(list_name: str, code: str) -> Wording:
    """A mapped code is archived or switched off in its system; what names it is refused there."""
    return Wording(
        f"the {_noun(list_name)} `{code}` is not active in {_whose(list_name)}",
        "not active",
        "activate it there, or map to another",
    )


@problem("M553", "wrong-class")
def wrong_class(role: str, code: str, given: str, wanted: Sequence[str]) -> Wording:
    """The account of a role is of another class than the role needs."""
    needed = " or ".join(wanted)
    return Wording(
        f"`{role}` needs an account of the class {needed}, but `{code}` is {given}",
        given,
        f"name an account of the class {needed}",
    )


@problem("M554", "takes-no-payments")
def takes_no_payments(role: str, code: str) -> Wording:
    """The account of a role must allow payments, and does not."""
    return Wording(
        f"`{role}` needs an account that accepts payments, but `{code}` does not",
        "no payments",
        "allow payments to the account in the target, or name another",
    )


@problem("M555", "tax-not-allowed")
def tax_not_allowed(account: str, tax: str | None) -> Wording:
    """An account does not allow the tax code that is mapped with it, or any that is mapped."""
    what = f"the tax code `{tax}`" if tax is not None else "any tax code that is mapped"
    return Wording(
        f"the account `{account}` does not allow {what}",
        "tax not allowed",
        "allow the tax code on the account in the target, or map another",
    )


@problem("M556", "trust-meets-office")
def trust_meets_office(what: str, is_row: bool) -> Wording:
    """Trust money would reach an account of the firm's own money, or the other way round.

    The two never meet. A row of the account map that is right all the same says `because:`.
    """
    return Wording(
        what,
        "trust and office money",
        "map trust accounts to trust accounts"
        + ("; a row that is right all the same says `because`" if is_row else ""),
    )


@problem("M557", "list-without-code")
def list_without_code(file: str) -> Wording:
    """A list of a system has no column with its codes."""
    return Wording(
        f"`{file}` has no column `code`",
        "no codes",
        "name the column with the codes `code` (of users `email`)",
    )


@problem("M558", "list-unreadable")
def list_unreadable(file: str) -> Wording:
    """A list of a system is no JSON text that holds a list of objects."""
    return Wording(f"`{file}` is no JSON list of objects", "cannot be read")


@problem("M559", "no-row-for-setting")
def no_row_for_setting(table: str, settings: Sequence[str]) -> Wording:
    """A table has rows, but none for what the firm's settings say, such as its edition."""
    said = " and ".join(settings)
    return Wording(
        f"no row of the table `{table}` is for {said}",
        "no row fits the firm",
        "add rows for it, or correct the setting",
    )


@problem("M560", "class-differs")
def class_differs(ours: tuple[str, str], theirs: tuple[str, str]) -> Wording:
    """An account is mapped to one of another class: income to a liability, a cost to an asset.

    The classes are asset, liability, equity, revenue and expense, as the two charts of accounts
    say. A row that is right all the same says `because:`.
    """
    (code, here), (target, there) = ours, theirs
    return Wording(
        f"`{code}` is of the class {here}, but `{target}` of the class {there}",
        there,
        f"map it to an account of the class {here}; "
        "a row that is right all the same says `because`",
    )


@problem("M561", "other-currency")
def other_currency(what: str, currency: str, wanted: str) -> Wording:
    """The organisation in the target keeps its books in another currency than the firm.

    A list says so in its column `base_currency`, or `catalogue: {base_currency: …}` does.
    Amounts are never converted, so each would be posted in the wrong currency.
    """
    return Wording(
        f"the books of {what} are kept in {currency}, but the firm's currency is {wanted}",
        currency,
        "connect the organisation with the firm's currency, or correct `currency`",
    )


@problem("M830", "role-missing")
def role_missing(role: str, because: str | None) -> Wording:
    """A firm does not name an account that its switches and rules need.

    Every record that needs the account would be refused. With `--strict` this is an error.
    """
    why = f" ({because})" if because else ""
    return Wording(
        f"the firm names no account for `{role}`{why}",
        "account missing",
        f"add `{role}: …` under `roles:`",
    )


@problem("M831", "role-not-needed")
def role_not_needed(role: str, switches: Sequence[str]) -> Wording:
    """A firm names an account for a job that is switched off.

    Where supplier costs are billed again to clients, the switch must be on.
    """
    off = " and ".join(f"`{each}`" for each in switches)
    closed = f"{off} is off" if switches else "its condition does not hold"
    return Wording(
        f"the account of `{role}` is never used, because {closed}",
        "not needed",
        f"turn {off} on, or take the account away" if switches else "take the account away",
    )


@problem("M832", "codes-missing")
def codes_missing(list_name: str, names: Sequence[str]) -> Wording:
    """Lines of a list have no code, so nothing can be mapped to them."""
    count = len(names)
    noun = _noun(list_name) + ("" if count == 1 else "s")
    return Wording(
        f"{count} {noun} of {_whose(list_name)} {'has' if count == 1 else 'have'} no code: "
        f"{_some(names)}",
        "without a code",
        "give them a code there before they are mapped",
    )


@problem("M833", "not-mapped")
def not_mapped(list_name: str, codes: Sequence[str]) -> Wording:
    """Active codes of a list are mapped nowhere.

    Of ours: a record that names one is refused. Of theirs: nothing is ever sent there.
    """
    count = len(codes)
    noun = _noun(list_name) + ("" if count == 1 else "s")
    return Wording(
        f"{count} {noun} of {_whose(list_name)} {'is' if count == 1 else 'are'} not mapped: "
        f"{_some(codes)}",
        "not mapped",
        "map what is used; if the rest is right, say so with an ignore",
    )


@problem("M834", "no-zero-rate")
def no_zero_rate(table: str) -> Wording:
    """A firm's tax map has no tax code with the rate 0.

    Lines without tax need one too; firms without sales tax need nothing else.
    """
    return Wording(
        f"the tax map `{table}` has no code with the rate 0",
        "no zero rate",
        "add a row for the tax code of lines without tax",
    )


@problem("M835", "list-outdated")
def list_outdated(file: str, taken_on: str, days: int) -> Wording:
    """A list of the target is so old that it may have changed since."""
    return Wording(
        f"`{file}` was taken on {taken_on}, {days} days ago",
        "may be out of date",
        "take the list again",
    )


@problem("M836", "rate-differs")
def rate_differs(file: str, code: str, listed: str, mapped: str) -> Wording:
    """A tax map has another rate than the list of the target has for the same tax code.

    Tax that is computed with the rate of the map is then not what the target computes.
    """
    return Wording(
        f"`{file}` has the rate {listed} for the tax code `{code}`, and the tax map has {mapped}",
        f"{listed} for `{code}`",
        "correct the rate in the map, map to the tax code that has it, or take the list again",
    )


@problem("M837", "trust-not-told")
def trust_not_told(file: str) -> Wording:
    """A firm sends trust money, and its list of accounts does not say which of them hold it.

    Whether trust money goes to an account of the firm's own is then not asked.
    """
    return Wording(
        f"`{file}` does not say which accounts hold trust money",
        "says nothing of trust money",
        "add a column `is_trust` (yes or no), or `role` with words such as `bank_trust`",
    )


@problem("M838", "list-cell-odd")
def list_cell_odd(value: str, why: str) -> Wording:
    """A cell of a list of a system is not understood, or a code stands in it twice.

    What the cell should say is then not asked: whether an account is active, takes payments or
    holds trust money, and which rate a tax code has.
    """
    return Wording(f"`{value}` {why}", "not understood", "correct the list, or take it again")
