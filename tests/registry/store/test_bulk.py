"""Batches of many events: all or nothing however many pieces they are written in, and the same log on both stores."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from uuid import UUID

import pytest
from eventsourcing.persistence import DataError, IntegrityError, StoredEvent
from sqlalchemy import func, select

from registry.store.database import Database
from registry.store.event_rows import BLOCK_BYTES, SALTED_AT_ONCE
from registry.store.log import EventLog
from registry.store.postgres import FEW
from registry.store.recorder import SQLApplicationRecorder
from registry.store.schema import events
from registry.store.verify import verify
from tests.registry.store.recording import ANNA, BERT, FIRST_OF_MAY, VISIT, clock_at, record, visit

LONG = VISIT.replace("a.csv:2", "é" * 200)
MANY = BLOCK_BYTES // len(LONG.encode()) * 2 + 1  # events that fill two blocks of COPY, and begin a third


def visits(number: int, *, payload: str = LONG) -> Iterator[StoredEvent]:
    """Yield visits of three patients in turn, some of them of a second event version."""
    for index in range(number):
        topic = "VisitRecorded/2" if index % 5 == 0 else "VisitRecorded"
        yield visit(UUID(int=index % 3), index // 3 + 1, topic=topic, payload=payload)


def recorded(database: Database) -> int:
    return EventLog(database).head().position


@pytest.mark.parametrize(
    "number",
    [1, FEW, FEW + 1, SALTED_AT_ONCE - 1, SALTED_AT_ONCE, SALTED_AT_ONCE + 1, 2 * SALTED_AT_ONCE + 1],
)
def test_a_batch_of_any_size_takes_the_positions_that_follow_and_a_whole_chain(database: Database, number: int) -> None:
    record(database, visit(ANNA, 1))

    positions = SQLApplicationRecorder(database, clock=clock_at(FIRST_OF_MAY)).insert_events(visits(number))

    assert positions == list(range(2, number + 2))
    assert (verify(EventLog(database)).events, verify(EventLog(database)).problems) == (number + 1, ())


def test_every_event_of_a_large_batch_has_a_salt_of_its_own(database: Database) -> None:
    SQLApplicationRecorder(database).insert_events(visits(2 * SALTED_AT_ONCE + 1))

    with database.reading() as connection:
        salts = connection.scalar(select(func.count(events.c.salt.distinct())))

    assert salts == 2 * SALTED_AT_ONCE + 1


@pytest.mark.parametrize("number", [FEW, MANY], ids=["one by one", "in blocks"])
def test_what_was_written_is_read_as_it_was_given(database: Database, number: int) -> None:
    given = list(visits(number))

    SQLApplicationRecorder(database).insert_events(iter(given))

    notifications = SQLApplicationRecorder(database).select_notifications(start=1, limit=number + 1)
    assert [(each.originator_id, each.originator_version, each.topic, each.state) for each in notifications] == [
        (each.originator_id, each.originator_version, each.topic, each.state) for each in given
    ]


@pytest.mark.parametrize(
    ("last", "refused"),
    [
        (visit(UUID(int=0), 1), IntegrityError),
        (StoredEvent(BERT, 1, "VisitRecorded", b"\xff"), DataError),
    ],
    ids=["a version that is taken", "a payload that is no text"],
)
def test_a_refusal_of_the_last_of_many_events_leaves_none_of_them(
    database: Database, last: StoredEvent, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        SQLApplicationRecorder(database).insert_events(chain(visits(MANY), [last]))

    assert recorded(database) == 0


def test_events_that_cannot_be_made_to_the_end_leave_none_of_them(database: Database) -> None:
    def broken() -> Iterator[StoredEvent]:
        yield from visits(MANY)
        raise ValueError("no more events")

    with pytest.raises(ValueError, match="no more events"):
        SQLApplicationRecorder(database).insert_events(broken())

    assert recorded(database) == 0
    assert record(database, visit(ANNA, 1)) == [1]
