"""Which rows of a table stand after each batch of a feed, by all images that its batches have of some patients.

A row that is inserted, or the later image of an update, stands from its batch on until a batch deletes it, or has it as
the earlier image of another update. So the rows that a batch comes to are found without making any state anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowTable, truth
from projections.columns.coded import Rows, Truth, changes, coded
from projections.feed.change_files import CHANGE_TYPE, ROW_KEY
from projections.feed.row_changes import CHANGE_TYPES, DELETE, INSERT, POSTIMAGE, PREIMAGE
from projections.feed.row_keys import RowKeys
from projections.feed.row_sums import NO_ROWS, RowSum, sum_in_order
from projections.feed.unlike_rows import differ, spread

if TYPE_CHECKING:
    from projections.columns.tables import Table

INSERTED, EARLIER, LATER, DELETED = map(CHANGE_TYPES.index, (INSERT, PREIMAGE, POSTIMAGE, DELETE))


class Misfit(NamedTuple):
    """An image that cannot be: in which batch, counted from 0, and why."""

    batch: int
    why: str


class StandingRows(NamedTuple):
    """The images of some patients in the order of their keys, of each row batch by batch.

    `types` are places in `CHANGE_TYPES`. An image came with `batch` (counted from 0) and stands until `until`; one that
    is no row of a state has the same in both. `patient` counts the patients as they come.
    """

    images: ArrowTable
    is_new: Truth  # whether it is the first of its row
    types: Rows
    batch: Rows
    until: Rows
    patient: Rows

    @classmethod
    def of(cls, images: Sequence[ArrowTable], table: Table) -> Self:
        """Return the images of each batch, which have all columns of a table and no null in its key."""
        joined = pa.concat_tables(images).unify_dictionaries()
        keys = RowKeys.of(joined, table.key).numbers
        order = np.argsort(keys, kind="stable")
        batch = np.repeat(np.arange(len(images)), [each.num_rows for each in images])[order]
        rows, is_new = joined.take(pa.array(order)), changes(keys[order])
        types = pc.index_in(rows[CHANGE_TYPE], value_set=pa.array(CHANGE_TYPES)).to_numpy()
        following = np.append(batch[1:], len(images))
        following[np.append(is_new[1:], True)] = len(images)
        until = np.where((types == INSERTED) | (types == LATER), following, batch)
        patient = np.cumsum(changes(coded(rows["patient"]).codes)) - 1
        return cls(rows, is_new, types, batch, until, patient)

    def misfits(self, table: Table) -> Iterator[Misfit]:
        """Yield the first images whose key is another than they say, and that do not fit what stood there."""
        texts = RowKeys.of(self.images, table.key).texts()
        yield from self._first(truth(pc.not_equal(texts, self.images[ROW_KEY])), "is said to be of {}, and is not")
        yield from self._first(~self._fits(table), "of {} does not fit what the batches before it left")

    def _fits(self, table: Table) -> Truth:
        """Return which images fit: what ends is there as it was, what begins is not."""
        before = np.arange(len(self.types)) - 1
        stood = ~self.is_new & np.isin(self.types[before], (INSERTED, LATER))
        ends = np.isin(self.types, (EARLIER, DELETED))
        whose = np.flatnonzero(ends & stood)
        is_other = np.zeros(len(ends), dtype=bool)
        is_other[whose] = differ(self.images, self.images, before[whose], whose, table)
        is_second = ~self.is_new & (self.types[before] == EARLIER) & (self.batch[before] == self.batch)
        is_free = self.is_new | (self.types[before] == DELETED)
        return np.select([ends, self.types == LATER], [stood & ~is_other, is_second], is_free)

    def sums(self, tables: Sequence[Table]) -> Iterator[RowSum]:
        """Yield the sum of their rows after each batch; `tables` is the table by the rule of each."""
        by_batch = np.argsort(self.batch, kind="stable")
        of_batch = np.split(by_batch, np.searchsorted(self.batch[by_batch], np.arange(1, len(tables))))
        first = np.flatnonzero(changes(self.patient))
        n = np.diff(np.append(first, len(self.patient)))
        total, every = NO_ROWS, np.arange(len(self.patient))
        for number, (table, came) in enumerate(zip(tables, of_batch)):
            if not number or table.columns != tables[number - 1].columns:
                total = self._sum(number, every, table)
            elif len(came):
                touched = np.unique(self.patient[came])
                theirs = spread(first[touched], n[touched])
                total = total.minus(self._sum(number - 1, theirs, table)).plus(self._sum(number, theirs, table))
            yield total

    def _sum(self, number: int, images: Rows, table: Table) -> RowSum:
        """Return the sum of those of some images that stand after a batch, in the columns of a table."""
        standing = images[(self.batch[images] <= number) & (number < self.until[images])]
        rows = self.images.select([column.name for column in table.columns]).take(pa.array(standing))
        return sum_in_order(rows, table)

    def _first(self, is_wrong: Truth, why: str) -> Iterator[Misfit]:
        """Yield, of images that are wrong, the first that came."""
        wrong = np.flatnonzero(is_wrong)
        if len(wrong):
            first = wrong[np.argmin(self.batch[wrong])]
            type_, key = CHANGE_TYPES[self.types[first]], self.images[ROW_KEY][int(first)].as_py()
            yield Misfit(int(self.batch[first]), f"{type_} {why.format(key)}")
