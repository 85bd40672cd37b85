"""Opening a registry's database by path or URL, and creating it.

A place is `cohort.db`, `sqlite:///cohort.db` or `postgresql://user@host/database`; of several hosts, as
`postgresql://user@one,other:5433/database?target_session_attrs=read-write`, the first that answers is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eventsourcing.persistence import PersistenceError
from sqlalchemy import Connection

import migrations
from registry.errors import NewSchemaError, NoRegistryError, NotARegistryError, OldSchemaError, UnreachableError
from registry.store.database import Database
from registry.store.freezes import list_former
from registry.store.head import Clock, system_clock
from registry.store.place_urls import check_path, url_of
from registry.store.sqlite import SQLiteDatabase


def open_database(place: str | Path, *, only_read: bool = False) -> Database:
    """Return the database of an existing registry, open; nothing but a registry of this schema is touched.

    Where it is opened to be `only_read`, the database itself refuses whatever would write. Raises
    `NoRegistryError`, `NotARegistryError`, `OldSchemaError`, `NewSchemaError` or `UnreachableError`.
    """
    database = database_at(place)
    if only_read:
        database.only_read()
    with _closed_on_failure(database):
        if database.is_empty():
            raise NoRegistryError(database.place)
        with database.reading() as connection:
            revision = known_revision(database, connection)
        if revision is None:
            raise NoRegistryError(database.place)
        if revision != migrations.HEAD:
            raise OldSchemaError(database.place, held=revision, needed=migrations.HEAD)
        database.settles_late = True  # who only reads changes no byte
    return database


def create_database(place: str | Path, *, actor: str | None = None, clock: Clock = system_clock) -> Database:
    """Return the database of a registry, open: created where nothing was, upgraded where its schema was older.

    What an upgrade has to record is recorded in its transaction: by `actor`, by default whose account this is. Raises
    `NotARegistryError`, `NewSchemaError` or `UnreachableError`.
    """
    database = database_at(place)
    with _closed_on_failure(database):
        if database.is_empty():
            database.prepare()
        with database.writing() as connection:
            if (held := known_revision(database, connection)) != migrations.HEAD:
                migrations.upgrade(connection)
                if held in migrations.WITHOUT_EVENTS_OF_FREEZES:
                    list_former(database, connection, actor=actor, clock=clock)
        database.settle()
    return database


def known_revision(database: Database, connection: Connection) -> str | None:
    """Return the revision of a database, None where it holds nothing; refuse what this version does not know."""
    revision = migrations.current(connection)
    if revision is None and (strange := database.tables_in_the_way(connection)):
        raise NotARegistryError(database.place, f"it has tables of something else, as {strange[0]!r}")
    if revision is not None and revision not in migrations.REVISIONS:
        raise NewSchemaError(database.place, held=revision, needed=migrations.HEAD)
    return revision


def database_at(place: str | Path) -> Database:
    """Return the database at a path or a URL, whatever is there. Raises `NotARegistryError` for what is neither."""
    text = str(place)
    if "://" not in text:
        check_path(text)
        return SQLiteDatabase(_file(text))
    url = url_of(text)
    if url.get_backend_name() == "sqlite":
        return SQLiteDatabase(_file(url.database or ""))
    from registry.store.postgres import PostgresDatabase  # a registry in a file starts without the server's driver

    return PostgresDatabase(url.set(drivername="postgresql+psycopg"))


def _file(path: str) -> Path:
    if path in ("", ":memory:"):
        raise NotARegistryError(repr(path), "a registry is kept; give the path of a file")
    return Path(path)


@contextmanager
def _closed_on_failure(database: Database) -> Iterator[None]:
    """Close the database where the block fails; tell the user where the failure was the database's."""
    try:
        yield
    except BaseException as error:
        database.close()
        if isinstance(error, PersistenceError | OSError) and not isinstance(error, UnreachableError):
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise UnreachableError(database.place, why) from None
        raise
