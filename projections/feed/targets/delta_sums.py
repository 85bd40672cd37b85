"""The sum of a Delta table from its rows as Arrow reads them back, a stretch of patients at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from projections.feed.row_sums import NO_ROWS, RowSum, row_sum
from projections.feed.targets.sql_tables import KNOWN_TO_POSITION
from projections.stated.events import EVENTS

if TYPE_CHECKING:
    from projections.columns.tables import Table

ROWS_AT_ONCE: Final = 1 << 18


def member_sum(rows: Any, table: Table, *, of_history: bool) -> RowSum:
    """Return the sum of the rows of a data set of Arrow, of a history of its versions that are current."""
    names = [column.name for column in table.columns]
    total = NO_ROWS
    if table.name == EVENTS.name:
        for batch in rows.to_batches(columns=names):
            total = total.plus(row_sum(table.of(pa.Table.from_batches([batch])), table))
        return total
    current = pc.field(KNOWN_TO_POSITION).is_null() if of_history else pc.scalar(True)
    for first, last in _stretches(rows, current):
        within = (pc.field("patient") >= first) & (pc.field("patient") <= last) & current
        total = total.plus(row_sum(table.of(rows.to_table(columns=names, filter=within)), table))
    return total


def _stretches(rows: Any, current: pc.Expression) -> Iterator[tuple[str, str]]:
    """Yield the first and the last patient of each stretch of patients with about so many rows."""
    counted = rows.to_table(columns=["patient"], filter=current)["patient"].value_counts()
    first, n = None, 0
    for patient, more in sorted((each["values"], each["counts"]) for each in counted.to_pylist()):
        first = patient if first is None else first
        n += more
        if n >= ROWS_AT_ONCE:
            yield first, patient
            first, n = None, 0
    if first is not None:
        yield first, patient
