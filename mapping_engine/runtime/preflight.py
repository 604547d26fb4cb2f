"""
What is asked of a firm's settings before a record moves: the conditions that hold.

Whatever the firm has fixed is folded into them, so one that holds is a constant by now. One
that stops a run is an error of the program; the others are told by `validate`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from mapping_engine.language.typed import Constant, Typed
from mapping_engine.packs.model import Check, Pack
from mapping_engine.packs.problems_of_agreement import preflight_stops, preflight_warns
from mapping_engine.source.diagnostic import Diagnostic
from mapping_engine.source.text import Span

__all__ = ["preflight_failed", "preflight_warnings"]

_NAMED = re.compile(r"\b(settings|switches)\.(\w+)")


def preflight_failed(pack: Pack, conditions: Mapping[str, Typed]) -> Iterator[Diagnostic]:
    """Yield what keeps everything from being sent."""
    for check, place in _holding(pack, conditions):
        if check.stops:
            found = preflight_stops(place, check.name, check.because, check.do)
            yield found.with_label(check.when.node.span, "asked here")


def preflight_warnings(pack: Pack, conditions: Mapping[str, Typed]) -> Iterator[Diagnostic]:
    """Yield what a firm should know before it sends anything."""
    for check, place in _holding(pack, conditions):
        if not check.stops:
            found = preflight_warns(place, check.name, check.because, check.do)
            yield found.with_label(check.when.node.span, "asked here")


def _holding(pack: Pack, conditions: Mapping[str, Typed]) -> Iterator[tuple[Check, Span]]:
    """Yield the checks that hold, each with what the firm gave that it asks about."""
    for name, condition in conditions.items():
        if isinstance(condition, Constant) and condition.value is True:
            check = pack.preflight[name]
            yield check, _given(pack, check) or check.when.node.span


def _given(pack: Pack, check: Check) -> Span | None:
    """Return where the firm gives the first setting or switch that a check names."""
    for kind, name in _NAMED.findall(check.when.node.text):
        given = (pack.given_settings if kind == "settings" else pack.given_switches).get(name)
        if given is not None:
            return given.span
    return None
