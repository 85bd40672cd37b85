"""Copies of a registry in a file: taken while others write, checked, and put back.

A copy is filled beside its place, written down to the disk, read back from its first event to its last, and only then
put there by one rename: whatever fails, there is no copy or a whole one. A registry on a server is copied with the
server's own tools; `docs/backup.md` says how.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from registry.atomic_folder import atomic_folder, sync
from registry.errors import CopyError, ExistingCopyError, NoRegistryError, ServerCopyError, UnreachableError
from registry.store.database import Database
from registry.store.head import Head
from registry.store.log import EventLog
from registry.store.opening import create_database, known_revision, open_database
from registry.store.overwriting import forget
from registry.store.sqlite import SQLiteDatabase
from registry.store.verify import verify


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that was found whole: where it is, its events and its head, `erased` of the events without payload.

    `replaced` is the last position of the registry that stood there before, None where nothing did.
    """

    place: str
    events: int
    erased: int
    head: Head
    replaced: int | None


def backup(source: Database, target: str | Path, *, overwrite: bool = False) -> Copied:
    """Copy a registry as it is at this instant into a file; nobody who reads or writes waits for it.

    Raises `ServerCopyError` for a registry on a server, `ExistingCopyError` where something stands there, and
    `CopyError` where the copy cannot be written or is not whole; then there is none.
    """
    return _copied(_of_a_file(source), Path(target), overwrite=overwrite)


def restore(copy: str | Path, target: Database, *, overwrite: bool = False) -> Copied:
    """Put a copy in the place of a registry, brought up to date where an earlier spondyl made it.

    With `overwrite` a registry that stands there is replaced, if nobody has it open. Raises as `backup` does, and
    `NoRegistryError`, `NotARegistryError` or `NewSchemaError` for a copy that is none.
    """
    place = _of_a_file(target).path
    source = SQLiteDatabase(Path(copy))
    with closing(source):
        if source.is_empty():
            raise NoRegistryError(source.place)
        with source.reading() as connection:
            if known_revision(source, connection) is None:
                raise NoRegistryError(source.place)
        return _copied(source, place, overwrite=overwrite)


def _of_a_file(database: Database) -> SQLiteDatabase:
    if not isinstance(database, SQLiteDatabase):
        raise ServerCopyError(database.place)
    return database


def _copied(source: SQLiteDatabase, target: Path, *, overwrite: bool) -> Copied:
    if not target.parent.is_dir():
        raise CopyError(str(target), "there is no such folder")
    replaced = _standing_at(source, target, overwrite=overwrite)
    try:
        with atomic_folder(target) as folder:
            new = folder / "copy.db"
            source.copy_to(new)
            copied = _checked(new, target, replaced)
            _let_go(new)  # a single file can be read from where nothing can be written
            sync(new)
            if replaced is not None:
                _let_go(target)
                new.replace(target)
            else:
                _put(new, target)
            sync(target.resolve().parent)
    except FileExistsError:
        raise ExistingCopyError(str(target)) from None
    except UnreachableError as error:
        raise CopyError(str(target), error.why) from None
    except OSError as error:
        raise CopyError(str(target), error.strerror or str(error)) from None
    return copied


def _standing_at(source: SQLiteDatabase, target: Path, *, overwrite: bool) -> int | None:
    """Return the last position of the registry that stands in the place, None where nothing does."""
    if not os.path.lexists(target):
        return None
    if not overwrite or (source.path.exists() and target.exists() and source.path.samefile(target)):
        raise ExistingCopyError(str(target))
    standing = open_database(target)  # only a registry is ever replaced
    with closing(standing):
        return EventLog(standing).head().position


def _checked(new: Path, target: Path, replaced: int | None) -> Copied:
    """Return what stands in a new copy. Raises `CopyError` where it is not whole."""
    with closing(create_database(new)) as database:  # an older schema is brought up to date
        forget(database)
        verified = verify(EventLog(database))
        with database.reading() as connection:
            broken = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if verified.problems or broken != "ok":
        raise CopyError(str(target), f"it would not be whole, {verified.problems[0] if verified.problems else broken}")
    return Copied(
        place=str(target), events=verified.events, erased=verified.erased, head=verified.head, replaced=replaced
    )


def _put(new: Path, target: Path) -> None:
    """Give a file another name, never that of something that came there in between."""
    try:
        os.link(new, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(target):
            raise FileExistsError from None
        new.rename(target)


def _let_go(place: Path) -> None:
    """Have a registry give up its side files, which must not outlive it. Raises `CopyError` where it is in use."""
    with closing(sqlite3.connect(place, timeout=1, isolation_level=None)) as connection:
        try:
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        except sqlite3.OperationalError:
            mode = "wal"
    if mode != "delete":
        raise CopyError(str(place), "somebody has the registry open that is to be replaced; try again")
