"""The files of changes of a batch without some patients, and with other images of some in the place of theirs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowSchema, ArrowTable, ArrowType
from projections.columns.coded import coded
from projections.feed.batch_files import Counts
from projections.feed.change_files import CHANGE_TYPE, ROW_KEY, change_path, change_schema, write_changes
from projections.feed.replaying import read_file
from projections.feed.row_changes import DELETE, INSERT, POSTIMAGE
from registry.domain.events import stream_of
from registry.private_files import make_folder

if TYPE_CHECKING:
    from projections.columns.tables import Table
    from projections.export.manifest import Part
    from projections.feed.replaying import FolderBatch


class OfErased(NamedTuple):
    """The streams of the erased, which know them by any pseudonym."""

    streams: frozenset[UUID]

    def among(self, names: Collection[str]) -> list[str]:
        """Return the pseudonyms that are theirs."""
        return [name for name in names if stream_of(name) in self.streams]


class TableWithout(NamedTuple):
    """A table of a batch written without the erased: its parts, the counts, and the images that went."""

    parts: tuple[Part, ...]
    counts: Counts
    gone: tuple[ArrowTable, ...]


def table_without(folder: Path, old: FolderBatch, table: Table, erased: OfErased, more: ArrowTable) -> TableWithout:
    """Write the changes of a table without the erased and with more images, all of other patients, and return them.

    A part of which nothing goes and to which nothing comes is the same file.
    """
    parts: list[Part] = []
    gone: list[ArrowTable] = []
    counted: list[ArrowTable] = []
    stated = old.batch.tables[table.name].parts
    patients = [read_file(old.file(part), ["patient"])["patient"].unique().to_pylist() for part in stated]
    for part, names, coming in zip(stated, patients, _by_part(more, patients), strict=True):
        out = erased.among(names)
        counted.append(read_file(old.file(part), [CHANGE_TYPE, "patient"]))
        if out or coming.num_rows:
            rows = read_file(old.file(part))
            goes = pc.is_in(rows["patient"], value_set=pa.array(out, pa.string()))
            gone.append(rows.filter(goes))
            stay = pa.concat_tables([rows.filter(pc.invert(goes)), coming.cast(rows.schema)])
            counted[-1] = rows = _in_order(stay, change_schema(table))
            if rows.num_rows:
                parts.append(write_changes(folder, table, part.path, [rows]))
        else:
            link(old.file(part), folder / part.path)
            parts.append(part)
    if more.num_rows and not stated:
        parts.append(write_changes(folder, table, change_path(table.name, 0), [more]))
        counted.append(more)
    return TableWithout(tuple(parts), _counts(counted), tuple(gone))


def link(file: Path, place: Path) -> None:
    """Have a file stand in another place too."""
    make_folder(place.parent)
    try:
        os.link(file, place)
    except OSError:  # a system without such links
        shutil.copy2(file, place)


def _by_part(more: ArrowTable, patients: Sequence[Sequence[str]]) -> Iterator[ArrowTable]:
    """Yield, of more images, those that belong to each part: up to its last patient; to the last part all others."""
    names = more["patient"].cast(pa.string()).to_pylist()
    place = np.zeros(len(names), dtype=np.int64)
    if patients:
        place = np.minimum(np.searchsorted([max(part) for part in patients], names), len(patients) - 1)
    yield from (more.filter(pa.array(place == number)) for number in range(len(patients)))


def _in_order(rows: ArrowTable, schema: ArrowSchema) -> ArrowTable:
    """Return rows in the order of their keys; of words that repeat none is kept that no row has."""
    rows = rows.take(pc.sort_indices(rows[ROW_KEY]))
    columns = [_kept(rows[field.name], field.type) for field in schema]
    return pa.table(columns, schema=schema)


def _kept(column: ArrowArray, kind: ArrowType) -> ArrowArray:
    return coded(column).array() if pa.types.is_dictionary(kind) else column.cast(kind)


def _counts(images: Sequence[ArrowTable]) -> Counts:
    types = [type_ for rows in images for type_ in rows[CHANGE_TYPE].to_pylist()]
    return Counts(insert=types.count(INSERT), update=types.count(POSTIMAGE), delete=types.count(DELETE))
