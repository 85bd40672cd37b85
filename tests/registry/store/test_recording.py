"""What a recorder does with events: all or none, in one order, on a clock that never runs back."""

from __future__ import annotations

import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from uuid import UUID, uuid5

import pytest
from eventsourcing.persistence import DataError, IntegrityError, StoredEvent, Tracking
from sqlalchemy import Connection, select, text

from registry.errors import UnreachableError
from registry.store.database import Database
from registry.store.event_rows import sealed
from registry.store.log import EventLog
from registry.store.opening import open_database
from registry.store.recorder import RowPlace, SQLAggregateRecorder, SQLApplicationRecorder, SQLProcessRecorder
from registry.store.schema import events, is_imaging
from registry.store.verify import verify
from tests import postgres
from tests.registry.store.recording import ANNA, BERT, FIRST_OF_MAY, clock_at, record, study, visit

WRITERS, BATCHES, EVENTS = 4, 10, 25


def test_events_of_one_batch_share_one_instant(database: Database) -> None:
    recorder = SQLApplicationRecorder(database, clock=clock_at(1_000, 2_000))

    recorder.insert_events([visit(version=1), visit(version=2)])
    recorder.insert_events([visit(version=3)])

    assert next(EventLog(database).columns()).recorded_at == [1_000, 1_000, 2_000]


def test_recorded_time_never_decreases_though_the_clock_jumps_back(database: Database) -> None:
    recorder = SQLApplicationRecorder(database, clock=clock_at(5_000, 1_000, 6_000))

    for version in (1, 2, 3):
        recorder.insert_events([visit(version=version)])

    assert next(EventLog(database).columns()).recorded_at == [5_000, 5_000, 6_000]


def test_a_taken_version_of_a_stream_is_refused_and_nothing_is_recorded(database: Database) -> None:
    record(database, visit(ANNA, 1))

    with pytest.raises(IntegrityError):
        record(database, visit(BERT, 1), visit(ANNA, 1))

    assert EventLog(database).head().position == 1


def test_nothing_is_written_for_no_events(database: Database) -> None:
    assert SQLApplicationRecorder(database).insert_events([]) == []
    assert SQLAggregateRecorder(database).insert_events([]) is None

    assert EventLog(database).head().position == 0


@pytest.mark.parametrize("payload", [b"\xff\xfe", b'{"a":"\0"}'])
def test_a_payload_that_is_not_text_is_refused_and_nothing_is_recorded(database: Database, payload: bytes) -> None:
    with pytest.raises(DataError, match="not UTF-8 text"):
        record(database, visit(version=1), StoredEvent(ANNA, 2, "VisitRecorded", payload))

    assert EventLog(database).head().position == 0


def test_no_refusal_of_the_database_quotes_a_payload(postgres_url: str) -> None:
    database = open_database(postgres_url)

    with pytest.raises(DataError) as refusal:
        record(database, visit(topic="StudyRecorded", payload="Anna Smith, not JSON"))

    assert "Anna" not in str(refusal.value)
    assert refusal.value.__cause__ is None
    database.close()


def test_a_guard_sees_the_log_inside_the_lock_and_undoes_all(database: Database) -> None:
    def refuse(connection: Connection) -> None:
        assert connection.scalar(text("SELECT count(*) FROM events")) == 1
        raise ValueError("a study of this code belongs to another patient")

    record(database, visit(version=1))

    with pytest.raises(ValueError, match="belongs to another patient"):
        SQLApplicationRecorder(database).insert_events([visit(version=2)], guard=refuse)

    assert EventLog(database).head().position == 1


def test_an_event_and_where_it_came_of_are_recorded_together_or_not_at_all(database: Database) -> None:
    recorder = SQLProcessRecorder(database)
    recorder.insert_events([visit(version=1)], tracking=Tracking("upstream", 7))

    with pytest.raises(IntegrityError, match="position 7 of upstream was dealt with already, up to 7"):
        recorder.insert_events([visit(version=2)], tracking=Tracking("upstream", 7))

    assert EventLog(database).head().position == 1


def test_an_event_version_is_kept_beside_its_topic(database: Database) -> None:
    record(database, visit(version=1), visit(version=2, topic="VisitRecorded/2"))

    columns = next(EventLog(database).columns())
    assert (columns.topic, columns.event_version) == (["VisitRecorded", "VisitRecorded"], [1, 2])
    recorder = SQLApplicationRecorder(database)
    assert [event.topic for event in recorder.select_events(ANNA)] == ["VisitRecorded", "VisitRecorded/2"]
    assert [found.id for found in recorder.select_notifications(None, 9, topics=["VisitRecorded/2"])] == [2]


def test_an_erased_payload_is_read_as_no_bytes(database: Database) -> None:
    record(database, visit())
    with database.writing() as connection:
        connection.execute(text("UPDATE events SET payload = NULL, salt = NULL"))

    assert [event.state for event in SQLApplicationRecorder(database).select_events(ANNA)] == [b""]


def test_ten_thousand_streams_are_read_at_once(database: Database) -> None:
    streams = [uuid5(ANNA, str(number)) for number in range(10_001)]
    record(database, *(visit(stream, version) for stream in streams[:-1] for version in (1, 2)))

    found = list(SQLApplicationRecorder(database).select_streams(streams))

    assert Counter(stream for stream, _, _ in found) == dict.fromkeys(streams[:-1], 2)


def test_the_events_of_streams_come_stream_by_stream_in_the_order_of_their_versions(database: Database) -> None:
    record(database, visit(BERT, 1, payload='{"b":1}'), visit(ANNA, 1, payload='{"a":1}'))
    record(database, visit(BERT, 2, payload='{"b":2}'))
    record(database, visit(ANNA, 2, topic="VisitRecorded/2", payload='{"a":2}'), visit(UUID(int=7), 1))

    found = SQLApplicationRecorder(database).select_streams([BERT, ANNA])

    assert list(found) == [
        (ANNA, "VisitRecorded", b'{"a":1}'),
        (ANNA, "VisitRecorded/2", b'{"a":2}'),
        (BERT, "VisitRecorded", b'{"b":1}'),
        (BERT, "VisitRecorded", b'{"b":2}'),
    ]
    alone = SQLApplicationRecorder(database).select_streams([BERT])
    assert [payload for *_, payload in alone] == [b'{"b":1}', b'{"b":2}']


def test_streams_can_be_read_for_the_events_of_some_names_and_their_last_versions(database: Database) -> None:
    record(database, visit(ANNA, 1, payload='{"a":1}'), study("MR1", ANNA, 2), visit(BERT, 1, topic="VisitRecorded/2"))
    record(database, study("MR2", BERT, 2), study("MR3", BERT, 3), visit(UUID(int=7), 1))

    recorder = SQLApplicationRecorder(database)

    found = recorder.select_streams([BERT, ANNA], names={"VisitRecorded", "VisitAmended"})
    assert [(stream, topic) for stream, topic, _ in found] == [(ANNA, "VisitRecorded"), (BERT, "VisitRecorded/2")]
    assert recorder.versions([BERT, ANNA, UUID(int=8)]) == {ANNA: 2, BERT: 3}


def test_studies_are_found_in_every_stream_that_ever_claimed_them(database: Database) -> None:
    amended = study("MR2", ANNA, 2, topic="StudyAmended")
    record(database, study("MR1", ANNA, 1), amended, study("MR1", BERT, 1), visit(BERT, 2))

    recorder = SQLApplicationRecorder(database)

    assert recorder.streams_of_studies(["MR1", "MR3"]) == {("MR1", ANNA), ("MR1", BERT)}
    assert recorder.streams_of_studies(["MR2"]) == {("MR2", ANNA)}
    assert recorder.streams_of_studies([]) == set()


def test_studies_are_looked_up_in_their_index(database: Database) -> None:
    on_sqlite = database.engine.dialect.name == "sqlite"
    studies = database.is_any(database.study_code, ["MR1"])
    query = select(database.study_code, events.c.stream).where(is_imaging(), studies)
    words = query.compile(database.engine, compile_kwargs={"literal_binds": True})

    with database.reading() as connection:
        if not on_sqlite:
            connection.exec_driver_sql("SET enable_seqscan = off")  # which is quicker while the table is empty
        plan = connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN' if on_sqlite else ''} {words}").all()

    assert "events_study" in str(plan)


def test_rows_of_a_source_are_looked_up_in_their_index(database: Database) -> None:
    on_sqlite = database.engine.dialect.name == "sqlite"
    rows = database.is_any(database.row_id, ["17"])
    query = select(database.row_id, events.c.topic, events.c.stream).where(database.has_row_id, rows)
    words = query.compile(database.engine, compile_kwargs={"literal_binds": True})

    with database.reading() as connection:
        if not on_sqlite:
            connection.exec_driver_sql("SET enable_seqscan = off")
        plan = connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN' if on_sqlite else ''} {words}").all()

    assert "events_row" in str(plan)


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("VisitRecorded", '{"patient":"P","fact":"visit/P/id=17"}'),
        ("VisitRecorded/2", '{"patient":"P","fact":"visit/P/2020-01-01","origin":{"row":"17","columns":["visit"]}}'),
        ("VisitConfirmed", '{"patient":"P","fact":"visit/P/2020-01-01","origin":{"source":"l","row":"17"}}'),
    ],
)
def test_a_row_is_found_in_every_version_of_an_event(database: Database, topic: str, payload: str) -> None:
    recorder = SQLApplicationRecorder(database)
    other = '{"patient":"P","fact":"visit/P/2020-01-01","origin":null}'
    recorder.insert_events(
        [StoredEvent(ANNA, 1, topic, payload.encode()), StoredEvent(BERT, 1, "VisitRecorded/2", other.encode())]
    )

    found = recorder.streams_of_rows(["17", "id=17", "visit"])

    assert found == {RowPlace("17", topic.partition("/")[0], ANNA)}


def test_several_processes_write_at_once_without_a_gap_or_a_loss(url: str) -> None:
    processes = get_context("spawn")
    writers = [processes.Process(target=write_batches, args=(url, number)) for number in range(WRITERS)]

    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    database = open_database(url)
    found = verify(EventLog(database))
    assert (found.events, found.problems) == (WRITERS * BATCHES * EVENTS, ())
    database.close()


def test_a_writer_that_waited_for_another_goes_on_from_where_that_one_ended(postgres_url: str) -> None:
    database, other = open_database(postgres_url), open_database(postgres_url)
    record(database, visit(version=1))
    with ThreadPoolExecutor() as threads, database.appending() as (connection, head):
        waiting = threads.submit(record, other, visit(version=3))
        wait_for_a_waiting_writer(database)
        database.append(connection, sealed([visit(version=2)], head, now=FIRST_OF_MAY))

    assert waiting.result() == [3]
    assert (verify(EventLog(database)).events, verify(EventLog(database)).problems) == (3, ())
    database.close()
    other.close()


def test_a_writer_whose_connection_is_lost_says_so_and_finds_another(postgres_url: str) -> None:
    database = open_database(postgres_url)
    record(database, visit(version=1))
    postgres.execute(
        postgres_url,
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )

    with pytest.raises(UnreachableError, match=r"terminating connection|server closed the connection"):
        record(database, visit(version=2))

    assert record(database, visit(version=2)) == [2]
    database.close()


def test_a_process_that_dies_before_its_end_leaves_nothing_behind(url: str) -> None:
    database = open_database(url)
    record(database, visit(version=1))
    dying = get_context("spawn").Process(target=write_and_die, args=(url,))

    dying.start()
    dying.join()
    record(database, visit(version=2))

    assert dying.exitcode == 9
    assert (verify(EventLog(database)).events, verify(EventLog(database)).problems) == (2, ())
    database.close()


def wait_for_a_waiting_writer(database: Database) -> None:
    """Return once somebody waits for the write lock."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    with database.reading() as connection:
        while not connection.scalar(waiting):
            time.sleep(0.01)


def write_and_die(url: str) -> None:
    """Write an event and end at once, without commit or rollback; a process of its own runs this."""
    database = open_database(url)
    with database.appending() as (connection, head):
        database.append(connection, sealed([visit(version=2)], head, now=FIRST_OF_MAY))
        os._exit(9)


def write_batches(url: str, number: int) -> None:
    """Write batches to a stream of one's own; a process of its own runs this."""
    database = open_database(url)
    stream = UUID(int=number + 1)
    for batch in range(BATCHES):
        first = batch * EVENTS + 1
        record(database, *(visit(stream, version) for version in range(first, first + EVENTS)), at=FIRST_OF_MAY)
    database.close()
