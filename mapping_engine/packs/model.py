"""
A rule pack as records: what stands in the YAML files, each thing with its place.

Nothing here is parsed or typed: a `Formula` is still text. The model of a pack, of a
firm's layer and of the two merged is the same, so that every later step knows one shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal as Word
from typing import TypeAlias

from msgspec import Struct, field

from mapping_engine.packs.snapshots import Snapshot
from mapping_engine.source.node import Node, ScalarNode
from mapping_engine.source.text import Located, Span

__all__ = [
    "AnswerRule", "Body", "Cell", "Check", "Column", "Decision", "FieldRule", "Firm", "Formula",
    "KnownId", "LinkRule", "ListBody", "ListPart", "NestedBody", "Origin", "Pack", "PayloadRule",
    "ReasonRule", "RecordMapping", "Role", "Row", "Setting", "Switch", "Table", "TemplateBody",
    "Total", "TotalSide", "Unsupported", "WayBack",
]  # fmt: skip

Layer: TypeAlias = Word["pack", "firm"]


class Origin(Struct, frozen=True):
    """Where a rule was written, by whom, and what it replaced."""

    span: Span
    layer: Layer = "pack"
    because: str | None = None
    replaced: Span | None = None


class Formula(Struct, frozen=True):
    """What yields a value: an expression, or a quoted text with `{…}` holes (`is_text`).

    `because:` sentences are formulas with `is_text` too, whatever their quotes. A `broken`
    one is cut in pieces and was reported so: nobody speaks of it again.
    """

    node: ScalarNode
    is_text: bool
    broken: bool = False


class TemplateBody(Struct, frozen=True):
    """A long text in Jinja syntax; the node's text is the template."""

    node: ScalarNode


class NestedBody(Struct, frozen=True):
    """An object built member by member; names may be dotted."""

    fields: Mapping[str, FieldRule]


class ListPart(Struct, frozen=True):
    """One part of a list: an item for each of something, or one item, or a list to be joined.

    `body` gives one item: nested fields, or a formula. Without `each` there is one item.
    """

    body: NestedBody | Formula
    origin: Origin
    name: str | None = None
    when: Formula | None = None
    each: Formula | None = None
    bound: Located[str] | None = None  # `as:`
    group_by: tuple[tuple[Located[str], Formula], ...] = ()
    order_by: tuple[Formula, ...] = ()
    let: Mapping[str, FieldRule] = field(default_factory=dict)


class ListBody(Struct, frozen=True):
    """A list, its parts joined in this order."""

    parts: tuple[ListPart, ...]


Body: TypeAlias = Formula | TemplateBody | NestedBody | ListBody


class FieldRule(Struct, frozen=True):
    """How one field gets its value. `name` may be dotted; `key` is where the name stands."""

    name: str
    key: Span
    body: Body
    origin: Origin
    when: Formula | None = None
    on_empty: Word["omit", "null", "reject"] | None = None
    on_error: Word["reject", "omit"] | None = None
    only_on: Word["create", "update"] | None = None
    owner: Located[str] | None = None
    one_way: Word["out", "back"] | None = None
    because: Formula | None = None


class Decision(Struct, frozen=True):
    """A skip, a reject or a warning: when it holds, its reason, and the sentence."""

    when: Formula
    reason: Located[str]
    because: Formula | None
    origin: Origin


class TotalSide(Struct, frozen=True):
    """One side of a control total: a plain sum, or sums by a key."""

    formula: Formula  # the amount; with `each`, of one item
    each: Formula | None = None
    by: Formula | None = None


class Total(Struct, frozen=True):
    """A control total: what the record says and what the payloads say must agree.

    `declared` are the only differences that may be: what is read less what is made of it is
    their sum.
    """

    name: str
    record: TotalSide
    payload: TotalSide
    origin: Origin
    when: Formula | None = None
    declared: Mapping[str, TotalSide] = field(default_factory=dict)


class PayloadRule(Struct, frozen=True):
    """How one payload of a record is built. `name` is the record kind when there is only one."""

    name: str
    object: Located[str]
    operation: Located[str]
    fields: Mapping[str, FieldRule]
    origin: Origin
    match: tuple[tuple[Located[str], ...], ...] = ()
    when: Formula | None = None
    each: Formula | None = None
    bound: Located[str] | None = None
    group_by: tuple[tuple[Located[str], Formula], ...] = ()
    order_by: tuple[Formula, ...] = ()
    let: Mapping[str, FieldRule] = field(default_factory=dict)
    write_back: Mapping[str, FieldRule] = field(default_factory=dict)


class WayBack(Struct, frozen=True):
    """`back:` — what the way back of a two-way mapping says by itself."""

    skip: tuple[Decision, ...] = ()
    reject: tuple[Decision, ...] = ()
    warn: tuple[Decision, ...] = ()
    let: Mapping[str, FieldRule] = field(default_factory=dict)
    fields: Mapping[str, FieldRule] = field(default_factory=dict)


class RecordMapping(Struct, frozen=True):
    """One mapping file. For `direction: in` there is one payload rule and it builds the record."""

    name: str  # the file's name without its ending; what cases and overrides call it
    record: Located[str]
    direction: Word["out", "in", "both"]
    payloads: tuple[PayloadRule, ...]
    origin: Origin
    envelope: Located[str] | None = None
    switch: Located[str] | None = None
    owner: Located[str] | None = None
    skip: tuple[Decision, ...] = ()
    reject: tuple[Decision, ...] = ()
    warn: tuple[Decision, ...] = ()
    let: Mapping[str, FieldRule] = field(default_factory=dict)
    totals: Mapping[str, Total] = field(default_factory=dict)
    back: WayBack | None = None
    tolerance: Mapping[str, Located[Decimal]] = field(default_factory=dict)  # of invariants
    #: What likely doubles have in common: name → expression over the record.
    duplicates: Mapping[str, FieldRule] = field(default_factory=dict)


class Cell(Struct, frozen=True):
    """What a table row says in one column.

    `kind` word: one of `words` (raw texts, as typed), or nothing too when the list also
    says `empty` (`or_empty`); range: from `low` up to, not including, `high` (None: open);
    any; empty.
    """

    span: Span
    kind: Word["word", "range", "any", "empty"]
    words: tuple[str, ...] = ()
    low: str | None = None
    high: str | None = None
    or_empty: bool = False  # `[Bill, empty]`


class Row(Struct, frozen=True):
    """A row: cells by column; or a refusal of what its inputs fit."""

    cells: Mapping[str, Cell]
    origin: Origin
    reject: Located[str] | None = None
    one_way: Word["out", "back"] | None = None
    because: str | None = None


class Column(Struct, frozen=True):
    """A table's column with its type as written: a path of a schema, a word, or a list of words."""

    name: str
    type: Located[str] | tuple[Located[str], ...]
    span: Span


class Table(Struct, frozen=True):
    """A decision or reference table.

    `rows_from` says who brings the rows when they are not here: `firm`, `connector`, or
    the name of a file beside the table.
    """

    name: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rows: tuple[Row, ...]
    origin: Origin
    otherwise: Row | None = None
    reason: Located[str] | None = None
    ignore_case: bool = False
    rows_from: Located[str] | None = None
    #: Column → the list of the target (or ours) whose codes stand in it.
    catalogue: Mapping[str, Located[str]] = field(default_factory=dict)


class Setting(Struct, frozen=True):
    """A typed value that a firm gives. `choices` when its type is a list of words."""

    name: str
    type: str
    origin: Origin
    choices: tuple[str, ...] = ()
    default: Node | None = None
    because: str | None = None


class Switch(Struct, frozen=True):
    """A family of transactions that a firm turns on or off."""

    name: str
    default: bool
    origin: Origin
    title: str | None = None
    because: str | None = None


class Role(Struct, frozen=True):
    """An account named by its job."""

    name: str
    origin: Origin
    needed_when: Formula | None = None
    classes: tuple[str, ...] = ()
    accepts_payments: bool | None = None
    is_trust: bool | None = None
    because: str | None = None


class Check(Struct, frozen=True):
    """What is asked of a firm before a record moves; `stops`: nothing is sent while it holds."""

    name: str
    when: Formula
    because: str
    do: str | None
    stops: bool
    origin: Origin


class LinkRule(Struct, frozen=True):
    """What `link("Contact", …)` refers to, and what happens when the id is not known yet."""

    object: str
    record: Located[str]
    missing: Word["reject", "hold"]
    origin: Origin
    reason: Located[str] | None = None


class KnownId(Struct, frozen=True):
    """The id that the target gave a record of ours, and the version it had when it was read."""

    value: str
    version: str | None = None


class ReasonRule(Struct, frozen=True):
    """A reason of the pack's own: why, and what to do."""

    name: str
    because: str
    do: str | None
    origin: Origin


class AnswerRule(Struct, frozen=True):
    """Which reason a refusal of the target stands for; with `retry` a record may come again."""

    reason: Located[str]
    origin: Origin
    code: str | None = None
    contains: str | None = None
    retry: bool = False


class Unsupported(Struct, frozen=True):
    """A record kind that the system does not take."""

    record: str
    reason: Located[str]
    because: str | None
    origin: Origin


class Firm(Struct, frozen=True):
    """What a firm's file fixes. `name`, `region`, `currency`, `time_zone`… are read as `firm.x`."""

    id: str
    values: Mapping[str, Located[str]]
    origin: Origin


class Pack(Struct, frozen=True):
    """A rule pack, alone or with a firm's layer merged in; a firm gave what follows `firm`."""

    name: str
    title: str
    version: str
    api: str | None
    origin: Origin
    mappings: Mapping[str, RecordMapping]
    tables: Mapping[str, Table]
    settings: Mapping[str, Setting] = field(default_factory=dict)
    switches: Mapping[str, Switch] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    preflight: Mapping[str, Check] = field(default_factory=dict)
    links: Mapping[str, LinkRule] = field(default_factory=dict)
    reasons: Mapping[str, ReasonRule] = field(default_factory=dict)
    unsupported: Mapping[str, Unsupported] = field(default_factory=dict)
    answers: tuple[AnswerRule, ...] = ()
    blank_is_null: bool = False  # `read: {blank: null}`
    format: Node | None = None
    firm: Firm | None = None
    given_settings: Mapping[str, Located[Node]] = field(default_factory=dict)
    given_switches: Mapping[str, Located[bool]] = field(default_factory=dict)
    given_roles: Mapping[str, Located[str]] = field(default_factory=dict)
    #: Ids known already: object → our id → theirs.
    given_links: Mapping[str, Mapping[str, KnownId]] = field(default_factory=dict)
    catalogue: Mapping[str, Located[str]] = field(default_factory=dict)
    snapshots: Mapping[str, Snapshot] = field(default_factory=dict)
    #: The hashes of the firm layers merged in.
    layers: tuple[str, ...] = ()
    #: A hash over all files that went into the pack, for reports.
    hash: str = ""
