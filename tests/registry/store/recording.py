"""Events for the tests of the log, and a way around its triggers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from sqlalchemy import Connection, inspect

from registry.store.database import Database
from registry.store.recorder import SQLApplicationRecorder

ANNA = UUID("00000000-0000-4000-8000-00000000000a")
BERT = UUID("00000000-0000-4000-8000-00000000000b")
STATED = '"patient":"P-1","fact":"{}","clinical_on":"2024-05-01","actor":"ines","source":"a.csv:2","reason":null'
VISIT = (
    f"{{{STATED.format('visit/P-1/2024-05-01')},"
    '"statement":{"visited_on":"2024-05-01","visit":null,"measures":[{"measure":"pain","value":"4","unit":"nrs"}]},'
    '"origin":null}'
)
FIRST_OF_MAY = 1_714_521_600_000_000  # 2024-05-01 00:00 UTC, in µs


def visit(stream: UUID = ANNA, version: int = 1, *, topic: str = "VisitRecorded", payload: str = VISIT) -> StoredEvent:
    return StoredEvent(originator_id=stream, originator_version=version, topic=topic, state=payload.encode())


def study(code: str, stream: UUID = ANNA, version: int = 1, *, topic: str = "StudyRecorded") -> StoredEvent:
    statement = f'"study":"{code}","performed_on":"2024-05-01","modality":"MRI","regions":[],"sequences":[],"note":null'
    payload = f'{{{STATED.format(f"imaging/{code}")},"statement":{{{statement}}}}}'
    return visit(stream, version, topic=topic, payload=payload)


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
    """Run statements as somebody could who owns the database, takes the triggers away, and puts them back."""
    with without_triggers(database) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@contextmanager
def without_triggers(database: Database) -> Iterator[Connection]:
    """Lend a connection that writes past the triggers, which are back afterwards."""
    with database.writing() as connection:
        if database.engine.dialect.name != "sqlite":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            yield connection
            return
        taken = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        for name, _ in taken:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        yield connection
        for _, definition in taken:
            connection.exec_driver_sql(definition)


def tables(database: Database) -> list[str]:
    with database.reading() as connection:
        return inspect(connection).get_table_names()
