"""Rows of freezes and the events that say so are held against each other, both ways; what differs is named."""

from __future__ import annotations

from contextlib import closing
from uuid import UUID

import pytest
from sqlalchemy import insert

from registry.errors import DamagedFreezeError, UnknownPointError
from registry.store.database import Database
from registry.store.freezes import Freezes, list_former
from registry.store.head import system_clock
from registry.store.log import EventLog
from registry.store.opening import open_database
from registry.store.schema import freezes
from registry.store.verify import verify
from tests.registry.store.recording import ANNA, record, run, run_without_triggers, visit, without_triggers

FREEZES = UUID("8df3d6ed-3c9a-5e4e-93d7-9843b4de932a")
NO_FREEZE = "what it says of a freeze cannot be said here"


@pytest.fixture
def log(database: Database) -> EventLog:
    """A log of three visits, each but the last followed by a freeze: of @1 as `report`, and of @3 as `paper`."""
    for version, name in ((1, "report"), (2, "paper"), (3, None)):
        record(database, visit(ANNA, version))
        if name is not None:
            Freezes(database).add(name, actor="ines", note="as sent")
    return EventLog(database)


def said(log: EventLog, since: str | None = None) -> list[str]:
    return [str(problem) for problem in verify(log, since=since).problems]


def digest_at(position: int) -> str:
    return f"(SELECT digest FROM events WHERE position = {position})"


CHANGES = {
    "moved": (
        f"UPDATE freezes SET position = 3, digest = {digest_at(3)} WHERE name = 'report'",
        "@2: the row of freeze 'report' has another position than this event",
    ),
    "moved onto its own event": (
        f"UPDATE freezes SET position = 2, digest = {digest_at(2)} WHERE name = 'report'",
        "@2: the row of freeze 'report' has another position than this event",
    ),
    "renamed": (
        "UPDATE freezes SET name = 'thesis' WHERE name = 'report'",
        "@2: this event names a freeze 'report', and the row of it 'thesis': it was renamed",
    ),
    "removed": (
        "DELETE FROM freezes WHERE name = 'report'",
        "@2: this event names a freeze 'report', which has no row: it was removed or renamed",
    ),
    "added": (
        f"INSERT INTO freezes VALUES ('thesis', 1, {digest_at(1)}, 0, 'ines', NULL)",
        "@1: freeze 'thesis' has a row, and no event says so: it was added or renamed",
    ),
    "by somebody else": (
        "UPDATE freezes SET actor = 'joao' WHERE name = 'report'",
        "@2: the row of freeze 'report' has another actor than this event",
    ),
    "for something else, at another time": (
        "UPDATE freezes SET note = NULL, recorded_at = 7 WHERE name = 'report'",
        "@2: the row of freeze 'report' has another note, recorded_at than this event",
    ),
    "with another digest": (
        f"UPDATE freezes SET digest = {digest_at(3)} WHERE name = 'report'",
        "@1: freeze 'report' was made here with another digest: the log was rewritten",
    ),
}


@pytest.mark.parametrize("since", [None, "paper"])
@pytest.mark.parametrize(("change", "what"), CHANGES.values(), ids=CHANGES)
def test_a_changed_row_is_named_whatever_is_taken_at_its_word(
    log: EventLog, change: str, what: str, since: str | None
) -> None:
    run_without_triggers(log.database, change)

    assert said(log, since) == [what]


def test_a_freeze_that_was_forged_is_not_taken_at_its_word(log: EventLog) -> None:
    change = f"UPDATE freezes SET position = 5, digest = {digest_at(5)} WHERE name = 'report'"
    run_without_triggers(log.database, change)

    assert said(log, since="report") == ["@2: the row of freeze 'report' has another position than this event"]


def test_a_freeze_that_was_renamed_is_no_place_to_begin_at(log: EventLog) -> None:
    run_without_triggers(log.database, "UPDATE freezes SET name = 'thesis' WHERE name = 'report'")

    with pytest.raises(UnknownPointError, match="from 'report': there is no such freeze"):
        verify(log, since="report")
    assert said(log, since="thesis") == [
        "@2: this event names a freeze 'report', and the row of it 'thesis': it was renamed"
    ]


def test_two_freezes_that_exchanged_their_names_are_both_named(log: EventLog) -> None:
    run_without_triggers(
        log.database,
        "UPDATE freezes SET name = 'aside' WHERE name = 'report'",
        "UPDATE freezes SET name = 'report' WHERE name = 'paper'",
        "UPDATE freezes SET name = 'paper' WHERE name = 'aside'",
    )

    assert said(log) == [
        "@2: the row of freeze 'report' has another position, recorded_at than this event",
        "@4: the row of freeze 'paper' has another position, recorded_at than this event",
    ]


@pytest.mark.parametrize(("column", "value"), [("position", "'many'"), ("recorded_at", "'soon'"), ("actor", "x'00'")])
def test_a_row_of_which_nothing_can_be_read_is_named_and_never_made_an_event(
    sqlite_url: str, column: str, value: str
) -> None:
    with closing(open_database(sqlite_url)) as database:
        Freezes(database).add("report", actor="ines")
        run_without_triggers(database, f"UPDATE freezes SET {column} = {value}")

        with database.writing() as connection, pytest.raises(DamagedFreezeError, match=r"^freeze 'report' cannot be"):
            list_former(database, connection, actor="ines", clock=system_clock)
        with pytest.raises(DamagedFreezeError, match=f"{column}"):
            Freezes(database).all()
        with pytest.raises(DamagedFreezeError):
            Freezes(database).find("report")
        assert EventLog(database).head().position == 1


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ('{"name":"thesis","position":3,"actor":"ines","note":null}', NO_FREEZE),
        (
            '{"name":"thesis","position":"5","actor":"ines","note":null}',
            "the payload is none of LogFrozen, at `$.position`",
        ),
        ('{"name":"thesis"}', "the payload is none of LogFrozen"),
    ],
)
def test_an_event_of_no_freeze_that_stands_among_them_is_named(log: EventLog, told: str, wrong: str) -> None:
    record(log.database, visit(FREEZES, 3, topic="LogFrozen", payload=told))

    assert said(log) == [f"@6: {wrong}"]


def test_an_event_of_a_freeze_that_has_no_row_is_named(log: EventLog) -> None:
    told = '{"name":"thesis","position":5,"actor":"ines","note":null}'
    record(log.database, visit(FREEZES, 3, topic="LogFrozen", payload=told))

    assert said(log) == ["@6: this event names a freeze 'thesis', which has no row: it was removed or renamed"]


def test_a_name_that_was_given_a_second_time_is_named(log: EventLog) -> None:
    told = '{"name":"report","position":5,"actor":"ines","note":null}'
    record(log.database, visit(FREEZES, 3, topic="LogFrozen", payload=told))

    assert said(log) == ["@6: there is a freeze 'report' already, by the event @2"]


def test_freezes_are_listed_by_the_first_event_of_their_stream_and_by_no_other(log: EventLog) -> None:
    record(log.database, visit(FREEZES, 3, topic="FreezesListed", payload='{"actor":"ines","freezes":[]}'))

    assert said(log) == [f"@6: {NO_FREEZE}"]


def test_a_freeze_whose_event_was_erased_is_named(log: EventLog) -> None:
    run(log.database, "UPDATE events SET payload = NULL, salt = NULL WHERE position = 2")

    assert said(log) == [
        "@1: freeze 'report' has a row, and no event says so: it was added or renamed",
        f"@2: {NO_FREEZE}",
    ]


def test_a_freeze_whose_event_was_cut_off_is_named(log: EventLog) -> None:
    run_without_triggers(log.database, "DELETE FROM events WHERE position > 3")

    assert said(log) == ["@3: freeze 'paper' has a row, and no event says so: it was added or renamed"]


def test_a_log_that_was_cut_off_before_a_freeze_is_told_once(log: EventLog) -> None:
    run_without_triggers(log.database, "DELETE FROM events WHERE position > 2")

    assert said(log) == ["@3: freeze 'paper' was made here, and the log has no such event: its end is missing"]


def test_a_position_that_is_none_is_named(log: EventLog) -> None:
    if log.database.engine.dialect.name != "sqlite":
        pytest.skip("a server keeps to the types of its columns")
    run_without_triggers(log.database, "UPDATE freezes SET position = 'there' WHERE name = 'report'")

    assert said(log) == [
        "the database: position of freezes is stored as text, not as integer",
        "@2: the row of freeze 'report' has another position than this event",
    ]


def test_no_more_than_a_hundred_false_freezes_are_named(log: EventLog) -> None:
    head = log.head()
    row = {"position": head.position, "digest": head.digest, "recorded_at": 0, "actor": "ines", "note": None}
    with without_triggers(log.database) as connection:
        connection.execute(insert(freezes), [{"name": f"false-{number}", **row} for number in range(150)])

    assert len(verify(log).problems) == 100
