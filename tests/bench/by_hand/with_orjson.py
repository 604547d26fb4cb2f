"""(b1) the same Python mapping with orjson. Floats come back as the shortest repr, so Decimal(repr(x)) is the decimal that
was written (up to 15-17 significant digits). usage: hand_orjson.py MAPPING TABLES IN OUT"""

import sys
from decimal import Decimal

import orjson

import maps

mapping, tables, src, dst = sys.argv[1:5]


def dec(x):
    return Decimal(x) if x.__class__ is str else Decimal(repr(x))


fn = maps.make(orjson.loads(open(tables, "rb").read()), dec)[mapping]
loads, dumps, NL = orjson.loads, orjson.dumps, orjson.OPT_APPEND_NEWLINE
with open(src, "rb") as f, open(dst, "wb") as o:
    for line in f:
        o.write(dumps(fn(loads(line)), None, NL))
