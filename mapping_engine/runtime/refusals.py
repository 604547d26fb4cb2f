"""
Say what a refusal of the target stands for: one of our reasons, and what a person does then.

The sender tells what the target said: its code, or the status of its answer, and its message.
The pack knows the target's words (`answers:` in pack.yaml); the first line that fits decides.
The message is never repeated: it may name a client.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from mapping_engine.packs.model import AnswerRule
from mapping_engine.runtime.program import Program
from mapping_engine.values.textform import text_of
from mapping_engine.values.value import Value

__all__ = ["Answer", "answer"]

_UNKNOWN = "target_refused"


class Answer(Struct, frozen=True):
    """The reason behind a refusal of the target. `retry`: the record may pass later as it is."""

    reason: str
    because: str
    do: str
    retry: bool = False

    @property
    def sentence(self) -> str:
        """Why, and what to do, for a person."""
        return f"{self.because}: {self.do}" if self.do else self.because


def answer(program: Program, refusal: Mapping[str, Value]) -> Answer:
    """Return what a refusal with a `code` and a `message` stands for; either may be missing.

    A refusal that no line of the pack fits stands for `target_refused`.
    """
    code, message = _text(refusal.get("code")), _text(refusal.get("message")).lower()
    fitting = (each for each in program.pack.answers if _fits(each, code, message))
    rule = next(fitting, None)
    name = rule.reason.value if rule is not None else _UNKNOWN
    told = program.reason(name)
    assert told is not None, "reasons of answers are checked when the pack is loaded"
    return Answer(name, told.because, told.do, rule is not None and rule.retry)


def _fits(rule: AnswerRule, code: str, message: str) -> bool:
    by_code = rule.code is None or rule.code == code
    return by_code and (rule.contains is None or rule.contains.lower() in message)


def _text(said: Value) -> str:
    """Return a code or message as a text; a code may come as a number."""
    if isinstance(said, bool) or not isinstance(said, str | int | Decimal):
        return ""
    return said if isinstance(said, str) else text_of(Decimal(said))
