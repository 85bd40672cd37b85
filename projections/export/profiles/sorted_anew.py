"""Rows brought into a new order, over all ranges of patients, without all of them in memory.

Ranges are cut by the old pseudonyms. Rows that came out range by range would tell in which range a patient was, and so
how the old pseudonym begins. So the rows of each range are put aside, apart by where the new pseudonym lies, and are
taken from all ranges together: as many parts as there were ranges, by the new pseudonyms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import Coded, coded, day_numbers, in_order
from projections.columns.tables import Table
from projections.log.unnamed_files import UnnamedFiles

LEADING: Final = 8  # hexadecimal digits of a new pseudonym that say where it lies
PartOf = Callable[[ArrowTable, int], npt.NDArray[np.int64]]
ROWS: Final = "rows"
PUT_ASIDE: Final = pa.ipc.IpcWriteOptions(compression="lz4")


class _Place(NamedTuple):
    """Where the rows of one table of one range lie in the file of the range."""

    start: int
    size: int


class PutAside:
    """Rows of released tables, range by range, that are taken part by part; `part_of` says in which each row is.

    Raises `TemporaryFilesError` where there is no room for them.
    """

    def __init__(self, n: int, *, part_of: PartOf | None = None) -> None:
        self._n = n
        self._part_of = part_of or part_of_new_name
        self._files = UnnamedFiles()
        self._places: dict[str, list[tuple[str, _Place]]] = {}

    def put(self, number: int, tables: Iterable[tuple[str, ArrowTable]]) -> None:
        """Put aside the tables of one range of patients, one after the other."""
        with self._files.written(str(number), ROWS) as file:
            start = 0
            for name, rows in tables:
                written = self._by_part(rows)
                file.write(written)
                self._places.setdefault(name, []).append((str(number), _Place(start, written.size)))
                start += written.size

    def taken(self, name: str, part: int) -> ArrowTable:
        """Return the rows of one table in one part, in any order."""
        batches = []
        for number, place in self._places[name]:
            whole = self._files.opened(number, ROWS)
            whole.seek(place.start)
            batches.append(pa.ipc.open_file(pa.BufferReader(whole.read_buffer(place.size))).get_batch(part))
        return pa.concat_tables([pa.Table.from_batches([each]) for each in batches]).unify_dictionaries()

    def _by_part(self, rows: ArrowTable) -> Any:
        """Return rows as bytes in which each part is a batch."""
        parts = self._part_of(rows, self._n)
        order = np.argsort(parts, kind="stable")
        ends = np.searchsorted(parts[order], np.arange(self._n), side="right").tolist()
        arrays = [_whole(column.take(pa.array(order))) for column in rows.columns]
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, rows.schema, options=PUT_ASIDE) as writer:
            for start, end in zip([0, *ends], ends):
                slices = [array.slice(start, end - start) for array in arrays]
                writer.write_batch(pa.RecordBatch.from_arrays(slices, schema=rows.schema))
        return sink.getvalue()


def sorted_rows(rows: ArrowTable, declared: Table) -> ArrowTable:
    """Return the rows of a released table in its order, ties by its key: nothing of the old order is left."""
    names = dict.fromkeys((*declared.order, *declared.key))
    keys = [_sort_key(rows[name]) for name in names]
    taken = rows.take(pa.array(in_order(*keys)))
    return declared.of({name: _tidy(taken[name]) for name in taken.column_names})


def part_of_new_name(rows: ArrowTable, n: int) -> npt.NDArray[np.int64]:
    """Return the part of each row, of n, by where the new pseudonym lies among all that there could be."""
    found = coded(rows["patient"])
    of_words = [int(word[:LEADING], 16) * n >> 4 * LEADING for word in found.words.to_pylist()]
    return np.array(of_words, dtype=np.int64)[found.codes] if of_words else np.zeros(0, dtype=np.int64)


def _sort_key(column: ArrowArray) -> Coded | npt.NDArray[Any]:
    if pa.types.is_string(column.type) or pa.types.is_dictionary(column.type):
        return coded(column)
    if pa.types.is_date(column.type):
        return day_numbers(column)
    lowest = np.iinfo(np.int32).min
    numbers = column.cast(pa.int64()).fill_null(lowest)
    return np.asarray(numbers.to_numpy(), dtype=np.int64)


def _tidy(column: ArrowArray) -> ArrowArray:
    """Return a column, of words that repeat with no word that no row has."""
    return coded(column).array() if pa.types.is_dictionary(column.type) else column


def _whole(column: ArrowArray) -> ArrowArray:
    joined = column.combine_chunks()
    return joined if not isinstance(joined, pa.ChunkedArray) else joined.chunk(0)
