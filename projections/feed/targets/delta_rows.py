"""What changes bring to the files of a Delta table: which go, and which come with what is left of these and is new.

A file is written anew where one of its rows goes; new rows are a file of their own, which is why a table has small
files in time, and puts them together when there are too many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowSchema, ArrowTable
from projections.columns.tables import LOGICAL_TYPES
from projections.feed.change_files import ROW_KEY
from projections.feed.targets.delta_files import ENDED, FILE_ROWS, ROWS, DataFile, DataFiles, Gone, plain
from projections.feed.targets.sql_tables import KNOWN_FROM_POSITION, KNOWN_TO, KNOWN_TO_POSITION, VERSION
from projections.feed.targets.versions import Versions
from projections.stated.events import EVENTS

if TYPE_CHECKING:
    from projections.columns.tables import Table

SMALL_ROWS: Final = FILE_ROWS >> 2
SMALL_FILES: Final = 16  # of a kind
Goes = Callable[[DataFile], ArrowArray | None]  # which rows of a file go; None where none does


class Changed(NamedTuple):
    """The files that come to a table, and those that go."""

    come: tuple[DataFile, ...] = ()
    go: tuple[DataFile, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything changes."""
        return bool(self.come or self.go)


def schema_of(table: Table, *, of_history: bool) -> ArrowSchema:
    """Return the columns of a table of a target: `_row_key`, of a history those of a version, and its own."""
    own = [pa.field(column.name, LOGICAL_TYPES[column.type]) for column in table.columns]
    if table.name == EVENTS.name:
        return pa.schema(own)
    key = pa.field(ROW_KEY, pa.string(), nullable=False)
    version = [pa.field(each.name, LOGICAL_TYPES[each.type]) for each in VERSION]
    return pa.schema([key, *(version if of_history else ()), *own])


def data_files(folder: Path, table: Table, *, of_history: bool) -> DataFiles:
    """Return the files of a table of a target, in its folder."""
    words = [column.name for column in table.columns if column.few]
    return DataFiles(folder, schema_of(table, of_history=of_history), words)


class Rewriting:
    """The files of one table while its rows are changed."""

    def __init__(self, files: DataFiles, there: Sequence[DataFile]) -> None:
        """Begin with the files that a table has."""
        self._files = files
        self._left = list(there)
        self._come: list[DataFile] = []
        self._go: list[DataFile] = []
        self._has_versions = KNOWN_TO_POSITION in files.schema.names

    def add(self, rows: ArrowTable, kind: str = ROWS) -> None:
        """Add rows, in files of their own."""
        self._come += self._files.write(rows, kind)

    def change(self, images: Iterable[ArrowTable]) -> tuple[int, int]:
        """Carry out images, all of a patient in one stretch; return how many rows had to go and how many were there."""
        ends = [self._begin(stretch) for stretch in images]
        ending = pa.concat_tables(ends) if ends else None
        if ending is None or not ending.num_rows:
            return 0, 0
        gone, found = Gone.of(ending), 0
        for rows in self.remove(lambda file: self._files.gone_from(file.name, gone) if file.kind == ROWS else None):
            found += rows.num_rows
            if self._has_versions:
                self._add_ended(_ended(rows, ending))
        return ending.num_rows, found

    def remove(self, goes: Goes) -> Iterator[ArrowTable]:
        """Yield the rows that go, file by file; each file that has some is written anew without them."""
        for file in tuple(self._left):
            if (gone := goes(file)) is not None:
                rows = self._files.read(file.name)
                self._drop(file)
                self._come += self._files.write(rows.filter(pc.invert(gone)), file.kind)
                yield rows.filter(gone)

    def done(self) -> Changed:
        """Put small files together where there are too many, and return what came of all."""
        for kind in (ROWS, ENDED) if self._come or self._go else ():
            self._put_together(kind)
        return Changed(tuple(self._come), tuple(self._go))

    def _begin(self, stretch: ArrowTable) -> ArrowTable:
        """Add the rows that begin by a stretch of images, and return where those end that were there before."""
        begun, ends = Versions.of(stretch)
        is_current = begun[KNOWN_TO_POSITION].is_null()
        self.add(begun.filter(is_current))
        if self._has_versions:
            self._add_ended(begun.filter(pc.invert(is_current)))
        return ends

    def _add_ended(self, rows: ArrowTable) -> None:
        """Add versions that have ended, but for those that ended where they began, as a restated batch leaves them."""
        self.add(rows.filter(pc.not_equal(rows[KNOWN_FROM_POSITION], rows[KNOWN_TO_POSITION])), ENDED)

    def _drop(self, file: DataFile) -> None:
        self._left.remove(file)
        self._go.append(file)

    def _put_together(self, kind: str) -> None:
        there = [each for each in self._left if each.kind == kind and each.rows < SMALL_ROWS]
        come = [each for each in self._come if each.kind == kind and each.rows < SMALL_ROWS]
        if len(there) + len(come) <= SMALL_FILES:
            return
        rows = self._files.joined([*there, *come])
        for each in there:
            self._drop(each)
        self._come = [each for each in self._come if each not in come] + self._files.write(rows, kind)
        self._files.remove(come)


def _ended(rows: ArrowTable, ending: ArrowTable) -> ArrowTable:
    """Return versions that were current as they end."""
    place = pc.index_in(plain(rows[ROW_KEY]), value_set=plain(ending[ROW_KEY]))
    for name in (KNOWN_TO_POSITION, KNOWN_TO):
        rows = rows.set_column(rows.column_names.index(name), name, ending[name].take(place))
    return rows
