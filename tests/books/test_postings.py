"""The page about postings is what the packs and the ledgers say today."""

from __future__ import annotations

from books.postings import PAGE, page


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run make docs"
