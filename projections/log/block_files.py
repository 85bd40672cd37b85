"""The files of a block: one a kind of fact, by patient and position; what was measured at visits has its own.

Rows of a patient stand together, so that a range of patients is read from few row groups. Each row group of visits has
its measurements in the row group of the same number: a flat file is read four times as fast as nested lists.

Parquet guards its pages by checksums, and nothing guards the footer that says where they are and what they mean: the
digest of each footer is kept by whoever keeps the files. That shows damage, and not that somebody rewrote them: what is
read is held to have the columns of its kind and the positions of its block, and its values are believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from hashlib import sha256
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from projections.columns.arrow import ArrowArray, ArrowSchema, ArrowTable
from projections.log.decoding import no_events
from projections.log.layouts import EVENT_LAYOUTS

GROUP_ROWS: Final = 16_384
GROUPS_AT_ONCE: Final = 8  # at least, while files are merged; of each file about one is read, and few twice
LISTS: Final = "measures"
MEASUREMENT: Final = "measurement"
COUNT: Final = "n_measures"
UNLIKE: Final = frozenset(("position", "fact", "grades"))  # hardly ever the same in two rows
FOOTER_END: Final = 8  # bytes at the end of a file: the length of its footer in four, and a mark

REQUIRED: Final = (
    "position",
    "again",
    "recorded_at",
    "patient",
    "fact",
)  # columns without which no version can be told

Footers = Mapping[str, str]  # SHA-256 of the footer of each file, in hexadecimal, by the name of the file


class Patients(NamedTuple):
    """A range of pseudonyms in the order of their code points, both ends included."""

    first: str
    last: str

    def of(self, events: ArrowTable) -> ArrowTable:
        """Return the events of these patients."""
        name = events["patient"]
        return events.filter(pc.and_(pc.greater_equal(name, self.first), pc.less_equal(name, self.last)))


class FilesOfBlocks(Protocol):
    """Where the files of blocks are: a folder, or nowhere that has a name."""

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine."""

    def create(self, name: str) -> None:
        """Make room for the files of one block."""

    def remove(self, name: str) -> None:
        """Remove the files of one block."""

    def written(self, name: str, file: str) -> AbstractContextManager[Any]:
        """Lend a new file of one block, open for writing."""

    def opened(self, name: str, file: str) -> Any:
        """Return a file of one block, open for reading anywhere in it."""


class KindFile(NamedTuple):
    """The events of one kind of fact in the block of a name, which are after position `after` and up to `last`."""

    files: FilesOfBlocks
    name: str
    kind: str
    after: int
    last: int
    footers: Footers

    def read(self, patients: Patients | None = None) -> ArrowTable:
        """Return the events as they were written; with `patients` those of a range of them.

        Raises `OSError` or an exception of Arrow where they cannot be read, are damaged, or are none of this block.
        """
        with self._opened(_file(self.kind)) as file:
            groups = _groups(file, patients)
            events = self._whole(file.read_row_groups(groups), groups)
        return events if patients is None else patients.of(events)

    def read_group(self, number: int) -> ArrowTable:
        """Return the events of one row group. Raises as `read`."""
        with self._opened(_file(self.kind)) as file:
            return self._whole(file.read_row_group(number), [number])

    def places(self) -> ArrowTable:
        """Return the `patient` and `position` of the events. Raises as `read`."""
        with self._opened(_file(self.kind)) as file:
            places = file.read(columns=["patient", "position"])
        self._check(places, pa.schema([columns_of(self.kind).field(name) for name in places.column_names]))
        return places

    def groups(self) -> list[tuple[str, int]]:
        """Return the last patient and the number of rows of each row group. Raises as `read`."""
        with self._opened(_file(self.kind)) as file:
            return [(group.max, group.num_values) for group in _statistics(file)]

    def ends_of_groups(self) -> list[tuple[str, str]]:
        """Return the first and the last patient that each row group is said to have. Raises as `read`."""
        with self._opened(_file(self.kind)) as file:
            return [(group.min, group.max) for group in _statistics(file)]

    def _whole(self, events: ArrowTable, groups: Sequence[int]) -> ArrowTable:
        """Return the events of row groups with their measurements, where their kind has such."""
        if LISTS in columns_of(self.kind).names:
            with self._opened(_measures_file(self.kind)) as file:
                taken = _column(file.read_row_groups(groups), MEASUREMENT)
            counts = _column(events, COUNT)
            if (pc.sum(counts).as_py() or 0) != len(taken) or (pc.min(counts).as_py() or 0) < 0:
                raise self._other("measurements than its visits have")
            events = events.drop_columns(COUNT).append_column(LISTS, _lists(counts, taken))
        self._check(events, columns_of(self.kind))
        return events

    def _check(self, events: ArrowTable, columns: ArrowSchema) -> None:
        """Refuse what no block of this kind and stretch of the log can hold."""
        if events.schema != columns:
            raise self._other("columns than this spondyl makes")
        if any(events[name].null_count for name in REQUIRED if name in events.column_names):
            raise self._other("events without a place")
        ends = pc.min_max(events["position"]).as_py()
        if events.num_rows and not (self.after < ends["min"] and ends["max"] <= self.last):
            raise self._other("positions than the block")

    def _other(self, what: str) -> OSError:
        return OSError(f"{self.name}/{_file(self.kind)} has other {what}")

    @contextmanager
    def _opened(self, file: str) -> Iterator[pq.ParquetFile]:
        with self.files.opened(self.name, file) as source:
            if _footer_digest(source) != self.footers.get(file):
                raise OSError(f"{self.name}/{file} is damaged")
            far = not self.files.is_local
            with pq.ParquetFile(source, pre_buffer=far, page_checksum_verification=True) as opened:
                yield opened


@cache
def columns_of(kind: str) -> ArrowSchema:
    """Return the columns that the decoder makes of the events of a kind."""
    return no_events(EVENT_LAYOUTS[kind]).schema


def write_kind(folder: FilesOfBlocks, name: str, kind: str, pieces: Iterable[ArrowTable]) -> dict[str, str]:
    """Write the events of one kind, given by ascending ranges of patients; return the footers' digests by file."""
    files: dict[str, pq.ParquetWriter] = {}
    with ExitStack() as opened:
        for group in sorted_groups(pieces):
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


def sorted_groups(pieces: Iterable[ArrowTable]) -> Iterator[ArrowTable]:
    """Yield the rows of row groups, given events by ascending ranges of patients: by patient and position."""
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


def _column(rows: ArrowTable, name: str) -> ArrowArray:
    """Return a column in one piece. Raises `OSError` where there is none of that name."""
    if name not in rows.column_names:
        raise OSError(f"there is no column {name}")
    return rows[name].unify_dictionaries().combine_chunks()


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
    """Return what each row group says of its patients. Raises `OSError` where it says nothing."""
    metadata = file.metadata
    columns = [metadata.schema.column(number).path for number in range(metadata.num_columns)]
    place = columns.index("patient") if "patient" in columns else None
    said = [
        None if place is None else metadata.row_group(number).column(place).statistics
        for number in range(metadata.num_row_groups)
    ]
    if not all(each is not None and each.has_min_max and isinstance(each.min, str) for each in said):
        raise OSError("a row group does not say of which patients it is")
    return said


def _footer_of(folder: FilesOfBlocks, name: str, file: str) -> str:
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
