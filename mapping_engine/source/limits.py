"""The bounds that keep any input finite; raised only by the program that embeds the engine."""

from __future__ import annotations

from msgspec import Struct

__all__ = ["DEFAULT_LIMITS", "Limits"]


class Limits(Struct, frozen=True):
    """Sizes in characters, counts in pieces; each has a diagnostic of its own."""

    pack_size: int = 2_000_000
    pack_files: int = 500
    yaml_depth: int = 40
    yaml_nodes: int = 200_000
    expression_size: int = 4_096
    expression_depth: int = 64
    expression_nodes: int = 2_000
    pattern_size: int = 500
    template_size: int = 20_480
    record_size: int = 1_048_576
    record_depth: int = 32
    list_items: int = 10_000
    text_size: int = 65_536
    payload_size: int = 1_048_576
    number_digits: int = 34
    number_exponent_low: int = -12
    number_exponent_high: int = 18
    steps: int = 100_000
    table_size: int = 64_000_000
    table_rows: int = 200_000
    table_rows_yaml: int = 20_000


DEFAULT_LIMITS = Limits()
