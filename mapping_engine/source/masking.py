"""
Hide e-mail addresses in what is shown of a file.

Firms keep their people in tables (`users.csv`), and a mistake in a row is shown in the logs
of CI. The place says where to look; the address is not needed for that. Each character is
replaced by one other, so that underlines stay where they belong.
"""

from __future__ import annotations

import re

__all__ = ["mask_addresses"]

_ADDRESS = re.compile(r"[^\s,;:\"'<>()\[\]{}@]+@[^\s,;:\"'<>()\[\]{}@]+\.[^\s,;:\"'<>()\[\]{}@]+")


def mask_addresses(text: str) -> str:
    """Return a text of the same length in which no e-mail address can be read."""
    return _ADDRESS.sub(lambda found: "•" * len(found.group()), text) if "@" in text else text
