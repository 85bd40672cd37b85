"""Registries as each release left them, for the later ones to open."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import create_engine, make_url

import migrations

FOLDER = Path(__file__).parent
COLUMNS = [
    "position",
    "stream",
    "version",
    "topic",
    "event_version",
    "recorded_at",
    "payload",
    "salt",
    "commitment",
    "digest",
]


def released(revision: str, path: Path) -> Path:
    """Write the registry that a release with a revision left, into a file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((FOLDER / f"registry-{revision}.sql").read_text("utf-8"))
    return path


def released_on_a_server(revision: str, url: str, tmp_path: Path) -> None:
    """Write the same registry into the empty database of a server, by that revision's own tables."""
    with closing(sqlite3.connect(released(revision, tmp_path / "released.db"))) as connection:
        rows = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM events ORDER BY position").fetchall()
        frozen = connection.execute("SELECT * FROM freezes").fetchall()
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection_:
        migrations.upgrade(connection_, revision)
    engine.dispose()
    with psycopg.connect(url) as server, server.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO events ({', '.join(COLUMNS)}) VALUES ({_marks(rows)})", map(_on_a_server, rows)
        )
        cursor.execute("ALTER TABLE freezes DISABLE TRIGGER USER")  # as where a dump is put back
        cursor.executemany(f"INSERT INTO freezes VALUES ({_marks(frozen)})", frozen)
        cursor.execute("ALTER TABLE freezes ENABLE TRIGGER USER")


def _marks(rows: list[Any]) -> str:
    return ", ".join(["%s"] * len(rows[0]))


def _on_a_server(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (row[0], row[1].hex(), *row[2:])
