"""A registry in one file: SQLite, the store that needs no server.

Two settings are left as they are. `trusted_schema` would have to be off for files from strangers, but SQLite 3.40 then
refuses the JSON functions in an index, and the study codes are indexed so. `foreign_keys` has nothing to check.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Dialect,
    LargeBinary,
    String,
    Text,
    cast,
    create_engine,
    event,
    func,
    inspect,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import UserDefinedType

from registry.errors import NotARegistryError
from registry.store.database import Database
from registry.store.schema import EVENT_COLUMNS, events
from registry.store.sealing import EventRow

FILE_HEADER: Final = b"SQLite format 3\0"
SETTINGS: Final = (
    "busy_timeout = 60000",  # ms that a writer waits for another: a whole import holds the lock for seconds
    "synchronous = FULL",  # what was acknowledged outlives a power cut; NORMAL can lose the last commits in WAL
    "fullfsync = ON",  # macOS: an ordinary sync leaves the bytes in the drive's cache
    "cell_size_check = ON",  # a damaged page is noticed when it is read, not after it has been copied around
    "secure_delete = ON",  # an erased payload is overwritten with zeros, not just unlinked
)
INSERT: Final = f"INSERT INTO events VALUES ({', '.join('?' * len(EVENT_COLUMNS))})"  # noqa: S608 – no outside text


class HexAsBytes(UserDefinedType[bytes]):
    """Hexadecimal text, read as bytes."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str], bytes]:
        return bytes.fromhex


class SQLiteDatabase(Database):
    """A registry in one file, which one process at a time writes while any number reads."""

    stream_bytes = type_coerce(events.c.stream, HexAsBytes)
    payload_bytes = cast(events.c.payload, LargeBinary)
    study_code = literal_column("json_extract(payload, '$.statement.study')", Text)

    def __init__(self, path: Path) -> None:
        engine = create_engine(URL.create("sqlite+pysqlite", database=str(path)), hide_parameters=True)
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
        super().__init__(engine, str(path))
        self.path = path

    @contextmanager
    def _locked(self) -> Iterator[Connection]:
        # A deferred BEGIN would read first and fail on its first write if another process wrote in between.
        with self.engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
            yield connection

    def is_empty(self) -> bool:
        if not self.path.exists():
            return True
        if not self.path.is_file():
            raise NotARegistryError(self.place, "it is not a file")
        with self.path.open("rb") as file:
            header = file.read(len(FILE_HEADER))
        if header and header != FILE_HEADER:
            raise NotARegistryError(self.place, "it is not an SQLite file")
        return not header

    def tables_in_the_way(self, connection: Connection) -> Sequence[str]:
        return inspect(connection).get_table_names()

    def settle(self) -> None:
        # Readers and the writer do not wait for each other. The file remembers the mode, except through some backups.
        with closing(self.engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA journal_mode = WAL")

    def append(self, connection: Connection, rows: Sequence[EventRow]) -> None:
        connection.exec_driver_sql(INSERT, [(row.position, row.stream.hex(), *row[2:]) for row in rows])

    def in_streams(self, streams: Iterable[bytes]) -> ColumnElement[bool]:
        return _is_among(type_coerce(events.c.stream, String), [stream.hex() for stream in streams])

    def of_studies(self, codes: Iterable[str]) -> ColumnElement[bool]:
        return _is_among(self.study_code, list(codes))


def _set_up(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver begins no transactions of its own: `_begin` does
    cursor = connection.cursor()
    for setting in SETTINGS:
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def _is_among(column: ColumnElement[str], values: list[str]) -> ColumnElement[bool]:
    """Return the condition with all values in one JSON array: as single values SQLite limits their number."""
    return column.in_(select(func.json_each(json.dumps(values)).table_valued("value").c.value))
