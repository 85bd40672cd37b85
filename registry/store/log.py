"""The read side's door: the log in columns, up to any position."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select

from registry.errors import UnknownPointError
from registry.store.database import Database
from registry.store.head import Clock, Head, head_of, system_clock
from registry.store.schema import events

EVENTS_AT_ONCE: Final = 50_000


class EventColumns(NamedTuple):
    """Some events as parallel lists, one entry an event, in the order of their positions.

    `stream` has 16 bytes, `version` is the event's place in its stream, `recorded_at` the recorded clock in µs UTC,
    `payload` the JSON text or None where it was erased, `digest` 32 bytes of the chain.
    """

    position: list[int]
    stream: list[bytes]
    version: list[int]
    topic: list[str]
    event_version: list[int]
    recorded_at: list[int]
    payload: list[str | None]
    digest: list[bytes]


class EventLog:
    """All that was recorded, in one order, as it was known at any position.

    What stands at a position never changes; so a reader notes where the log ends, reads up to there a piece at a time,
    each in a short transaction of its own, and still gets one consistent prefix. Nobody waits for it.
    """

    def __init__(self, database: Database, *, clock: Clock = system_clock) -> None:
        self.database = database
        self.clock = clock

    def now(self) -> int:
        """Return the instant of an event that were recorded now: recorded clock, µs UTC, never before the last."""
        return max(self.clock(), self.head().recorded_at or 0)

    def head(self) -> Head:
        """Return the last event; position 0 where the log is empty."""
        with self.database.reading() as connection:
            return head_of(connection)

    def head_at(self, position: int) -> Head:
        """Return the event at a position, with the digest of all up to it. Raises `UnknownPointError`."""
        with self.database.reading() as connection:
            head = head_of(connection, position)
            if head.position != position:
                last = head_of(connection).position
                raise UnknownPointError(f"@{position}", f"the log goes from @0 to @{last}")
        return head

    def position_at(self, instant: int) -> int:
        """Return the last position recorded at or before an instant of the recorded clock (µs UTC), 0 where none was.

        Halves the log some twenty times, which needs no index: recorded time never decreases with position.
        """
        with self.database.reading() as connection:
            before, after = 0, head_of(connection).position + 1
            while after - before > 1:
                middle = (before + after) // 2
                recorded_at = head_of(connection, middle).recorded_at
                if recorded_at is not None and recorded_at <= instant:
                    before = middle
                else:
                    after = middle
        return before

    def digests_at(self, positions: Collection[int]) -> dict[int, str]:
        """Return the digest at each position that the log has, in hexadecimal."""
        statement = select(events.c.position, events.c.digest).where(events.c.position.in_(sorted(positions)))
        with self.database.reading() as connection:
            return {position: digest.hex() for position, digest in connection.execute(statement)}

    def positions_of(self, topic: str, *, after: int, until: int | None = None) -> list[int]:
        """Return the positions after one, and up to another, at which there are events of a topic.

        Every event between them is looked at: there is no index on topics.
        """
        statement = select(events.c.position).where(events.c.position > after, events.c.topic == topic)
        if until is not None:
            statement = statement.where(events.c.position <= until)
        with self.database.reading() as connection:
            return list(connection.execute(statement.order_by(events.c.position)).scalars())

    def position_of(self, stream: UUID, version: int) -> int:
        """Return the position of the event that is a version of a stream; there must be one."""
        statement = select(events.c.position).where(
            self.database.in_streams([stream.bytes]), events.c.version == version
        )
        with self.database.reading() as connection:
            return int(connection.execute(statement).scalar_one())

    def columns(
        self,
        after: int = 0,
        until: int | None = None,
        *,
        topics: Collection[str] | None = None,
        streams: Collection[UUID] | None = None,
        chunk: int = EVENTS_AT_ONCE,
    ) -> Iterator[EventColumns]:
        """Yield the events after one position and up to another, by default the end, at most `chunk` at a time.

        `topics` are names without versions, as `VisitRecorded`. Nothing is yielded where there are no such events.
        """
        condition = [events.c.position <= (self.head().position if until is None else until)]
        if topics is not None:
            condition.append(events.c.topic.in_(topics))
        if streams is not None:
            condition.append(self.database.in_streams([stream.bytes for stream in streams]))
        selected = [events.c[name] if name != "stream" else self.database.stream_bytes for name in EventColumns._fields]
        for rows in self.pages(selected, *condition, after=after, chunk=chunk):
            yield EventColumns(*map(list, zip(*rows, strict=True)))

    def pages(
        self,
        selected: Sequence[ColumnElement[Any]],
        *condition: ColumnElement[bool],
        after: int,
        chunk: int = EVENTS_AT_ONCE,
    ) -> Iterator[Sequence[Row[Any]]]:
        """Yield rows of selected columns, the position first, in the order of their positions, `chunk` at a time."""
        while True:
            statement = select(*selected).where(events.c.position > after, *condition)
            with self.database.reading() as connection:
                rows = connection.execute(statement.order_by(events.c.position).limit(chunk)).all()
            if rows:
                yield rows
                after = rows[-1][0]
            if len(rows) < chunk:
                return
