"""The files of rows of a Delta table: written once, never changed, each with a stretch of rows in the order of keys.

Statistics of patients stand in the files alone, so that a file without some patients need not be read, and never in
the log of the table: whoever removes the file has removed all that it said.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any, Final, NamedTuple, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from projections.columns.arrow import ArrowArray, ArrowSchema, ArrowTable, truth
from projections.feed.change_files import ROW_KEY

FILE_ROWS: Final = 1 << 15  # at most: so much is read and written anew where one of its rows changes
GROUP_ROWS: Final = 1 << 13  # whose patients have statistics of their own
ANYBODY: Final = ("", chr(sys.maxunicode))
ROWS, ENDED = "rows", "ended"  # what the name of a file begins with: versions that have ended stand by themselves


class DataFile(NamedTuple):
    """A file of a table: its name in the table's folder, how many rows and bytes it has."""

    name: str
    rows: int
    size: int

    @property
    def stats(self) -> str:
        """What the log says of its rows: how many they are, and nothing that is in them."""
        return json.dumps({"numRecords": self.rows})

    @property
    def kind(self) -> str:
        """Whether it has rows that are current or versions that have ended."""
        return ENDED if self.name.startswith(ENDED) else ROWS


class Gone(NamedTuple):
    """Rows that have to go, by their keys, in the order of their patients."""

    keys: ArrowArray
    patients: ArrowArray

    @classmethod
    def of(cls, rows: ArrowTable) -> Self:
        """Return rows that have a `patient` and a `_row_key` as what has to go."""
        patients = plain(rows["patient"])
        order = pc.sort_indices(patients)
        return cls(plain(rows[ROW_KEY]).take(order), patients.take(order))

    def between(self, first: str, last: str) -> ArrowArray:
        """Return the keys of those whose patient is one of two, or between them."""
        is_between = pc.and_(pc.greater_equal(self.patients, first), pc.less_equal(self.patients, last))
        return self.keys.filter(is_between)

    def any_between(self, first: str, last: str) -> bool:
        """Return whether there are any whose patient is one of two, or between them."""
        place = _first_not_before(self.patients, first)
        return place < len(self.patients) and bool(self.patients[place].as_py() <= last)


class DataFiles:
    """The files in the folder of one table."""

    def __init__(self, folder: Path, schema: ArrowSchema, words: Collection[str]) -> None:
        """Have files with the columns of a schema, of which `words` are texts that repeat."""
        self.folder = folder
        self.schema = schema
        self._words = list(words)

    def write(self, rows: ArrowTable, kind: str = ROWS) -> list[DataFile]:
        """Write rows, in the order in which they are, into new files, and return these.

        Texts are written out, for a list of words keeps those of rows that are no longer there.
        """
        return [self._write(rows.slice(first, FILE_ROWS), kind) for first in range(0, rows.num_rows, FILE_ROWS)]

    def read(self, name: str, columns: Sequence[str] | None = None) -> ArrowTable:
        """Return the rows of a file; a column that it does not have is null."""
        fields = [self.schema.field(each) for each in columns or self.schema.names]
        with pq.ParquetFile(self.folder / name, read_dictionary=self._words) as file:
            rows = file.read([each.name for each in fields])
        found = [
            rows[each.name] if each.name in rows.column_names else pa.nulls(rows.num_rows, each.type) for each in fields
        ]
        return pa.table(found, names=[each.name for each in fields])

    def gone_from(self, name: str, gone: Gone) -> ArrowArray | None:
        """Return which rows of a file have to go; None where none has, as its statistics may tell."""
        with pq.ParquetFile(self.folder / name) as file:
            bounds = list(_patients(file.metadata))
            groups = [number for number, each in enumerate(bounds) if gone.any_between(*each)]
            if not groups:
                return None
            keys = gone.between(min(bounds[each][0] for each in groups), max(bounds[each][1] for each in groups))
            found = file.read_row_groups(groups, columns=[ROW_KEY])
            if not truth(pc.is_in(found[ROW_KEY], value_set=keys)).any():
                return None
            rows = file.read(columns=[ROW_KEY])
        return pc.is_in(rows[ROW_KEY].combine_chunks(), value_set=keys)

    def again(self, file: DataFile) -> DataFile:
        """Have a file stand under another name too, under which a log may name it anew."""
        name = f"{file.kind}-{token_hex(16)}.parquet"
        try:
            os.link(self.folder / file.name, self.folder / name)
        except OSError:  # a system without such links
            shutil.copy2(self.folder / file.name, self.folder / name)
        return file._replace(name=name)

    def joined(self, files: Sequence[DataFile]) -> ArrowTable:
        """Return the rows of several files, in the order of the first column of the key that they have."""
        tables = [self.read(each.name) for each in files]
        rows = pa.table(
            [pa.concat_arrays([plain(each[name]) for each in tables]) for name in self.schema.names], schema=self.schema
        )
        return rows.take(pc.sort_indices(rows[ROW_KEY if ROW_KEY in self.schema.names else "position"]))

    def remove(self, files: Iterable[DataFile]) -> None:
        """Remove files of which no log knows."""
        for each in files:
            (self.folder / each.name).unlink()

    def _write(self, rows: ArrowTable, kind: str) -> DataFile:
        place = self.folder / f"{kind}-{token_hex(16)}.parquet"
        columns = [plain(rows[field.name]).cast(field.type) for field in self.schema]
        pq.write_table(
            pa.table(columns, schema=self.schema),
            place,
            compression="zstd",
            row_group_size=GROUP_ROWS,
            use_dictionary=self._words or False,
            store_schema=False,
        )
        return DataFile(place.name, rows.num_rows, place.stat().st_size)


def plain(column: ArrowArray) -> ArrowArray:
    """Return a column in one piece, its words written out."""
    written = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    return written.combine_chunks() if isinstance(written, pa.ChunkedArray) else written


def _patients(metadata: Any) -> Iterator[tuple[str, str]]:
    """Yield the first and the last patient of each group of rows."""
    [place] = [each for each in range(metadata.num_columns) if metadata.schema.column(each).path == "patient"]
    for number in range(metadata.num_row_groups):
        stated = metadata.row_group(number).column(place).statistics
        yield (stated.min, stated.max) if stated is not None and stated.has_min_max else ANYBODY


def _first_not_before(patients: ArrowArray, name: str) -> int:
    """Return where, in the order of patients, the first stands that does not come before a name."""
    return bisect_left(range(len(patients)), name, key=lambda place: patients[place].as_py())
