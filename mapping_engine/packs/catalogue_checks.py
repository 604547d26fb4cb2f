"""
Ask whether what a firm maps stands in its systems: codes, classes, taxes, trust money.

The lists are those that the firm took from its systems (`catalogue:`). Only rows in force
are asked: those of another edition speak of another organisation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice, product
from typing import TypeAlias

from msgspec import Struct

from mapping_engine.functions.catalogue import NOT_CONSTANT
from mapping_engine.packs import problems_of_catalogues as problems
from mapping_engine.packs.model import Pack
from mapping_engine.packs.snapshots import Listed, Snapshot
from mapping_engine.packs.table_rows import TypedRow
from mapping_engine.packs.tables import TypedTable
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.text import Located, Span

__all__ = ["OUR_ACCOUNTS", "ROLE_LIST", "Use", "check_catalogue", "uses"]

#: After so many answers to one question the rest is left for the next time.
_MOST_PROBLEMS = 200
ROLE_LIST = "accounts"
OUR_ACCOUNTS = "our_accounts"

Question: TypeAlias = Callable[["_Asked"], Iterator[Diagnostic]]


class Use(Struct, frozen=True):
    """One place where a code of a list is named: in a row of a table, or for a role."""

    list_name: str
    code: Located[str]
    row: TypedRow | None = None
    role: str | None = None


class _Asked(Struct, frozen=True):
    pack: Pack
    tables: Mapping[str, TypedTable]
    lists: Mapping[str, Snapshot]

    def line(self, use: Use) -> Listed | None:
        """Return what the list says of a code; None when there is no list, or no such code."""
        snapshot = self.lists.get(use.list_name)
        return snapshot.lines.get(use.code.value) if snapshot else None


def check_catalogue(pack: Pack, tables: Mapping[str, TypedTable], report: Report) -> None:
    """Report what is mapped and does not stand in the lists, or must not be mapped."""
    report.extend(_tenants(pack))
    lists = {name: each for name, each in pack.snapshots.items() if not _foreign(pack, name)}
    asked = _Asked(pack, tables, lists)
    for question in _QUESTIONS:
        report.extend(islice(question(asked), _MOST_PROBLEMS))


def _in_force(table: TypedTable) -> tuple[TypedRow, ...]:
    return (*table.rows, *filter(None, [table.rest]))


def uses(pack: Pack, tables: Mapping[str, TypedTable]) -> Iterator[Use]:
    """Yield every place where a code of a list is named by a row in force or for a role."""
    for table in tables.values():
        for column, found in table.table.catalogue.items():
            for row in _in_force(table):
                yield from _cells(found.value, row, column)
    for name, account in pack.given_roles.items():
        yield Use(ROLE_LIST, account, role=name)


def _cells(list_name: str, row: TypedRow, column: str) -> Iterator[Use]:
    cell = row.row.cells.get(column)
    for word in cell.words if cell is not None else ():
        yield Use(list_name, Located(word, cell.span if cell else row.row.origin.span), row)


def _wanted_tenant(pack: Pack) -> str | None:
    said = pack.catalogue.get("tenant")
    return said.value if said else pack.firm.id if pack.firm else None


def _foreign(pack: Pack, name: str) -> tuple[str, ...]:
    """Return the organisations that a list is of and should not be; ours are not asked."""
    wanted = _wanted_tenant(pack)
    tenants = () if name.startswith("our_") else sorted(pack.snapshots[name].tenants)
    return tuple(each for each in tenants if each != wanted)


def _tenants(pack: Pack) -> Iterator[Diagnostic]:
    for name, snapshot in pack.snapshots.items():
        for tenant in _foreign(pack, name)[:1]:
            wanted = _wanted_tenant(pack) or "the firm"
            yield problems.other_tenant(snapshot.file.span, snapshot.file.value, tenant, wanted)


def _currencies(asked: _Asked) -> Iterator[Diagnostic]:
    """Yield lists of an organisation whose books are kept in another currency than the firm's."""
    said = asked.pack.firm.values.get("currency") if asked.pack.firm else None
    if said is None:
        return
    by_hand = asked.pack.catalogue.get("base_currency")
    known = [(by_hand.span, "the target", by_hand.value.upper())] if by_hand else []
    for snapshot in asked.lists.values():
        file = snapshot.file
        known += [(file.span, f"`{file.value}`", each) for each in sorted(snapshot.currencies)]
    for span, what, currency in known:
        if currency != said.value.upper():
            found = problems.other_currency(span, what, currency, said.value)
            yield found.with_label(said.span, "the firm's currency")


def _codes(asked: _Asked) -> Iterator[Diagnostic]:
    """Yield codes that are not in their list, or not active."""
    for use in uses(asked.pack, asked.tables):
        snapshot = asked.lists.get(use.list_name)
        if snapshot is None:
            continue
        code, span = use.code.value, use.code.span
        line = snapshot.lines.get(code)
        if line is None:
            yield problems.code_unknown(span, use.list_name, code, snapshot.lines)
        elif not line.is_active:
            yield problems.code_inactive(span, use.list_name, code)


def _roles(asked: _Asked) -> Iterator[Diagnostic]:
    """Yield accounts that are not what their role needs."""
    for use in uses(asked.pack, asked.tables):
        role, line = asked.pack.roles.get(use.role or ""), asked.line(use)
        if role is None or line is None:
            continue
        wanted = {each.lower() for each in role.classes}
        if wanted and line.classes and not wanted & line.classes:
            given = " ".join(sorted(line.classes))
            found = problems.wrong_class(
                use.code.span, role.name, line.code, given, role.classes
            )  # fmt: skip
            yield found.with_label(role.origin.span, "the role")
        if role.accepts_payments and line.accepts_payments is False:
            found = problems.takes_no_payments(use.code.span, role.name, line.code)
            yield found.with_label(role.origin.span, "the role")


def _taxes(asked: _Asked) -> Iterator[Diagnostic]:
    """Yield accounts that do not allow the tax code of their row, or any that is mapped."""
    known = list(uses(asked.pack, asked.tables))
    mapped = {each.code.value for each in known if each.list_name == "tax_codes"}
    beside = {id(each.row): each.code for each in known if each.list_name == "tax_codes"}
    for use in known:
        line = asked.line(use)
        if use.list_name != "accounts" or line is None or line.taxes is None or not mapped:
            continue
        tax = beside.get(id(use.row)) if use.row else None
        if tax is not None and tax.value not in line.taxes:
            yield problems.tax_not_allowed(tax.span, line.code, tax.value)
        elif tax is None and not mapped & line.taxes:
            yield problems.tax_not_allowed(use.code.span, line.code, None)


def _ways(asked: _Asked) -> Iterator[tuple[Listed, Use]]:
    """Yield each account of ours with each of theirs that it is mapped to.

    A row for `any` account, or for the rest, takes those that no other row names. A row that
    says `because` is right all the same.
    """
    ours = asked.lists.get(OUR_ACCOUNTS)
    if ours is None:
        return
    for table in asked.tables.values():
        for column in _columns_of(table, OUR_ACCOUNTS):
            rows = [(row, row.row.cells.get(column)) for row in _in_force(table)]
            named = {word for _, cell in rows if cell is not None for word in cell.words}
            others = [code for code in ours.lines if code not in named]
            for row, cell in rows:
                codes = others if cell is None or cell.kind == "any" else cell.words
                known = [ours.lines[each] for each in codes if each in ours.lines]
                theirs = [] if row.row.because else _uses_of(row, table)
                yield from product(known, theirs)


def _columns_of(table: TypedTable, list_name: str) -> list[str]:
    return [name for name, each in table.table.catalogue.items() if each.value == list_name]


def _uses_of(row: TypedRow, table: TypedTable) -> list[Use]:
    """Return the accounts of theirs that a row names."""
    return [
        use for column in _columns_of(table, ROLE_LIST) for use in _cells(ROLE_LIST, row, column)
    ]


def _classes(asked: _Asked) -> Iterator[Diagnostic]:
    """Yield accounts of theirs that are of another class than one of ours that goes there."""
    told: set[Span] = set()
    for ours, use in _ways(asked):
        line = asked.line(use)
        if line is None or None in (ours.family, line.family) or use.code.span in told:
            continue
        if ours.family != line.family:
            told.add(use.code.span)
            yield problems.class_differs(
                use.code.span, (ours.code, ours.family or ""), (line.code, line.family or "")
            )  # fmt: skip


def _trust(asked: _Asked) -> Iterator[Diagnostic]:
    """Yield ways from trust money to an account of the firm's own, and back."""
    holders: dict[str, tuple[bool, str, Span]] = {}
    told: set[Span] = set()
    for what, use, is_trust in _sides(asked):
        line, code = asked.line(use), use.code.value
        if use.code.span in told:
            continue
        if line is not None and line.is_trust is not None and line.is_trust is not is_trust:
            there = "a trust account" if line.is_trust else "an account of the firm's own"
            here = "holds trust money" if is_trust else "holds the firm's own money"
            message = f"{what} {here}, but `{code}` is {there}"
            told.add(use.code.span)
            yield problems.trust_meets_office(use.code.span, message, use.row is not None)
            continue
        first = holders.setdefault(code, (is_trust, what, use.code.span))
        if first[0] is not is_trust:
            told.add(use.code.span)
            message = f"{what} and {first[1]} meet in `{code}`, and only one of them is trust money"
            found = problems.trust_meets_office(use.code.span, message, use.row is not None)
            yield found.with_label(first[2], "here")


def _sides(asked: _Asked) -> Iterator[tuple[str, Use, bool]]:
    """Yield the uses of the target's accounts of which is known whether they are trust money."""
    for name, account in asked.pack.given_roles.items():
        role = asked.pack.roles.get(name)
        if role is not None and role.is_trust is not None:
            yield f"`{name}`", Use(ROLE_LIST, account, role=name), role.is_trust
    for ours, use in _ways(asked):
        if ours.is_trust is not None:
            yield f"`{ours.code}`", use, ours.is_trust


def _editions(asked: _Asked) -> Iterator[Diagnostic]:
    """Yield tables that have rows, but none for what the firm's settings say."""
    for table in asked.tables.values():
        fixed = [each for each in table.inputs if each.setting and each.fixed is not NOT_CONSTANT]
        if not fixed or table.rows or table.rest or table.rows_back or not table.table.rows:
            continue
        settings = [f"`{each.name}` = `{each.fixed}`" for each in fixed]
        found = problems.no_row_for_setting(table.table.origin.span, table.name, settings)
        for column in fixed:
            given = asked.pack.given_settings.get(column.setting or "")
            found = found.with_label(given.span, "said here") if given else found
        yield found


_QUESTIONS: tuple[Question, ...] = (
    _currencies, _codes, _roles, _classes, _taxes, _trust, _editions,
)  # fmt: skip
