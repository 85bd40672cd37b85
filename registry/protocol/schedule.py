"""The schedule of a registry at a position of its log: which edition of a scheduled visit asks for which due days.

A scheduled visit is known by its name. It asks for due days from `begins` on: from `since` where the protocol says one,
else from the day (UTC) on which the first of the editions that say it so was adopted. An edition that says it otherwise
asks from the day of its own adoption on, and from its `since` only where that is another than before: so a due day
before a change follows what held then. Editions that differ in `since` and `until` alone are one, by the words of the
last of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from registry.catalogue.protocol import ScheduledVisit
from registry.domain.days import instant

if TYPE_CHECKING:
    from registry.protocol.adopted import Adoption


class AskedVisit(NamedTuple):
    """A scheduled visit as one or more editions say it, and the first due day for which these ask.

    `adopted_on` is the day (UTC) on which the first of these editions was adopted.
    """

    visit: ScheduledVisit
    begins: date
    adopted_on: date


def schedule_of(adoptions: Sequence[Adoption]) -> tuple[AskedVisit, ...]:
    """Return the scheduled visits of editions, given the oldest first: by name, as they came, the oldest first."""
    by_name: dict[str, list[AskedVisit]] = {}
    for adoption in adoptions:
        adopted_on = instant(adoption.recorded_at).date()
        for visit in adoption.adopted.protocol.schedule:
            _take_in(by_name.setdefault(visit.name, []), visit, adopted_on)
    return tuple(asked for editions in by_name.values() for asked in editions)


def _take_in(editions: list[AskedVisit], visit: ScheduledVisit, adopted_on: date) -> None:
    """Add what an edition says of a visit to what the earlier ones said of it."""
    last = editions[-1] if editions else None
    if last is not None and _without_limits(last.visit) == _without_limits(visit):
        begins = last.begins if last.visit.since == visit.since else visit.since or last.adopted_on
        editions[-1] = AskedVisit(visit, begins, last.adopted_on)
    elif visit.since is None or (last is not None and last.visit.since == visit.since):
        editions.append(AskedVisit(visit, adopted_on, adopted_on))
    else:
        editions.append(AskedVisit(visit, visit.since, adopted_on))


def _without_limits(visit: ScheduledVisit) -> ScheduledVisit:
    return msgspec.structs.replace(visit, since=None, until=None)
