"""Which rows of two tables can differ at all: of each patient, those between the first and the last that do.

The rows of most patients are the same before and after but for a few, and stand in the same order. So the rows of a
patient are compared from the first on and from the last on, until two are different, column by column and without any
key; what is left are few rows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable, truth
from projections.columns.coded import Codes, Rows, changes
from projections.columns.tables import Column, Table

Numbers = npt.NDArray[np.int64]


class _Runs(NamedTuple):
    """The rows of each patient in a table: the first, and how many; patients have the same places in both tables."""

    first: Numbers
    n: Numbers

    @classmethod
    def of(cls, patients: Codes, n_patients: int) -> _Runs:
        begins = np.flatnonzero(changes(patients))
        first = np.zeros(n_patients, dtype=np.int64)
        first[patients[begins]] = begins
        return cls(first, np.bincount(patients, minlength=n_patients))


def unlike(before: ArrowTable, after: ArrowTable, table: Table) -> tuple[Rows, Rows]:
    """Return the rows of each of two tables that stand between the first and the last difference of their patient.

    In both the rows of a patient stand together.
    """
    codes = _alike(_whole(before["patient"]), _whole(after["patient"]))
    n_patients = max(int(each.max(initial=-1)) for each in codes) + 1
    one, other = (_Runs.of(each, n_patients) for each in codes)
    common = np.minimum(one.n, other.n)
    head = _same(before, after, table, (one.first, other.first), common, step=1)
    last = (one.first + one.n - 1, other.first + other.n - 1)
    tail = _same(before, after, table, last, common - head, step=-1)
    return tuple(spread(each.first + head, each.n - head - tail) for each in (one, other))  # type: ignore[return-value]


def differ(before: ArrowTable, after: ArrowTable, first: Rows, second: Rows, table: Table) -> npt.NDArray[np.bool_]:
    """Return which rows of the first table differ from as many of the second in some column."""
    earlier, later = _at(before, first), _at(after, second)
    found = np.zeros(len(first), dtype=bool)
    for column in table.columns:
        found |= _unequal(column, _whole(earlier[column.name]), _whole(later[column.name]))
    return found


def _at(table: ArrowTable, rows: Rows) -> ArrowTable:
    """Return some rows of a table; where they are all of them in order, nothing is copied."""
    is_whole = len(rows) == len(table) and np.array_equal(rows, np.arange(len(rows)))
    return table if is_whole else table.take(pa.array(rows))


def _same(
    before: ArrowTable, after: ArrowTable, table: Table, begin: tuple[Numbers, Numbers], n: Numbers, *, step: int
) -> Numbers:
    """Return how many of n rows of each patient are the same in both tables, from one row on, up or down."""
    places = spread(np.zeros_like(n), n)
    rows = [np.repeat(each, n) + step * places for each in begin]
    until = np.where(differ(before, after, rows[0], rows[1], table), places, np.repeat(n, n))
    same, some = n.copy(), np.flatnonzero(n)
    if len(some):
        same[some] = np.minimum.reduceat(until, np.cumsum(n[some]) - n[some])
    return same


def spread(first: Numbers, n: Numbers) -> Numbers:
    """Return the numbers from each first on, n of each, one after the other."""
    ends = np.cumsum(n)
    numbers: Numbers = np.arange(n.sum()) + np.repeat(first - (ends - n), n)
    return numbers


def _unequal(column: Column, earlier: ArrowArray, later: ArrowArray) -> npt.NDArray[np.bool_]:
    if column.few:
        one, other = _alike(earlier, later)
        return np.asarray(one != other)
    if column.type == "list<string>":
        return _unequal_lists(earlier, later)
    return _unequal_values(earlier, later)


def _unequal_values(earlier: ArrowArray, later: ArrowArray) -> npt.NDArray[np.bool_]:
    same = pc.fill_null(pc.equal(earlier, later), False)
    if earlier.null_count and later.null_count:
        same = pc.or_(same, pc.and_(earlier.is_null(), later.is_null()))
    return truth(pc.invert(same))


def _unequal_lists(earlier: ArrowArray, later: ArrowArray) -> npt.NDArray[np.bool_]:
    """Return which lists differ: in being there, in their lengths, or in some element."""
    lengths = [pc.fill_null(pc.list_value_length(each), -1).to_numpy() for each in (earlier, later)]
    found = np.asarray(lengths[0] != lengths[1])
    alike = pa.array(~found)
    unequal = _unequal_values(earlier.filter(alike).flatten(), later.filter(alike).flatten())
    owner = np.repeat(np.flatnonzero(~found), np.maximum(lengths[0][~found], 0))
    found[owner[unequal]] = True
    return found


def _alike(one: ArrowArray, other: ArrowArray) -> tuple[Codes, Codes]:
    """Return two columns of words as codes that are the same for the same word, -1 where null."""
    one, other = (each if pa.types.is_dictionary(each.type) else each.dictionary_encode() for each in (one, other))
    if one.dictionary.equals(other.dictionary):
        return _codes(one), _codes(other)
    place = pc.index_in(other.dictionary, value_set=one.dictionary)
    new = np.arange(len(place)) + len(one.dictionary)
    code = np.append(np.where(place.is_valid(), place.fill_null(0), new), -1).astype(np.int32)
    return _codes(one), code[_codes(other)]


def _codes(words: ArrowArray) -> Codes:
    codes: Codes = words.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return codes


def _whole(column: ArrowArray) -> ArrowArray:
    """Return a column as one array, with one list of words where words repeat."""
    if isinstance(column, pa.ChunkedArray) and pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
