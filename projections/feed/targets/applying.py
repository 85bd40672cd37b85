"""Applying a feed: every erasure that it lists first, then each batch that the target does not have yet, in order.

Whether a batch can follow is asked here, of the positions, digests and rules; a target is only told what to change. It
keeps its position in the same commit: so whoever is killed, or never hears that a commit was made, applies again, and
what is there already is nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from projections.errors import TargetError
from projections.feed.batch_files import CONTRACT, check_parts
from projections.feed.targets.erasing import Erasing
from projections.feed.targets.opened_feed import OpenedFeed
from projections.feed.targets.target import Applied

if TYPE_CHECKING:
    from projections.feed.batch_files import ListedBatch
    from projections.feed.replaying import FolderBatch
    from projections.feed.targets.target import Target

Progress = Callable[[str], None]


class Erased(NamedTuple):
    """What became of the erasures that a feed lists: how many streams, what the target then is, what is left to do.

    `remaining` are how many of the streams are those of patients who stay, of whom something was erased.
    """

    streams: int
    state: Applied | None
    left: str | None = None
    remaining: int = 0

    @property
    def patients(self) -> int:
        """How many patients were erased."""
        return self.streams - self.remaining


class Done(NamedTuple):
    """What was done to a target: batches that were applied, streams that were erased, what it is now, what is left."""

    batches: tuple[ListedBatch, ...]
    erased: Erased
    state: Applied | None


def feed_apply(folder: str | Path, target: Target, *, history: bool = False, progress: Progress | None = None) -> Done:
    """Bring a target to the last batch of a feed, and return what was done; nothing where nothing is new.

    With `history` it keeps earlier versions of rows, from its first batch on. `progress` is told each batch before it
    is applied. Raises `FeedError` for a batch that cannot be trusted or does not follow, `TargetError` where the target
    is of another feed, was written to by somebody else, or fails.
    """
    feed = OpenedFeed.read(folder)
    erased = erase_listed(feed, target)
    state = erased.state
    if state is not None and history and not state.with_history:
        raise TargetError(target.place, "was begun without its history, which nobody can add; name another target")
    first = feed.n_applied(state, target.place)
    for number in range(first, len(feed.head.batches)):
        batch = feed.batch(number)
        feed.check_next(batch, state)
        if progress:
            progress(f"@{batch.listed.after:,} to @{batch.listed.until:,}")
        after = _after(feed, batch, state, history=history)
        target.apply(batch, state, after)
        state = after
    return Done(feed.head.batches[first:], erased, state)


def erase_listed(feed: OpenedFeed, target: Target) -> Erased:
    """Carry out on a target every erasure that a feed lists and that was not carried out, and purge what is left.

    Raises as `feed_apply`.
    """
    state = target.state()
    n_applied = feed.n_applied(state, target.place)
    if state is None:
        return Erased(0, None)
    left = None
    if state.to_purge:
        state, left = _purged(target, state)
    listed = feed.erasures(after=state.erased_until)
    erasing = Erasing.of(listed, [feed.batch(number) for number in range(n_applied)])
    if erasing is None:
        return Erased(0, state, left)
    for batch in erasing.batches:
        check_parts(feed.place, batch.listed, batch.batch)
    head = feed.head
    after = replace(state, erased_until=head.position, generation=head.generation, to_purge=True)
    target.erase(erasing, state, after)
    state, left = _purged(target, after)
    return Erased(len(erasing.streams), state, left, len(erasing.remaining))


def _purged(target: Target, state: Applied) -> tuple[Applied, str | None]:
    after = replace(state, to_purge=False)
    return after, target.purge(state, after)


def _after(feed: OpenedFeed, batch: FolderBatch, state: Applied | None, *, history: bool) -> Applied:
    until = batch.batch.until
    return Applied(
        registry=feed.file.registry,
        contract=CONTRACT,
        generation=batch.batch.generation,
        position=until.position,
        digest=until.digest,
        recorded_at=until.recorded_at,
        withdrawn=feed.file.withdrawn,
        with_history=history if state is None else state.with_history,
        erased_until=until.position if state is None else max(until.position, state.erased_until),
        to_purge=False,
        tables=feed.rules(batch),
    )
