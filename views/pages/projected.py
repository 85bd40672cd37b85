"""Tables of projections as people read them: without references and columns of which nothing is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from projections.columns.tables import rows
from views.pages.sections import table as block_of
from views.pages.sections import text
from views.pages.tables import Table

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowArray, ArrowTable
    from views.pages.sections import Block

PRECISION: Final = "_precision"  # ends the name of the column that says how precisely a day is known
ROWS_AT_MOST: Final = 300  # of a list in a file that is sent and printed
CHARACTERS: Final = {"year": 4, "month": 7, "day": 10}  # of an ISO day that is known so precisely


def for_people(table: ArrowTable, columns: Sequence[str]) -> ArrowTable:
    """Return columns of a table, but no references and no empty ones; a partial day is as precise as it is known."""
    names = [
        name for name in columns if not name.endswith(("_id", PRECISION)) and table[name].null_count < table.num_rows
    ]
    shown = table.select(names)
    for place, name in enumerate(names):
        if f"{name}{PRECISION}" in table.column_names:
            shown = shown.set_column(place, name, _as_known(table[name], table[f"{name}{PRECISION}"]))
    return shown


def table_of(
    table: ArrowTable, caption: str, *, leave_out: Sequence[str] = (), empty: str = "", stubs: int = 1
) -> Table:
    """Return a projected table for a page, without some columns; `empty` says what to do where it has no rows."""
    shown = for_people(table, [name for name in table.column_names if name not in leave_out])
    names = shown.column_names
    values = [[row[name] for name in names] for row in rows(shown)]
    return Table(caption, [named(name) for name in names], values, stubs=min(stubs, len(names)), empty=empty)


def listed_in_part(found: ArrowTable, as_shown: Callable[[ArrowTable], Table], elsewhere: str) -> Iterator[Block]:
    """Yield a list as a table; of a long one its first rows, then how many there are and what lists all of them."""
    yield block_of(as_shown(found.slice(0, ROWS_AT_MOST)))
    if found.num_rows > ROWS_AT_MOST:
        yield text(f"The first {ROWS_AT_MOST:,} of {found.num_rows:,}; {elsewhere} lists all of them.")


def named(column: str) -> str:
    """Return what a column is called for people.

    >>> named("n_expected"), named("stop_reason")
    ('expected', 'stop reason')
    """
    return column.removeprefix("n_").replace("_", " ")


def _as_known(days: ArrowArray, precisions: ArrowArray) -> ArrowArray:
    """Return partial days as text, to the year or the month where no more is known."""
    import pyarrow as pa

    known = zip(days.to_pylist(), precisions.to_pylist(), strict=True)
    return pa.array([day and day.isoformat()[: CHARACTERS[precision]] for day, precision in known], pa.string())
