"""A registry put in the place of one that stands there: by one transaction of SQLite on the very file that stands.

Another file in its place, by a rename, would not do. Who had opened the path before has the former file and its locks,
and finds beside it, by its name, the write-ahead log and the journal of the new one: he would read the one into the
other. So the file stays, with its mode, its group and its links, and gets other pages. Nobody sees them half: they are
written under SQLite's exclusive lock, and whoever is killed before the last one leaves the journal, by which the next
who opens the file has the former registry back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from registry.errors import CopyError

PATIENCE: Final = 1  # seconds for others to be gone
LAST: Final = "SELECT position, digest FROM events ORDER BY position DESC LIMIT 1"


def replace(standing: Path, new: Path) -> int:
    """Give the file of a registry the content of another one, without side files; return how far its log had come.

    Raises `CopyError` where somebody has it open, and where what stands there afterwards is not what was to; else
    `sqlite3.Error` where SQLite fails, as for want of room: then what stood there stands there again.
    """
    with closing(sqlite3.connect(new)) as source, held(standing) as target:
        former = _head(target)
        source.backup(target)
        broken = target.execute("PRAGMA quick_check(1)").fetchone()[0]
        if broken != "ok" or _head(target) != _head(source):
            raise CopyError(str(standing), f"what was written cannot be read back: {broken}; restore it once more")
    return former[0]


@contextmanager
def held(place: Path) -> Iterator[sqlite3.Connection]:
    """Lend a connection to a file without side files, that keeps all others out; they wait until the block ends.

    Raises `CopyError` where somebody has the file open, or does not cease to write.
    """
    opened = sqlite3.connect(f"{place.resolve().as_uri()}?mode=rw", uri=True, timeout=PATIENCE, isolation_level=None)
    with closing(opened) as connection:
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("PRAGMA fullfsync = ON")
        try:
            connection.execute("PRAGMA journal_mode = DELETE")  # the log is moved over and removed, if nobody has it
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # no lock is let go before the mode is normal again
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            mode = "busy"
        if mode != "delete":  # somebody came in between and has begun another write-ahead log
            raise CopyError(str(place), "somebody has the registry open that is to be replaced; try again")
        try:
            yield connection
        finally:
            with suppress(sqlite3.Error):
                connection.execute("PRAGMA locking_mode = NORMAL")
                connection.execute(LAST).fetchone()  # with the end of this the lock and the journal are gone


def _head(connection: sqlite3.Connection) -> tuple[int, bytes]:
    return connection.execute(LAST).fetchone() or (0, b"")
