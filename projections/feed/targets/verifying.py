"""Whether a target has what its feed says: its rows, read back, against the sums of the batch that it has last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from projections.errors import TargetError
from projections.feed.row_sums import RowSum
from projections.feed.targets.applying import Erased, erase_listed
from projections.feed.targets.opened_feed import OpenedFeed
from projections.stated.events import EVENTS

if TYPE_CHECKING:
    from projections.feed.batch_files import Batch
    from projections.feed.targets.target import Applied, Target


class TargetVerification(NamedTuple):
    """What came of verifying a target: how far it is, the rows of each table, what was erased, all that is wrong."""

    position: int
    rows: dict[str, int]
    erased: Erased
    problems: tuple[TargetError, ...]


class TargetStatus(NamedTuple):
    """How far a target is, and the feed: positions and recorded instants; batches and erasures that wait.

    Both are null where nothing was applied yet. Streams to erase are also those of patients who stay, of whom something
    is to be erased; patients are not.
    """

    place: str
    position: int | None
    recorded_at: datetime | None
    with_history: bool
    feed_position: int
    feed_recorded_at: datetime | None
    batches_behind: int
    streams_to_erase: int
    patients_to_erase: int

    @property
    def events_behind(self) -> int:
        """How many events of the feed are not in the target yet."""
        return self.feed_position - (self.position or 0)


def target_verify(folder: str | Path, target: Target) -> TargetVerification:
    """Hold the rows of a target against the sums of the batch of a feed that it has last.

    What the feed lists as erased is erased before. Raises `FeedError` and `TargetError` as `feed_apply`, and
    `TargetError` where nothing was applied yet.
    """
    feed = OpenedFeed.read(folder)
    erased = erase_listed(feed, target)
    if erased.state is None:
        raise TargetError(target.place, "nothing was applied to it yet; spondyl feed apply does")
    number = feed.n_applied(erased.state, target.place) - 1
    stated, found = _stated(feed.batch(number).batch, erased.state), target.sums()
    problems = [_problem(target, name, told, found.get(name)) for name, told in stated.items()]
    rows = {name: told.rows for name, told in found.items() if name in erased.state.tables}
    return TargetVerification(erased.state.position, rows, erased, tuple(each for each in problems if each))


def target_status(folder: str | Path, target: Target) -> TargetStatus:
    """Return how far a target is behind a feed; nothing is changed. Raises as `feed_apply`."""
    feed, state = OpenedFeed.read(folder), target.state()
    n_applied = feed.n_applied(state, target.place)
    waiting = () if state is None else feed.erasures(after=state.erased_until)
    told = [row for rows in waiting for row in rows.to_pylist()]
    return TargetStatus(
        place=target.place,
        position=None if state is None else state.position,
        recorded_at=None if state is None else state.recorded_at,
        with_history=state is not None and state.with_history,
        feed_position=feed.head.position,
        feed_recorded_at=feed.head.recorded_at,
        batches_behind=len(feed.head.batches) - n_applied,
        streams_to_erase=len({row["stream"] for row in told}),
        patients_to_erase=len({row["stream"] for row in told if not row["remains"]}),
    )


def _stated(batch: Batch, state: Applied) -> Mapping[str, RowSum]:
    """Return the rows and sums of each table after a batch, of a target's histories too."""
    sums = {name: RowSum.read(each.rows, each.row_sum) for name, each in batch.tables.items()}
    versions = {f"{name}_history": told for name, told in sums.items()} if state.with_history else {}
    events = RowSum.read(batch.events.rows, batch.events.row_sum)
    return sums | versions | ({EVENTS.name: events} if EVENTS.name in state.tables else {})


def _problem(target: Target, name: str, told: RowSum, found: RowSum | None) -> TargetError | None:
    if found == told:
        return None
    if found is None or found.rows != told.rows:
        there = "none" if found is None else f"{found.rows:,}"
        return TargetError(target.place, f"{name} has {there} of {told.rows:,} rows; begin a new target")
    what = f"{name} has other rows: their sum is {found.hex}, the feed says {told.hex}; begin a new target"
    return TargetError(target.place, what)
