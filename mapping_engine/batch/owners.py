"""
Which record of a run each match key belongs to: the late ones in memory, the others in a file.

So a run needs the same memory however long it is. The file is SQLite's own temporary one: it
has no name that others could open, and is gone with the run.
"""

from __future__ import annotations

import errno
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec.json import Encoder

from mapping_engine.runtime.payloads import Kind

if TYPE_CHECKING:
    from sqlite3 import Connection

__all__ = ["Owner", "Owners"]

#: The id of a record, or the number of its line where it has none.
Owner: TypeAlias = str | int

#: How many keys are kept in memory.
_MOST: Final = 30_000
_PREPARE: Final = """
    pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive;
    pragma temp_store = file; pragma cache_size = -4000;
"""
_NUL: Final = "\0"
_encode = Encoder().encode


class Owners:
    """Keys, texts or bytes of JSON, with the records they belong to.

    `late[kind]` holds what was taken of late, and whatever `recall` was asked for. What has a NUL
    in it stays there, which SQLite would cut off.
    """

    def __init__(self, most: int = _MOST) -> None:
        self.late: defaultdict[Kind, dict[Hashable, Owner]] = defaultdict(dict)
        self._most = most
        #: The tables of the file: texts, and bytes, of a kind; and the last key of each in order.
        self._tables: dict[tuple[Kind, type], str] = {}
        self._last: dict[tuple[Kind, type], str] = {}
        self._file: Connection | None = None

    @property
    def has_file(self) -> bool:
        """Whether some were put aside."""
        return self._file is not None

    def recall(self, kind: Kind, keys: Sequence[Hashable]) -> None:
        """Bring those of some keys back to memory that were put aside.

        Raises `OSError` when the file cannot be read.
        """
        late = self.late[kind]
        late.update(self._found(kind, str, [each for each in keys if isinstance(each, str)]))
        others = [each.decode() for each in keys if isinstance(each, bytes)]
        late.update((key.encode(), owner) for key, owner in self._found(kind, bytes, others))

    def _found(self, kind: Kind, of: type, keys: list[str]) -> list[tuple[str, Owner]]:
        table = self._tables.get((kind, of))
        if self._file is None or table is None or not keys:
            return []
        if min(keys) > self._last[kind, of]:  # as where records come in the order of their keys
            return []
        asked = f"select key, owner from {table} where key in (select value from json_each(?))"
        with _told():
            return self._file.execute(asked, (_encode(keys).decode(),)).fetchall()

    def put_aside(self) -> None:
        """Move keys into the file when there are too many. Raises `OSError` when it cannot be."""
        if sum(map(len, self.late.values())) <= self._most:
            return
        if self._file is None:
            self._file = _temporary()
        for kind, late in self.late.items():
            apart: dict[type, dict[str, Owner]] = {str: {}, bytes: {}}
            stay: dict[Hashable, Owner] = {}
            for key, owner in late.items():
                text = key.decode() if isinstance(key, bytes) else str(key)
                if _NUL in text or (isinstance(owner, str) and _NUL in owner):
                    stay[key] = owner
                else:
                    apart[bytes if isinstance(key, bytes) else str][text] = owner
            for of, keys in apart.items():
                self._write(kind, of, keys)
            self.late[kind] = stay
        self._most = max(self._most, 2 * sum(map(len, self.late.values())))

    def _write(self, kind: Kind, of: type, late: dict[str, Owner]) -> None:
        assert self._file is not None
        if not late:
            return
        table = self._tables.setdefault((kind, of), f"owners{len(self._tables)}")
        self._last[kind, of] = max(max(late), self._last.get((kind, of), ""))
        make = f"create table if not exists {table} (key primary key, owner) without rowid"
        put = f"insert or ignore into {table} select key, value from json_each(?) order by key"
        with _told():
            self._file.execute(make)
            self._file.execute(put, (_encode(late).decode(),))

    def close(self) -> None:
        """Remove the file."""
        if self._file is not None:
            self._file.close()


def _temporary() -> Connection:
    import sqlite3  # only a long run needs it

    with _told():
        file = sqlite3.connect("", isolation_level=None)
        file.executescript(_PREPARE)
        return file


@contextmanager
def _told() -> Iterator[None]:
    """Say what SQLite cannot do as the system says it."""
    from sqlite3 import OperationalError

    try:
        yield
    except OperationalError as error:
        full = getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"
        raise OSError(errno.ENOSPC if full else errno.EIO, str(error)) from None
