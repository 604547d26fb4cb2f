"""
The words of the values floor: why a value is refused (M7xx) and what a schema file says wrongly.

The first argument of every M7xx is the value as a text, or None when it may not be shown.
"""

from __future__ import annotations

from mapping_engine.source.codes import Wording, problem

__all__ = [
    "bad_pattern", "conversion_failed", "division_by_zero", "out_of_range", "overflow",
    "schema_keyword_unknown", "schema_reference_unknown", "schema_types_mixed",
    "schema_value_unknown", "too_long",
]  # fmt: skip


def _shown(value: str | None) -> str:
    return "the value" if value is None else f"`{value}`"


@problem("M701", "division-by-zero", reason="division_by_zero")
def division_by_zero(value: str | None = None) -> Wording:
    """
    A number is divided by zero, so there is no result.
    """
    return Wording(
        message=f"{_shown(value)} is divided by zero",
        label="this is zero",
        hint="ask first: `if hours == 0 then 0 else total / hours`",
    )


@problem("M702", "overflow", reason="overflow")
def overflow(value: str | None = None, operation: str = "the result") -> Wording:
    """
    A result is too large, or has more digits than are computed exactly.

    Numbers stay below 10 to the power of 19, and a sum, difference or product is exact
    with up to 50 digits. A quotient brings 34 digits with it: round it before going on.
    """
    return Wording(
        message=f"{operation} is too large or has more than 50 digits",
        label="cannot be computed exactly" if value is None else f"began with {_shown(value)}",
        hint="round the parts by name first, e.g. `round_half_up(a / b, places=4) * c`",
    )


@problem("M704", "conversion-failed", reason="conversion_failed")
def conversion_failed(
    value: str | None = None, target: str = "the type asked for", expected: str | None = None
) -> Wording:
    """
    A value cannot be read as the type that is asked for.
    """
    return Wording(
        message=f"{_shown(value)} cannot be read as {target}",
        label=f"not {target}",
        hint=f"expected {expected}" if expected else None,
    )


@problem("M705", "out-of-range", reason="out_of_range")
def out_of_range(value: str | None = None, expected: str = "within its limits") -> Wording:
    """
    A number, a length or a count lies outside of what the field takes.
    """
    return Wording(
        message=f"{_shown(value)} is out of range: it must be {expected}",
        label=f"must be {expected}",
        hint="correct the record, or say in the pack what to send instead",
    )


@problem("M706", "too-long", reason="too_long")
def too_long(value: str | None = None, length: object = None, most: object = None) -> Wording:
    """
    A text has more characters than the field takes.
    """
    counted = "too many" if length is None else str(length)
    limit = "" if most is None else f", at most {most} are taken"
    return Wording(
        message=f"{_shown(value)} has {counted} characters{limit}",
        label="too long" if most is None else f"longer than {most}",
        hint="shorten it in the record; where cutting does no harm, use `truncate`",
    )


@problem("M707", "bad-pattern", reason="bad_pattern")
def bad_pattern(value: str | None = None, expected: str = "what the schema asks for") -> Wording:
    """
    A text is not written the way the field demands.
    """
    return Wording(
        message=f"{_shown(value)} is not {expected}",
        label=f"is not {expected}",
        hint="correct the record, or bring the text into this form in the pack",
    )


@problem("M180", "schema-keyword-unknown")
def schema_keyword_unknown(place: str, keyword: str, hint: str | None = None) -> Wording:
    """
    A schema file says something that is not understood, so nothing could be proved about it.
    """
    return Wording(
        message=f"the schema keyword `{keyword}` at `{place}` is not understood here",
        label="not understood",
        hint=hint,
    )


@problem("M181", "schema-value-unknown")
def schema_value_unknown(place: str, keyword: str, expected: str) -> Wording:
    """
    A keyword of a schema file has a value that it cannot have.
    """
    return Wording(
        message=f"the schema keyword `{keyword}` at `{place}` must be {expected}",
        label=f"must be {expected}",
    )


@problem("M182", "schema-reference-unknown")
def schema_reference_unknown(place: str, reference: str, why: str) -> Wording:
    """
    A schema file refers to a part that does not exist, or that leads back to itself.
    """
    return Wording(
        message=f"the schema reference `{reference}` at `{place}` {why}",
        label=why,
        hint="write `#/$defs/name` or `file.schema.json#/$defs/name`",
    )


@problem("M183", "schema-types-mixed")
def schema_types_mixed(place: str, types: str) -> Wording:
    """
    A schema file allows types in one place that cannot be told apart in a rule.
    """
    return Wording(
        message=f"the schema at `{place}` mixes {types}",
        label="types that do not go together",
        hint="allow one type and `null`; `string` with `number` reads both as text",
    )
