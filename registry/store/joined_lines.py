"""The read side's fast door: columns of events joined by the database into lines, so that no event becomes an object.

`payload_lines` gives payloads by topic, as JSON lines on their way into columns; `event_lines` whole events.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple, TypeVarTuple
from uuid import UUID

from sqlalchemy import Row, Select, Text, bindparam, cast, func, select, tuple_

from registry.store.log import EventLog
from registry.store.schema import events

EVENTS_AT_ONCE: Final = 25_000  # about 20 MB of payloads
JOINED_AT_ONCE: Final = 5_000  # about 4 MB: a database joins quickly what fits into the processor's cache
ERASED: Final = "{}"  # in place of an erased payload: none that is stored is empty
Columns = TypeVarTuple("Columns")


class PayloadLines(NamedTuple):
    """The events of one topic and version in one stretch of the log, without the erased ones.

    One line an event, all in the same order, whatever it is: `positions` in decimal, `recorded_at` in µs UTC,
    `payloads` in UTF-8.
    """

    topic: str
    event_version: int
    positions: bytes
    recorded_at: bytes
    payloads: bytes


def payload_lines(
    log: EventLog,
    *,
    after: int,
    until: int,
    streams: Collection[UUID] | None = None,
    without: Collection[tuple[str, int]] = (),
) -> Iterator[list[PayloadLines]]:
    """Yield the events after one position and up to another, a stretch of the log at a time, each by topic.

    With `streams` only their events are read, all at once. Those `without` which are given by topic and version.
    """
    joined = log.database.joined_lines
    names = (events.c.topic, events.c.event_version)
    position, recorded_at = (joined(cast(number, Text)) for number in (events.c.position, events.c.recorded_at))
    texts = (position, recorded_at, joined(events.c.payload))
    statement = select(*names, *texts).where(events.c.payload.is_not(None)).group_by(*names)
    if streams is not None:
        statement = statement.where(log.database.in_streams([stream.bytes for stream in streams]))
    if without:
        statement = statement.where(tuple_(*names).not_in(sorted(without)))
    for rows in joined_stretches(log, statement, after=after, until=until, at_once=streams is not None):
        yield [PayloadLines(*row) for row in rows]


def joined_stretches(
    log: EventLog, statement: Select[*Columns], *, after: int, until: int, at_once: bool = False
) -> Iterator[list[Row[*Columns]]]:
    """Yield what a statement joins of the events after one position and up to another, a stretch of the log at a time.

    Of a stretch it joins a piece after the other; with `at_once` everything is one piece.
    """
    of_piece = statement.where(events.c.position > bindparam("first"), events.c.position <= bindparam("last"))
    everything = max(until - after, 1)
    step, piece = (everything, everything) if at_once else (EVENTS_AT_ONCE, JOINED_AT_ONCE)
    for first in range(after, until, step):
        last = min(first + step, until)
        with log.database.reading() as connection:
            rows = [
                row
                for begin in range(first, last, piece)
                for row in connection.execute(of_piece, {"first": begin, "last": min(begin + piece, last)})
            ]
        yield rows


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
