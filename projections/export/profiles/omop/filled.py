"""Tables of OMOP filled: every column of the model, null where the registry has nothing, texts of no more than fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.tables import LOGICAL_TYPES
from projections.errors import ProfileError
from projections.export.profiles.omop.declared import CDM, LENGTHS

if TYPE_CHECKING:
    from projections.export.profiles.omop.counts import Counts

NAME: Final = "omop"
INTEGER_AT_MOST: Final = np.iinfo(np.int32).max  # of the model


def filled(name: str, columns: Mapping[str, ArrowArray], *, n: int, counts: Counts) -> ArrowTable:
    """Return a table of n rows with all its columns; texts that are too long are cut, and counted."""
    arrays = {}
    for column in CDM[name].columns:
        kind = LOGICAL_TYPES[column.type]
        array = columns[column.name].cast(kind) if column.name in columns else pa.nulls(n, kind)
        limit = LENGTHS[name].get(column.name)
        arrays[column.name] = array if limit is None else _cut(array, limit, f"{name}.{column.name}", counts)
    return CDM[name].of(arrays)


def numbered_rows(name: str, n: int, *, after: int) -> ArrowArray:
    """Return numbers for n rows of a table, on from those before.

    Raises `ProfileError` beyond what a whole number of the model can be.
    """
    if after + n > INTEGER_AT_MOST:
        raise ProfileError(NAME, f"{name} has more than {INTEGER_AT_MOST:,} rows, the most that the model can number")
    return pa.array(np.arange(after + 1, after + n + 1), pa.int32())


def in_order_of_persons(rows: ArrowTable, by: str) -> ArrowTable:
    """Return rows by person, then by a column without nulls, ties as they stood."""
    order = np.lexsort(
        (rows[by].cast(pa.int32() if pa.types.is_date(rows[by].type) else pa.int64()), rows["person_id"])
    )
    return rows.take(pa.array(order))


def _cut(texts: ArrowArray, limit: int, column: str, counts: Counts) -> ArrowArray:
    long = pc.sum(pc.greater(pc.utf8_length(texts), limit)).as_py() or 0
    if not long:
        return texts
    counts.shortened[column] += long
    return pc.utf8_slice_codeunits(texts, 0, limit)
