"""Whether a feed's folder is what it says: the chain of its batches, their files and counts, the sums after each.

Nothing but the folder is needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow.compute as pc

from projections.errors import FeedError
from projections.feed.batch_files import BATCH, START, check_feed, check_parts, read_feed, read_head
from projections.feed.change_files import CHANGE_TYPE
from projections.feed.replaying import FolderBatch, check_known, read_file
from projections.feed.row_changes import DELETE, INSERT, POSTIMAGE, PREIMAGE
from projections.feed.verified_rows import check_events, check_rows
from projections.stated.events import EVENTS

if TYPE_CHECKING:
    from projections.export.manifest import KnownAt
    from projections.feed.batch_files import FeedFile, Head

Progress = Callable[[str], None]


class FeedVerification(NamedTuple):
    """What came of verifying a feed: how far it goes, its batches, the rows of each table, and all that is wrong."""

    position: int
    batches: int
    rows: dict[str, int]
    problems: tuple[FeedError, ...]


def feed_verify(folder: str | Path, *, progress: Progress | None = None) -> FeedVerification:
    """Verify the folder of a feed: chain, files, counts and sums. `progress` is told what is looked at next.

    Of each batch the first problem is told; rows are replayed only where there is none, and of each table the first
    batch is told whose rows are others than it says. Raises `FeedError` where the
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
        problems = [*_checked_rows(found, told)]
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
    for name, table in batch.tables.items():
        check_known(file, name, table)
    if batch.generation != head.generation:
        raise FeedError(file, f"is of generation {batch.generation}, the head of {head.generation}")
    if batch.after != before:
        raise FeedError(
            file, f"begins at @{batch.after.position:,} with digest {batch.after.digest}, before it was {before.digest}"
        )
    if batch.restated != (batch.after.position == batch.until.position):
        raise FeedError(file, "says that it is restated and is not, or the other way round")


def _check_counts(one: FolderBatch, counted: dict[str, int]) -> None:
    """Raise `FeedError` where the rows of a batch are not as many of each kind as it says.

    `counted` are the rows of each table before it, and then what it says.
    """
    before = counted.copy()
    counted.update({name: stated.rows for name, stated in one.batch.tables.items()})
    for name, stated in one.batch.tables.items():
        types: Counter[str] = Counter()
        for part in stated.parts:
            counts = pc.value_counts(read_file(one.file(part), [CHANGE_TYPE])[CHANGE_TYPE])
            types.update({each["values"]: each["counts"] for each in counts.to_pylist()})
        n = stated.counts
        said = Counter({INSERT: n.insert, PREIMAGE: n.update, POSTIMAGE: n.update, DELETE: n.delete})
        if types != said:
            raise FeedError(one.folder / BATCH, f"{name}: says {_told(said)}, there are {_told(types)}")
        if (found := before[name] + n.insert - n.delete) != stated.rows:
            raise FeedError(one.folder / BATCH, f"{name}: says {stated.rows:,} rows, the changes come to {found:,}")


def _told(types: Counter[str]) -> str:
    """Return how many images there are of each kind, in words."""
    return ", ".join(f"{n:,} {type_}" for type_, n in types.items() if n) or "no images"


def _checked_rows(batches: Sequence[FolderBatch], told: Progress) -> Iterator[FeedError]:
    """Yield what is wrong with the rows of each table, and with the events."""
    for name in (*batches[-1].batch.tables, EVENTS.name):
        told(f"row_sum of {name}")
        try:
            if name == EVENTS.name:
                check_events(batches)
            else:
                check_rows(name, batches)
        except FeedError as error:
            yield error
