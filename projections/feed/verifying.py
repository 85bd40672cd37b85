"""Whether a feed's folder is what it says: the chain of its batches, their files and counts, and their sums replayed.

Nothing but the folder is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow.compute as pc

from projections.errors import FeedError
from projections.feed.batch_files import BATCH, START, check_feed, check_parts, read_feed, read_head
from projections.feed.change_files import CHANGE_TYPE
from projections.feed.replaying import FolderBatch, read_file, replayed, row_groups_of, stated_table
from projections.feed.row_changes import DELETE, INSERT, POSTIMAGE, PREIMAGE
from projections.feed.row_sums import NO_ROWS, RowSum, row_sum, sum_in_order
from projections.log.block_files import Patients
from projections.stated.events import EVENTS

if TYPE_CHECKING:
    from projections.export.manifest import KnownAt
    from projections.feed.batch_files import ChangedTable, FeedFile, Head

FIRST_OF_ALL, LAST_OF_ALL = "", "\U0010ffff"
Progress = Callable[[str], None]


class FeedVerification(NamedTuple):
    """What came of verifying a feed: how far it goes, its batches, the rows of each table, and all that is wrong."""

    position: int
    batches: int
    rows: dict[str, int]
    problems: tuple[FeedError, ...]


def feed_verify(folder: str | Path, *, progress: Progress | None = None) -> FeedVerification:
    """Verify the folder of a feed: chain, files, counts and sums. `progress` is told what is looked at next.

    Of each batch the first problem is told; rows are replayed only where there is none. Raises `FeedError` where the
    folder is no feed, or its head cannot be read.
    """
    place = Path(folder)
    feed, head = read_feed(place), read_head(place)
    told = progress or (lambda _: None)
    found, problems = _checked_batches(place, feed, head, told)
    rows: dict[str, int] = {}
    if not problems and found:
        last = found[-1].batch
        rows = {name: table.rows for name, table in last.tables.items()} | {EVENTS.name: last.events.rows}
        problems = [*_checked_sums(found, told)]
    return FeedVerification(head.position, len(head.batches), rows, tuple(problems))


def _checked_batches(
    place: Path, feed: FeedFile, head: Head, told: Progress
) -> tuple[list[FolderBatch], list[FeedError]]:
    """Return the batches of a feed, and the first that is wrong with each of them."""
    found: list[FolderBatch] = []
    problems: list[FeedError] = []
    before, counted = START, dict.fromkeys(feed.tables, 0)
    for listed in head.batches:
        told(listed.folder)
        try:
            one = FolderBatch.read(place, listed)
            found.append(one)
            _check_links(one, feed, head, before)
            before = one.batch.until
            check_parts(place, listed, one.batch)
            _check_counts(one, counted)
        except FeedError as error:
            problems.append(error)
    if not problems and before != head.at:
        problems.append(
            FeedError(place, f"the head says @{head.position:,} with digest {head.digest}, the last batch not")
        )
    return found, problems


def _check_links(one: FolderBatch, feed: FeedFile, head: Head, before: KnownAt) -> None:
    """Raise `FeedError` where a batch is not of the feed, or does not go on where the one before ended."""
    batch, file = one.batch, one.folder / BATCH
    check_feed(file, feed, batch)
    if batch.generation != head.generation:
        raise FeedError(file, f"is of generation {batch.generation}, the head of {head.generation}")
    if batch.after != before:
        raise FeedError(
            file, f"begins at @{batch.after.position:,} with digest {batch.after.digest}, before it was {before.digest}"
        )
    if batch.restated != (batch.after.position == batch.until.position):
        raise FeedError(file, "says that it is restated and is not, or the other way round")


def _check_counts(one: FolderBatch, counted: dict[str, int]) -> None:
    """Raise `FeedError` where the rows of a batch are not as many of each kind as it says; go on counting rows."""
    for name, stated in one.batch.tables.items():
        types = dict.fromkeys((INSERT, PREIMAGE, POSTIMAGE, DELETE), 0)
        for part in stated.parts:
            for each in pc.value_counts(read_file(one.file(part), [CHANGE_TYPE])[CHANGE_TYPE]).to_pylist():
                types[each["values"]] += each["counts"]
        said = (stated.counts.insert, stated.counts.update, stated.counts.update, stated.counts.delete)
        if tuple(types.values()) != said:
            raise FeedError(
                one.folder / BATCH, f"{name}: says {said} images of each kind, there are {tuple(types.values())}"
            )
        counted[name] = counted.get(name, 0) + stated.counts.insert - stated.counts.delete
        if counted[name] != stated.rows:
            raise FeedError(
                one.folder / BATCH, f"{name}: says {stated.rows:,} rows, the changes come to {counted[name]:,}"
            )


def _checked_sums(batches: Sequence[FolderBatch], told: Progress) -> Iterator[FeedError]:
    """Yield where the rows that the batches leave are not those of the sums that the last one says."""
    last = batches[-1]
    for name, stated in last.batch.tables.items():
        told(f"row_sum of {name}")
        found = _sum_of(name, stated, batches)
        if (found.rows, found.hex) != (stated.rows, stated.row_sum):
            yield _other_sum(last, name, RowSum.read(stated.rows, stated.row_sum), found)
    told(f"row_sum of {EVENTS.name}")
    found, events = NO_ROWS, last.batch.events
    for one in batches:
        for part in one.batch.events.parts:
            for rows in row_groups_of(one.file(part)):
                found = found.plus(sum_in_order(EVENTS.of(rows), EVENTS))
    if (found.rows, found.hex) != (events.rows, events.row_sum):
        yield _other_sum(last, EVENTS.name, RowSum.read(events.rows, events.row_sum), found)


def _other_sum(last: FolderBatch, name: str, said: RowSum, found: RowSum) -> FeedError:
    what = f"{name}: says {said.rows:,} rows with sum {said.hex}, replayed are {found.rows:,} with {found.hex}"
    return FeedError(last.folder / BATCH, what)


def _sum_of(name: str, stated: ChangedTable, batches: Sequence[FolderBatch]) -> RowSum:
    """Return the sum of the rows of a table as the batches leave them, replayed some patients at a time."""
    table, total = stated_table(name, stated), NO_ROWS
    for patients in _ranges(name, batches):
        images = (rows for one in batches for rows in one.changes(table, patients=patients))
        total = total.plus(row_sum(replayed(images, table), table))
    return total


def _ranges(name: str, batches: Sequence[FolderBatch]) -> Iterator[Patients]:
    """Yield all patients, in ranges of those of the parts of the batch that has most."""
    longest = max((one for one in batches), key=lambda one: sum(part.rows for part in one.batch.tables[name].parts))
    parts = longest.batch.tables[name].parts[:-1]
    begin = FIRST_OF_ALL
    for part in parts:
        end = pc.max(read_file(longest.file(part), ["patient"])["patient"]).as_py()
        yield Patients(begin, end)
        begin = f"{end}\0"
    yield Patients(begin, LAST_OF_ALL)
