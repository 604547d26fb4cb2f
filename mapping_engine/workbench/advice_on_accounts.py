"""
Advice about a firm's accounts and taxes: what its switches need, and what is mapped nowhere.

Nothing here is an error: a firm may be half way through its account map, and a record that
needs what is missing is refused with a reason. `--strict` makes all of it count.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import chain

from mapping_engine.language import nodes
from mapping_engine.language.typed import Apply, Constant, Typed
from mapping_engine.packs import problems_of_catalogues as problems
from mapping_engine.packs.catalogue_checks import OUR_ACCOUNTS, ROLE_LIST, uses
from mapping_engine.packs.model import Role
from mapping_engine.packs.table_rows import TypedRow
from mapping_engine.packs.tables import TypedTable
from mapping_engine.runtime.walking import typed_of
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.source.node import MappingNode
from mapping_engine.source.text import Span
from mapping_engine.values.number import plain
from mapping_engine.values.types import Number
from mapping_engine.workbench.subject import Subject, inside

__all__ = ["nameless", "outdated", "rates", "roles", "trust_untold", "unmapped", "zero_rates"]

#: After so many days a list of the target may have changed.
_FRESH_DAYS = 90


def roles(subject: Subject) -> Iterator[Diagnostic]:
    """Yield roles whose account is needed and not given, or given and not needed.

    A role that says when it is needed is believed; of another it is asked which rules name it.
    """
    if subject.of_pack:
        return
    asked = _asked_roles(subject)
    for name, role in subject.pack.roles.items():
        needed = subject.opened.program.needed.get(name)
        holds = needed.value if isinstance(needed, Constant) else None
        given = subject.pack.given_roles.get(name)
        if given is None and (holds is True or (holds is not False and name in asked)):
            found = problems.role_missing(_place(subject, "roles"), name, role.because)
            yield found.with_label(asked.get(name, role.origin.span), "needed here")
        elif given is not None and holds is False and name not in asked:
            found = problems.role_not_needed(given.span, name, _switches(role, subject))
            yield found.with_label(role.origin.span, "the role")


def _asked_roles(subject: Subject) -> dict[str, Span]:
    """Return the roles that rules in force ask by name, and where."""
    found: dict[str, Span] = {}
    programs = subject.opened.program.mappings.values()
    in_force = chain.from_iterable(typed_of(each) for each in programs if not each.switched_off)
    for node in in_force:
        named = node.arguments[-1] if _asks_role(node) and isinstance(node, Apply) else None
        if isinstance(named, Constant) and isinstance(named.value, str):
            found.setdefault(named.value, node.span)
    return found


def _asks_role(node: Typed) -> bool:
    return isinstance(node, Apply) and node.function.name == "role"


def _switches(role: Role, subject: Subject) -> list[str]:
    """Return the switches in a role's condition that are off."""
    pack = subject.pack
    names = [
        each.name
        for each in (inside(subject.tree(role.needed_when)) if role.needed_when else ())
        if isinstance(each, nodes.Member) and each.of == nodes.Name(name="switches", span=each.span)
    ]
    given = {name: each.value for name, each in pack.given_switches.items()}
    on = {name: given.get(name, each.default) for name, each in pack.switches.items()}
    return [name for name in dict.fromkeys(names) if not on.get(name, True)]


def _place(subject: Subject, key: str, name: str | None = None) -> Span | None:
    """Return where a firm says something, else where it says which pack it is for."""
    layer = subject.opened.layer
    own = layer.own if layer else None
    if own is None or own.extends is None:
        return None
    entry = own.root.entry(key)
    if name is not None:
        entry = entry.value.entry(name) if entry and isinstance(entry.value, MappingNode) else None
    return entry.key.span if entry else own.extends.span


def unmapped(subject: Subject) -> Iterator[Diagnostic]:
    """Yield, once for each list, the active codes that no row and no role names."""
    program = subject.opened.program
    used: dict[str, set[str]] = {}
    for each in uses(subject.pack, program.tables):
        used.setdefault(each.list_name, set()).add(each.code.value)
    for name, snapshot in subject.pack.snapshots.items():
        codes = [
            code
            for code, line in snapshot.lines.items()
            if line.is_active and code not in used.get(name, ())
        ]
        if codes and name in used:
            yield problems.not_mapped(snapshot.file.span, name, codes)


def nameless(subject: Subject) -> Iterator[Diagnostic]:
    """Yield lists with lines that have no code: nothing can be mapped to them."""
    for name, snapshot in subject.pack.snapshots.items():
        if snapshot.nameless:
            yield problems.codes_missing(snapshot.file.span, name, snapshot.nameless)


def trust_untold(subject: Subject) -> Iterator[Diagnostic]:
    """Yield lists of accounts that say of no account that it is, where trust money is sent.

    What is trust money is asked line by line (M556), so nothing of it would be asked.
    """
    holders = [name for name in subject.pack.given_roles
               if name in subject.pack.roles and subject.pack.roles[name].is_trust]  # fmt: skip
    if subject.of_pack or not holders:
        return
    given = subject.pack.given_roles[holders[0]]
    for name in (OUR_ACCOUNTS, ROLE_LIST):
        listed = subject.pack.snapshots.get(name)
        if listed is not None and all(line.is_trust is None for line in listed.lines.values()):
            found = problems.trust_not_told(listed.file.span, listed.file.value)
            yield found.with_label(given.span, "trust money goes here")


def zero_rates(subject: Subject) -> Iterator[Diagnostic]:
    """Yield tax maps of a firm without a code for the rate 0."""
    for table in subject.opened.program.tables.values():
        if subject.of_pack or not table.rows:
            continue
        found = [rate for _, rate in _rates(table)]
        if found and not any(each == 0 for each in found):
            yield problems.no_zero_rate(_place(subject, "tables", table.name), table.name)


def rates(subject: Subject) -> Iterator[Diagnostic]:
    """Yield rows of a tax map whose tax code has another rate in the list of the target."""
    listed = subject.pack.snapshots.get("tax_codes")
    if listed is None or subject.of_pack:
        return
    tables = subject.opened.program.tables
    named = {id(each.row): each.code for each in uses(subject.pack, tables)
             if each.list_name == "tax_codes"}  # fmt: skip
    for row, rate in chain.from_iterable(map(_rates, tables.values())):
        code = named.get(id(row))
        line = listed.lines.get(code.value) if code is not None else None
        if code is None or line is None or line.rate is None or not isinstance(rate, Decimal):
            continue
        if line.rate != rate:
            file, both = listed.file, (plain(line.rate), plain(rate))
            found = problems.rate_differs(file.span, file.value, code.value, *both)
            yield found.with_label(code.span, f"{both[1]} in this row")


def _rates(table: TypedTable) -> list[tuple[TypedRow, object]]:
    """Return the rates of a tax map, which has a column of tax codes and one of percents."""
    lists = {each.value for each in table.table.catalogue.values()}
    percents = [
        each for each in table.outputs
        if isinstance(each.type, Number) and each.type.unit == "percent"
    ]  # fmt: skip
    if "tax_codes" not in lists or not percents:
        return []
    rows = (*table.rows, *filter(None, [table.rest]))
    return [(row, row.outputs[percents[0].name]) for row in rows if row.reject is None]


def outdated(subject: Subject) -> Iterator[Diagnostic]:
    """Yield lists that were taken long before today."""
    for snapshot in subject.pack.snapshots.values():
        try:
            taken = date.fromisoformat(snapshot.taken_on or "")
        except ValueError:
            continue
        days = (subject.today - taken).days if subject.today else 0
        if days > _FRESH_DAYS:
            file = snapshot.file
            yield problems.list_outdated(file.span, file.value, taken.isoformat(), days)
