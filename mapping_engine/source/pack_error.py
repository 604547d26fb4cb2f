"""The one exception for a pack that cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mapping_engine.source.diagnostic import Report

__all__ = ["PackError"]


class PackError(Exception):
    """A pack cannot be used; `report` says everything that is wrong with it."""

    def __init__(self, report: Report) -> None:
        self.report = report
        first = report.errors[0]
        more = len(report.errors) - 1
        where = f"{first.span}: " if first.span else ""
        super().__init__(
            f"{where}{first.message} [{first.code.number}]" + (f" and {more} more" if more else "")
        )
