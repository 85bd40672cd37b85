"""The changes of a step, written: parts with their counts, and what the sums of the tables become."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import changes
from projections.export.parts import WRITERS
from projections.feed.batch_files import ChangedTable, Counts
from projections.feed.change_files import Since, change_path, change_rows, write_changes
from projections.feed.row_changes import RowChanges, row_changes
from projections.feed.row_sums import NO_ROWS, RowSum, row_sum, sum_in_order
from projections.tables import TABLES

if TYPE_CHECKING:
    from projections.columns.tables import FunctionOf, Table
    from projections.export.manifest import Part
    from projections.feed.steps import BothRows

WORKERS: Final = WRITERS + 1  # each waits now and then until the system has written a file down
ROWS_AT_ONCE: Final = 1 << 18  # of which changes are made and written together
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
        total = self.total.minus(written.before).plus(written.after)
        return Changed(total, added(self.counts, written.counts), (*self.parts, written.part))

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
    with ThreadPoolExecutor(max_workers=WORKERS) as threads:
        for both in rows:
            if len(writing) == WORKERS and (done := writing.popleft().result()) is not None:
                yield done
            writing.append(threads.submit(_written, folder, both, since, batch))
        for each in writing:
            if (done := each.result()) is not None:
                yield done


def _written(folder: Path, both: BothRows, since: SinceOf, batch: int) -> WrittenPart | None:
    table = TABLES[both.table]
    work = _Work(table, since, batch)
    pieces = work.rows(both)
    first = next(pieces, None)
    if first is None:
        return None
    part = write_changes(folder, table, change_path(table.name, both.part), chain([first], pieces))
    return WrittenPart(table.name, part, work.counts, work.before, work.after)


class _Work:
    """The changes of a table of some patients, made some rows at a time; what they come to so far."""

    def __init__(self, table: Table, since: SinceOf, batch: int) -> None:
        self._table, self._since, self._batch = table, since, batch
        self.counts, self.before, self.after = Counts(), NO_ROWS, NO_ROWS

    def rows(self, both: BothRows) -> Iterator[ArrowTable]:
        """Yield the changes as rows of a file, a stretch of patients at a time; none without rows."""
        for before, after in by_patients(both.before, both.after, at_most=ROWS_AT_ONCE):
            found = row_changes(before, after, self._table)
            if len(found.types):
                self._take(before, after, found)
                since = self._since(found.rows["patient"], self._table.function_of)
                yield change_rows(found, since, batch=self._batch)

    def _take(self, before: ArrowTable, after: ArrowTable, found: RowChanges) -> None:
        """Count changes, and sum the rows of the patients who have any, before and after."""
        self.counts = added(self.counts, found.counts)
        if not before.num_rows:
            self.after = self.after.plus(sum_in_order(found.rows, self._table))
            return
        patients = pc.unique(found.rows["patient"]).cast("string")
        self.before = self.before.plus(row_sum(_about(before, patients), self._table))
        self.after = self.after.plus(row_sum(_about(after, patients), self._table))


def added(one: Counts, other: Counts) -> Counts:
    """Return how many rows two stretches of changes have together."""
    return Counts(insert=one.insert + other.insert, update=one.update + other.update, delete=one.delete + other.delete)


def by_patients(before: ArrowTable, after: ArrowTable, *, at_most: int) -> Iterator[tuple[ArrowTable, ArrowTable]]:
    """Yield the rows of two tables, both by patient, some patients at a time, with some rows at most in the longer one.

    A patient of more rows comes alone.
    """
    longer = max(before, after, key=len)
    ends = [*_last_patients(longer["patient"], at_most), None] if len(longer) > at_most else [None]
    begin = (0, 0)
    for end in ends:
        until = tuple(len(each) if end is None else _n_up_to(each["patient"], end) for each in (before, after))
        yield before.slice(begin[0], until[0] - begin[0]), after.slice(begin[1], until[1] - begin[1])
        begin = (until[0], until[1])


def _last_patients(patients: ArrowArray, at_most: int) -> Iterator[str]:
    """Yield the last patient of each stretch of rows but the last one."""
    words = _coded(patients)
    starts = np.flatnonzero(changes(words.indices.to_numpy()))
    names = words.dictionary.take(words.indices.take(pa.array(starts)))
    first = 0
    while starts[first] + at_most < len(patients):
        after = max(first + 1, int(np.searchsorted(starts, starts[first] + at_most, side="right")) - 1)
        if after >= len(starts):
            return
        yield names[after - 1].as_py()
        first = after


def _n_up_to(patients: ArrowArray, end: str) -> int:
    """Return how many of the rows, which are by patient, are those of patients up to one."""
    words = _coded(patients)
    return int(pc.sum(pc.less_equal(words.dictionary, end).take(words.indices)).as_py() or 0)


def _coded(patients: ArrowArray) -> ArrowArray:
    words = patients if pa.types.is_dictionary(patients.type) else patients.dictionary_encode()
    return words.unify_dictionaries().combine_chunks() if isinstance(words, pa.ChunkedArray) else words


def _about(rows: ArrowTable, patients: ArrowArray) -> ArrowTable:
    return rows.filter(pc.is_in(rows["patient"], value_set=patients))
