"""Wordings of M240 to M259 (the firm layer) and M620 to M629 (values that a firm gives)."""

from __future__ import annotations

from collections.abc import Iterable

from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.suggest import did_you_mean

__all__ = [
    "because_missing", "change_says_nothing", "firm_file_missing", "firm_table_missing",
    "no_extends", "override_of_nothing", "pack_changed", "pack_too_old", "part_not_named",
    "requires_unreadable", "row_not_found", "rule_is_there", "setting_missing",
    "several_of_one_reason", "table_change_of_nothing", "two_firm_files", "unknown_pack",
    "unknown_role", "unknown_setting", "unknown_switch_given", "unknown_time_zone",
    "value_misfit",
]  # fmt: skip


@problem("M240", "no-extends")
def no_extends() -> Wording:
    """A file in a firm's folder does not say which pack it customises.

    Only `firm.yaml`, which all files of the folder share, has no `extends:`.
    """
    return Wording(
        message="this firm file does not say which pack it is for",
        hint="begin it with `extends: <pack>`; what all packs share stands in `firm.yaml`",
    )


@problem("M241", "unknown-pack")
def unknown_pack(name: str, packs: Iterable[str]) -> Wording:
    """A firm file extends a pack that is not there."""
    return Wording(
        message=f"there is no pack `{name}` to extend",
        label="no such pack",
        hint=did_you_mean(name, packs),
    )


@problem("M242", "two-firm-files")
def two_firm_files(pack: str) -> Wording:
    """Two files of a firm's folder extend the same pack."""
    return Wording(
        message=f"two files of the firm extend `{pack}`",
        label="the second",
        hint="join them in one file",
    )


@problem("M243", "pack-too-old")
def pack_too_old(pack: str, wanted: str, version: str) -> Wording:
    """A firm file requires another version of the pack than the one that is there."""
    return Wording(
        message=f"the firm needs `{wanted}`, but this is `{pack}` {version}",
        label=f"the pack is {version}",
        hint="bring the pack up to date, or change `requires:` after looking at what changed",
    )


@problem("M244", "requires-unreadable")
def requires_unreadable(pack: str) -> Wording:
    """A `requires:` does not name the pack, a comparison and a version."""
    return Wording(
        message="`requires` needs the pack, a comparison and a version",
        label="cannot be read",
        hint=f"write for example `requires: {pack} >= 1.2`",
    )


@problem("M245", "override-of-nothing")
def override_of_nothing(
    what: str, name: str, owner: str, names: Iterable[str], *, can_add: bool = False
) -> Wording:
    """A firm changes something that the pack does not have, or has no more.

    A rule of the firm's own says `add: true`, so that a change of the pack is never
    taken for one.
    """
    near = did_you_mean(name, names)
    add = "a rule of the firm's own says `add: true`"
    return Wording(
        message=f"{owner} has no {what} `{name}` to change",
        label="nothing to change",
        hint=(f"{near} ({add})" if near else add) if can_add else near,
    )


@problem("M246", "because-missing")
def because_missing(name: str) -> Wording:
    """A firm changes what the pack says and does not say why."""
    return Wording(
        message=f"the change of `{name}` does not say why",
        label="no `because`",
        hint="add `because: …` to the change, or once for all beside `fields:` or `add:`",
    )


@problem("M247", "row-not-found")
def row_not_found(table: str, verb: str) -> Wording:
    """A firm replaces or removes a row that the table does not have.

    A row is found by its inputs, cell by cell as they are written in the pack.
    """
    return Wording(
        message=f"the table `{table}` has no row with these inputs to {verb}",
        label="no such row",
        hint="write the inputs as the pack's row does (`mapping-engine show` prints them), or use "
        "`add:`"
        if verb == "replace"
        else "the row is gone already: take this line away",
    )


@problem("M248", "firm-table-missing")
def firm_table_missing(table: str) -> Wording:
    """A table waits for rows from the firm, and the firm file brings none."""
    return Wording(
        message=f"the firm does not bring the rows of the table `{table}`",
        label="waits for rows",
        hint=f"add `tables: {{{table}: {table}.csv}}` to the firm file",
    )


@problem("M249", "table-change-of-nothing")
def table_change_of_nothing(name: str, tables: Iterable[str]) -> Wording:
    """A firm gives rows for a table that the pack does not have."""
    return Wording(
        message=f"the pack has no table `{name}`",
        label="no such table",
        hint=did_you_mean(name, tables),
    )


@problem("M250", "firm-time-zone-unknown")
def unknown_time_zone(name: str) -> Wording:
    """A firm names a time zone that does not exist."""
    return Wording(
        message=f"there is no time zone `{name}`",
        label="not a time zone",
        hint="write a place, such as `Australia/Sydney` or `Europe/London`",
    )


@problem("M251", "change-says-nothing")
def change_says_nothing(name: str) -> Wording:
    """A firm names a rule and says nothing new about it."""
    return Wording(
        message=f"the change of `{name}` changes nothing",
        label="says nothing new",
        hint="give a value or a condition, or `remove: true`",
    )


@problem("M252", "rule-is-there")
def rule_is_there(what: str, name: str) -> Wording:
    """A firm adds something that the pack already has."""
    return Wording(
        message=f"the pack has the {what} `{name}` already",
        label="cannot be added",
        hint="take `add: true` away to change what the pack says",
    )


@problem("M253", "part-not-named")
def part_not_named(name: str, parts: Iterable[str]) -> Wording:
    """A firm changes something inside a list without naming the part of the list."""
    names = [f"`{name}.{each}.…`" for each in parts]
    return Wording(
        message=f"`{name}` is a list of several parts; the change must name one",
        label="which part",
        hint="write " + " or ".join(names)
        if names
        else "the parts have no names: replace the list",
    )


@problem("M254", "firm-file-missing")
def firm_file_missing(path: str, pack: str) -> Wording:
    """A path given as a firm holds nothing for the pack in use."""
    return Wording(
        message=f"`{path}` holds no firm file for the pack `{pack}`",
        hint=f"name a file that says `extends: {pack}`, or a folder with such a file",
    )


@problem("M255", "several-of-one-reason")
def several_of_one_reason(what: str, reason: str) -> Wording:
    """A firm changes a decision by its reason, but the pack has several under that reason."""
    return Wording(
        message=f"the pack has more than one {what} under `{reason}`",
        label="which one",
        hint="remove them with `remove: true` and add one under a reason of the firm's own",
    )


@problem("M620", "unknown-setting")
def unknown_setting(name: str, settings: Iterable[str]) -> Wording:
    """A firm gives a setting that the pack does not declare."""
    return Wording(
        message=f"the pack has no setting `{name}`",
        label="no such setting",
        hint=did_you_mean(name, settings),
    )


@problem("M621", "value-misfit")
def value_misfit(name: str, wanted: str, hint: str | None = None) -> Wording:
    """A setting or a role has a value that does not fit its type."""
    return Wording(message=f"`{name}` needs {wanted}", label=f"not {wanted}", hint=hint)


@problem("M622", "setting-missing")
def setting_missing(name: str, wanted: str, because: str | None) -> Wording:
    """A firm does not give a setting that the pack needs and has no default for."""
    why = f": {because}" if because else ""
    return Wording(
        message=f"the firm does not say `settings.{name}`{why}",
        label="no default",
        hint=f"add `{name}: …` ({wanted}) under `settings:` in the firm file",
    )


@problem("M623", "unknown-switch-given")
def unknown_switch_given(name: str, switches: Iterable[str]) -> Wording:
    """A firm turns a switch that the pack does not have."""
    return Wording(
        message=f"the pack has no switch `{name}`",
        label="no such switch",
        hint=did_you_mean(name, switches),
    )


@problem("M624", "unknown-role")
def unknown_role(name: str, roles: Iterable[str]) -> Wording:
    """A firm names the account of a role that the pack does not have."""
    return Wording(
        message=f"the pack has no role `{name}`",
        label="no such role",
        hint=did_you_mean(name, roles),
    )


@problem("M860", "pack-changed")
def pack_changed(name: str, fingerprint: str) -> Wording:
    """The pack changed a rule after a firm had replaced it.

    The firm's rule still wins. Look whether its reason still holds, then keep the new
    fingerprint.
    """
    return Wording(
        message=f"the pack has changed `{name}` since the firm replaced it",
        label="replaced another rule",
        hint=f"compare the two, then write `fingerprint: {fingerprint}`",
    )
