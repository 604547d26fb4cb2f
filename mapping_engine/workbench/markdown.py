"""
What Markdown needs on every page that is made: links to headings, escaped texts, code.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["code", "escaped", "heading_link"]

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|~#$])")
_TICKS: Final = re.compile(r"`+")


def heading_link(title: str) -> str:
    """Return the link to a heading, as GitHub and editors make it."""
    anchor = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
    return f"[{title}](#{anchor})"


def escaped(text: str) -> str:
    """Return a text on one line that stands as it is, wherever Markdown would read a sign in it."""
    line = re.sub(r"\s+", " ", text)
    return _SPECIAL.sub(r"\\\1", line.replace("&", "&amp;"))


def code(text: str) -> str:
    """Return a text as code on one line, also inside a table."""
    line = " ".join(text.split()).replace("|", "\\|")
    longest = max((len(each) for each in _TICKS.findall(line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"
