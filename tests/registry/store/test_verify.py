"""Verification names the first position at which a log was damaged, whoever had the database in hand."""

from __future__ import annotations

from uuid import UUID

import pytest

from registry.store.damage import Damage
from registry.store.database import Database
from registry.store.freezes import Freezes
from registry.store.log import EventLog
from registry.store.verify import verify
from tests.registry.store.recording import ANNA, BERT, VISIT, record, run, run_without_triggers, visit

STRANGER = {"sqlite": f"x'{UUID(int=99).hex}'", "postgresql": f"'{UUID(int=99)}'"}
BLOB = {"sqlite": "zeroblob({})", "postgresql": "decode(repeat('00', {}), 'hex')"}


@pytest.fixture
def log(database: Database) -> EventLog:
    """A log of five events on two streams."""
    record(database, visit(ANNA, 1), visit(ANNA, 2), visit(BERT, 1), at=1_000)
    record(database, visit(ANNA, 3), visit(BERT, 2), at=2_000)
    return EventLog(database)


def zeros(log: EventLog, count: int) -> str:
    return BLOB[dialect(log)].format(count)


def dialect(log: EventLog) -> str:
    return log.database.engine.dialect.name


def test_a_log_that_nobody_touched_is_whole(log: EventLog) -> None:
    Freezes(log.database).add("report-2024", actor="ines")

    found = verify(log)

    assert found.is_whole
    assert (found.events, found.erased, found.problems) == (6, 0, ())
    assert found.head == log.head()


def test_an_empty_log_is_whole(database: Database) -> None:
    Freezes(database).add("before-all", actor="ines")

    assert verify(EventLog(database)).is_whole


def test_an_erased_payload_leaves_the_log_whole_and_is_counted(log: EventLog) -> None:
    run(log.database, "UPDATE events SET payload = NULL, salt = NULL WHERE position = 2")

    found = verify(log)

    assert (found.events, found.erased, found.problems) == (5, 1, ())


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ("payload = '{{}}'", "the commitment does not fit"),
        ("salt = {zeros16}", "the commitment does not fit"),
        ("commitment = {zeros32}", "the digest does not fit"),
        ("digest = {zeros32}", "the digest does not fit"),
        ("recorded_at = 1001", "the digest does not fit"),
        ("topic = 'VisitRetracted'", "the digest does not fit"),
        ("event_version = 2", "the digest does not fit"),
        ("version = 9", "the digest does not fit"),
        ("stream = {stranger}", "the digest does not fit"),
    ],
)
def test_a_changed_event_is_named_first(log: EventLog, damage: str, what: str) -> None:
    change = damage.format(zeros16=zeros(log, 16), zeros32=zeros(log, 32), stranger=STRANGER[dialect(log)])
    run_without_triggers(log.database, f"UPDATE events SET {change} WHERE position = 3")

    found = verify(log)

    assert not found.is_whole
    assert found.problems[0].position == 3
    assert found.problems[0].what.startswith(what)


def test_recorded_time_that_runs_back_is_named(log: EventLog) -> None:
    run_without_triggers(log.database, "UPDATE events SET recorded_at = 999 WHERE position = 3")

    assert "recorded at 999 µs, before the event that it follows (1000 µs)" in [
        problem.what for problem in verify(log).problems if problem.position == 3
    ]


def test_a_version_that_does_not_follow_in_its_stream_is_named(log: EventLog) -> None:
    run_without_triggers(log.database, "UPDATE events SET version = 9 WHERE position = 4")

    assert Damage(4, "version 9 of its stream follows version 2") in verify(log).problems


def test_a_removed_event_is_named_by_the_one_after_it(log: EventLog) -> None:
    run_without_triggers(log.database, "DELETE FROM events WHERE position = 2")

    found = verify(log)

    assert found.events == 4
    assert found.problems[0] == Damage(3, "follows @1: what was in between is missing (@2)")


def test_a_removed_beginning_is_named(log: EventLog) -> None:
    run_without_triggers(log.database, "DELETE FROM events WHERE position < 3")

    assert verify(log).problems[0] == Damage(3, "follows @0: what was in between is missing (@1 to @2)")


def test_a_position_before_the_first_is_named(log: EventLog) -> None:
    run_without_triggers(log.database, "UPDATE events SET position = 0 WHERE position = 5")

    assert verify(log).problems[0].position == 0


def test_a_removed_end_is_found_by_a_freeze(log: EventLog) -> None:
    Freezes(log.database).add("report-2024", actor="ines")
    run_without_triggers(log.database, "DELETE FROM events WHERE position > 3")

    assert [str(problem) for problem in verify(log).problems] == [
        "@5: freeze 'report-2024' was made here, and the log has no such event: its end is missing"
    ]


def test_a_rewritten_log_is_found_by_a_freeze(log: EventLog) -> None:
    Freezes(log.database).add("report-2024", actor="ines")
    run_without_triggers(log.database, "DELETE FROM events WHERE position >= 5")
    record(log.database, visit(BERT, 2, payload=VISIT.replace('"4"', '"0"')), at=2_000)

    assert [str(problem) for problem in verify(log).problems] == [
        "@5: freeze 'report-2024' has a row, and no event says so: it was added or renamed",
        "@5: freeze 'report-2024' was made here with another digest: the log was rewritten",
    ]


def test_no_more_than_a_hundred_problems_are_named(database: Database) -> None:
    record(database, *(visit(ANNA, version) for version in range(1, 151)))
    run_without_triggers(database, "UPDATE events SET payload = '{}'")

    assert len(verify(EventLog(database)).problems) == 100
