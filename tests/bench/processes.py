"""
One program as a process of its own: how long it took, and how much memory it had at most.

Nothing else stands between the clock and the program: no shell, no pipe, messages into a file.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

__all__ = ["COLD", "Spent", "pin", "spend"]

#: Lark builds its grammar slower where `interegular` is installed, which only development needs.
COLD = "import sys; sys.modules['interegular'] = None; from mapping_engine.cli import main; main()"
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Spent:
    """What one process used: seconds on the clock, and its largest memory in bytes."""

    seconds: float
    memory: int


def pin() -> bool:
    """Keep this process and those it starts on one core, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    return True


def spend(words: Sequence[str], messages: Path, *, allowed: int = 0) -> Spent:
    """Run Python with these words to the end; what it prints goes to the file `messages`.

    An exit code above `allowed` stops everything, and its messages are shown.
    """
    given = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    given["PYTHONPATH"] = str(_ROOT)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [(os.POSIX_SPAWN_OPEN, 1, str(messages), flags, 0o644), (os.POSIX_SPAWN_DUP2, 1, 2)]
    start = perf_counter()
    process = os.posix_spawn(sys.executable, [sys.executable, *words], given, file_actions=actions)
    _, status, used = os.wait4(process, 0)
    seconds = perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    if not 0 <= code <= allowed:
        told = messages.read_text("utf-8", "replace")[-2000:]
        raise SystemExit(f"{' '.join(words)}\nended with {code}:\n{told}")
    return Spent(seconds, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
