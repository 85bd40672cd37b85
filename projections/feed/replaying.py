"""The rows of a table as the batches of a feed leave them: of each row its last image, unless it was deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from projections.columns.arrow import ArrowTable
from projections.columns.tables import LOGICAL_TYPES
from projections.errors import FeedError
from projections.feed.batch_files import batch_folder, read_batch
from projections.feed.change_files import ADDED, CHANGE_TYPE, ROW_KEY
from projections.feed.row_changes import INSERT, POSTIMAGE
from projections.log.block_files import Patients
from projections.tables import TABLES
from registry.new_files import why_of

if TYPE_CHECKING:
    from projections.columns.tables import Table
    from projections.export.manifest import Part
    from projections.feed.batch_files import Batch, Head, ListedBatch

LAST_IMAGES: Final = (INSERT, POSTIMAGE)


class FolderBatch(NamedTuple):
    """A batch that stands in the folder of a feed."""

    place: Path
    listed: ListedBatch
    batch: Batch

    @classmethod
    def read(cls, place: Path, listed: ListedBatch) -> Self:
        """Return a batch that the head lists. Raises `FeedError` where it cannot be read, or is another."""
        return cls(place, listed, read_batch(place, listed))

    @property
    def folder(self) -> Path:
        """Its folder."""
        return batch_folder(self.place, self.listed)

    def file(self, part: Part) -> Path:
        """Return the file of one of its parts."""
        return self.folder / part.path

    def changes(self, table: Table, *, patients: Patients | Sequence[str] | None = None) -> Iterator[ArrowTable]:
        """Yield the rows of the files of changes of a table, by default of all patients.

        A column that the table did not have yet is null. Raises `FeedError` for a file that cannot be read.
        """
        for part in self.batch.tables[table.name].parts:
            yield read_rows(self.file(part), table, patients=patients)


class Ruled(Protocol):
    """What says by which rule a table was made."""

    @property
    def edition(self) -> int:
        """The edition of the rule."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it had."""

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of its key."""


def stated_table(name: str, stated: Ruled) -> Table:
    """Return a table as a batch has it: by its rule of then, with the columns that it had."""
    table = TABLES[name]
    columns = tuple(column for column in table.columns if column.name in stated.columns)
    return table._replace(edition=stated.edition, columns=columns, key=stated.key)


def check_known(file: Path, name: str, rule: Ruled) -> None:
    """Raise `FeedError` where a batch, whose `batch.json` is `file`, has a table or column that is not known here."""
    known = {column.name for column in TABLES[name].columns} if name in TABLES else set()
    if name not in TABLES or not known.issuperset(rule.columns):
        more = [column for column in rule.columns if column not in known]
        what = f"has {name} with {', '.join(more)}, which this spondyl does not know; use the one that wrote it"
        raise FeedError(file, what)


def folder_batches(place: Path, head: Head) -> Iterator[FolderBatch]:
    """Yield the batches of a feed in order. Raises `FeedError` for one that cannot be read or is another."""
    for listed in head.batches:
        yield FolderBatch.read(place, listed)


def read_rows(file: Path, table: Table, *, patients: Patients | Sequence[str] | None = None) -> ArrowTable:
    """Return rows of a file of changes with all its columns, those of the table as it has them now.

    Raises `FeedError` where it cannot be read, or has not the columns of such a file.
    """
    try:
        return in_columns(read_file(file, patients=patients), table)
    except (KeyError, pa.ArrowException) as error:
        raise _unreadable(file, error) from None


def read_file(
    file: Path, columns: Sequence[str] | None = None, *, patients: Patients | Sequence[str] | None = None
) -> ArrowTable:
    """Return a file of a batch as it is, by default all of it. Raises `FeedError` where it cannot be read."""
    try:
        return pq.read_table(file, columns=columns, filters=_filters(patients), partitioning=None)
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(file, error) from None


def row_groups_of(file: Path) -> Iterator[ArrowTable]:
    """Yield the rows of a file of a batch, a row group at a time. Raises `FeedError` where it cannot be read."""
    try:
        with pq.ParquetFile(file) as opened:
            yield from map(opened.read_row_group, range(opened.num_row_groups))
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(file, error) from None


def in_columns(rows: ArrowTable, table: Table) -> ArrowTable:
    """Return rows of a file of changes in the columns that a table has, a missing one null, and in those added."""
    own = {
        column.name: rows[column.name]
        if column.name in rows.column_names
        else pa.nulls(rows.num_rows, LOGICAL_TYPES[column.type])
        for column in table.columns
    }
    return with_added(table).of(own | {column.name: rows[column.name] for column in ADDED})


def with_added(table: Table) -> Table:
    """Return a table with the columns that a file of changes has beside its own."""
    return table._replace(columns=(*table.columns, *ADDED))


def replayed(images: Iterable[ArrowTable], table: Table) -> ArrowTable:
    """Return the rows that images leave, with their `_row_key` and in its order.

    They come batch by batch, and of each batch file by file.
    """
    names = [*(column.name for column in table.columns), ROW_KEY]
    nothing = table.schema.append(pa.field(ROW_KEY, pa.string())).empty_table()
    kept = [each.select([*names, CHANGE_TYPE]) for each in images if each.num_rows]
    if not kept:
        return nothing
    if len(kept) == 1:  # of one part, which is in the order of the keys and has one last image of each
        return _there(kept[0]).select(names)
    joined = pa.concat_tables(kept).unify_dictionaries()
    codes = joined[ROW_KEY].combine_chunks().dictionary_encode()
    last = np.zeros(len(codes.dictionary), dtype=np.int64)
    np.maximum.at(last, codes.indices.to_numpy(), np.arange(joined.num_rows))
    rows = joined.take(pa.array(last))
    rows = _there(rows).select(names)
    order = pc.sort_indices(rows[ROW_KEY])
    return rows.take(order)


def _there(images: ArrowTable) -> ArrowTable:
    """Return the images after which a row is there."""
    return images.filter(pc.is_in(images[CHANGE_TYPE], value_set=pa.array(LAST_IMAGES)))


def _unreadable(file: Path, error: Exception) -> FeedError:
    return FeedError(file, f"cannot be read: {why_of(error) if isinstance(error, OSError) else error}")


def _filters(patients: Patients | Sequence[str] | None) -> pc.Expression | None:
    if patients is None:
        return None
    name = pc.field("patient")
    if isinstance(patients, Patients):
        return (name >= patients.first) & (name <= patients.last)
    return name.isin(list(patients))
