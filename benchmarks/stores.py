"""Where events are appended to: new places on SQLite and on a PostgreSQL server, for spondyl and for the library."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import psycopg
from psycopg.conninfo import conninfo_to_dict

from benchmarks.environments import python_of
from benchmarks.measuring import ROOT
from tests import postgres

PINS: Final = ROOT / "benchmarks" / "eventsourcing-sqlalchemy.txt"


class Store(NamedTuple):
    """A kind of store: its name, a new place in it, and the settings by which the library finds that place."""

    name: str
    new_place: Callable[[], str]
    settings: Callable[[str], dict[str, str]]
    library: str
    python: Path | None = None


@contextmanager
def sqlite_places() -> Iterator[Callable[[], str]]:
    """Yield a maker of paths for new files; at the end, every commit to them must have waited for the disk."""
    numbers = count(1)
    with TemporaryDirectory() as folder:
        yield lambda: str(Path(folder) / f"{next(numbers)}.db")
        for path in Path(folder).glob("*.db"):
            assert sqlite_durability(path) == ("wal", 2), path


def sqlite_durability(path: Path) -> tuple[str, int]:
    """Return the journal mode of a file, and how far a commit waits unless told otherwise: 2 is to the disk."""
    with closing(sqlite3.connect(path)) as connection:
        mode, waits = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous"))
    return mode, waits


@contextmanager
def postgres_places() -> Iterator[Callable[[], str]]:
    """Yield a maker of new databases on a server that waits for the disk at every commit."""
    with postgres.running_server(durable=True) as server:
        with psycopg.connect(server) as connection:
            for setting in ("fsync", "synchronous_commit"):
                assert connection.execute(f"SHOW {setting}").fetchone() == ("on",), setting
        yield lambda: postgres.url_of(server, postgres.new_database(server))


def sqlite_settings(place: str) -> dict[str, str]:
    """Return how the library's SQLite module finds a place."""
    return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": place}


def sqlalchemy_settings(place: str) -> dict[str, str]:
    """Return how eventsourcing-sqlalchemy finds a place."""
    return {"PERSISTENCE_MODULE": "eventsourcing_sqlalchemy", "SQLALCHEMY_URL": f"sqlite:///{place}"}


def postgres_settings(place: str) -> dict[str, str]:
    """Return how the library's PostgreSQL module finds a place.

    It inserts by its database function: otherwise a batch of a thousand visits never returns from psycopg's pipeline.
    """
    parameters = conninfo_to_dict(place)
    named = {key: str(parameters.get(key) or "") for key in ("dbname", "host", "port", "user", "password")}
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_ENABLE_DB_FUNCTIONS": "yes",
        **{f"POSTGRES_{key.upper()}": value for key, value in named.items()},
    }


def python_of_sqlalchemy(folder: Path) -> Path:
    """Return the Python of an environment with eventsourcing-sqlalchemy, which wants another SQLAlchemy than we do."""
    return python_of(folder, PINS, "eventsourcing-sqlalchemy")
