"""The recorders of the eventsourcing library, on the event log."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    Notification,
    ProcessRecorder,
    Recorder,
    StoredEvent,
    Tracking,
    TrackingRecorder,
)
from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select, tuple_

from registry.store.database import Database
from registry.store.event_rows import EncodedEvent, sealed, stream_bytes
from registry.store.followers import PollingSubscription, track, tracked
from registry.store.head import Clock, head_of, joined_topic, split_topic, system_clock
from registry.store.schema import events, is_imaging

Guard = Callable[[Connection], None]
ROWS_AT_ONCE: Final = 1_000
NAMED: Final = events.c.topic.in_(bindparam("names", expanding=True))


class RowPlace(NamedTuple):
    """In which stream which event, by its name, told of a row; `row_id` is as much of its id as is indexed."""

    row_id: str
    name: str
    stream: UUID


class LogRecorder(Recorder):
    """What all recorders have: a database, and the recorded clock (µs UTC)."""

    def __init__(self, database: Database, *, clock: Clock = system_clock) -> None:
        self.database = database
        self.clock = clock

    def _record(
        self,
        stored_events: Iterable[StoredEvent | EncodedEvent],
        *,
        guard: Guard | None = None,
        tracking: Tracking | None = None,
    ) -> list[int]:
        """Append events in one transaction and return their positions; nothing is stored where anything fails.

        Each event is asked for when it is written, and none is kept: they may be encoded as they are taken.
        """
        if not stored_events and tracking is None:
            return []
        with self.database.appending() as (connection, head):
            if guard is not None:
                guard(connection)
            if tracking is not None:
                track(connection, tracking)
            if not stored_events:
                return []
            added = self.database.append(connection, sealed(stored_events, head, now=self.clock()))
        return list(range(head.position + 1, head.position + added + 1))


class SQLAggregateRecorder(LogRecorder, AggregateRecorder):
    """Writes events and reads streams. The payload of an erased event is read as no bytes."""

    def insert_events(
        self,
        stored_events: Iterable[StoredEvent | EncodedEvent],
        *,
        guard: Guard | None = None,
        tracking: Tracking | None = None,
        **_: Any,
    ) -> Sequence[int] | None:
        """Append events, all or none.

        `guard` is called inside the write lock, on the connection that writes: what it raises undoes everything.
        Raises `IntegrityError` where a version of a stream is taken, `DataError` where a payload is not text.
        """
        self._record(stored_events, guard=guard, tracking=tracking)
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return the events of a stream in the order of their versions, or the reverse."""
        version = events.c.version
        statement = select(version, events.c.topic, events.c.event_version, self.database.payload_bytes)
        statement = statement.where(self.database.in_streams([stream_bytes(originator_id)]))
        if gt is not None:
            statement = statement.where(version > gt)
        if lte is not None:
            statement = statement.where(version <= lte)
        statement = statement.order_by(version.desc() if desc else version).limit(limit)
        with self.database.reading() as connection:
            return [_stored(originator_id, *row) for row in connection.execute(statement)]

    def select_streams(
        self, originator_ids: Iterable[UUID], *, names: Collection[str] = ()
    ) -> Iterator[tuple[UUID, str, bytes]]:
        """Yield topic and payload of all events of any number of streams, each stream in the order of its versions.

        With `names` of topics, only events that are called so, whatever their own version.
        """
        by_bytes = {stream.bytes: stream for stream in originator_ids}
        if len(by_bytes) == 1:  # as for a single command: PostgreSQL would plan anew for each list of streams
            statement, given = self._whole_stream, self.database.given_stream(*by_bytes)
        else:
            statement, given = self._whole_streams, self.database.given_streams(by_bytes)
        if names:
            statement, given = statement.where(NAMED), {**given, "names": sorted(names)}
        with self.database.reading() as connection:
            for rows in connection.execute(statement, given).partitions(ROWS_AT_ONCE):
                for stream, topic, event_version, payload in rows:
                    yield by_bytes[stream], joined_topic(topic, event_version), payload or b""

    @cached_property
    def _whole_streams(self) -> Select[Any]:
        return self._whole(self.database.in_given_streams)

    @cached_property
    def _whole_stream(self) -> Select[Any]:
        return self._whole(events.c.stream == bindparam("stream"))

    def _whole(self, condition: ColumnElement[bool]) -> Select[Any]:
        database = self.database
        statement = select(database.stream_bytes, events.c.topic, events.c.event_version, database.payload_bytes)
        return statement.where(condition).order_by(events.c.stream, events.c.version)

    def versions(self, originator_ids: Iterable[UUID]) -> dict[UUID, int]:
        """Return the last version of each of any number of streams; a stream without events is left out."""
        database = self.database
        stream = database.stream_bytes.label("stream")
        statement = select(stream, func.max(events.c.version)).where(database.in_given_streams).group_by(stream)
        given = database.given_streams(originator.bytes for originator in originator_ids)
        with database.reading() as connection:
            return {UUID(bytes=stream): version for stream, version in connection.execute(statement, given)}

    def streams_of_studies(
        self, codes: Iterable[str], *, connection: Connection | None = None
    ) -> set[tuple[str, UUID]]:
        """Return each code of an imaging study with each stream that ever recorded or amended a study to it.

        A guard passes its `connection`, to ask inside the write lock.
        """
        if connection is None:
            with self.database.reading() as connection:
                return self.streams_of_studies(codes, connection=connection)
        statement = select(self.database.study_code, self.database.stream_bytes)
        rows = connection.execute(statement.where(is_imaging(), self.database.is_any(self.database.study_code, codes)))
        return {(code, UUID(bytes=stream)) for code, stream in rows}

    def streams_of_rows(self, ids: Iterable[str]) -> set[RowPlace]:
        """Return where rows with some of the ids, cut to what is indexed, were ever told of."""
        with self.database.reading() as connection:
            return self._row_places(connection, self.database.is_any(self.database.row_id, ids))

    def rows_since(self, position: int, connection: Connection) -> set[RowPlace]:
        """Return where rows with ids were told of after a position; asked inside the write lock."""
        return self._row_places(connection, events.c.position > position)

    def _row_places(self, connection: Connection, condition: ColumnElement[bool]) -> set[RowPlace]:
        columns = (self.database.row_id, events.c.topic, self.database.stream_bytes)
        rows = connection.execute(select(*columns).distinct().where(self.database.has_row_id, condition))
        return {RowPlace(row_id, topic, UUID(bytes=stream)) for row_id, topic, stream in rows}


class SQLApplicationRecorder(SQLAggregateRecorder, ApplicationRecorder):
    """Also reads the log as a whole; positions are 1, 2, 3, … without a gap."""

    def insert_events(
        self,
        stored_events: Iterable[StoredEvent | EncodedEvent],
        *,
        guard: Guard | None = None,
        tracking: Tracking | None = None,
        **_: Any,
    ) -> Sequence[int]:
        """Append events, all or none, and return their positions; see `SQLAggregateRecorder.insert_events`."""
        return self._record(stored_events, guard=guard, tracking=tracking)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return events in the order of their positions, from `start` to `stop`, at most `limit` of them."""
        position, topic, event_version = events.c.position, events.c.topic, events.c.event_version
        database = self.database
        statement = select(
            position, database.stream_bytes, events.c.version, topic, event_version, database.payload_bytes
        )
        if start is not None:
            statement = statement.where(position >= start if inclusive_of_start else position > start)
        if stop is not None:
            statement = statement.where(position <= stop)
        if topics:
            statement = statement.where(tuple_(topic, event_version).in_([split_topic(text) for text in topics]))
        with database.reading() as connection:
            return [
                Notification(
                    id=position,
                    originator_id=UUID(bytes=stream),
                    originator_version=version,
                    topic=joined_topic(topic, event_version),
                    state=payload or b"",
                )
                for position, stream, version, topic, event_version, payload in connection.execute(
                    statement.order_by(position).limit(limit)
                )
            ]

    def max_notification_id(self) -> int | None:
        """Return the last position, None where the log is empty."""
        with self.database.reading() as connection:
            return head_of(connection).position or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> PollingSubscription:
        """Return the events after a position, and then each new one as it is recorded."""
        return PollingSubscription(self, gt=gt, topics=topics)


class SQLTrackingRecorder(LogRecorder, TrackingRecorder):
    """Keeps how far followers of other applications' logs have come."""

    def insert_tracking(self, tracking: Tracking) -> None:
        """Note that a position was dealt with. Raises `IntegrityError` where it was before."""
        self._record([], tracking=tracking)

    def max_tracking_id(self, application_name: str) -> int | None:
        """Return the last position of an application's log that was dealt with, None where none was."""
        with self.database.reading() as connection:
            return tracked(connection, application_name)


class SQLProcessRecorder(SQLTrackingRecorder, SQLApplicationRecorder, ProcessRecorder):
    """Records events together with the position that they came of."""


def _stored(
    originator_id: UUID | str, version: int, topic: str, event_version: int, payload: bytes | None
) -> StoredEvent:
    return StoredEvent(
        originator_id=originator_id,
        originator_version=version,
        topic=joined_topic(topic, event_version),
        state=payload or b"",
    )
