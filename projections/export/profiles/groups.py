"""How small the groups are of patients whom nobody can tell apart by what an acquaintance knows: k-anonymity.

Each different combination of the quasi-identifiers is a group. A missing value is a value of its own: taken for one
that fits all, as some do, it would make groups larger than whoever looks finds them. Onset counts by the year that it
is given in. Measured is the release itself, as if whoever looks knew that the person is in it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.tables import Table

KNOWN_TO_OTHERS: Final = ("place", "birth", "quasi")
LIMITS: Final = (2, 3, 5, 11)  # 11: a probability of 0.09, as EMA and Health Canada ask for where all can read it
BY_YEAR: Final = "symptom_onset"


def quasi_identifiers(patients: Table) -> tuple[str, ...]:
    """Return the columns of a table of patients that others may know of a person, in order."""
    return tuple(c.name for c in patients.columns if c.sensitivity in KNOWN_TO_OTHERS or c.name == BY_YEAR)


def group_sizes(patients: ArrowTable, columns: Collection[str]) -> npt.NDArray[np.int64]:
    """Return the size of the group of each patient of a released table, by some columns."""
    if not patients.num_rows:
        return np.zeros(0, dtype=np.int64)
    numbers = np.zeros(patients.num_rows, dtype=np.int64)
    for name in columns:
        codes = _alike(patients[name]).dictionary_encode(null_encoding="encode").combine_chunks()
        column = codes.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        numbers = np.unique(numbers * (column.max() + 1) + column, return_inverse=True)[1].reshape(-1)
    return np.asarray(np.bincount(numbers)[numbers], dtype=np.int64)


def report(patients: ArrowTable, columns: Sequence[str]) -> dict[str, Any]:
    """Return the report of a released table of patients: the smallest group, how many groups, who is in small ones.

    `smallest_without` is what the smallest group would be if one column were left out.
    """
    sizes = group_sizes(patients, columns)
    return {
        "quasi_identifiers": list(columns),
        "patients": len(sizes),
        "groups": round(float((1 / sizes).sum())) if len(sizes) else 0,
        "smallest_group": _smallest(sizes),
        "in_groups_below": {str(limit): int((sizes < limit).sum()) for limit in LIMITS},
        "smallest_without": {
            name: _smallest(group_sizes(patients, [each for each in columns if each != name])) for name in columns
        },
    }


def _smallest(sizes: npt.NDArray[np.int64]) -> int:
    return int(sizes.min()) if len(sizes) else 0


def _alike(column: ArrowArray) -> ArrowArray:
    """Return a column with texts for what is a list, and years for days."""
    if pa.types.is_list(column.type):
        joined = [None if words is None else " ".join(sorted(words)) for words in column.to_pylist()]
        return pa.chunked_array([pa.array(joined, pa.string())])
    if pa.types.is_date(column.type):
        return pc.year(column)
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
