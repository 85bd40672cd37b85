"""A registry in one file: SQLite, the store that needs no server.

Two settings are left as they are. `trusted_schema` would have to be off for files from strangers, but SQLite 3.40 then
refuses the JSON functions in an index, and the study codes are indexed so. `foreign_keys` has nothing to check.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    LargeBinary,
    Text,
    bindparam,
    cast,
    create_engine,
    event,
    exc,
    func,
    inspect,
    literal,
    literal_column,
    select,
    text,
    type_coerce,
)
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.pool import ConnectionPoolEntry

from registry.errors import NotARegistryError
from registry.private_files import create_file
from registry.store import sqlite_check
from registry.store.damage import Inspection
from registry.store.database import Database, persistence_error, persistence_errors
from registry.store.event_rows import EventRow
from registry.store.file_locks import holders_of
from registry.store.schema import EVENT_COLUMNS, events

STREAM_BYTES: Final = 16
SIDE_FILES: Final = ("-wal", "-journal")
SETTINGS: Final = (
    "cache_size = -16384",  # KiB; at the default of 2000 an import spills its pages to the disk again and again
    "wal_autocheckpoint = 16384",  # pages; at the default of 1000 every import waits for a checkpoint
    "busy_timeout = 60000",  # ms that a writer waits for another: a whole import holds the lock for seconds
    "synchronous = FULL",  # what was acknowledged outlives a power cut; NORMAL can lose the last commits in WAL
    "fullfsync = ON",  # macOS: an ordinary sync leaves the bytes in the drive's cache
    "cell_size_check = ON",  # a damaged page is noticed when it is read, not after it has been copied around
    "secure_delete = ON",  # an erased payload is overwritten with zeros, not just unlinked
)
INSERT: Final = f"INSERT INTO events VALUES ({', '.join('?' * len(EVENT_COLUMNS))})"  # noqa: S608 – no outside text


def _in_streams(joined: ColumnElement[bytes], offsets: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition of one parameter with all streams end to end: SQLite limits the number of single values."""
    place = func.json_each(offsets).table_valued("value").c.value
    return type_coerce(events.c.stream, LargeBinary).in_(select(func.substr(joined, place, STREAM_BYTES)))


def _offsets(joined: bytes) -> str:
    """Return where each stream begins, from 1, as a JSON array."""
    return json.dumps(list(range(1, len(joined), STREAM_BYTES)))


class SQLiteDatabase(Database):
    """A registry in one file, which one process at a time writes while any number reads."""

    stream_bytes = type_coerce(events.c.stream, LargeBinary)
    topic_bytes = cast(events.c.topic, LargeBinary)
    payload_bytes = cast(events.c.payload, LargeBinary)
    study_code = literal_column("json_extract(payload, '$.statement.study')", Text)
    row_id = literal_column(
        "substr(coalesce(json_extract(payload, '$.origin.row'), substr(json_extract(payload, '$.fact'), "
        "instr(json_extract(payload, '$.fact'), '/id=') + 4)), 1, 64)",
        Text,
    )
    has_row_id = text("""(instr(payload, '"row":"') > 0 OR (event_version = 1 AND instr(payload, '/id=') > 0))""")
    in_given_streams = _in_streams(bindparam("streams", type_=LargeBinary), bindparam("offsets", type_=Text))

    def __init__(self, path: Path) -> None:
        engine = create_engine(URL.create("sqlite+pysqlite", database=str(path)), hide_parameters=True)
        event.listen(engine, "do_connect", _immutable_on_read_only_media)
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
        super().__init__(engine, str(path))
        # A deferred BEGIN would read first and fail on its first write if another process wrote in between.
        self._writing = engine.execution_options(begin="BEGIN IMMEDIATE")
        self.path = path

    def only_read(self) -> None:
        event.listen(self.engine, "do_connect", _read_only)

    @contextmanager
    def _locked(self) -> Iterator[Connection]:
        with self._writing.begin() as connection:
            yield connection

    def holder(self) -> str | None:
        processes = ", ".join(holders_of(self.path))
        return f"another process writes to it, {processes}" if processes else None

    def is_empty(self) -> bool:
        if not self.path.exists():
            return True
        if not self.path.is_file():
            raise NotARegistryError(self.place, "it is not a file")
        if self.path.stat().st_size == 0:
            return True
        # Only SQLite may read the file: whoever closes it lets go of all locks that this process has on it, and then
        # somebody else takes the write-ahead log for abandoned, and what is recorded here later is lost.
        try:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA schema_version")
        except exc.DBAPIError as error:
            if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
                raise NotARegistryError(self.place, "it is not an SQLite file") from None
            raise persistence_error(error.orig or error, self.place) from None
        return False

    def prepare(self) -> None:
        # SQLite would make it readable by all whom the umask lets; its side files have the mode of the file. Where it
        # cannot be made, SQLite says why.
        with suppress(OSError):
            create_file(Path(os.path.realpath(self.path)))

    def tables_in_the_way(self, connection: Connection) -> Sequence[str]:
        return inspect(connection).get_table_names()

    def settle(self) -> None:
        # Readers and the writer do not wait for each other. The file remembers the mode, except through some backups.
        # A file that cannot be written keeps the mode that it has, and can still be read.
        with closing(self.engine.raw_connection()) as connection, suppress(sqlite3.OperationalError):
            connection.cursor().execute("PRAGMA journal_mode = WAL")

    def copy_to(self, path: Path) -> None:
        """Write all that is there at this instant into a new file, one whole database without side files."""
        # Read in one transaction, for which no writer waits. Free pages, and what was erased from them, stay behind.
        with persistence_errors(self.place), closing(self.engine.raw_connection()) as connection:
            try:
                connection.cursor().execute("VACUUM INTO ?", (str(path),))
            except sqlite3.Error as error:
                raise persistence_error(error, self.place) from None

    def overwrite_erased(self, waiting: int | None = None) -> str | None:
        # `secure_delete` has put zeros where the payloads were; older pages are left in the write-ahead log, and in
        # what earlier settings may have left free. Both go: the file is written anew, the log emptied.
        with persistence_errors(self.place), closing(self.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            try:
                cursor.execute(f"PRAGMA busy_timeout = {usual if waiting is None else waiting:d}")
                for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    cursor.execute(statement)
                    busy = [row for row in cursor.fetchall() if row[0]]
            except sqlite3.Error as error:
                return str(error)
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {usual:d}")
        return "another process is reading, and keeps the write-ahead log" if busy else None

    def inspected(self, *, rows: bool) -> Inspection:
        return sqlite_check.inspected(self, rows=rows)

    def append(self, connection: Connection, rows: Iterable[EventRow]) -> int:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        try:
            return driver.executemany(INSERT, rows).rowcount
        except sqlite3.Error as error:
            raise persistence_error(error, self.place) from None

    def joined_lines(self, texts: ColumnElement[Any]) -> ColumnElement[bytes]:
        return cast(func.group_concat(texts, "\n"), LargeBinary)

    def joined_bytes(self, values: ColumnElement[bytes]) -> ColumnElement[bytes]:
        # SQLite takes bytes for text as they are, zeros and all, and gives them back as they were.
        return cast(func.group_concat(values, ""), LargeBinary)

    def given_streams(self, streams: Iterable[bytes]) -> dict[str, object]:
        joined = b"".join(streams)
        return {"streams": joined, "offsets": _offsets(joined)}

    def given_stream(self, stream: bytes) -> dict[str, object]:
        return {"stream": stream}

    def in_streams(self, streams: Iterable[bytes]) -> ColumnElement[bool]:
        joined = b"".join(streams)
        return _in_streams(literal(joined, LargeBinary), literal(_offsets(joined), Text))

    def is_any(self, column: ColumnElement[str], texts: Iterable[str]) -> ColumnElement[bool]:
        # One parameter, a JSON array, for the same reason as above.
        return column.in_(select(func.json_each(json.dumps(list(texts))).table_valued("value").c.value))


def _immutable_on_read_only_media(
    dialect: Dialect, entry: ConnectionPoolEntry, arguments: list[Any], options: dict[str, Any]
) -> None:
    """Have a file be read without locks and side files where nothing can be written, and so nothing changes."""
    path = Path(arguments[0])
    if os.name != "posix" or not path.is_file() or not os.statvfs(path).f_flag & os.ST_RDONLY:
        return
    if not side_files(path):  # in these stands what the file lacks
        arguments[0], options["uri"] = f"{path.resolve().as_uri()}?immutable=1", True


def _read_only(dialect: Dialect, entry: ConnectionPoolEntry, arguments: list[Any], options: dict[str, Any]) -> None:
    """Have SQLite open a file to read it, unless it is read without locks already."""
    if "uri" not in options:
        arguments[0], options["uri"] = f"{Path(arguments[0]).resolve().as_uri()}?mode=ro", True


def side_files(path: Path) -> list[Path]:
    """Return the files beside a registry's that hold a part of it: its write-ahead log and its rollback journal."""
    place = Path(os.path.realpath(path))
    beside = [place.with_name(f"{place.name}{suffix}") for suffix in SIDE_FILES]
    return [file for file in beside if file.exists() and file.stat().st_size]


def _set_up(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver begins no transactions of its own: `_begin` does
    cursor = connection.cursor()
    for setting in SETTINGS:
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
