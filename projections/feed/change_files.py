"""The files of changes: all columns of a table, then what happened to the row, when it became known, and its key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa

from projections.columns.arrow import ArrowArray, ArrowSchema, ArrowTable
from projections.columns.tables import LOGICAL_TYPES, Column, number, text, word
from projections.export.parquet_schema import parquet_schema
from projections.export.parts import write_rows
from projections.feed.batch_files import CHANGES
from projections.feed.row_changes import CHANGE_TYPES, RowChanges

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from projections.columns.tables import Table
    from projections.export.manifest import Part

CHANGE_TYPE, POSITION, KNOWN_FROM, BATCH, ROW_KEY = "_change_type", "_position", "_known_from", "_batch", "_row_key"
ADDED: Final = (
    word(CHANGE_TYPE, "what happened to the row", *CHANGE_TYPES),
    number(POSITION, "the last event in the step on which the row depends", type_="int64"),
    Column(KNOWN_FROM, "timestamp[us, UTC]", "instant at which that event was recorded"),
    number(BATCH, "the position at which the batch ends", type_="int64"),
    text(ROW_KEY, "the values of the key, a canonical JSON array of texts"),
)
ERASURES_SCHEMA: Final = pa.schema(
    [
        pa.field("stream", pa.string(), nullable=False),
        pa.field("position", pa.int64(), nullable=False),
        pa.field("recorded_at", LOGICAL_TYPES["timestamp[us, UTC]"], nullable=False),
        pa.field("remains", pa.bool_(), nullable=False),
    ]
)


class Since(NamedTuple):
    """From when on rows are known as they are: a position and its recorded instant, a row each."""

    position: ArrowArray
    recorded_at: ArrowArray


def change_schema(table: Table) -> ArrowSchema:
    """Return the schema of the files of changes of a table.

    Its own columns are never required: an image from before a column was added has a null there. Those that are added
    have no number.
    """
    own = [field.with_nullable(True) for field in parquet_schema(table)]
    return pa.schema([*own, *(pa.field(column.name, column.arrow_type, nullable=False) for column in ADDED)])


def change_rows(changes: RowChanges, since: Since, *, batch: int) -> ArrowTable:
    """Return changes as the rows of a file, with the position at which their batch ends."""
    added = {
        CHANGE_TYPE: changes.types,
        POSITION: since.position,
        KNOWN_FROM: since.recorded_at,
        BATCH: pa.repeat(pa.scalar(batch, pa.int64()), len(changes.types)),
        ROW_KEY: changes.keys,
    }
    rows = changes.rows
    for name, column in added.items():
        rows = rows.append_column(name, column)
    return rows


def write_changes(folder: Path, table: Table, path: str, rows: Iterable[ArrowTable]) -> Part:
    """Write changes of a table, given as rows of a file in stretches, into the folder of a batch."""
    return write_rows(folder, path, change_schema(table), rows, repeating=(POSITION, KNOWN_FROM, BATCH))


def change_path(table: str, part: int) -> str:
    """Return the path, within a batch, of a part of the changes of a table."""
    return f"{CHANGES}/{table}/part-{part:05}.parquet"
