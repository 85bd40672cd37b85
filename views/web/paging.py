"""Rows of a page, a hundred at a time, and the words by which they are chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from registry.errors import RefusalError
from registry.wording import shown

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowTable
    from views.web.asked import Asked

ROWS_AT_ONCE: Final = 100
ROW: Final = "row"  # what an address calls the first row of a page, from 1


class Paging(NamedTuple):
    """Which of `n` rows a page shows, of `all` there are without filters, and where those before and after stand."""

    what: str
    first: int
    last: int
    n: int
    all: int
    before: str
    after: str


def first_of(asked: Asked, n: int) -> int:
    """Return the place of the first row that a page shows, from 0; refuse what is no place of `n` rows."""
    said = asked.filters.get(ROW, "1")
    if not (said.isascii() and said.isdecimal() and len(said) < 10 and 1 <= int(said) <= max(n, 1)):
        raise RefusalError(f"{ROW}: {shown(said)} is none; there are {n:,}", field=ROW)
    return int(said) - 1


def paging(asked: Asked, n: int, what: str, *, all_: int) -> Paging:
    """Return which rows of a page's `n` are shown."""
    first = first_of(asked, n)
    before, after = max(first - ROWS_AT_ONCE, 0) + 1, first + ROWS_AT_ONCE + 1
    return Paging(
        what,
        first + 1 if n else 0,
        min(first + ROWS_AT_ONCE, n),
        n,
        all_,
        asked.address(row=before) if first else "",
        asked.address(row=after) if after <= n else "",
    )


def words_of(table: ArrowTable, column: str) -> list[str]:
    """Return the words of a column, in order."""
    return sorted({word for word in table[column].unique().to_pylist() if word})
