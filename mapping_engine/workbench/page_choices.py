"""
Make the parts of the page about what a firm decides: switches, settings, and its accounts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mapping_engine.language.nodes import Expression, Member, Name
from mapping_engine.language.typed import Apply, Constant
from mapping_engine.packs.catalogue_checks import ROLE_LIST, Use, uses
from mapping_engine.packs.formulas import written as formulas_of
from mapping_engine.packs.model import RecordMapping, Role
from mapping_engine.packs.settings import wanted
from mapping_engine.packs.snapshots import Listed, Snapshot
from mapping_engine.packs.tables import TypedTable
from mapping_engine.runtime.walking import typed_of
from mapping_engine.workbench.page_records import AccountLine, Choice, ListPage, RoleLine, State
from mapping_engine.workbench.page_view import View, sentence
from mapping_engine.workbench.page_words import Words, human
from mapping_engine.workbench.plain_words import tree_of
from mapping_engine.workbench.showing import node_text
from mapping_engine.workbench.subject import inside

__all__ = ["lists", "roles", "settings", "switches"]

#: Lists of people: their codes are e-mail addresses, which no page shows.
_PEOPLE: Final = ("users", "our_users")
_OURS: Final = "our_"


def switches(view: View) -> Iterator[Choice]:
    """Yield the switches with the kinds that hang on them."""
    pack = view.opened.pack
    for name, switch in pack.switches.items():
        given = pack.given_switches.get(name)
        is_on = given.value if given else switch.default
        yield Choice(
            name, switch.title or human(name), "on or off", _on(switch.default), _on(is_on),
            tuple(_covered(view, "switches", name)), switch.because or "",
            view.given(given.span) if given else view.source(switch.origin),
        )  # fmt: skip


def settings(view: View) -> Iterator[Choice]:
    """Yield the settings with what is in force and where it is read."""
    pack = view.opened.pack
    for name, setting in pack.settings.items():
        given = pack.given_settings.get(name)
        default = node_text(setting.default) if setting.default else ""
        yield Choice(
            name, human(name), wanted(setting).replace("`", ""), default,
            node_text(given.value) if given else default,
            tuple(_covered(view, "settings", name)), setting.because or "",
            view.given(given.span) if given else view.source(setting.origin),
        )  # fmt: skip


def _on(value: bool) -> str:
    return "on" if value else "off"


def _covered(view: View, root: str, name: str) -> Iterator[str]:
    """Yield what hangs on a switch or setting: kinds, tables and accounts."""
    pack = view.opened.pack
    for mapping in pack.mappings.values():
        hangs = root == "switches" and mapping.switch is not None and mapping.switch.value == name
        if hangs or any(_reads(each, root, name) for each in _trees(mapping)):
            yield view.kind_title(mapping.record.value)
    for table in view.opened.program.tables.values():
        if root == "settings" and any(each.setting == name for each in table.inputs):
            yield f"table {human(table.name)}"
    for role in pack.roles.values():
        if role.needed_when is not None and _reads(tree_of(role.needed_when), root, name):
            yield f"account {human(role.name)}"


def _trees(mapping: RecordMapping) -> Iterator[Expression]:
    yield from (tree_of(each.formula) for each in formulas_of(mapping))


def _reads(tree: Expression, root: str, name: str) -> bool:
    return any(
        isinstance(each, Member) and each.name == name and isinstance(each.of, Name)
        and each.of.name == root
        for each in inside(tree)
    )  # fmt: skip


def roles(view: View) -> Iterator[RoleLine]:
    """Yield the accounts that have a job: why each is needed, and which one the firm gave."""
    pack, asked = view.opened.pack, _askers(view)
    for name, role in pack.roles.items():
        given = pack.given_roles.get(name)
        yield RoleLine(
            name, _needed(view, role), _state(view, role, name in asked),
            view.named(ROLE_LIST, given.value) if given else "", _wants(role),
            tuple(asked.get(name, ())), role.because or "",
            view.given(given.span) if given else view.source(role.origin),
        )  # fmt: skip


def _askers(view: View) -> dict[str, list[str]]:
    """Return by role the kinds whose rules ask for it by name."""
    found: dict[str, list[str]] = {}
    for program in view.opened.program.mappings.values():
        title = view.kind_title(program.kind)
        for node in typed_of(program):
            named = node.arguments[-1] if isinstance(node, Apply) and _is_role(node) else None
            if isinstance(named, Constant) and isinstance(named.value, str):
                titles = found.setdefault(named.value, [])
                titles += [] if title in titles else [title]
    return found


def _is_role(node: Apply) -> bool:
    return node.function.name == "role"


def _needed(view: View, role: Role) -> Words:
    if role.needed_when is None:
        return sentence("by the rules that ask for it")
    return view.speaker.when(role.needed_when)


def _state(view: View, role: Role, is_asked: bool) -> State:
    needed = view.opened.program.needed.get(role.name)
    holds = needed.value if isinstance(needed, Constant) else None
    if role.name in view.opened.pack.given_roles:
        return "given"
    if view.opened.pack.firm is None:
        return "not given"
    if holds is False:
        return "not needed"
    return "missing" if holds or is_asked else "not given"


def _wants(role: Role) -> str:
    said = ["one of the class " + " or ".join(role.classes)] if role.classes else []
    said += ["takes payments"] if role.accepts_payments else []
    if role.is_trust is not None:
        said.append("holds trust money" if role.is_trust else "holds the firm's own money")
    return "; ".join(said)


def lists(view: View) -> Iterator[ListPage]:
    """Yield the lists of both systems, each code with what maps it."""
    by_list: dict[str, dict[str, list[str]]] = {}
    tables = {
        id(row): table for table in view.opened.program.tables.values()
        for row in (*table.rows, *filter(None, [table.rest]))
    }  # fmt: skip
    for use in uses(view.opened.pack, view.opened.program.tables):
        said = by_list.setdefault(use.list_name, {}).setdefault(use.code.value, [])
        words = _use(view, use, tables.get(id(use.row)))
        said += [] if words in said else [words]
    for name, snapshot in view.opened.pack.snapshots.items():
        if name not in _PEOPLE:
            yield _list(view, name, snapshot, by_list.get(name, {}))


def _list(
    view: View, name: str, snapshot: Snapshot, used: dict[str, list[str]]
) -> ListPage:  # fmt: skip
    side = "of practice management" if name.startswith(_OURS) else f"of {view.opened.pack.title}"
    title = f"{human(name.removeprefix(_OURS)).capitalize()} {side}"
    return ListPage(
        name, title, snapshot.file.value, snapshot.taken_on,
        tuple(
            AccountLine(code, line.name, _what(line), tuple(used.get(code, ())))
            for code, line in snapshot.lines.items()
        ),
    )  # fmt: skip


def _what(line: Listed) -> str:
    said = sorted(line.classes)
    said += [] if line.is_active else ["not active"]
    return ", ".join(said)


def _use(view: View, use: Use, table: TypedTable | None) -> str:
    """Return what maps a code: the role, or the other side of its row."""
    if use.row is None or table is None:
        return f"role {human(use.role or '')}"
    row = use.row.row
    lists = table.table.catalogue
    own = [name for name, each in lists.items() if each.value == use.list_name]
    is_output = any(each.name in own for each in table.outputs)
    columns = [each.name for each in (table.asked if is_output else table.outputs)]
    columns = [each for each in columns if each in lists or is_output] or columns
    words = [
        view.named(lists[name].value, word) if name in lists else word
        for name in columns
        for word in (row.cells[name].words if name in row.cells else ())
    ]
    return ", ".join(words) or "all the rest"
