"""How far a feed is, and how late: what its registry has recorded since its last batch."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from projections.feed.batch_files import read_feed, read_head
from projections.feed.running import check_log
from registry.domain.days import instant

if TYPE_CHECKING:
    from registry import Registry


class FeedStatus(NamedTuple):
    """How far a feed is: its last position and recorded instant, batches and generation; and where the log ends."""

    position: int
    recorded_at: datetime | None
    batches: int
    generation: int
    log_position: int
    log_recorded_at: datetime | None

    @property
    def events_behind(self) -> int:
        """How many events of the log are in no batch yet."""
        return self.log_position - self.position


def feed_status(registry: Registry, folder: str | Path) -> FeedStatus:
    """Return how far the feed in a folder is, and how late. Raises `FeedError` for no feed, or that of another log."""
    place = Path(folder)
    feed, head, end = read_feed(place), read_head(place), registry.log.head()
    check_log(registry.log, place, feed, head, end)
    return FeedStatus(
        position=head.position,
        recorded_at=head.recorded_at,
        batches=len(head.batches),
        generation=head.generation,
        log_position=end.position,
        log_recorded_at=None if end.recorded_at is None else instant(end.recorded_at),
    )
