"""The files of a segment: one a kind of fact, by patient and position; what was measured at visits has its own.

Rows of a patient stand together, so that a range of patients is read from few row groups. Each row group of visits has
its measurements in the row group of the same number: a flat file is read four times as fast as nested lists.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

GROUP_ROWS: Final = 16_384
LISTS: Final = "measures"
MEASUREMENT: Final = "measurement"
COUNT: Final = "n_measures"


class Patients(NamedTuple):
    """A range of pseudonyms in the order of their code points, both ends included."""

    first: str
    last: str

    def of(self, events: Any) -> Any:
        """Return the events of these patients."""
        name = events["patient"]
        return events.filter(pc.and_(pc.greater_equal(name, self.first), pc.less_equal(name, self.last)))


def write_kind(folder: Path, kind: str, events: Any) -> None:
    """Write the events of one kind."""
    events = events.combine_chunks().sort_by([("patient", "ascending"), ("position", "ascending")]).combine_chunks()
    lists = events[LISTS].combine_chunks() if LISTS in events.column_names else None
    if lists is not None:
        counts = pc.list_value_length(lists)
        events = events.drop_columns(LISTS).append_column(COUNT, counts)
        bounds = np.concatenate([[0], np.cumsum(counts.fill_null(0).to_numpy(zero_copy_only=False))])
        values = pa.table({MEASUREMENT: lists.flatten()})
        _write(
            _measures_file(folder, kind),
            values.schema,
            (
                values.slice(bounds[start], bounds[min(start + GROUP_ROWS, len(lists))] - bounds[start])
                for start in range(0, len(lists), GROUP_ROWS)
            ),
        )
    groups = (events.slice(start, GROUP_ROWS) for start in range(0, events.num_rows, GROUP_ROWS))
    _write(_file(folder, kind), events.schema, groups)


def read_kind(folder: Path, kind: str, patients: Patients | None = None) -> Any:
    """Return the events of one kind, as they were written; with `patients` those of a range of them."""
    with _opened(_file(folder, kind)) as file:
        groups = _groups(file, patients)
        events = file.read_row_groups(groups)
    if COUNT in events.column_names:
        with _opened(_measures_file(folder, kind)) as file:
            taken = file.read_row_groups(groups)[MEASUREMENT].unify_dictionaries().combine_chunks()
        events = events.drop_columns(COUNT).append_column(LISTS, _lists(events[COUNT].combine_chunks(), taken))
    return events if patients is None else patients.of(events)


def _lists(counts: Any, taken: Any) -> Any:
    offsets = np.concatenate([[0], np.cumsum(counts.fill_null(0).to_numpy(zero_copy_only=False))]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), taken, mask=pc.is_null(counts))


def _groups(file: Any, patients: Patients | None) -> list[int]:
    """Return the row groups that can hold a range of patients."""
    every = list(range(file.metadata.num_row_groups))
    if patients is None:
        return every
    column = file.schema_arrow.get_field_index("patient")
    ranges = [file.metadata.row_group(number).column(column).statistics for number in every]
    return [
        number for number, found in zip(every, ranges) if found.min <= patients.last and found.max >= patients.first
    ]


def _write(path: Path, schema: Any, groups: Iterable[Any]) -> None:
    with pq.ParquetWriter(path, schema, compression="lz4", write_page_checksum=True) as writer:
        for group in groups:
            writer.write_table(group, row_group_size=max(group.num_rows, 1))


def _opened(path: Path) -> Any:
    return pq.ParquetFile(path, memory_map=True, page_checksum_verification=True)


def _file(folder: Path, kind: str) -> Path:
    return folder / f"{kind}.parquet"


def _measures_file(folder: Path, kind: str) -> Path:
    return folder / f"{kind}.measures.parquet"
