"""The type of the fixture `run`: a command line gives its exit code, stdout and stderr."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["Run"]

Run = Callable[..., tuple[int, str, str]]
