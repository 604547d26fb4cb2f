"""
Damage the texts of real packs: letters, bytes, lines, keys and values. The same for a seed.

A seed is a small file that still is one: the head of a shipped file with a few lines of one of
its parts, so that many of them can be read in the time of one long file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random

__all__ = ["damaged", "seeds"]

_PIECES = (
    *" \t\r\n:#-?,[]{}&*!|>'\"%@`~<=.\\0aA(",
    ": ", " #", "- ", "\n  ", "{a: ", "[b, ", "<<: ", "&x ", "*x ", "!t ", "---\n", "...\n",
    "%YAML 1.1\n", "''", '""', ">-\n", "|2\n", "\ufeff", "\u2028", "\x85", "\xa0", "\u200b", "“",
    "é", "\x00", "\x07", "😀", "??", "\r\n", "null", "0x1F", "{{", "}}", "1e999", "-0",
    "99999999999999999999", "2026-02-30", " and ", " or ", " | ", "((((", "))))", "if ", " then ",
    " else ", " in ", " is empty", "/ 0", "* -1", "each", "fields", "value", "when", "rows",
    "record", "payloads", "any", "empty", "1..0", "..", "any..", "settings.", "record.", "payload.",
    "group", "position()", "sum(", "link(", "template: '{{ a }}'", "truncate(-1)", "to_number(",
    "round_up(0.1, to=0)", 'matches("(a+)+$")', "x" * 300, "[" * 60,
)  # fmt: skip
_VALUES = (
    "true", "12.50", '"text"', "[a, b]", "{a: b}", "null", "", "id", "record", "unknown_name",
    "settings.start_date", "sum(lines.net_amount)", "firm", "[]", "{}", "any", "2026-01-31", "on",
    "-", "|", "if a then b", "(id)", "id | trim", "fields", "*", "run.date", "switches.x",
)  # fmt: skip


def seeds(files: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return file names with small texts made of the YAML files of a pack."""
    found = []
    for name, text in files.items():
        if not name.endswith(".yaml"):
            continue
        blocks = re.split(r"^(?=\w)", text, flags=re.MULTILINE)
        heads = [each for each in blocks if each.count("\n") == 1]
        for block in blocks:
            lines = block.splitlines(keepends=True)
            for start in range(1, len(lines), 6):
                part = "".join([lines[0], *lines[start : start + 8]])
                found.append((name, "".join(heads) + part))
    return found


def damaged(text: str, chance: Random) -> str:
    """Return a text that differs in one place, or in a few."""
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5))):
        text = chance.choice(_DAMAGES)(text, chance)
    return text


def _letters(text: str, chance: Random) -> str:
    start = chance.randrange(len(text) + 1)
    end = min(len(text), start + chance.choice((0, 0, 1, 2, 3, 8, 20)))
    return text[:start] + chance.choice(("", chance.choice(_PIECES))) + text[end:]


def _bytes(text: str, chance: Random) -> str:
    data = bytearray(text.encode("utf-8", "replace"))
    for _ in range(min(3, len(data))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return data.decode("utf-8", "replace")


def _lines(text: str, chance: Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    place, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            del lines[place]
        case 1:
            lines[place], lines[other] = lines[other], lines[place]
        case 2:
            lines.insert(other, lines[place])
        case 3:
            lines[place] = " " * chance.choice((1, 2, 4)) + lines[place]
        case 4:
            lines[place] = lines[place].lstrip(" ")
        case _:
            lines[place] = lines[place].replace("- ", "", 1) or "- "
    return "".join(lines)


_ENTRY = re.compile(r"([\w.#]+):( +)([^\n]*)")


def _entries(text: str, chance: Random) -> str:
    """Give a key another key's name, or the value of another key, or any value."""
    entries = list(_ENTRY.finditer(text))
    if not entries:
        return text
    entry, other = chance.choice(entries), chance.choice(entries)
    key, blank, value = entry.groups()
    match chance.randrange(4):
        case 0:
            key = other[1]
        case 1:
            value = other[3]
        case 2:
            value = chance.choice(_VALUES)
        case _:
            value = "\n" + " " * chance.randrange(12) + "- " + value
    return f"{text[: entry.start()]}{key}:{blank}{value}{text[entry.end() :]}"


_DAMAGES = (_letters, _letters, _bytes, _lines, _lines, _entries, _entries)
