"""The parts of an export: each a Parquet file with a stretch of a table's rows, written while the next is made.

The same rows give the same bytes. What was written is read again to be hashed.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import file_digest
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from projections.columns.arrow import ArrowSchema, ArrowTable
from projections.columns.tables import Table
from projections.export.content import column_digest, hash_of_digests
from projections.export.manifest import ExportedTable, Part
from projections.export.parquet_schema import parquet_schema
from projections.export.stored_rows import Stored
from registry.private_files import create_file, make_folder

if TYPE_CHECKING:
    from projections.export.pieces import Piece
    from projections.export.profiles.profile import Written

GROUP_ROWS: Final = 1 << 20
BATCH_ROWS: Final = 1 << 16  # each has its statistics, for which the words in it are looked for: few batches, less work
STORED_TYPE: Final = pa.large_string()  # Parquet knows it not: the Arrow schema is stored. Else readers get plain
# strings, for that words were numbered in memory is nobody's business
UNFINISHED: Final = ".part-"  # begins the name of a part that is being written
WRITERS: Final = 2  # parts that are written at once, while another is made: each is held in memory
Parts = Mapping[str, Sequence[Part]]
Progress = Callable[[str, int, int], None]


def written_parts(folder: Path, release: Written, *, progress: Progress | None = None) -> Parts:
    """Write tables into the folder of an export, and return their parts in the order of their rows.

    A part without rows is left out, unless the table has no others. `progress` is told the table that comes next, how
    many parts are done, and of how many.
    """
    done = count()

    def told(piece: Piece) -> Piece:
        if progress:
            progress(piece.table, next(done), len(release))
        return piece

    written = write_pieces(folder, map(told, release.pieces()), release.tables)
    return all_parts(folder, release.tables, written)


def write_pieces(folder: Path, pieces: Iterable[Piece], tables: Mapping[str, Table]) -> list[tuple[str, Part]]:
    """Write the parts that have rows while others are made, and return each with the name of its table, in order."""
    written: list[tuple[str, Part]] = []
    writing: deque[tuple[str, Future[Part]]] = deque()

    def wait_for_first() -> None:
        name, part = writing.popleft()
        written.append((name, part.result()))

    with ThreadPoolExecutor(max_workers=WRITERS) as threads:
        for piece in pieces:
            if len(writing) == WRITERS:
                wait_for_first()
            if piece.rows is not None:
                part = threads.submit(write_part, folder, tables[piece.table], piece.number, piece.rows)
                writing.append((piece.table, part))
        while writing:
            wait_for_first()
    return written


def all_parts(folder: Path, tables: Mapping[str, Table], parts: Iterable[tuple[str, Part]]) -> Parts:
    """Return parts by table; write one without rows for each table that has none."""
    by_table: dict[str, list[Part]] = {name: [] for name in tables}
    for name, part in parts:
        by_table[name].append(part)
    for name, there in by_table.items():
        if not there:
            there.append(write_part(folder, tables[name], 0, [tables[name].schema.empty_table()]))
    return by_table


def content_digests(folder: Path, parts: Parts, *, progress: Progress | None = None) -> dict[str, list[bytes]]:
    """Return the digest of each column of each table, read again from its parts; several columns at once.

    `progress` is told the columns instead of the parts.
    """
    stored = {name: Stored([folder / part.path for part in there]) for name, there in parts.items()}
    columns = [(name, column) for name, rows in stored.items() for column in rows.schema.names]
    digests: dict[str, list[bytes]] = {name: [] for name in parts}
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
        coming = threads.map(lambda table, column: column_digest(column, stored[table].column(column)), *zip(*columns))
        for done, ((name, column), digest) in enumerate(zip(columns, coming)):
            digests[name].append(digest)
            if progress:
                progress(f"content_hash of {name}, {column}", done, len(columns))
    return digests


def described(
    tables: Mapping[str, Table], parts: Parts, digests: Mapping[str, Sequence[bytes]]
) -> dict[str, ExportedTable]:
    """Return what the manifest says of tables by their parts and the digests of their columns."""
    return {
        name: ExportedTable(
            edition=tables[name].edition,
            columns=tuple(column.name for column in tables[name].columns),
            key=tables[name].key,
            foreign_keys=tables[name].foreign_keys,
            never_null=tables[name].in_order(tables[name].never_null),
            field_ids=tables[name].field_ids,
            rows=sum(part.rows for part in there),
            content_hash=hash_of_digests(digests[name]),
            parts=tuple(there),
        )
        for name, there in parts.items()
    }


def write_part(folder: Path, declared: Table, number: int, rows: Iterable[ArrowTable]) -> Part:
    """Write a part of a table into an export, from tables of its rows in order, and return what the manifest says.

    It has its name once it is whole; the same part may be written twice at a time.
    """
    return write_rows(folder, f"{declared.name}/part-{number:05}.parquet", parquet_schema(declared), rows)


def write_rows(
    folder: Path, path: str, schema: ArrowSchema, rows: Iterable[ArrowTable], *, repeating: Sequence[str] = ()
) -> Part:
    """Write tables of rows into a Parquet file of a schema, at a path in a folder, and return what it then is.

    It has its name once it is whole.
    """
    unfinished = (folder / path).with_name(f"{UNFINISHED}{token_hex(8)}")
    make_folder(unfinished.parent)
    create_file(unfinished)
    with schema_writer(unfinished, schema, repeating=repeating) as writer:
        for piece in rows:
            writer.write(piece)
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
        digest = file_digest(file, "sha256").hexdigest()
    n, size = pq.read_metadata(unfinished).num_rows, unfinished.stat().st_size
    unfinished.rename(folder / path)
    return Part(path=path, rows=n, bytes=size, sha256=digest)


class RowsWriter(NamedTuple):
    """Writes tables of rows into one Parquet file as an export has them."""

    writer: pq.ParquetWriter
    schema: ArrowSchema

    def write(self, rows: ArrowTable) -> None:
        """Write rows after those that were written before."""
        self.writer.write_table(pa.Table.from_arrays(rows.columns, schema=self.schema), row_group_size=GROUP_ROWS)


@contextmanager
def rows_writer(sink: Any, declared: Table) -> Iterator[RowsWriter]:
    """Lend what writes the rows of a table into a path or an open file, which is whole when the block ends."""
    with schema_writer(sink, parquet_schema(declared)) as writer:
        yield writer


@contextmanager
def schema_writer(sink: Any, schema: ArrowSchema, *, repeating: Sequence[str] = ()) -> Iterator[RowsWriter]:
    """Lend the same for a schema; columns of words that repeat are kept as numbers into a list of words.

    So are others that are said to be `repeating`.
    """
    with pq.ParquetWriter(
        sink,
        schema,
        compression="zstd",
        use_dictionary=[field.name for field in schema if pa.types.is_dictionary(field.type)] + [*repeating],
        store_schema=any(field.type == STORED_TYPE for field in schema),
        write_batch_size=BATCH_ROWS,
    ) as writer:
        yield RowsWriter(writer, schema)


def remove_unfinished(folder: Path) -> None:
    """Remove what was left in an export by whoever was killed while writing a part."""
    for path in folder.glob(f"*/{UNFINISHED}*"):
        path.unlink(missing_ok=True)
