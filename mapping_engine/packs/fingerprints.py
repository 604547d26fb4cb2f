"""
Take a short fingerprint of a rule, so that a firm notices when the pack changes it.

Only what the rule does counts: its expressions, words and settings. Where it stands, its
layout and the sentences for people do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from msgspec import Struct

from mapping_engine.packs.model import Formula, Origin, TemplateBody
from mapping_engine.source.text import Located, Span

__all__ = ["fingerprint"]


def fingerprint(rule: object) -> str:
    """Return eight hex characters that stay the same while the rule does the same."""
    return blake2b(_said(rule).encode(), digest_size=4).hexdigest()


def _said(thing: object) -> str:
    match thing:
        case Span() | Origin() | None:
            return ""
        case Formula(node=node, is_text=is_text):
            return f"{'text' if is_text else 'formula'}({' '.join(node.text.split())})"
        case TemplateBody(node=node):
            return f"template({node.text})"
        case Located(value=value):
            return _said(value)
        case Mapping():
            return "{" + ",".join(f"{name}:{_said(each)}" for name, each in thing.items()) + "}"
        case tuple():
            return "[" + ",".join(map(_said, thing)) + "]"
        case Struct():
            parts = (
                f"{name}={_said(getattr(thing, name))}"
                for name in thing.__struct_fields__
                if name != "because"
            )
            return f"{type(thing).__name__}({','.join(parts)})"
        case _:
            return str(thing)
