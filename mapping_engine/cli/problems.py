"""
Words for what the machine says no to, and for our own mistakes.

The outermost handler of the command line turns every exception that nobody expected into
one of these. Neither shows the exception's own text when that may hold a record's values.
"""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

from mapping_engine.source.codes import Wording, problem
from mapping_engine.source.diagnostic import Diagnostic

__all__ = ["file_not_usable", "our_fault", "text_not_writable", "worded"]

_MEANINGS = {
    errno.ENOENT: "it does not exist",
    errno.EACCES: "access to it is not allowed",
    errno.EPERM: "access to it is not allowed",
    errno.EISDIR: "it is a folder",
    errno.ENOTDIR: "a part of its path is not a folder",
    errno.ENOSPC: "the disk is full",
    errno.EROFS: "the disk can only be read",
    errno.EMFILE: "too many files are open",
    errno.ENAMETOOLONG: "its name is too long",
}


@problem("M175", "file-not-usable")
def file_not_usable(name: str | None, why: str) -> Wording:
    """
    A file or folder that the command needs cannot be read or written.

    The message says what the system answered: it does not exist, access is not allowed,
    it is a folder, the disk is full.
    """
    what = f"`{name}`" if name else "the output"
    return Wording(f"cannot use {what}: {why}")


@problem("M176", "text-not-writable")
def text_not_writable(encoding: str) -> Wording:
    """
    The terminal or file that the output goes to cannot hold a character of it.

    Results are Unicode. A terminal set to an older encoding has no place for some letters.
    """
    return Wording(
        message=f"the output holds a character that `{encoding}` cannot write",
        hint="set PYTHONIOENCODING=utf-8, or write into files with `--out`",
    )


@problem("M902", "our-fault")
def our_fault(kind: str, where: str) -> Wording:
    """
    Something failed inside the engine that should not be able to fail.

    This is a mistake of ours, not of the pack or the record. Nothing half-written stands
    under a final name. The message names the place in our code and never holds a value.
    """
    return Wording(
        message=f"`mapping-engine` failed in a way it never should: {kind} in {where}",
        hint="this is our fault; report this line with the command that you gave",
    )


def worded(error: Exception) -> Diagnostic:
    """Return the diagnostic for an exception that reached the outermost handler."""
    if isinstance(error, OSError):
        why = _MEANINGS.get(error.errno or 0) or (error.strerror or "the system said no").lower()
        name = error.filename if isinstance(error.filename, str) else None
        return file_not_usable(None, name, why)
    if isinstance(error, UnicodeEncodeError):
        return text_not_writable(None, error.encoding)
    return our_fault(None, type(error).__name__, _where(error))


def _where(error: Exception) -> str:
    root = Path(__file__).parents[1]
    inside = "mapping_engine"
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(root):
            inside = f"{root.name}/{path.relative_to(root).as_posix()}:{frame.lineno}"
    return inside
