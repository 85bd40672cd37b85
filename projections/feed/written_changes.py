"""The changes of a step, written: parts with their counts, and what the sums of the tables become."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.export.parts import WRITERS, write_rows
from projections.feed.batch_files import ChangedTable, Counts
from projections.feed.change_files import Since, change_path, change_rows, change_schema
from projections.feed.row_changes import RowChanges, row_changes
from projections.feed.row_sums import NO_ROWS, RowSum, row_sum, sum_in_order
from projections.tables import TABLES

if TYPE_CHECKING:
    from projections.columns.tables import FunctionOf, Table
    from projections.export.manifest import Part
    from projections.feed.steps import BothRows

SinceOf = Callable[[ArrowArray, "FunctionOf"], Since]


class WrittenPart(NamedTuple):
    """A part of the changes of a table: how many rows of which kind, and the sums of their patients' rows."""

    table: str
    part: Part
    counts: Counts
    before: RowSum
    after: RowSum


class Changed(NamedTuple):
    """What a batch does to a table so far, and the sum of all its rows after it."""

    total: RowSum
    counts: Counts = Counts()
    parts: tuple[Part, ...] = ()

    def with_part(self, written: WrittenPart) -> Changed:
        """Return the same with another part."""
        one, other = self.counts, written.counts
        counts = Counts(
            insert=one.insert + other.insert, update=one.update + other.update, delete=one.delete + other.delete
        )
        return Changed(self.total.minus(written.before).plus(written.after), counts, (*self.parts, written.part))

    def told(self, table: Table) -> ChangedTable:
        """Return what `batch.json` says of it."""
        return ChangedTable(
            edition=table.edition,
            columns=tuple(column.name for column in table.columns),
            key=table.key,
            counts=self.counts,
            rows=self.total.rows,
            row_sum=self.total.hex,
            parts=self.parts,
        )


def written_parts(folder: Path, rows: Iterable[BothRows], since: SinceOf, *, batch: int) -> Iterator[WrittenPart]:
    """Yield the parts of changes, written into the folder of a batch while the next rows are made; none is empty."""
    writing: deque[Future[WrittenPart | None]] = deque()
    with ThreadPoolExecutor(max_workers=WRITERS) as threads:
        for both in rows:
            if len(writing) == WRITERS and (done := writing.popleft().result()) is not None:
                yield done
            writing.append(threads.submit(_written, folder, both, since, batch))
        for each in writing:
            if (done := each.result()) is not None:
                yield done


def _written(folder: Path, both: BothRows, since: SinceOf, batch: int) -> WrittenPart | None:
    table = TABLES[both.table]
    changes = row_changes(both.before, both.after, table)
    if not len(changes.types):
        return None
    before, after = _sums(both, changes, table)
    made = change_rows(changes, since(changes.rows["patient"], table.function_of), batch=batch)
    part = write_rows(folder, change_path(table.name, both.part), change_schema(table), [made])
    return WrittenPart(table.name, part, changes.counts, before, after)


def _sums(both: BothRows, changes: RowChanges, table: Table) -> tuple[RowSum, RowSum]:
    """Return the sums of the rows of the patients who have changes, before and after them."""
    if not both.before.num_rows:
        return NO_ROWS, sum_in_order(changes.rows, table)
    patients = pc.unique(changes.rows["patient"]).cast("string")
    before, after = (row_sum(_about(each, patients), table) for each in (both.before, both.after))
    return before, after


def _about(rows: ArrowTable, patients: ArrowArray) -> ArrowTable:
    return rows.filter(pc.is_in(rows["patient"], value_set=patients))
