"""Whether the clock of a machine lies behind the log, as after a clock that once jumped forward.

The recorded clock never runs back: an event is given the time of the machine on which spondyl runs, not the server's,
or that of the event before it where this is later. So one event that was recorded by a clock in 2090 gives its time to
all that follow, and nothing of what follows is known at any day before.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from registry.domain.days import instant
from registry.store.log import EventLog

TOLERANCE: Final = 10_000_000  # µs: by so much clocks differ that nobody sets by hand
SECOND: Final = 1_000_000  # µs
UNITS: Final = (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1))  # s


class ClockBehind(NamedTuple):
    """A machine's clock that lies behind the log: what it shows, and the time of the last event (µs UTC).

    `position` is the first event that was recorded later than the clock shows.
    """

    position: int
    shown: int
    recorded_at: int

    @property
    def by(self) -> str:
        """How far it lies behind, in the largest unit of which there are two, rounded down."""
        seconds = (self.recorded_at - self.shown) // SECOND
        return next(f"{seconds // length:,} {unit}" for unit, length in UNITS if seconds >= 2 * length)

    def __str__(self) -> str:
        return (
            f"this machine's clock ({instant(self.shown):%Y-%m-%d %H:%M:%S} UTC) lies {self.by} behind the log, whose "
            f"events from @{self.position} on are later, up to {instant(self.recorded_at):%Y-%m-%d %H:%M:%S} UTC; what "
            "is recorded now is of that time too: ask by position (@N) or freeze, not by day"
        )


def clock_behind(log: EventLog) -> ClockBehind | None:
    """Return how far the machine's clock lies behind the last event; None within ten seconds, and where it does not."""
    shown, recorded_at = log.clock(), log.head().recorded_at
    if recorded_at is None or recorded_at - shown <= TOLERANCE:
        return None
    return ClockBehind(log.position_at(shown) + 1, shown, recorded_at)
