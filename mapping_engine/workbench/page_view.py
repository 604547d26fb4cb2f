"""
A pack in force as its page looks at it: who says what, and what things are called.
"""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

from mapping_engine.packs.model import Decision, Origin
from mapping_engine.packs.reasons import EngineReason
from mapping_engine.runtime.opening import Opened
from mapping_engine.runtime.program import MappingProgram
from mapping_engine.source.text import Span
from mapping_engine.workbench.page_records import DecisionLine, Source
from mapping_engine.workbench.page_words import Word, Words, human
from mapping_engine.workbench.plain_words import Speaker
from mapping_engine.workbench.showing import formula_text

__all__ = ["View", "sentence"]


def sentence(text: str) -> Words:
    """Return a text of ours or the pack's as words."""
    return (Word(text),) if text else ()


class View(Struct, frozen=True, dict=True):
    """A pack in force, and how its page speaks of it."""

    opened: Opened

    @cached_property
    def speaker(self) -> Speaker:
        """Who says the pack's expressions in words."""
        return Speaker.of(self.opened.pack)

    def source(self, origin: Origin) -> Source:
        """Return who wrote something."""
        if origin.layer == "pack":
            return Source("vendor", self.place(origin.span))
        replaced = self.place(origin.replaced) if origin.replaced else None
        return Source("firm", self.place(origin.span), replaced)

    def given(self, span: Span) -> Source:
        """Return the source of a value that a firm's file gives."""
        return Source("firm", self.place(span))

    def place(self, span: Span) -> str:
        """Return a file and line, the file as it is called inside the pack or the firm."""
        name = span.source.name
        file = self._files.get(name, name.rpartition("/")[2])
        return f"{file}:{span.place.line}"

    @cached_property
    def _files(self) -> dict[str, str]:
        """The names of the pack's files inside it, by the names they have in messages."""
        return {source.name: path for path, source in self.opened.folder.sources.items()}

    def reason(self, name: str) -> EngineReason:
        """Return the sentence of a reason and what to do."""
        return self.opened.program.reason(name) or EngineReason("", "")

    def decision(self, decision: Decision, speaker: Speaker) -> DecisionLine:
        """Return a decision with its reason explained."""
        known = self.reason(decision.reason.value)
        why = speaker.sentence(decision.because) if decision.because else sentence(known.because)
        return DecisionLine(
            decision.reason.value, speaker.when(decision.when), why, known.do,
            self.source(decision.origin), formula_text(decision.when),
        )  # fmt: skip

    def refusal(self, reason: str, when: Words, source: Source, why: str = "") -> DecisionLine:
        """Return what the engine or a table decides by itself, as a line like any other."""
        known = self.reason(reason)
        return DecisionLine(reason, when, sentence(why or known.because), known.do, source)

    def named(self, list_name: str, code: str) -> str:
        """Return a code with the name that its list gives it."""
        snapshot = self.opened.pack.snapshots.get(list_name)
        line = snapshot.lines.get(code) if snapshot else None
        return f"{code} {line.name}".strip() if line else code

    def kind_title(self, kind: str) -> str:
        """Return what people call a kind of record."""
        return self.opened.schemas.title(f"canonical.{kind}") or human(kind).capitalize()

    def object_title(self, object: str) -> str:
        """Return what people call a payload object."""
        return self.opened.schemas.title(f"{self.opened.pack.name}.{object}") or object

    def speaker_of(self, program: MappingProgram | None) -> Speaker:
        """Return who says the expressions of one mapping."""
        return self.speaker.about(program) if program is not None else self.speaker
