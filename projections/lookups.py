"""Columns whose values depend on a small number in each row: looked up in a table with one entry a number."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.coded import Coded, Rows


class Lookup(NamedTuple):
    """One number a row, in an Arrow array; `used` are the numbers that occur."""

    numbers: Any
    used: Rows

    @classmethod
    def of(cls, numbers: npt.NDArray[Any]) -> Self:
        """Return numbers with those that occur."""
        rows = pa.array(numbers)
        return cls(rows, pc.unique(rows).to_numpy().astype(np.intp))

    def words(self, table: Coded) -> Any:
        """Return the words of the rows, as an Arrow dictionary array that holds no word which no row has."""
        codes = np.full(len(table.codes), table.codes[self.used[0]] if len(self.used) else -1, dtype=np.int32)
        codes[self.used] = table.codes[self.used]
        return _taken(Coded(codes, table.words).array(), self.numbers)

    def values(self, table: Any) -> Any:
        """Return the values of the rows, given those of a table as an Arrow array."""
        return _taken(table, self.numbers)


def looked_up(table: npt.NDArray[Any], numbers: npt.NDArray[np.unsignedinteger[Any]]) -> npt.NDArray[Any]:
    """Return the values that a table has for numbers, in their shape; NumPy would widen the numbers first."""
    found = pa.array(table).take(pa.array(numbers.reshape(-1)))
    return np.asarray(found.to_numpy(zero_copy_only=False)).reshape(numbers.shape)


def _taken(table: Any, numbers: Any) -> Any:
    return table.take(numbers)
