"""
What stands on the page of a pack, as records: every format is written from these.

Nothing here knows Markdown or HTML. What is said in words keeps apart our words, names and
values (`plain_words.py`), so that a format can show them differently.
"""

from __future__ import annotations

from typing import Literal as Kind
from typing import TypeAlias

from msgspec import Struct

from mapping_engine.workbench.page_words import Words

__all__ = [
    "AccountLine", "AnswerLine", "CheckLine", "Choice", "DecisionLine", "FieldLine", "Job",
    "KindPage", "ListPage", "NotTaken", "Page", "PayloadPage", "ReasonLine", "RoleLine", "Source",
    "State", "TableLine", "TablePage", "WayBackPage",
]  # fmt: skip

Who: TypeAlias = Kind["vendor", "firm"]
#: What a table is for.
Job: TypeAlias = Kind["accounts", "taxes", "values"]
#: How the account of a role stands.
State: TypeAlias = Kind["given", "missing", "not needed", "not given"]


class Source(Struct, frozen=True):
    """Who says something: the pack (the vendor's mapping) or the firm, and where.

    `replaced` is where the line stands that the firm's line replaced.
    """

    who: Who
    at: str
    replaced: str | None = None


class FieldLine(Struct, frozen=True):
    """One field and what it is filled with.

    `name` is dotted, with `[]` behind a list; `takes` is the type in words, `about` what the
    schema says of it. `rule` is the rule as it is written; nothing for what only holds others.
    """

    name: str
    takes: str
    is_demanded: bool
    about: str
    words: Words
    rule: str
    notes: tuple[Words, ...]
    source: Source


class DecisionLine(Struct, frozen=True):
    """When a record is not sent, refused or warned about: why, and what a person does then."""

    reason: str
    when: Words
    why: Words
    do: str
    source: Source
    rule: str = ""
    says_when: bool = False

    @property
    def brief(self) -> Words:
        """What says it best in few words: the condition where that says more than the reason."""
        return self.when if self.says_when else self.why


class PayloadPage(Struct, frozen=True):
    """What a record becomes: the object, how it gets there, and its fields.

    `object` is nothing where a record is read; the kind says what it becomes. `is_only` when
    no other payload of the record is of the same object.
    """

    name: str
    object: str
    title: str
    is_only: bool
    says: tuple[Words, ...]
    fields: tuple[FieldLine, ...]
    source: Source


class WayBackPage(Struct, frozen=True):
    """How a payload becomes a record again; `lost` are fields that do not come back."""

    skips: tuple[DecisionLine, ...]
    refusals: tuple[DecisionLine, ...]
    helpers: tuple[FieldLine, ...]
    fields: tuple[FieldLine, ...]
    lost: tuple[FieldLine, ...]


class KindPage(Struct, frozen=True):
    """One mapping file: a kind of record, its direction, and all that happens to it.

    `is_off` when its switch is off for the firm; `ways` says the direction in sentences;
    `is_only` when no other mapping file is about the kind.
    """

    name: str
    kind: str
    title: str
    about: str
    direction: Kind["out", "in", "both"]
    ways: tuple[Words, ...]
    is_off: bool
    is_only: bool
    skips: tuple[DecisionLine, ...]
    refusals: tuple[DecisionLine, ...]
    warnings: tuple[DecisionLine, ...]
    helpers: tuple[FieldLine, ...]
    payloads: tuple[PayloadPage, ...]
    back: WayBackPage | None
    write_back: tuple[FieldLine, ...]
    totals: tuple[FieldLine, ...]
    source: Source

    @property
    def heading(self) -> str:
        """What the part of the page about it is called: nothing else has this name."""
        return self.title if self.is_only else f"{self.title} ({self.name})"

    @property
    def objects(self) -> tuple[tuple[str, str], ...]:
        """What a record can become: titles and names of objects, each once."""
        return tuple(dict.fromkeys((each.title, each.object) for each in self.payloads))

    @property
    def decisions(self) -> tuple[DecisionLine, ...]:
        """Everything by which a record may be left out, refused or warned about."""
        back = (*self.back.skips, *self.back.refusals) if self.back else ()
        return (*self.skips, *self.refusals, *self.warnings, *back)


class NotTaken(Struct, frozen=True):
    """A kind of record that does not go at all."""

    kind: str
    title: str
    reason: str
    why: str
    do: str
    source: Source


class Choice(Struct, frozen=True):
    """A switch or a setting: what it is, what it says unless a firm does, and what it says now.

    `covers` are the titles of the kinds that hang on a switch, or that read a setting.
    """

    name: str
    title: str
    takes: str
    default: str
    now: str
    covers: tuple[str, ...]
    why: str
    source: Source


class CheckLine(Struct, frozen=True):
    """What is asked of a firm before a record moves; `stops` when nothing is sent while it is so.

    `is_so` when it is so for the firm as it is.
    """

    name: str
    when: Words
    why: str
    do: str
    stops: bool
    is_so: bool
    source: Source


class AnswerLine(Struct, frozen=True):
    """What the other system may answer to what is sent, and what it means.

    `code` and `words` are those of the answer; with `passes_later` the same may be sent again.
    """

    code: str
    words: str
    reason: str
    why: str
    do: str
    passes_later: bool
    source: Source


class RoleLine(Struct, frozen=True):
    """An account by its job: when it is needed and why, and which account the firm gave."""

    name: str
    needed: Words
    state: State
    account: str
    wants: str
    used_by: tuple[str, ...]
    why: str
    source: Source


class AccountLine(Struct, frozen=True):
    """One code of a list: what it is, and by what it is mapped; by nothing when it is not."""

    code: str
    name: str
    what: str
    mapped: tuple[str, ...]


class ListPage(Struct, frozen=True):
    """A list of one of the two systems, with what of it is mapped."""

    name: str
    title: str
    file: str
    taken_on: str | None
    lines: tuple[AccountLine, ...]

    @property
    def mapped(self) -> int:
        """How many of its codes are mapped."""
        return sum(bool(each.mapped) for each in self.lines)


class TableLine(Struct, frozen=True):
    """A row of a table: its cells in the order of the columns, and what else is said of it."""

    cells: tuple[str, ...]
    note: str
    source: Source


class TablePage(Struct, frozen=True):
    """A table: its columns, inputs first, and its rows, unless these are a firm's own data."""

    name: str
    title: str
    job: Job
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    lines: tuple[TableLine, ...]
    says: tuple[str, ...]
    source: Source


class ReasonLine(Struct, frozen=True):
    """A reason: why, what to do, and for which kinds it can be given."""

    name: str
    why: str
    do: str
    kinds: tuple[str, ...]
    source: Source | None


class Page(Struct, frozen=True):
    """All of it. `facts` are pairs of a word and what it is, for the head of the page."""

    system: str
    title: str
    firm: str | None
    facts: tuple[tuple[str, str], ...]
    kinds: tuple[KindPage, ...]
    not_taken: tuple[NotTaken, ...]
    switches: tuple[Choice, ...]
    settings: tuple[Choice, ...]
    checks: tuple[CheckLine, ...]
    roles: tuple[RoleLine, ...]
    lists: tuple[ListPage, ...]
    tables: tuple[TablePage, ...]
    answers: tuple[AnswerLine, ...]
    reasons: tuple[ReasonLine, ...]

    @property
    def account_tables(self) -> tuple[TablePage, ...]:
        """The account maps and tax maps."""
        return tuple(each for each in self.tables if each.job != "values")

    @property
    def value_tables(self) -> tuple[TablePage, ...]:
        """All other tables."""
        return tuple(each for each in self.tables if each.job == "values")

    @property
    def has_choices(self) -> bool:
        """Whether anything is for a firm to decide."""
        return bool(self.switches or self.settings or self.checks)

    @property
    def has_accounts(self) -> bool:
        """Whether anything is to be said of accounts and taxes."""
        return bool(self.roles or self.lists or self.account_tables)
