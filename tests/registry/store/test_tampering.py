"""Whatever somebody changes who owns the database, verification finds it and says where."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from sqlalchemy import make_url

from registry.store.database import Database
from registry.store.freezes import Freezes
from registry.store.log import EventLog
from registry.store.opening import open_database
from registry.store.verify import Witness, verify
from tests.registry.store.recording import run_without_triggers
from tests.registry.store.tampering import COLUMNS, positions_named, recorded, recorded_on, tampered

EVENTS = 70
CHANGES = {"sqlite": 1_000, "postgresql": 200}


@pytest.fixture
def log(database: Database) -> EventLog:
    """A log of seventy events on seven streams."""
    return recorded(database, EVENTS)


def test_a_changed_byte_is_found_and_located_in_every_column(log: EventLog) -> None:
    dice = Random(6)
    wanted = CHANGES[log.database.engine.dialect.name]
    found: dict[str, int] = dict.fromkeys(COLUMNS, 0)
    missed = []

    while sum(found.values()) + len(missed) < wanted:
        position, column = dice.randint(1, EVENTS), COLUMNS[(sum(found.values()) + len(missed)) % len(COLUMNS)]
        with tampered(log.database, position, column, dice) as was_taken:
            if not was_taken:
                continue
            named = positions_named(log)
            if column == "position":  # the event is no longer where it was: the one after it, or itself, says so
                located = bool(named) and (position + 1 in named or position == EVENTS)
            else:
                located = set(named) == {position}
            if located:
                found[column] += 1
            else:
                missed.append((position, column, named))

    assert missed == []
    assert set(found.values()) == {wanted // len(COLUMNS)}
    assert verify(log).is_whole


@pytest.mark.parametrize("position", [1, 2, 35, EVENTS - 1])
def test_a_deleted_event_is_located_between_its_neighbours(log: EventLog, position: int) -> None:
    run_without_triggers(log.database, f"DELETE FROM events WHERE position = {position}")

    [problem] = verify(log).problems
    assert str(problem) == f"@{position + 1}: follows @{position - 1}: what was in between is missing (@{position})"


@pytest.mark.parametrize("columns", ["payload, salt", "payload, salt, commitment", "stream, version"])
def test_two_events_that_exchanged_what_they_say_are_both_located(log: EventLog, columns: str) -> None:
    moved = ", ".join(f"{name} = (SELECT {name} FROM other WHERE other.position = 51 - events.position)"
                      for name in columns.split(", "))  # fmt: skip
    run_without_triggers(log.database, "CREATE TABLE other AS SELECT * FROM events")
    if "stream" in columns:
        run_without_triggers(log.database, "UPDATE events SET version = version + 1000 WHERE position IN (20, 31)")
    run_without_triggers(log.database, f"UPDATE events SET {moved} WHERE position IN (20, 31)")

    assert set(positions_named(log)) == {20, 31}


def test_two_events_that_exchanged_their_places_are_both_located(log: EventLog) -> None:
    for before, after in ((20, 1_000), (31, 20), (1_000, 31)):
        run_without_triggers(log.database, f"UPDATE events SET position = {after} WHERE position = {before}")

    assert set(positions_named(log)) == {20, 21, 31, 32}  # each, and what followed the one that stood there


def test_an_event_put_in_between_is_located(log: EventLog) -> None:
    for position in range(EVENTS, 29, -1):
        run_without_triggers(log.database, f"UPDATE events SET position = {position + 1} WHERE position = {position}")
    run_without_triggers(
        log.database,
        "INSERT INTO events SELECT 30, stream, 999, topic, event_version, recorded_at, payload, salt, commitment, "
        "digest FROM events WHERE position = 29",
    )

    assert positions_named(log)[0] == 30


def test_an_event_added_at_the_end_by_another_hand_is_located(log: EventLog) -> None:
    run_without_triggers(
        log.database,
        f"INSERT INTO events SELECT {EVENTS + 1}, stream, 999, topic, event_version, recorded_at, payload, salt, "
        f"commitment, digest FROM events WHERE position = {EVENTS}",
    )

    assert set(positions_named(log)) == {EVENTS + 1}


@pytest.mark.parametrize("kept", [0, 1, 69])
def test_a_log_that_was_cut_off_is_found_by_a_digest_kept_elsewhere(log: EventLog, kept: int) -> None:
    head = log.head()
    run_without_triggers(log.database, f"DELETE FROM events WHERE position > {kept}")

    assert verify(log).is_whole
    [problem] = verify(log, witnesses=[Witness("the report", head.position, head.digest)]).problems
    assert str(problem) == "@70: the report was made here, and the log has no such event: its end is missing"


def test_a_log_that_was_cut_off_and_written_on_is_found_by_a_digest_kept_elsewhere(log: EventLog) -> None:
    wrong = Witness("the report", 40, bytes(32))

    assert [str(problem) for problem in verify(log, witnesses=[wrong]).problems] == [
        "@40: the report was made here with another digest: the log was rewritten"
    ]


def test_an_erasure_that_no_event_announces_is_noted(log: EventLog) -> None:
    run_without_triggers(log.database, "UPDATE events SET payload = NULL, salt = NULL WHERE position = 12")

    found = verify(log)

    assert found.is_whole
    assert [str(note) for note in found.notes] == ["@12: the payload was erased, and no event says by whom and why"]


def test_a_file_with_a_broken_page_is_read_as_far_as_it_goes(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    recorded(database, 300)
    with database.writing() as connection:
        [root] = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'events'").scalars()
        page = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    with database.reading() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    with Path(str(make_url(sqlite_url).database)).open("r+b") as file:
        file.seek((root - 1) * page)
        file.write(b"\xff")

    [problem] = verify(EventLog(open_database(sqlite_url))).problems

    assert str(problem) == "@1: from here on the database cannot be read: database disk image is malformed"


class TestFromAFreeze:
    """Verification that takes a freeze at its word, and checks what came since."""

    @pytest.fixture
    def frozen(self, database: Database) -> EventLog:
        recorded(database, 40)
        Freezes(database).add("report", actor="ines")
        log = recorded_on(database, 40, EVENTS)  # after the freeze, which is the event @41
        Freezes(database).add("later", actor="ines")
        return log

    def test_only_what_came_after_it_is_checked(self, frozen: EventLog) -> None:
        run_without_triggers(frozen.database, "UPDATE events SET payload = '{}' WHERE position = 7")

        found = verify(frozen, since="report")

        assert (found.since, found.events, found.head, found.problems) == (40, 32, frozen.head(), ())
        assert not verify(frozen).is_whole

    @pytest.mark.parametrize("change", ["payload = '{}'", "version = 99", "topic = 'VisitRetracted'"])
    def test_a_change_since_is_located(self, frozen: EventLog, change: str) -> None:
        run_without_triggers(frozen.database, f"UPDATE events SET {change} WHERE position = 55")

        assert {problem.position for problem in verify(frozen, since="report").problems} == {55}

    def test_the_event_at_the_freeze_has_to_have_its_digest(self, frozen: EventLog) -> None:
        run_without_triggers(frozen.database, "UPDATE events SET digest = commitment WHERE position = 40")

        assert str(verify(frozen, since="report").problems[-1]) == (
            "@40: freeze 'report' was made here with another digest: the log was rewritten"
        )

    def test_a_log_cut_off_before_it_is_told(self, frozen: EventLog) -> None:
        run_without_triggers(frozen.database, "DELETE FROM events WHERE position > 39")

        assert [problem.position for problem in verify(frozen, since="report").problems] == [40, 71]

    def test_at_the_end_of_the_log_there_is_nothing_to_check_but_the_freeze_itself(self, frozen: EventLog) -> None:
        found = verify(frozen, since="later")

        assert (found.since, found.events, found.head, found.problems) == (71, 1, frozen.head(), ())
