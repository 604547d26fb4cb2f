"""
A mapping by hand with orjson, the measure of the benchmark.

orjson reads decimals as floats whose shortest writing is the decimal that was written, up to 15
digits; that is where this program is exact. Usage: with_orjson.py MAPPING TABLES INPUT OUTPUT
"""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path

import orjson
from mappings import MAPPINGS

mapping, tables, records, output = sys.argv[1:5]


def exact(number: str | float) -> Decimal:
    """Return the decimal that was written."""
    return Decimal(number) if number.__class__ is str else Decimal(repr(number))


mapped = MAPPINGS[mapping](orjson.loads(Path(tables).read_bytes()), exact)
loads, dumps, line_end = orjson.loads, orjson.dumps, orjson.OPT_APPEND_NEWLINE
with open(records, "rb") as source, open(output, "wb") as target:
    for line in source:
        target.write(dumps(mapped(loads(line)), None, line_end))
