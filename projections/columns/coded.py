"""Words as numbers: a column of repeating texts as codes into the sorted list of its words.

Sorted by Unicode code point, so that comparing two codes compares two words, and sorting rows never touches a text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray

EPOCH: Final = date(1970, 1, 1).toordinal()
DAYS: Final = 1 << 32  # more than a day can be: one number orders groups, and the days within

Codes = npt.NDArray[np.int32]
Rows = npt.NDArray[np.intp]
Truth = npt.NDArray[np.bool_]


class Coded(NamedTuple):
    """A column as codes (one a row, -1 where null) into `words` (Arrow strings, sorted, distinct)."""

    codes: Codes
    words: ArrowArray

    def take(self, rows: Rows) -> Coded:
        """Return the column at some rows."""
        return Coded(self.codes[rows], self.words)

    def array(self) -> ArrowArray:
        """Return the column as an Arrow dictionary array that holds no word which no row has."""
        used = np.zeros(len(self.words) + 1, dtype=bool)
        used[self.codes] = True  # -1, the null, marks the extra place at the end
        used = used[:-1]
        codes, words = self.codes, self.words
        if not used.all():
            renumbered = np.append(np.cumsum(used, dtype=np.int32) - 1, np.int32(-1)).astype(np.int32)
            codes, words = renumbered[codes], words.filter(pa.array(used))
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), words)


Key = Coded | npt.NDArray[Any]


def coded(column: ArrowArray) -> Coded:
    """Return an Arrow column of texts as codes."""
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    words = encoded.dictionary
    if pc.all(pc.less(words[:-1], words[1:])).as_py():
        return Coded(codes, words)
    order = pc.sort_indices(words).to_numpy()
    rank = np.empty(len(order) + 1, dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    rank[-1] = -1
    return Coded(rank[codes], words.take(pa.array(order)))


def coded_alike(*columns: ArrowArray) -> list[Codes]:
    """Return Arrow columns of texts as codes into one list of words, so that those of one can be found in another."""
    codes = coded(end_to_end(*columns)).codes
    return np.split(codes, np.cumsum([len(column) for column in columns])[:-1])


def end_to_end(*columns: ArrowArray) -> ArrowArray:
    """Return Arrow columns of texts as one, each after the one before."""
    chunks = [chunk for each in columns for chunk in (each.chunks if isinstance(each, pa.ChunkedArray) else [each])]
    return pa.chunked_array([chunk.cast(pa.string()) for chunk in chunks], pa.string())


def coded_words(known: Iterable[str | None]) -> tuple[dict[str | None, int], ArrowArray]:
    """Return the code of each word of a vocabulary, and the sorted words; None has the code -1."""
    words = sorted({each for each in known if each is not None})  # Python compares texts by code point
    codes: dict[str | None, int] = {each: code for code, each in enumerate(words)}
    return codes | {None: -1}, pa.array(words, pa.string())


def constant(value: str, rows: int) -> Coded:
    """Return a column that says the same in every row."""
    return Coded(np.zeros(rows, dtype=np.int32), pa.array([value]))


def in_order(*keys: Key, ties: Callable[[], Key] | None = None) -> Rows:
    """Return the rows in the order of the keys, the first counting most; nulls first, ties as they stood.

    `ties` is a last key, asked for only where rows are equal in all others.
    """
    numbers = combined(*keys)
    order = np.argsort(numbers, kind="stable")  # which is fast where they are nearly in order
    if ties is not None and np.any(numbers[order[1:]] == numbers[order[:-1]]):
        return in_order(numbers, ties())
    return order


def combined(*keys: Key) -> npt.NDArray[np.int64]:
    """Return one number for each row: in the order of the keys, the first counting most, equal where all are equal."""
    numbers, size = np.zeros(1, dtype=np.int64), 1
    for key in keys:
        column = (key.codes if isinstance(key, Coded) else key).astype(np.int64)
        ranks = column - column.min(initial=np.iinfo(np.int64).max)
        n = int(ranks.max(initial=0)) + 1
        if size * n > np.iinfo(np.int64).max:
            (numbers, size), (ranks, n) = _ranked(numbers), _ranked(ranks)
        numbers, size = numbers * n + ranks, size * n
    return numbers


def moments(group: npt.NDArray[Any], day: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return one number for each group and day: groups one after the other, days in order within."""
    return np.asarray(group.astype(np.int64) * DAYS + day + DAYS // 2, dtype=np.int64)


def changes(numbers: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Return which rows have another number than the row before; the first has."""
    changed = np.ones(len(numbers), dtype=np.bool_)
    changed[1:] = numbers[1:] != numbers[:-1]
    return changed


def summed(values: npt.NDArray[Any], into: Rows, *, n: int) -> npt.NDArray[np.int64]:
    """Return n sums: of the values that go into each place; 0 where none does."""
    sums = np.zeros(n, dtype=np.int64)
    np.add.at(sums, into, values)
    return sums


def _ranked(numbers: npt.NDArray[Any]) -> tuple[Rows, int]:
    """Return the rank of each number, from 0, and how many ranks there are."""
    distinct, ranks = np.unique(numbers, return_inverse=True)
    return ranks, len(distinct)


def day_number(day: date) -> int:
    """Return a day as days since 1970."""
    return day.toordinal() - EPOCH


def day_numbers(column: ArrowArray) -> npt.NDArray[np.int32]:
    """Return an Arrow column of days as days since 1970; the lowest number stands for null, and sorts first."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    numbers = array.cast(pa.int32()).fill_null(np.iinfo(np.int32).min)
    return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.int32)
