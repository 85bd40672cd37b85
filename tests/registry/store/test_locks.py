"""A lock that somebody keeps: whoever waits is told who it is, and nobody keeps it for ever by doing nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from sqlalchemy import make_url

from registry.errors import UnreachableError
from registry.store import postgres as store
from registry.store import sqlite
from registry.store.database import Database, LockedDatabaseError
from registry.store.log import EventLog
from registry.store.opening import open_database
from tests.registry.store.recording import ANNA, BERT, record, run, visit


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LOCK_TIMEOUT", "300ms")
    settings = tuple(setting.replace("busy_timeout = 60000", "busy_timeout = 300") for setting in sqlite.SETTINGS)
    monkeypatch.setattr(sqlite, "SETTINGS", settings)


@pytest.fixture
def waiting(impatient: None, postgres_url: str) -> Iterator[Database]:
    """A registry on a server whose writers wait a third of a second for each other."""
    with closing(open_database(postgres_url)) as database:
        yield database


def test_who_waits_for_a_writer_on_a_server_is_told_who_it_is(waiting: Database, postgres_url: str) -> None:
    with closing(open_database(postgres_url)) as other, other.writing() as connection:
        process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with pytest.raises(
            LockedDatabaseError,
            match=rf"held by postgres \(process {process}, spondyl {os.getpid()} on [^,]+, idle in transaction, "
            r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\); the owner ends a process by pg_terminate_backend",
        ):
            record(waiting, visit())

    assert record(waiting, visit()) == [1]


def test_who_waits_for_one_who_did_not_ask_for_the_lock_is_told_who_it_is(waiting: Database, postgres_url: str) -> None:
    with psycopg.connect(postgres_url, application_name="psql") as other:
        other.execute(
            "INSERT INTO events SELECT 1, gen_random_uuid(), 1, 'VisitRecorded', 1, 0, '{}', decode(repeat('00', 16), "
            "'hex'), decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex')"
        )
        with pytest.raises(
            LockedDatabaseError, match=rf"held by postgres \(process {other.info.backend_pid}, psql, idle"
        ):
            record(waiting, visit())
        other.rollback()


def test_a_writer_who_may_not_see_the_others_is_told_their_role_and_process(
    waiting: Database, postgres_url: str
) -> None:
    run(waiting, "CREATE ROLE only_writes LOGIN; GRANT SELECT, INSERT ON events, spondyl_schema TO only_writes")
    try:
        with (
            closing(open_database(postgres_url.replace("postgres:@", "only_writes:@"))) as writer,
            waiting.writing(),
            pytest.raises(
                LockedDatabaseError, match=r"its lock is held by postgres \(process \d+, spondyl \d+ on [^,]+\);"
            ),
        ):
            record(writer, visit())
    finally:
        run(waiting, "DROP OWNED BY only_writes; DROP ROLE only_writes")


def test_a_writer_who_does_nothing_is_ended_by_the_server(
    impatient: None, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "IDLE_TIMEOUT", "100ms")
    with closing(open_database(postgres_url)) as asleep, closing(open_database(postgres_url)) as awake:
        with pytest.raises(UnreachableError, match="idle-in-transaction timeout"):
            sleep_over(asleep)
        assert record(awake, visit(ANNA)) == [1]
        assert record(asleep, visit(BERT)) == [2]
        assert EventLog(awake).head().position == 2


def sleep_over(database: Database) -> None:
    with database.writing() as connection:
        time.sleep(0.5)
        connection.exec_driver_sql("SELECT 1")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists the locks of all processes")
def test_who_waits_for_a_writer_in_a_file_is_told_its_process(impatient: None, sqlite_url: str) -> None:
    path = make_url(sqlite_url).database
    holding = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('BEGIN IMMEDIATE'); print(1); input()"
    with (
        closing(open_database(sqlite_url)) as database,
        subprocess.Popen(
            [sys.executable, "-uc", holding, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as other,
    ):
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(LockedDatabaseError, match=rf"another process writes to it, process {other.pid} \(python"):
            record(database, visit())
        other.communicate(b"\n")
        assert record(database, visit()) == [1]
