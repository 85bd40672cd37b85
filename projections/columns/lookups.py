"""Columns whose values depend on a small number in each row: looked up in a table with one entry a number."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray
from projections.columns.coded import Coded, Rows

WORTH_THREADS: Final = 50_000  # rows: below, starting the threads takes longer than the work


class Lookup(NamedTuple):
    """One number a row, in an Arrow array; `used` are the numbers that occur."""

    numbers: ArrowArray
    used: Rows

    @classmethod
    def of(cls, numbers: npt.NDArray[Any]) -> Self:
        """Return numbers with those that occur."""
        rows = pa.array(numbers)
        return cls(rows, pc.unique(rows).to_numpy().astype(np.intp))

    def column(self, table: Coded | ArrowArray) -> ArrowArray:
        """Return the column of a table's entries; of words, those that no row has are left out."""
        if isinstance(table, Coded):
            codes = np.full(len(table.codes), table.codes[self.used[0]] if len(self.used) else -1, dtype=np.int32)
            codes[self.used] = table.codes[self.used]
            table = Coded(codes, table.words).array()
        return table.take(self.numbers)

    def columns(self, tables: Mapping[str, Coded | ArrowArray]) -> dict[str, ArrowArray]:
        """Return the columns of several tables; long ones at the same time: Arrow needs no interpreter for them."""
        if len(self.numbers) < WORTH_THREADS:
            return {name: self.column(table) for name, table in tables.items()}
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
            return dict(zip(tables, threads.map(self.column, tables.values())))


def looked_up(table: npt.NDArray[Any], numbers: npt.NDArray[np.unsignedinteger[Any]]) -> npt.NDArray[Any]:
    """Return the values that a table has for numbers, in their shape; NumPy would widen the numbers first."""
    values = pa.array(table).take(pa.array(numbers.reshape(-1)))
    return np.asarray(values.to_numpy(zero_copy_only=False)).reshape(numbers.shape)
