"""Who is there while a copy is put over a registry: the one who does it, and neighbours who open the same file."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final
from uuid import UUID

from registry.errors import CopyError
from registry.store.backup import backup, restore
from registry.store.log import EventLog
from registry.store.opening import create_database, database_at, open_database
from registry.store.verify import verify
from tests.faults.stepping import NEVER, Steps
from tests.registry.store.recording import VISIT, record, visit

MODULES: Final = ("registry/store/backup.py", "registry/store/replacing.py")
NEIGHBOUR: Final = UUID("00000000-0000-4000-8000-0000000000ee")
MANY_PAGES: Final = 50_000  # bytes
LARGE: Final = VISIT.replace('"visit":null', f'"visit":"{"x" * 2_000}"')


def filled(place: Path, *, first: int, last: int) -> None:
    """Record so many visits of one patient, 2 kB each."""
    with closing(create_database(place)) as database:
        record(database, *(visit(version=number, payload=LARGE) for number in range(first, last + 1)))


def left_open(working: Connection, place: Path, first: int, last: int) -> None:
    """Record visits and be gone without closing: they stand in the write-ahead log only."""
    database = open_database(place)
    record(database, *(visit(version=number, payload=LARGE) for number in range(first, last + 1)))
    os.kill(os.getpid(), signal.SIGKILL)


def restoring(working: Connection, target: Path, copy: Path, stop: int = NEVER, die: int = NEVER) -> None:
    _done(working, lambda: restore(copy, database_at(target), overwrite=True), stop, die)


def restoring_as(working: Connection, user: int, target: Path, copy: Path) -> None:
    """Restore as another user where this one may do everything."""
    if os.geteuid() == 0:
        for folder in target.parents:  # those of tests are closed to others
            if not folder.stat().st_mode & 0o001:
                folder.chmod(0o711)
        os.setuid(user)
    restoring(working, target, copy)


def copying(working: Connection, target: Path, source: Path, stop: int = NEVER, die: int = NEVER) -> None:
    def copied() -> object:
        with closing(open_database(source)) as database:
            return backup(database, target, overwrite=True)

    _done(working, copied, stop, die)


def _done(working: Connection, work: Callable[[], object], stop: int, die: int) -> None:
    """Do the work by steps, and tell how it ended: how far what was replaced had come, or why it was refused."""
    steps = Steps(working, MODULES, stop=stop, die=die)
    try:
        with steps:
            copied = work()
        working.send(("done", copied.replaced, steps.lines))  # type: ignore[attr-defined]
    except CopyError as refusal:
        working.send(("refused", str(refusal), steps.lines))


def killed_while_writing(working: Connection, target: Path, copy: Path, delay: float) -> None:
    """Restore, and be killed some seconds after the journal has grown: while pages are written."""
    threading.Thread(target=_kill_at, args=(Path(f"{target}-journal"), delay), daemon=True).start()
    restoring(working, target, copy)


def _kill_at(journal: Path, delay: float) -> None:
    while _size(journal) < MANY_PAGES:
        pass
    until = time.perf_counter() + delay
    while time.perf_counter() < until:
        pass
    os.kill(os.getpid(), signal.SIGKILL)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def reads(working: Connection, target: Path) -> None:
    """Open the registry, check it, and close it."""
    with closing(open_database(target)) as database:
        _check(working, EventLog(database))
    _rest(working)


def writes(working: Connection, target: Path) -> None:
    """Open the registry, record an event, and close it."""
    with closing(open_database(target)) as database:
        _record(working, EventLog(database))
    _rest(working)


def stays(working: Connection, target: Path) -> None:
    """Open the registry, record, keep it open until the other is done, and record again."""
    with closing(open_database(target)) as database:
        _record(working, EventLog(database))
        _rest(working)
        _check(working, EventLog(database))
        _record(working, EventLog(database), "recorded afterwards")


def comes_late(working: Connection, target: Path) -> None:
    """Have the file open, and ask it for nothing before the other is done."""
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        _rest(working)
        connection.execute("PRAGMA journal_mode = WAL")
        working.send(("whole", connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)))
        with closing(open_database(target)) as database:
            _record(working, EventLog(database), "recorded afterwards")
            _check(working, EventLog(database))
        working.send(("whole", connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)))


def _rest(working: Connection) -> None:
    """Wait until the other is done."""
    working.send("at rest")
    working.recv()


def _check(working: Connection, log: EventLog) -> None:
    working.send(("whole", verify(log).is_whole))


def _record(working: Connection, log: EventLog, what: str = "recorded") -> None:
    """Record the neighbour's next event, and tell its position as soon as it is acknowledged."""
    with log.database.reading() as connection:
        held = connection.exec_driver_sql("SELECT count(*) FROM events WHERE stream = ?", (NEIGHBOUR.bytes,))
        version = held.scalar_one() + 1
    position = record(log.database, visit(NEIGHBOUR, version))[0]
    working.send((what, position))
