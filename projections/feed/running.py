"""Making a feed, and writing its next batch: what is new since the last one, and what was erased before it.

Everything is written beside what stands there; then `head.json` says so, from one instant to the next. Whoever is
killed before that has changed nothing, and what is left of it goes with the next run.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self

import pyarrow as pa

from projections.columns.tables import BY_PATIENT
from projections.consent import KEEP
from projections.errors import FeedError
from projections.export.dictionary import dictionary
from projections.export.manifest import DICTIONARY, KnownAt, as_json, registry_id
from projections.feed.batch_files import (
    BATCH,
    BATCHES,
    FEED,
    FORMAT,
    HEAD,
    START,
    FeedFile,
    Head,
    ListedBatch,
    check_feed,
    encoded,
    put_file,
    read_feed,
    read_head,
    write_file,
)
from projections.feed.batches import Span, batch_appearing, put_batch, totals_after, write_step
from projections.feed.happened import erasures
from projections.feed.locked import remove_leftovers, writing_in
from projections.feed.replaying import FolderBatch, folder_batches
from projections.feed.restating import other_rules, write_restated
from projections.feed.rewriting import rewritten
from projections.feed.steps import Step
from projections.known_at import head_at
from projections.log.log_columns import LogColumns
from projections.point_in_time import facts_at
from projections.stated.events import EVENTS
from projections.tables import TABLES
from registry.atomic_folder import atomic_folder, sync
from registry.domain.days import instant
from registry.errors import ConflictingOptionsError, UnknownCodeError
from registry.new_files import why_of
from registry.private_files import make_folder

if TYPE_CHECKING:
    from projections.feed.batches import Progress
    from projections.known_at import KnownAt as AskedKnownAt
    from registry import Registry
    from registry.store.head import Head as LogHead
    from registry.store.log import EventLog

IN_FEEDS: Final = tuple(table.name for table in TABLES.values() if table.function_of in BY_PATIENT or table is EVENTS)


def feed_init(
    registry: Registry,
    folder: str | Path,
    *,
    tables: Iterable[str] | None = None,
    withdrawn: Literal["keep", "exclude"] = "keep",
) -> FeedFile:
    """Make the folder of a feed of a registry, still without a batch, and return what it is of.

    `tables` are by default all whose changes are found patient by patient, and `events`; with `withdrawn` of `exclude`,
    which leaves out patients who withdrew their consent, all but `events`. Raises `FeedError` where something stands
    there, where the registry holds no event, and where the system refuses; `UnknownCodeError` for a table that no feed
    has; `ConflictingOptionsError` for `events` without those who withdrew.
    """
    place = Path(folder)
    identity = registry_id(registry.log, registry.log.head().position)
    if identity is None:
        raise FeedError(place, "cannot be a feed of a registry without an event; record something first")
    feed = FeedFile(format=FORMAT, registry=identity, tables=_chosen(tables, withdrawn), withdrawn=withdrawn)
    _put(place, feed)
    return feed


def feed_run(
    registry: Registry, folder: str | Path, *, known_at: AskedKnownAt = None, progress: Progress | None = None
) -> tuple[ListedBatch, ...]:
    """Write what is new in a registry since the last batch of a feed, and return the batches that were written.

    That is one; none where nothing is new; two where a rule is another one than when the last was written: the first
    restates the rows of its tables. Where somebody was erased, the batches that stand there are rewritten without them
    before that, as another generation. With `known_at` the batch ends at that place of the recorded clock, by default
    at the end of the log. `progress` is told each part that is written.

    Raises `UnknownPointError` for a place that the log does not have, and `FeedError` where the folder is no feed, or
    that of another registry, is not whole, or cannot be written, or where another run is at work.
    """
    place = Path(folder)
    read_feed(place)
    with writing_in(place):
        run = _Run.begun(registry.log, place, head_at(registry.log, known_at))
        try:
            with _kept_memory():
                return run.written(progress)
        except BaseException:
            with suppress(OSError, FeedError):
                remove_leftovers(place, read_head(place))
            raise


def check_log(log: EventLog, place: Path, feed: FeedFile, head: Head, end: LogHead) -> None:
    """Raise `FeedError` where a log that ends at `end` is not the one of which a feed was made, or an older copy."""
    identity = registry_id(log, end.position)
    if identity != feed.registry:
        here = "one whose log is empty" if identity is None else f"registry {identity}"
        raise FeedError(place, f"is of registry {feed.registry}, this is {here}; name the one that it was made of")
    if end.position < head.position:
        raise FeedError(place, f"goes to @{head.position:,}, and @{end.position:,} of the log is before that")
    if head.position and (there := log.head_at(head.position).digest.hex()) != head.digest:
        what = f"has digest {head.digest} at @{head.position:,}, the log {there}: it is a copy that went on separately"
        raise FeedError(place, what)


class _Run(NamedTuple):
    """A run of a feed of a log, from its head up to the end of the log."""

    log: EventLog
    place: Path
    feed: FeedFile
    head: Head
    until: KnownAt

    @classmethod
    def begun(cls, log: EventLog, place: Path, end: LogHead) -> Self:
        """Begin a run: what a killed one left is removed. Raises `FeedError` where the log is not the feed's."""
        feed, head = read_feed(place), read_head(place)
        check_log(log, place, feed, head, end)
        remove_leftovers(place, head)
        return cls(log, place, feed, head, _point(end))

    def written(self, progress: Progress | None) -> tuple[ListedBatch, ...]:
        """Write what is new and return it."""
        batches = [*folder_batches(self.place, self.head)]
        for each in batches:
            check_feed(each.folder / BATCH, self.feed, each.batch)
        is_erased = bool(batches) and self._is_erased
        is_other = bool(batches) and bool(other_rules(batches[-1]))
        if not (is_erased or is_other or self.until.position > self.head.position):
            return ()
        generation = self.head.generation + is_erased
        if is_erased:
            batches = rewritten(self.log, self.feed, batches, generation, until=self.until.position)
        n_before = len(batches)
        if is_other:
            batches.append(self._restated(batches, generation))
        if self.until.position > self.head.position:
            batches.append(self._stepped(batches, generation, progress))
        listed = tuple(each.listed for each in batches)
        self._publish(_head(generation, self.until, listed))
        return listed[n_before:]

    @property
    def _is_erased(self) -> bool:
        return bool(erasures(self.log, after=self.head.position, until=self.until.position).num_rows)

    def _restated(self, batches: Sequence[FolderBatch], generation: int) -> FolderBatch:
        span = Span(self.feed, generation, self.head.at, self.head.at)
        name = span.folder(each.listed.folder for each in batches)
        with batch_appearing(self.place, name) as folder:
            batch = write_restated(folder, span, self.log, batches, totals_after(batches[-1].batch, self.feed))
            listed = put_batch(folder, batch, name)
        return FolderBatch(self.place, listed, batch)

    def _stepped(self, batches: Sequence[FolderBatch], generation: int, progress: Progress | None) -> FolderBatch:
        span = Span(self.feed, generation, self.head.at, self.until)
        step = Step(self.log, self.head.position, self.until.position, self.feed.withdrawn)
        name = span.folder(())
        totals = totals_after(batches[-1].batch if batches else None, self.feed)
        with batch_appearing(self.place, name) as folder:
            batch = write_step(folder, span, step, totals, progress)
            listed = put_batch(folder, batch, name)
        return FolderBatch(self.place, listed, batch)

    def _publish(self, head: Head) -> None:
        """Put the dictionary and the head in place, and remove the batches that the head does not list any more."""
        columns = LogColumns.read(self.log, until=self.until.position)
        facts = facts_at(columns, known_at=self.until.position, withdrawn=self.feed.withdrawn)
        put_file(self.place / DICTIONARY, as_json(dictionary(self.feed.tables, facts)))
        put_file(self.place / HEAD, encoded(head))
        gone = {each.folder for each in self.head.batches} - {each.folder for each in head.batches}
        for folder in gone:
            shutil.rmtree(self.place / BATCHES / folder)


def _chosen(tables: Iterable[str] | None, withdrawn: str) -> tuple[str, ...]:
    known = [name for name in IN_FEEDS if withdrawn == KEEP or name != EVENTS.name]
    chosen = known if tables is None else [*tables]
    for name in chosen:
        if name == EVENTS.name and withdrawn != KEEP:
            raise ConflictingOptionsError("tables", name, "who withdrew kept, for events tell of everybody")
        if name not in known:
            raise UnknownCodeError("tables", name, known, what="table of a feed")
    return tuple(name for name in known if name in set(chosen))


@contextmanager
def _kept_memory() -> Iterator[None]:
    """Have Arrow allocate as the system does, which keeps what is given back: else page faults take a fifth of it."""
    before = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(before)


def _head(generation: int, at: KnownAt, batches: Collection[ListedBatch]) -> Head:
    return Head(
        format=FORMAT,
        generation=generation,
        position=at.position,
        digest=at.digest,
        recorded_at=at.recorded_at,
        batches=tuple(batches),
    )


def _point(head: LogHead) -> KnownAt:
    recorded_at = None if head.recorded_at is None else instant(head.recorded_at)
    return KnownAt(position=head.position, recorded_at=recorded_at, digest=head.digest.hex())


def _put(place: Path, feed: FeedFile) -> None:
    """Have the folder of a feed appear, whole. Raises `FeedError`."""
    try:
        if place.is_symlink() or (place.exists() and (not place.is_dir() or any(place.iterdir()))):
            raise FeedError(place, "something is there; choose another folder")
        make_folder(place.parent)
        with atomic_folder(place) as folder:
            make_folder(folder / BATCHES)
            write_file(folder / HEAD, encoded(_head(0, START, ())))
            write_file(folder / FEED, encoded(feed))
            sync(folder)
            folder.rename(place)
            sync(place.parent)
    except OSError as error:
        raise FeedError(place, f"cannot be made: {why_of(error)}") from error
