"""One program as a process of its own: how long it took, and how much memory at most."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

__all__ = ["Spent", "pin", "spend"]


@dataclass(frozen=True, slots=True)
class Spent:
    """What one process used: seconds on the clock, and its largest memory in bytes."""

    seconds: float
    memory: int
    code: int


def pin() -> bool:
    """Keep this process and those it starts on one core, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    return True


def spend(
    command: Sequence[str], environment: Mapping[str, str], messages: Path, *, allowed: int = 0
) -> Spent:
    """Run a command to its end; what it prints goes to the file `messages`."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 1, str(messages), flags, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    start = perf_counter()
    process = os.posix_spawn(command[0], command, environment, file_actions=actions)
    _, status, used = os.wait4(process, 0)
    seconds = perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    if code < 0 or code > allowed:
        told = messages.read_text("utf-8", "replace")[-2000:]
        raise SystemExit(f"{' '.join(command)}\nended with {code}:\n{told}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Spent(seconds, used.ru_maxrss * unit, code)
