"""
Read a YAML text into nodes that know their place.

The parser's events are taken one by one onto an explicit stack, so that no text can
make us recurse. Types are those of YAML 1.2 core, tightened (see `scalars.py`). What
packs do not use is reported and reading goes on; only what is not YAML at all, or goes
beyond a limit, ends it with `root` None.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from mapping_engine.source import problems
from mapping_engine.source import problems_of_documents as refused
from mapping_engine.source.characters import (
    clean,
    control_escape,
    curly_quotes,
    first_hidden,
    has_control,
    has_forbidden,
    has_hidden,
)
from mapping_engine.source.diagnostic import Diagnostic, Report
from mapping_engine.source.events import (
    YamlEvent,
    YamlFailure,
    has_fast_loader,
    yaml_events,
)
from mapping_engine.source.limits import DEFAULT_LIMITS, Limits
from mapping_engine.source.mistakes import explain
from mapping_engine.source.node import (
    Document,
    Entry,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Style,
)
from mapping_engine.source.scalars import character_offsets, plain_value
from mapping_engine.source.scene import Scene
from mapping_engine.source.text import SourceText, Span

__all__ = ["read"]

_STYLES: dict[str | None, Style] = {
    None: Style.PLAIN,
    "": Style.PLAIN,
    **{each.value: each for each in Style},
}
_BLANKS = " \t\r\n"
_BLOCKS = (Style.LITERAL, Style.FOLDED)
_COLON_FOLLOWS = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*:")
_TIGHT_COMMENT = re.compile(r"[|>][-+0-9]*#")
_COMMA_FOLLOWS = re.compile(r"\s*,")


def read(source: SourceText, report: Report, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read `source` as one YAML document; everything wrong with it goes to `report`.

    The same source read again gives the same document, which nobody changes.
    """
    document, found = _read(source, limits)
    report.extend(found)
    return document


@lru_cache(maxsize=256)
def _read(source: SourceText, limits: Limits) -> tuple[Document, tuple[Diagnostic, ...]]:
    report = Report()
    document = _document(source, report, limits)
    return document, tuple(report)


def _document(source: SourceText, report: Report, limits: Limits) -> Document:
    size = len(source.text)
    if size > limits.pack_size:
        report.add(refused.too_large(source.span(0, 0), size, limits.pack_size))
        return Document(source, None)
    text = clean(source, report)
    # Where the two loaders may differ, the pure one counts: so the same text is read
    # the same way on every machine, and the fast one is only faster.
    if has_fast_loader() and "\t" not in text:
        found = Report()
        try:
            root = _Builder(source, text, found, limits).build(fast=True)
        except (YamlFailure, _Doubtful):
            pass
        else:
            report.extend(found)
            return Document(source, root)
    return Document(source, _Builder(source, text, report, limits).build(fast=False))


class _Stop(Exception):
    """Reading ends here; what it would have found was reported."""


class _Doubtful(Exception):
    """The fast loader read something that the pure loader may read in another way."""


class _Items:
    """A list that is still open."""

    __slots__ = ("builder", "cut", "flow", "items", "start", "tail")

    def __init__(self, builder: _Builder, start: int, flow: bool) -> None:
        self.builder, self.start, self.flow = builder, start, flow
        self.cut = False
        self.tail: Node | None = None
        self.items: list[Node] = []

    def add(self, node: Node) -> None:
        self.tail = node
        self.items.append(node)

    def close(self, end: int) -> Node:
        return SequenceNode(Span(self.builder.source, self.start, end), tuple(self.items))


class _Entries:
    """A mapping that is still open; `key` waits for its value."""

    __slots__ = ("builder", "cut", "entries", "flow", "key", "start", "tail")

    def __init__(self, builder: _Builder, start: int, flow: bool) -> None:
        self.builder, self.start, self.flow = builder, start, flow
        self.cut = False
        self.tail: Node | None = None
        self.key: Node | None = None
        self.entries: dict[str, Entry] = {}

    def add(self, node: Node) -> None:
        self.tail = node
        key = self.key
        if key is None:
            self.key = node
            return
        self.key = None
        if self.flow and not self.cut:
            self.cut = self.builder.check_cut_key(key, is_first=not self.entries)
        if isinstance(key, ScalarNode) and self.builder.check_key(key, self.entries):
            self.entries[key.text] = Entry(key, node)
        elif not isinstance(key, ScalarNode):
            self.builder.refuse_key(key)

    def close(self, end: int) -> Node:
        return MappingNode(Span(self.builder.source, self.start, end), tuple(self.entries.values()))


class _Builder:
    """The nodes of one document, under construction."""

    def __init__(self, source: SourceText, text: str, report: Report, limits: Limits) -> None:
        self.source, self.text, self.report, self.limits = source, text, report, limits
        self.skipped = 1 if text.startswith("\ufeff") else 0
        self.frames: list[_Items | _Entries] = []
        self.root: Node | None = None
        self.last: ScalarNode | None = None
        self.fast = self.in_flow = False
        self.nodes = 0
        self.documents = 0
        self.cuts: list[Diagnostic] = []
        self.refused = -1
        self.hidden = has_hidden(text)

    def build(self, *, fast: bool) -> Node | None:
        """Take all events; return the root, or None when there is none or reading had to end.

        Raises `YamlFailure` or `_Doubtful` when `fast`, so that the pure loader is asked.
        """
        self.fast = fast
        takers: dict[str, Callable[[YamlEvent], None]] = {
            "ScalarEvent": self._scalar,
            "MappingStartEvent": self._mapping_start,
            "SequenceStartEvent": self._sequence_start,
            "MappingEndEvent": self._end,
            "SequenceEndEvent": self._end,
            "AliasEvent": self._alias,
            "DocumentStartEvent": self._document_start,
        }
        try:
            for event in yaml_events(self.text[self.skipped :], fast=fast):
                take = takers.get(type(event).__name__)
                if take:
                    take(event)
        except YamlFailure as failure:
            if fast:
                raise
            self._explain(failure)
            self.root = None
        except _Stop:
            self.root = self.root if self.documents > 1 else None
        self.report.extend(self.cuts)
        return self.root

    def check_key(self, key: ScalarNode, known: dict[str, Entry]) -> bool:
        """Report what is wrong with a key; return whether its entry is kept."""
        text = key.text
        if text in known:
            doubled = refused.doubled_key(key.span, text)
            self.report.add(doubled.with_label(known[text].key.span, "the first time"))
            return False
        if text in ("", "<<") and key.style is Style.PLAIN:
            word = refused.merge_key if text else refused.key_is_no_word
            self.report.add(word(key.span))
            return False
        if not text.isascii() and not unicodedata.is_normalized("NFC", text):
            self.report.add(refused.key_not_composed(key.span, text))
        return True

    def refuse_key(self, key: Node) -> None:
        """Report a key that is a list or a block."""
        self.cuts = [cut for cut in self.cuts if cut.span and cut.span.end <= key.span.start]
        what = "list" if isinstance(key, SequenceNode) else "block"
        self.report.add(refused.key_is_no_word(key.span, what))

    def check_cut_key(self, key: Node, *, is_first: bool) -> bool:
        """Report a key in `{ }` that has no colon: half of a value, or of a sentence."""
        if _COLON_FOLLOWS.match(self.text, key.span.end):
            return False
        if is_first:
            self.cuts.append(refused.begins_with_brace(key.span))
        else:
            self.cuts.append(problems.split_in_braces(key.span, ","))
        return True

    def _add(self, node: Node) -> None:
        self.nodes += 1
        if self.nodes > self.limits.yaml_nodes:
            place = self._span(node.span.start, node.span.start + 1)
            self._stop(refused.too_many_nodes(place, self.limits.yaml_nodes))
        if self.frames:
            self.frames[-1].add(node)
        elif self.documents == 1:
            self.root = node

    def _stop(self, diagnostic: Diagnostic) -> None:
        self.report.add(diagnostic)
        raise _Stop

    def _span(self, start: int, end: int) -> Span:
        return Span(self.source, start, min(max(start, end), len(self.text)))

    def _scalar(self, event: YamlEvent) -> None:
        start = event.start_mark.index + self.skipped
        end = event.end_mark.index + self.skipped
        if event.anchor is not None or event.tag is not None:
            start = min(self._refuse_properties(event, start), end)
        if start == end:
            # The loaders put a value that is not there at different blanks.
            while end > 0 and self.text[end - 1] in _BLANKS:
                end -= 1
            start = end
        raw = self.text[start:end]
        style, text = _STYLES[event.style], event.value
        if style in _BLOCKS:
            if self.fast and _TIGHT_COMMENT.match(raw):
                raise _Doubtful
            raw = raw.rstrip()
            end = start + len(raw)
        value = plain_value(text) if style is Style.PLAIN else text
        offsets = character_offsets(raw, start, text, style)
        span = Span(self.source, start, end)
        self.last = node = ScalarNode(span, text, style, value, offsets, self.in_flow)
        if self.in_flow or self.hidden or not text.isascii():
            self._check_unquoted(node)
        if style is Style.DOUBLE and has_control(text):
            self._refuse_escape(span)
        self._add(node)

    def _refuse_escape(self, span: Span) -> None:
        """Report an escape that makes what no text may hold, like `\\b` in a path."""
        found = control_escape(self.source, span.start, span.end)
        if found:
            self.report.add(found)

    def _check_unquoted(self, node: ScalarNode) -> None:
        if node.is_quoted:
            return
        start, end = node.span.start, node.span.end
        if self.hidden and (hidden := first_hidden(self.source, start, end)):
            self.report.add(hidden)
        if not node.text.isascii() and (advice := curly_quotes(self.source, start, end)):
            self.report.add(advice)
        if node.in_flow and node.style is Style.PLAIN:
            self._check_cut_value(node)

    def _check_cut_value(self, node: ScalarNode) -> None:
        """Report a value in `{ }` or `[ ]` that YAML ended too early."""
        if self.fast and "?" in node.text:
            raise _Doubtful
        frame = self.frames[-1]
        if frame.cut or node.text.count("(") <= node.text.count(")"):
            return
        comma = _COMMA_FOLLOWS.match(self.text, node.span.end)
        if comma:
            frame.cut = True
            place = self._span(comma.end() - 1, comma.end())
            is_list = isinstance(frame, _Items)
            self.cuts.append(problems.split_in_braces(place, ",", is_list=is_list))

    def _refuse_properties(self, event: YamlEvent, start: int) -> int:
        """Report the anchor and the tag of a node; return where the node itself begins."""
        if self.fast:
            raise _Doubtful
        end = start
        for mark, letters in (("&", r"[^\s,\[\]{}]*"), ("!", r"[^\s{}]*")):  # a tag may hold commas
            written = re.compile(re.escape(mark) + letters).search(self.text, start)
            if written is None or (event.anchor if mark == "&" else event.tag) is None:
                continue
            span = Span(self.source, written.start(), written.end())
            self.report.add(
                refused.tag(span) if mark == "!" else refused.anchor_or_alias(span, mark)
            )
            end = max(end, written.end())
            self.refused = start
        rest = re.compile(r"\s*").match(self.text, end)
        return rest.end() if rest else end

    def _alias(self, event: YamlEvent) -> None:
        if self.fast:
            raise _Doubtful
        start, end = (mark.index + self.skipped for mark in (event.start_mark, event.end_mark))
        span = Span(self.source, start, end)
        self.report.add(refused.anchor_or_alias(span, "*"))
        self.refused = start
        self._add(ScalarNode(span, span.text, Style.PLAIN, span.text, None, self.in_flow))

    def _mapping_start(self, event: YamlEvent) -> None:
        self._start(event, _Entries)

    def _sequence_start(self, event: YamlEvent) -> None:
        self._start(event, _Items)

    def _start(self, event: YamlEvent, kind: type[_Entries] | type[_Items]) -> None:
        start = event.start_mark.index + self.skipped
        if event.anchor is not None or event.tag is not None:
            start = self._refuse_properties(event, start)
        if len(self.frames) >= self.limits.yaml_depth:
            limit = self.limits.yaml_depth
            self._stop(refused.too_deep(self._span(start, start + 1), limit))
        self.in_flow = bool(event.flow_style)
        self.frames.append(kind(self, start, self.in_flow))

    def _end(self, event: YamlEvent) -> None:
        frame = self.frames.pop()
        self.in_flow = bool(self.frames) and self.frames[-1].flow
        end = event.end_mark.index + self.skipped
        # The end mark of a block lies at the start of whatever comes next.
        last = frame.tail.span.end if frame.tail else frame.start
        closed = frame.flow and end > last and self.text[end - 1] in "]}"
        self._add(frame.close(end if closed else last))

    def _document_start(self, event: YamlEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            start = event.start_mark.index + self.skipped
            self._stop(refused.second_document(self._span(start, start + 3)))

    def _explain(self, failure: YamlFailure) -> None:
        """Report where the text stops being YAML, unless that follows from what was reported."""
        if any(frame.cut for frame in self.frames):
            return
        opening = self.frames[-1].start if self.in_flow else None
        moved = failure.moved(self.skipped)
        scene = Scene(self.source, self.text, self.last, moved, opening)
        diagnostic = explain(scene)
        line = scene.line_start
        self.cuts = [cut for cut in self.cuts if cut.span and cut.span.end < line]
        if self.refused < line and not has_forbidden(scene.rest_of_source_line):
            self.report.add(diagnostic)
