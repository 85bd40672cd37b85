"""The versions of rows that images of batches begin and end: from which position on a row is known as it is, to which.

Of each row the images stand in the order in which they came: one that begins it, then perhaps one that ends it, and so
on. An image that ends what no image before it has begun ends what is there already.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable, truth
from projections.feed.change_files import BATCH, CHANGE_TYPE, KNOWN_FROM, POSITION, ROW_KEY
from projections.feed.replaying import LAST_IMAGES
from projections.feed.targets.sql_tables import KNOWN_FROM_POSITION, KNOWN_TO, KNOWN_TO_POSITION

ENDS_AT = {POSITION: KNOWN_TO_POSITION, KNOWN_FROM: KNOWN_TO}


class Versions(NamedTuple):
    """Versions that images begin, and where those end that were there before, by patient and key; both in key order."""

    begun: ArrowTable
    ending: ArrowTable

    @classmethod
    def of(cls, rows: ArrowTable) -> Versions:
        """Return the versions of rows of files of changes, in the order of keys, the images of a row as they came."""
        begins = pc.is_in(rows[CHANGE_TYPE].cast(pa.string()), value_set=pa.array(LAST_IMAGES))
        next_is_same = _next_is_same(rows[ROW_KEY].combine_chunks())
        is_first = pa.array(np.append(True, ~next_is_same[:-1])[: rows.num_rows])
        ending = rows.select(["patient", ROW_KEY, *ENDS_AT]).rename_columns(["patient", ROW_KEY, *ENDS_AT.values()])
        begun = rows.drop_columns([CHANGE_TYPE, BATCH, POSITION]).append_column(KNOWN_FROM_POSITION, rows[POSITION])
        for name, end in ENDS_AT.items():
            begun = begun.append_column(end, _of_next(rows[name], next_is_same))
        return cls(begun.filter(begins), ending.filter(pc.and_(pc.invert(begins), is_first)))


def _next_is_same(keys: ArrowArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return for each row whether the one after it has the same key."""
    same = truth(pc.equal(keys[:-1], keys[1:]))
    return np.append(same, False)[: len(keys)]


def _of_next(column: ArrowArray, next_is_same: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> ArrowArray:
    """Return of each row what the next one has, null where that is another's."""
    return column.take(pa.array(np.arange(1, len(column) + 1), mask=~next_is_same))
