"""Where what is known of a patient changed: the positions of the events of the patient's stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.events import stream_of
from registry.store.schema import events

if TYPE_CHECKING:
    from registry.store.log import EventLog


def changes_of(log: EventLog, patient: str, position: int) -> tuple[int | None, int | None]:
    """Return the last position of the change before the one that a position shows, and of the next one after it.

    What was recorded in one instant is one change; None where there is no such change.
    """
    condition = log.database.in_streams([stream_of(patient).bytes])
    last_of: dict[int, int] = {}
    for page in log.pages([events.c.position, events.c.recorded_at], condition, after=0):
        last_of |= {recorded_at: place for place, recorded_at in map(tuple, page)}
    known = [place for place in last_of.values() if place <= position]
    later = [place for place in last_of.values() if place > position]
    return (known[-2] if len(known) > 1 else None), (later[0] if later else None)
