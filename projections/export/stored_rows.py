"""The rows of a table read again from its Parquet files, a column of a row group at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from projections.columns.arrow import ArrowArray, ArrowSchema
from projections.export.content import Rows, hash_of_columns

GROUP_ROWS_AT_MOST: Final = 1 << 20  # in every export that there ever was; what is held at once of a column
StoredFile = Path | Callable[[], Any]


class Stored:
    """The rows of Parquet files as one table, of which never more is read at once than a column of a row group.

    Files are paths, or what opens a file that has none. With `keep` only some rows: for each row group of each file,
    which of its rows. Raises `OSError` or an exception of Arrow where a file cannot be read, or is none of an export.
    """

    def __init__(self, files: Sequence[StoredFile], *, keep: Sequence[ArrowArray] | None = None) -> None:
        self.files = files
        self._metadata = [_metadata(file) for file in files]
        self._keep = keep

    @cached_property
    def schema(self) -> ArrowSchema:
        """The Arrow schema of the rows, which is that of every file."""
        schemas = [metadata.schema.to_arrow_schema() for metadata in self._metadata]
        for number, schema in enumerate(schemas):
            if schema != schemas[0]:
                raise pa.ArrowInvalid(f"file {number + 1} of {len(schemas)} has other columns than the first")
        return schemas[0]

    @property
    def n(self) -> int:
        """The number of rows."""
        if self._keep is not None:
            return sum(int(rows.true_count) for rows in self._keep)
        return sum(self.rows_of_files)

    @property
    def rows_of_files(self) -> list[int]:
        """The number of rows in each file."""
        return [metadata.num_rows for metadata in self._metadata]

    def keeping(self, keep: Sequence[ArrowArray]) -> Stored:
        """Return only some of these rows."""
        return Stored(self.files, keep=keep)

    def content_hash(self, columns: Sequence[str] | None = None) -> str:
        """Return the content hash of the rows, by default with all their columns. Raises as that of a table."""
        return hash_of_columns(columns or self.schema.names, self.column)

    def column(self, name: str) -> Rows:
        """Return the rows of a column, read anew whenever they are gone through."""
        return Rows(self.n, self.schema.field(name).type, self._has_nulls(name), lambda: self.arrays(name))

    def arrays(self, name: str) -> Iterator[ArrowArray]:
        """Yield a column, an array a row group."""
        for number, group in enumerate(self._groups(name)):
            yield group if self._keep is None else group.filter(self._keep[number])

    def _groups(self, name: str) -> Iterator[ArrowArray]:
        """Yield a column a row group at a time; words that repeat stay codes."""
        for file, metadata in zip(self.files, self._metadata):
            coded = _coded_paths(metadata, name)
            with _opened(file) as source, pq.ParquetFile(source, metadata=metadata, read_dictionary=coded) as opened:
                for group in range(metadata.num_row_groups):
                    yield opened.read_row_group(group, columns=[name], use_threads=False)[name].combine_chunks()

    def _has_nulls(self, name: str) -> bool:
        chunks = self._chunks(name)
        return not chunks or any(chunk.statistics is None or chunk.statistics.null_count for chunk in chunks)

    def _chunks(self, name: str) -> list[pq.ColumnChunkMetaData]:
        """Return what the files say of a column, a row group at a time; nothing of a column of lists."""
        chunks = []
        for metadata in self._metadata:
            paths = [metadata.schema.column(number).path for number in range(metadata.num_columns)]
            groups = range(metadata.num_row_groups) if name in paths else ()
            chunks += [metadata.row_group(group).column(paths.index(name)) for group in groups]
        return chunks


def _coded_paths(metadata: pq.FileMetaData, name: str) -> list[str]:
    """Return the paths of a column, or of what its lists hold, where a row group has its words as codes."""
    paths = [metadata.schema.column(number).path for number in range(metadata.num_columns)]
    groups = range(metadata.num_row_groups)
    return [
        path
        for number, path in enumerate(paths)
        if path.partition(".")[0] == name
        and any(metadata.row_group(group).column(number).has_dictionary_page for group in groups)
    ]


def _opened(file: StoredFile) -> Any:
    return pa.memory_map(str(file)) if isinstance(file, Path) else file()


def _metadata(file: StoredFile) -> pq.FileMetaData:
    """Return what a file says of itself; refuse one that would be read in longer pieces than any export has."""
    with _opened(file) as source:
        metadata = pq.read_metadata(source)
    rows = max((metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)), default=0)
    if rows > GROUP_ROWS_AT_MOST:
        raise pa.ArrowInvalid(f"a row group has {rows:,} rows, those of an export {GROUP_ROWS_AT_MOST:,} at most")
    return metadata
