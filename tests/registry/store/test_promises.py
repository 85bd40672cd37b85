"""Nothing is lost, nothing changes: the database itself refuses it."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from eventsourcing.persistence import DataError, IntegrityError

from registry.store.database import Database
from registry.store.freezes import Freezes
from registry.store.log import EventLog
from registry.store.opening import create_database, database_at, open_database
from registry.store.verify import verify
from tests import postgres
from tests.registry.store.recording import ANNA, BERT, VISIT, record, run, visit
from tests.streams.releases import released_on_a_server

FREEZES = "8df3d6ed-3c9a-5e4e-93d7-9843b4de932a"  # the stream of freezes
ZEROS = {"sqlite": "zeroblob(32)", "postgresql": r"decode(repeat('00', 32), 'hex')"}
STREAM = {"sqlite": f"x'{ANNA.hex}'", "postgresql": f"'{ANNA.hex}'"}
SALT = {"sqlite": "zeroblob(16)", "postgresql": r"decode(repeat('00', 16), 'hex')"}


def inserting(database: Database, *, verb: str = "INSERT", position: int, version: int, after: str = "") -> str:
    store = database.engine.dialect.name
    return (
        f"{verb} INTO events VALUES ({position}, {STREAM[store]}, {version}, 'VisitRecorded', 1, 0, '{{}}', "
        f"{SALT[store]}, {ZEROS[store]}, {ZEROS[store]}) {after}"
    )


@pytest.mark.parametrize(
    "change",
    [
        "position = 7",
        "stream = '00000000000040008000000000000099'",
        "version = 7",
        "topic = 'VisitRetracted'",
        "event_version = 2",
        "recorded_at = 7",
        "payload = '{\"pain\":0}'",
        "payload = payload",
        "payload = NULL",
        "salt = NULL",
        "payload = NULL, salt = NULL, recorded_at = 7",
    ],
)
def test_an_event_cannot_be_changed(database: Database, change: str) -> None:
    record(database, visit())
    before = list(EventLog(database).columns())

    with pytest.raises(IntegrityError, match="an event is never changed; record an amendment"):
        run(database, f"UPDATE events SET {change}")

    assert list(EventLog(database).columns()) == before


def test_an_event_cannot_be_removed(database: Database) -> None:
    record(database, visit())

    with pytest.raises(IntegrityError, match="an event is never removed; record a retraction"):
        run(database, "DELETE FROM events")

    assert EventLog(database).head().position == 1


@pytest.mark.parametrize("table", ["events", "freezes"])
def test_a_server_does_not_truncate_what_is_kept(postgres_url: str, table: str) -> None:
    database = open_database(postgres_url)

    with pytest.raises(IntegrityError, match="never"):
        run(database, f"TRUNCATE {table}")

    database.close()


def test_an_event_cannot_be_put_in_the_place_of_another(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    record(database, visit())

    with pytest.raises(IntegrityError, match="has to take the position after the last"):
        run(database, inserting(database, verb="INSERT OR REPLACE", position=1, version=9))
    with pytest.raises(IntegrityError, match="this version of the stream is recorded already"):
        run(database, inserting(database, verb="INSERT OR REPLACE", position=2, version=1))

    assert next(EventLog(database).columns()).payload == [VISIT]
    database.close()


def test_an_insert_that_turns_into_an_update_is_refused(database: Database) -> None:
    record(database, visit())

    with pytest.raises(IntegrityError):
        run(
            database,
            inserting(
                database,
                position=2,
                version=1,
                after="ON CONFLICT (stream, version) DO UPDATE SET payload = 'changed'",
            ),
        )

    assert next(EventLog(database).columns()).payload == [VISIT]


@pytest.mark.parametrize("position", [-1, 0, 3])
def test_an_event_takes_the_position_after_the_last_and_no_other(database: Database, position: int) -> None:
    record(database, visit())

    with pytest.raises(IntegrityError, match="has to take the position after the last"):
        run(database, inserting(database, position=position, version=2))

    assert EventLog(database).head().position == 1


def test_a_payload_can_be_erased_once_with_its_salt(database: Database) -> None:
    record(database, visit(version=1), visit(version=2))

    run(database, "UPDATE events SET payload = NULL, salt = NULL WHERE position = 1")

    assert next(EventLog(database).columns()).payload == [None, VISIT]
    with pytest.raises(IntegrityError, match="an event is never changed"):
        run(database, "UPDATE events SET payload = NULL, salt = NULL WHERE position = 1")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE freezes SET position = 0", "UPDATE freezes SET note = 'other'", "DELETE FROM freezes"],
)
def test_a_freeze_cannot_be_changed_or_removed(database: Database, statement: str) -> None:
    freeze = Freezes(database).add("report-2024", actor="ines")

    with pytest.raises(IntegrityError, match="a freeze is never changed, replaced or removed"):
        run(database, statement)

    assert Freezes(database).all() == [freeze]


def test_a_freeze_cannot_be_replaced(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    freeze = Freezes(database).add("report-2024", actor="ines")

    with pytest.raises(IntegrityError, match="a freeze is never changed, replaced or removed"):
        run(database, "INSERT OR REPLACE INTO freezes VALUES ('report-2024', 7, zeroblob(32), 0, 'else', NULL)")

    assert Freezes(database).all() == [freeze]
    database.close()


ROW = {"name": "'paper'", "position": "2", "recorded_at": "recorded_at", "actor": "'ines'", "note": "'Table 1'"}
FALSE = {
    "a freeze of the past": {"position": "1"},
    "of what is to come": {"position": "3"},
    "under another name": {"name": "'thesis'"},
    "by somebody else": {"actor": "'joao'"},
    "for something else": {"note": "NULL"},
    "at another instant": {"recorded_at": "recorded_at + 1"},
}


def inserting_freeze(of: int = 2, digest_of: int = 2, **changed: str) -> str:
    """Return the statement that adds the row of a freeze; what it does not say is taken from events."""
    row = {**ROW, **changed}
    digest = f"(SELECT digest FROM events WHERE position = {digest_of})"
    columns = f"{row['name']}, {row['position']}, {digest}, {row['recorded_at']}, {row['actor']}, {row['note']}"
    return f"INSERT INTO freezes SELECT {columns} FROM events WHERE position = {of + 1}"


def with_an_event_of_a_freeze(database: Database, **said: object) -> None:
    """Record two visits, and what the freeze of a log of two events says, without its row."""
    record(database, visit(version=1), visit(version=2))
    told = {"name": "paper", "position": 2, "actor": "ines", "note": "Table 1", **said}
    record(database, visit(UUID(FREEZES), topic="LogFrozen", payload=json.dumps(told)))


def test_the_row_of_a_freeze_is_taken_after_its_event(database: Database) -> None:
    with_an_event_of_a_freeze(database)

    run(database, inserting_freeze())

    assert [(freeze.name, freeze.position) for freeze in Freezes(database).all()] == [("paper", 2)]
    assert verify(EventLog(database)).is_whole


@pytest.mark.parametrize("changed", FALSE.values(), ids=FALSE)
def test_a_row_of_a_freeze_that_does_not_say_what_its_event_says_is_refused(
    database: Database, changed: dict[str, str]
) -> None:
    with_an_event_of_a_freeze(database)

    with pytest.raises(IntegrityError, match="a freeze has to say what the last event says"):
        run(database, inserting_freeze(**changed))

    assert Freezes(database).all() == []


def test_a_freeze_with_the_digest_of_another_position_is_refused(database: Database) -> None:
    with_an_event_of_a_freeze(database)

    with pytest.raises(IntegrityError, match="with the digest of the one before"):
        run(database, inserting_freeze(digest_of=1))


def test_a_freeze_of_the_past_is_refused_once_something_came_after_its_event(database: Database) -> None:
    with_an_event_of_a_freeze(database)
    record(database, visit(version=3))

    with pytest.raises(IntegrityError, match="a freeze has to say what the last event says"):
        run(database, inserting_freeze())


@pytest.mark.parametrize("said", [{"position": 1}, {"position": 3}])
def test_an_event_that_names_another_position_is_that_of_no_freeze(database: Database, said: dict[str, object]) -> None:
    with_an_event_of_a_freeze(database, **said)

    with pytest.raises(IntegrityError, match="a freeze has to say what the last event says"):
        run(database, inserting_freeze())


@pytest.mark.parametrize(("stream", "topic"), [(str(ANNA), "LogFrozen"), (FREEZES, "FreezesListed")])
def test_an_event_in_a_patient_s_stream_or_of_another_kind_is_that_of_no_freeze(
    database: Database, stream: str, topic: str
) -> None:
    record(database, visit(BERT, 1), visit(BERT, 2))
    told = '{"name":"paper","position":2,"actor":"ines","note":"Table 1"}'
    record(database, visit(UUID(stream), topic=topic, payload=told))

    with pytest.raises(IntegrityError, match="a freeze has to say what the last event says"):
        run(database, inserting_freeze())


def test_a_freeze_of_an_empty_log_has_the_digest_of_nothing(database: Database) -> None:
    record(
        database, visit(UUID(FREEZES), topic="LogFrozen", payload='{"name":"a","position":0,"actor":"b","note":null}')
    )
    row = "'a', 0, {}, recorded_at, 'b', NULL FROM events"

    with pytest.raises(IntegrityError, match="with the digest of the one before"):
        run(database, f"INSERT INTO freezes SELECT {row.format('digest')}")
    run(database, f"INSERT INTO freezes SELECT {row.format(ZEROS[database.engine.dialect.name])}")

    assert verify(EventLog(database)).is_whole


@pytest.mark.parametrize(
    "payload", ["state1", "", "{", '["a"]', '"{}"', "4", "null", '{"a":1}{"b":2}', '{"a":01}', '{\n"a":1}']
)
def test_a_payload_that_is_no_json_object_is_not_recorded(database: Database, payload: str) -> None:
    with pytest.raises((IntegrityError, DataError)):
        record(database, visit(), visit(version=2, payload=payload))
    with pytest.raises((IntegrityError, DataError)):
        record(database, *(visit(version=version) for version in range(1, 9)), visit(version=9, payload=payload))

    assert EventLog(database).head().position == 0


def test_a_standing_payload_that_is_no_json_does_not_stop_the_migration_and_is_told(
    postgres_server: str, tmp_path: Path
) -> None:
    name = postgres.new_database(postgres_server)
    place = postgres.url_of(postgres_server, name)
    released_on_a_server("0003", place, tmp_path)
    with closing(database_at(place)) as old:
        record(old, visit(payload="state1"))

    with closing(create_database(place)) as database:
        found = [str(problem) for problem in verify(EventLog(database)).problems]
        with pytest.raises(DataError):
            record(database, visit(version=2, payload="state2"))

    assert "the database: constraint events_payload_json of events is not as the migrations make it" in found
    postgres.drop_database(postgres_server, name)
