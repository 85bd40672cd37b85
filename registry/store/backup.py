"""Copies of a registry in a file: taken while others write, checked, and put back.

A copy is filled beside its place, written down to the disk, read back from its first event to its last, and only then
put there by one step: a name where nothing stands, a transaction where a registry does. Whatever fails, there is no
copy or a whole one. A registry on a server is copied with the server's own tools; `docs/backup.md` says how.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from registry.atomic_folder import atomic_folder, sync
from registry.errors import CopyError, ExistingCopyError, NoRegistryError, ServerCopyError, UnreachableError
from registry.new_files import named_anew, why_of
from registry.private_files import create_file
from registry.store.blocks_folder import blocks_folder, why_not_purged
from registry.store.database import BrokenDatabaseError, Database, UnusableDatabaseError
from registry.store.head import Head
from registry.store.log import EventLog
from registry.store.opening import create_database, known_revision
from registry.store.overwriting import forget
from registry.store.replacing import held, replace
from registry.store.sqlite import SQLiteDatabase, side_files
from registry.store.verify import verify


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that was found whole: where it is, its events and its head, `erased` of the events without payload.

    `replaced` is the last position of the registry that stood there before, None where nothing did; `left` says what
    was kept beside that and could not be removed.
    """

    place: str
    events: int
    erased: int
    head: Head
    replaced: int | None = None
    left: str | None = None


def backup(source: Database, target: str | Path, *, overwrite: bool = False) -> Copied:
    """Copy a registry as it is at this instant into a file; nobody who reads or writes waits for it.

    Raises `ServerCopyError` for a registry on a server, `ExistingCopyError` where something stands there, and
    `CopyError` where the copy cannot be written or is not whole; then there is none.
    """
    return _copied(_of_a_file(source), Path(target), overwrite=overwrite)


def restore(copy: str | Path, target: Database, *, overwrite: bool = False) -> Copied:
    """Put a copy in the place of a registry, brought up to date where an earlier spondyl made it.

    With `overwrite` a registry that stands there is replaced, if nobody has it open. Decoded columns that were kept
    beside it are removed. Raises as `backup` does, and `NoRegistryError`, `NotARegistryError` or `NewSchemaError` for a
    copy that is none.
    """
    place = _of_a_file(target).path
    blocks_folder(target)  # refused before anything is done where it cannot be used
    source = SQLiteDatabase(Path(copy))
    with closing(source):
        _check_is_registry(source)
        copied = _copied(source, place, overwrite=overwrite)
    return msgspec.structs.replace(copied, left=why_not_purged(target))


def _of_a_file(database: Database) -> SQLiteDatabase:
    if not isinstance(database, SQLiteDatabase):
        raise ServerCopyError(database.place)
    return database


def _copied(source: SQLiteDatabase, target: Path, *, overwrite: bool) -> Copied:
    if not target.parent.is_dir():
        raise CopyError(str(target), "there is no such folder")
    try:
        is_standing = _is_standing(source, target, overwrite=overwrite)
        place = target.resolve() if is_standing else target  # through a link, what stands at its end is replaced
        with atomic_folder(place) as folder:
            new = folder / "copy.db"
            create_file(new)
            source.copy_to(new)
            copied = _checked(new, target)
            _let_go(new)  # a single file can be read from where nothing can be written
            sync(new)
            if is_standing:
                return msgspec.structs.replace(copied, replaced=replace(place, new))
            named_anew(new, place)
            sync(place.parent)
    except FileExistsError:
        raise ExistingCopyError(str(target)) from None
    except UnreachableError as error:
        raise CopyError(str(target), error.why) from None
    except sqlite3.Error as error:
        raise CopyError(str(target), str(error)) from None
    except OSError as error:
        raise CopyError(str(target), why_of(error)) from None
    return copied


def _is_standing(source: SQLiteDatabase, target: Path, *, overwrite: bool) -> bool:
    """Return whether a registry stands in the place that is to be replaced. Raises `CopyError` for all else there."""
    if not os.path.lexists(target):
        if left := side_files(target):  # SQLite would read them into any file of that name
            raise CopyError(str(target), f"{left[0].name} is there, a part of what stood there; move it away first")
        return False
    if not overwrite or (source.path.exists() and target.exists() and source.path.samefile(target)):
        raise ExistingCopyError(str(target))
    with closing(SQLiteDatabase(target)) as standing:
        try:
            _check_is_registry(standing)  # only a registry is ever replaced
        except UnusableDatabaseError as error:
            raise CopyError(str(target), error.why) from None
        except BrokenDatabaseError as error:
            why = f"what stands there cannot be read ({error.why}); move it away, with its -wal and -journal"
            raise CopyError(str(target), why) from None
    return True


def _check_is_registry(database: SQLiteDatabase) -> None:
    """See that a file is a registry, of this or an earlier schema."""
    if database.is_empty():
        raise NoRegistryError(database.place)
    with database.reading() as connection:
        if known_revision(database, connection) is None:
            raise NoRegistryError(database.place)


def _checked(new: Path, target: Path) -> Copied:
    """Return what stands in a new copy. Raises `CopyError` where it is not whole."""
    with closing(create_database(new)) as database:  # an older schema is brought up to date
        forget(database)
        verified = verify(EventLog(database))  # pages and indexes with it, as SQLite itself checks them
    if verified.problems:
        raise CopyError(str(target), f"it would not be whole, {verified.problems[0]}")
    return Copied(place=str(target), events=verified.events, erased=verified.erased, head=verified.head)


def _let_go(new: Path) -> None:
    """Have a new copy give up its side files, which must not outlive it."""
    with held(new):
        pass
