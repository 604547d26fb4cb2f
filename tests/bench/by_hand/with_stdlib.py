"""(a) plain Python, standard library json + decimal. usage: hand_stdlib.py MAPPING TABLES IN OUT"""

import json
import sys
from decimal import Decimal

import maps

mapping, tables, src, dst = sys.argv[1:5]
fn = maps.make(json.load(open(tables, encoding="utf-8")), Decimal)[mapping]
loads = json.JSONDecoder(parse_float=Decimal).decode
dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
with open(src, encoding="utf-8") as f, open(dst, "w", encoding="utf-8") as o:
    for line in f:
        o.write(dumps(fn(loads(line))) + "\n")
