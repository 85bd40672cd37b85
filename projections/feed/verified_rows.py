"""Whether the rows of a feed are those of the sums that each of its batches says: its images, replayed.

Some patients at a time: of each are read all images that the batches have of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowTable
from projections.errors import FeedError
from projections.export.pieces import ranges
from projections.feed.batch_files import BATCH
from projections.feed.change_files import BATCH as BATCH_COLUMN
from projections.feed.change_files import POSITION
from projections.feed.replaying import FolderBatch, read_file, row_groups_of, stated_table, with_added
from projections.feed.row_sums import NO_ROWS, RowSum, sum_in_order
from projections.feed.standing_rows import StandingRows
from projections.log.block_files import Patients
from projections.stated.events import EVENTS
from projections.tables import TABLES

IMAGES_AT_ONCE: Final = 1 << 18  # of a table, unless they are one patient's


def check_rows(name: str, batches: Sequence[FolderBatch]) -> None:
    """Raise `FeedError` for the first batch that leaves other rows of a table than it says, or has a wrong image."""
    tables = [stated_table(name, one.batch.tables[name]) for one in batches]
    totals = [NO_ROWS] * len(batches)
    misfits: dict[int, str] = {}  # by batch
    for patients in _ranges(name, batches):
        standing = StandingRows.of([_images(name, one, patients) for one in batches], TABLES[name])
        for misfit in standing.misfits(TABLES[name]):
            misfits.setdefault(misfit.batch, misfit.why)
        totals = [total.plus(theirs) for total, theirs in zip(totals, standing.sums(tables))]
    for number, (one, found) in enumerate(zip(batches, totals)):
        if number in misfits:
            raise FeedError(one.folder / BATCH, f"{name}: {misfits[number]}")
        stated = one.batch.tables[name]
        _check_sum(one, name, RowSum.read(stated.rows, stated.row_sum), found)


def check_events(batches: Sequence[FolderBatch]) -> None:
    """Raise `FeedError` for the first batch after which the events are others than it says."""
    found = NO_ROWS
    for one in batches:
        for part in one.batch.events.parts:
            for rows in row_groups_of(one.file(part)):
                found = found.plus(sum_in_order(EVENTS.of(rows), EVENTS))
        _check_sum(one, EVENTS.name, RowSum.read(one.batch.events.rows, one.batch.events.row_sum), found)


def _check_sum(one: FolderBatch, name: str, said: RowSum, found: RowSum) -> None:
    if found != said:
        what = f"{name}: says {said.rows:,} rows with sum {said.hex}, replayed are {found.rows:,} with {found.hex}"
        raise FeedError(one.folder / BATCH, what)


def _images(name: str, one: FolderBatch, patients: Patients) -> ArrowTable:
    """Return the images that a batch has of some patients; none has a null in its key, or is of another batch."""
    table, after, until = TABLES[name], one.batch.after.position, one.batch.until.position
    rows = pa.concat_tables([with_added(table).schema.empty_table(), *one.changes(table, patients=patients)])
    for column in table.key:
        if rows[column].null_count:
            raise FeedError(one.folder / BATCH, f"{name}: {column} is null in {rows[column].null_count:,} images")
    least = after if one.batch.restated else after + 1
    within = pc.and_(pc.greater_equal(rows[POSITION], least), pc.less_equal(rows[POSITION], until))
    if not pc.all(pc.fill_null(pc.and_(within, pc.equal(rows[BATCH_COLUMN], until)), False), min_count=0).as_py():
        raise FeedError(one.folder / BATCH, f"{name}: has images of another step than @{after:,} to @{until:,}")
    return rows


def _ranges(name: str, batches: Sequence[FolderBatch]) -> list[Patients]:
    """Return the patients of whom there are images, in ranges of as many images as are looked at together."""
    parts = [read_file(one.file(part), ["patient"]) for one in batches for part in one.batch.tables[name].parts]
    if not parts:
        return []
    counts = [pc.value_counts(each["patient"].cast(pa.string())) for each in parts]
    counted = pa.table(
        {
            "patient": pa.concat_arrays([each.field("values") for each in counts]),
            "events": pa.concat_arrays([each.field("counts") for each in counts]),
        }
    )
    known = counted.filter(counted["patient"].is_valid())
    total = known.group_by("patient").aggregate([("events", "sum")]).rename_columns({"events_sum": "events"})
    return ranges(total, at_most=IMAGES_AT_ONCE)
