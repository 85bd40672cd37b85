"""The read side's door to whole events: their columns joined by the database into lines, in place of a row an event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from sqlalchemy import Text, cast, select

from registry.store.log import EventLog
from registry.store.schema import events

EVENTS_AT_ONCE: Final = 25_000  # about 20 MB of payloads; a database joins at most 1 GB


class EventLines(NamedTuple):
    """Events of one stretch of the log, those with payloads or the erased ones; all columns in the same, any order.

    One line an event, in UTF-8: numbers in decimal, `recorded_at` in µs UTC, `digest` in hexadecimal. `payload` is None
    for erased events.
    """

    position: bytes
    recorded_at: bytes
    event: bytes
    event_version: bytes
    digest: bytes
    payload: bytes | None


def event_lines(log: EventLog, *, after: int, until: int) -> Iterator[list[EventLines]]:
    """Yield the events after one position and up to another, a stretch of the log at a time."""
    database = log.database
    numbers = (cast(events.c[name], Text) for name in ("position", "recorded_at", "event_version"))
    position, recorded_at, event_version = map(database.joined_lines, numbers)
    event, payload = database.joined_lines(events.c.topic), database.joined_lines(events.c.payload)
    digest = database.joined_lines(database.digest_hex)
    statement = select(position, recorded_at, event, event_version, digest, payload).group_by(
        events.c.payload.is_(None)
    )
    for first in range(after, until, EVENTS_AT_ONCE):
        last = min(first + EVENTS_AT_ONCE, until)
        with database.reading() as connection:
            rows = connection.execute(statement.where(events.c.position > first, events.c.position <= last)).all()
        yield [EventLines(*row) for row in rows]
