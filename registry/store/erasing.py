"""The one path by which an event loses what it said: payload and salt of a stream become null, both at once."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, select, update

from registry.domain.events import ERASURE
from registry.store.database import Database
from registry.store.log import EventLog
from registry.store.schema import events


class ErasedStream(NamedTuple):
    """A stream that was erased: by the event at which position, and when (recorded clock, µs UTC)."""

    stream: UUID
    position: int
    recorded_at: int


def null_payloads(database: Database, connection: Connection, stream: UUID) -> int:
    """Erase what the events of a stream say, inside the write lock; return how many said something."""
    erased = update(events).where(_says_something(database, stream)).values(payload=None, salt=None)
    return connection.execute(erased).rowcount


def payloads_of(database: Database, stream: UUID) -> list[str]:
    """Return what would be erased: the payloads of a stream's events, in their order."""
    statement = select(events.c.payload).where(_says_something(database, stream)).order_by(events.c.version)
    with database.reading() as connection:
        return [payload for payload in connection.scalars(statement) if payload is not None]


def erased_streams(
    log: EventLog, *, after: int = 0, until: int | None = None, streams: Collection[UUID] | None = None
) -> list[ErasedStream]:
    """Return the erasures recorded after one position and up to another, of some streams or of all."""
    return [
        ErasedStream(UUID(bytes=stream), position, recorded_at)
        for chunk in log.columns(after, until, topics=[ERASURE], streams=streams)
        for stream, position, recorded_at in zip(chunk.stream, chunk.position, chunk.recorded_at)
    ]


def _says_something(database: Database, stream: UUID) -> ColumnElement[bool]:
    return database.in_streams([stream.bytes]) & events.c.payload.is_not(None) & (events.c.topic != ERASURE)
