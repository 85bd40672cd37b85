"""Events for the tests of the log, and a way around its triggers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from sqlalchemy import inspect

from registry.store.database import Database
from registry.store.recorder import SQLApplicationRecorder

ANNA = UUID("00000000-0000-4000-8000-00000000000a")
BERT = UUID("00000000-0000-4000-8000-00000000000b")
FIRST_OF_MAY = 1_714_521_600_000_000  # 2024-05-01 00:00 UTC, in µs


def visit(
    stream: UUID = ANNA, version: int = 1, *, topic: str = "VisitRecorded", payload: str = '{"pain":4}'
) -> StoredEvent:
    return StoredEvent(originator_id=stream, originator_version=version, topic=topic, state=payload.encode())


def study(code: str, stream: UUID = ANNA, version: int = 1, *, topic: str = "StudyRecorded") -> StoredEvent:
    return visit(stream, version, topic=topic, payload=f'{{"statement":{{"study":"{code}"}}}}')


def record(database: Database, *stored: StoredEvent, at: int = FIRST_OF_MAY) -> Sequence[int]:
    return SQLApplicationRecorder(database, clock=clock_at(at)).insert_events(stored)


def clock_at(*instants: int) -> Callable[[], int]:
    """Return a clock that shows each instant once, and the last one for ever after."""
    waiting = list(instants)
    return lambda: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def run(database: Database, statement: str) -> None:
    """Run one statement as somebody could who has the database open in another program."""
    with database.writing() as connection:
        connection.exec_driver_sql(statement)


def run_without_triggers(database: Database, *statements: str) -> None:
    """Run statements as somebody could who owns the database and first takes the triggers away."""
    with database.writing() as connection:
        if database.engine.dialect.name == "sqlite":
            triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for name in connection.exec_driver_sql(triggers).scalars().all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            for table in ("events", "freezes"):
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            connection.exec_driver_sql(statement)


def tables(database: Database) -> list[str]:
    with database.reading() as connection:
        return inspect(connection).get_table_names()
