"""A registry on a server: PostgreSQL 14 or later, for several people at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain, islice
from os import getpid
from socket import gethostname
from typing import Any, Final, cast
from uuid import UUID

import psycopg
from eventsourcing.persistence import PersistenceError
from psycopg.pq import Conninfo
from sqlalchemy import (
    ARRAY,
    URL,
    ColumnElement,
    Connection,
    LargeBinary,
    Text,
    Uuid,
    any_,
    bindparam,
    create_engine,
    event,
    func,
    inspect,
    literal,
    literal_column,
    text,
)
from sqlalchemy.exc import DBAPIError

from registry.store import postgres_check
from registry.store.damage import Inspection
from registry.store.database import Database, persistence_error, persistence_errors
from registry.store.event_rows import EventRow, copy_blocks
from registry.store.head import EMPTY, LAST, Head
from registry.store.place_urls import check_options, shown_place
from registry.store.schema import EVENT_COLUMNS, events, metadata

LOCK_SPACE: Final = 0x5370_6F6E  # "Spon": keeps our advisory locks apart from other programs'
LOCK_TIMEOUT: Final = 60_000  # ms that a writer waits for another: a whole import holds the lock for seconds
IDLE_TIMEOUT: Final = "5min"  # that a writer may do nothing while it holds the lock; then the server ends it
# One round trip. The lock is an advisory one on the table's number: readers do not see it, and unlike LOCK TABLE it
# does not interrupt the server's own vacuuming. A writer that does not ask for it is stopped by the primary key and the
# triggers. Every statement of a text sees what was committed before it began itself: so the head, asked for along with
# the lock, is read as it is after waiting.
BEGIN: Final = """
    BEGIN ISOLATION LEVEL READ COMMITTED;
    SET LOCAL lock_timeout = '{waits}';
    SET LOCAL idle_in_transaction_session_timeout = '{idles}';
    SELECT pg_advisory_xact_lock({space}, coalesce(to_regclass('events')::oid::int, 0))
"""
HOLDERS: Final = text("""
    SELECT DISTINCT pg_locks.pid, usename, application_name, host(client_addr), state, xact_start
    FROM pg_locks LEFT JOIN pg_stat_activity ON pg_stat_activity.pid = pg_locks.pid
    WHERE granted AND pg_locks.pid <> pg_backend_pid()
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (
            (locktype = 'advisory' AND classid = :space AND objid = to_regclass('events')::oid)
            OR (locktype = 'relation' AND relation = to_regclass('events')::oid AND mode <> 'AccessShareLock')
        )
    ORDER BY xact_start NULLS LAST, pg_locks.pid
""")
FEW: Final = 2  # events, for which COPY with its two round trips takes longer than one INSERT each
INSERT: Final = f"INSERT INTO events VALUES ({', '.join(['%s'] * len(EVENT_COLUMNS))})"  # noqa: S608 – no outside text
OWNING: Final = """
    SELECT pg_has_role(relowner, 'USAGE'), pg_has_role(datdba, 'USAGE')
    FROM pg_class, pg_database WHERE pg_class.oid = 'events'::regclass AND datname = current_database()
"""
UTF8: Final[ColumnElement[str]] = literal_column("'UTF8'", Text)
COPY: Final = f"COPY events ({', '.join(EVENT_COLUMNS)}) FROM STDIN (FORMAT BINARY)"


class PostgresDatabase(Database):
    """A registry on a server."""

    stream_bytes = func.uuid_send(events.c.stream, type_=LargeBinary)
    topic_bytes = func.convert_to(events.c.topic, UTF8, type_=LargeBinary)
    payload_bytes = func.convert_to(events.c.payload, UTF8, type_=LargeBinary)
    study_code = literal_column("((payload::jsonb) -> 'statement' ->> 'study')", Text)
    row_id = literal_column(
        "substr(coalesce((payload::jsonb) -> 'origin' ->> 'row', split_part((payload::jsonb) ->> 'fact', '/id=', 2)), "
        "1, 64)",
        Text,
    )
    has_row_id = text("""(strpos(payload, '"row":"') > 0 OR (event_version = 1 AND strpos(payload, '/id=') > 0))""")
    in_given_streams = events.c.stream == any_(bindparam("streams", type_=ARRAY(Uuid)))

    def __init__(self, url: URL) -> None:
        check_options(url, {option.keyword.decode() for option in Conninfo.get_defaults()})
        # Every statement that reads stands for itself, and waits for no BEGIN and no ROLLBACK; writers send their own.
        named = {"fallback_application_name": f"spondyl {getpid()} on {gethostname()}"}
        engine = create_engine(url, hide_parameters=True, isolation_level="AUTOCOMMIT", connect_args=named)
        super().__init__(engine, shown_place(url))
        self._begin = BEGIN.format(waits=LOCK_TIMEOUT, idles=IDLE_TIMEOUT, space=LOCK_SPACE)
        self._begin_and_ask = f"{self._begin}; {LAST.compile(engine, compile_kwargs={'literal_binds': True})}"

    def only_read(self) -> None:
        event.listen(self.engine, "connect", _only_reading)

    @contextmanager
    def _locked(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(self._begin)
            yield connection

    @contextmanager
    def appending(self) -> Iterator[tuple[Connection, Head]]:
        with self._naming_the_holder(), persistence_errors(self.place), self.engine.begin() as connection:
            with self._driver(connection) as driver:
                *_, answer = driver.execute(self._begin_and_ask).results()
                head = answer.fetchone()
            yield connection, EMPTY if head is None else Head(*head)

    def holder(self) -> str | None:
        try:
            with self.reading() as connection:
                holders = [_described(*row) for row in connection.execute(HOLDERS, {"space": LOCK_SPACE})]
        except PersistenceError:
            return None
        if not holders:
            return None
        return f"its lock is held by {' and '.join(holders)}; the owner ends a process by pg_terminate_backend"

    def is_empty(self) -> bool:
        return False

    def tables_in_the_way(self, connection: Connection) -> Sequence[str]:
        return sorted(metadata.tables.keys() & set(inspect(connection).get_table_names()))

    def settle(self) -> None:
        pass

    def overwrite_erased(self, waiting: int | None = None) -> str | None:
        # What may not be vacuumed is passed over with a warning: so the server is asked first. Its own statistics had
        # values of payloads until the schema that keeps none, and pages of theirs may have them still.
        try:
            with self.engine.connect() as connection:
                owns_table, owns_database = connection.exec_driver_sql(OWNING).one()
                if not owns_table:
                    return "only the owner of the tables can write them anew"
                connection.exec_driver_sql(f"SET lock_timeout = {LOCK_TIMEOUT if waiting is None else waiting:d}")
                try:
                    connection.exec_driver_sql("VACUUM (FULL, ANALYZE) events")
                    if owns_database:
                        connection.exec_driver_sql("VACUUM (FULL) pg_catalog.pg_statistic")
                finally:
                    connection.exec_driver_sql("RESET lock_timeout")
        except DBAPIError as error:
            return str(persistence_error(error.orig or error, self.place))
        return None

    def inspected(self, *, rows: bool) -> Inspection:
        return postgres_check.inspected(self, rows=rows)

    def append(self, connection: Connection, rows: Iterable[EventRow]) -> int:
        first = list(islice(rows := iter(rows), FEW + 1))
        with self._driver(connection) as driver, driver.cursor() as cursor:
            if len(first) <= FEW:
                for position, stream, *others in first:
                    cursor.execute(INSERT, (position, UUID(bytes=bytes(stream)), *others))
                return len(first)
            with cursor.copy(COPY) as copy:
                for block in copy_blocks(chain(first, rows)):
                    copy.write(block)
            return cursor.rowcount

    @contextmanager
    def _driver(self, connection: Connection) -> Iterator[psycopg.Connection]:
        """Lend the driver's own connection; what fails there fails as if SQLAlchemy had asked."""
        driver = cast("psycopg.Connection", connection.connection.driver_connection)
        try:
            yield driver
        except psycopg.Error as error:
            if driver.closed:
                connection.invalidate(error)
            raise persistence_error(error, self.place) from None

    def joined_lines(self, texts: ColumnElement[Any]) -> ColumnElement[bytes]:
        return func.convert_to(func.string_agg(texts, "\n"), UTF8, type_=LargeBinary)

    def joined_bytes(self, values: ColumnElement[bytes]) -> ColumnElement[bytes]:
        return func.string_agg(values, literal(b"", LargeBinary), type_=LargeBinary)

    def given_streams(self, streams: Iterable[bytes]) -> dict[str, object]:
        return {"streams": [UUID(bytes=stream) for stream in streams]}

    def given_stream(self, stream: bytes) -> dict[str, object]:
        return {"stream": UUID(bytes=stream)}

    def in_streams(self, streams: Iterable[bytes]) -> ColumnElement[bool]:
        return events.c.stream == any_(literal(self.given_streams(streams)["streams"], ARRAY(Uuid)))

    def is_any(self, column: ColumnElement[str], texts: Iterable[str]) -> ColumnElement[bool]:
        return column == any_(literal(list(texts), ARRAY(Text)))


def _only_reading(connection: Any, entry: object) -> None:
    """Have a session take every transaction of its own for one that only reads."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    connection.commit()


def _described(
    process: int, role: str | None, application: str | None, host: str | None, state: str | None, since: datetime | None
) -> str:
    """Return who a server's process is, as far as the role that asks may see it."""
    parts = [f"process {process}", application, f"from {host}" if host else None, state]
    if since is not None:
        parts.append(f"since {since.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC")
    return f"{role or 'somebody'} ({', '.join(part for part in parts if part)})"
