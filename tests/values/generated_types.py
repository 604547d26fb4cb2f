"""Hypothesis strategies: types, values that fit them, and schemas with JSON values around them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st
from msgspec.structs import replace

from mapping_engine.values.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    List,
    Number,
    Object,
    Text,
    Type,
)
from mapping_engine.values.value import MISSING, Value

WORDS = ("open", "closed", "pending", "x", "")
NAMES = ("id", "number", "kind", "note")
letters = st.text("ab -", max_size=5)
flags = st.booleans()
bounds = st.sampled_from([Decimal(-1), Decimal("0.00"), Decimal("0.50"), Decimal(1)])
cents = bounds | st.integers(-300, 300).map(lambda each: Decimal(each).scaleb(-2))


def _bounded(low: int | None, high: int | None) -> tuple[int, int | None]:
    low = low or 0
    return low, high if high is None or high >= low else low


lengths = st.builds(_bounded, st.none() | st.integers(0, 3), st.none() | st.integers(0, 5))
enums = st.lists(st.sampled_from(WORDS), min_size=1, unique=True).map(tuple)


@st.composite
def texts(draw: st.DrawFn) -> Type:
    choices = draw(st.none() | enums)
    if choices is not None:
        return Text(choices=choices, blank=any(not each.strip() for each in choices))
    low, high = draw(lengths)
    return Text(
        blank=low == 0 and draw(flags),
        min_length=low,
        max_length=high,
        pattern=draw(st.none() | st.sampled_from(["^a", "b"])),
    )


@st.composite
def numbers(draw: st.DrawFn) -> Type:
    low, high = draw(st.none() | cents), draw(st.none() | cents)
    return Number(
        scale=draw(st.none() | st.integers(0, 3)),
        minimum=low,
        maximum=high,
        above=low is not None and draw(flags),
        below=high is not None and draw(flags),
    )


def lists(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    return st.builds(
        lambda item, size, unique: List(
            item=item, min_items=size[0], max_items=size[1], unique=unique
        ),
        inner, lengths, flags,
    )  # fmt: skip


def objects(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    return st.builds(
        lambda members, others, groups: Object(
            name="part", fields=members, others=others, needs_one_of=groups
        ),
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
        st.none() | inner,
        st.sampled_from([(), (("id",), ("number",))]),
    )  # fmt: skip


@st.composite
def _with_emptiness(draw: st.DrawFn, inner: st.SearchStrategy[Type]) -> Type:
    return replace(draw(inner), absent=draw(flags), null=draw(flags))


single_types = _with_emptiness(texts() | numbers() | st.sampled_from([BOOLEAN, DATE, DATETIME]))
types = st.recursive(
    single_types, lambda inner: _with_emptiness(lists(inner) | objects(inner)), max_leaves=5
)

single_values: st.SearchStrategy[Value] = (
    letters | st.sampled_from(WORDS) | cents | st.integers(-3, 3).map(Decimal) | flags | st.none()
    | st.sampled_from([date(2026, 1, 31), datetime(2026, 1, 31, tzinfo=UTC)])
)  # fmt: skip
#: Values of any kind, small enough to fit a type now and then.
any_values: st.SearchStrategy[Value] = st.recursive(
    single_values,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    ),
    max_leaves=5,
)


def values_near(type: Type) -> st.SearchStrategy[Value]:
    """Return a strategy for values of the right kind, which often but not always fit."""
    near = _of_kind(type)
    if type.null:
        near |= st.none()
    return near | st.just(MISSING) if type.absent else near


def _of_kind(type: Type) -> st.SearchStrategy[Value]:
    match type:
        case Text(choices=None):
            return letters | st.sampled_from(["", " "])
        case Text():
            return st.sampled_from(type.choices)
        case Number():
            bounds = [each for each in (type.minimum, type.maximum) if each is not None]
            return cents | st.integers(-3, 3).map(Decimal) | st.sampled_from(bounds or [Decimal(0)])
        case List():
            return st.lists(values_near(type.item), max_size=4).map(_without_missing)
        case Object():
            listed = st.fixed_dictionaries(
                {name: values_near(each) for name, each in type.fields.items()}
            )
            if type.others is None:
                return listed
            more = st.dictionaries(st.sampled_from(NAMES), values_near(type.others), max_size=2)
            return st.builds(lambda one, two: {**two, **one}, listed, more)
        case _ if type == BOOLEAN or type.present() == BOOLEAN:
            return flags
        case _:
            return st.just(
                date(2026, 1, 31) if type.present() == DATE else datetime(2026, 1, 31, tzinfo=UTC)
            )


def _without_missing(items: list[Value]) -> list[Value]:
    return [each for each in items if each is not MISSING]


@st.composite
def altered(draw: st.DrawFn, type: Type) -> Type:
    """Return a type that differs from `type` in one thing, somewhere."""
    match type:
        case List() if draw(flags):
            return replace(type, item=draw(altered(type.item)))
        case Object() if type.fields and draw(flags):
            name = draw(st.sampled_from(sorted(type.fields)))
            return replace(type, fields={**type.fields, name: draw(altered(type.fields[name]))})
        case Text():
            other = draw(_with_emptiness(texts()))
        case Number():
            other = draw(_with_emptiness(numbers()))
        case List():
            other = draw(_with_emptiness(lists(st.just(type.item))))
        case Object():
            other = draw(_with_emptiness(objects(single_types)))
        case _:
            other = draw(single_types)
    if other.__class__ is not type.__class__:
        return other
    names = [each for each in type.__struct_fields__ if getattr(type, each) != getattr(other, each)]
    if not names:
        return type
    changed = draw(st.sampled_from(names))
    return replace(type, **{changed: getattr(other, changed)})


JSON_TEXTS = st.text("ab-", max_size=4) | st.sampled_from(["2026-01-31", "2026-02-30", "open"])
JSON_SINGLES: st.SearchStrategy[Value] = JSON_TEXTS | cents | flags | st.none()
JSON_VALUES: st.SearchStrategy[Value] = st.recursive(
    JSON_SINGLES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    ),
    max_leaves=4,
)
small = st.integers(0, 3).map(Decimal)


def _keywords(
    type: str, near: st.SearchStrategy[Value], **keywords: st.SearchStrategy[Value]
) -> st.SearchStrategy[tuple[dict[str, Value], st.SearchStrategy[Value]]]:
    names = st.sampled_from([type, [type, "null"]])
    schema = st.fixed_dictionaries({"type": names}, optional=keywords)
    return schema.map(lambda each: (each, near | st.none()))


scalar_schemas = (
    _keywords("string", JSON_TEXTS, minLength=small, maxLength=small, pattern=st.just("^a"))
    | _keywords("string", JSON_TEXTS, enum=st.just(["open", "a", None]))
    | _keywords("string", JSON_TEXTS, format=st.just("date"))
    | _keywords("number", cents, minimum=bounds, exclusiveMaximum=bounds,
                multipleOf=st.sampled_from([Decimal("0.1"), Decimal("0.01")]))
    | _keywords("integer", cents | small, maximum=small)
    | _keywords("boolean", flags)
)  # fmt: skip


@st.composite
def _list_schemas(draw: st.DrawFn, inner):
    items, near = draw(inner)
    schema = draw(
        st.fixed_dictionaries(
            {"type": st.just("array"), "items": st.just(items)},
            optional={"minItems": small, "maxItems": small, "uniqueItems": flags},
        )
    )
    return schema, st.lists(near, max_size=4)


@st.composite
def _object_schemas(draw: st.DrawFn, inner):
    members = draw(st.dictionaries(st.sampled_from(NAMES), inner, min_size=1, max_size=3))
    schema = {
        "type": "object",
        "properties": {name: schema for name, (schema, _) in members.items()},
        "required": draw(st.lists(st.sampled_from(sorted(members)), unique=True)),
    }
    if draw(flags):
        schema["additionalProperties"] = draw(st.just(False) | scalar_schemas.map(lambda it: it[0]))
    if draw(flags):
        schema["anyOf"] = [{"required": [name]} for name in sorted(members)[:2]]
    near = {name: values for name, (_, values) in members.items()}
    listed = st.fixed_dictionaries({}, optional=near)
    more = st.dictionaries(st.just("extra"), JSON_SINGLES)
    return schema, listed | st.builds(lambda one, two: {**one, **two}, listed, more)


#: A schema together with a strategy for JSON values that often fit it.
schemas_with_values = st.recursive(
    scalar_schemas, lambda inner: _list_schemas(inner) | _object_schemas(inner), max_leaves=4
)
