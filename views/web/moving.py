"""Moving in time: the days of both clocks, the freezes, and the last change before a point and the first one after."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from registry.domain.days import instant, today
from views.web.asked import day_recorded

if TYPE_CHECKING:
    from views.web.asked import Asked

Changes = tuple[int | None, int | None]


class Place(NamedTuple):
    """A place to go to: its name, what is said of it, and the address of the page there."""

    name: str
    says: str
    address: str
    is_here: bool


class Moving(NamedTuple):
    """Where a page can be seen at another point in time.

    `latest` is the last day that can be asked for, where the registry is kept; `known_until` the last on which anything
    can have been recorded, in UTC.
    """

    known_on: str
    known_until: str
    latest: str
    earlier: str
    later: str
    at_end: str
    freezes: list[Place]


def moving(asked: Asked, changes: Changes | None) -> Moving:
    """Return where to go from a page; `changes` of what it shows, by default of the registry."""
    live, here = asked.live, asked.point.position
    before, after = _changes(asked) if changes is None else changes
    return Moving(
        day_recorded(live, here),
        instant(live.log.now()).date().isoformat(),
        today(live.log.now()).isoformat(),
        "" if before is None else asked.at(before),
        "" if after is None else asked.at(after),
        "" if here == asked.last else asked.at(asked.last, today(live.log.now())),
        [_freeze(asked, each.name, each.position, each.recorded_at) for each in live.registry.freezes()],
    )


def _freeze(asked: Asked, name: str, position: int, recorded_at: int) -> Place:
    on = instant(recorded_at).date()
    return Place(name, f"@{position}, {on}", asked.at(position, on), position == asked.point.position)


def _changes(asked: Asked) -> Changes:
    """Return where the log ended before what was recorded last, and where what was recorded next ends.

    What was recorded in one instant is one change, as an import is.
    """
    log, here = asked.live.log, asked.point.position
    recorded_at = log.head_at(here).recorded_at
    before = None if recorded_at is None else log.position_at(recorded_at - 1)
    if here >= asked.last:
        return before, None
    following = log.head_at(here + 1).recorded_at
    assert following is not None, "an event after the first has an instant"
    return before, log.position_at(following)
