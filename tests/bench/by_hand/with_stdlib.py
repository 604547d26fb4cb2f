"""
A mapping by hand with the standard library alone, exact for numbers of any length.

Usage: with_stdlib.py MAPPING TABLES INPUT OUTPUT
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path

from mappings import MAPPINGS

mapping, tables, records, output = sys.argv[1:5]
mapped = MAPPINGS[mapping](json.loads(Path(tables).read_text("utf-8")), Decimal)
loads = json.JSONDecoder(parse_float=Decimal).decode
dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
with open(records, encoding="utf-8") as source, open(output, "w", encoding="utf-8") as target:
    for line in source:
        target.write(dumps(mapped(loads(line))) + "\n")
