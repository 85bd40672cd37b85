"""What has to be done to the rows of a table so that they become others: inserted, updated, deleted, by their key.

Of a row that is updated both images stand, the earlier one first. Columns are compared as they are stored; a row of
which no column differs is not there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import Coded, Rows, changes, end_to_end
from projections.columns.tables import Column, Table
from projections.feed.batch_files import Counts
from projections.feed.row_keys import RowKeys, both_sorted
from projections.feed.unlike_rows import differ, unlike

DELETE, INSERT, POSTIMAGE, PREIMAGE = CHANGE_TYPES = ("delete", "insert", "update_postimage", "update_preimage")


class RowChanges(NamedTuple):
    """Images of rows in the order of their keys, in the columns of their table; the text of each key; what each is."""

    rows: ArrowTable
    keys: ArrowArray
    types: ArrowArray

    @property
    def counts(self) -> Counts:
        """How many rows are inserted, updated, deleted."""
        n = dict(zip(self.types.dictionary.to_pylist(), np.bincount(self.types.indices.to_numpy()).tolist()))
        return Counts(insert=n.get(INSERT, 0), update=n.get(POSTIMAGE, 0), delete=n.get(DELETE, 0))


def row_changes(before: ArrowTable, after: ArrowTable, table: Table) -> RowChanges:
    """Return what changes from the rows of a table before to those after, both in its columns and by patient.

    It is found fastest where the rows of a patient stand in the same order in both.
    """
    if before.num_rows:
        in_before, in_after = unlike(before, after, table)
        before, after = before.take(pa.array(in_before)), after.take(pa.array(in_after))
    if not before.num_rows:
        return _all_inserted(after, table)
    keys, order = both_sorted(before, after, table.key)
    images = _Images.of(keys.numbers[order], order, before.num_rows)
    first, second = images.pairs
    chosen = order[kept := images.kept(differ(before, after, first, second, table))]
    return RowChanges(_taken(before, after, chosen, table), keys.texts(chosen), _words(images.types[kept]))


class _Images(NamedTuple):
    """Rows of two tables in the order of their keys: what each would be; which of them are two images of one row.

    `pairs` are the rows of the first table and those of the second; `second` where in the order these stand.
    """

    types: npt.NDArray[np.int8]
    pairs: tuple[Rows, Rows]
    second: Rows

    @classmethod
    def of(cls, numbers: npt.NDArray[np.int64], order: Rows, n_before: int) -> _Images:
        second = np.flatnonzero(~changes(numbers))
        types = np.where(order < n_before, CHANGE_TYPES.index(DELETE), CHANGE_TYPES.index(INSERT)).astype(np.int8)
        types[second], types[second - 1] = CHANGE_TYPES.index(POSTIMAGE), CHANGE_TYPES.index(PREIMAGE)
        return cls(types, (order[second - 1], order[second] - n_before), second)

    def kept(self, differs: npt.NDArray[np.bool_]) -> Rows:
        """Return where in the order the images stand that are changes; `differs` says so of the pairs."""
        is_kept = np.ones(len(self.types), dtype=bool)
        is_kept[self.second] = is_kept[self.second - 1] = differs
        return np.flatnonzero(is_kept)


def _all_inserted(rows: ArrowTable, table: Table) -> RowChanges:
    keys = RowKeys.of(rows, table.key)
    order = keys.order
    types = np.full(rows.num_rows, CHANGE_TYPES.index(INSERT), dtype=np.int8)
    return RowChanges(rows if order is None else rows.take(pa.array(order)), keys.texts(order), _words(types))


def _words(types: npt.NDArray[np.int8]) -> ArrowArray:
    return Coded(types.astype(np.int32), pa.array(CHANGE_TYPES)).array()


def _taken(before: ArrowTable, after: ArrowTable, rows: Rows, table: Table) -> ArrowTable:
    """Return some rows of two tables that stand one after the other, in the order in which they are given."""
    is_before = rows < before.num_rows
    parts = before.take(pa.array(rows[is_before])), after.take(pa.array(rows[~is_before] - before.num_rows))
    place = np.empty(len(rows), dtype=np.int64)
    place[is_before], place[~is_before] = np.split(np.arange(len(rows)), [is_before.sum()])
    columns = {column.name: _joined(column, *(part[column.name] for part in parts)) for column in table.columns}
    return table.of({name: column.take(pa.array(place)) for name, column in columns.items()})


def _joined(column: Column, before: ArrowArray, after: ArrowArray) -> ArrowArray:
    """Return a column of two tables as one; words that repeat are written out, for each has a list of its own."""
    if column.few:
        return end_to_end(before, after)
    return pa.chunked_array([chunk for each in (before, after) for chunk in each.chunks], before.type)
