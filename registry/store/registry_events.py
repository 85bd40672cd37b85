"""Appending to the registry's own streams, by whoever holds the write lock."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, func, select

from registry.domain.registry_streams import RegistryEvent, RegistryStream
from registry.store.database import Database
from registry.store.event_rows import EncodedEvent, sealed
from registry.store.head import Head, head_of
from registry.store.schema import events


def next_event(
    database: Database, connection: Connection, stream: RegistryStream, event: RegistryEvent
) -> EncodedEvent:
    """Return an event as the next one of a stream of the registry's own; asked inside the write lock."""
    in_stream = database.in_streams([stream.id.bytes])
    version = connection.scalar(select(func.max(events.c.version)).where(in_stream)) or 0
    return EncodedEvent(stream.id, version + 1, stream.topic_of(event), msgspec.json.encode(event))


def append_event(
    database: Database, connection: Connection, stream: RegistryStream, event: RegistryEvent, *, now: int
) -> Head:
    """Append one event to a stream of the registry's own, inside the write lock, and return where the log ends then.

    `now` is the recorded clock, µs UTC; the event is recorded then, or with the last one where that is later.
    """
    following = next_event(database, connection, stream, event)
    database.append(connection, sealed([following], head_of(connection), now=now))
    return head_of(connection)
