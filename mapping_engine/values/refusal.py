"""
Say "not with this value".

A `Refusal` is raised by a function, a table or an operator and caught in exactly one
place per engine, where the rule's policy decides between rejecting the record and
leaving the field out. It carries a diagnostic without a place; the engine adds it.
"""

from __future__ import annotations

from collections.abc import Callable

from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.source.text import Span

__all__ = ["Refusal"]


class Refusal(Exception):
    """A value cannot be computed.

    `word` is a problem function of family M7xx whose first argument after the span is
    the value as a text, or None when it may not be shown (a private value). `reason` is
    the word it is counted under when that is not the code's own (a table names its reason).
    """

    def __init__(
        self,
        word: Callable[..., Diagnostic],
        value: str | None = None,
        *arguments: object,
        reason: str | None = None,
    ) -> None:
        super().__init__(word.__name__)
        self.reason = reason
        self.word = word
        self.value = value
        self.arguments = arguments
        self.span: Span | None = None
        self.private = True
        #: The place in the record that was read, when the engine knows it.
        self.read: str | None = None
        #: Whether `--retry` takes the record up again by itself (an id not known yet).
        self.retry = False

    def diagnostic(self, *, show_values: bool = False) -> Diagnostic:
        """Return the words, with the value only when it is not private or was asked for."""
        shown = self.value if show_values or not self.private else None
        return self.word(self.span, shown, *self.arguments)
