"""A batch of the feed, made in a folder beside its place, where it appears whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.columns.arrow import ArrowTable
from projections.export.manifest import spondyl_version
from projections.export.parquet_schema import parquet_schema
from projections.export.parts import write_rows
from projections.export.pieces import EVENTS_OF_A_PART
from projections.feed.batch_files import (
    BATCH,
    BATCHES,
    CONTRACT,
    ERASURES,
    FORMAT,
    Batch,
    ChangedEvents,
    ChangedTable,
    Erasures,
    ListedBatch,
    encoded,
    write_file,
)
from projections.feed.change_files import ERASURES_SCHEMA
from projections.feed.happened import Happened, erasures, latest_events
from projections.feed.row_sums import NO_ROWS, RowSum, sum_in_order
from projections.feed.steps import Step, both_rows
from projections.feed.written_changes import Changed, written_parts
from projections.log.decoding import ahead
from projections.stated.events import EVENTS, recorded_stretches
from projections.tables import TABLES
from registry.atomic_folder import atomic_folder, sync

if TYPE_CHECKING:
    from projections.export.manifest import KnownAt, Part
    from projections.feed.batch_files import FeedFile

Totals = Mapping[str, RowSum]  # of all rows of each table
Progress = Callable[[str], None]
NO_ERASURES: Final = Erasures(rows=0, parts=())


class Span(NamedTuple):
    """Of which feed a batch is, in which generation, and between which points of the log."""

    feed: FeedFile
    generation: int
    after: KnownAt
    until: KnownAt

    def batch(
        self,
        tables: dict[str, ChangedTable],
        events: ChangedEvents,
        erased: Erasures = NO_ERASURES,
        *,
        spondyl: str | None = None,
    ) -> Batch:
        """Return the batch that changes tables and adds events."""
        return Batch(
            format=FORMAT,
            spondyl=spondyl or spondyl_version(),
            registry=self.feed.registry,
            withdrawn=self.feed.withdrawn,
            contract=CONTRACT,
            generation=self.generation,
            restated=self.after.position == self.until.position,
            after=self.after,
            until=self.until,
            tables=tables,
            events=events,
            erasures=erased,
        )

    def folder(self, taken: Iterable[str]) -> str:
        """Return the name of its folder, which none of those that are taken has."""
        ending = f"~{self.generation}" if self.generation else ""
        positions = f"{self.after.position:012}-{self.until.position:012}"
        names = chain((f"{positions}{ending}",), (f"{positions}.{number}{ending}" for number in count(2)))
        there = set(taken)
        return next(name for name in names if name not in there)


def write_step(folder: Path, span: Span, step: Step, totals: Totals, progress: Progress | None = None) -> Batch:
    """Write what a step changes into the folder of its batch, and return what it is."""
    happened, events = _events(folder, step, span.feed, totals[EVENTS.name])
    names = [name for name in span.feed.tables if name != EVENTS.name]
    changed = {name: Changed(totals[name]) for name in names}
    for written in written_parts(folder, both_rows(step, happened, names), happened.since, batch=step.until):
        changed[written.table] = changed[written.table].with_part(written)
        if progress:
            progress(written.part.path)
    return span.batch(
        {name: each.told(TABLES[name]) for name, each in changed.items()}, events, _erasures(folder, step)
    )


def totals_after(batch: Batch | None, feed: FeedFile) -> Totals:
    """Return the sums of all rows of each table after a batch, before the first where there is none."""
    if batch is None:
        return dict.fromkeys((*feed.tables, EVENTS.name), NO_ROWS)
    tables: dict[str, ChangedTable | ChangedEvents] = {**batch.tables, EVENTS.name: batch.events}
    return {name: RowSum.read(each.rows, each.row_sum) for name, each in tables.items()}


@contextmanager
def batch_appearing(place: Path, name: str) -> Iterator[Path]:
    """Lend an empty folder that becomes the folder of a batch of that name in a feed when the block ends."""
    batches = place / BATCHES
    with atomic_folder(batches / name) as folder:
        yield folder
        for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
            sync(path)
        folder.rename(batches / name)
        sync(batches)


def put_batch(folder: Path, batch: Batch, name: str) -> ListedBatch:
    """Write `batch.json` into the folder of a batch, and return what the head lists."""
    content = encoded(batch)
    write_file(folder / BATCH, content)
    digest = sha256(content).hexdigest()
    return ListedBatch(after=batch.after.position, until=batch.until.position, folder=name, sha256=digest)


def told_events(total: RowSum, parts: Iterable[Part]) -> ChangedEvents:
    """Return what `batch.json` says of the events, with the sum over all of them."""
    columns = tuple(column.name for column in EVENTS.columns)
    return ChangedEvents(
        edition=EVENTS.edition, columns=columns, rows=total.rows, row_sum=total.hex, parts=tuple(parts)
    )


def events_path(part: int) -> str:
    """Return the path of a part of the events of a batch."""
    return f"{EVENTS.name}/part-{part:05}.parquet"


def _events(folder: Path, step: Step, feed: FeedFile, total: RowSum) -> tuple[Happened, ChangedEvents]:
    """Write the events of a step where the feed has them, and return what happened and what is told of them."""
    reading = _Reading(total, is_kept=EVENTS.name in feed.tables)
    parts = []
    with ThreadPoolExecutor(max_workers=1) as thread:
        for number, after in enumerate(range(step.after, step.until, EVENTS_OF_A_PART)):
            until = min(after + EVENTS_OF_A_PART, step.until)
            rows = reading.rows(ahead(recorded_stretches(step.log, after=after, until=until)), thread)
            if reading.is_kept:
                parts.append(write_rows(folder, events_path(number), parquet_schema(EVENTS), rows))
            else:
                for _ in rows:
                    pass
    return reading.happened(), told_events(reading.total(), parts)


class _Reading:
    """The events of a step as they are read once: what they say of whom, and their sum, are found on the way."""

    def __init__(self, total: RowSum, *, is_kept: bool) -> None:
        self._total, self.is_kept = total, is_kept
        self._sums: list[Future[RowSum]] = []
        self._latest: list[ArrowTable] = []

    def rows(self, stretches: Iterable[ArrowTable], thread: ThreadPoolExecutor) -> Iterator[ArrowTable]:
        """Yield the rows of stretches as they come."""
        for stretch in (each for each in stretches if each.num_rows):
            self._latest.append(latest_events(stretch))
            if self.is_kept:
                self._sums.append(thread.submit(sum_in_order, stretch, EVENTS))
            yield stretch

    def happened(self) -> Happened:
        return Happened(self._latest)

    def total(self) -> RowSum:
        for each in self._sums:
            self._total = self._total.plus(each.result())
        self._sums.clear()
        return self._total


def _erasures(folder: Path, step: Step) -> Erasures:
    found = erasures(step.log, after=step.after, until=step.until)
    if not found.num_rows:
        return NO_ERASURES
    return Erasures(rows=found.num_rows, parts=(write_rows(folder, ERASURES, ERASURES_SCHEMA, [found]),))
