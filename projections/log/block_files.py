"""The files of a block: one a kind of fact, by patient and position; what was measured at visits has its own.

Rows of a patient stand together, so that a range of patients is read from few row groups. Each row group of visits has
its measurements in the row group of the same number: a flat file is read four times as fast as nested lists.

Parquet guards its pages by checksums, and nothing guards the footer that says where they are and what they mean: the
digest of each footer is kept by whoever keeps the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from projections.columns.arrow import ArrowArray, ArrowSchema, ArrowTable

if TYPE_CHECKING:
    from registry.store.blocks_folder import BlocksFolder

GROUP_ROWS: Final = 16_384
GROUPS_AT_ONCE: Final = 8  # at least, while files are merged; of each file about one is read, and few twice
LISTS: Final = "measures"
MEASUREMENT: Final = "measurement"
COUNT: Final = "n_measures"
UNLIKE: Final = frozenset(("position", "fact", "grades"))  # hardly ever the same in two rows
FOOTER_END: Final = 8  # bytes at the end of a file: the length of its footer in four, and a mark

Footers = Mapping[str, str]  # SHA-256 of the footer of each file, in hexadecimal, by the name of the file


class Patients(NamedTuple):
    """A range of pseudonyms in the order of their code points, both ends included."""

    first: str
    last: str

    def of(self, events: ArrowTable) -> ArrowTable:
        """Return the events of these patients."""
        name = events["patient"]
        return events.filter(pc.and_(pc.greater_equal(name, self.first), pc.less_equal(name, self.last)))


class KindFile(NamedTuple):
    """The events of one kind of fact in the block of a name."""

    folder: BlocksFolder
    name: str
    kind: str
    footers: Footers

    def read(self, patients: Patients | None = None) -> ArrowTable:
        """Return the events as they were written; with `patients` those of a range of them.

        Raises `OSError` or an exception of Arrow where they cannot be read or are damaged.
        """
        with self._opened(_file(self.kind)) as file:
            groups = _groups(file, patients)
            events = file.read_row_groups(groups)
        if COUNT in events.column_names:
            with self._opened(_measures_file(self.kind)) as file:
                taken = file.read_row_groups(groups)[MEASUREMENT].unify_dictionaries().combine_chunks()
            events = events.drop_columns(COUNT).append_column(LISTS, _lists(events[COUNT].combine_chunks(), taken))
        return events if patients is None else patients.of(events)

    def places(self) -> ArrowTable:
        """Return the `patient` and `position` of the events. Raises as `read`."""
        with self._opened(_file(self.kind)) as file:
            return file.read(columns=["patient", "position"])

    def groups(self) -> list[tuple[str, int]]:
        """Return the last patient and the number of rows of each row group."""
        with self._opened(_file(self.kind)) as file:
            return [(group.max, group.num_values) for group in _statistics(file)]

    @contextmanager
    def _opened(self, file: str) -> Iterator[pq.ParquetFile]:
        with self.folder.opened(self.name, file) as source:
            if _footer_digest(source) != self.footers[file]:
                raise OSError(f"{self.name}/{file} is damaged")
            far = not self.folder.is_local
            with pq.ParquetFile(source, pre_buffer=far, page_checksum_verification=True) as opened:
                yield opened


def write_kind(folder: BlocksFolder, name: str, kind: str, pieces: Iterable[ArrowTable]) -> dict[str, str]:
    """Write the events of one kind, given by ascending ranges of patients; return the footers' digests by file."""
    files: dict[str, pq.ParquetWriter] = {}
    with ExitStack() as opened:
        for group in _sorted_groups(pieces):
            for file, table in _parted(kind, group).items():
                if file not in files:
                    sink = opened.enter_context(folder.written(name, file))
                    writer = _writer(sink, table.schema)
                    files[file] = opened.enter_context(writer)
                files[file].write_table(table, row_group_size=max(table.num_rows, 1))
    return {file: _footer_of(folder, name, file) for file in files}


def merged(sources: Sequence[KindFile]) -> Iterator[ArrowTable]:
    """Yield the events of several files by ascending ranges of patients, a bounded number of rows at a time."""
    first, rows, at_once = "", 0, max(len(sources), GROUPS_AT_ONCE) * GROUP_ROWS
    groups = sorted(group for source in sources for group in source.groups())
    for place, (last, size) in enumerate(groups, start=1):
        rows += size
        if rows >= at_once or place == len(groups):
            yield pa.concat_tables([source.read(Patients(first, last)) for source in sources])
            first, rows = last + "\0", 0  # the next text after the last


def is_there(kind: str, footers: Footers) -> bool:
    """Return whether there are events of a kind among files."""
    return _file(kind) in footers


def _sorted_groups(pieces: Iterable[ArrowTable]) -> Iterator[ArrowTable]:
    for piece in pieces:
        events = piece.combine_chunks().sort_by([("patient", "ascending"), ("position", "ascending")]).combine_chunks()
        for start in range(0, events.num_rows, GROUP_ROWS):
            yield events.slice(start, GROUP_ROWS)


def _writer(sink: Any, schema: ArrowSchema) -> pq.ParquetWriter:
    repeating = [name for name in schema.names if name not in UNLIKE]
    return pq.ParquetWriter(sink, schema, compression="lz4", use_dictionary=repeating, write_page_checksum=True)


def _parted(kind: str, events: ArrowTable) -> dict[str, ArrowTable]:
    """Return a row group for each file of a kind."""
    if LISTS not in events.column_names:
        return {_file(kind): events}
    lists = events[LISTS].combine_chunks()
    flat = events.drop_columns(LISTS).append_column(COUNT, pc.list_value_length(lists))
    return {_file(kind): flat, _measures_file(kind): pa.table({MEASUREMENT: lists.flatten()})}


def _lists(counts: ArrowArray, taken: ArrowArray) -> ArrowArray:
    offsets = np.concatenate([[0], np.cumsum(counts.fill_null(0).to_numpy(zero_copy_only=False))]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), taken, mask=pc.is_null(counts))


def _groups(file: pq.ParquetFile, patients: Patients | None) -> list[int]:
    """Return the row groups that can hold a range of patients."""
    return [
        number
        for number, group in enumerate(_statistics(file))
        if patients is None or (group.min <= patients.last and group.max >= patients.first)
    ]


def _statistics(file: pq.ParquetFile) -> list[pq.Statistics]:
    """Return what each row group says of its patients."""
    column = file.schema_arrow.get_field_index("patient")
    metadata = file.metadata
    return [metadata.row_group(number).column(column).statistics for number in range(metadata.num_row_groups)]


def _footer_of(folder: BlocksFolder, name: str, file: str) -> str:
    with folder.opened(name, file) as source:
        return _footer_digest(source)


def _footer_digest(source: Any) -> str:
    end = source.size()
    length = int.from_bytes(source.read_at(4, end - FOOTER_END), "little") if end > FOOTER_END else 0
    return sha256(source.read_at(min(length + FOOTER_END, end), max(end - FOOTER_END - length, 0))).hexdigest()


def _file(kind: str) -> str:
    return f"{kind}.parquet"


def _measures_file(kind: str) -> str:
    return f"{kind}.measures.parquet"
