"""Words as numbers: a column of repeating texts as codes into the sorted list of its words.

Sorted by Unicode code point, so that comparing two codes compares two words, and sorting rows never touches a text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Codes = npt.NDArray[np.int32]
Rows = npt.NDArray[np.intp]


class Coded(NamedTuple):
    """A column as codes (one a row, -1 where null) into `words` (Arrow strings, sorted, distinct)."""

    codes: Codes
    words: Any

    def take(self, rows: Rows) -> Coded:
        """Return the column at some rows."""
        return Coded(self.codes[rows], self.words)

    def array(self) -> Any:
        """Return the column as an Arrow dictionary array that holds no word which no row has."""
        used = np.zeros(len(self.words) + 1, dtype=bool)
        used[self.codes] = True  # -1, the null, marks the extra place at the end
        used = used[:-1]
        codes, words = self.codes, self.words
        if not used.all():
            renumbered = np.append(np.cumsum(used, dtype=np.int32) - 1, np.int32(-1)).astype(np.int32)
            codes, words = renumbered[codes], words.filter(pa.array(used))
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), words)


def coded(column: Any) -> Coded:
    """Return an Arrow column of texts as codes."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order) + 1, dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    rank[-1] = -1
    found = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return Coded(rank[found], encoded.dictionary.take(pa.array(order)))


def coded_words(known: Iterable[str | None]) -> tuple[dict[str | None, int], Any]:
    """Return the code of each word of a vocabulary, and the sorted words; None has the code -1."""
    words = sorted({each for each in known if each is not None})  # Python compares texts by code point
    codes: dict[str | None, int] = {each: code for code, each in enumerate(words)}
    return codes | {None: -1}, pa.array(words, pa.string())


def constant(value: str, rows: int) -> Coded:
    """Return a column that says the same in every row."""
    return Coded(np.zeros(rows, dtype=np.int32), pa.array([value]))


def in_order(*keys: Coded | npt.NDArray[Any]) -> Rows:
    """Return the rows in the order of the keys, the first counting most; nulls first, ties as they stood."""
    columns = [key.codes if isinstance(key, Coded) else key for key in keys]
    return np.lexsort(columns[::-1])


def day_numbers(column: Any) -> npt.NDArray[np.int32]:
    """Return an Arrow column of days as days since 1970; the lowest number stands for null, and sorts first."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    numbers = array.cast(pa.int32()).fill_null(np.iinfo(np.int32).min)
    return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.int32)
