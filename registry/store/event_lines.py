"""The read side's door to whole events: their columns joined by the database into lines, in place of a row an event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from sqlalchemy import Text, cast, func, select

from registry.store.log import EventLog
from registry.store.payload_lines import joined_stretches
from registry.store.schema import events

ERASED: Final = "{}"  # in place of an erased payload: none that is stored is empty


class EventLines(NamedTuple):
    """Events of one piece of the log; all columns in the same, any order.

    One line an event, in UTF-8: numbers in decimal, `recorded_at` in µs UTC, `payload` is `ERASED` for erased events.
    `digest` has the bytes of all digests end to end.
    """

    position: bytes
    recorded_at: bytes
    event: bytes
    event_version: bytes
    digest: bytes
    payload: bytes


def event_lines(log: EventLog, *, after: int, until: int) -> Iterator[list[EventLines]]:
    """Yield the events after one position and up to another, a stretch of the log at a time."""
    database = log.database
    numbers = (cast(events.c[name], Text) for name in ("position", "recorded_at", "event_version"))
    position, recorded_at, event_version = map(database.joined_lines, numbers)
    event, digest = database.joined_lines(events.c.topic), database.joined_bytes(events.c.digest)
    payload = database.joined_lines(func.coalesce(events.c.payload, ERASED))
    statement = select(position, recorded_at, event, event_version, digest, payload)
    for rows in joined_stretches(log, statement, after=after, until=until):
        yield [EventLines(*row) for row in rows]
