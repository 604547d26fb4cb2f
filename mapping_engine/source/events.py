"""
Ask PyYAML what a text is made of, one event after the other.

PyYAML has two loaders, in C and in Python; they differ in little things, so it is
for the caller to say which one is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

if TYPE_CHECKING:
    import yaml

__all__ = ["YamlEvent", "YamlFailure", "has_fast_loader", "yaml_events"]

Loader: TypeAlias = "type[yaml.Loader] | type[yaml.CLoader]"


class Mark(Protocol):
    """A place in the text given to the parser."""

    index: int


class YamlEvent(Protocol):
    """What we read of the parser's events; which of it is there depends on the kind."""

    start_mark: Mark
    end_mark: Mark
    value: str
    style: str | None
    flow_style: bool | None
    anchor: str | None
    tag: str | None


class YamlFailure(Exception):
    """The YAML parser cannot go on; offsets count characters of the text given to it."""

    def __init__(
        self, problem: str, offset: int, *, context: str, context_offset: int | None
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.offset = offset
        self.context = context
        self.context_offset = context_offset

    def moved(self, count: int) -> YamlFailure:
        """Return the same failure `count` characters further on."""
        start = self.context_offset
        return YamlFailure(
            self.problem,
            self.offset + count,
            context=self.context,
            context_offset=None if start is None else start + count,
        )


def has_fast_loader() -> bool:
    """Say whether PyYAML was built with its C loader."""
    import yaml

    return hasattr(yaml, "CLoader")


def yaml_events(text: str, *, fast: bool) -> Iterator[YamlEvent]:
    """Yield the parser events of `text`; raise `YamlFailure` where the text is not YAML."""
    import yaml

    try:
        yield from _events(text, yaml.CLoader if fast else yaml.Loader)
    except yaml.YAMLError as error:
        raise _failure(error, text) from None


def _events(text: str, kind: Loader) -> Iterator[YamlEvent]:
    loader = kind(text)
    try:
        following = cast("Callable[[], YamlEvent | None]", loader.get_event)
        while event := following():
            yield event
    except ValueError:
        # PyYAML's Python loader makes a character of any number: "\U00110000".
        place = getattr(loader, "index", len(text))
        context = "while scanning a double-quoted scalar"
        problem = "found unknown escape character"
        raise YamlFailure(problem, place, context=context, context_offset=None) from None
    finally:
        loader.dispose()


def _failure(error: yaml.YAMLError, text: str) -> YamlFailure:
    problem = getattr(error, "problem", None) or str(error)
    context_mark = getattr(error, "context_mark", None)
    mark = getattr(error, "problem_mark", None) or context_mark
    return YamlFailure(
        problem,
        mark.index if mark else len(text),
        context=getattr(error, "context", None) or "",
        context_offset=context_mark.index if context_mark else None,
    )
