"""
Examine several packs beside each other: this process takes a share of them, helpers the others.

Packs know nothing of each other, and what is found in one is data. A helper only ever sends
what it found. Whatever keeps it from that is of no account: its share is examined here then,
and what is wrong is met again. An interrupt (Ctrl-C) reaches this process alone, which ends
its helpers at once: they hold nothing.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeAlias

from mapping_engine.packs.schemas import SchemaStore
from mapping_engine.workbench.examining import Asked, Examined, examine

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["examine_all"]

#: What is to be examined, or what was found, by its place among all that is asked.
_Share: TypeAlias = dict[int, Asked]
_Found: TypeAlias = dict[int, list[Examined]]

#: Whether a helper may begin as a copy of this process; else it begins from nothing.
_IS_COPY = sys.platform.startswith("linux")


def examine_all(asked: Sequence[Asked], processes: int) -> list[list[Examined]]:
    """Return what was found in each of some packs, in their order, with so many processes."""
    own, *others = _shares(asked, min(processes, len(asked)) if _may_have_helpers() else 1)
    with _helpers(others) as helpers:
        found = _examined(own)
        for helper in helpers:
            found |= helper.found()
    return [found[place] for place in range(len(asked))]


def _may_have_helpers() -> bool:
    """Whether interrupts can be held back, and no thread is lost in a copy of this process."""
    return hasattr(signal, "pthread_sigmask") and threading.active_count() == 1


def _shares(asked: Sequence[Asked], count: int) -> list[_Share]:
    """Return so many shares of about the same size: each pack, the largest first, to the least."""
    shares: list[_Share] = [{} for _ in range(max(count, 1))]
    sizes = {place: _size(each) for place, each in enumerate(asked)}
    for place in sorted(sizes, key=lambda each: -sizes[each]):
        least = min(shares, key=lambda share: sum(sizes[each] for each in share))
        least[place] = asked[place]
    return shares


def _size(asked: Asked) -> int:
    """Return how much there is to examine, in characters."""
    texts = sum(len(each.text) for each in asked.folder.sources.values())
    return texts * (asked.alone + len(asked.firms))


def _examined(share: Mapping[int, Asked]) -> _Found:
    schemas = {each.path: SchemaStore(each.path.schemas) for each in share.values()}
    return {place: list(examine(each, schemas[each.path])) for place, each in share.items()}


class _Helper:
    """A process that examines a share."""

    def __init__(self, share: _Share) -> None:
        from multiprocessing import get_context

        context = get_context("fork") if _IS_COPY else get_context("spawn")
        self._share = share
        self._receiving, sending = context.Pipe(duplex=False)
        ends = self._receiving, sending
        self._process = context.Process(target=_help, args=(share, *ends), daemon=True)
        with suppress(OSError):  # there may be no room for one more process
            self._process.start()
        sending.close()

    def found(self) -> _Found:
        """Return what was found in the share; examined here when the helper does not say."""
        try:
            found: _Found = self._receiving.recv()
        except (EOFError, OSError):
            return _examined(self._share)
        return found

    def end(self) -> None:
        """End the helper, wherever it is."""
        if self._process.pid is not None:
            self._process.kill()
            self._process.join()
        self._receiving.close()


def _help(share: _Share, receiving: Connection, sending: Connection) -> None:
    """Send what is found in a share; nothing when that fails, or when nobody waits any more."""
    receiving.close()  # this process's own: else it would wait for itself
    with suppress(Exception):
        sending.send(_examined(share))


@contextmanager
def _helpers(shares: Sequence[_Share]) -> Iterator[list[_Helper]]:
    """Give helpers, one for each share, that end when this ends in whatever way."""
    helpers: list[_Helper] = []
    if shares and not _IS_COPY:
        from multiprocessing.resource_tracker import ensure_running

        ensure_running()  # else it starts with the first helper, and lets interrupts in again
    try:
        with _interrupts_held():  # by the helpers for good
            for share in shares:
                helpers.append(_Helper(share))
        yield helpers
    finally:
        with _interrupts_held():
            while helpers:  # and let go of them: an interrupt in their `__del__` is lost
                helpers.pop().end()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold interrupts back meanwhile; they come afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
