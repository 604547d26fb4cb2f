"""
Say in our words why a text is not YAML.

The parser knows where it gave up, which is often behind the mistake. Each function
below knows one family of mistakes by the parser's problem and by what stands around
the place, and answers with one diagnostic; `explain` asks them in order.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from mapping_engine.source import problems
from mapping_engine.source import problems_of_documents as refused
from mapping_engine.source.characters import first_hidden
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.source.scene import Scene
from mapping_engine.source.text import Span

__all__ = ["explain"]

_KEY = re.compile(
    r"""[ ]*(?:-[ ]+)*(?:"[^"\r\n]*"|'[^'\r\n]*'|[^\s"'\[{#&*!|>%@`][^:\r\n]*?)[ ]*:(?=\s|$)"""
)
_TIGHT_KEY = re.compile(r"""[ ]*(?:-[ ]+)*[\w.#-]+(?P<colon>:)(?=\S)""")
_BLOCK_MARK = re.compile(r"(?:^|[\s:-])[|>][-+0-9]*[ \t]*(?:#.*)?$")
_LONGEST_KEY = 1024
_WORD = re.compile(r"[^\s,\[\]{}]*")


Rule = Callable[[Scene], Diagnostic | None]


def explain(scene: Scene) -> Diagnostic:
    """Return the one diagnostic for the place where the parser gave up."""
    for rule in _RULES:
        diagnostic = rule(scene)
        if diagnostic:
            return diagnostic
    return problems.not_yaml(scene.rest_of_line(scene.offset))


def _hidden(scene: Scene) -> Diagnostic | None:
    starts = [scene.line_start]
    if "simple key" in scene.failure.context:
        starts.append(scene.start_of_line(scene.context))
    ends = [start + len(scene.line_at(start)) for start in starts]
    found = (first_hidden(scene.source, *each) for each in zip(starts, ends, strict=True))
    return next(filter(None, found), None)


def _cannot_start(scene: Scene) -> Diagnostic | None:
    if scene.failure.context.startswith("while scanning a directive"):
        return refused.directive(scene.rest_of_line(scene.line_start))
    if "cannot start any token" not in scene.problem and "tab" not in scene.problem:
        return None
    character = scene.text[scene.offset : scene.offset + 1]
    if character != "\t":
        return problems.not_a_start(scene.span(scene.offset), character)
    length = len(scene.text[scene.offset :]) - len(scene.text[scene.offset :].lstrip("\t "))
    inside = bool(scene.before.strip())
    return problems.tab_indentation(scene.span(scene.offset, max(1, length)), inside=inside)


def _quote_open(scene: Scene) -> Diagnostic | None:
    if "quoted scalar" not in scene.failure.context:
        return None
    if "unexpected end of stream" in scene.problem or "document separator" in scene.problem:
        quote = scene.text[scene.context]
        return problems.unclosed_quote(scene.rest_of_line(scene.context), quote)
    start = max(0, scene.text.rfind("\\", 0, scene.offset + 1))
    return problems.bad_escape(scene.span(start, 2), scene.text[start : start + 2])


def _block_header(scene: Scene) -> Diagnostic | None:
    if "block scalar" not in scene.failure.context:
        return None
    before = scene.text[scene.start_of_line(scene.context) : scene.context].rstrip()
    if before[-1:] in ("'", '"', "]", "}"):
        place = scene.rest_of_line(scene.context)
        return problems.goes_on_after_text(place, is_list=before[-1] in "]}")
    mark = scene.text[scene.context]
    return problems.text_on_block_line(scene.rest_of_line(scene.offset), mark)


def _node_property(scene: Scene) -> Diagnostic | None:
    context = scene.failure.context
    if "alias" in context or "anchor" in context:
        mark = scene.text[scene.context]
        return refused.anchor_or_alias(scene.span(scene.context), mark)
    if "tag" in context or "tag handle" in scene.problem or scene.found == "<tag>":
        start = scene.context if "tag" in context else scene.offset
        return refused.tag(scene.span(start, len(_word(scene, start))))
    if scene.found in ("<anchor>", "<alias>"):
        place = scene.span(scene.offset, len(_word(scene, scene.offset)))
        return refused.anchor_or_alias(place, scene.text[scene.offset])
    return None


def _word(scene: Scene, start: int) -> str:
    match = _WORD.match(scene.text, start)
    return (match.group() if match else "") or " "


def _swallowed_lines(scene: Scene) -> Diagnostic | None:
    """A quoted text that holds what looks like keys, and ended just before the place."""
    if scene.last is None or not scene.last.is_quoted:
        return None
    span = scene.last.span
    later_lines = re.split(r"\r\n|\r|\n", span.text)[1:]
    if not any(_KEY.match(line) for line in later_lines):
        return None
    if scene.start_of_line(span.end) != scene.line_start:
        return None
    return problems.unclosed_quote(scene.rest_of_line(span.start), span.text[:1])


def _second_colon(scene: Scene) -> Diagnostic | None:
    if not scene.problem.startswith("mapping values are not allowed"):
        return None
    if scene.offset - scene.line_start > _LONGEST_KEY:
        place = scene.span(scene.line_start, scene.offset - scene.line_start)
        return problems.not_yaml(place, "this line is too long for a key")
    return _key_in_value(scene) or _indented_key(scene)


def _key_in_value(scene: Scene) -> Diagnostic | None:
    """A colon in a line that already has a key."""
    key = _KEY.match(scene.before + "\n")
    if not key or scene.line_start + key.end() > scene.offset:
        return None
    kind = "choice" if " ? " in scene.before[key.end() :] else ""
    if scene.quoted:
        kind = "text"
    return problems.key_inside_value(scene.span(scene.offset), kind)


def _indented_key(scene: Scene) -> Diagnostic | None:
    """A key in a line that YAML reads as the continuation of a value."""
    above = scene.line_before(scene.offset)
    if above is None:
        return problems.not_yaml(scene.span(scene.offset), "a key cannot stand here")
    tight = _TIGHT_KEY.match(scene.line_at(above))
    if tight:
        colon = above + tight.start("colon")
        return problems.colon_missing(scene.span(colon), has_colon=True)
    start = scene.line_start + len(scene.before) - len(scene.before.lstrip())
    key = scene.before.strip()
    diagnostic = problems.bad_indentation(
        scene.span(start, len(key)),
        f"`{_short(key)}` is indented as if it belonged to the line above",
        "read as part of the value above",
        "begin it in the column of the keys it belongs to",
    )
    return diagnostic.with_label(_first_key(scene, above), "the line above has its value already")


def _first_key(scene: Scene, start: int) -> Span:
    line = scene.line_at(start)
    blanks = len(line) - len(line.lstrip())
    return scene.span(start + blanks, len(line) - blanks)


def _short(name: str) -> str:
    return name if len(name) <= 30 else name[:29] + "…"


def _no_colon(scene: Scene) -> Diagnostic | None:
    if "could not find expected ':'" not in scene.problem:
        return None
    if scene.text[scene.context] in "'\"":
        quote = scene.text[scene.context]
        return problems.unclosed_quote(scene.rest_of_line(scene.context), quote)
    above = scene.line_before(scene.context)
    if above is not None and _BLOCK_MARK.search(scene.line_at(above)):
        return problems.bad_indentation(
            scene.rest_of_line(scene.context),
            "the text of a block must be indented",
            "begins in the column of a key",
            "indent the lines of the block by two blanks more than its key",
        )
    tight = _TIGHT_KEY.match(scene.line_at(scene.context))
    if tight:
        colon = scene.context + tight.start("colon")
        return problems.colon_missing(scene.span(colon), has_colon=True)
    return problems.colon_missing(scene.rest_of_line(scene.context), has_colon=False)


def _dash(scene: Scene) -> Diagnostic | None:
    if not scene.problem.startswith("sequence entries are not allowed"):
        return None
    return problems.list_on_key_line(scene.rest_of_line(scene.offset))


def _after_value(scene: Scene) -> Diagnostic | None:
    """A block goes on where it should have ended: behind a quoted text, a list, a `{ }`."""
    if not _ended_early(scene):
        return None
    quoted = scene.quoted
    if scene.found in ("]", "}"):
        return problems.wrong_bracket(scene.span(scene.offset), scene.found)
    if quoted:
        return _after_quote(scene, quoted)
    if scene.behind == "}" and scene.last:
        opening = scene.text.rfind("{", 0, scene.offset)
        return refused.begins_with_brace(scene.rest_of_line(opening))
    if scene.behind in ("'", '"') and scene.found == "<scalar>":
        return problems.goes_on_after_text(scene.rest_of_line(scene.offset))
    if scene.behind == "]":
        return problems.goes_on_after_text(scene.rest_of_line(scene.offset), is_list=True)
    if scene.found == ",":
        return problems.wrong_bracket(scene.span(scene.offset), scene.found)
    return None


def _ended_early(scene: Scene) -> bool:
    return scene.problem.startswith(("expected <block end>", "expected '<document start>'"))


def _after_quote(scene: Scene, quoted: Span) -> Diagnostic | None:
    if scene.offset == quoted.end:
        return problems.quote_inside_text(scene.rest_of_line(scene.offset), quoted.text[:1])
    if scene.start_of_line(quoted.end) != scene.line_start:
        return None
    return problems.goes_on_after_text(scene.rest_of_line(scene.offset))


def _block_end(scene: Scene) -> Diagnostic | None:
    if not _ended_early(scene):
        return None
    place = scene.rest_of_line(scene.offset)
    above = scene.line_before(scene.offset)
    if above is not None and scene.text[above] == "%":
        return refused.directive(scene.rest_of_line(above))
    if above is not None and scene.line_at(above) == "...":
        return refused.second_document(scene.span(above, 3))
    if scene.found in ("-", "<block sequence start>"):
        return problems.bad_indentation(
            scene.span(scene.offset),
            "a list item stands where a key is expected",
            "a dash begins a list item",
            "indent the list under its key, in one column",
        )
    if scene.found == "?" and "collection" in scene.failure.context:
        return problems.bad_indentation(
            place,
            "a key stands between list items",
            "no dash here",
            "begin it with `- `, or indent it under the item it belongs to",
        )
    if scene.found == ":":
        return refused.key_is_no_word(scene.span(scene.offset))
    if not scene.before.strip():
        return problems.bad_indentation(
            place,
            "this line begins in a column of its own",
            "fits to no line above",
            "begin it in the column of the keys it belongs to",
        )
    return None


def _in_brackets(scene: Scene) -> Diagnostic | None:
    if not scene.problem.startswith(("expected ',' or '}'", "expected ',' or ']'")):
        return None
    opening = scene.text[scene.context : scene.context + 1]
    is_list = opening == "["
    same_line = scene.start_of_line(scene.context) == scene.line_start
    if scene.found in ("]", "}") and same_line:
        return problems.wrong_bracket(scene.span(scene.offset), scene.found, opening)
    if scene.found in ("[", "{", "?"):
        if _key_starts_line(scene):
            return problems.unclosed_bracket(scene.span(scene.context), opening)
        return problems.split_in_braces(scene.span(scene.offset), scene.found, is_list=is_list)
    if not same_line or scene.found.startswith(("<stream", "<document", "<block")):
        return problems.unclosed_bracket(scene.span(scene.context), opening)
    if scene.behind in ("'", '"', "]", "}") and scene.found == "<scalar>":
        is_list = scene.behind in "]}"
        place = scene.rest_of_line(scene.offset)
        return problems.goes_on_after_text(place, is_list=is_list, in_braces=True)
    if scene.found == ":":
        return problems.key_inside_value(scene.span(scene.offset), "braces")
    return None


def _key_starts_line(scene: Scene) -> bool:
    return scene.start_of_line(scene.context) != scene.line_start and bool(
        _KEY.match(scene.before + "\n")
    )


def _no_content(scene: Scene) -> Diagnostic | None:
    """Something stands where a value or a key is expected."""
    place = scene.span(scene.offset)
    if scene.problem.startswith("mapping keys are not allowed"):
        return problems.not_a_start(place, "?")
    if not scene.problem.startswith("expected the node content"):
        return None
    if scene.found.startswith("<") and scene.opening is not None:
        opening = scene.text[scene.opening]
        return problems.unclosed_bracket(scene.span(scene.opening), opening)
    if scene.found == "?" and scene.opening is not None:
        return problems.split_in_braces(place, "?", is_list=scene.text[scene.opening] == "[")
    if scene.found == ":":
        return refused.key_is_no_word(place)
    if scene.found in ("]", "}", ",", "-"):
        return problems.wrong_bracket(place, scene.found)
    return None


_RULES: tuple[Rule, ...] = (
    _hidden,
    _cannot_start,
    _quote_open,
    _block_header,
    _node_property,
    _swallowed_lines,
    _second_colon,
    _no_colon,
    _dash,
    _after_value,
    _block_end,
    _in_brackets,
    _no_content,
)
